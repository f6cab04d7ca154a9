"""Several clocks and workers at the same moment: everybody is reminded once."""

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction

from portal.common import clock as clocks
from portal.conferences import tasks
from portal.conferences.fields import locked
from portal.conferences.mails.services import reminders
from portal.conferences.mails.services.reminders import due
from portal.conferences.models import Change, Conference, Invitation, Registration, Reminder
from tests.factories import AccountFactory, ConferenceFactory, RegistrationFactory, SeriesFactory
from tests.factories.rooms import furnish

pytestmark = pytest.mark.django_db(transaction=True)
THERE = "https://platform.example/room/1"
MANY, MINUTES = 30, 1440


@pytest.fixture
def row(monkeypatch, staff_user, clock):
    """A webinar of which a reminder is due now."""
    furnish(monkeypatch)
    start = clocks.now() + timedelta(minutes=MINUTES, hours=1)
    conference = ConferenceFactory(account=AccountFactory(platform="plenty"), starts_at=start)
    for _ in range(MANY):
        RegistrationFactory(conference=conference, join_url=THERE)
    reminders.add(conference, MINUTES, staff_user)
    clock.advance(3660)
    return conference


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


def test_three_clocks_remind_everybody_once(row):
    threads = [in_thread(tasks.send_mails) for _ in range(3)]
    for one in threads:
        one.join(60)
    tasks.send_mails()
    found = Invitation.objects.filter(purpose="remind").values_list("registration", "state")
    assert sorted(found) == [
        (pk, "sent") for pk in Registration.objects.order_by("pk").values_list("pk", flat=True)
    ]
    assert len(mail.outbox) == MANY
    assert Change.objects.filter(action="reminded").count() == 1


def test_without_the_lock_the_database_keeps_it_once(row, monkeypatch):
    """Both have seen that nobody is reminded yet, before either has written."""
    both, real = threading.Barrier(2), due._write

    def write(conference, rule):
        people = list(due._waits_for(conference, rule).values_list("pk", flat=True))
        if connection.vendor == "postgresql":
            both.wait(20)
        monkeypatch.setattr(
            due,
            "_waits_for",
            lambda *_: Registration.objects.filter(pk__in=people),
        )
        return real(conference, rule)

    monkeypatch.setattr(due, "_write", write)
    monkeypatch.setattr(
        due.Conference.objects.__class__, "select_for_update", lambda self, **_: self.all()
    )
    threads = [in_thread(reminders.queue_due) for _ in range(2)]
    for one in threads:
        one.join(60)
    reminded = Invitation.objects.filter(purpose="remind").values_list("registration", flat=True)
    assert len(reminded) == len(set(reminded)) == MANY


def test_who_moves_it_at_the_same_moment_takes_it_along(row):
    with transaction.atomic():
        held = locked(row)
        sender = in_thread(tasks.send_mails)
        sender.join(1)  # it waits for the row
        held.starts_at += timedelta(days=3)
        held.save()
    sender.join(30)
    tasks.send_mails()
    assert not mail.outbox
    assert not Invitation.objects.exclude(state="dropped").exists()


def test_one_of_a_series_that_is_taken_back_while_clocks_tick_reaches_nobody_after(row, staff_user):
    """Whoever takes it back waits for who writes, and finds what was written."""
    series = SeriesFactory()
    Conference.objects.filter(pk=row.pk).update(series=series, own_reminders=False)
    rule = reminders.add(series, MINUTES, staff_user)
    Reminder.objects.filter(pk=rule.pk).update(set_at=clocks.now() - timedelta(days=1))
    threads = [in_thread(reminders.queue_due) for _ in range(2)]
    threads.append(in_thread(lambda: reminders.remove(rule, staff_user, series)))
    for one in threads:
        one.join(60)
    reminders.queue_due()
    assert not Reminder.objects.filter(series=series).exists()
    assert not Invitation.objects.filter(state="waiting").exists()
