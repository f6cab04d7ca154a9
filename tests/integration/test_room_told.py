"""What people are told of a room with dates: each sentence is true, and no date goes unsaid."""

from datetime import timedelta

import pytest
from django.core import mail

from integrations.base.records import instant
from portal.common import clock
from portal.common.errors import NotPossible
from portal.conferences import repeating
from portal.conferences.mails import services as mails
from portal.conferences.mails.services import reminders, several
from portal.conferences.mails.services.drafting import compose
from portal.conferences.models import Conference, Invitation
from portal.conferences.schedule.services import cancel, room_dates, schedule
from portal.conferences.schedule.services.series import Extent
from portal.outbox.models import OutboxEntry
from portal.sync.mirrors.conferences import ConferenceMirror
from tests.factories import (
    AccountFactory,
    ConferenceFactory,
    RegistrationFactory,
    room_with_dates,
)

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
State = Conference.State


@pytest.fixture
def first():
    return (clock.now() + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)


def room(first, count=4, **given):
    account = AccountFactory(platform="clickmeeting")
    return room_with_dates(first, count, **{"account": account, "title": "Open hour"} | given)


def invited(row):
    person = RegistrationFactory(
        conference=row, join_url="https://platform.example/r", registered_at=clock.now()
    )
    mails.tell(row, mails.Act.INVITE, mails.Telling(True), None, registrations=[person])
    mails.send_due()
    mail.outbox.clear()
    return person


def sent():
    """The one mail that leaves now."""
    OutboxEntry.objects.update(state="done")
    mails.send_due()
    (message,) = mail.outbox
    mail.outbox.clear()
    return message


def short(at):
    return f"{at:%a} {at.day} {at:%b} {at:%H:%M}"


# Changes ------------------------------------------------------------------------------------------


def test_a_change_is_told_though_another_one_followed_without_a_word(first, staff_user):
    row = room(first)
    invited(row)
    row = room_dates.skip(row, first + WEEK, Extent.ONE, staff_user, row.version, True)
    row = room_dates.skip(row, first + 2 * WEEK, Extent.ONE, staff_user, row.version, False)
    body = sent().body
    assert body.count("does not take place") == 2, "the calendar entry leaves out both"


def test_two_changes_are_told_once_by_the_one_that_came_last(first, staff_user):
    row = room(first)
    invited(row)
    row = room_dates.skip(row, first + WEEK, Extent.ONE, staff_user, row.version, True)
    last = mails.Telling(True, "We are sorry.")
    row = room_dates.skip(row, first + 2 * WEEK, Extent.ONE, staff_user, row.version, last)
    body = sent().body
    assert body.count("does not take place") == 2
    assert "We are sorry." in body


def test_what_was_undone_before_it_was_told_is_no_news(first, staff_user):
    row = room(first)
    invited(row)
    row = room_dates.skip(row, first + WEEK, Extent.ONE, staff_user, row.version, True)
    room_dates.add(row, first + WEEK, staff_user, row.version, False)
    mails.send_due()
    assert mail.outbox == []


def by_staff(row, start, user):
    values = {"permanent": False, "starts_at": start, "duration_minutes": 60}
    schedule.reschedule(row, values, user, row.version, True)


def by_the_platform(row, start, user):
    values = {"permanent": False, "starts_at": instant(start), "duration_minutes": 60}
    ConferenceMirror().write(row, values)
    schedule.reschedule(row, {"title": "Open house"}, user, row.version, True)


@pytest.mark.parametrize("how", [by_staff, by_the_platform])
@pytest.mark.parametrize("later", [0, 2])
def test_a_room_that_gives_its_dates_up_says_which(how, later, first, staff_user):
    row = room(first)
    invited(row)
    how(row, first + timedelta(hours=later), staff_user)
    message = sent()
    assert f"new time: {short(first + timedelta(hours=later))}" in message.subject
    for week in range(4):
        assert short(first + week * WEEK) in message.body
    assert "always open" not in message.body


def test_the_first_dates_of_a_room_that_was_always_open(first, staff_user):
    row = room(first, starts_at=None, duration_minutes=None, dates=[], dates_rule="")
    invited(row)
    room_dates.add(row, first, staff_user, row.version, True)
    message = sent()
    assert message.subject == "Changed: Open hour — its dates"
    assert "before: The room is always open." in message.body
    assert message.body.count("\nbefore:") == 1


def test_another_length_is_no_new_time(first, staff_user):
    row = room(first)
    invited(row)
    room_dates.move(
        row,
        first + WEEK,
        Extent.ONE,
        first + WEEK + timedelta(days=1),
        staff_user,
        row.version,
        True,
        minutes=90,
    )
    assert sent().subject == "Changed: Open hour — its dates"


def test_a_cancellation_names_all_dates_that_its_reader_knows(first, staff_user):
    row = room(first)
    invited(row)
    row = room_dates.skip(row, first + WEEK, Extent.ONE, staff_user, row.version, False)
    cancel.cancel(row, staff_user, notify=True)
    message = sent()
    pages = [message.body, next(text for text, kind in message.alternatives if "html" in kind)]
    for shown in pages:
        assert all(short(first + week * WEEK) in shown for week in range(4))


def test_one_of_several_webinars_in_a_mail_names_its_dates(first):
    row, once = room(first), ConferenceFactory(starts_at=first + timedelta(days=1))
    contents = []
    for one in (row, once):
        person = RegistrationFactory(conference=one, attendee__email=f"a{one.pk}@example.com")
        mails.tell(one, mails.Act.INVITE, mails.Telling(True), None, registrations=[person])
        contents.append(compose(Invitation.objects.get(registration=person)))
    message = several.write(contents)
    pages = [message.body, next(text for text, kind in message.alternatives if "html" in kind)]
    for shown in pages:
        assert shown.count("One link for all dates") == 1
        assert all(short(first + week * WEEK) in shown for week in range(4))


@pytest.mark.parametrize("weekly", [False, True])
def test_a_reminder_may_be_chosen_whose_time_has_passed_for_the_next_date_alone(
    weekly, first, staff_user, clock
):
    row = room(first)
    if weekly:
        account = AccountFactory(platform="trueconf")
        day = f"{first:%A}".lower()
        options = {account.capabilities.weekly.days: day}
        row = ConferenceFactory(account=account, starts_at=first, options=options)
    person = RegistrationFactory(conference=row, join_url="https://platform.example/r")
    clock.advance((first - clock.now()).total_seconds() - 60 * 60)
    reminders.add(row, 120, staff_user)
    assert reminders.queue_due() == 0, "its time had passed when it was chosen"
    if not weekly:
        clock.advance((WEEK - timedelta(minutes=30)).total_seconds())
        room_dates.move_on()
        assert reminders.queue_due() == 1
        assert Invitation.objects.get(registration=person).remind_start == first + WEEK
    once = ConferenceFactory(starts_at=clock.now() + timedelta(hours=1))
    with pytest.raises(NotPossible, match="That time has passed"):
        reminders.add(once, 120, staff_user)


def test_a_reminder_before_the_end_of_the_date_before_says_why_it_reaches_nobody(
    first, staff_user, clock
):
    row = room(first)
    RegistrationFactory(conference=row, join_url="https://platform.example/r")
    clock.advance((first - 3 * WEEK - clock.now()).total_seconds())
    early, late = 2 * 7 * 24 * 60, 60
    for minutes in (early, late):
        reminders.add(row, minutes, staff_user)
    clock.advance((3 * WEEK + timedelta(hours=1)).total_seconds() + 60)
    room_dates.move_on()
    row.refresh_from_db()
    assert row.starts_at == first + WEEK
    assert reminders.queue_due() == 0
    said = {one.rule.minutes: one.why for one in reminders.planned(row)}
    assert "The date before was not over by then" in said[early]
    assert said[late] == ""


# Between two dates --------------------------------------------------------------------------------


def test_between_two_dates_it_is_not_over_before_the_clock_has_looked(first, staff_user, clock):
    row = room(first)
    invited(row)
    clock.advance((first - clock.now()).total_seconds() + 61 * 60)
    row = Conference.objects.get(pk=row.pk)
    assert (row.starts_at, row.state, row.is_over) == (first, State.SCHEDULED, False)
    dates = [instant(at) for at in repeating.kept(row)[:2]]
    changes = {"dates": (row.dates, dates)}
    assert len(mails.must_hear(row, mails.Act.RESCHEDULE, changes=changes)) == 1
    mails.tell(row, mails.Act.RESCHEDULE, mails.Telling(True), None, changes=changes)
    Conference.objects.filter(pk=row.pk).update(dates=dates)
    assert sent().body.count("does not take place") == 2


def test_after_the_last_date_it_is_over(first, clock):
    row = room(first, count=2)
    clock.advance((first + WEEK - clock.now()).total_seconds() + 61 * 60)
    row = Conference.objects.get(pk=row.pk)
    assert (row.state, row.is_over) == (State.ENDED, True)
    (copy,) = repeating.on_each_date([row], first + WEEK, first + 2 * WEEK)
    assert copy.state == State.ENDED


def test_a_date_that_is_over_is_so_while_others_lie_ahead(first, clock):
    row = room(first)
    clock.advance((first + WEEK - clock.now()).total_seconds() + 61 * 60)
    room_dates.move_on()
    row = Conference.objects.get(pk=row.pk)
    copies = {
        one.starts_at: one.state for one in repeating.on_each_date([row], first, first + 9 * WEEK)
    }
    assert copies == {
        first: State.ENDED,
        first + WEEK: State.ENDED,
        first + 3 * WEEK: State.SCHEDULED,
    }


def test_one_room_whose_dates_cannot_be_read_holds_up_no_other(first, clock):
    damaged, row = room(first, dates=["soon"]), room(first)
    clock.advance((first - clock.now()).total_seconds() + 61 * 60)
    assert room_dates.move_on() == 1
    row.refresh_from_db()
    damaged.refresh_from_db()
    assert (row.starts_at, damaged.starts_at) == (first + WEEK, first)


def test_rooms_of_long_ago_keep_none_out_of_the_calendar(first, monkeypatch):
    monkeypatch.setattr(repeating, "MOST", 3)
    for _number in range(3):
        room(first - 90 * WEEK)
    row = room(first)
    found = repeating.on_each_date(
        repeating.repeated(repeating.Q()), first + WEEK, first + 2 * WEEK
    )
    assert [one.pk for one in found] == [row.pk]
