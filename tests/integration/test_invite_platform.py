"""From the invitation to the open door: portal, real engine, ClickMeeting's sandbox, mail, link."""

import pytest
from django.core import mail
from django.db import transaction

from portal.common import clock
from portal.conferences import tasks
from portal.conferences.audience.services import invite, registration_pages, registrations
from portal.conferences.mails import services as mails
from portal.conferences.models import Attendee, Invitation
from portal.conferences.people.services import merging, selection
from portal.conferences.schedule.services import schedule
from portal.identity import roles
from portal.outbox import services as outbox
from portal.outbox.models import OutboxEntry
from portal.sync import engine
from portal.sync.models import SyncRun
from tests.factories import AttendeeFactory, ConferenceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def conference(account):
    row = ConferenceFactory(account=account, registration_enabled=False)
    outbox.add(account, "conference", row.pk)
    engine.push_account(account.pk)
    return row


def sync(account):
    return engine.sync_account(account.pk, trigger="command", full=True)


def test_invited_registered_written_to_and_let_in(account, conference, client_as, client, url):
    staff = client_as(roles.STAFF)
    data = {
        "action": "send",
        "tell": "yes",
        "register": "on",
        "switch_on": "on",
        "who": "Ann Example <ann@example.com>; bob@example.com",
    }
    staff.post(url("invite", conference.pk), data)
    assert tasks.send_mails() == 0
    waiting = client.get(url("join", conference.registrations.first().token))
    assert b"being prepared" in waiting.content
    engine.push_account(account.pk)
    assert tasks.send_mails() == 2
    for row in conference.registrations.all():
        assert row.join_url
        assert client.get(url("join", row.token)).url == row.join_url
        letter = next(m for m in mail.outbox if row.attendee.email in m.to[0])
        assert str(row.token) in letter.body
    page = staff.get(url("registrations", conference.pk))
    assert page.content.count(b"Synced") == 2


def test_the_next_sync_is_quiet_also_after_a_withdrawal_and_a_merge(
    account, conference, staff_user, sandbox
):
    who = "a@example.com, b@example.com, c@example.com"
    invite.send(conference, selection.gather(who), by=staff_user)
    sync(account)
    first, second, third = conference.registrations.order_by("attendee__email")
    registrations.withdraw(conference, [first.pk], staff_user)
    merging.merge(AttendeeFactory(email="kept@example.com"), second.attendee, staff_user)
    merging.merge(third.attendee, AttendeeFactory(), staff_user)
    clock.advance(60)
    sandbox.requests.clear()
    for _ in range(2):
        assert sync(account).outcome == SyncRun.Outcome.OK
    assert not [r for r in sandbox.requests if r.method != "GET"]
    assert conference.registrations.count() == 3
    assert not Attendee.objects.filter(email="b@example.com").exists()
    first.refresh_from_db()
    assert first.removed_at
    assert Invitation.objects.filter(registration=first, state="waiting").count() == 0


@pytest.mark.parametrize("way", ["page", "edit"])
def test_whom_it_refused_while_registration_was_off_is_taken_when_it_is_on(
    account, conference, staff_user, way
):
    """Nobody has to try each of them again by hand."""
    person = AttendeeFactory(email="ann@example.com", first_name="Ann", last_name="Example")
    with transaction.atomic():
        (row,) = registrations.register(conference, [person], None)
        mails.queue_invitations(conference, [row], None)
    engine.push_account(account.pk)
    tasks.send_mails()
    assert mail.outbox == []
    assert OutboxEntry.objects.get(kind="registration").state == "failed"
    if way == "page":
        page = registration_pages.of(conference)
        values = {name: getattr(page, name) for name in registration_pages.SETTINGS}
        registration_pages.save(conference, values | {"open": True}, [], staff_user)
    else:
        conference.refresh_from_db()
        longer = {"title": "Longer", "registration_enabled": False}
        schedule.reschedule(conference, longer, staff_user, conference.version, notify=False)
        assert OutboxEntry.objects.filter(kind="registration").count() == 1  # still refused
        on = {"registration_enabled": True}
        conference.refresh_from_db()
        schedule.reschedule(conference, on, staff_user, conference.version, notify=False)
    engine.push_account(account.pk)
    row.refresh_from_db()
    assert row.join_url
    tasks.send_mails()
    assert [letter.to for letter in mail.outbox] == [["Ann Example <ann@example.com>"]]
    assert not OutboxEntry.objects.filter(state="failed").exists()
