"""What of an account is read when, at which cost, and how old it can be: said in numbers."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from integrations.base.records import Kind
from portal.common import clock
from portal.conferences.models import Conference
from portal.platforms import budget
from portal.platforms.models import PlatformAccount
from portal.sync import live, readings
from portal.sync.models import PlatformLink, Watched
from portal.sync.readings import LIVE_WANTED, WANTED, Rounds, Tier

__all__ = ["Line", "Tier", "reading_plan"]


@dataclass(frozen=True, slots=True)
class Line:
    """The webinars of one tier: how many, after how many minutes each is read again, and since
    when at the latest each has been read (None: not each has been). `slow`: it takes longer than
    is wanted, since the pace allows no more. `calls`: how many requests one takes."""

    tier: Tier
    webinars: int
    minutes: int
    oldest: datetime | None
    slow: bool
    calls: float


def reading_plan(account: PlatformAccount) -> list[Line]:
    """By tier; empty where the platform lists nothing that belongs to a webinar."""
    lists = readings.lists(account.capabilities)
    if not lists:
        return []
    rounds = readings.rounds_of(account.runtime)
    return [_live(account), *_in_turn(account, rounds, lists)]


def _in_turn(account: PlatformAccount, rounds: Rounds, lists: int) -> list[Line]:
    interval, sizes = account.interval_minutes, _sizes(account)
    allowed = readings.room(budget.per_minute(account), interval)
    each = max(rounds.each(Kind.CONFERENCE) or 0, lists)
    left = max(allowed - rounds.calls() - sizes[Tier.NEAR] * each, allowed * readings.LEAST)
    some = readings.slices(sizes, calls=each, left=left, interval=interval)
    lines = []
    for tier in (Tier.NEAR, Tier.AHEAD, Tier.PAST):
        minutes = readings.minutes_of_round(sizes[tier], some.get(tier, sizes[tier]), interval)
        oldest = rounds.oldest(Kind.CONFERENCE, tier)
        slow = minutes > max(WANTED.get(tier, interval), interval) + interval
        lines.append(Line(tier, sizes[tier], minutes, oldest, slow, each))
    return lines


def _live(account: PlatformAccount) -> Line:
    """What is live is near as well: it is read beside the syncs, too."""
    rows = live.running(clock.now(), account.pk)
    room, calls = live.room_and_cost(account)
    minutes = readings.live_minutes(len(rows), room, calls)
    links = PlatformLink.objects.filter(account=account, kind=Kind.CONFERENCE, local_id__in=rows)
    read = Watched.objects.filter(link__in=links).exclude(read_at=None)
    times = list(read.values_list("read_at", flat=True)) if rows else []
    oldest = min(filter(None, times)) if rows and len(times) == len(rows) else None
    return Line(Tier.LIVE, len(rows), minutes, oldest, minutes > LIVE_WANTED, calls)


def _sizes(account: PlatformAccount) -> Counter[Tier]:
    moment = clock.now()
    rows = Conference.objects.filter(account=account, draft=False, removed_at=None, gone_at=None)
    found = rows.only("starts_at", "duration_minutes").order_by()
    return Counter(readings.tier_of(row.starts_at, row.over_at, moment) for row in found)
