"""When something repeats: a rule of RFC 5545, and the instants that come of it.

A rule speaks of days and of the clock on the wall, so that 10:00 stays 10:00 when the clocks
change. On the two days of a year on which that is not simple, RFC 5545 (3.3.5) decides: a time that
is left out is read by the clock of before, and so lies as much later; of a time that comes twice,
the first is meant, unless the second was chosen for the first date.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from dateutil import rrule

from portal.conferences import walltime

MOST_DATES = 100
LONGEST = timedelta(days=3 * 366)  # from the first date to the last one
MOST_INTERVAL = 52
DAILY, WEEKLY, MONTHLY = "DAILY", "WEEKLY", "MONTHLY"
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LAST = -1
_EVERY: dict[str, Any] = {DAILY: rrule.DAILY, WEEKLY: rrule.WEEKLY, MONTHLY: rrule.MONTHLY}


class UnknownRule(ValueError):
    """A rule that is not written as `Rule.text` does."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How something repeats, until a day or so many times.

    `days` are days of the week, 0 being Monday. A monthly rule has either a `month_day` (from the
    end where negative), or one of the `days` with `nth`, which counts it within the month.
    """

    every: str
    interval: int = 1
    days: tuple[int, ...] = ()
    month_day: int = 0
    nth: int = 0
    count: int | None = None
    until: date | None = None

    def text(self, zone: str) -> str:
        """As RFC 5545 writes it; the last day ends where it does in the zone."""
        parts = [f"FREQ={self.every}"]
        if self.interval != 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.days:
            nth = str(self.nth or "")
            parts.append("BYDAY=" + ",".join(f"{nth}{DAYS[day]}" for day in self.days))
        if self.month_day:
            parts.append(f"BYMONTHDAY={self.month_day}")
        if self.count is not None:
            parts.append(f"COUNT={self.count}")
        elif self.until is not None:
            end = datetime.combine(self.until, time(23, 59, 59), ZoneInfo(zone))
            parts.append(f"UNTIL={end.astimezone(UTC):%Y%m%dT%H%M%SZ}")
        return ";".join(parts)


def parse(text: str, zone: str) -> Rule:
    """A rule that `Rule.text` wrote. Raises UnknownRule for any other."""
    try:
        given = dict(part.split("=") for part in text.split(";"))
        rule = Rule(given.pop("FREQ"), int(given.pop("INTERVAL", 1)))
        nth, days = _days(given.pop("BYDAY", ""))
        rule = replace(rule, days=days, nth=nth, month_day=int(given.pop("BYMONTHDAY", 0)))
        rule = replace(rule, **_end(given, zone))
    except (KeyError, TypeError, ValueError) as error:
        raise UnknownRule from error
    if given or rule.every not in _EVERY:
        raise UnknownRule
    return rule


def _days(text: str) -> tuple[int, tuple[int, ...]]:
    words = text.split(",") if text else []
    counted = {int(word[:-2] or 0) for word in words}
    if len(counted) > 1 or any(word[-2:] not in DAYS for word in words):
        raise UnknownRule
    return next(iter(counted), 0), tuple(DAYS.index(word[-2:]) for word in words)


def _end(given: dict[str, str], zone: str) -> dict[str, Any]:
    if count := given.pop("COUNT", ""):
        return {"count": int(count)}
    if until := given.pop("UNTIL", ""):
        end = datetime.strptime(until, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        return {"until": end.astimezone(ZoneInfo(zone)).date()}
    return {}


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date: the wall time by the rule (naive), and the instant that is meant by it (UTC).

    `left_out` says that the clocks skip that time on that day, `twice` that it comes twice.
    """

    wall: datetime
    at: datetime
    left_out: bool = False
    twice: bool = False


def expand(rule: Rule, first: datetime, zone: str, *, second: bool = False) -> list[Occurrence]:
    """The dates of a rule from the wall time `first` (naive) on, earliest first; at most one more
    than MOST_DATES, and none later than LONGEST after `first`.

    The first date is the first one on or after `first` that fits the rule. `second` means the
    second one where a time comes twice.
    """
    found: dict[datetime, Occurrence] = {}
    for wall in islice(_walls(rule, first), MOST_DATES + 1):
        one = occurrence(wall, zone, second=second)
        found.setdefault(one.at, one)
    return sorted(found.values(), key=lambda one: one.at)


def instants(rule: Rule, first: datetime, zone: str) -> list[datetime]:
    """The dates (UTC) of a rule whose first one is at the instant `first`."""
    second = walltime.is_second(first, zone)
    return [one.at for one in expand(rule, walltime.wall(first, zone), zone, second=second)]


def ending(rule: Rule, last: datetime, zone: str) -> str:
    """The rule as RFC 5545 writes it, up to a date (UTC) of its own and none after it."""
    parts = replace(rule, count=None, until=None).text(zone)
    return f"{parts};UNTIL={last.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def occurrence(wall: datetime, zone: str, *, second: bool = False) -> Occurrence:
    """What a wall time (naive) means in a zone."""
    choices = walltime.instants(wall, zone)
    if choices:
        return Occurrence(wall, choices[-1 if second else 0], twice=len(choices) > 1)
    # Without a fold, a time within a gap is computed with the distance from UTC of before.
    at = wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
    return Occurrence(wall, at, left_out=True)


def _walls(rule: Rule, first: datetime) -> Iterator[datetime]:
    last = first + LONGEST
    if rule.until is not None:
        last = min(last, datetime.combine(rule.until, time.max))
    nth = rule.nth or None
    dates = rrule.rrule(
        _EVERY[rule.every],
        dtstart=first,
        interval=rule.interval,
        until=last,
        byweekday=[rrule.weekday(day, nth) for day in rule.days] or None,
        bymonthday=rule.month_day or None,
    )
    # COUNT and UNTIL exclude each other in a rule, and here there always is an end.
    return iter(dates) if rule.count is None else islice(dates, rule.count)


def week_of_month(day: date) -> int:
    """1 for the first Tuesday (or whichever day it is) of its month, 2 for the second."""
    return (day.day - 1) // 7 + 1


def offset_changes(dates: list[Occurrence], zone: str) -> list[bool]:
    """For each date, whether the distance from UTC is another one than at the date before."""
    told = [walltime.offset(one.at, zone) for one in dates]
    return [bool(place) and one != told[place - 1] for place, one in enumerate(told)]
