"""What of an account is read when.

A list costs a call or more, and a platform allows so many a minute. The lists of what is near are
read at each sync. Those of what lies ahead and of what is past are read in turn, a slice at each
sync: so that each is read anew as soon as is wanted where the pace allows that, and in the same
proportion later where it does not. How far a round has come is kept with the account, so that
whatever ends a run, the next one goes on from there.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import Q

from integrations.base.capabilities import Capabilities
from integrations.base.records import PARENTS, Kind
from portal.common import batches, clock
from portal.conferences.models import Conference, Session
from portal.platforms import budget
from portal.platforms.models import AccountRuntime, PlatformAccount
from portal.sync.models import PlatformLink

State = PlatformLink.State
NEAR_BEFORE, NEAR_AFTER = timedelta(days=2), timedelta(days=1)
LIVE_BEFORE = LIVE_AFTER = timedelta(minutes=30)
# Of what the pace allows, so much is for reading; the rest is for what staff do.
SHARE = 0.8
# Whatever is near, so much of that share is left to the rest.
LEAST = 0.2
# Whatever a sync takes, so much of the pace is left to what is live or looked at.
LIVE_LEAST = 0.1
# Where a past session's own numbers tell who was there, the list of who was is read when they have
# changed, and else only each so many days: a number does not say everything.
WHOLE_EVERY = 7
CLOCKS_APART = timedelta(minutes=15)
# Our side of so many is read at once; of more, where the pace lets us come to all of them within
# some seconds: what is read long before its list is old by then.
AT_ONCE, MOST_AT_ONCE, SOON = 25, 100, 10.0


class Tier(StrEnum):
    """By its time, how often what belongs to a webinar is read."""

    LIVE = "live"
    NEAR = "near"
    AHEAD = "ahead"
    PAST = "past"


# Minutes within which the lists of each are read anew, where the pace allows it; and what is kept
# on each platform with 5,000 webinars, at its own pace.
WANTED = {Tier.AHEAD: 30, Tier.PAST: 24 * 60}
PROMISED = {Tier.AHEAD: 60, Tier.PAST: 48 * 60}
# The same of what is live, which is read beside the syncs; promised for so many at a time.
LIVE_WANTED, LIVE_PROMISED, LIVE_AT_A_TIME = 1, 5, 5


# The arithmetic ------------------------------------------------------------------------------


def tier_of(start: datetime | None, end: datetime | None, moment: datetime) -> Tier:
    """By when it takes place; what has no time may go on at any."""
    if start is None:
        return Tier.AHEAD
    if start - NEAR_BEFORE <= moment <= (end or start) + NEAR_AFTER:
        return Tier.NEAR
    return Tier.AHEAD if start > moment else Tier.PAST


def is_live(start: datetime | None, end: datetime | None, moment: datetime) -> bool:
    """Whether it goes on, is about to begin or is just over."""
    if start is None:
        return False
    return start - LIVE_BEFORE <= moment <= (end or start) + LIVE_AFTER


def lists(can: Capabilities) -> int:
    """How many lists belong to each webinar."""
    children = [can.kind(kind) for kind in Kind if PARENTS.get(kind) is Kind.CONFERENCE]
    return sum(kind.mirrored and kind.list.offered for kind in children)


def room(per_minute: float, interval: int) -> float:
    """How many calls one sync may use for reading, `interval` minutes apart."""
    return max(per_minute * interval * SHARE, 1.0)


def slices(
    sizes: Mapping[Tier, int], *, calls: float, left: float, interval: int
) -> dict[Tier, int]:
    """How many of each tier are read in one sync. Each costs `calls`, and `left` calls are left
    for them beside what is near."""
    wanted = {tier: sizes[tier] * interval / minutes for tier, minutes in WANTED.items()}
    cost = sum(wanted.values()) * calls
    share = min(1.0, left / cost) if cost else 1.0
    return {tier: min(math.ceil(number * share), sizes[tier]) for tier, number in wanted.items()}


def live_room(per_minute: float, used: float) -> float:
    """How many calls a minute may be made for what is live or looked at, beside syncs that take
    `used` a minute: what these leave of the share for reading, and never nothing."""
    return max(per_minute * SHARE - used, per_minute * LIVE_LEAST)


def live_at_once(room: float, calls: float) -> int:
    """How many webinars one live run reads. Each costs `calls`, and `room` are allowed a minute."""
    return max(int(room / calls), 1)


def live_minutes(number: int, room: float, calls: float) -> int:
    """After how many minutes each of so many live ones has been read."""
    return max(math.ceil(number * calls / room), LIVE_WANTED)


def minutes_of_round(size: int, slice_: int, interval: int) -> int:
    """After how many minutes each of a tier has been read."""
    return math.ceil(size / slice_) * interval if slice_ else 0


# How far it has come -------------------------------------------------------------------------


@dataclass(slots=True)
class Rounds:
    """How far each round of an account has come, as it is kept in `AccountRuntime.readings`:
    by the parent's kind and tier the key that was read last (`after`), when this round began
    (`since`) and the one before (`before`); by the parent's kind up to which key all have been read
    once (`new`), which one was begun (`begun`) and how many calls one takes (`each`); by kind what
    a list of the account's own has cost; what the last sync took a minute (`used`)."""

    kept: dict[str, dict[str, Any]]
    changed: bool = False

    def after(self, kind: Kind, tier: Tier) -> int:
        """The key that was read last."""
        return int(self._of(kind, tier).get("after", 0))

    def is_first(self, kind: Kind, tier: Tier) -> bool:
        """Whether not all of it has been read once."""
        return "before" not in self._of(kind, tier)

    def went(self, kind: Kind, tier: Tier, pk: int, *, last: bool) -> None:
        """All up to this key was read; `last`: so all of this tier was."""
        now = clock.now().isoformat()
        old = self._of(kind, tier)
        since = old.get("since", now)
        if last or pk < old.get("after", 0):  # a round is over
            old = {"before": since}
            since = now
        self._keep(f"{kind}:{tier}", {**old, "after": pk, "since": since})

    def newest(self, kind: Kind) -> int:
        """Whatever has a greater key was not read yet."""
        return int(self.kept.get(f"{kind}:new", {}).get("after", 0))

    def met(self, kind: Kind, pk: int) -> None:
        """All up to this key were read once."""
        if pk > self.newest(kind):
            self._keep(f"{kind}:new", {"after": pk})

    def start_over(self) -> None:
        """Somebody wants everything read: rounds begin anew, and go on over as many runs as it
        takes."""
        self.kept = {key: old for key, old in self.kept.items() if "since" not in old}
        self.changed = True

    def begins(self, kind: Kind, turn: "Turn") -> None:
        """The lists of a record are about to be read. If an earlier run has begun them and come to
        no end, this is the last try for now: others are to have their turn."""
        key = f"{kind}:begun"
        if self.kept.get(key, {}).get("pk") == turn.link.pk:
            self.has_read(kind, turn)
        else:
            self._keep(key, {"pk": turn.link.pk})

    def has_read(self, kind: Kind, turn: "Turn", calls: int | None = None) -> None:
        """All lists of a record were read, with so many calls."""
        if turn.tier is None:
            self.met(kind, turn.link.pk)
        else:
            self.went(kind, turn.tier, turn.link.pk, last=turn.last)
        if calls is not None:
            self._keep(f"{kind}:begun", {})
            old = self.each(kind)
            each = calls if old is None else old + (calls - old) / 20
            self._keep(f"{kind}:each", {"each": round(each, 2)})

    def each(self, kind: Kind) -> float | None:
        """How many calls all lists of a record take; None where that is not known yet."""
        return self.kept.get(f"{kind}:each", {}).get("each")

    def cost(self, kind: Kind, calls: float) -> None:
        """What the account's own list of a kind has cost, now."""
        self._keep(str(kind), {"calls": round(calls), "at": clock.now().isoformat()})

    def calls(self) -> int:
        """What the lists of the account's own have cost last, together."""
        return sum(int(old.get("calls", 0)) for old in self.kept.values())

    def used(self) -> float:
        """How many calls a minute the last sync took, spread over the time until the next."""
        return float(self.kept.get("used", {}).get("each", 0.0))

    def has_used(self, calls: int, minutes: float) -> None:
        """A sync took so many calls, and the next one begins so many minutes after it."""
        self._keep("used", {"each": round(calls / minutes, 1)})

    def of_one(self, lists: int) -> float:
        """How many calls one webinar takes with its lists and those of a session; at least one for
        each of its `lists`."""
        own = max(self.each(Kind.CONFERENCE) or 0, lists)
        return max(own + (self.each(Kind.SESSION) or 0), 1.0)

    def rests(self, kind: Kind, allowed: float, interval: int) -> bool:
        """Whether a list that takes more than half of a sync's calls was read so lately that it
        is left out, so that others are read."""
        syncs, at = self.syncs_between(kind, allowed), self.read_at(kind)
        if syncs < 2 or at is None:
            return False
        return clock.now() < at + timedelta(minutes=interval * (syncs - 0.5))

    def syncs_between(self, kind: Kind, allowed: float) -> int:
        """At every which sync a list of the account's own is read: at each, where it takes no more
        than half of the calls that one is `allowed`."""
        return max(math.ceil(self.cost_of(kind) / (allowed / 2)), 1)

    def cost_of(self, kind: Kind) -> float:
        """What the account's own list of a kind has cost last."""
        return float(self.kept.get(str(kind), {}).get("calls", 0))

    def read_at(self, kind: Kind) -> datetime | None:
        """When the account's own list of a kind was read last; None where it was not yet."""
        at = self.kept.get(str(kind), {}).get("at")
        return datetime.fromisoformat(at) if at else None

    def oldest(self, kind: Kind, tier: Tier) -> datetime | None:
        """Since when at the latest each has been read; None where not all have been."""
        before = self._of(kind, tier).get("before")
        return datetime.fromisoformat(before) if before else None

    def _of(self, kind: Kind, tier: Tier) -> dict[str, Any]:
        return self.kept.get(f"{kind}:{tier}", {})

    def _keep(self, key: str, value: dict[str, Any]) -> None:
        self.kept = {**self.kept, key: value}
        self.changed = True


# What is read in this sync -------------------------------------------------------------------


class Turn(NamedTuple):
    """A record whose lists are to be read. Without a `tier` it is read since it is new; `last`: it
    is the last of its tier, all of which is read."""

    link: PlatformLink
    tier: Tier | None
    last: bool = False


def in_turn(
    account: PlatformAccount, rounds: Rounds, kind: Kind, *, lists: int, spent: int
) -> Iterator[list[Turn]]:
    """The records of a kind whose lists are to be read in this sync, some at a time: what is near,
    what is new, and of the rest a slice. `lists` belong to each, and `spent` calls were made."""
    tiers = _tiers(account, kind)
    last = max((link.pk for links in tiers.values() for link in links), default=0)
    if account.capabilities.kind(kind).tells and kind is Kind.SESSION:
        tiers[Tier.PAST] = _told_of(tiers[Tier.PAST], rounds.oldest(kind, Tier.PAST))
    allowed = room(budget.per_minute(account), account.interval_minutes)
    each = max(rounds.each(kind) or 0, lists)
    left = max(allowed - spent - len(tiers[Tier.NEAR]) * each, allowed * LEAST)
    sizes = {tier: len(links) for tier, links in tiers.items()}
    some = slices(sizes, calls=each, left=left, interval=account.interval_minutes)
    newest = rounds.newest(kind)
    new: list[Turn] = []
    turned: list[Turn] = []
    for tier, links in tiers.items():
        if tier is Tier.NEAR:
            turned += _from(links, rounds.after(kind, tier), len(links), tier)
        elif rounds.is_first(kind, tier):
            turned += _to_the_end(links, rounds.after(kind, tier), tier)
        else:
            new += [Turn(link, None) for link in links if link.pk > newest]
            turned += _from(links, rounds.after(kind, tier), some[tier], tier)
    # What is new and has its turn in this very sync is read once: as what is not known yet, its
    # lists would be taken up twice.
    has_turn = {turn.link.pk for turn in turned}
    new = [turn for turn in new if turn.link.pk not in has_turn]
    near = [turn for turn in turned if turn.tier is Tier.NEAR]
    rest = [turn for turn in turned if turn.tier is not Tier.NEAR]
    chosen = [*near, *sorted(new, key=lambda turn: turn.link.pk), *rest]
    soon = int(budget.per_minute(account) / 60 * SOON / max(each, 1))
    yield from batches.slices(chosen, max(AT_ONCE, min(soon, MOST_AT_ONCE)))
    rounds.met(kind, last)


def _told_of(past: list[PlatformLink], since: datetime | None) -> list[PlatformLink]:
    """Those past sessions whose numbers have changed since each was read, or that have no end; and
    those whose day it is. All of them, before each was read once."""
    if since is None:
        return past
    # A row's own time is by the clock of the worker that wrote it.
    rows = Session.objects.filter(Q(ends_at=None) | Q(updated_at__gte=since - CLOCKS_APART))
    changed = set(rows.filter(pk__in=[link.local_id for link in past]).values_list("pk", flat=True))
    day = clock.now().toordinal()
    return [link for link in past if link.local_id in changed or is_its_day(link.pk, day)]


def is_its_day(pk: int, day: int) -> bool:
    """Whether this record has its turn on a day whatever it tells: once in `WHOLE_EVERY` days."""
    return (pk + day) % WHOLE_EVERY == 0


def _from(links: Sequence[PlatformLink], after: int, number: int, tier: Tier) -> list[Turn]:
    """So many of them, the next ones first."""
    later = [link for link in links if link.pk > after]
    turned = [*later, *links[: len(links) - len(later)]][:number]
    whole = len(turned) == len(links)
    return [Turn(link, tier, whole and link is turned[-1]) for link in turned]


def _to_the_end(links: Sequence[PlatformLink], after: int, tier: Tier) -> list[Turn]:
    """Those that a first round has not come to."""
    later = [link for link in links if link.pk > after] or list(links)
    return [Turn(link, tier, link is later[-1]) for link in later]


def _tiers(account: PlatformAccount, kind: Kind) -> dict[Tier, list[PlatformLink]]:
    """The records of a kind that may have lists, by tier and in the order of their keys."""
    links = PlatformLink.objects.filter(
        account=account, kind=kind, state=State.LIVE, unlisted=False
    )
    links = links.exclude(external_id=None).exclude(local_id=None).order_by("pk")
    if kind in PARENTS:
        links = links.filter(parent__state=State.LIVE)
    found = list(links)
    times = _times(kind, [link.local_id or 0 for link in found])
    moment = clock.now()
    tiers: dict[Tier, list[PlatformLink]] = {tier: [] for tier in Tier}
    for link in found:
        start, end = times.get(link.local_id or 0, (None, None))
        tiers[tier_of(start, end, moment)].append(link)
    return tiers


def _times(kind: Kind, ids: list[int]) -> dict[int, tuple[datetime | None, datetime | None]]:
    if kind is Kind.CONFERENCE:
        rows = Conference.objects.filter(pk__in=ids).only("starts_at", "duration_minutes")
        return {row.pk: (row.starts_at, row.over_at) for row in rows}
    if kind is Kind.SESSION:
        sessions = Session.objects.filter(pk__in=ids).values_list("pk", "starts_at", "ends_at")
        return {pk: (start, end) for pk, start, end in sessions}
    return {}


def rounds_of(runtime: AccountRuntime) -> Rounds:
    """How far an account has come."""
    return Rounds(dict(runtime.readings))
