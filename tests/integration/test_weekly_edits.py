"""What its platform repeats by itself, as one room, is edited as a whole, and says so."""

from datetime import timedelta

import pytest

from portal.common import clock
from portal.common.errors import NotPossible
from portal.conferences import repeating, walltime
from portal.conferences.models import Series
from portal.conferences.schedule.services import room_dates
from portal.conferences.schedule.services import schedule as scheduling
from portal.conferences.schedule.services.series import Extent
from portal.identity import roles
from tests.factories import (
    AccountFactory,
    ConferenceFactory,
    UserFactory,
    room_with_dates,
    staff_url,
)
from tests.support.pages import text

pytestmark = pytest.mark.django_db
BERLIN = "Europe/Berlin"


@pytest.fixture
def server():
    return AccountFactory(platform="trueconf", options={"server_zone": BERLIN})


@pytest.fixture
def client(client_as):
    return client_as(roles.STAFF)


@pytest.fixture
def weekly(server):
    """Every week at 16:00 by the clock of the server, for the first time in three days."""
    wall = walltime.wall(clock.now() + timedelta(days=3), BERLIN)
    start = walltime.instants(wall.replace(hour=16, minute=0, second=0, microsecond=0), BERLIN)[0]
    options = {"weekly_days": repeating.NAMES[wall.weekday()]}
    return ConferenceFactory(account=server, starts_at=start, timezone=BERLIN, options=options)


def moved(client, row, wall, **more):
    given = {"timezone": BERLIN, "version": row.version, "tell": "no"}
    given |= {"date": f"{wall:%Y-%m-%d}", "time": f"{wall:%H:%M}", "do": "yes"}
    return client.post(staff_url("conference-reschedule", row.pk), given | more)


@pytest.mark.parametrize("days", [1, -1, 7, 14])
def test_no_date_is_moved_to_a_day_on_which_its_platform_does_not_hold_it(client, weekly, days):
    start = weekly.starts_at
    wall = walltime.wall(start, BERLIN)
    answer = moved(client, weekly, wall + timedelta(days=days))
    weekly.refresh_from_db()
    assert answer.status_code == 422
    assert weekly.starts_at == start
    assert "and moves no date alone" in text(answer) or "in the past" in text(answer)
    values = {"starts_at": start + timedelta(days=7)}
    with pytest.raises(NotPossible, match="moves no date alone"):
        scheduling.reschedule(weekly, values, UserFactory(), weekly.version)


def test_another_hour_is_that_of_all_its_dates(client, weekly):
    wall = walltime.wall(weekly.starts_at, BERLIN)
    answer = moved(client, weekly, wall.replace(hour=18, minute=30))
    assert answer.status_code == 302
    weekly.refresh_from_db()
    coming = [walltime.wall(at, BERLIN) for at in repeating.next_starts(weekly, 3)]
    assert coming[0] == wall.replace(hour=18, minute=30)
    assert {(one.hour, one.weekday()) for one in coming} == {(18, wall.weekday())}


def test_other_days_come_with_a_date_on_one_of_them(weekly):
    by = UserFactory()
    later = weekly.starts_at + timedelta(days=1)
    day = repeating.NAMES[walltime.wall(later, BERLIN).weekday()]
    with pytest.raises(NotPossible, match="choose that date"):
        scheduling.reschedule(weekly, {"options.weekly_days": day}, by, weekly.version)
    values = {"options.weekly_days": day, "starts_at": later}
    row = scheduling.reschedule(weekly, values, by, weekly.version)
    assert repeating.next_starts(row, 1) == [row.starts_at]


@pytest.mark.parametrize("page", ["conference-reschedule", "conference-edit", "conference-cancel"])
def test_each_edit_says_that_it_is_of_all_dates_and_why_of_no_other(client, weekly, page):
    said = text(client.get(staff_url(page, weekly.pk)))
    assert "All dates that lie ahead" in said
    assert "TrueConf Server repeats it by itself, as one room: no date is changed alone." in said
    assert "these are all that lie ahead" in said
    assert "A date that was given a value of its own" not in said


def test_so_does_each_edit_of_a_room_whose_dates_are_kept_here(client, server):
    room = room_with_dates(clock.now().replace(microsecond=0), account=server)
    for page in ("conference-edit", "conference-cancel"):
        said = text(client.get(staff_url(page, room.pk)))
        assert "All dates are in one room." in said
    once = ConferenceFactory(account=server)
    assert "Which dates" not in text(client.get(staff_url("conference-edit", once.pk)))


def typed(server, start, **more):
    wall = walltime.wall(start, BERLIN)
    return {
        "account": server.pk,
        "shown": server.pk,
        "title": "Open hour",
        "room_type": "webinar",
        "access": "open",
        "timezone": BERLIN,
        "date": f"{wall:%Y-%m-%d}",
        "time": f"{wall:%H:%M}",
        "duration_minutes": 60,
        "moderators-count": 0,
        "option_owner": "owner@example.com",
        "option_weekly_days": repeating.NAMES[wall.weekday()],
    } | more


def test_days_that_were_taken_over_are_spoken_of_and_kept_to(client, server, weekly):
    url, start = staff_url("schedule"), weekly.starts_at
    data = typed(server, start, refresh="clock")
    page = text(client.post(url, data, headers={"HX-Request": "true"}))
    assert f"One weekly room on {server.label}, until you cancel it." in page
    later = typed(server, start + timedelta(days=7), schedule="yes")
    answer = client.post(url, later)
    assert answer.status_code == 422
    assert "or other days, or none, among its settings" in text(answer)
    repeats = {"repeat-repeats": "WEEKLY", "repeat-count": 3, "repeat-shape": "each"}
    answer = client.post(url, typed(server, start, schedule="yes", **repeats))
    assert answer.status_code == 422, "each of them would go on for ever"
    assert not Series.objects.exists()


def test_a_room_of_which_dates_are_kept_has_no_days_of_its_platform(server):
    first = weekly_hour()
    room = room_with_dates(first, account=server, options={"weekly_days": "sunday"})
    row = scheduling.reschedule(room, {"title": "Another"}, UserFactory(), room.version)
    assert row.title == "Another"
    row = room_dates.move(
        row, first, Extent.ONE, first + timedelta(hours=2), UserFactory(), row.version, False
    )
    assert row.starts_at == first + timedelta(hours=2)


def weekly_hour():
    return (clock.now() + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
