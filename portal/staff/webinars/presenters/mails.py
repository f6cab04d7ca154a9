"""The mails of one conference as a list: to whom, what became of each, and what can be done."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from portal.conferences.audience.queries import MAIL_APPEARANCES
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
    if chosen == "bounced":
        rows = rows.filter(bounced_at__isnull=False)
    elif chosen:
        rows = rows.filter(state__in=_STATES.get(chosen, (chosen,)))
    page: Page[Any] = Paginator(rows, PAGE).get_page(params.get("page"))
    page.object_list = [(one, MAIL_APPEARANCES[State(one.state)]) for one in page.object_list]
    return {
        "page": page,
        "chosen": chosen,
        "filters": list(FILTERS.items()),
        "doubtful": doubtful(conference).count(),
        "blocked": blocked(conference),
    }


def doubtful(conference: Conference) -> Any:
    """The mails of which nobody knows whether they arrived."""
    rows = conference.invitations.filter(state=State.UNKNOWN)
    return rows.select_related("conference__account", "registration__attendee", "moderator")


def blocked(conference: Conference) -> list[Blocked]:
    """What the platform refused and mails wait for, of the conference itself and its people."""
    held = conference.invitations.filter(state=State.HELD)
    ids = {
        "conference": {conference.pk},
        "registration": set(held.values_list("registration", flat=True)),
        "moderator": set(held.values_list("moderator", flat=True)),
    }
    stand = stuck().filter(account=conference.account, kind__in=ids).select_related("account")
    entries = [one for one in stand if held and one.local_id in ids[one.kind]]
    waiting = lost.waiting_counts(entries)
    return [Blocked(one, waiting[one.pk]) for one in entries if waiting.get(one.pk)]
