"""The calendar entry, read back by a calendar library: times, identity, nothing smuggled in."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from portal.conferences.mails.services.calendar_entry import calendar_file
from portal.conferences.models import Conference
from portal.platforms.models import PlatformAccount

LINK = "https://lectern.example.com/join/3f1b0a52-8f2a-4a55-9b8e-0d7f4c8e2f11/"


def conference(**values):
    given = {
        "title": "Spring news",
        "starts_at": datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        "duration_minutes": 90,
        "timezone": "Europe/Berlin",
        "sequence": 3,
        "account": PlatformAccount(),
    }
    return Conference(**given | values)


def entry(row, **values):
    given = {"to_email": "ann@example.com", "to_name": "Ann", "link": LINK, "sequence": 3}
    content = calendar_file(row, **given | values)
    calendar = Calendar.from_ical(content)
    return calendar, calendar.walk("VEVENT")[0], content


def test_it_says_who_when_and_where():
    row = conference()
    calendar, event, _ = entry(row)
    assert calendar["METHOD"] == "REQUEST"
    assert event["UID"] == row.calendar_uid
    assert event["SEQUENCE"] == 3
    assert event["SUMMARY"] == "Spring news"
    assert event["LOCATION"] == event["URL"] == LINK
    assert str(event["ATTENDEE"]) == "mailto:ann@example.com"
    assert event["ATTENDEE"].params["CN"] == "Ann"
    assert str(event["ORGANIZER"]).startswith("mailto:")
    assert event["DTSTAMP"].dt.tzinfo is not None


@pytest.mark.parametrize(
    "start",
    [
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # 02:30 CEST; the hour comes again
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),  # 02:30 CET, the second time
        datetime(2026, 3, 29, 0, 45, tzinfo=UTC),  # 01:45 CET; the next hour is left out
        datetime(2026, 7, 1, 12, 0, tzinfo=UTC),
    ],
)
def test_times_stay_the_same_instants_across_a_clock_change(start):
    _, event, _ = entry(conference(starts_at=start, duration_minutes=120))
    assert event["DTSTART"].dt == start
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=120)
    berlin = event["DTSTART"].dt.astimezone(ZoneInfo("Europe/Berlin"))
    assert berlin == start.astimezone(ZoneInfo("Europe/Berlin"))


def test_a_cancellation_takes_the_same_entry_back():
    row = conference()
    _, invited, _ = entry(row)
    row.removed_at = row.starts_at
    calendar, event, _ = entry(row, cancelled=True, sequence=4)
    assert (calendar["METHOD"], event["STATUS"]) == ("CANCEL", "CANCELLED")
    assert event["UID"] == invited["UID"]
    assert event["SEQUENCE"] > invited["SEQUENCE"]


def test_a_cancellation_for_one_person_does_not_call_it_off():
    calendar, event, _ = entry(conference(), cancelled=True, sequence=4)
    assert calendar["METHOD"] == "CANCEL"
    assert "STATUS" not in event, "RFC 5546, 3.2.5"
    assert str(event["ATTENDEE"]) == "mailto:ann@example.com"


def test_a_permanent_room_has_no_entry():
    row = conference(starts_at=None, duration_minutes=None, permanent=True)
    given = {"to_email": "a@example.com", "to_name": "", "link": LINK, "sequence": 0}
    assert calendar_file(row, **given) is None


def test_lines_end_and_fold_as_the_standard_says():
    _, event, content = entry(conference(title="Ünïcödé, " * 60))
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert event["SUMMARY"] == "Ünïcödé, " * 60


@pytest.mark.parametrize(
    "text",
    [
        "a\r\nATTENDEE:mailto:b@example.com",
        "a;b,c\\n\\d",
        'say "yes"',
        "END:VEVENT\nBEGIN:VEVENT",
        "\x00\x07x",
        "🦊 <b>",
        "a:b;RSVP=TRUE",
        "שלום",
    ],
)
def test_nothing_is_smuggled_in(text):
    content = calendar_file(
        conference(title=text, description=text),
        to_email="ann@example.com",
        to_name=text,
        link=LINK,
        sequence=0,
    )
    calendar = Calendar.from_ical(content)
    events = calendar.walk("VEVENT")
    assert len(events) == 1
    assert str(events[0]["ATTENDEE"]) == "mailto:ann@example.com"
    assert events[0]["ATTENDEE"].params["RSVP"] == "FALSE"
    wanted = text.replace("\r\n", "\n").replace("\x00", " ").replace("\x07", " ")
    assert (
        str(events[0]["SUMMARY"]).split() == wanted.replace("\\n", "\n").split()
        or str(events[0]["SUMMARY"]) == wanted
    )
