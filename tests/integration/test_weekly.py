"""One conference that its platform repeats: as its page, the list and the calendar show it."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from portal.common import clock
from portal.conferences import walltime, weekly
from portal.conferences.models import Conference
from portal.conferences.schedule import queries
from portal.identity import roles
from tests.factories import AccountFactory, ConferenceFactory, staff_url

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


def text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_hour_stays_when_the_clocks_change(server):
    row = repeated(server, datetime(2094, 3, 25, 15, 0, tzinfo=UTC))  # a Thursday, 16:00
    found = weekly.next_starts(row, 4)
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
    assert weekly.next_starts(row, 3) == []
    other = ConferenceFactory(account=AccountFactory(), options={"weekly_days": "monday"})
    assert weekly.days_of(other) == ()


def test_a_month_far_ahead_is_reached_at_once(server):
    row = repeated(server, datetime(2030, 1, 1, 9, 0, tzinfo=UTC))
    since = datetime(2094, 3, 1, tzinfo=UTC)
    found = next(weekly.starts(row, since))
    assert timedelta(0) <= found - since < timedelta(days=7)
    assert next(weekly.starts(row, datetime(2200, 1, 1, tzinfo=UTC)), None) is None


def test_it_stands_in_a_month_once_for_each_date(server):
    start = datetime(2094, 3, 2, 9, 0, tzinfo=UTC)  # a Tuesday
    row = repeated(server, start, "tuesday")
    first, last = date(2094, 3, 1), date(2094, 3, 31)
    rows = queries.with_repeats(queries.between(first, last), first, last)
    assert [one.starts_at.day for one in rows] == [2, 9, 16, 23, 30]
    assert {one.pk for one in rows} == {row.pk}
    other = AccountFactory()
    rows = queries.with_repeats(queries.between(first, last, other), first, last, other)
    assert rows == []
    Conference.objects.update(removed_at=clock.now())
    assert len(queries.with_repeats(queries.between(first, last), first, last)) == 1


def test_page_list_and_calendar_say_it(client, server):
    at = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    day = weekly.NAMES[walltime.wall(at, BERLIN).weekday()]
    row = repeated(server, at, day, title="Open hour")
    said = f"Every week on {day.capitalize()} at {walltime.wall(at, BERLIN):%H:%M}"
    page = text(client.get(staff_url("conference", row.pk)))
    assert said in page
    assert "One room for all dates" in page
    assert said in text(client.get(staff_url("conferences")))
    later = walltime.wall(at, BERLIN) + timedelta(days=62)
    month = client.get(staff_url("calendar"), {"month": f"{later:%Y-%m}", "view": "agenda"})
    assert text(month).count("Open hour") >= 4


def test_without_the_zone_of_the_server_it_says_what_is_not_known(client, server):
    server.options = {}
    server.save()
    row = repeated(server, clock.now() + timedelta(days=1))
    assert "dates may lie an hour off" in text(client.get(staff_url("conference", row.pk)))
