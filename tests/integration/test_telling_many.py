"""Many are told of a change or a cancellation: each once, of the first and the last value, in few
statements."""

import random
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.common import clock
from portal.conferences import tasks
from portal.conferences.audience.services import registrations
from portal.conferences.mails import services as mails
from portal.conferences.mails.services import reminders
from portal.conferences.mails.services.told import NOTHING, Notified, notified_of, told_of
from portal.conferences.models import Invitation, Registration
from portal.conferences.schedule.services import cancel, schedule
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from portal.sync.services import gone_there, transfer
from tests.factories import (
    AccountFactory,
    AttendeeFactory,
    ConferenceFactory,
    ModeratorFactory,
    RegistrationFactory,
)
from tests.support.mails import written_to

pytestmark = pytest.mark.django_db
THERE = "https://platform.example/room/1"
MANY = 7


@pytest.fixture
def staff(client_as):
    return client_as(roles.STAFF)


@pytest.fixture
def conference():
    return ConferenceFactory(title="First")


@pytest.fixture
def people(conference):
    """A speaker, and six who are registered; two of them were never written to."""
    speaker = ModeratorFactory(conference=conference, join_url=THERE)
    guests = [RegistrationFactory(conference=conference, join_url=THERE) for _ in range(MANY - 1)]
    mails.queue_invitations(conference, [speaker, *guests[2:]], None)
    assert tasks.send_mails() == MANY - 2
    mail.outbox.clear()
    return [speaker, *guests]


def accepted():
    """The platform takes all that it was asked for."""
    OutboxEntry.objects.all().delete()


def sent():
    """Address -> subjects of what a round of the mail worker has sent."""
    mail.outbox.clear()
    clock.advance(120)
    tasks.send_mails()
    return written_to()


def rename(conference, title, by):
    conference.refresh_from_db()
    schedule.reschedule(conference, {"title": title}, by, conference.version)


def everybody(people):
    return {getattr(one, "attendee", one).email for one in people}


def test_everybody_hears_once(conference, people, staff):
    rename(conference, "Second", staff.user)
    assert Invitation.objects.filter(purpose="update", created_by=staff.user).count() == MANY
    accepted()
    found = sent()
    assert found.keys() == everybody(people)
    assert all(len(subjects) == 1 and "Second" in subjects[0] for subjects in found.values())
    assert sent() == {}


def test_two_changes_are_one_mail_with_the_first_and_the_last_value(conference, people, staff_user):
    rename(conference, "Second", staff_user)
    rename(conference, "Third", staff_user)
    accepted()
    found = sent()
    assert {email: len(some) for email, some in found.items()} == dict.fromkeys(
        everybody(people), 1
    )
    for message in mail.outbox:
        assert "First" in message.body
        assert "Third" in message.body
        assert "Second" not in message.body


def test_what_is_changed_back_is_asked_of_nobody_and_told_nobody(conference, people, staff_user):
    rename(conference, "Second", staff_user)
    conference.refresh_from_db()
    back = {"title": ("Second", "First")}
    assert mails.must_hear(conference, mails.Act.RESCHEDULE, changes=back) == []
    rename(conference, "First", staff_user)
    accepted()
    assert sent() == {}


def test_a_preview_says_what_the_mail_will_say(conference, people, staff_user):
    conference.refresh_from_db()
    rename(conference, "Second", staff_user)
    conference.refresh_from_db()
    later = conference.starts_at + timedelta(hours=1)
    changes = {"starts_at": (conference.starts_at, later)}
    found = mails.preview(conference, mails.Act.RESCHEDULE, changes=changes)
    assert found.count == MANY
    assert [line.name for line in found.lines] == ["title", "time"]
    assert found.lines[0].old == "First"


def test_who_was_never_written_to_reads_the_value_of_before_both_changes(conference, staff_user):
    for _ in range(3):
        RegistrationFactory(conference=conference, join_url=THERE)
    rename(conference, "Second", staff_user)
    conference.refresh_from_db()
    changes = {"title": ("Second", "Third")}
    found = mails.preview(conference, mails.Act.RESCHEDULE, changes=changes)
    assert [(line.old, line.new) for line in found.lines] == [("First", "Third")]
    ends = mails.preview(conference, mails.Act.CANCEL).sample
    assert "First" in ends.subject, "what ends is what they know"
    rename(conference, "Third", staff_user)
    accepted()
    assert len(sent()) == 3
    assert all("First" in message.body for message in mail.outbox)


def test_a_cancellation_leaves_nothing_of_the_change_before(conference, people, staff_user):
    rename(conference, "Second", staff_user)
    conference.refresh_from_db()
    cancel.cancel(conference, staff_user)
    accepted()
    found = sent()
    assert found.keys() == everybody(people)
    assert Invitation.objects.filter(purpose="update", state="sent").count() == 0
    assert Invitation.objects.filter(purpose="cancel", state="sent").count() == MANY


def test_who_is_withdrawn_meanwhile_hears_of_that_alone(conference, people, staff_user):
    rename(conference, "Second", staff_user)
    leaves = people[-1]
    registrations.withdraw(conference, [leaves.pk], staff_user, notify=False)
    accepted()
    assert sent().keys() == everybody(people[:-1])


@pytest.mark.parametrize("notify", [True, False])
@pytest.mark.parametrize("act", ["change", "cancel"])
def test_who_leaves_in_one_role_and_stays_in_another_hears(
    conference, people, staff_user, notify, act
):
    speaker = people[0]
    person = AttendeeFactory(email=speaker.email)
    RegistrationFactory(conference=conference, attendee=person, join_url=THERE)
    if act == "change":
        rename(conference, "Second", staff_user)
    else:
        cancel.cancel(conference, staff_user)
    speaker.removed_at = clock.now()
    speaker.save()
    conference.refresh_from_db()
    telling = mails.Telling(notify)
    mails.tell(conference, mails.Act.UNASSIGN, telling, staff_user, moderators=[speaker])
    accepted()
    found = sent()
    assert found.keys() == everybody(people)
    assert len(found[speaker.email]) == 1


def test_a_cancellation_that_is_taken_back_is_told_nobody(conference, people, staff_user):
    cancel.cancel(conference, staff_user)
    conference.refresh_from_db()
    conference.removed_at = None
    conference.save()
    assert mails.tell_after_all(conference, staff_user, mails.Telling()) == 0
    accepted()
    assert sent() == {}


def taken_back(conference, by):
    """Cancelled here, but it is kept after all, and whoever was told of the end is told."""
    conference.refresh_from_db()
    conference.removed_at = None
    conference.save()
    gone_there._call_back(conference, by, mails.Telling())
    conference.refresh_from_db()


def test_of_two_cancellations_people_hear_of_the_second_alone(conference, people, staff_user):
    cancel.cancel(conference, staff_user, "The speaker is ill.")
    taken_back(conference, staff_user)
    cancel.cancel(conference, staff_user, "The room is flooded.")
    accepted()
    assert sent().keys() == everybody(people)
    for message in mail.outbox:
        assert "flooded" in message.body
        assert "The speaker is ill." not in message.body


def test_a_silent_cancellation_brings_back_none_that_was_taken_back(conference, people, staff_user):
    rename(conference, "Second", staff_user)
    conference.refresh_from_db()
    cancel.cancel(conference, staff_user)
    taken_back(conference, staff_user)
    cancel.cancel(conference, staff_user, notify=False)
    accepted()
    assert sent() == {}


def test_that_it_takes_place_is_said_once(conference, people, staff_user):
    cancel.cancel(conference, staff_user)
    accepted()
    assert len(sent()) == len(people)
    taken_back(conference, staff_user)
    cancel.cancel(conference, staff_user)
    taken_back(conference, staff_user)
    accepted()
    assert {email: len(some) for email, some in sent().items()} == dict.fromkeys(
        everybody(people), 1
    )


def test_who_is_left_of_many_hears_of_both_changes(conference, people, staff_user):
    rename(conference, "Second", staff_user)
    leave = [one.pk for one in people[2:]]
    registrations.withdraw(conference, leave, staff_user, notify=False)
    rename(conference, "Third", staff_user)
    accepted()
    assert sent().keys() == everybody(people[:2])
    for message in mail.outbox:
        assert "First" in message.body
        assert "Third" in message.body


def test_what_waits_goes_along_where_a_webinar_is_moved(conference, people, staff_user):
    rename(conference, "Second", staff_user)
    conference.refresh_from_db()
    made = transfer.move(conference, AccountFactory(), staff_user, notify=False)
    accepted()
    Registration.objects.update(registered_at=clock.now(), join_url=THERE)
    assert sent().keys() == everybody(people)
    assert set(Invitation.objects.values_list("conference", flat=True)) == {made.pk}


def test_nothing_is_written_where_nobody_is_to_hear(conference, people, staff_user):
    conference.refresh_from_db()
    schedule.reschedule(conference, {"title": "Second"}, staff_user, conference.version, False)
    conference.refresh_from_db()
    cancel.cancel(conference, staff_user, notify=False)
    accepted()
    assert sent() == {}
    assert not Invitation.objects.filter(state="waiting").exists()


@pytest.mark.parametrize("act", ["cancel", "change", "change again"])
def test_an_act_costs_the_same_statements_for_any_number(staff, act):
    acts = []
    for number in (60, 240):
        row = ConferenceFactory(title="First")
        guests = [RegistrationFactory(conference=row, join_url=THERE) for _ in range(number)]
        mails.queue_invitations(row, guests, None)
        Invitation.objects.update(state="sent", subject="x")
        if act == "change again":
            rename(row, "Second", staff.user)
        with CaptureQueriesContext(connection) as counted:
            if act == "cancel":
                cancel.cancel(row, staff.user)
            else:
                rename(row, "Third", staff.user)
        acts.append(len(counted))
    assert acts[1] <= acts[0], acts


CARDS = {
    "cancel": lambda row: (row, mails.Act.CANCEL, {}),
    "change": lambda row: (row, mails.Act.RESCHEDULE, {"changes": {"title": ("First", "Next")}}),
    "remind": lambda row: (row, mails.Act.REMIND, {"registrations": reminders.to_remind(row)}),
    "withdraw": lambda row: (row, mails.Act.WITHDRAW, {"registrations": guests_of(row)}),
}


def guests_of(row):
    return list(Registration.objects.filter(conference=row).select_related("attendee"))


@pytest.mark.parametrize("act", CARDS)
def test_a_card_costs_the_same_statements_for_any_number(act):
    costs = []
    for number in (60, 240):
        row = ConferenceFactory(title="First")
        guests = [RegistrationFactory(conference=row) for _ in range(number)]
        mails.queue_invitations(row, guests, None)
        Invitation.objects.update(state="sent", subject="x")
        with CaptureQueriesContext(connection) as counted:
            conference, name, concerned = CARDS[act](row)
            found = mails.preview(conference, name, **concerned)
        assert found.count == number
        assert found.sample
        costs.append(len(counted))
    assert costs[1] <= costs[0], costs


def test_a_card_of_several_dates_costs_the_same_statements_for_any_number():
    costs = []
    people = [AttendeeFactory() for _ in range(80)]
    for number in (20, 80):
        rows = [ConferenceFactory(title="First") for _ in range(3)]
        for row in rows:
            some = [RegistrationFactory(conference=row, attendee=one) for one in people[:number]]
            mails.queue_invitations(row, some, None)
        Invitation.objects.update(state="sent", subject="x")
        with CaptureQueriesContext(connection) as counted:
            found = mails.preview_several([mails.Part(row, mails.Act.CANCEL) for row in rows])
        assert found.count == number
        costs.append(len(counted))
    assert costs[1] <= costs[0], costs


def test_what_is_worked_out_once_is_what_each_message_makes_of_the_one_before(conference):
    """Thousands were told the same, which is worked out once; here each was told something else,
    and everybody must come out as one who is read alone."""
    choose = random.Random(33)
    guests = [RegistrationFactory(conference=conference) for _ in range(40)]
    speaker = ModeratorFactory(conference=conference, email=guests[0].attendee.email.upper())
    values = [{}, {"title": "First"}, {"title": "Second"}, {"duration_minutes": 60}]
    for _ in range(300):
        one = choose.choice([*guests, speaker])
        relation = "moderator" if one is speaker else "registration"
        Invitation.objects.create(
            conference=conference,
            purpose=choose.choice(["invite", "update", "cancel", "remind"]),
            state=choose.choice(Invitation.State.values),
            before=choose.choice(values),
            after=choose.choice(values),
            not_before=clock.now(),
            **{relation: one},
        )
    together = told_of([conference.pk])[conference.pk]
    for one in guests:
        email = one.attendee.email
        alone = notified_of(conference, roles_of_person(conference, email, speaker))
        assert shape(together.get(email, NOTHING)) == shape(alone.get(email, Notified()).told)


def test_those_who_were_told_the_same_know_one_and_the_same_thing(conference, people, staff_user):
    rename(conference, "Second", staff_user)
    accepted()
    sent()
    told = list(told_of([conference.pk])[conference.pk].values())
    assert len(told) == MANY
    assert len({id(one) for one in told}) == 2, "those who were invited, and those who were not"


def roles_of_person(conference, email, speaker):
    rows = list(Registration.objects.filter(conference=conference, attendee__email=email))
    return [*rows, speaker] if speaker.email.lower() == email else rows


def shape(told):
    return told.last, dict(told.says), dict(told.before), told.invitation
