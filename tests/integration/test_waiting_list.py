"""Whoever waits for a place is told so once, and moves up only while they say that they come."""

import pytest
from django.core import mail

from portal.common import clock
from portal.conferences import tasks
from portal.conferences.audience.services import answers, confirming, invite, places, registering
from portal.conferences.audience.services.registering import Given
from portal.conferences.models import Invitation, Registration, RegistrationPage
from portal.conferences.people.services import selection
from tests.factories import ConferenceFactory, RegistrationFactory

pytestmark = pytest.mark.django_db
Stage = Registration.Stage


@pytest.fixture
def page():
    conference = ConferenceFactory(registration_enabled=True)
    RegistrationFactory(conference=conference)
    return RegistrationPage.objects.create(conference=conference, open=True, limit=1)


@pytest.fixture
def asked(page):
    return RegistrationFactory(
        conference=page.conference, stage=Stage.INVITED, invited_at=clock.now()
    )


def sent_to(row):
    return [one for one in mail.outbox if row.attendee.email in one.to[0]]


def signed_up(page, email):
    registering.ask(page, Given(email, "New", "One"), "here")
    unconfirmed = page.unconfirmed.get(email=email)
    return confirming.confirm(unconfirmed.token)


def leaves(page):
    """Whoever has the only place gives it back."""
    holder = page.conference.registrations.filter(stage=Stage.REGISTERED, removed_at=None).get()
    answers.answer(holder.token, "no")


def is_told(row):
    tasks.send_mails()
    (letter,) = sent_to(row)
    assert letter.subject == f"On the waiting list: {row.conference.title}"
    assert "You are on the waiting list." in letter.body
    assert "Whoever has waited longest comes first." in letter.body
    assert f"/answer/{row.token}/" in letter.body
    assert "/join/" not in letter.body
    assert not letter.attachments
    return letter


def test_who_registers_when_all_places_are_taken_is_told_that_they_wait(page):
    is_told(signed_up(page, "new@example.com"))


def test_so_is_who_says_yes_to_an_invitation_and_once(page, asked):
    for said in ("yes", "yes", "maybe", "yes"):
        answers.answer(asked.token, said)
    is_told(asked)
    answers.answer(asked.token, "maybe")
    answers.answer(asked.token, "yes")
    tasks.send_mails()
    assert len(sent_to(asked)) == 1


def test_so_is_whom_staff_invite_to_what_is_full(page, staff_user):
    who = selection.gather("ann@example.com")
    invite.send(page.conference, who, by=staff_user, register=False)
    tasks.send_mails()
    row = page.conference.registrations.get(attendee__email="ann@example.com")
    mail.outbox.clear()
    answers.answer(row.token, "yes")
    is_told(row)


@pytest.mark.parametrize(
    ("values", "register", "said"),
    [
        ({}, False, "Who says yes goes on the waiting list, and is told so."),
        ({"waitlist": False}, False, "Who says yes gets none, and reads that."),
        ({}, True, "Whoever you register is registered all the same."),
    ],
)
def test_the_page_before_an_invitation_says_that_all_places_are_taken(
    page, client_as, url, values, register, said
):
    RegistrationPage.objects.update(**values)
    data = {"action": "preview", "who": "ann@example.com"} | (
        {"register": "on"} if register else {}
    )
    client, at = client_as(), url("invite", page.conference.pk)
    assert f"All places are taken. {said}" in client.post(at, data).content.decode()
    RegistrationPage.objects.update(limit=5)
    assert "All places are taken" not in client.post(at, data).content.decode()


def test_who_gets_a_place_is_told_nothing_of_a_list(page, asked):
    leaves(page)
    answers.answer(asked.token, "yes")
    assert not Invitation.objects.filter(registration=asked).exists()


def test_who_comes_and_goes_all_the_time_is_not_written_to_each_time(page, asked):
    for _ in range(10):
        answers.answer(asked.token, "yes")
        tasks.send_mails()
        answers.answer(asked.token, "no")
    assert len(sent_to(asked)) == places.MOST_IN_AN_HOUR


@pytest.mark.parametrize("said", ["no", "maybe"])
def test_who_says_no_or_perhaps_while_they_wait_does_not_move_up(page, asked, said):
    answers.answer(asked.token, "yes")
    other = signed_up(page, "other@example.com")
    answers.answer(asked.token, said)
    leaves(page)
    tasks.send_mails()
    asked.refresh_from_db()
    other.refresh_from_db()
    assert (asked.stage, asked.answer) == (Stage.WAITLISTED, said)
    assert other.stage == Stage.REGISTERED
    leaves(page)
    tasks.send_mails()
    asked.refresh_from_db()
    assert asked.stage == Stage.WAITLISTED, "a place is free, and still nobody is put on it"


def test_who_says_perhaps_keeps_their_place_in_the_list_for_a_later_yes(page, asked, client, url):
    answers.answer(asked.token, "yes")
    clock.advance(60)
    other = signed_up(page, "other@example.com")
    answers.answer(asked.token, "maybe")
    shown = client.get(url("answer", asked.token)).content.decode()
    assert "You keep your place in the list" in " ".join(shown.split())
    assert 'value="yes"' in shown
    client.post(url("answer", asked.token), {"answer": "yes"})
    leaves(page)
    tasks.send_mails()
    asked.refresh_from_db()
    other.refresh_from_db()
    assert (asked.stage, other.stage) == (Stage.REGISTERED, Stage.WAITLISTED)


def test_a_free_place_is_taken_at_once_by_a_yes_after_perhaps(page, asked):
    answers.answer(asked.token, "yes")
    answers.answer(asked.token, "maybe")
    leaves(page)
    assert answers.answer(asked.token, "yes").stage == Stage.REGISTERED


def test_staff_read_who_waits_with_a_perhaps(page, asked, client_as, url):
    answers.answer(asked.token, "yes")
    answers.answer(asked.token, "maybe")
    shown = client_as().get(url("registrations", page.conference.pk), {"rstate": "waitlisted"})
    assert "On the waiting list, perhaps" in shown.content.decode()
