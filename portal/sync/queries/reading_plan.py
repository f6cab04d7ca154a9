"""What of an account is read when, at which cost, and how old it can be: said in numbers."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from integrations.base.records import PARENTS, Kind
from portal.common import clock
from portal.conferences.models import Conference
from portal.platforms import budget
from portal.platforms.models import PlatformAccount
from portal.sync import live, readings
from portal.sync.kinds import KINDS
from portal.sync.models import PlatformLink, Watched
from portal.sync.readings import LIVE_WANTED, WANTED, Rounds, Tier

__all__ = ["Line", "Tier", "reading_plan"]


@dataclass(frozen=True, slots=True)
class Line:
    """One part of what is read. `part`: a kind that the account itself lists (of members: those of
    its groups), or the webinars of a tier with their lists. `number`: how many records or webinars
    these are; `calls`: how many requests the list takes, or the lists of one of them; `minutes`:
    after how many each is read again; `oldest`: since when at the latest each has been read (None:
    not each has been). `slow`: it takes longer than is wanted, since the pace allows no more."""

    part: Tier | Kind
    number: int
    calls: float
    minutes: int
    oldest: datetime | None
    slow: bool


def reading_plan(account: PlatformAccount) -> list[Line]:
    """The account's own lists, then the lists of its groups and those of its webinars by tier."""
    rounds = readings.rounds_of(account.runtime)
    lines = [*_own(account, rounds), *_members(account, rounds)]
    if lists := readings.lists(account.capabilities):
        lines += [_live(account), *_in_turn(account, rounds, lists)]
    return lines


def _own(account: PlatformAccount, rounds: Rounds) -> list[Line]:
    """Webinars, people, groups: what the platform lists of each."""
    interval, stands = account.interval_minutes, account.runtime.mirrored
    lines = []
    for kind in _listed(account, None):
        syncs = rounds.syncs_between(kind, _allowed(account))
        cost, read_at = rounds.cost_of(kind), rounds.read_at(kind)
        lines.append(Line(kind, stands.get(kind, 0), cost, syncs * interval, read_at, syncs > 1))
    return lines


def _members(account: PlatformAccount, rounds: Rounds) -> list[Line]:
    """Groups have no time: their lists are read in turn like those of what lies ahead."""
    if not (kinds := _listed(account, Kind.GROUP)):
        return []
    number, allowed = account.runtime.mirrored.get(Kind.GROUP, 0), _allowed(account)
    each = max(rounds.each(Kind.GROUP) or 0, len(kinds))
    spent = rounds.cost_of(Kind.ATTENDEE) + rounds.cost_of(Kind.GROUP)
    left = max(allowed - spent, allowed * readings.LEAST)
    line = _tier(account, rounds, Kind.GROUP, Tier.AHEAD, Counter({Tier.AHEAD: number}), each, left)
    return [Line(kind, number, each, line.minutes, line.oldest, line.slow) for kind in kinds]


def _in_turn(account: PlatformAccount, rounds: Rounds, lists: int) -> list[Line]:
    sizes, allowed = _sizes(account), _allowed(account)
    each = max(rounds.each(Kind.CONFERENCE) or 0, lists)
    left = max(allowed - rounds.calls() - sizes[Tier.NEAR] * each, allowed * readings.LEAST)
    tiers = (Tier.NEAR, Tier.AHEAD, Tier.PAST)
    return [_tier(account, rounds, Kind.CONFERENCE, tier, sizes, each, left) for tier in tiers]


def _tier(
    account: PlatformAccount,
    rounds: Rounds,
    above: Kind,
    tier: Tier,
    sizes: Counter[Tier],
    each: float,
    left: float,
) -> Line:
    interval = account.interval_minutes
    some = readings.slices(sizes, calls=each, left=left, interval=interval)
    minutes = readings.minutes_of_round(sizes[tier], some.get(tier, sizes[tier]), interval)
    slow = minutes > max(WANTED.get(tier, interval), interval) + interval
    return Line(tier, sizes[tier], each, minutes, rounds.oldest(above, tier), slow)


def _live(account: PlatformAccount) -> Line:
    """What is live is near as well: it is read beside the syncs, too."""
    rows = live.running(clock.now(), account.pk)
    room, calls = live.room_and_cost(account)
    minutes = readings.live_minutes(len(rows), room, calls)
    links = PlatformLink.objects.filter(account=account, kind=Kind.CONFERENCE, local_id__in=rows)
    read = Watched.objects.filter(link__in=links).exclude(read_at=None)
    times = list(read.values_list("read_at", flat=True)) if rows else []
    oldest = min(filter(None, times)) if rows and len(times) == len(rows) else None
    return Line(Tier.LIVE, len(rows), calls, minutes, oldest, minutes > LIVE_WANTED)


def _listed(account: PlatformAccount, above: Kind | None) -> list[Kind]:
    """The kinds within this one that the platform lists and the sync reads."""
    can = account.capabilities
    kinds = [kind for kind in Kind if kind in KINDS and PARENTS.get(kind) is above]
    return [kind for kind in kinds if can.kind(kind).mirrored and can.kind(kind).list.offered]


def _allowed(account: PlatformAccount) -> float:
    return readings.room(budget.per_minute(account), account.interval_minutes)


def _sizes(account: PlatformAccount) -> Counter[Tier]:
    moment = clock.now()
    rows = Conference.objects.filter(account=account, draft=False, removed_at=None, gone_at=None)
    found = rows.only("starts_at", "duration_minutes").order_by()
    return Counter(readings.tier_of(row.starts_at, row.over_at, moment) for row in found)
