"""What is in the way of a date of a permanent room: also its own other dates."""

from datetime import timedelta

import pytest

from portal.common import clock
from portal.identity import roles
from tests.factories import (
    AccountFactory,
    ConferenceFactory,
    SeriesFactory,
    room_with_dates,
    staff_url,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("minutes", "said"), [(30, True), (59, True), (60, False), (-59, True)])
def test_a_date_that_begins_before_another_one_is_over_is_spoken_of(client_as, minutes, said):
    first = (clock.now() + timedelta(days=30)).replace(second=0, microsecond=0)
    row = room_with_dates(first, account=AccountFactory())
    at = first + timedelta(weeks=1, minutes=minutes)
    given = {
        "date": f"{at:%Y-%m-%d}",
        "time": f"{at:%H:%M}",
        "timezone": "UTC",
        "duration_minutes": 60,
        "version": row.version,
    }
    page = client_as(roles.STAFF).post(staff_url("room-date-add", row.pk), given).content.decode()
    assert "Add this date?" in page
    assert ("in the same room." in page) == said


def test_what_else_takes_place_is_said_while_a_date_is_typed_and_nothing_is_done(client_as):
    client, account = client_as(roles.STAFF), AccountFactory(label="Tight", concurrent_rooms=1)
    first = (clock.now() + timedelta(days=30)).replace(second=0, microsecond=0)
    other = ConferenceFactory(title="Board", account=account, starts_at=first + timedelta(days=1))
    row = room_with_dates(first, account=account)
    series = SeriesFactory(timezone="UTC")
    ConferenceFactory(account=account, series=series, starts_at=first + timedelta(days=2))
    given = {
        "date": f"{other.starts_at:%Y-%m-%d}",
        "time": f"{other.starts_at:%H:%M}",
        "timezone": "UTC",
        "duration_minutes": 60,
        "version": row.version,
        "refresh": "yes",
    }
    for url in (
        staff_url("room-date-add", row.pk),
        staff_url("room-date-move", row.pk, f"{first:%Y%m%dT%H%M%SZ}"),
        staff_url("series-add", series.pk),
    ):
        answer = client.post(url, given, headers={"HX-Request": "true"})
        page = answer.content.decode()
        assert "Tight can run 1 webinar at a time" in page, url
        assert "<form" not in page
        begun = client.post(url, given | {"time": ""}, headers={"HX-Request": "true"})
        assert begun.status_code == 200
        assert begun.content.decode().strip() == ""
    row.refresh_from_db()
    assert (len(row.dates), series.conferences.count()) == (4, 1)
