"""Reminders: when staff have chosen it, to whom, once, whatever moves, stops or is done twice."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from portal.common import clock as clocks
from portal.common.errors import NotAllowed, NotPossible
from portal.conferences import tasks
from portal.conferences.audience.services import answers
from portal.conferences.mails import services as mails
from portal.conferences.mails.services import reminders
from portal.conferences.mails.services.reminders import due
from portal.conferences.models import (
    Attendee,
    Change,
    Conference,
    Invitation,
    MailTemplate,
    Registration,
    Reminder,
)
from portal.conferences.people.services import merging
from portal.conferences.schedule.services import cancel, schedule
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from portal.sync import restoring
from tests.factories import (
    AccountFactory,
    ConferenceFactory,
    ModeratorFactory,
    RegistrationFactory,
    SeriesFactory,
)
from tests.factories.rooms import furnish

pytestmark = pytest.mark.django_db
THERE = "https://platform.example/1"
DAY, HOUR = 1440, 60
State = Invitation.State


@pytest.fixture(autouse=True)
def here_alone(monkeypatch):
    """A platform that hears of nothing, so that mails wait for nothing."""
    furnish(monkeypatch)


@pytest.fixture
def row():
    start = (clocks.now() + timedelta(days=3)).replace(microsecond=0)
    account = AccountFactory(platform="plenty")
    return ConferenceFactory(account=account, title="Herbst", starts_at=start)


def guest(row, **values):
    return RegistrationFactory(conference=row, join_url=THERE, **values)


def until(clock, row, **before):
    """Let the clock show a time before the start."""
    row.refresh_from_db()
    clock.advance((row.starts_at - timedelta(**before) - clocks.now()).total_seconds())


def subjects():
    return [message.subject.partition(":")[0] for message in mail.outbox]


def move(row, start):
    """As a platform that has taken it would leave the row."""
    row.refresh_from_db()
    row.starts_at = start
    row.save()


def test_who_is_registered_is_reminded_once_when_it_is_due(row, clock, staff_user):
    people = [guest(row) for _ in range(3)]
    reminders.add(row, DAY, staff_user)
    until(clock, row, hours=24, minutes=1)
    tasks.send_mails()
    assert not mail.outbox
    clock.advance(90)
    assert tasks.send_mails() == 3
    clock.advance(3600)
    tasks.send_mails()
    assert subjects() == ["Reminder"] * 3
    assert sorted(one.to[0].split("<")[-1].strip(">") for one in mail.outbox) == sorted(
        one.attendee.email for one in people
    )
    assert f"/join/{people[0].token}/" in "".join(one.body for one in mail.outbox)
    line = Change.objects.get(action="reminded")
    assert str(line.sentence) == "Reminded 3 people"


def test_nobody_is_mailed_by_what_nobody_has_chosen(row, clock):
    guest(row)
    for hours in (25, 23.9, 1.1, 0.9, 0.1):
        until(clock, row, hours=hours)
        tasks.send_mails()
    assert not mail.outbox


def test_who_came_or_was_told_since_it_was_due_is_left_alone(row, clock, staff_user):
    early = guest(row)
    told = guest(row)
    reminders.add(row, DAY, staff_user)
    until(clock, row, hours=23, minutes=50)
    late = guest(row)
    type(late).objects.filter(pk=late.pk).update(created_at=clocks.now())
    mails.queue_invitations(row, [told], None)
    assert tasks.send_mails() == 2
    assert sorted(
        Invitation.objects.values_list("purpose", "registration").order_by("purpose")
    ) == sorted([("invite", told.pk), ("remind", early.pk)])


def test_who_said_yes_since_it_was_due_has_just_been_there(row, clock, staff_user):
    """Those who answer later than a day before are not reminded of it at once."""
    asked = guest(row, stage="invited", invited_at=clocks.now())
    reminders.add(row, DAY, staff_user)
    reminders.add(row, HOUR, staff_user)
    until(clock, row, hours=20)
    answers.answer(asked.token, "yes")
    Registration.objects.update(registered_at=clocks.now(), join_url=THERE)
    OutboxEntry.objects.all().delete()
    tasks.send_mails()
    assert not mail.outbox
    until(clock, row, minutes=59)
    tasks.send_mails()
    assert subjects() == ["Reminder"]


def test_who_waits_for_an_invitation_or_left_or_has_no_address_is_not_reminded(
    row, clock, staff_user
):
    reminders.add(row, DAY, staff_user)
    waiting, left, nowhere = guest(row), guest(row), guest(row)
    mails.queue_invitations(row, [waiting], None)
    Invitation.objects.update(not_before=row.starts_at)
    left.removed_at = clocks.now()
    left.save()
    Attendee.objects.filter(pk=nowhere.attendee_id).update(email="")
    until(clock, row, hours=24)
    assert reminders.queue_due() == 0


@pytest.mark.parametrize(
    ("minutes", "late", "sent"),
    [
        (DAY, timedelta(hours=11, minutes=59), 1),
        (DAY, timedelta(hours=12, minutes=1), 0),
        (HOUR, timedelta(minutes=29), 1),
        (HOUR, timedelta(minutes=31), 0),
        (DAY, timedelta(hours=25), 0),
    ],
)
def test_a_late_worker_sends_it_while_half_of_its_time_is_left(
    row, clock, staff_user, minutes, late, sent
):
    guest(row)
    reminders.add(row, minutes, staff_user)
    until(clock, row, minutes=minutes)
    clock.advance(late.total_seconds())
    assert tasks.send_mails() == sent


def test_one_that_was_written_and_waited_too_long_is_not_sent(row, clock, staff_user):
    guest(row)
    reminders.add(row, HOUR, staff_user)
    until(clock, row, minutes=59)
    assert reminders.queue_due() == 1
    clock.advance(1900)
    assert tasks.send_mails() == 0
    letter = Invitation.objects.get()
    assert letter.state == State.DROPPED
    assert "half of its time" in str(letter.problem)


def test_what_is_chosen_after_its_time_reminds_nobody(row, clock, staff_user):
    guest(row)
    until(clock, row, hours=20)
    with pytest.raises(NotPossible, match="has passed"):
        reminders.add(row, DAY, staff_user)
    reminders.add(row.account, DAY, staff_user)
    tasks.send_mails()
    assert not mail.outbox
    assert "had passed when it was chosen" in reminders.planned(row)[0].why


# What moves ------------------------------------------------------------------------------------


def test_a_webinar_that_is_moved_takes_its_reminder_along(row, clock, staff_user):
    guest(row)
    reminders.add(row, DAY, staff_user)
    move(row, row.starts_at + timedelta(days=4))
    clock.advance(timedelta(days=2, hours=1).total_seconds())  # due, had it not been moved
    assert tasks.send_mails() == 0
    until(clock, row, hours=24)
    assert tasks.send_mails() == 1


@pytest.mark.parametrize(
    ("minutes", "later", "again"),
    [
        (DAY, timedelta(hours=2), False),
        (DAY, timedelta(hours=23, minutes=59), False),
        (DAY, timedelta(days=1), True),
        (DAY, timedelta(days=7), True),
        (HOUR, timedelta(minutes=30), False),
        (HOUR, timedelta(hours=2), True),
        (DAY, -timedelta(hours=6), False),
    ],
)
def test_who_was_reminded_hears_again_where_it_lies_later_by_as_much(
    row, clock, staff_user, minutes, later, again
):
    guest(row)
    reminders.add(row, minutes, staff_user)
    until(clock, row, minutes=minutes)
    assert tasks.send_mails() == 1
    clock.advance(120)
    move(row, row.starts_at + later)
    for _ in range(3):
        tasks.send_mails()
        until(clock, row, minutes=minutes)
        tasks.send_mails()
        clock.advance(300)
    assert len(mail.outbox) == 1 + again


def test_moved_while_it_waits_it_is_dropped_and_back_again_it_is_sent(row, clock, staff_user):
    guest(row)
    reminders.add(row, DAY, staff_user)
    first = row.starts_at
    until(clock, row, hours=24)
    assert reminders.queue_due() == 1
    move(row, first + timedelta(days=3))
    assert tasks.send_mails() == 0
    assert "was moved" in str(Invitation.objects.get().problem)
    move(row, first)
    assert tasks.send_mails() == 1
    assert tasks.send_mails() == 0


def test_a_cancelled_webinar_reminds_nobody_and_one_that_takes_place_after_all_does(
    row, clock, staff_user
):
    guest(row)
    reminders.add(row, DAY, staff_user)
    until(clock, row, hours=24)
    assert reminders.queue_due() == 1
    cancel.cancel(row, staff_user, notify=False)
    assert tasks.send_mails() == 0
    assert Invitation.objects.get().state == State.DROPPED
    Conference.objects.update(removed_at=None)
    OutboxEntry.objects.all().delete()  # the platform has taken both
    assert tasks.send_mails() == 1


def test_a_draft_and_a_room_without_a_start_remind_nobody(row, clock, staff_user):
    guest(row)
    reminders.add(row, DAY, staff_user)
    until(clock, row, hours=24)
    for values in ({"draft": True}, {"starts_at": None}, {"gone_at": clocks.now()}):
        before = {name: getattr(row, name) for name in values}
        Conference.objects.update(**values)
        assert reminders.queue_due() == 0
        Conference.objects.update(**before)
    Conference.objects.update(draft=True)
    assert "draft" in reminders.reason_against(Conference.objects.get())


# Once ------------------------------------------------------------------------------------------


def test_the_database_takes_no_second_one(row):
    person = guest(row)
    letter = {
        "conference": row,
        "registration": person,
        "purpose": "remind",
        "remind_before": DAY,
        "remind_start": row.starts_at,
        "not_before": clocks.now(),
    }
    Invitation.objects.create(**letter)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(**letter)


def test_a_crash_between_writing_and_sending_loses_and_doubles_nothing(
    row, clock, staff_user, monkeypatch
):
    for _ in range(3):
        guest(row)
    reminders.add(row, DAY, staff_user)
    until(clock, row, hours=24)
    real = due.record

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(due, "record", killed)
    with pytest.raises(KeyboardInterrupt):
        tasks.send_mails()
    assert not Invitation.objects.exists()
    monkeypatch.setattr(due, "record", real)
    reminders.queue_due()
    reminders.queue_due()
    assert tasks.send_mails() == 3
    assert len(mail.outbox) == 3


def test_the_trouble_of_one_webinar_holds_up_no_other_mail(row, clock, staff_user, monkeypatch):
    other = ConferenceFactory(account=row.account, starts_at=row.starts_at)
    guest(row), guest(other)
    reminders.add(row.account, DAY, staff_user)
    until(clock, row, hours=24)
    real = due._write

    def write(conference, rule):
        if conference.pk == row.pk:
            raise ValueError("broken")
        return real(conference, rule)

    monkeypatch.setattr(due, "_write", write)
    assert tasks.send_mails() == 1
    monkeypatch.setattr(due, "_write", real)
    assert tasks.send_mails() == 1


def test_a_rule_that_is_taken_away_and_made_anew_reminds_nobody_twice(row, clock, staff_user):
    guest(row)
    rule = reminders.add(row, DAY, staff_user)
    until(clock, row, hours=24)
    assert tasks.send_mails() == 1
    reminders.remove(rule, staff_user, row)
    move(row, row.starts_at + timedelta(hours=1))
    reminders.add(row, DAY, staff_user)
    until(clock, row, hours=24)
    assert tasks.send_mails() == 0


def test_two_who_become_one_are_reminded_once(row, clock, staff_user):
    one, other = guest(row), guest(row)
    reminders.add(row, DAY, staff_user)
    until(clock, row, hours=24)
    assert tasks.send_mails() == 2
    merging.merge(one.attendee, other.attendee, staff_user, notify=False)
    assert tasks.send_mails() == 0
    assert Invitation.objects.filter(purpose="remind").count() == 2


def test_a_restored_database_does_not_repeat_what_was_due(row, clock, staff_user):
    guest(row)
    reminders.add(row, DAY, staff_user)
    until(clock, row, hours=23)
    restoring._mails()
    assert tasks.send_mails() == 0
    reminders.add(row, HOUR, staff_user)
    until(clock, row, minutes=60)
    assert tasks.send_mails() == 1


# What it says ----------------------------------------------------------------------------------


def calendars(message):
    return [kind for _text, kind in message.alternatives if kind.startswith("text/calendar")]


def test_the_entry_comes_with_it_for_those_alone_who_lack_it(row, clock, staff_user):
    known = guest(row)
    mails.queue_invitations(row, [known], None)
    assert tasks.send_mails() == 1
    unknown = guest(row)
    reminders.add(row, DAY, staff_user)
    until(clock, row, hours=24)
    assert tasks.send_mails() == 2
    found = {message.to[0]: calendars(message) for message in mail.outbox[1:]}
    assert not next(kinds for to, kinds in found.items() if known.attendee.email in to)
    assert next(kinds for to, kinds in found.items() if unknown.attendee.email in to)


def test_a_change_that_nobody_was_told_of_stands_in_it(row, clock, staff_user):
    person = guest(row)
    mails.queue_invitations(row, [person], None)
    assert tasks.send_mails() == 1
    schedule.reschedule(row, {"title": "Winter"}, staff_user, row.version, notify=False)
    row.refresh_from_db()
    reminders.add(row, DAY, staff_user)
    until(clock, row, hours=24)
    OutboxEntry.objects.all().delete()  # the platform has taken it
    assert tasks.send_mails() == 1
    assert "before: Herbst" in mail.outbox[-1].body
    assert calendars(mail.outbox[-1])


def test_a_reminder_is_no_news_and_later_changes_are_told_as_ever(row, clock, staff_user):
    person = guest(row)
    mails.queue_invitations(row, [person], None)
    reminders.add(row, DAY, staff_user)
    tasks.send_mails()
    until(clock, row, hours=24)
    tasks.send_mails()
    row.refresh_from_db()
    old, row.title = row.title, "Winter"
    row.save()
    mails.tell(row, "reschedule", mails.Telling(), None, changes={"title": (old, "Winter")})
    assert tasks.send_mails() == 1
    assert subjects() == ["Invitation", "Reminder", "Changed"]
    mails.tell(row, "cancel", mails.Telling(), None)
    assert Invitation.objects.filter(purpose="cancel").count() == 1


def test_it_has_a_template_and_the_rules_own_words(row, clock, staff_user):
    MailTemplate.objects.create(
        purpose="remind",
        language="en",
        subject="Soon: {title}",
        text="Hi {name}\n\n{link}",
        changed_at=clocks.now(),
    )
    guest(row)
    reminders.add(row, DAY, staff_user, note="Bring a pen.")
    until(clock, row, hours=24)
    tasks.send_mails()
    assert mail.outbox[0].subject == "Soon: Herbst"
    assert "Bring a pen." in mail.outbox[0].body


# Whose they are --------------------------------------------------------------------------------


def test_an_accounts_hold_for_webinars_without_their_own(row, clock, staff_user):
    other = ConferenceFactory(account=row.account, starts_at=row.starts_at)
    guest(row), guest(other)
    reminders.add(row.account, DAY, staff_user)
    reminders.add(row, HOUR, staff_user)  # keeps the account's beside its own
    assert [one.minutes for one in reminders.rules_of(Conference.objects.get(pk=row.pk))] == [
        DAY,
        HOUR,
    ]
    day = next(one for one in row.reminders.all() if one.minutes == DAY)
    reminders.remove(day, staff_user, row)
    until(clock, row, hours=24)
    assert tasks.send_mails() == 1
    assert Invitation.objects.get().conference == other
    reminders.follow(row, staff_user)
    row.refresh_from_db()
    assert [one.minutes for one in reminders.rules_of(row)] == [DAY]


def test_what_cannot_be_chosen_is_refused(row, staff_user, viewer_user):
    for minutes in (0, 9, 30 * DAY + 1):
        with pytest.raises(NotPossible, match="10 minutes"):
            reminders.add(row, minutes, staff_user)
    reminders.add(row, HOUR, staff_user)
    with pytest.raises(NotPossible, match="already"):
        reminders.add(row, HOUR, staff_user)
    for minutes in (11, 12, 13, 14):
        reminders.add(row, minutes, staff_user)
    with pytest.raises(NotPossible, match="at most"):
        reminders.add(row, 15, staff_user)
    for act in (
        lambda: reminders.add(row, DAY, viewer_user),
        lambda: reminders.remove(row.reminders.first(), viewer_user, row),
        lambda: reminders.follow(row, viewer_user),
        lambda: reminders.remind_now(row, mails.Telling(), viewer_user),
    ):
        with pytest.raises(NotAllowed):
            act()


# By hand ---------------------------------------------------------------------------------------


def test_staff_remind_now_and_the_same_answer_twice_reminds_once(row, staff_user):
    people = [guest(row), guest(row)]
    ModeratorFactory(conference=row, join_url=THERE)
    seen = reminders.newest(row)
    assert reminders.remind_now(row, mails.Telling(note="Hurry"), staff_user, seen) == 2
    with pytest.raises(NotPossible, match="meanwhile"):
        reminders.remind_now(row, mails.Telling(), staff_user, seen)
    assert tasks.send_mails() == 2
    assert sorted(Invitation.objects.values_list("registration", flat=True)) == sorted(
        one.pk for one in people
    )
    assert "Hurry" in mail.outbox[0].body


def test_by_hand_and_moved_meanwhile_it_is_not_sent(row, staff_user):
    guest(row)
    reminders.remind_now(row, mails.Telling(), staff_user)
    move(row, row.starts_at + timedelta(hours=1))
    assert tasks.send_mails() == 0


# The pages -------------------------------------------------------------------------------------


def test_choosing_one_shows_the_card_first(client_as, url, row):
    guest(row)
    client, page = client_as(), url("conference-reminders", row.pk)
    assert "Nobody is reminded" in client.get(page).content.decode()
    form = {"before": "1440", "number": "", "unit": "hours"}
    asked = client.post(page, form).content.decode()
    assert "Remind people 1 day before?" in asked
    assert "Reminder: Herbst" in asked
    assert "Have it sent to one person" in asked
    assert not Reminder.objects.exists()
    answer = client.post(
        page, form | {"tell": "yes", "note": "Pen", "counted": "1"}, follow=True
    ).content.decode()
    assert "The reminder is scheduled" in answer
    assert "1 day before" in answer
    rule = Reminder.objects.get()
    assert (rule.minutes, rule.note, rule.set_by) == (DAY, "Pen", client.user)
    assert not mail.outbox
    assert "1 day before" in client.get(url("conference-mails", row.pk)).content.decode()
    client.post(url("reminder-remove", row.pk, rule.pk))
    assert not Reminder.objects.exists()
    assert client.post(url("reminder-remove", row.pk, rule.pk)).status_code == 302


def test_where_nobody_is_registered_yet_one_can_be_chosen_all_the_same(client_as, url, row):
    client, page = client_as(), url("conference-reminders", row.pk)
    form = {"before": "own", "number": "3", "unit": "hours"}
    assert "Nobody is notified" in client.post(page, form).content.decode()
    client.post(page, form | {"do": "yes", "counted": "0"})
    assert Reminder.objects.get().minutes == 180


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"before": "own", "number": "", "unit": "hours"}, "Say how many"),
        ({"before": "own", "number": "9", "unit": "minutes"}, "Choose between"),
        ({"before": "own", "number": "31", "unit": "days"}, "Choose between"),
        ({"before": "own", "number": "9" * 30, "unit": "days"}, "less than or equal"),
        ({"before": "own", "number": "x", "unit": "days"}, "whole number"),
        ({"before": "77"}, "valid choice"),
        ({}, "required"),
    ],
)
def test_what_is_no_time_is_said_beside_the_field(client_as, url, row, form, words):
    answer = client_as().post(url("conference-reminders", row.pk), form)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Reminder.objects.exists()


def test_reminding_now_takes_two_clicks_from_the_mails(client_as, url, row):
    guest(row), guest(row)
    client = client_as()
    mails_page = client.get(url("conference-mails", row.pk)).content.decode()
    assert "Remind 2 people now" in mails_page
    page = url("conference-remind", row.pk)
    asked = client.get(page).content.decode()
    assert "Send a reminder to 2 people" in asked
    answer = {"tell": "yes", "counted": "2", "note": "", "seen": "0"}
    client.post(page, answer)
    client.post(page, answer)
    assert tasks.send_mails() == 2
    again = client.post(page, answer, follow=True).content.decode()
    assert "meanwhile" in again
    assert tasks.send_mails() == 0


def test_the_tab_of_mails_costs_the_same_however_many_are_reminded(
    client_as, url, row, clock, staff_user
):
    client, page = client_as(), url("conference-mails", row.pk)
    for minutes in (DAY, HOUR):
        reminders.add(row, minutes, staff_user)
    counts = []
    for number in (3, 30):
        for _ in range(number):
            guest(row)
        until(clock, row, hours=24)
        tasks.send_mails()
        client.get(page)  # what is written once a minute, or kept by a process
        with CaptureQueriesContext(connection) as seen:
            assert "1 hour before" in client.get(page).content.decode()
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 15


def test_an_accounts_page_says_how_many_that_is_before_it_keeps_one(client_as, url, row):
    guest(row)
    client, page = client_as(), url("account-reminders", row.account_id)
    form = {"before": "1440", "unit": "hours"}
    asked = client.post(page, form).content.decode()
    assert "1 registrations at 1 webinar that is coming" in asked
    assert not Reminder.objects.exists()
    client.post(
        page, form | {"sure": "yes", "of": "60-registered"}
    )  # another one than was asked about
    assert not Reminder.objects.exists()
    client.post(page, form | {"sure": "yes", "of": "1440-registered"})
    rule = Reminder.objects.get()
    assert (rule.account, rule.minutes) == (row.account, DAY)
    assert (
        "As chosen for all webinars"
        in client.get(url("conference-reminders", row.pk)).content.decode()
    )
    client.post(url("account-reminder-remove", row.account_id, rule.pk))
    assert not Reminder.objects.exists()


def test_the_page_says_what_the_platform_does_by_itself(client_as, url):
    client = client_as()
    said = {
        "myownconference": "MyOwnConference reminds people itself",
        "trueconf": "TrueConf Server reminds people itself",
        "clickmeeting": "sends no reminders of its own",
    }
    for platform, words in said.items():
        row = ConferenceFactory(account=AccountFactory(platform=platform))
        assert words in client.get(url("conference-reminders", row.pk)).content.decode()


def test_a_viewer_looks_and_chooses_nothing(client_as, url, row, staff_user):
    rule = reminders.add(row, DAY, staff_user)
    client = client_as(roles.VIEWER)
    page = client.get(url("conference-mails", row.pk)).content.decode()
    assert "1 day before" in page
    assert "Change reminders" not in page
    for name, args in (
        ("conference-reminders", (row.pk,)),
        ("conference-remind", (row.pk,)),
        ("reminder-remove", (row.pk, rule.pk)),
        ("reminders-follow", (row.pk,)),
        ("account-reminders", (row.account_id,)),
        ("account-reminder-remove", (row.account_id, rule.pk)),
    ):
        assert client.post(url(name, *args), {}).status_code == 403
    assert Reminder.objects.count() == 1


# Of a series -----------------------------------------------------------------------------------


@pytest.fixture
def series(row):
    """Three dates, a day apart; `row` is the first."""
    found = SeriesFactory(title="Reihe")
    Conference.objects.filter(pk=row.pk).update(series=found)
    for days in (1, 2):
        ConferenceFactory(
            account=row.account,
            title=f"Folge {days}",
            series=found,
            starts_at=row.starts_at + timedelta(days=days),
        )
    row.refresh_from_db()
    return found


def leads(row):
    return [one.minutes for one in reminders.rules_of(Conference.objects.get(pk=row.pk))]


def test_a_series_says_it_for_its_dates_and_a_date_for_itself(row, series, staff_user):
    first, second, third = series.conferences.order_by("starts_at")
    alone = ConferenceFactory(account=row.account)
    reminders.add(row.account, DAY, staff_user)
    assert leads(second) == [DAY]
    reminders.add(series, HOUR, staff_user)  # keeps the account's beside its own
    assert leads(first) == leads(second) == [DAY, HOUR]
    assert leads(alone) == [DAY]
    reminders.add(third, 30, staff_user)
    assert leads(third) == [DAY, HOUR, 30]
    series.refresh_from_db()
    day = next(one for one in reminders.of_series(series) if one.minutes == DAY)
    reminders.remove(day, staff_user, series)
    assert (leads(first), leads(third), leads(alone)) == ([HOUR], [DAY, HOUR, 30], [DAY])
    reminders.follow(third, staff_user)
    assert leads(third) == [HOUR]
    reminders.follow(series, staff_user)
    assert leads(first) == leads(third) == [DAY]
    said = Change.objects.filter(conference_id=first.pk, action="reminder set")
    assert said.count() == 3  # set, removed, given up
    assert "as the account says" in str(said.latest("pk").sentence)


def test_a_series_without_reminders_is_silent_where_its_account_is_not(row, series, staff_user):
    guest(row)
    rule = reminders.add(row.account, DAY, staff_user)
    reminders.remove(rule, staff_user, series)
    assert leads(row) == []
    assert [one.minutes for one in row.account.reminders.all()] == [DAY]


def test_each_date_is_reminded_of_once_as_its_series_says(row, series, clock, staff_user):
    dates = list(series.conferences.order_by("starts_at"))
    people = [guest(one).attendee for one in dates]
    reminders.add(series, DAY, staff_user)
    reminders.add(row.account, DAY, staff_user)  # never both
    for one in dates:
        until(clock, one, hours=24)
        assert (tasks.send_mails(), tasks.send_mails()) == (1, 0)
    assert [message.to[0].partition("<")[2][:-1] for message in mail.outbox] == [
        person.email for person in people
    ]


def test_an_accounts_reminder_taken_back_leaves_what_a_series_has_written(
    row, series, clock, staff_user
):
    other = ConferenceFactory(account=row.account, starts_at=row.starts_at)
    guest(row), guest(other)
    mine = reminders.add(series, DAY, staff_user)
    rule = reminders.add(row.account, DAY, staff_user)
    until(clock, row, hours=24)
    reminders.queue_due()
    reminders.remove(rule, staff_user)
    waiting = Invitation.objects.filter(state="waiting")
    assert [one.conference for one in waiting] == [row]
    reminders.remove(mine, staff_user, series)
    assert not waiting.all().exists()


def test_a_reminder_belongs_to_one_alone(row, series):
    values = {"minutes": DAY, "set_at": clocks.now()}
    for owners in ({}, {"series": series, "account": row.account}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Reminder.objects.create(**owners, **values)
    Reminder.objects.create(series=series, **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(series=series, **values)


def test_the_page_of_a_series_asks_first_and_its_dates_say_whose_they_are(
    client_as, url, row, series
):
    guest(row)
    client, page = client_as(), url("series-reminders", series.pk)
    assert "As chosen for all webinars on" in client.get(page).content.decode()
    form = {"before": "1440", "unit": "hours"}
    assert "1 registrations at 3 webinars" in client.post(page, form).content.decode()
    assert not Reminder.objects.exists()
    assert client.post(page, form | {"sure": "yes", "of": "1440-registered"}).status_code == 302
    rule = Reminder.objects.get()
    assert (rule.series, rule.minutes) == (series, DAY)
    assert "Chosen for this series." in client.get(page).content.decode()
    for name in ("conference-reminders", "conference-mails"):
        said = client.get(url(name, row.pk)).content.decode()
        assert "As chosen for all dates of the series “Reihe”." in said
    client.post(url("series-reminder-remove", series.pk, rule.pk))
    assert not Reminder.objects.exists()
    assert (
        "gone already"
        in client.post(
            url("series-reminder-remove", series.pk, rule.pk), follow=True
        ).content.decode()
    )
    client.post(url("series-reminders-follow", series.pk))
    series.refresh_from_db()
    assert not series.own_reminders


def test_a_viewer_changes_nothing_of_a_series(client_as, url, series, staff_user, viewer_user):
    rule = reminders.add(series, DAY, staff_user)
    client = client_as(roles.VIEWER)
    for name, args in (
        ("series-reminders", (series.pk,)),
        ("series-reminders-follow", (series.pk,)),
        ("series-reminder-remove", (series.pk, rule.pk)),
    ):
        assert client.post(url(name, *args), {}).status_code == 403
    with pytest.raises(NotAllowed):
        reminders.add(series, HOUR, viewer_user)
    assert Reminder.objects.count() == 1
