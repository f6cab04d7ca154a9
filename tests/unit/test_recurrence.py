"""Rules that repeat: which days, and which instants on both sides of a change of clocks."""
# A time on the wall has no zone yet: that is what is tested.
# ruff: noqa: DTZ001

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.conferences import recurrence, walltime
from portal.conferences.recurrence import (
    DAILY,
    LAST,
    LONGEST,
    MONTHLY,
    MOST_DATES,
    WEEKLY,
    Rule,
    expand,
)

BERLIN = "Europe/Berlin"
ZONES = [BERLIN, "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Asia/Tokyo"]


def days(rule, first, zone=BERLIN):
    return [one.wall.date().isoformat() for one in expand(rule, first, zone)]


@pytest.mark.parametrize(
    ("rule", "first", "expected"),
    [
        (Rule(DAILY, count=3), (2027, 2, 27), ["2027-02-27", "2027-02-28", "2027-03-01"]),
        (Rule(DAILY, 2, count=3), (2027, 2, 27), ["2027-02-27", "2027-03-01", "2027-03-03"]),
        # Monday and Thursday, from a Tuesday on
        (
            Rule(WEEKLY, days=(0, 3), count=3),
            (2027, 3, 2),
            ["2027-03-04", "2027-03-08", "2027-03-11"],
        ),
        (
            Rule(WEEKLY, 2, days=(1,), count=3),
            (2027, 3, 2),
            ["2027-03-02", "2027-03-16", "2027-03-30"],
        ),
        # The second Tuesday
        (
            Rule(MONTHLY, days=(1,), nth=2, count=3),
            (2027, 3, 9),
            ["2027-03-09", "2027-04-13", "2027-05-11"],
        ),
        # The last Friday
        (
            Rule(MONTHLY, days=(4,), nth=LAST, count=3),
            (2027, 1, 29),
            ["2027-01-29", "2027-02-26", "2027-03-26"],
        ),
        # The 31st: months without one are left out
        (
            Rule(MONTHLY, month_day=31, count=3),
            (2027, 1, 31),
            ["2027-01-31", "2027-03-31", "2027-05-31"],
        ),
        (
            Rule(MONTHLY, month_day=LAST, count=3),
            (2027, 1, 31),
            ["2027-01-31", "2027-02-28", "2027-03-31"],
        ),
        (
            Rule(WEEKLY, until=date(2027, 3, 16)),
            (2027, 3, 2),
            ["2027-03-02", "2027-03-09", "2027-03-16"],
        ),
        (Rule(WEEKLY, until=date(2027, 3, 1)), (2027, 3, 2), []),
    ],
)
def test_days_of_a_rule(rule, first, expected):
    assert days(rule, datetime(*first, 10)) == expected


def test_ten_stays_ten_when_the_clocks_change():
    found = expand(Rule(WEEKLY, count=3), datetime(2027, 3, 21, 10), BERLIN)
    assert [one.at.hour for one in found] == [9, 8, 8]
    assert recurrence.offset_changes(found, BERLIN) == [False, True, False]


def test_a_time_that_is_left_out_lies_as_much_later():
    found = expand(Rule(DAILY, count=3), datetime(2027, 3, 27, 2, 30), BERLIN)
    assert [one.left_out for one in found] == [False, True, False]
    assert walltime.wall(found[1].at, BERLIN) == datetime(2027, 3, 28, 3, 30)


@pytest.mark.parametrize(("second", "hour"), [(False, 0), (True, 1)])
def test_of_a_time_that_comes_twice_one_is_meant(second, hour):
    found = expand(Rule(DAILY, count=2), datetime(2027, 10, 31, 2, 30), BERLIN, second=second)
    assert found[0].twice
    assert not found[1].twice
    assert found[0].at == datetime(2027, 10, 31, hour, 30, tzinfo=UTC)


def test_a_day_that_is_left_out_is_no_second_date():
    found = expand(Rule(DAILY, count=3), datetime(2011, 12, 29, 12), "Pacific/Apia")
    assert len({one.at for one in found}) == len(found) == 2


def test_no_rule_goes_on_for_ever():
    assert len(expand(Rule(DAILY), datetime(2027, 1, 1, 10), BERLIN)) == MOST_DATES + 1
    found = expand(Rule(MONTHLY, 12, month_day=31), datetime(2027, 3, 31, 10), BERLIN)
    assert [one.wall.year for one in found] == [2027, 2028, 2029, 2030]
    # No month of its turn has five Mondays: it ends all the same.
    assert expand(Rule(MONTHLY, 48, days=(0,), nth=5), datetime(2027, 2, 1, 10), BERLIN) == []


ENDS = st.one_of(
    st.integers(1, 30).map(lambda n: {"count": n}),
    st.dates(date(2027, 1, 1), date(2029, 12, 31)).map(lambda day: {"until": day}),
)
DAY_SETS = st.sets(st.integers(0, 6), min_size=1).map(lambda some: tuple(sorted(some)))
RULES = st.one_of(
    st.builds(lambda n, end: Rule(DAILY, n, **end), st.integers(1, 40), ENDS),
    st.builds(lambda n, some, end: Rule(WEEKLY, n, some, **end), st.integers(1, 8), DAY_SETS, ENDS),
    st.builds(
        lambda n, day, end: Rule(MONTHLY, n, month_day=day, **end),
        st.integers(1, 6),
        st.sampled_from([1, 15, 29, 31, LAST]),
        ENDS,
    ),
    st.builds(
        lambda n, day, nth, end: Rule(MONTHLY, n, (day,), nth=nth, **end),
        st.integers(1, 6),
        st.integers(0, 6),
        st.sampled_from([1, 2, 4, 5, LAST]),
        ENDS,
    ),
)
FIRST = st.datetimes(datetime(2027, 1, 1), datetime(2028, 12, 31)).map(
    lambda at: at.replace(second=0, microsecond=0, fold=0)
)


def by_hand(rule, first):
    """The days of a rule by plain arithmetic: every day is looked at by itself."""
    monday = first.date() - timedelta(days=first.weekday())
    found = []
    for number in range(LONGEST.days + 1):
        day = first.date() + timedelta(days=number)
        if rule.until and day > rule.until:
            break
        if _fits(rule, day, first.date(), monday):
            found.append(day)
        if len(found) == (rule.count or MOST_DATES + 1):
            break
    return found[: MOST_DATES + 1]


def _fits(rule, day, first, monday):
    if rule.every == DAILY:
        return (day - first).days % rule.interval == 0
    if rule.every == WEEKLY:
        return day.weekday() in rule.days and (day - monday).days // 7 % rule.interval == 0
    if ((day.year - first.year) * 12 + day.month - first.month) % rule.interval:
        return False
    length = monthrange(day.year, day.month)[1]
    if rule.month_day:
        return day.day == (rule.month_day if rule.month_day > 0 else length)
    if day.weekday() != rule.days[0]:
        return False
    return day.day + 7 > length if rule.nth == LAST else (day.day + 6) // 7 == rule.nth


@given(RULES, FIRST, st.sampled_from(ZONES), st.booleans())
def test_every_date_is_the_day_and_the_clock_of_the_rule(rule, first, zone, second):
    found = expand(rule, first, zone, second=second)
    assert [one.wall.date() for one in found] == by_hand(rule, first)
    for one in found:
        assert one.wall.time() == first.time()
        shown = one.at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
        if one.left_out:
            assert not walltime.instants(one.wall, zone)
            assert timedelta(0) < shown - one.wall <= timedelta(hours=1)
        else:
            assert shown == one.wall
            assert one.at == walltime.instants(one.wall, zone)[-1 if second else 0]


@given(RULES, st.sampled_from(ZONES))
def test_a_rule_is_read_as_it_was_written(rule, zone):
    assert recurrence.parse(rule.text(zone), zone) == rule


@pytest.mark.parametrize(
    "text", ["", "FREQ=YEARLY", "INTERVAL=2", "FREQ=DAILY;BYHOUR=3", "FREQ=WEEKLY;BYDAY=1MO,2TU"]
)
def test_other_rules_are_refused(text):
    with pytest.raises(recurrence.UnknownRule):
        recurrence.parse(text, BERLIN)
