"""The clock and several people at the dates of one room at the same moment: no edit is lost."""

from datetime import timedelta

import pytest
from django.db import connection

from portal.common.errors import Stale
from portal.conferences import repeating
from portal.conferences.models import Change, Conference
from portal.conferences.schedule.services import room_dates
from portal.conferences.schedule.services.series import Extent
from tests.factories import AccountFactory, room_with_dates
from tests.support.racing import errors_at_once

pytestmark = pytest.mark.django_db(transaction=True)
WEEK = timedelta(days=7)


@pytest.fixture
def first(clock):
    return (clock.now() + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)


@pytest.fixture
def row(first, clock):
    """A room whose first date is over, and which the clock has still to move on."""
    found = room_with_dates(first, 6, account=AccountFactory(platform="clickmeeting"))
    clock.advance((first - clock.now()).total_seconds() + 61 * 60)
    return found


def test_the_clock_and_an_edit_at_the_same_moment(row, first, staff_user):
    if connection.vendor != "postgresql":
        pytest.skip("one writer at a time")
    seen = Conference.objects.get(pk=row.pk)

    def edit():
        room_dates.skip(seen, first + WEEK, Extent.ONE, staff_user, seen.version, False)

    assert errors_at_once(room_dates.move_on, edit, room_dates.move_on) == []
    row.refresh_from_db()
    left = [first, *(first + number * WEEK for number in range(2, 6))]
    assert repeating.kept(row) == left
    assert row.starts_at == first + 2 * WEEK


def test_of_two_who_change_the_dates_at_once_one_is_told(row, first, staff_user):
    if connection.vendor != "postgresql":
        pytest.skip("one writer at a time")
    seen = Conference.objects.get(pk=row.pk)
    to = first + 2 * WEEK + timedelta(hours=2)
    acts = (
        lambda: room_dates.skip(seen, first + WEEK, Extent.ONE, staff_user, seen.version, False),
        lambda: room_dates.move(
            seen, first + 2 * WEEK, Extent.ONE, to, staff_user, seen.version, False
        ),
        lambda: room_dates.add(seen, first + 9 * WEEK, staff_user, seen.version, False),
        room_dates.move_on,
    )
    assert [type(one) for one in errors_at_once(*acts)] == [Stale] * 2
    row.refresh_from_db()
    assert row.version == seen.version + 1
    assert Change.objects.filter(action="rescheduled").count() == 1
    assert row.starts_at in repeating.kept(row)
    assert row.starts_at > first
