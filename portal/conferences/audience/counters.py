"""How far the people of a conference have come: one count for each state, and who is in it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.utils.translation import gettext_lazy

from integrations.base.records import Kind
from portal.common import clock
from portal.common.texts import Words
from portal.conferences.models import Attendance, Conference, Invitation, Registration
from portal.outbox.models import PUSH, OutboxEntry

Stage, Answer = Registration.Stage, Registration.Answer
# Whom a page counts and shows by a click; all but those in ALWAYS only where there is somebody.
COUNTERS: dict[str, Words] = {
    "": gettext_lazy("On the list"),
    "invited": gettext_lazy("Invited"),
    "unanswered": gettext_lazy("No answer"),
    "yes": gettext_lazy("Accepted"),
    "maybe": gettext_lazy("Perhaps"),
    "no": gettext_lazy("Declined"),
    "registered": gettext_lazy("Registered"),
    "approval": gettext_lazy("Waiting for approval"),
    "waitlisted": gettext_lazy("On the waiting list"),
    "withdrawn": gettext_lazy("Withdrawn"),
    "bounced": gettext_lazy("Mail came back"),
    "attended": gettext_lazy("Attended"),
    "absent": gettext_lazy("Absent"),
}
ALWAYS = frozenset({"", "registered"})
# What is asked for by the menu beside them.
FURTHER: dict[str, Words] = {
    "waiting": gettext_lazy("Not on the platform yet"),
    "refused": gettext_lazy("Not accepted by the platform"),
    "gone": gettext_lazy("Removed there"),
    "mail": gettext_lazy("Mail failed or doubtful"),
    "unmailed": gettext_lazy("Without a mail of ours"),
    "all": gettext_lazy("All, withdrawn too"),
}
FILTERS = {**COUNTERS, **FURTHER}
ACCEPTED = Q(registered_at__isnull=False) | Q(join_url__gt="")
_STANDS, _REGISTERED = Q(removed_at=None), Q(stage=Stage.REGISTERED)
_LISTED = Registration.LISTED
_DECLINED = Q(removed_at__isnull=False, answer=Answer.NO)
_STATES: dict[str, Q] = {
    "": _LISTED,
    "all": Q(),
    "invited": Q(invited_at__isnull=False) & (_LISTED | _DECLINED),
    "unanswered": _STANDS & Q(invited_at__isnull=False, stage=Stage.INVITED, answer=""),
    "yes": _LISTED & Q(answer=Answer.YES),
    "maybe": _LISTED & Q(answer=Answer.MAYBE),
    "no": _DECLINED,
    "registered": _STANDS & _REGISTERED,
    "approval": _STANDS & Q(stage=Stage.APPROVAL),
    "waitlisted": Registration.ON_WAITING_LIST,
    "withdrawn": Q(removed_at__isnull=False) & ~Q(answer=Answer.NO) & ~Registration.AGAIN,
    "waiting": _STANDS & _REGISTERED & ~ACCEPTED & Q(gone_at=None),
    "gone": _STANDS & Q(gone_at__isnull=False),
}


def having(conference: Conference, chosen: str) -> QuerySet[Registration]:
    """The registrations that one of FILTERS names."""
    rows = conference.registrations.all()
    if chosen in _STATES:
        return rows.filter(_STATES[chosen])
    rows = rows.filter(_LISTED)
    if chosen in ("attended", "absent"):
        there = Exists(_visits(conference).filter(attendee=OuterRef("attendee_id")))
        return (
            rows.filter(there)
            if chosen == "attended"
            else rows.filter(_STANDS, _REGISTERED, ~there)
        )
    if chosen == "bounced":
        return rows.filter(Exists(_came_back()))
    if chosen == "refused":
        return rows.filter(_STANDS, _REGISTERED, ~ACCEPTED, Exists(refusals()))
    letters = Invitation.objects.filter(registration=OuterRef("pk"))
    letters = letters.exclude(state=Invitation.State.DROPPED)
    if chosen == "unmailed":
        speaking = Invitation.objects.filter(
            moderator__conference=OuterRef("conference_id"),
            moderator__email=OuterRef("attendee__email"),
        ).exclude(state=Invitation.State.DROPPED)
        return rows.filter(~Exists(letters), ~Exists(speaking))
    last = Subquery(letters.order_by("-id").values("state")[:1])
    doubtful = [Invitation.State.FAILED, Invitation.State.UNKNOWN]
    return rows.alias(last=last).filter(last__in=doubtful) if chosen == "mail" else rows


def refusals() -> QuerySet[OutboxEntry]:
    """What a platform has refused of a registration."""
    return OutboxEntry.objects.filter(
        kind=Kind.REGISTRATION, local_id=OuterRef("pk"), verb=PUSH, state=OutboxEntry.State.FAILED
    )


def counts(conference: Conference) -> dict[str, int]:
    """How many are in each of COUNTERS, in one statement. Somebody can have attended only once it
    has begun, and was absent only once it is over."""
    listed = When(_LISTED, then=Value(value=False))
    marks: dict[str, Any] = {"gone": Case(listed, default=Value(value=True))}
    marks |= {"asked": _is_not(invited_at=None), "standing": Registration.STANDING}
    marks["bounced"] = Exists(_came_back())
    if _has_begun(conference):
        marks["came"] = Exists(_visits(conference).filter(attendee=OuterRef("attendee_id")))
    groups = conference.registrations.order_by().values("answer", **marks)
    found, over = dict.fromkeys(COUNTERS, 0), _is_over(conference)
    for group in groups.annotate(number=Count("pk")):
        for name in _names(group, over):
            found[name] += group["number"]
    return found


def _is_not(**condition: Any) -> Any:
    """Whether a row does not fit a condition."""
    return ExpressionWrapper(~Q(**condition), output_field=BooleanField())


def _names(group: Mapping[str, Any], over: bool) -> list[str]:
    """The counters in which a group of alike rows counts; as `_STATES` says it to the database."""
    stage, answer, asked = group["standing"], group["answer"], group["asked"]
    if group["gone"]:
        if answer != Answer.NO:
            return ["withdrawn"]
        return ["no", "invited"] if asked else ["no"]
    names = ["", str(stage)] if stage != Stage.INVITED else [""]
    names += ["invited"] if asked else []
    names += ["bounced"] if group["bounced"] else []
    if group.get("came"):
        names.append("attended")
    elif over and stage == Stage.REGISTERED:
        names.append("absent")
    if asked and stage == Stage.INVITED and not answer:
        names.append("unanswered")
    return [*names, str(answer)] if answer in (Answer.YES, Answer.MAYBE) else names


def _visits(conference: Conference) -> QuerySet[Attendance]:
    return Attendance.objects.filter(session__conference=conference, removed_at=None)


def _came_back() -> QuerySet[Invitation]:
    """Messages to somebody of which the mail server said later that they did not arrive."""
    return Invitation.objects.filter(registration=OuterRef("pk"), bounced_at__isnull=False)


def _has_begun(conference: Conference) -> bool:
    start: datetime | None = conference.starts_at
    return not conference.draft and (start is None or start <= clock.now())


def _is_over(conference: Conference) -> bool:
    return conference.is_over
