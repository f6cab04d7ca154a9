"""One conference that its platform repeats: as its page, the list and the calendar show it."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from dateutil.tz import tzical
from django.db.models import Q
from icalendar import Calendar

from portal.common import clock
from portal.conferences import repeating, walltime
from portal.conferences.mails.services import letters
from portal.conferences.mails.services.calendar_entry import calendar_file
from portal.conferences.mails.services.letters import Content
from portal.conferences.models import Conference
from portal.conferences.schedule import queries
from portal.conferences.schedule.services import platform_changes
from portal.identity import roles
from portal.sync import queries as sync
from portal.sync.models import PlatformLink
from tests.factories import AccountFactory, ConferenceFactory, RegistrationFactory, staff_url
from tests.support.pages import text

pytestmark = pytest.mark.django_db
BERLIN = "Europe/Berlin"


@pytest.fixture
def server():
    return AccountFactory(platform="trueconf", options={"server_zone": BERLIN})


@pytest.fixture
def client(client_as):
    return client_as(roles.STAFF)


def repeated(account, starts_at, days="tuesday, thursday", **given):
    options = {"weekly_days": days}
    return ConferenceFactory(
        account=account, starts_at=starts_at, options=options, timezone="UTC", **given
    )


def test_the_hour_stays_when_the_clocks_change(server):
    row = repeated(server, datetime(2094, 3, 25, 15, 0, tzinfo=UTC))  # a Thursday, 16:00
    found = repeating.next_starts(row, 4)
    assert [walltime.wall(at, BERLIN).strftime("%a %d %H:%M") for at in found] == [
        "Thu 25 16:00",
        "Tue 30 16:00",
        "Thu 01 16:00",
        "Tue 06 16:00",
    ]
    assert [at.hour for at in found] == [15, 14, 14, 14]


@pytest.mark.parametrize("days", ["", "someday", None])
def test_what_takes_place_once_does_not_repeat(server, days):
    row = repeated(server, clock.now() + timedelta(days=1), days)
    assert repeating.next_starts(row, 3) == []
    other = ConferenceFactory(account=AccountFactory(), options={"weekly_days": "monday"})
    assert repeating.days_of(other) == ()


def test_a_month_far_ahead_is_reached_at_once(server):
    row = repeated(server, datetime(2030, 1, 1, 9, 0, tzinfo=UTC))
    since = datetime(2094, 3, 1, tzinfo=UTC)
    found = next(repeating.starts(row, since))
    assert timedelta(0) <= found - since < timedelta(days=7)
    assert next(repeating.starts(row, datetime(2200, 1, 1, tzinfo=UTC)), None) is None


def test_it_stands_in_a_month_once_for_each_date(server):
    start = datetime(2094, 3, 2, 9, 0, tzinfo=UTC)  # a Tuesday
    row = repeated(server, start, "tuesday")
    first, last = date(2094, 3, 1), date(2094, 3, 31)
    rows = queries.with_repeats(queries.between(first, last, {}), first, last, {})
    assert [one.starts_at.day for one in rows] == [2, 9, 16, 23, 30]
    assert {one.pk for one in rows} == {row.pk}
    other = AccountFactory()
    chosen = {"account": other.pk}
    rows = queries.with_repeats(queries.between(first, last, chosen), first, last, chosen)
    assert rows == []
    Conference.objects.update(removed_at=clock.now())
    assert len(queries.with_repeats(queries.between(first, last, {}), first, last, {})) == 1


def test_page_list_and_calendar_say_it(client, server):
    at = clock.now().replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=2)
    day = repeating.NAMES[walltime.wall(at, BERLIN).weekday()]
    row = repeated(server, at, day, title="Open hour")
    said = f"Every week on {day.capitalize()} at {walltime.wall(at, BERLIN):%H:%M}"
    page = text(client.get(staff_url("conference", row.pk)))
    assert said in page
    assert "One room for all dates" in page
    assert said in text(client.get(staff_url("conferences")))
    later = walltime.wall(at, BERLIN) + timedelta(days=62)
    month = client.get(staff_url("calendar"), {"month": f"{later:%Y-%m}", "view": "agenda"})
    assert text(month).count("Open hour") >= 4


@pytest.mark.parametrize(("minutes", "monday"), [(120, 1), (60, 0)])
def test_a_date_that_runs_past_midnight_stands_on_the_monday_too(client, server, minutes, monday):
    # Sundays, 23:00 to 01:00 by the clock of Berlin; or until midnight, and no longer.
    start = datetime(2094, 3, 7, 22, 0, tzinfo=UTC)
    repeated(server, start, "sunday", title="Night shift", duration_minutes=minutes)
    client.cookies["zone"] = "Europe/Berlin"
    for view in ({"view": "week"}, {"view": "timeline"}):
        page = text(client.get(staff_url("calendar"), view | {"day": "2094-03-15"}))
        assert page.count("Night shift") == monday + 1, "beside the Sunday of this week"
    day = {"view": "timeline", "span": "day", "day": "2094-03-15"}
    assert text(client.get(staff_url("calendar"), day)).count("Night shift") == monday


def test_without_the_zone_of_the_server_it_says_what_is_not_known(client, server):
    server.options = {}
    server.save()
    row = repeated(server, clock.now() + timedelta(days=1))
    assert "dates may lie an hour off" in text(client.get(staff_url("conference", row.pk)))


@pytest.fixture
def listed():
    """A webinar of which its platform lists three coming dates."""
    account = AccountFactory(platform="webinarfuel")
    first = clock.now().replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=2)
    row = ConferenceFactory(account=account, starts_at=first, title="Demo for everyone")
    dates = [first + timedelta(days=7 * week) for week in range(3)]
    PlatformLink.objects.create(
        account=account,
        kind="conference",
        local_id=row.pk,
        external_id="9",
        facts={"coming_dates": [at.strftime("%Y-%m-%dT%H:%M:%SZ") for at in dates]},
    )
    return row, dates


def test_dates_that_a_platform_lists_stand_on_the_page_and_in_the_calendar(client, listed):
    row, dates = listed
    page = text(client.get(staff_url("conference", row.pk)))
    assert "It has 3 coming dates" in page
    for at in dates[1:]:
        month = walltime.wall(at, BERLIN).strftime("%Y-%m")
        agenda = client.get(staff_url("calendar"), {"month": month, "view": "agenda"})
        assert "Demo for everyone" in text(agenda)
    found = sync.with_listed_dates([row], dates[0], dates[2], Q())
    assert [one.starts_at for one in found] == dates[:2]


def test_what_is_listed_once_is_no_series(client, listed):
    row, dates = listed
    PlatformLink.objects.update(facts={"coming_dates": [f"{dates[0]:%Y-%m-%dT%H:%M:%SZ}"]})
    assert "Repeats" not in text(client.get(staff_url("conference", row.pk)))


def scheduled(client, account, **changes):
    at = walltime.wall(clock.now() + timedelta(days=3), BERLIN)
    values = {
        "uid": "2d8c1b0e-3a77-4b6a-9a5e-0f4f7b6f2a11",
        "shown": account.pk,
        "account": account.pk,
        "title": "Open hour",
        "room_type": "webinar",
        "timezone": BERLIN,
        "date": f"{at:%Y-%m-%d}",
        "time": "16:00",
        "duration_minutes": 45,
        "access": "open",
        "option_owner": "owner@example.com",
        "repeat-repeats": "WEEKLY",
        "repeat-interval": 1,
        "repeat-shape": "room",
        "moderators-count": 0,
        "schedule": "yes",
    }
    given = {name: value for name, value in (values | changes).items() if value != ""}
    return client.post(staff_url("schedule"), given)


def test_one_weekly_room_is_one_webinar_that_its_platform_repeats(client, server):
    day = walltime.wall(clock.now() + timedelta(days=3), BERLIN).weekday()
    other = (day + 2) % 7
    answer = scheduled(client, server, **{"repeat-days": [day, other]})
    row = Conference.objects.get()
    assert answer.url == staff_url("conference", row.pk)
    assert row.series is None
    assert set(repeating.days_of(row)) == {day, other}
    assert walltime.wall(row.starts_at, BERLIN).strftime("%H:%M") == "16:00"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"repeat-repeats": "DAILY"}, "Only what takes place every week"),
        ({"repeat-interval": 2}, "Only what takes place every week"),
        ({"repeat-count": 6}, "until it is cancelled: leave this empty"),
        ({"repeat-until": "2094-01-01"}, "until it is cancelled: leave this empty"),
    ],
)
def test_what_cannot_be_one_room_is_said(client, server, changes, said):
    answer = scheduled(client, server, **changes)
    assert answer.status_code == 422
    assert said in text(answer)
    assert not Conference.objects.exists()


def test_one_room_cannot_begin_later_than_its_platform_would(client, server):
    at = walltime.wall(clock.now() + timedelta(days=10), BERLIN)
    answer = scheduled(client, server, date=f"{at:%Y-%m-%d}")
    soonest = walltime.wall(clock.now() + timedelta(days=3), BERLIN)
    assert answer.status_code == 422
    assert "begins a weekly room with the next of its days" in text(answer)
    assert f"{soonest:%a} {soonest.day} {soonest:%b %Y}, 16:00" in text(answer)
    assert not Conference.objects.exists()


def test_without_the_zone_of_the_server_it_cannot_be_one_room(client, server):
    server.options = {}
    server.save()
    assert "The time zone of the server is not known" in text(scheduled(client, server))


def test_only_where_a_platform_repeats_by_itself_is_it_offered(client, server):
    page = client.get(staff_url("schedule"), {"account": server.pk})
    assert "One weekly room on TrueConf Server" in text(page)
    other = client.get(staff_url("schedule"), {"account": AccountFactory().pk})
    assert "One weekly room" not in text(other)


def test_its_calendar_entry_repeats_by_the_clock_of_the_server(server):
    start = datetime(2094, 3, 25, 15, 0, tzinfo=UTC)  # a Thursday before the clocks change
    row = repeated(server, start)
    content = calendar_file(row, to_email="a@example.com", to_name="", link="https://x", sequence=0)
    read = Calendar.from_ical(content)
    (event,) = read.walk("VEVENT")
    begin, rule = event["dtstart"].dt, event["rrule"]
    assert read.walk("VTIMEZONE")[0]["tzid"] == BERLIN
    assert event["dtstart"].params["tzid"] == BERLIN
    dates = rrulestr(rule.to_ical().decode(), dtstart=begin.replace(tzinfo=None))
    found = [at.replace(tzinfo=begin.tzinfo).astimezone(UTC) for at in islice(dates, 5)]
    assert found == repeating.next_starts(row, 5)
    assert event["dtend"].dt - begin == timedelta(hours=1)


def test_an_entry_of_what_takes_place_once_has_no_rule(server):
    for row in (
        repeated(server, clock.now() + timedelta(days=1), ""),
        repeated(AccountFactory(platform="trueconf"), clock.now() + timedelta(days=1)),
    ):
        to = {"to_email": "a@example.com", "to_name": "", "link": "https://x", "sequence": 0}
        (event,) = Calendar.from_ical(calendar_file(row, **to)).walk("VEVENT")
        assert "rrule" not in event


def test_its_mail_says_that_it_repeats(server):
    row = repeated(server, clock.now() + timedelta(days=2))
    message = letters.write(Content(row, "invite", "a@example.com", link="https://x"))
    said = repeating.in_words(row)
    assert said in message.body
    assert said in message.alternatives[0][0]


@pytest.mark.parametrize("platform", ["trueconf", "webinarfuel", "clickmeeting"])
def test_the_next_date_of_what_repeats_is_no_change_to_tell_of(platform):
    account = AccountFactory(platform=platform, options={"server_zone": BERLIN})
    old = clock.now() - timedelta(minutes=50)
    row = repeated(account, old + timedelta(days=7), "monday")
    RegistrationFactory(conference=row)
    platform_changes.keep(row, {"starts_at": old})
    asked = platform_changes.undecided(row) is not None
    assert asked is (platform == "clickmeeting")


def test_another_hour_of_what_repeats_is_one(server):
    row = repeated(server, clock.now() + timedelta(days=3), "monday")
    RegistrationFactory(conference=row)
    platform_changes.keep(row, {"starts_at": row.starts_at - timedelta(hours=1)})
    assert set(platform_changes.undecided(row).before) == {"starts_at"}


@pytest.mark.parametrize("zone", ["America/Havana", "America/New_York", "Australia/Lord_Howe"])
def test_the_zone_of_an_entry_covers_its_first_date(zone):
    """23:45 on a summer's day is the next day by UTC; read by a calendar that knows the zone by
    what the file says alone."""
    server = AccountFactory(platform="trueconf", options={"server_zone": zone})
    start = datetime(2094, 7, 2, 23, 45, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    row = repeated(server, start, "friday")
    entry = calendar_file(
        row, to_email="ann@example.com", to_name="", link="https://example.com", sequence=0
    )
    lines = entry.decode().replace("\r\n ", "").replace("\r\n", "\n")
    told = tzical(StringIO(lines)).get(zone)
    assert datetime(2094, 7, 2, 23, 45, tzinfo=told).astimezone(UTC) == start
