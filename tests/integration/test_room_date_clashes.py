"""What is in the way of a date of a permanent room: also its own other dates."""

from datetime import timedelta

import pytest

from portal.common import clock
from portal.identity import roles
from tests.factories import AccountFactory, room_with_dates, staff_url

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
