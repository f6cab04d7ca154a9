"""The calendar entry of a room with dates, as calendars read it that know nothing of Lectern."""

from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from integrations.base.records import instant
from portal.conferences import recurrence, repeating
from portal.conferences.mails.services.calendar_entry import Entry, calendar_file, several_dates
from portal.conferences.recurrence import DAILY, WEEKLY, Rule
from portal.conferences.schedule.services import room_dates
from portal.conferences.schedule.services.series import Extent
from portal.sync.mirrors.conferences import ConferenceMirror
from tests.factories import AccountFactory, ConferenceFactory, room_with_dates
from tests.support.entries import instants_of

pytestmark = pytest.mark.django_db
BERLIN = "Europe/Berlin"
FIRST = datetime(2094, 1, 5, 10, 0, tzinfo=UTC)
WEEK = timedelta(days=7)


def wall(*parts):
    """What a clock shows."""
    return datetime(*parts, tzinfo=UTC).replace(tzinfo=None)


def room(rule, first, zone=BERLIN, **given):
    """A permanent room with the dates that a rule makes from a wall time on."""
    starts = [one.at for one in recurrence.expand(rule, first, zone)]
    values = {
        "account": AccountFactory(platform="clickmeeting"),
        "dates": [instant(at) for at in starts],
        "starts_at": starts[0],
        "dates_from": starts[0],
        "dates_rule": rule.text(zone),
        "timezone": zone,
    }
    return room_with_dates(starts[0], **values | given)


def read(row):
    return Calendar.from_ical(
        calendar_file(row, to_email="a@example.com", to_name="", link="https://x", sequence=0)
    )


def kept_only(row, *dates):
    row.dates = [instant(at) for at in sorted(dates)]
    row.starts_at = min(dates)
    return row


# The clocks of Berlin leave out 02:00 to 03:00 on 28 March 2094, and have it twice on 31 October.
@pytest.mark.parametrize("day", [wall(2094, 3, 28), wall(2094, 10, 31)])
@pytest.mark.parametrize("before", [0, 1, 3])
@pytest.mark.parametrize("minutes", [90, 120, 150, 179, 180])
def test_an_hour_that_is_not_there_or_comes_twice(day, before, minutes):
    first = day - timedelta(days=before) + timedelta(minutes=minutes)
    row = room(Rule(DAILY, count=6), first)
    kept = repeating.kept(row)
    assert instants_of(read(row)) == kept
    for number, gone in enumerate(kept):
        others = [at for at in kept if at != gone]
        assert instants_of(read(kept_only(row, *others))) == others, number
        moved = sorted([*others, gone + timedelta(minutes=61)])
        if len(set(moved)) == len(kept):
            assert instants_of(read(kept_only(row, *moved))) == moved, number


def test_the_second_of_two_like_hours_is_meant():
    second = datetime(2094, 10, 31, 1, 30, tzinfo=UTC)  # 02:30, for the second time
    row = room_with_dates(second, 1, timezone=BERLIN)
    assert instants_of(read(row)) == [second]
    row = room_with_dates(second - WEEK, 3, timezone=BERLIN)
    kept_only(row, second - WEEK, second, second + 2 * WEEK)
    assert instants_of(read(row)) == repeating.kept(row)


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York", "UTC", "Nowhere/Unknown"])
def test_another_zone_leaves_the_dates(zone):
    row = room(Rule(WEEKLY, days=(1, 4), count=30), wall(2094, 1, 5, 23, 30))
    row.timezone = zone
    assert instants_of(read(row)) == repeating.kept(row)


def test_one_date_that_was_moved_is_no_exception_of_a_rule(staff_user):
    row = room(Rule(WEEKLY, days=(1,), count=4), wall(2094, 1, 5, 10, 0))
    first, *_rest = repeating.kept(row)
    row = room_dates.skip(row, first + WEEK, Extent.FOLLOWING, staff_user, row.version, False)
    to = first + timedelta(hours=5)
    row = room_dates.move(row, first, Extent.ONE, to, staff_user, row.version, False)
    calendar = read(row)
    (event,) = calendar.walk("VEVENT")
    assert not {"recurrence-id", "rrule", "rdate", "exdate"} & set(map(str.lower, event))
    assert instants_of(calendar) == [to]


def test_the_clocks_of_the_earliest_date_come_along():
    row = room(Rule(WEEKLY, days=(1,), count=40), wall(2094, 3, 30, 10, 0))
    first, *rest = repeating.kept(row)
    kept_only(row, first - 6 * WEEK, *rest)  # before the clocks change
    calendar = read(row)
    offsets = {
        part["tzoffsetto"].td
        for zone in calendar.walk("VTIMEZONE")
        for part in zone.subcomponents
        if part["dtstart"].dt.date() <= (first - 6 * WEEK).date()
    }
    assert offsets == {timedelta(hours=1)}
    assert instants_of(calendar) == repeating.kept(row)


def test_one_of_several_webinars_has_all_its_dates():
    row = room(Rule(WEEKLY, days=(1,), count=4), wall(2094, 1, 5, 10, 0))
    once = ConferenceFactory(starts_at=FIRST, duration_minutes=30)
    entries = [Entry(row, "https://x", 1), Entry(once, "https://y", 2)]
    calendar = Calendar.from_ical(several_dates(entries, to_email="a@example.com", to_name=""))
    found = {}
    for event in calendar.walk("VEVENT"):
        assert "attendee" not in event
        found.setdefault(event["uid"], Calendar()).add_component(event)
    assert instants_of(found[row.calendar_uid]) == repeating.kept(row)
    assert instants_of(found[once.calendar_uid]) == [FIRST]
    assert len(calendar.walk("VTIMEZONE")) == 1


def test_a_room_that_was_a_webinar_meanwhile_knows_nothing_of_its_old_rule(staff_user):
    row, mirror = room_with_dates(FIRST), ConferenceMirror()
    mirror.write(row, {"permanent": False, "starts_at": instant(FIRST), "duration_minutes": 30})
    mirror.write(row, {"permanent": True, "starts_at": None, "duration_minutes": None})
    assert (row.dates, row.dates_rule, row.dates_from) == ([], "", None)
    row = room_dates.add(row, FIRST + 30 * WEEK, staff_user, row.version, False)
    assert instants_of(read(row)) == [FIRST + 30 * WEEK]


def exceptions(row):
    """Which date of the rule each moved one stands for, and which are left out, as days of March;
    and what is listed beside the rule."""
    whole, *others = read(row).walk("VEVENT")
    moved = {one["recurrence-id"].dt.day: one["dtstart"].dt.day for one in others}
    left_out = whole.get("exdate", [])
    some = left_out if isinstance(left_out, list) else [left_out]
    return moved, [at.dt.day for one in some for at in one.dts], "rdate" in whole


# Some calendars refuse an entry in which a date that was moved passes the next one.
@pytest.mark.parametrize(
    ("hours", "gone", "more", "moved", "left_out"),
    [
        (1, 11, [], {4: 4, 9: 9, 16: 16, 18: 18}, [11]),
        (1, 4, [], {9: 9, 11: 11, 16: 16, 18: 18}, [4]),
        (1, 11, [25], {4: 4, 9: 9, 11: 25, 16: 16, 18: 18}, []),
        (24, 11, [], {4: 5, 9: 10, 16: 17, 18: 19}, [11]),
        (24, 9, [], {4: 5, 11: 12, 16: 17, 18: 19}, [9]),
        (-24, 4, [], {9: 8, 11: 10, 16: 15, 18: 17}, [4]),
    ],
)
def test_no_date_stands_for_another_one_without_need(hours, gone, more, moved, left_out):
    row = room(Rule(WEEKLY, days=(1, 3), count=6), wall(2094, 3, 2, 19, 0))
    first, *rest = repeating.kept(row)
    days = [at + timedelta(hours=hours) for at in rest if at.day != gone]
    kept_only(row, first, *days, *(first.replace(day=day) for day in more))
    assert exceptions(row) == (moved, left_out, False)
    assert instants_of(read(row)) == repeating.kept(row)


def test_what_a_rule_has_no_place_for_is_what_is_farthest_from_it():
    row = room(Rule(WEEKLY, days=(1,), count=4), wall(2094, 1, 5, 10, 0))
    first, second, *rest = repeating.kept(row)
    hours = timedelta(hours=5)
    kept_only(row, first, second + hours, *rest, first + 2 * hours)
    whole, moved = read(row).walk("VEVENT")
    assert moved["recurrence-id"].dt == second
    assert moved["dtstart"].dt == second + hours
    assert [at.dt for at in whole["rdate"].dts] == [first + 2 * hours]
    assert instants_of(read(row)) == repeating.kept(row)
