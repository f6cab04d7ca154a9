"""When a conference is: the document's schedules, the server's own zone, changes of clocks."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from integrations.base.errors import RequestRejected, UnexpectedAnswer
from integrations.base.reading import Row
from integrations.trueconf.mapping.moments import logged, unix, zone_of
from integrations.trueconf.mapping.schedule import (
    DAYS_OPTION,
    decode_schedule,
    encode_schedule,
    parse_days,
)
from tests.support.trueconf import example

BERLIN = ZoneInfo("Europe/Berlin")


def read(schedule: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    return decode_schedule(Row(schedule, "conference", "TrueConf Server"))


def weekly(starts_at: str, zone: Any = BERLIN, days: str = "monday") -> dict[str, Any]:
    now = {"starts_at": starts_at, "duration_minutes": 60, DAYS_OPTION: days}
    return encode_schedule(set(now), now, {}, zone)


def test_once() -> None:
    fields, facts = read(example("schedules")["once"])
    assert fields == {
        "permanent": False,
        "starts_at": "2017-10-31T15:40:00Z",
        "duration_minutes": 10,
        DAYS_OPTION: "",
    }
    assert encode_schedule(fields.keys(), fields, facts, None) == example("schedules")["once"]


def test_weekly_is_read_by_the_instant_of_its_next_start() -> None:
    """In the document's example the hour and the offset do not even agree with it."""
    fields, facts = read(example("schedules")["weekly"])
    assert fields["starts_at"] == "2017-11-01T08:00:00Z"
    assert fields[DAYS_OPTION] == "monday, tuesday, wednesday"
    assert facts == {"weekly_time": "11:30", "server_offset_minutes": 180}


def test_without_schedule_there_are_no_times() -> None:
    fields, facts = read({"type": -1})
    assert fields["permanent"] is True
    assert fields["starts_at"] is None
    assert encode_schedule(fields.keys(), fields, facts, None) == {"type": -1}


@pytest.mark.parametrize(
    ("starts_at", "hour"),
    [
        ("2027-03-22T09:00:00Z", "10:00"),  # before the change of clocks, +1
        ("2027-03-29T08:00:00Z", "10:00"),  # after it, +2: the same hour of the server's clock
        ("2027-10-25T08:00:00Z", "10:00"),
        ("2027-11-01T09:00:00Z", "10:00"),
    ],
)
def test_hour_of_a_weekly_one_is_that_of_the_server_on_that_date(starts_at: str, hour: str) -> None:
    made = weekly(starts_at)
    assert made == {"type": 0, "days": ["monday"], "time": hour, "duration": 3600}
    assert "start_time" not in made, "the next start is the server's to say"


def test_without_the_servers_zone_no_hour_is_guessed() -> None:
    with pytest.raises(RequestRejected) as caught:
        weekly("2027-03-22T09:00:00Z", None)
    assert "starts_at" in caught.value.field_errors


def test_hour_stays_as_it_is_where_staff_did_not_move_the_start() -> None:
    fields, facts = read(example("schedules")["weekly"])
    now = {**fields, "duration_minutes": 45}
    made = encode_schedule({"duration_minutes"}, now, facts, None)
    assert made == {
        "type": 0,
        "days": ["monday", "tuesday", "wednesday"],
        "time": "11:30",
        "duration": 2700,
    }


def test_seconds_of_a_duration_stay_where_only_the_start_moves() -> None:
    fields, facts = read({"type": 1, "start_time": 1509464400, "duration": 599})
    now = {**fields, "starts_at": "2027-01-01T00:00:00Z"}
    assert encode_schedule({"starts_at"}, now, facts, None)["duration"] == 599
    assert encode_schedule({"duration_minutes"}, now, facts, None)["duration"] == 540


def test_days_are_put_in_order_and_checked() -> None:
    assert parse_days("Wednesday,monday") == ["monday", "wednesday"]
    with pytest.raises(RequestRejected) as caught:
        parse_days("montag")
    assert DAYS_OPTION in caught.value.field_errors


@pytest.mark.parametrize(
    "schedule",
    [
        {},
        {"type": 7},
        {"type": 1, "start_time": "soon", "duration": 5},
        {"type": 1, "start_time": 10**15, "duration": 5},
        {"type": 1, "start_time": 5, "duration": -5},
        {"type": 0, "start_time": 5, "duration": 5, "days": ["someday"]},
        {"type": 0, "start_time": 5, "duration": 5, "days": None},
    ],
)
def test_what_makes_no_sense_is_not_believed(schedule: dict[str, Any]) -> None:
    with pytest.raises(UnexpectedAnswer):
        read(schedule)


def row(**values: Any) -> Row:
    return Row(values, "call", "TrueConf Server")


@pytest.mark.parametrize(
    ("date", "zone", "utc"),
    [
        ("2018-04-11 15:17:43.649296", "Europe/London", "2018-04-11T14:17:43Z"),
        ("2018-01-11 15:17:43.649296", "Europe/London", "2018-01-11T15:17:43Z"),
        ("2018-04-11 15:17:43", "+03:00", "2018-04-11T12:17:43Z"),
        ("2018-04-11 15:17:43", "UTC", "2018-04-11T15:17:43Z"),
        ("2018-04-11 15:17:43", None, "2018-04-11T15:17:43Z"),
    ],
)
def test_dates_of_the_log_name_their_zone(date: str, zone: str | None, utc: str) -> None:
    value = {"date": date, "timezone_type": 3, "timezone": zone}
    assert logged(row(at=value), "at") == utc


def test_dates_of_the_log_may_be_null_or_nonsense() -> None:
    assert logged(row(at=None), "at") is None
    with pytest.raises(UnexpectedAnswer):
        logged(row(at={"date": "2018-04-11 15:17:43", "timezone": "Atlantis/Deep"}), "at")


def test_unix_time_may_be_text_and_minus_one_is_none() -> None:
    assert unix(row(at="1711910100"), "at") == "2024-03-31T18:35:00Z"
    assert unix(row(at=-1), "at") is None


def test_zones() -> None:
    assert zone_of("Europe/Berlin") == BERLIN
    assert zone_of("-25:00") is None
    assert zone_of("../etc/passwd") is None
