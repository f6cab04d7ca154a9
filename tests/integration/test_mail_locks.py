"""A sender and a person who edits, at the same moment, on the database that is in use."""

import threading

import pytest
from django.core import mail
from django.db import connection, transaction

from portal.conferences import tasks
from portal.conferences.fields import locked
from portal.conferences.mails import services as mails
from portal.conferences.models import Invitation
from portal.conferences.schedule.services import schedule
from tests.factories import AccountFactory, ConferenceFactory, RegistrationFactory
from tests.factories.rooms import furnish

pytestmark = pytest.mark.django_db(transaction=True)
THERE = "https://platform.example/room/1"


@pytest.fixture
def row(monkeypatch):
    furnish(monkeypatch)
    return ConferenceFactory(account=AccountFactory(platform="plenty"), title="Spring news")


def in_thread(act):
    """Run it beside the test, on a connection of its own."""

    def run():
        try:
            act()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_an_edit_that_commits_while_a_mail_is_claimed_is_not_told_unaccepted(row, staff_user):
    person = RegistrationFactory(conference=row, join_url=THERE)
    mails.queue_invitations(row, [person], None)
    with transaction.atomic():
        locked(row)
        sender = in_thread(tasks.send_mails)
        sender.join(1)  # it waits for the row
        assert sender.is_alive()
        schedule.reschedule(row, {"title": "Firmware 4.3"}, staff_user, row.version)
    sender.join(30)
    assert not mail.outbox, "the platform has not taken the title yet"
    assert Invitation.objects.get().state == "waiting"


def test_two_senders_send_each_mail_once(row):
    people = [RegistrationFactory(conference=row, join_url=THERE) for _ in range(12)]
    mails.queue_invitations(row, people, None)
    senders = [in_thread(tasks.send_mails) for _ in range(3)]
    for sender in senders:
        sender.join(60)
    addresses = [message.to[0] for message in mail.outbox]
    assert len(addresses) == len(set(addresses)) == 12
    assert set(Invitation.objects.values_list("state", flat=True)) == {"sent"}
