"""How the reminders of a conference are shown: when each is due, and how many it reaches."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Case, CharField, Count, F, Q, Value, When
from django.utils.translation import gettext as _

from portal.common import clock
from portal.conferences import repeating
from portal.conferences.mails.services.acceptance import latest
from portal.conferences.mails.services.reminders.rules import (
    IN_SEGMENT,
    OF_ACCOUNT,
    OF_SEGMENT,
    rules_of,
)
from portal.conferences.models import Conference, Invitation, Registration, Reminder, Series
from portal.conferences.models.conference import ASSUMED_MINUTES
from portal.platforms.models import PlatformAccount

State, Segment = Invitation.State, Reminder.Segment


@dataclass(frozen=True, slots=True)
class Planned:
    """One reminder of one conference: when it is due (None while a draft has no date), whom it
    would reach as things stand, how many it has reached; `why` says why it will reach nobody."""

    rule: Reminder
    at: datetime | None
    count: int
    sent: int
    why: str = ""


class Numbers(NamedTuple):
    """How many are in each segment now, and how many mails each reminder (segment, minutes) has
    sent for the start as it stands."""

    people: Mapping[str, int]
    sent: Mapping[tuple[str, int], int]


def numbers(conference: Conference) -> Numbers:
    """What is to be counted of the reminders of a conference, in one statement."""
    people = Registration.objects.filter(conference=conference, removed_at=None, gone_at=None)
    people = people.exclude(attendee__email="").order_by()
    letters = conference.invitations.filter(remind_start=conference.starts_at).order_by()
    letters = letters.exclude(state=State.DROPPED).filter(remind_before__isnull=False)
    columns = ("segment", "lead", "number")
    rows = people.annotate(segment=_named(IN_SEGMENT), lead=Value(0)).values("segment", "lead")
    sent = letters.annotate(segment=_named(OF_SEGMENT), lead=F("remind_before")).values(
        "segment", "lead"
    )
    both = rows.annotate(number=Count("pk")).values_list(*columns)
    both = both.union(sent.annotate(number=Count("pk")).values_list(*columns), all=True)
    found = list(both)
    return Numbers(
        {segment: number for segment, lead, number in found if not lead},
        {(segment, lead): number for segment, lead, number in found if lead},
    )


def _named(segments: Mapping[Any, Q]) -> Case:
    """The segment that a row is in, by its conditions; empty where in none."""
    cases = [When(fits, then=Value(str(name))) for name, fits in segments.items()]
    return Case(*cases, default=Value(""), output_field=CharField())


def planned(conference: Conference, counted: Numbers | None = None) -> list[Planned]:
    """The reminders of a conference, the earliest first; `counted` are its `numbers`, where
    somebody has them already."""
    start = conference.starts_at
    if start is None and not conference.draft:
        return []
    rules = sorted(rules_of(conference), key=lambda one: -one.minutes)
    free = _date_before(conference)
    found = counted or (numbers(conference) if rules else Numbers({}, {}))
    return [
        _plan(
            one,
            start,
            free,
            found.people.get(one.segment, 0),
            found.sent.get((one.segment, one.minutes), 0),
        )
        for one in rules
    ]


def _date_before(conference: Conference) -> datetime | None:
    """Until when the date before the next one of a permanent room lasts: it is reminded of one date
    at a time."""
    dates, start = repeating.kept(conference), conference.starts_at
    before = [at for at in dates if start and at < start]
    length = timedelta(minutes=conference.duration_minutes or ASSUMED_MINUTES)
    return before[-1] + length if before else None


def _plan(
    rule: Reminder, start: datetime | None, free: datetime | None, count: int, sent: int
) -> Planned:
    if start is None:
        return Planned(rule, None, count, sent)
    at, moment = start - timedelta(minutes=rule.minutes), clock.now()
    why = ""
    if not sent and at < rule.set_at and at <= moment:
        why = _("Its time had passed when it was chosen.")
    elif not sent and free and free > latest(start, rule.minutes):
        why = _("The date before was not over by then: nobody is reminded of this one so early.")
    elif not sent and (start <= moment or moment > latest(start, rule.minutes)):
        why = _("Nobody was reminded in time.")
    return Planned(rule, at, count, sent, why)


def concerned(owner: Series | PlatformAccount, minutes: int, segment: str) -> tuple[int, int]:
    """How many coming conferences a reminder of a series or an account is for, and how many
    registrations."""
    of_series = isinstance(owner, Series)
    holds = Q(series=owner, own_reminders=False) if of_series else Q(account=owner) & OF_ACCOUNT
    rows = Conference.objects.filter(
        holds,
        starts_at__gt=clock.now() + timedelta(minutes=minutes),
        removed_at=None,
        gone_at=None,
        draft=False,
    )
    people = Registration.objects.filter(
        IN_SEGMENT[Segment(segment)],
        conference__in=rows.values("pk"),
        removed_at=None,
        gone_at=None,
    )
    return rows.count(), people.count()
