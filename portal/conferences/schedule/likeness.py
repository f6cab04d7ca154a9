"""Which webinars are of one sort, by their titles, and when the next of them would take place."""

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal.common.reader.characters import fold

SIMILAR = 0.5  # of the words of both titles
OFFERED = 3
_WORD = re.compile(r"[^\W\d_]+")
_FOUR_WEEKS = 28


@dataclass(frozen=True, slots=True)
class Held:
    """A webinar that has a date: `day` by the clock of its zone."""

    pk: int
    title: str
    day: date


@dataclass(frozen=True, slots=True)
class Sort:
    """Webinars of one sort: the last of them, and the days of all, the last first."""

    last: Held
    days: tuple[date, ...]


def words_of(title: str) -> frozenset[str]:
    """What a title is recognised by: its words without case, accents and numbers, which count
    editions and years."""
    return frozenset(_WORD.findall(fold(title)))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """How much of both titles is the same, from 0 to 1."""
    return len(one & other) / len(one | other) if one and other else 0.0


def sorts(rows: Iterable[Held]) -> list[Sort]:
    """Webinars by their sort, the one with the last date first."""
    found: dict[frozenset[str] | str, list[Held]] = {}
    for row in sorted(rows, key=lambda r: (r.day, r.pk), reverse=True):
        found.setdefault(words_of(row.title) or row.title, []).append(row)
    return [Sort(some[0], tuple(dict.fromkeys(r.day for r in some))) for some in found.values()]


def like(title: str, known: Sequence[Sort]) -> list[Sort]:
    """Those that a title may belong to, the likest first; without a title, the last ones."""
    wanted = words_of(title)
    if not wanted:
        return [] if title.strip() else list(known[:OFFERED])
    near = [(likeness(wanted, words_of(one.last.title)), one) for one in known]
    begun = [(1.0 if wanted <= words_of(one.last.title) else how, one) for how, one in near]
    fitting = [pair for pair in begun if pair[0] >= SIMILAR]
    return [one for _how, one in sorted(fitting, key=lambda p: p[0], reverse=True)][:OFFERED]


def next_day(days: Sequence[date], today: date) -> date:
    """The day after the last one by the same distance as before, and not before tomorrow: every so
    many days, or in every so many months on the same day or the same weekday. What took place once
    comes on the same weekday of the next month. `days` has the last first, and is not empty."""
    last = days[0]
    gap = (last - days[1]).days if len(days) > 1 else 0
    if len(days) > 1:
        months = (last.year - days[1].year) * 12 + last.month - days[1].month
        if gap < _FOUR_WEEKS or not (_same_day(last, days[1]) or _same_place(last, days[1])):
            steps = max((today - last).days // gap + 1, 1)
            return last + timedelta(days=gap * steps)
        by_day = _same_day(last, days[1]) and not _same_place(last, days[1])
    else:
        months, by_day = 1, False
    # No month before this step lies ahead; a few more may be needed within it.
    step = max(((today.year - last.year) * 12 + today.month - last.month) // months, 1)
    while True:
        found = _in_month(last, months * step, by_day=by_day)
        if found > max(today, last):
            return found
        step += 1


def _same_day(one: date, other: date) -> bool:
    return one.day == other.day


def _same_place(one: date, other: date) -> bool:
    return one.weekday() == other.weekday() and _place(one) == _place(other)


def _place(day: date) -> int:
    """Which of its weekday in the month: 0 is the first."""
    return (day.day - 1) // 7


def _in_month(day: date, months: int, *, by_day: bool) -> date:
    """The same day, or the same weekday in the same place, so many months on; the last one of them
    where the month has no fifth, or no 31st."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    length = monthrange(first.year, first.month)[1]
    if by_day:
        return first.replace(day=min(day.day, length))
    at = 1 + (day.weekday() - first.weekday()) % 7 + 7 * _place(day)
    return first.replace(day=at if at <= length else at - 7)
