"""MyOwnConference tells clock times: the hour that comes twice is said in the form, before it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from portal.common import clock
from portal.conferences.models import Conference
from tests.factories import AccountFactory

pytestmark = pytest.mark.django_db


def end_of_summer():
    day = date(clock.now().year + 1, 10, 31)
    return day - timedelta(days=(day.weekday() + 1) % 7)


@pytest.fixture
def account():
    found = {"clock": {"minutes": 60, "summer_time": True}}
    return AccountFactory(platform="myownconference", label="Clock", learned=found)


def posted(client, account, **values):
    data = {
        "account": account.pk,
        "title": "Launch",
        "timezone": "UTC",
        "room_type": "webinar",
        "access": "open",
        "date": end_of_summer().isoformat(),
        "time": "00:30",
        "duration_minutes": "45",
        "action": "schedule",
        "uid": "1",
    } | values
    return client.post(reverse("staff:schedule"), data)


@pytest.mark.parametrize(
    ("zone", "time"), [("UTC", "00:30"), ("UTC", "01:30"), ("Asia/Tokyo", "09:45")]
)
def test_a_start_within_the_doubled_hour_is_refused_beside_the_field(
    client_as, account, zone, time
):
    answer = posted(client_as(), account, timezone=zone, time=time)
    assert answer.status_code == 422
    assert "twice: at 00:" in answer.content.decode()
    assert "test the connection again" in answer.content.decode()
    assert not Conference.objects.exists()


def test_the_hours_beside_it_are_taken(client_as, account):
    answer = posted(client_as(), account, time="02:30")
    assert answer.status_code == 302, answer.content.decode()


def test_an_account_that_was_not_tested_yet_is_asked_nothing(client_as):
    account = AccountFactory(platform="myownconference", label="Untested")
    assert posted(client_as(), account).status_code == 302
