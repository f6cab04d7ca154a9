"""The mails of one conference as a list: to whom, what became of each, and what can be done."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from integrations.base.records import Kind
from portal.common.pages import Pages
from portal.conferences.audience.queries import MAIL_APPEARANCES
from portal.conferences.mails.services import lost, sending
from portal.conferences.models import Conference, Invitation
from portal.outbox.models import PUSH, OutboxEntry
from portal.outbox.queries import stuck

PAGE, MOST_BLOCKED = 50, 10
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
    found = sending.in_states(conference)
    numbers = found.numbers
    states = _STATES.get(chosen, (chosen,)) if chosen else tuple(State)
    if chosen == "bounced":
        rows, counted = rows.filter(bounced_at__isnull=False), found.bounced
    else:
        rows = rows.filter(state__in=states) if chosen else rows
        counted = sum(numbers.get(one, 0) for one in states)
    page: Page[Any] = Pages(rows, PAGE, counted=counted).get_page(params.get("page"))
    held = blocked(conference)
    page.object_list = [(one, MAIL_APPEARANCES[State(one.state)]) for one in page.object_list]
    return {
        "page": page,
        "chosen": chosen,
        "filters": list(FILTERS.items()),
        "doubtful": numbers.get(State.UNKNOWN, 0),
        "blocked": held[:MOST_BLOCKED],
        "more_blocked": len(held) > MOST_BLOCKED,
        "trouble": sending.trouble_in(conference, found),
    }


def doubtful(conference: Conference) -> Any:
    """The mails of which nobody knows whether they arrived."""
    rows = conference.invitations.filter(state=State.UNKNOWN)
    return rows.select_related("conference__account", "registration__attendee", "moderator")


def blocked(conference: Conference) -> list[Blocked]:
    """What the platform refused and mails wait for, of the conference itself and its people; one
    more than are shown, at most. One statement."""
    held = conference.invitations.filter(state=State.HELD).order_by()
    concerned = (
        Q(kind=Kind.CONFERENCE, local_id=conference.pk)
        | Q(kind=Kind.REGISTRATION, local_id__in=held.values("registration"))
        | Q(kind=Kind.MODERATOR, local_id__in=held.values("moderator"))
    )
    entries = stuck().filter(concerned, account=conference.account, verb=PUSH)
    entries = entries.select_related("account").annotate(mails=lost.waiting_number())
    some = entries.filter(mails__gt=0)[: MOST_BLOCKED + 1]
    return [Blocked(one, one.mails) for one in some]
