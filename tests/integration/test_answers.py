"""Invited is not registered: people are asked, and what they answer by their link is done."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from integrations.base.records import Kind
from portal.common import clock
from portal.conferences import tasks
from portal.conferences.audience import counters
from portal.conferences.audience.services import answers, invite, registrations
from portal.conferences.models import (
    Attendance,
    Attendee,
    Change,
    Invitation,
    Job,
    Registration,
    Session,
)
from portal.conferences.people.services import merging, selection
from portal.conferences.schedule.services import schedule
from portal.identity import roles
from portal.outbox import services as outbox
from portal.outbox.models import OutboxEntry
from portal.sync import engine
from portal.sync.kinds import mirror_of
from portal.sync.models import PlatformLink
from tests.factories import (
    AccountFactory,
    ConferenceFactory,
    RegistrationFactory,
)
from tests.factories.rooms import furnish

pytestmark = pytest.mark.django_db
Stage = Registration.Stage


@pytest.fixture
def plenty(monkeypatch):
    """An account whose platform can do everything."""
    furnish(monkeypatch)
    return AccountFactory(platform="plenty")


@pytest.fixture
def staff(client_as):
    return client_as(roles.STAFF)


@pytest.fixture
def conference():
    return ConferenceFactory(registration_enabled=True)


@pytest.fixture
def asked(conference, staff_user):
    """One who was asked whether they come."""
    invite.send(conference, selection.gather("ann@example.com"), by=staff_user, register=False)
    return conference.registrations.get()


def say(client, url, row, said):
    return client.post(url("answer", row.token), {"answer": said})


def told(row):
    return OutboxEntry.objects.filter(kind="registration", local_id=row.pk)


def test_asking_tells_no_platform_and_counts_nobody(staff, url, conference):
    data = {"action": "send", "who": "ann@example.com bob@example.com", "tell": "yes"}
    staff.post(url("invite", conference.pk), data)
    rows = conference.registrations.all()
    assert {row.stage for row in rows} == {Stage.INVITED}
    assert all(row.invited_at for row in rows)
    assert not OutboxEntry.objects.exists()
    conference.refresh_from_db()
    assert conference.people_counted == 0
    assert Invitation.objects.filter(state="waiting").count() == 2


def test_the_preview_says_what_will_happen_by_the_tick(staff, url, conference):
    data = {"action": "preview", "who": "ann@example.com"}
    page = staff.post(url("invite", conference.pk), data).content.decode()
    assert "Will be asked" in page
    assert "as soon as they have answered yes" in page
    assert "One person will be notified now." in page
    page = staff.post(url("invite", conference.pk), data | {"register": "on"}).content.decode()
    assert "Will be registered" in page
    assert "once ClickMeeting has registered them" in page


def test_the_mail_asks_and_waits_for_no_platform(asked, client, url):
    assert tasks.send_mails() == 1
    body = mail.outbox[0].body
    for said in ("yes", "maybe", "no"):
        assert f"/answer/{asked.token}/?answer={said}" in body
    assert "You cannot come?" not in body
    page = client.get(url("answer", asked.token) + "?answer=yes")
    assert page.status_code == 200
    asked.refresh_from_db()
    assert (asked.answer, asked.stage) == ("", Stage.INVITED)  # a link that is opened says nothing


def test_yes_registers_on_the_platform_and_counts(asked, conference, client, url):
    answer = say(client, url, asked, "yes")
    assert answer.url == url("answer", asked.token)
    asked.refresh_from_db()
    assert (asked.stage, asked.answer) == (Stage.REGISTERED, "yes")
    assert asked.answered_at
    assert told(asked).count() == 1
    conference.refresh_from_db()
    assert conference.people_counted == 1
    assert "You are registered" in client.get(url("answer", asked.token)).content.decode()
    say(client, url, asked, "yes")
    assert told(asked).count() == 1
    assert Change.objects.filter(action="answered", local_id=asked.pk).count() == 1


def test_no_takes_the_person_off_and_yes_brings_them_back(asked, conference, client, url):
    say(client, url, asked, "no")
    asked.refresh_from_db()
    assert asked.has_declined
    assert not told(asked).exists()  # nobody there had heard of them
    assert not Invitation.objects.filter(state="waiting").exists()
    assert client.get(url("join", asked.token)).url == url("answer", asked.token)
    say(client, url, asked, "maybe")
    asked.refresh_from_db()
    assert (asked.removed_at, asked.stage, asked.answer) == (None, Stage.INVITED, "maybe")
    say(client, url, asked, "yes")
    asked.refresh_from_db()
    assert (asked.removed_at, asked.stage) == (None, Stage.REGISTERED)


def test_no_of_somebody_registered_frees_their_place_on_the_platform(plenty, client, url):
    row = RegistrationFactory(conference__account=plenty, join_url="https://x.example/1")
    say(client, url, row, "no")
    row.refresh_from_db()
    assert row.has_declined
    assert told(row).exists()
    say(client, url, row, "yes")
    row.refresh_from_db()
    assert row.removed_at is None
    assert row.answer == "yes"


def test_whom_staff_withdrew_cannot_come_back_by_themselves(
    asked, conference, staff_user, client, url
):
    registrations.withdraw(conference, [asked.pk], staff_user)
    answer = say(client, url, asked, "yes")
    assert answer.status_code == 409
    assert "no longer on the list" in answer.content.decode()
    asked.refresh_from_db()
    assert (asked.removed_at is None, asked.stage) == (False, Stage.INVITED)
    assert client.get(url("join", asked.token)).status_code == 410


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"removed_at": timezone.now()}, "was cancelled"),
        ({"starts_at": timezone.now() - timedelta(days=2)}, "is over"),
    ],
)
def test_nobody_answers_about_what_does_not_take_place(
    asked, conference, client, url, values, words
):
    type(conference).objects.filter(pk=conference.pk).update(**values)
    answer = say(client, url, asked, "yes")
    assert answer.status_code == 409
    assert words in answer.content.decode()
    asked.refresh_from_db()
    assert asked.answer == ""


def test_an_unknown_link_and_a_wrong_answer_do_nothing(asked, client, url):
    assert client.get(url("answer", uuid.uuid4())).status_code == 404
    assert client.post(url("answer", uuid.uuid4()), {"answer": "yes"}).status_code == 404
    assert say(client, url, asked, "whatever").status_code == 200
    asked.refresh_from_db()
    assert asked.answer == ""


def test_asked_before_they_get_nothing_again_but_may_be_registered(asked, conference, staff, url):
    data = {"action": "send", "who": "ann@example.com", "tell": "yes"}
    staff.post(url("invite", conference.pk), data)
    assert Invitation.objects.count() == 1
    staff.post(url("invite", conference.pk), data | {"register": "on"})
    asked.refresh_from_db()
    assert asked.stage == Stage.REGISTERED
    assert told(asked).count() == 1
    assert Invitation.objects.count() == 1  # the one that waits says it


@pytest.fixture
def made(account):
    """A webinar that stands on its platform."""
    row = ConferenceFactory(account=account, registration_enabled=True)
    outbox.add(account, "conference", row.pk)
    engine.push_account(account.pk)
    return row


def test_whoever_registers_on_the_platform_is_registered_here(account, made, staff_user, sandbox):
    conference, platform = made, sandbox.clickmeeting("demo")
    room = PlatformLink.objects.get(kind="conference", local_id=made.pk).external_id
    who = selection.gather("ann@example.com, bob@example.com")
    invite.send(conference, who, by=staff_user, register=False)
    bob = conference.registrations.get(attendee__email="bob@example.com")
    answers.answer(bob.token, "no")
    for email in ("ann@example.com", "bob@example.com", "new@example.com"):
        platform.add_registration(int(room), email, "First", "Last")
    clock.advance(60)
    engine.sync_account(account.pk, trigger="command", full=True)
    rows = conference.registrations.all()
    assert rows.count() == 3
    assert {row.stage for row in rows} == {Stage.REGISTERED}
    assert not rows.filter(removed_at__isnull=False).exists()
    links = PlatformLink.objects.filter(account=account, kind="registration", state="live")
    assert {link.local_id for link in links} == {row.pk for row in rows}
    conference.refresh_from_db()
    assert conference.people_counted == 3


def test_a_sync_tells_no_platform_of_who_is_only_asked(account, made, staff_user):
    conference = made
    who = selection.gather("ann@example.com, bob@example.com")
    invite.send(conference, who, by=staff_user, register=False)
    for _ in range(3):
        clock.advance(60)
        engine.sync_account(account.pk, trigger="command", full=True)
    assert not PlatformLink.objects.filter(kind="registration").exists()
    assert not PlatformLink.objects.filter(kind="attendee").exists()
    assert {row.stage for row in conference.registrations.all()} == {Stage.INVITED}


def test_a_sync_makes_no_person_there_of_who_is_only_asked(account, made, staff_user):
    """ClickMeeting may keep contacts, MyOwnConference and TrueConf keep people."""
    invite.send(made, selection.gather("ann@example.com"), by=staff_user, register=False)
    rows = mirror_of(Kind.ATTENDEE).rows(account, [])
    assert not rows.exists()
    answers.answer(made.registrations.get().token, "yes")
    assert rows.count() == 1


def test_of_two_entries_of_one_person_the_registered_one_is_kept(asked, conference, staff_user):
    other = RegistrationFactory(conference=conference)
    merging.merge(asked.attendee, other.attendee, staff_user)
    kept = conference.registrations.get(attendee=asked.attendee)
    assert (kept.stage, kept.removed_at) == (Stage.REGISTERED, None)
    assert kept.pk == other.pk


def test_every_counter_counts_whom_its_list_shows(conference, staff_user):
    past = clock.now() - timedelta(days=1)
    type(conference).objects.filter(pk=conference.pk).update(starts_at=past)
    conference.refresh_from_db()
    session = Session.objects.create(conference=conference)
    moment = clock.now()
    for stage in Stage.values:
        for answer in ("", *Registration.Answer.values):
            for removed in (None, moment):
                for invited in (None, moment):
                    row = RegistrationFactory(
                        conference=conference,
                        stage=stage,
                        answer=answer,
                        removed_at=removed,
                        invited_at=invited,
                    )
                    if invited:
                        Attendance.objects.create(session=session, attendee=row.attendee)
    back = conference.registrations.filter(removed_at=None).first()
    Invitation.objects.create(
        conference=conference, registration=back, not_before=moment, bounced_at=moment
    )
    found = counters.counts(conference)
    for name in counters.COUNTERS:
        assert found[name] == counters.having(conference, name).count(), name
        assert found[name], name


def test_the_counters_filter(staff, url, conference, asked):
    RegistrationFactory(conference=conference)
    page = staff.get(url("registrations", conference.pk)).content.decode()
    numbers = dict(
        re.findall(r'href="[^"]*rstate=(\w*)"[^>]*>\s*<span class="num">(\d+)</span>', page)
    )
    assert numbers == {"": "2", "invited": "1", "unanswered": "1", "registered": "1"}
    shown = staff.get(url("registrations", conference.pk), {"rstate": "unanswered"})
    assert [row.registration for row in shown.context["registrations"].rows] == [asked]
    assert "No answer" in shown.content.decode()


def test_many_are_asked_by_a_worker(conference, staff, url):
    who = "\n".join(f"p{number}@example.com" for number in range(60))
    data = {"action": "send", "who": who, "tell": "yes"}
    staff.post(url("invite", conference.pk), data)
    tasks.carry_out(Job.objects.get().pk)
    assert conference.registrations.filter(stage=Stage.INVITED).count() == 60
    assert not OutboxEntry.objects.exists()
    assert Attendee.objects.count() == 60


def test_a_webinar_that_is_made_tells_the_platform_of_the_registered_alone(plenty, staff_user):
    conference = ConferenceFactory(account=plenty, draft=True)
    asked = RegistrationFactory(conference=conference, stage=Stage.INVITED)
    there = RegistrationFactory(conference=conference)
    schedule.publish(conference, staff_user)
    assert told(there).exists()
    assert not told(asked).exists()


def test_those_who_have_not_answered_are_reminded_in_three_clicks(asked, conference, staff, url):
    """The people's page, the button that names them, and the button of the card."""
    tasks.send_mails()
    mail.outbox.clear()
    other = RegistrationFactory(conference=conference, answer="yes")
    page = staff.get(url("conference-people", conference.pk)).content.decode()
    address = url("conference-remind", conference.pk) + "?who=unanswered"
    assert f'href="{address}"' in page
    card = staff.get(address).content.decode()
    assert "Remind the one person who has not answered?" in card
    clock.advance(3600)
    data = {"who": "unanswered", "tell": "yes", "counted": "1"}
    staff.post(url("conference-remind", conference.pk), data)
    assert tasks.send_mails() == 1
    assert mail.outbox[0].to == [asked.attendee.email]
    assert f"/answer/{asked.token}/?answer=yes" in mail.outbox[0].body
    assert not Invitation.objects.filter(registration=other).exists()


def test_what_begins_soon_leaves_no_time_to_ask(staff, url, conference):
    type(conference).objects.filter(pk=conference.pk).update(
        starts_at=clock.now() + timedelta(minutes=30)
    )
    data = {"action": "preview", "who": "ann@example.com"}
    page = staff.post(url("invite", conference.pk), data)
    assert page.context["register"]
    assert "nobody has time to answer" in page.content.decode()
