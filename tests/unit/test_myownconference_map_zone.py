"""The clock of a MyOwnConference profile: offset, summer time, and what cannot be told by it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.base.errors import UnexpectedAnswer
from integrations.myownconference.mapping.profile import ProfileClock, decode_profile
from integrations.myownconference.mapping.zone import (
    ALWAYS,
    EUROPEAN_UNION,
    SUMMER,
    WINTER,
    profile_zone,
    wall_text,
)
from tests.support.myownconference import ZONE, example


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "wall"),
    [
        ("2026-01-15T09:00", "2026-01-15 10:00:00"),
        ("2026-03-29T00:59", "2026-03-29 01:59:00"),
        ("2026-03-29T01:00", "2026-03-29 03:00:00"),
        ("2026-07-15T08:00", "2026-07-15 10:00:00"),
        ("2026-10-24T23:59", "2026-10-25 01:59:00"),
        ("2026-10-25T00:30", "2026-10-25 02:30:00"),
        ("2026-10-25T01:30", "2026-10-25 02:30:00"),
        ("2026-10-25T02:00", "2026-10-25 03:00:00"),
    ],
)
def test_summer_adds_an_hour_by_the_rule_of_the_european_union(moment: str, wall: str) -> None:
    assert wall_text(utc(moment), ZONE) == wall


def test_an_hour_that_comes_twice_is_two_instants() -> None:
    both = [utc("2026-10-25T00:30"), utc("2026-10-25T01:30")]
    assert ZONE.instants(both[0]) == ZONE.instants(both[1]) == both
    assert ZONE.instants(utc("2026-10-25T02:30")) == [utc("2026-10-25T02:30")]
    assert ZONE.instants(utc("2026-10-24T23:59")) == [utc("2026-10-24T23:59")]


@pytest.mark.parametrize(
    ("wall", "moment"),
    [
        ("2026-10-25T02:30", "2026-10-25T00:30"),  # the first of the two
        ("2026-03-29T02:30", "2026-03-29T01:30"),  # skipped: the offset from before the gap
    ],
)
def test_wall_times_at_the_changes_are_read_as_everywhere(wall: str, moment: str) -> None:
    read = datetime.fromisoformat(wall).replace(tzinfo=ZONE)
    assert read.astimezone(UTC) == utc(moment)


@pytest.mark.parametrize(
    ("minutes", "timemove", "meaning", "winter", "summer", "name"),
    [
        (60, True, WINTER, "10:00", "11:00", "Europe/Brussels"),
        (120, True, SUMMER, "10:00", "11:00", "Europe/Brussels"),
        (60, True, ALWAYS, "10:00", "10:00", "Africa/Lagos"),
        (60, False, WINTER, "10:00", "10:00", "Africa/Lagos"),
        (60, False, SUMMER, "10:00", "10:00", "Africa/Lagos"),
        (345, False, WINTER, "14:45", "14:45", "Asia/Kathmandu"),
        (-150, False, WINTER, "06:30", "06:30", None),
    ],
)
def test_how_the_minutes_are_meant_is_an_option(
    minutes: int, timemove: bool, meaning: str, winter: str, summer: str, name: str | None
) -> None:
    zone = profile_zone(minutes, timemove, meaning, EUROPEAN_UNION)
    assert wall_text(utc("2026-01-15T09:00"), zone)[11:16] == winter
    assert wall_text(utc("2026-07-15T09:00"), zone)[11:16] == summer
    assert zone.iana == name


def test_another_rule_has_other_dates() -> None:
    zone = profile_zone(-300, True, WINTER, "America/New_York")
    assert wall_text(utc("2026-03-15T12:00"), zone) == "2026-03-15 08:00:00"
    assert zone.iana == "America/New_York"


def test_southern_summer_is_in_january() -> None:
    zone = profile_zone(600, True, WINTER, "Australia/Sydney")
    assert wall_text(utc("2026-01-15T00:00"), zone) == "2026-01-15 11:00:00"


class TestProfile:
    def test_is_read(self) -> None:
        profile = decode_profile(example("profile"))
        assert profile == ProfileClock(60, True, "Robin Keller", "owner@example.com")

    @pytest.mark.parametrize(
        "changes", [{"timezone": ""}, {"timezone": "x"}, {"timezone": "1440"}, {"timemove": ""}]
    )
    def test_without_a_clock_nothing_is_believed(self, changes: dict[str, Any]) -> None:
        with pytest.raises(UnexpectedAnswer):
            decode_profile(example("profile", **changes))
