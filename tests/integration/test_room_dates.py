"""One permanent room for several dates: kept here, heard of by people and by no platform."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from icalendar import Calendar

from integrations.base.records import instant
from portal.common import clock
from portal.common.errors import NotPossible, Stale
from portal.conferences import repeating, walltime
from portal.conferences.mails import services as mails
from portal.conferences.mails.services import reminders
from portal.conferences.mails.services.calendar_entry import calendar_file
from portal.conferences.models import Change, Conference, Invitation, RegistrationPage
from portal.conferences.schedule.services import clashes, room_dates, schedule
from portal.conferences.schedule.services.series import Extent
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from portal.sync import engine, live
from portal.sync.mirrors.conferences import ConferenceMirror
from portal.sync.models import Conflict
from portal.sync.services import transfer
from tests.factories import (
    AccountFactory,
    ConferenceFactory,
    ModeratorFactory,
    RegistrationFactory,
    room_with_dates,
    staff_url,
)
from tests.support.entries import instants_of
from tests.support.pages import text
from tests.support.syncing import settle

pytestmark = pytest.mark.django_db
BERLIN = "Europe/Berlin"
WEEK = timedelta(days=7)
DAY = 24 * 60 * 60  # seconds


@pytest.fixture
def client(client_as):
    return client_as(roles.STAFF)


@pytest.fixture
def first():
    return (clock.now() + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)


def room(first, count=4, **given):
    """A permanent room with weekly dates, as it stands when the platform has it."""
    account = AccountFactory(platform="clickmeeting")
    return room_with_dates(first, count, **{"account": account, "title": "Open hour"} | given)


def sent_to(row, **given):
    person = RegistrationFactory(
        conference=row, join_url="https://platform.example/r", registered_at=clock.now(), **given
    )
    mails.tell(row, mails.Act.INVITE, mails.Telling(True), None, registrations=[person])
    mails.send_due()
    mail.outbox.clear()
    return person


def posted(client, account, first, **changes):
    at = walltime.wall(first, BERLIN)
    values = {
        "uid": "0c3f4f5e-6f1f-4f4e-8a53-6f0e6f9b7a10",
        "shown": account.pk,
        "account": account.pk,
        "title": "Open hour",
        "room_type": "webinar",
        "timezone": BERLIN,
        "date": f"{at:%Y-%m-%d}",
        "time": f"{at:%H:%M}",
        "duration_minutes": 45,
        "access": "open",
        "repeat-repeats": "WEEKLY",
        "repeat-interval": 1,
        "repeat-count": 4,
        "repeat-shape": "permanent",
        "moderators-count": 0,
        "schedule": "yes",
    }
    return client.post(staff_url("schedule"), values | changes)


# Scheduling --------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", ["clickmeeting", "livewebinar", "trueconf"])
def test_one_room_is_made_there_and_its_dates_are_kept_here(slug, client, sandbox, first):
    account = AccountFactory(
        platform=slug,
        base_url=sandbox.base_url(slug),
        credentials=sandbox.credentials(slug),
        options=sandbox.options(slug),
        requests_per_minute=6000,
    )
    posted(client, account, first, option_owner=account.options.get("owner", ""))
    row = Conference.objects.get()
    assert row.permanent
    assert repeating.kept(row) == [first + number * WEEK for number in range(4)]
    assert (row.starts_at, row.duration_minutes) == (first, 45)
    for _again in range(2):
        settle(account)
    row.refresh_from_db()
    assert (row.starts_at, row.duration_minutes) == (first, 45)
    assert not OutboxEntry.objects.exclude(state="done").exists()
    assert not Conflict.objects.exists()
    run = engine.sync_account(account.pk, full=True)
    assert run.steps == [], "nothing to do: no platform hears of a date"


def test_the_dates_follow_the_clock_of_the_zone(client, account):
    start = datetime(2094, 3, 16, 9, 0, tzinfo=UTC)  # a Tuesday before the clocks change
    posted(client, account, start)
    row = Conference.objects.get()
    shown = [walltime.wall(at, BERLIN).strftime("%d.%m. %H:%M") for at in repeating.kept(row)]
    assert shown == ["16.03. 10:00", "23.03. 10:00", "30.03. 10:00", "06.04. 10:00"]


def test_the_same_form_twice_makes_one_room(client, account, first):
    for _again in range(2):
        posted(client, account, first)
    assert Conference.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"repeat-count": ""}, "Say how many dates"),
        ({"permanent": "on"}, "take the tick off"),
        ({"draft": "yes"}, "draft"),
        ({"date": "2020-01-07"}, "in the past"),
    ],
)
def test_what_cannot_be_is_said(client, account, first, changes, said):
    answer = posted(client, account, first, **changes)
    assert answer.status_code == 422
    assert said in text(answer)
    assert not Conference.objects.exists()


def test_it_is_offered_where_a_platform_has_permanent_rooms(client):
    offered = {}
    for slug in ("clickmeeting", "livewebinar", "trueconf", "myownconference"):
        account = AccountFactory(platform=slug)
        page = text(client.get(staff_url("schedule"), {"account": account.pk}))
        offered[slug] = "One permanent room on" in page
    assert offered == {
        "clickmeeting": True,
        "livewebinar": True,
        "trueconf": True,
        "myownconference": False,
    }


# What goes by the dates --------------------------------------------------------------------------


def test_it_stands_in_calendar_list_and_page(client, first):
    row = room(first)
    month = client.get(staff_url("calendar"), {"month": f"{first:%Y-%m}", "view": "agenda"})
    assert "Open hour" in text(month)
    page = text(client.get(staff_url("conference", row.pk)))
    assert "One link for 4 dates" in page
    assert "Always open" not in page
    assert "One link for 4 dates" in text(client.get(staff_url("conferences")))
    for week in range(4):
        at = first + week * WEEK
        for view in ("week", "timeline"):
            found = text(client.get(staff_url("calendar"), {"view": view, "day": f"{at:%Y-%m-%d}"}))
            assert found.count("Open hour") == 1, (week, view)


def test_the_clock_moves_it_on_once_a_date_is_over(first, clock):
    row = room(first)
    until(clock, first + timedelta(minutes=30))
    assert room_dates.move_on() == 0
    row.refresh_from_db()
    assert row.state == Conference.State.LIVE
    assert row.pk in live.running(clock.now())
    clock.advance(3600)
    assert (room_dates.move_on(), room_dates.move_on()) == (1, 0)
    version = row.version
    row.refresh_from_db()
    assert (row.starts_at, row.state) == (first + WEEK, Conference.State.SCHEDULED)
    assert row.version == version, "whoever edits it meanwhile has lost nothing"
    clock.advance(60 * DAY)
    room_dates.move_on()
    row.refresh_from_db()
    assert (row.starts_at, row.state) == (first + 3 * WEEK, Conference.State.ENDED)
    assert room_dates.move_on() == 0


def test_many_rooms_cost_the_clock_one_look(first, clock, django_assert_num_queries):
    for _room in range(5):
        room(first)
    until(clock, first + timedelta(minutes=30))
    with django_assert_num_queries(1):
        assert room_dates.move_on() == 0


def until(clock, moment):
    clock.advance((moment - clock.now()).total_seconds())


def worked(clock, dates, before):
    """Let the worker look around each date's reminder, start and end; how often did it write?"""
    moments = sorted(
        at + timedelta(minutes=minutes)
        for at in dates
        for minutes in (-before - 1, -before + 1, -before + 20, -before + 65, -1, 30, 61, 62)
    )
    wrote = 0
    for moment in moments:
        until(clock, moment)
        room_dates.move_on()
        if reminders.queue_due():
            wrote += 1
            Invitation.objects.update(state=Invitation.State.SENT, sent_at=clock.now())
    return wrote


def test_each_date_is_reminded_of_once(first, clock, staff_user):
    row = room(first, count=3)
    reminders.add(row, 60, staff_user)
    RegistrationFactory(conference=row)
    assert worked(clock, [first + number * WEEK for number in range(3)], 60) == 3
    assert set(Invitation.objects.values_list("remind_start", flat=True)) == {
        first + number * WEEK for number in range(3)
    }


def test_a_daily_room_reminds_a_day_ahead(first, clock, staff_user):
    days = [first + timedelta(days=number) for number in range(3)]
    row = room(first, dates=[instant(at) for at in days], dates_rule="FREQ=DAILY;COUNT=3")
    reminders.add(row, 24 * 60, staff_user)
    RegistrationFactory(conference=row)
    worked(clock, days, 24 * 60)
    assert set(Invitation.objects.values_list("remind_start", flat=True)) == set(days)


def test_each_date_is_in_the_way_of_others(first):
    row = room(first)
    ModeratorFactory(conference=row, email="ann@example.com")
    planned = clashes.Planned(AccountFactory(), first + 2 * WEEK, 60, speakers=["ann@example.com"])
    (clash,) = clashes.find(planned).speakers
    assert (clash.other.pk, clash.other.starts_at) == (row.pk, first + 2 * WEEK)
    assert not clashes.find(
        clashes.Planned(AccountFactory(), first + 9 * WEEK, 60, speakers=["ann@example.com"])
    )


# Mails and calendar files ------------------------------------------------------------------------


def entry(row):
    return Calendar.from_ical(
        calendar_file(row, to_email="a@example.com", to_name="", link="https://x", sequence=0)
    )


def test_one_entry_repeats_by_the_rule(first):
    row = room(first)
    calendar = entry(row)
    assert len(calendar.walk("VEVENT")) == 1
    assert "rrule" in calendar.walk("VEVENT")[0]
    assert instants_of(calendar) == repeating.kept(row)


@pytest.mark.parametrize("extent", list(Extent))
def test_the_entry_has_what_was_moved_left_out_and_added(first, extent, staff_user):
    row = room(first, count=8)
    row = room_dates.skip(row, first + 2 * WEEK, Extent.ONE, staff_user, row.version, False)
    row = room_dates.move(
        row,
        first + 4 * WEEK,
        extent,
        first + 4 * WEEK + timedelta(days=1, hours=2),
        staff_user,
        row.version,
        False,
    )
    for days in (90, 91, 92):
        row = room_dates.add(row, first + timedelta(days=days), staff_user, row.version, False)
    assert len(repeating.kept(row)) == 10
    assert instants_of(entry(row)) == repeating.kept(row)


def test_the_entry_goes_by_the_clock_over_both_changes(client, account):
    start = datetime(2094, 3, 16, 9, 0, tzinfo=UTC)
    posted(client, account, start, **{"repeat-count": 40})
    row = Conference.objects.get()
    assert instants_of(entry(row)) == repeating.kept(row)
    assert len({walltime.wall(at, BERLIN).hour for at in repeating.kept(row)}) == 1


def test_the_invitation_names_the_dates(first):
    row = room(first)
    person = RegistrationFactory(
        conference=row, join_url="https://platform.example/r", registered_at=clock.now()
    )
    mails.tell(row, mails.Act.INVITE, mails.Telling(True), None, registrations=[person])
    mails.send_due()
    (message,) = mail.outbox
    assert message.body.count(f"{first:%H:%M}") >= 4
    assert "One link for all dates" in message.body


def test_people_hear_what_became_of_the_dates(first, staff_user):
    row = room(first)
    sent_to(row)
    to = first + WEEK + timedelta(hours=3)
    row = room_dates.move(row, first + WEEK, Extent.ONE, to, staff_user, row.version, True)
    settle_mails(row)
    (message,) = mail.outbox
    assert message.subject == "Changed: Open hour — its dates"
    assert f"{first + WEEK:%H:%M}" in message.body
    assert f"{to:%H:%M}" in message.body
    (event, other) = Calendar.from_ical(calendar_of(message)).walk("VEVENT")
    assert event["sequence"] == other["sequence"] == 1


def test_a_date_that_is_over_is_no_news(first, staff_user, clock):
    row = room(first)
    sent_to(row)
    clock.advance(4 * DAY)
    room_dates.move_on()
    row.refresh_from_db()
    schedule.reschedule(row, {"title": "Open house"}, staff_user, row.version, True)
    settle_mails(row)
    (message,) = mail.outbox
    assert "Open house" in message.subject
    assert "Date:" not in message.body
    assert "Time:" not in message.body


def test_what_nobody_was_told_is_right_in_the_next_mail(first, staff_user):
    """Staff chose to tell nobody of a date left out: a later mail is not about it, and has the
    dates as they are."""
    row = room(first)
    sent_to(row)
    row = room_dates.skip(row, first, Extent.ONE, staff_user, row.version, False)
    assert mail.outbox == []
    schedule.reschedule(row, {"title": "Open house"}, staff_user, row.version, True)
    settle_mails(row)
    row.refresh_from_db()
    (message,) = mail.outbox
    assert "does not take place" not in message.body
    dates = f"{first:%a} {first.day} {first:%b}", f"{row.starts_at:%a} {row.starts_at.day}"
    assert dates[0] not in message.body
    assert dates[1] in message.body
    assert instants_of(Calendar.from_ical(calendar_of(message))) == repeating.kept(row)


def settle_mails(row):
    OutboxEntry.objects.update(state="done")
    mails.send_due()


def calendar_of(message):
    return next(content for content, kind in message.alternatives if "calendar" in kind)


def test_pages_for_people_outside_name_the_dates(first):
    row = room(first)
    person = RegistrationFactory(conference=row, stage="invited")
    page = RegistrationPage.objects.create(conference=row, slug="open-hour", open=True)
    outside = Client()
    for address in (
        staff_url("answer", person.token),
        staff_url("register", page.slug),
        staff_url("join", RegistrationFactory(conference=row).token),
    ):
        shown = text(outside.get(address))
        assert "One link for all dates" in shown, address
        assert shown.count(f"{first:%H:%M}") >= 4


# What staff do -----------------------------------------------------------------------------------


def test_one_or_the_following_or_all_are_left_out(first, staff_user):
    for extent, left in ((Extent.ONE, 3), (Extent.FOLLOWING, 1)):
        row = room(first)
        row = room_dates.skip(row, first + WEEK, extent, staff_user, row.version, False)
        assert len(repeating.kept(row)) == left
    row = room(first)
    with pytest.raises(NotPossible, match="No date would be left"):
        room_dates.skip(row, first, Extent.AHEAD, staff_user, row.version, False)


def test_what_follows_is_moved_to_the_same_clock_time(client, account, staff_user):
    start = datetime(2094, 3, 16, 9, 0, tzinfo=UTC)
    posted(client, account, start)
    row = Conference.objects.get()
    to = start + timedelta(days=8, hours=2)
    row = room_dates.move(row, start + WEEK, Extent.FOLLOWING, to, staff_user, row.version, False)
    shown = [walltime.wall(at, BERLIN).strftime("%d.%m. %H:%M") for at in repeating.kept(row)]
    assert shown == ["16.03. 10:00", "24.03. 12:00", "31.03. 12:00", "07.04. 12:00"]


def test_two_dates_never_fall_together(first, staff_user):
    row = room(first)
    with pytest.raises(NotPossible):
        room_dates.move(row, first, Extent.ONE, first + WEEK, staff_user, row.version, False)
    with pytest.raises(NotPossible):
        room_dates.add(row, first, staff_user, row.version, False)
    with pytest.raises(NotPossible):
        room_dates.add(row, clock.now() - WEEK, staff_user, row.version, False)
    row.refresh_from_db()
    assert len(row.dates) == 4


def test_an_edit_from_an_older_page_is_refused(first, staff_user):
    row = room(first)
    room_dates.skip(row, first, Extent.ONE, staff_user, row.version, False)
    with pytest.raises(Stale):
        room_dates.skip(row, first + WEEK, Extent.ONE, staff_user, row.version, False)


def test_a_room_that_had_no_dates_is_given_one(client, first):
    row = room(first, starts_at=None, duration_minutes=None, dates=[], dates_rule="")
    assert "No dates yet" in text(client.get(staff_url("room-dates", row.pk)))
    address = staff_url("room-date-add", row.pk)
    given = {
        "date": f"{first:%Y-%m-%d}",
        "time": f"{first:%H:%M}",
        "timezone": "UTC",
        "duration_minutes": 30,
        "version": row.version,
    }
    assert "Add this date?" in text(client.post(address, given))
    client.post(address, given | {"tell": "no"})
    row.refresh_from_db()
    assert (row.starts_at, row.duration_minutes) == (first, 30)
    assert instants_of(entry(row)) == [first]


def test_pages_move_and_skip_with_who_hears(client, first):
    row = room(first)
    sent_to(row)
    stamp = f"{first + WEEK:%Y%m%dT%H%M%SZ}"
    page = client.get(staff_url("room-dates", row.pk))
    assert f"/dates/{stamp}/move/" in page.content.decode()
    skip = staff_url("room-date-skip", row.pk, stamp)
    asked = text(client.get(skip, {"extent": "following"}))
    assert "Leave out 3 dates?" in asked
    assert "hears nothing of it" in asked
    client.post(skip, {"extent": "one", "version": row.version, "tell": "yes", "counted": 1})
    row.refresh_from_db()
    assert len(row.dates) == 3
    assert Invitation.objects.filter(purpose="update").count() == 1
    gone = client.get(skip, follow=True)
    assert "was moved or left out meanwhile" in text(gone)
    assert Change.objects.filter(action="rescheduled").count() == 1
    later = f"{first + 2 * WEEK:%Y%m%dT%H%M%SZ}"
    move = staff_url("room-date-move", row.pk, later)
    to = first + 2 * WEEK + timedelta(days=1)
    given = {
        "date": f"{to:%Y-%m-%d}",
        "time": f"{to:%H:%M}",
        "timezone": "UTC",
        "duration_minutes": 60,
        "extent": "following",
        "version": row.version,
    }
    assert "Move 2 dates?" in text(client.post(move, given))
    client.post(move, given | {"tell": "no"})
    row.refresh_from_db()
    assert repeating.kept(row)[1:] == [to, to + WEEK]
    assert client.get(staff_url("room-date-move", row.pk, "nonsense")).status_code == 404
    once = ConferenceFactory()
    assert client.get(staff_url("room-dates", once.pk)).status_code == 404


def test_a_date_that_stays_where_it_is_was_not_moved(client, first, staff_user):
    row = room(first)
    given = {
        "date": f"{first:%Y-%m-%d}",
        "time": f"{first:%H:%M}",
        "timezone": "UTC",
        "duration_minutes": 60,
        "version": row.version,
    }
    move = staff_url("room-date-move", row.pk, f"{first:%Y%m%dT%H%M%SZ}")
    answer = client.post(move, given | {"tell": "no"})
    assert answer.status_code == 422
    assert "starts at that time already" in text(answer)
    with pytest.raises(NotPossible):
        room_dates.move(row, first, Extent.ONE, first, staff_user, row.version, False)
    row.refresh_from_db()
    assert (row.version, Change.objects.count()) == (0, 0)
    assert "Move this date?" in text(client.post(move, given | {"duration_minutes": 90}))


def test_another_time_says_what_else_takes_place_then(client, first):
    row = room(first)
    ModeratorFactory(conference=row, email="ann@example.com", name="Ann Example")
    to = first + timedelta(days=1)
    other = ConferenceFactory(title="Board", starts_at=to, duration_minutes=60)
    ModeratorFactory(conference=other, email="ann@example.com", name="Ann Example")
    given = {
        "date": f"{to:%Y-%m-%d}",
        "time": f"{to:%H:%M}",
        "timezone": "UTC",
        "duration_minutes": 60,
        "version": row.version,
    }
    asked = text(client.post(staff_url("room-date-move", row.pk, f"{first:%Y%m%dT%H%M%SZ}"), given))
    assert "On one of these dates something else takes place" in asked
    assert "Ann Example is at another webinar: Board" in asked


def test_editing_the_room_leaves_its_dates(client, first, staff_user):
    row = room(first)
    page = client.get(staff_url("conference-edit", row.pk)).content.decode()
    assert staff_url("room-dates", row.pk) in page
    schedule.reschedule(row, {"title": "Open house"}, staff_user, row.version)
    row.refresh_from_db()
    assert (row.title, len(row.dates), row.starts_at) == ("Open house", 4, first)


def test_a_room_that_becomes_a_webinar_gives_its_dates_up(first, staff_user):
    row = room(first)
    values = {"permanent": False, "starts_at": first, "duration_minutes": 60}
    schedule.reschedule(row, values, staff_user, row.version)
    row.refresh_from_db()
    assert (row.permanent, row.dates, row.starts_at) == (False, [], first)


# The sync ----------------------------------------------------------------------------------------


def test_the_sync_reads_and_writes_no_date(first):
    row, mirror = room(first), ConferenceMirror()
    ours = mirror.read(row)
    assert (ours["starts_at"], ours["duration_minutes"]) == (None, None)
    mirror.write(row, {"title": "Their title", "starts_at": None, "duration_minutes": None})
    row.refresh_from_db()
    assert (row.title, row.starts_at, row.duration_minutes) == ("Their title", first, 60)
    mirror.write(row, {"permanent": False, "starts_at": instant(first), "duration_minutes": 30})
    row.refresh_from_db()
    assert (row.permanent, row.dates, row.duration_minutes) == (False, [], 30)


def test_its_dates_move_with_it(first, staff_user):
    row = room(first)
    there = AccountFactory(platform="livewebinar")
    made = transfer.move(row, there, staff_user, notify=False)
    assert repeating.kept(made) == [first + number * WEEK for number in range(4)]
    row.refresh_from_db()
    assert row.removed_at
    other = AccountFactory(platform="myownconference")
    with pytest.raises(NotPossible, match="no permanent rooms"):
        transfer.move(made, other, staff_user, notify=False)
