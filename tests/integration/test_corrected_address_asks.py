"""Whoever corrects an address, or makes one person of two, is asked before a mail leaves."""

import pytest
from django.core import mail

from portal.common import clock
from portal.conferences.models import Attendee, Invitation
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from tests.factories import AccountFactory, AttendeeFactory, ConferenceFactory, RegistrationFactory
from tests.factories.rooms import furnish
from tests.support.mails import send, written_to

pytestmark = pytest.mark.django_db
OLD, NEW = "ann@exmaple.org", "ann@example.org"


@pytest.fixture(autouse=True)
def rooms(monkeypatch):
    furnish(monkeypatch)


@pytest.fixture
def staff(client_as):
    return client_as(roles.STAFF)


@pytest.fixture
def ann():
    """Invited to two webinars at an address that is wrong."""
    person = AttendeeFactory(email=OLD, first_name="Ann", last_name="Example")
    account = AccountFactory(label="Plenty", platform="plenty")
    for title in ("Autumn tour", "Winter tour"):
        row = ConferenceFactory(account=account, title=title)
        place = RegistrationFactory(
            conference=row,
            attendee=person,
            join_url="https://x.example.com/1",
            registered_at=clock.now(),
        )
        Invitation.objects.create(
            conference=row,
            registration=place,
            purpose="invite",
            act="invite",
            state="sent",
            to_email=OLD,
            not_before=clock.now(),
            sent_at=clock.now(),
            subject="Invitation",
        )
    return person


def text(response):
    return response.content.decode()


def form(**changes):
    return {"email": NEW, "first_name": "Ann", "last_name": "Example"} | changes


@pytest.mark.parametrize(("answer", "count"), [("yes", 2), ("no", 0)])
def test_a_corrected_address_is_written_to_where_staff_say_so(ann, staff, url, answer, count):
    address = url("person-edit", ann.pk)
    shown = text(staff.post(address, form()))
    assert f"Notify {NEW}?" in shown
    assert "2 × invitation" in shown
    assert "Invitation: Autumn tour" in shown
    ann.refresh_from_db()
    assert ann.email == OLD, "nothing is saved before the answer"
    answered = staff.post(address, form(tell=answer, note="Here it is."), follow=True)
    said = "gets 2 invitations" if count else "Nobody will be notified"
    assert said in text(answered)
    send()
    assert not mail.outbox, "not before the platform has looked after the old address"
    OutboxEntry.objects.update(state="done")
    send()
    assert len(mail.outbox) == count
    assert all("Here it is." in one.body for one in mail.outbox)
    ann.refresh_from_db()
    assert ann.email == NEW


def test_back_to_the_form_keeps_what_was_typed(ann, staff, url):
    shown = text(staff.post(url("person-edit", ann.pk), form(refresh="all")))
    assert f'value="{NEW}"' in shown
    ann.refresh_from_db()
    assert ann.email == OLD


def test_what_cannot_be_saved_is_said_first(ann, staff, url):
    AttendeeFactory(email=NEW)
    answer = staff.post(url("person-edit", ann.pk), form())
    assert answer.status_code == 422
    assert "is here already" in text(answer)


def test_a_change_that_makes_no_mail_asks_nothing(ann, staff, url):
    address = url("person-edit", ann.pk)
    staff.post(address, form(email=OLD, last_name="Sample"))
    assert Attendee.objects.get().last_name == "Sample"
    assert not Invitation.objects.exclude(state="sent").exists()


@pytest.mark.parametrize(("answer", "count"), [("yes", 2), ("no", 0)])
def test_of_two_people_one_is_made_and_invited_where_staff_say_so(ann, staff, url, answer, count):
    keep = AttendeeFactory(email=NEW, first_name="Ann", last_name="Example")
    address = url("people-merge-pair", ann.pk, keep.pk)
    assert f"Notify {NEW}?" in text(staff.post(address, {"keep": keep.pk}))
    assert Attendee.standing.count() == 2
    staff.post(address, {"keep": keep.pk, "tell": answer})
    assert Attendee.standing.count() == 1
    OutboxEntry.objects.update(state="done")
    send()
    assert [len(some) for some in written_to().values()] == ([2] if count else [])
