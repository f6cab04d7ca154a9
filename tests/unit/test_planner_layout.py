"""Blocks of the planner: none covers another, none leaves its day, none is lost."""

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from portal.staff.webinars.presenters import layout
from portal.staff.webinars.presenters.layout import LEAST, MOST_LANES, QUARTERS, Block

MONDAY = date(2094, 3, 1)
SUNDAY = MONDAY + timedelta(days=6)


def cut(start, minutes):
    row = SimpleNamespace(pk=1)
    return list(layout.blocks(row, start, start + timedelta(minutes=minutes), MONDAY, SUNDAY))


def at(day, clock):
    return datetime.combine(MONDAY + timedelta(days=day), clock)


def test_a_webinar_within_a_day_is_one_block():
    (block,) = cut(at(2, time(14, 10)), 60)
    assert (block.day, block.at, block.quarters) == (MONDAY + timedelta(days=2), 56, 5)
    assert not block.begun


def test_one_past_midnight_is_two_and_one_until_midnight_is_one():
    over, rest = cut(at(1, time(23, 0)), 90)
    assert (over.at, over.until) == (92, QUARTERS)
    assert (rest.at, rest.quarters, rest.begun) == (0, LEAST, True)
    (whole,) = cut(at(1, time(23, 0)), 60)
    assert whole.until == QUARTERS


def test_what_began_before_the_week_and_what_ends_after_it_is_cut():
    assert [one.day for one in cut(at(-1, time(23, 0)), 120)] == [MONDAY]
    assert [one.day for one in cut(at(6, time(23, 0)), 120)] == [SUNDAY]
    assert cut(at(-1, time(23, 0)), 60) == []


@given(st.integers(0, 7 * 24 * 60 - 1), st.integers(1, 3 * 24 * 60))
def test_a_block_stays_within_its_day_and_can_be_pressed(minute, minutes):
    found = cut(at(0, time()) + timedelta(minutes=minute), minutes)
    assert found
    for block in found:
        assert block.at >= 0
        assert block.until <= QUARTERS
        assert block.quarters >= LEAST
        assert MONDAY <= block.day <= SUNDAY
    assert [block.begun for block in found] == [False] + [True] * (len(found) - 1)


BLOCKS = st.lists(st.tuples(st.integers(0, 90), st.integers(LEAST, 6)), max_size=30)


@given(BLOCKS)
def test_no_block_covers_another_and_what_has_no_room_is_counted(some):
    made = [
        Block(SimpleNamespace(pk=n), MONDAY, start, length)
        for n, (start, length) in enumerate(some)
    ]
    left_out = layout.side_by_side(made)
    assert left_out == sum(not one.lane for one in made)
    for one in made:
        assert 0 <= one.lane <= one.lanes <= MOST_LANES
    shown = [one for one in made if one.lane]
    for one in shown:
        for other in shown:
            if one is not other and one.at < other.until and other.at < one.until:
                assert one.lanes == other.lanes
                assert one.lane != other.lane
    for quarter in range(QUARTERS):
        here = [one for one in made if one.at <= quarter < one.until]
        if len(here) <= MOST_LANES:
            continue
        assert sum(bool(one.lane) for one in here) == MOST_LANES


@given(BLOCKS)
def test_the_hours_that_are_shown_hold_every_block(some):
    made = [Block(SimpleNamespace(pk=1), MONDAY, start, length) for start, length in some]
    first, last = layout.hours(made)
    assert 0 <= first <= layout.DAY_BEGINS
    assert layout.DAY_ENDS <= last <= 24 or any(one.until > QUARTERS for one in made)
    for one in made:
        assert first * 4 <= one.at
        assert one.until <= last * 4
