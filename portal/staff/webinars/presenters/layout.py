"""Where a block stands in the planner: by quarters of an hour on the viewer's days, and side by
side with what takes place meanwhile. Computes with numbers; knows no page."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

QUARTERS = 4 * 24  # of a day
LEAST = 2  # quarters: a block that is shorter could neither be read nor pressed
MOST_LANES = 3  # blocks side by side; what is more is counted
DAY_BEGINS, DAY_ENDS = 8, 18  # hours that are shown whatever takes place


@dataclass(slots=True)
class Block:
    """A conference on one of the viewer's days: it stands from quarter `at` for `quarters`.
    `lane` (from 1) of `lanes` tells its place beside others; 0: there is no room for it."""

    row: Any
    day: date
    at: int
    quarters: int
    begun: bool = False  # on a day before
    lane: int = 0
    lanes: int = 1

    @property
    def until(self) -> int:
        return self.at + self.quarters


def blocks(row: Any, start: datetime, end: datetime, first: date, last: date) -> Iterator[Block]:
    """The parts of a conference on the days from first to last; `start` and `end` by the viewer's
    clock. On a day whose clocks change a block stands where the clock says."""
    day = max(start.date(), first)
    while day <= min(end.date(), last):
        at = _quarter(start.time()) if start.date() == day else 0
        until = _quarter(end.time(), up=True) if end.date() == day else QUARTERS
        begun = start.date() < day
        if until > 0 or not begun:
            at = min(at, QUARTERS - LEAST)
            yield Block(row, day, at, max(until - at, LEAST), begun)
        day += timedelta(days=1)


def _quarter(clock: time, *, up: bool = False) -> int:
    minutes = clock.hour * 60 + clock.minute
    return -(-minutes // 15) if up else minutes // 15


def side_by_side(some: Iterable[Block], most: int = MOST_LANES) -> int:
    """Give each block of one day its lane; answers how many there was no room for. Blocks that
    touch each other, directly or through others, share the width evenly."""
    left_out = 0
    group: list[Block] = []
    end = -1
    for block in sorted(some, key=lambda one: (one.at, -one.quarters, one.row.pk)):
        if block.at >= end:
            left_out += _lanes(group, most)
            group, end = [], -1
        group.append(block)
        end = max(end, block.until)
    return left_out + _lanes(group, most)


def _lanes(group: list[Block], most: int) -> int:
    ends: list[int] = []
    for block in group:
        free = next((n for n, end in enumerate(ends) if end <= block.at), len(ends))
        if free < most:
            ends[free : free + 1] = [block.until]
            block.lane = free + 1
    for block in group:
        block.lanes = max(len(ends), 1)
    return sum(not block.lane for block in group)


def hours(some: Iterable[Block]) -> tuple[int, int]:
    """The first hour and the one after the last that are shown: office hours, and whatever else
    there is something in."""
    first, last = DAY_BEGINS, DAY_ENDS
    for block in some:
        first = min(first, block.at // 4)
        last = max(last, -(-block.until // 4))
    return first, last
