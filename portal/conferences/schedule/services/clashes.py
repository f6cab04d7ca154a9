"""What else takes place at the time of a conference: on its account, with its moderators, with the
people who are registered for it. A warning, never a refusal.

The rules:

- A conference takes the time from its start up to, but without, its end. One whose length nobody
  knows counts as `ASSUMED_MINUTES` long.
- Drafts, cancelled conferences, those that are gone on their platform and permanent rooms without
  dates take no time. Neither does one of no length, nor one that is longer than `LONGEST_MINUTES`,
  which is a permanent room in all but name.
- Of one that repeats, each date takes its time.
- An account clashes where more would run at some moment than its capacity; where that is not known,
  what runs beside it is only named.
- A moderator clashes by the address, in any case, on all accounts. Whom a platform puts on every
  conference by itself (`Moderator.fixed`) does not count.
- People clash where more than `FEW_PEOPLE` of those who are invited or registered are so elsewhere.
- A group clashes where it was invited, as a group, to both. The group is named then, and its people
  are not counted beside it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Q, QuerySet

from portal.common import clock
from portal.conferences import repeating, states
from portal.conferences.models import (
    Conference,
    InvitedGroup,
    Membership,
    Moderator,
    Registration,
    Series,
)
from portal.conferences.models.conference import ASSUMED_MINUTES
from portal.conferences.schedule.forms.moment import LONGEST_MINUTES
from portal.platforms.capacity import capacity
from portal.platforms.models import PlatformAccount

FEW_PEOPLE = 5
MOST_BESIDE = 500  # conferences at one time that are looked at; who has more knows by then
MOST_SPEAKERS = 100
# The moderators who count.
COUNTS: dict[str, Any] = {"removed_at": None, "gone_at": None, "fixed": ""}


@dataclass(frozen=True, slots=True)
class Beside:
    """Another conference at the time."""

    pk: int
    title: str
    account_id: int
    account: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class OnAccount:
    """Too many on one account: `running` at most at one moment, this one included."""

    rooms: int
    running: int
    others: tuple[Beside, ...]


@dataclass(frozen=True, slots=True)
class WithSpeaker:
    """A moderator who is at another one."""

    name: str
    email: str
    other: Beside


@dataclass(frozen=True, slots=True)
class WithPeople:
    """So many of those who are invited or registered are so for another one."""

    count: int
    other: Beside


@dataclass(frozen=True, slots=True)
class WithGroup:
    """A group that is invited to another one too; `size` is how many people are in it now, None in
    one by rule, which is worked out only when it is used, and in an empty one."""

    pk: int
    name: str
    size: int | None
    other: Beside


@dataclass(frozen=True, slots=True)
class Clashes:
    """All that was found. `beside` is what runs on the account meanwhile where its capacity is not
    known: worth knowing, and no clash."""

    account: OnAccount | None = None
    speakers: tuple[WithSpeaker, ...] = ()
    people: tuple[WithPeople, ...] = ()
    groups: tuple[WithGroup, ...] = ()
    beside: tuple[Beside, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.account or self.speakers or self.people or self.groups)

    @property
    def mark(self) -> str:
        """What tells these clashes from others: who has said "anyway" to them has not said it to
        one that came up since. The number of people is not part of it: it changes all the time."""
        found = [f"a{one.pk}" for one in self.account.others] if self.account else []
        found += [f"s{one.other.pk}.{one.email.casefold()}" for one in self.speakers]
        found += [f"p{one.other.pk}" for one in self.people]
        found += [f"g{one.other.pk}.{one.pk}" for one in self.groups]
        return " ".join(sorted(found))


@dataclass(frozen=True, slots=True)
class Planned:
    """A conference as it is about to be planned. `conference` is the row, where there is one: it
    does not clash with itself, and its people and groups are looked at. `speakers` are addresses,
    `groups` are ids of groups that are about to be invited.
    `uid` is that of a form: the conference that it has made already is this one too. `moving` are
    those (keys) that are given another time together with it, and so are not in its way.
    """

    account: PlatformAccount
    start: datetime
    minutes: int | None
    conference: Conference | None = None
    speakers: Collection[str] = field(default=())
    uid: str = ""
    moving: Collection[int] = field(default=())
    groups: Collection[int] = field(default=())

    @property
    def end(self) -> datetime:
        return self.start + timedelta(minutes=self.minutes or ASSUMED_MINUTES)


def of(conference: Conference) -> Clashes:
    """The clashes of a conference as it stands, a draft as if it were scheduled."""
    start = conference.starts_at
    if start is None:
        return Clashes()
    return find(
        Planned(
            conference.account,
            start,
            conference.duration_minutes,
            conference,
            speakers_of(conference),
        )
    )


def of_speaker(conference: Conference, email: str) -> Clashes:
    """Where somebody who is to run it is at that time already."""
    start, minutes = conference.starts_at, conference.duration_minutes
    if start is None:
        return Clashes()
    found = find(Planned(conference.account, start, minutes, conference, [email]))
    return Clashes(speakers=found.speakers)


def on(account: PlatformAccount, conference: Conference) -> Clashes:
    """Whether an account has room for a conference that is to take place there instead."""
    start, minutes = conference.starts_at, conference.duration_minutes
    if start is None or conference.draft:
        return Clashes()
    return Clashes(account=find(Planned(account, start, minutes, conference)).account)


def speakers_of(conference: Conference) -> list[str]:
    """The addresses of those who run it, as far as they count for clashes."""
    rows = conference.moderators.filter(**COUNTS)
    return list(rows.values_list("email", flat=True)[:MOST_SPEAKERS])


def find(planned: Planned) -> Clashes:
    """What a plan clashes with, in six queries at most, whatever the number of rows."""
    if (planned.end - planned.start) > timedelta(minutes=LONGEST_MINUTES):
        return Clashes()
    found = beside(planned)
    if not found:
        return Clashes()
    here = [one for one in found if one.account_id == planned.account.pk]
    known = capacity(planned.account).rooms
    groups = _with_groups(planned, found)
    named = {one.other.pk for one in groups}
    return Clashes(
        _on_account(planned, known, here) if known is not None else None,
        _with_speakers(planned, found),
        _with_people(planned, [one for one in found if one.pk not in named]),
        groups,
        tuple(here) if known is None else (),
    )


def find_each(planned: Sequence[Planned]) -> list[Clashes]:
    """What each date of a series clashes with on the account, with those who run it and with
    `groups`, in five queries at most. All are of one account, of one length, by the same people and
    for the same groups; the first is the earliest."""
    if not planned:
        return []
    first = planned[0]
    meets = (Q(starts_at__lt=one.end, end__gt=one.start) for one in planned)
    running = _taking_time(states.with_end(_others(first)).filter(reduce(or_, meets)))
    running += _further_dates(first, planned)
    by_speakers, by_groups = _with_speakers(first, running), _with_groups(first, running)
    known = capacity(first.account).rooms
    return [_of_date(one, known, running, by_speakers, by_groups) for one in planned]


def _of_date(
    planned: Planned,
    known: int | None,
    running: Sequence[Beside],
    by_speakers: Sequence[WithSpeaker],
    by_groups: Sequence[WithGroup],
) -> Clashes:
    start, end = planned.start, planned.end
    found = [one for one in running if one.starts_at < end and one.ends_at > start]
    here = [one for one in found if one.account_id == planned.account.pk]
    return Clashes(
        _on_account(planned, known, here) if known is not None else None,
        tuple(one for one in by_speakers if one.other in found),
        (),
        tuple(one for one in by_groups if one.other in found),
        tuple(here) if known is None else (),
    )


def of_groups(dates: Iterable[Conference], groups: Collection[int]) -> list[Clashes]:
    """To what else groups that are about to be invited to these dates are invited at the time of
    each, in four queries at most."""
    rows = [row for row in dates if row.starts_at]
    these = [row.pk for row in rows]
    planned = [
        Planned(row.account, at, row.duration_minutes, moving=these, groups=groups)
        for row in sorted(rows, key=lambda one: (one.starts_at or clock.now(), one.pk))
        if groups and (at := row.starts_at)
    ]
    return [Clashes(groups=one.groups) for one in find_each(planned)]


def beside(planned: Planned) -> list[Beside]:
    """Whatever takes time while the planned one does, on all accounts, in time's order."""
    found = _taking_time(states.overlapping(_others(planned), planned.start, planned.end))
    found += _further_dates(planned, [planned])
    return sorted(found, key=lambda one: (one.starts_at, one.pk))


def _others(planned: Planned) -> QuerySet[Conference]:
    since = planned.start - timedelta(minutes=LONGEST_MINUTES)
    return Conference.objects.filter(_in_the_way(planned), starts_at__gt=since)


def _in_the_way(planned: Planned) -> Q:
    """What takes place, and is not the planned one itself."""
    found = Q(draft=False, gone_at=None, removed_at=None)
    if planned.conference is not None and planned.conference.pk:
        found &= ~Q(pk=planned.conference.pk)
    if planned.moving:
        found &= ~Q(pk__in=planned.moving)
    if planned.uid:
        made = Series.objects.filter(uid=planned.uid)
        found &= ~Q(calendar_uid=planned.uid) & (Q(series=None) | ~Q(series__in=made))
    return found


def _further_dates(first: Planned, planned: Sequence[Planned]) -> list[Beside]:
    """The dates of what repeats, but for the one that its row has, that meet one of some plans."""
    since = first.start - timedelta(minutes=LONGEST_MINUTES)
    until = max(one.end for one in planned)
    copies = repeating.on_each_date(repeating.repeated(_in_the_way(first)), since, until)
    none, most, found = timedelta(), timedelta(minutes=LONGEST_MINUTES), []
    for row in copies:
        start, end = row.starts_at, row.over_at
        if start is None or end is None or not none < end - start <= most:
            continue
        if any(start < one.end and end > one.start for one in planned):
            account = row.account
            found.append(Beside(row.pk, row.title, account.pk, account.label, start, end))
    return found


def _taking_time(rows: QuerySet[Any]) -> list[Beside]:
    columns = ("pk", "title", "account_id", "account__label", "starts_at", "end")
    ordered = rows.order_by("starts_at", "pk")
    none, most = timedelta(), timedelta(minutes=LONGEST_MINUTES)
    some = [Beside(*row) for row in ordered.values_list(*columns)[:MOST_BESIDE]]
    return [one for one in some if none < one.ends_at - one.starts_at <= most]


def _on_account(planned: Planned, rooms: int, here: Sequence[Beside]) -> OnAccount | None:
    running = 1 + most_at_once(
        (max(one.starts_at, planned.start), min(one.ends_at, planned.end)) for one in here
    )
    return OnAccount(rooms, running, tuple(here)) if running > rooms else None


def most_at_once(spans: Iterable[tuple[datetime, datetime]]) -> int:
    """How many of the half-open spans hold one and the same moment, at most."""
    steps = sorted(step for start, end in spans for step in ((start, 1), (end, -1)))
    now = most = 0
    for _moment, step in steps:  # an end comes before a start at the same moment
        now += step
        most = max(most, now)
    return most


def _with_speakers(planned: Planned, found: Sequence[Beside]) -> tuple[WithSpeaker, ...]:
    addresses = {one.casefold() for one in planned.speakers if one}
    if not addresses:
        return ()
    # Compared here: databases differ in what they take for the same letter.
    rows = Moderator.objects.filter(conference__in=[one.pk for one in found], **COUNTS)
    at: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for pk, name, email in rows.values_list("conference_id", "name", "email"):
        if email.casefold() in addresses:
            at[pk].append((name or email, email))
    return tuple(
        WithSpeaker(name, email, one) for one in found for name, email in sorted(at[one.pk])
    )


def _with_groups(planned: Planned, found: Sequence[Beside]) -> tuple[WithGroup, ...]:
    conference, at = planned.conference, defaultdict(list)
    for one in found:
        at[one.pk].append(one)
    mine = Q(group__in=sorted(planned.groups))
    if conference is not None and conference.pk:
        there = InvitedGroup.objects.filter(conference=conference).order_by().values("group")
        mine |= Q(group__in=there)
    elif not planned.groups:
        return ()
    rows = InvitedGroup.objects.filter(mine, conference__in=list(at), group__removed_at=None)
    columns = rows.order_by("group__sort_key", "group", "pk")
    pairs = list(columns.values_list("group", "group__name", "conference")[:MOST_BESIDE])
    if not pairs:
        return ()
    # One by rule has no memberships: how many fit it is not worked out here.
    members = Membership.objects.filter(group__in={group for group, _name, _pk in pairs})
    members = members.filter(removed_at=None, gone_at=None).order_by()
    sizes = dict(
        members.values("group").annotate(number=Count("pk")).values_list("group", "number")
    )
    met = [
        WithGroup(pk, name, sizes.get(pk), one) for pk, name, other in pairs for one in at[other]
    ]
    return tuple(sorted(met, key=lambda one: (one.other.starts_at, one.other.pk)))


def _with_people(planned: Planned, found: Sequence[Beside]) -> tuple[WithPeople, ...]:
    conference = planned.conference
    if conference is None or not conference.pk:
        return ()
    standing = Registration.objects.filter(removed_at=None, gone_at=None)
    mine = standing.filter(conference=conference).order_by().values("attendee")
    rows = standing.filter(conference__in=[one.pk for one in found], attendee__in=mine).order_by()
    counts = dict(
        rows.values("conference")
        .annotate(number=Count("pk"))
        .filter(number__gt=FEW_PEOPLE)
        .values_list("conference", "number")
    )
    return tuple(WithPeople(counts[one.pk], one) for one in found if one.pk in counts)
