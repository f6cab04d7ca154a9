"""A series: one conference a date, made once, edited and cancelled as far as somebody says."""

from datetime import datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.common import clock
from portal.common.errors import NotAllowed, NotPossible, Stale
from portal.conferences import recurrence, walltime
from portal.conferences.mails.services import Telling
from portal.conferences.models import Conference, Invitation, Series
from portal.conferences.recurrence import WEEKLY, Rule
from portal.conferences.schedule.services import cancel as calling_off
from portal.conferences.schedule.services import series as service
from portal.conferences.schedule.services.series import Extent
from portal.outbox.models import OutboxEntry
from portal.sync.services import transfer
from tests.factories import AccountFactory, RegistrationFactory
from tests.factories.rooms import furnish

pytestmark = pytest.mark.django_db
BERLIN = "Europe/Berlin"


@pytest.fixture(autouse=True)
def rooms(monkeypatch):
    furnish(monkeypatch)


@pytest.fixture
def plenty():
    return AccountFactory(label="Plenty", platform="plenty")


def soon(days=3, hour=10):
    day = walltime.wall(clock.now(), BERLIN).date() + timedelta(days=days)
    return datetime.combine(day, datetime.min.time()).replace(hour=hour)


def made(account, by, count=4, uid="form-1@lectern", **given):
    rule, first = Rule(WEEKLY, count=count), soon()
    dates = recurrence.expand(rule, first, BERLIN)
    values = {"title": "Course", "duration_minutes": 60, "timezone": BERLIN}
    given = {"people": [], "notify": True, "values": values} | given
    return service.schedule(account=account, rule=rule, dates=dates, by=by, uid=uid, **given)


@pytest.fixture
def series(plenty, staff_user):
    return made(plenty, staff_user)


def dates(series):
    return list(series.conferences.order_by("planned_at").select_related("account", "series"))


def clocks(series):
    rows = series.conferences.order_by("pk")
    return [walltime.wall(row.starts_at, row.timezone).strftime("%H:%M") for row in rows]


def edit(row, extent, by, **values):
    row = Conference.objects.get(pk=row.pk)
    return service.change(row, values, extent, by, row.version, notify=False)


SPEAKER = {"email": "ida@example.com", "name": "Ida Example", "role": "presenter"}


def test_each_date_is_a_conference_that_its_platform_is_told_of(series, plenty):
    rows = dates(series)
    assert len(rows) == 4
    assert {row.title for row in rows} == {"Course"}
    assert {row.state for row in rows} == {Conference.State.SCHEDULED}
    assert [row.starts_at for row in rows] == [row.planned_at for row in rows]
    assert {b.starts_at - a.starts_at for a, b in pairwise(rows)} <= {
        timedelta(days=7, hours=hours) for hours in (-1, 0, 1)
    }
    entries = OutboxEntry.objects.filter(account=plenty, kind="conference")
    assert set(entries.values_list("local_id", flat=True)) == {row.pk for row in rows}
    assert (series.rule, series.first_at) == ("FREQ=WEEKLY;COUNT=4", rows[0].starts_at)


def test_the_same_form_makes_one_series(series, plenty, staff_user):
    assert made(plenty, staff_user) == series
    assert Conference.objects.count() == 4


def test_what_one_date_cannot_have_makes_none(plenty, staff_user):
    values = {"title": "", "duration_minutes": 60, "timezone": BERLIN}
    with pytest.raises(NotPossible):
        made(plenty, staff_user, values=values)
    assert not Series.objects.exists()
    assert not Conference.objects.exists()
    with pytest.raises(NotPossible):
        made(plenty, staff_user, values=values | {"title": "Room", "permanent": True})


def test_a_viewer_makes_none(plenty, viewer_user):
    with pytest.raises(NotAllowed):
        made(plenty, viewer_user)


def test_a_moderator_runs_all_dates_and_hears_of_them_together(plenty, staff_user):
    series = made(plenty, staff_user, people=[SPEAKER])
    assert all(row.moderators.count() == 1 for row in dates(series))
    letters = Invitation.objects.all()
    assert letters.count() == 4
    assert len(set(letters.values_list("together", flat=True))) == 1
    assert letters.first().together


def test_this_one_leaves_the_others(series, staff_user):
    edit(dates(series)[1], Extent.ONE, staff_user, title="Other")
    assert [row.title for row in dates(series)] == ["Course", "Other", "Course", "Course"]


def test_following_reaches_what_comes_after(series, staff_user):
    edit(dates(series)[1], Extent.FOLLOWING, staff_user, title="Other", duration_minutes=30)
    assert [row.title for row in dates(series)] == ["Course", "Other", "Other", "Other"]
    assert [row.duration_minutes for row in dates(series)] == [60, 30, 30, 30]


def test_all_ahead_reaches_also_what_comes_before(series, staff_user):
    edit(dates(series)[2], Extent.AHEAD, staff_user, title="Other")
    assert {row.title for row in dates(series)} == {"Other"}
    series.refresh_from_db()
    assert series.title == "Other"


def test_a_new_hour_is_that_hour_on_each_date(series, staff_user):
    row = dates(series)[0]
    days = [walltime.wall(one.starts_at, BERLIN).date() for one in dates(series)]
    wall = walltime.wall(row.starts_at, BERLIN) + timedelta(days=1)
    (at, *_rest) = walltime.instants(wall.replace(hour=15), BERLIN)
    edit(row, Extent.AHEAD, staff_user, starts_at=at)
    assert clocks(series) == ["15:00"] * 4
    moved = [walltime.wall(one.starts_at, BERLIN).date() for one in dates(series)]
    assert moved == [day + timedelta(days=1) for day in days]
    assert all(one.planned_at == one.starts_at for one in dates(series))


@pytest.fixture
def nights(plenty, staff_user):
    """On 28 March 2094 the clocks in Berlin leave 02:30 out, and it starts at 03:30."""
    first = datetime(2094, 3, 26, 2, 30)  # noqa: DTZ001 - a time on the wall
    rule = Rule(recurrence.DAILY, count=4)
    series = service.schedule(
        account=plenty,
        values={"title": "Night", "duration_minutes": 60, "timezone": BERLIN},
        rule=rule,
        dates=recurrence.expand(rule, first, BERLIN),
        by=staff_user,
        uid="night",
        notify=False,
    )
    assert clocks(series) == ["02:30", "02:30", "03:30", "02:30"]
    return series


@pytest.mark.parametrize("edited", [0, 2])
def test_a_date_whose_day_leaves_the_hour_out_goes_along(nights, staff_user, edited):
    row = dates(nights)[edited]
    hour = datetime.combine(walltime.wall(row.starts_at, BERLIN), time(10))
    edit(row, Extent.AHEAD, staff_user, starts_at=walltime.instants(hour, BERLIN)[0])
    assert clocks(nights) == ["10:00"] * 4


def test_another_day_leaves_the_hour_of_the_others(nights, staff_user):
    row = dates(nights)[2]
    edit(row, Extent.AHEAD, staff_user, starts_at=row.starts_at + timedelta(days=1))
    assert clocks(nights) == ["02:30", "03:30", "03:30", "02:30"]
    days = [walltime.wall(one.starts_at, BERLIN).day for one in dates(nights)]
    assert days == [27, 28, 29, 30]


def test_another_zone_keeps_the_clock(series, staff_user):
    row = dates(series)[0]
    wall = walltime.wall(row.starts_at, BERLIN)
    at = wall.replace(tzinfo=ZoneInfo("America/New_York"))
    edit(row, Extent.AHEAD, staff_user, starts_at=at, timezone="America/New_York")
    assert clocks(series) == ["10:00"] * 4


def test_what_has_its_own_keeps_it(series, staff_user):
    rows = dates(series)
    edit(rows[2], Extent.ONE, staff_user, title="Guest", starts_at=soon_at(rows[2], 16))
    held = dates(series)[0]
    found = service.spread(
        held,
        {"title": "Other", "starts_at": soon_at(held, 11)},
        service.others(held, Extent.AHEAD),
    )
    assert [one.keeps for one in found] == [[], ["starts_at", "title"], []]
    edit(held, Extent.AHEAD, staff_user, title="Other", starts_at=soon_at(held, 11))
    assert [row.title for row in dates(series)] == ["Other", "Other", "Guest", "Other"]
    assert clocks(series) == ["11:00", "11:00", "16:00", "11:00"]


def soon_at(row, hour):
    return walltime.instants(walltime.wall(row.starts_at, BERLIN).replace(hour=hour), BERLIN)[0]


def test_where_one_date_cannot_follow_none_is_changed(series, staff_user):
    rows = dates(series)
    row = rows[2]
    at = soon_at(row, 10) - timedelta(days=18)  # the first one would lie behind
    with pytest.raises(NotPossible, match="past"):
        edit(row, Extent.AHEAD, staff_user, starts_at=at, title="Other")
    assert [(one.title, one.starts_at) for one in dates(series)] == [
        (one.title, one.starts_at) for one in rows
    ]


def test_an_older_version_is_refused(series, staff_user):
    row = dates(series)[0]
    edit(row, Extent.ONE, staff_user, title="Mine")
    with pytest.raises(Stale):
        service.change(row, {"title": "Yours"}, Extent.AHEAD, staff_user, row.version)


def test_extents_say_why_they_are_off(series, staff_user):
    first, *_middle, last = dates(series)
    against = service.reasons_against(first)
    assert not against[Extent.ONE]
    assert not against[Extent.FOLLOWING]
    assert "same" in against[Extent.AHEAD]
    against = service.reasons_against(last)
    assert against[Extent.FOLLOWING]
    assert not against[Extent.AHEAD]
    Conference.objects.filter(pk=first.pk).update(starts_at=clock.now() - timedelta(hours=5))
    first.refresh_from_db()
    with pytest.raises(NotPossible, match="begun"):
        edit(first, Extent.AHEAD, staff_user, title="Other")


def test_cancelling_reaches_as_far_and_tells_each_person_once(series, staff_user):
    rows = dates(series)
    person = RegistrationFactory(conference=rows[0]).attendee
    for row in rows[1:]:
        RegistrationFactory(conference=row, attendee=person)
    done = service.cancel(rows[1], Extent.FOLLOWING, staff_user, "Ill", Telling(note="Sorry."))
    assert done == rows[1:]
    assert [bool(row.removed_at) for row in dates(series)] == [False, True, True, True]
    letters = Invitation.objects.filter(purpose="cancel")
    assert letters.count() == 3
    assert len(set(letters.values_list("together", flat=True))) == 1
    with pytest.raises(NotPossible):
        service.cancel(rows[1], Extent.ONE, staff_user)


def test_a_date_is_added_with_the_settings_and_moderators_of_the_last(plenty, staff_user):
    series = made(plenty, staff_user, people=[SPEAKER])
    at = dates(series)[-1].starts_at + timedelta(days=2)
    row = service.add_date(series, at, BERLIN, staff_user)
    assert (row.title, row.series, row.planned_at) == ("Course", series, at)
    assert row.moderators.get().email == SPEAKER["email"]
    with pytest.raises(NotPossible, match="already"):
        service.add_date(series, at, BERLIN, staff_user)
    for one in dates(series):
        calling_off.cancel(one, staff_user)
    with pytest.raises(NotPossible, match="Every date"):
        service.add_date(series, at, BERLIN, staff_user)


def test_a_date_that_moves_to_another_account_stays_one_of_the_series(series, staff_user):
    row = dates(series)[1]
    other = transfer.move(row, AccountFactory(platform="plenty"), staff_user)
    row.refresh_from_db()
    assert (row.series, other.series, other.planned_at) == (None, series, row.starts_at)
    assert series.conferences.count() == 4


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["edit", "cancel"]),
            st.integers(0, 4),
            st.sampled_from(list(Extent)),
            st.integers(6, 20),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_no_extent_reaches_what_has_begun_or_another_series(plenty, staff_user, acts):
    Conference.objects.all().delete()
    Series.objects.all().delete()
    mine = made(plenty, staff_user, 5)
    other = made(plenty, staff_user, 2, uid="form-2@lectern")
    past, *_ahead = dates(mine)
    Conference.objects.filter(pk=past.pk).update(starts_at=clock.now() - timedelta(days=1))
    foreign = [past.pk, *other.conferences.values_list("pk", flat=True)]
    kept = stored(foreign)
    for act, number, extent, hour in acts:
        before = stored(mine.conferences.values_list("pk", flat=True))
        row = dates(mine)[number]
        try:
            if row.pk == past.pk and extent is Extent.ONE:
                continue  # staff may touch that one by itself
            if act == "cancel":
                service.cancel(row, extent, staff_user, notify=False)
            else:
                edit(row, extent, staff_user, title=f"At {hour}", starts_at=soon_at(row, hour))
        except NotPossible:
            assert stored(before) == before
        touched = {pk for pk, now in stored(before).items() if now != before[pk]}
        if extent is Extent.ONE:
            assert touched <= {row.pk}
        elif extent is Extent.FOLLOWING:
            start = before[row.pk][0]
            assert all(before[pk][0] >= start for pk in touched)
        assert stored(foreign) == kept


def stored(ids):
    rows = Conference.objects.filter(pk__in=list(ids))
    return {row.pk: (row.starts_at, row.title, row.removed_at, row.version) for row in rows}


def test_a_zone_that_nobody_knows_is_in_nobodys_way(series, staff_user):
    Conference.objects.update(timezone="Moon/Tranquillity")
    row = dates(series)[0]
    at = row.starts_at + timedelta(hours=2)
    edit(row, Extent.AHEAD, staff_user, starts_at=at)
    assert dates(series)[0].starts_at == dates(series)[0].planned_at == at
