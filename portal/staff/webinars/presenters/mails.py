"""The mails of one conference as a list: to whom, what became of each, and what can be done."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.db.models import Count
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from portal.common.pages import Pages
from portal.conferences.audience.queries import MAIL_APPEARANCES
from portal.conferences.mails import services as mails
from portal.conferences.mails.services import lost
from portal.conferences.models import Conference, Invitation
from portal.outbox.models import OutboxEntry
from portal.outbox.queries import stuck

PAGE = 50
State = Invitation.State
FILTERS = {
    "": _("All"),
    "waiting": _("To be sent"),
    "held": _("Held back"),
    "unknown": _("Perhaps sent"),
    "failed": _("Failed"),
    "bounced": _("Came back"),
    "sent": _("Sent"),
    "dropped": _("Not sent"),
}
_STATES = {"waiting": (State.WAITING, State.SENDING)}


@dataclass(frozen=True, slots=True)
class Blocked:
    """An entry that the platform refused, and how many mails wait for it."""

    entry: OutboxEntry
    count: int


def table(conference: Conference, params: QueryDict) -> dict[str, Any]:
    """The list and what stands above it; `state` of the address is one of FILTERS."""
    chosen = params.get("state", "")
    chosen = chosen if chosen in FILTERS else ""
    rows = conference.invitations.select_related("registration__attendee", "moderator")
    in_state = conference.invitations.order_by().values_list("state").annotate(number=Count("pk"))
    numbers = dict(in_state)
    states = _STATES.get(chosen, (chosen,)) if chosen else tuple(State)
    counted = None
    if chosen == "bounced":
        rows = rows.filter(bounced_at__isnull=False)
    else:
        rows = rows.filter(state__in=states) if chosen else rows
        counted = sum(numbers.get(one, 0) for one in states)
    page: Page[Any] = Pages(rows, PAGE, counted=counted).get_page(params.get("page"))
    page.object_list = [(one, MAIL_APPEARANCES[State(one.state)]) for one in page.object_list]
    return {
        "page": page,
        "chosen": chosen,
        "filters": list(FILTERS.items()),
        "doubtful": numbers.get(State.UNKNOWN, 0),
        "blocked": blocked(conference) if numbers.get(State.HELD) else [],
        "trouble": mails.trouble(conference) if numbers.get(State.WAITING) else "",
    }


def doubtful(conference: Conference) -> Any:
    """The mails of which nobody knows whether they arrived."""
    rows = conference.invitations.filter(state=State.UNKNOWN)
    return rows.select_related("conference__account", "registration__attendee", "moderator")


def blocked(conference: Conference) -> list[Blocked]:
    """What the platform refused and mails wait for, of the conference itself and its people."""
    held = conference.invitations.filter(state=State.HELD).order_by()
    pairs = list(held.values_list("registration", "moderator"))
    ids = {
        "conference": {conference.pk},
        "registration": {registration for registration, _moderator in pairs},
        "moderator": {moderator for _registration, moderator in pairs},
    }
    stand = stuck().filter(account=conference.account, kind__in=ids).select_related("account")
    entries = [one for one in stand if pairs and one.local_id in ids[one.kind]]
    waiting = lost.waiting_counts(entries)
    return [Blocked(one, waiting[one.pk]) for one in entries if waiting.get(one.pk)]
