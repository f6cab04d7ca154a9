"""Clock times that are left out, or that come twice."""
# A time on the wall has no zone yet: that is what is tested.
# ruff: noqa: DTZ001

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.conferences import walltime

BERLIN = "Europe/Berlin"


def test_an_ordinary_time_is_one_instant():
    found = walltime.instants(datetime(2026, 11, 30, 14, 30), BERLIN)
    assert found == [datetime(2026, 11, 30, 13, 30, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("wall", "zone", "following"),
    [
        (datetime(2026, 3, 29, 2, 30), BERLIN, datetime(2026, 3, 29, 3, 0)),
        (datetime(2026, 3, 29, 2, 0), BERLIN, datetime(2026, 3, 29, 3, 0)),
        (datetime(2026, 3, 8, 2, 59), "America/New_York", datetime(2026, 3, 8, 3, 0)),
        # Half an hour only
        (datetime(2026, 10, 4, 2, 10), "Australia/Lord_Howe", datetime(2026, 10, 4, 2, 30)),
        # Samoa left out a whole day
        (datetime(2011, 12, 30, 12, 0), "Pacific/Apia", datetime(2011, 12, 31, 0, 0)),
    ],
)
def test_a_gap_has_no_instant_and_names_what_follows(wall, zone, following):
    assert walltime.instants(wall, zone) == []
    assert walltime.after_gap(wall, zone) == following


def test_an_overlap_has_two_instants_in_order():
    first, second = walltime.instants(datetime(2026, 10, 25, 2, 30), BERLIN)
    assert (second - first).total_seconds() == 3600
    assert walltime.offset(first, BERLIN) == "UTC+02:00"
    assert walltime.offset(second, BERLIN) == "UTC+01:00"
    assert not walltime.is_second(first, BERLIN)
    assert walltime.is_second(second, BERLIN)


@given(
    st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)),
    st.sampled_from([BERLIN, "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
)
def test_every_instant_shows_the_time_that_was_asked_for(wall, zone):
    wall = wall.replace(second=0, microsecond=0, fold=0)
    for moment in walltime.instants(wall, zone):
        assert moment.tzinfo is UTC
        assert moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0) == wall
