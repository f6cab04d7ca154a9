"""What of an account is read when, and how old it can be: said in numbers."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from integrations.base.records import PARENTS, Kind
from portal.common import clock
from portal.conferences.models import Conference
from portal.platforms import budget
from portal.platforms.models import PlatformAccount
from portal.sync import readings
from portal.sync.readings import WANTED, Tier

__all__ = ["Line", "Tier", "reading_plan"]


@dataclass(frozen=True, slots=True)
class Line:
    """The webinars of one tier: how many, after how many minutes each is read again, and since
    when at the latest each has been read (None: not each has been). `slow`: it takes longer than
    is wanted, since the pace allows no more."""

    tier: Tier
    webinars: int
    minutes: int
    oldest: datetime | None
    slow: bool


def reading_plan(account: PlatformAccount) -> list[Line]:
    """By tier; empty where the platform lists nothing that belongs to a webinar."""
    can = account.capabilities
    children = [can.kind(kind) for kind in Kind if PARENTS.get(kind) is Kind.CONFERENCE]
    lists = sum(kind.mirrored and kind.list.offered for kind in children)
    if not lists:
        return []
    interval, rounds = account.interval_minutes, readings.rounds_of(account.runtime)
    sizes = _sizes(account)
    allowed = readings.room(budget.per_minute(account), interval)
    each = max(rounds.each(Kind.CONFERENCE) or 0, lists)
    left = max(allowed - rounds.calls() - sizes[Tier.NEAR] * each, allowed * readings.LEAST)
    some = readings.slices(sizes, calls=each, left=left, interval=interval)
    lines = []
    for tier in Tier:
        minutes = readings.minutes_of_round(sizes[tier], some.get(tier, sizes[tier]), interval)
        oldest = rounds.oldest(Kind.CONFERENCE, tier)
        slow = minutes > max(WANTED.get(tier, interval), interval) + interval
        lines.append(Line(tier, sizes[tier], minutes, oldest, slow))
    return lines


def _sizes(account: PlatformAccount) -> Counter[Tier]:
    moment = clock.now()
    rows = Conference.objects.filter(account=account, draft=False, removed_at=None, gone_at=None)
    found = rows.only("starts_at", "duration_minutes").order_by()
    return Counter(readings.tier_of(row.starts_at, row.over_at, moment) for row in found)
