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
from typing import Any

from integrations.base.records import PARENTS, Kind
from portal.common import clock
from portal.conferences.models import Conference, Session
from portal.platforms import budget
from portal.platforms.models import AccountRuntime, PlatformAccount
from portal.sync.models import PlatformLink

State = PlatformLink.State
NEAR_BEFORE, NEAR_AFTER = timedelta(days=2), timedelta(days=1)
# Of what the pace allows, so much is for reading; the rest is for what staff do.
SHARE = 0.8
# Whatever is near, so much of that share is left to the rest.
LEAST = 0.2
# So many are read with all their lists before it is kept that they were.
AT_ONCE = 25


class Tier(StrEnum):
    """By its time, how often what belongs to a webinar is read."""

    NEAR = "near"
    AHEAD = "ahead"
    PAST = "past"


# Minutes within which the lists of each are read anew, where the pace allows it; and what is kept
# on each platform with 5,000 webinars, at its own pace.
WANTED = {Tier.AHEAD: 30, Tier.PAST: 24 * 60}
PROMISED = {Tier.AHEAD: 60, Tier.PAST: 48 * 60}


# The arithmetic ------------------------------------------------------------------------------


def tier_of(start: datetime | None, end: datetime | None, moment: datetime) -> Tier:
    """By when it takes place; what has no time may go on at any."""
    if start is None:
        return Tier.AHEAD
    if start - NEAR_BEFORE <= moment <= (end or start) + NEAR_AFTER:
        return Tier.NEAR
    return Tier.AHEAD if start > moment else Tier.PAST


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


def minutes_of_round(size: int, slice_: int, interval: int) -> int:
    """After how many minutes each of a tier has been read."""
    return math.ceil(size / slice_) * interval if slice_ else 0


# How far it has come -------------------------------------------------------------------------


@dataclass(slots=True)
class Rounds:
    """How far each round of an account has come, as it is kept in `AccountRuntime.readings`:
    by the parent's kind and tier the key that was read last (`after`), when this round began
    (`since`) and the one before (`before`); by kind what a list of the account's own has cost."""

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
        if last or pk <= old.get("after", 0):  # a round is over
            old = {"before": since}
            since = now
        self._keep(f"{kind}:{tier}", {**old, "after": pk, "since": since})

    def cost(self, kind: Kind, calls: int) -> None:
        """What the account's own list of a kind has cost, now."""
        self._keep(str(kind), {"calls": calls, "at": clock.now().isoformat()})

    def calls(self) -> int:
        """What the lists of the account's own have cost last, together."""
        return sum(int(old.get("calls", 0)) for old in self.kept.values())

    def rests(self, kind: Kind, allowed: float, interval: int) -> bool:
        """Whether a list that takes more than half of a sync's calls was read so lately that it
        is left out, so that others are read."""
        old = self.kept.get(str(kind), {})
        syncs = math.ceil(old.get("calls", 0) / (allowed / 2))
        if syncs < 2:
            return False
        due = datetime.fromisoformat(old["at"]) + timedelta(minutes=interval * (syncs - 0.5))
        return clock.now() < due

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


def in_turn(
    account: PlatformAccount, rounds: Rounds, kind: Kind, *, lists: int, spent: int, full: bool
) -> Iterator[list[tuple[Tier, PlatformLink, bool]]]:
    """The records of a kind whose lists are to be read in this sync, `AT_ONCE` at a time, each with
    its tier and whether it is the last of it. `lists` belong to each, and `spent` calls were made.
    """
    tiers = _tiers(account, kind)
    allowed = room(budget.per_minute(account), account.interval_minutes)
    left = max(allowed - spent - len(tiers[Tier.NEAR]) * lists, allowed * LEAST)
    sizes = {tier: len(links) for tier, links in tiers.items()}
    some = slices(sizes, calls=lists, left=left, interval=account.interval_minutes)
    chosen: list[tuple[Tier, PlatformLink, bool]] = []
    for tier, links in tiers.items():
        first = rounds.is_first(kind, tier)
        number = len(links) if full or first or tier is Tier.NEAR else some[tier]
        chosen += _from(links, rounds.after(kind, tier), number, tier)
    for start in range(0, len(chosen), AT_ONCE):
        yield chosen[start : start + AT_ONCE]


def _from(
    links: Sequence[PlatformLink], after: int, number: int, tier: Tier
) -> list[tuple[Tier, PlatformLink, bool]]:
    """So many of them, the next ones first."""
    later = [link for link in links if link.pk > after]
    turned = [*later, *links[: len(links) - len(later)]][:number]
    whole = len(turned) == len(links)
    return [(tier, link, whole and link is turned[-1]) for link in turned]


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
