"""Webinars of one sort are found by their titles, and the next date keeps their distance."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.conferences.schedule.likeness import Held, like, likeness, next_day, sorts, words_of

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 1, 1))


def held(number, title, day):
    return Held(number, title, date.fromisoformat(day))


KNOWN = sorts(
    [
        held(1, "Autumn briefing 2025", "2025-09-02"),
        held(2, "Autumn briefing 2026", "2026-09-01"),
        held(3, "Press talk no. 14", "2026-10-06"),
        held(4, "Press talk no. 15", "2026-11-03"),
        held(5, "Übung für Gäste", "2026-05-05"),
        held(6, "2026", "2026-01-01"),
    ]
)


def titles(found):
    return [one.last.title for one in found]


def test_editions_are_one_sort_and_the_last_stands_for_them():
    assert titles(KNOWN) == [
        "Press talk no. 15",
        "Autumn briefing 2026",
        "Übung für Gäste",
        "2026",
    ]
    assert KNOWN[0].days == (date(2026, 11, 3), date(2026, 10, 6))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", ["Press talk no. 15", "Autumn briefing 2026", "Übung für Gäste"]),
        ("Press talk no. 16", ["Press talk no. 15"]),
        ("autumn", ["Autumn briefing 2026"]),
        ("BRIEFING autumn 2027", ["Autumn briefing 2026"]),
        ("ubung fur gaste", ["Übung für Gäste"]),
        ("Something else", []),
        ("2027", []),
    ],
)
def test_a_title_finds_its_sort(typed, expected):
    assert titles(like(typed, KNOWN)) == expected


@pytest.mark.parametrize(
    ("days", "today", "expected"),
    [
        # first Tuesday of the month
        (["2026-11-03", "2026-10-06"], "2026-11-10", "2026-12-01"),
        # every week, every other week
        (["2026-11-03", "2026-10-27"], "2026-11-04", "2026-11-10"),
        (["2026-11-03", "2026-10-20"], "2026-11-04", "2026-11-17"),
        # the 15th, whatever weekday
        (["2026-11-15", "2026-10-15"], "2026-11-20", "2026-12-15"),
        # the 31st, and the last day where there is none
        (["2026-10-31", "2026-08-31"], "2026-11-01", "2026-12-31"),
        (["2026-12-31", "2026-10-31"], "2027-01-01", "2027-02-28"),
        # the first Tuesday of September, once a year
        (["2026-09-01", "2025-09-02"], "2026-12-01", "2027-09-07"),
        # once: the same weekday of the next month, a fifth one where there is one
        (["2026-11-03"], "2026-11-10", "2026-12-01"),
        (["2026-03-31"], "2026-04-01", "2026-04-28"),
        # long ago: the next that lies ahead
        (["2019-11-05", "2019-10-01"], "2026-11-10", "2026-12-01"),
        (["2019-11-05", "2019-10-29"], "2026-11-10", "2026-11-17"),
    ],
)
def test_the_next_date_keeps_the_distance(days, today, expected):
    found = next_day([date.fromisoformat(day) for day in days], date.fromisoformat(today))
    assert found == date.fromisoformat(expected)


@given(last=DAYS, gap=st.integers(1, 4000), once=st.booleans(), today=DAYS)
def test_the_next_date_lies_ahead_and_is_the_first_that_does(last, gap, once, today):
    before = last - timedelta(days=gap)
    days = [last] if once else [last, before]
    found = next_day(days, today)
    assert found > max(last, today)
    if found.weekday() != last.weekday() and gap % 7 == 0 and not once:
        assert found.day == last.day or gap >= 28
    if today <= last:
        # From the last one on, it is about as far as it was before.
        assert abs((found - last).days - (28 if once else gap)) <= 31


@given(st.text(), st.text())
def test_likeness_is_the_same_from_both_sides(one, other):
    a, b = words_of(one), words_of(other)
    assert likeness(a, b) == likeness(b, a)
    assert 0 <= likeness(a, b) <= 1
    assert not a or likeness(a, a) == 1
