"""Two people at a date poll in the same moment: no answer is lost, none comes after the end, and
nobody is written to twice."""

import threading

import pytest
from django.core import mail
from django.db import connection, transaction

from portal.common.errors import NotPossible
from portal.conferences import tasks
from portal.conferences.mails.services import Telling, polls
from portal.conferences.models import Conference, DatePoll, Invitation
from portal.conferences.schedule.services import date_polls, schedule
from tests.factories.date_polls import date_poll, says
from tests.support.racing import refused_at_once

pytestmark = pytest.mark.django_db(transaction=True)
ASKED, SILENT = Telling(True), Telling(False)


@pytest.fixture
def poll(account):
    return date_poll(account, people=6)


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


def test_answers_in_the_same_moment_are_all_kept(poll):
    refused = refused_at_once(*(lambda n=n: says(poll, n, "yes", "maybe", "no") for n in range(6)))
    assert refused == []
    people = list(poll.people.all())
    assert [sorted(one.answers.values()) for one in people] == [["maybe", "no", "yes"]] * 6


def test_two_answers_by_one_link_leave_nothing_out(poll):
    """One says of the first time, the other of the second: both hold."""
    assert refused_at_once(lambda: says(poll, 0, "yes"), lambda: says(poll, 0, "", "no")) == []
    person = poll.people.order_by("pk").first()
    assert [person.said(one) for one in poll.times.all()] == ["yes", "no", ""]


def test_whoever_answers_while_it_is_closed_is_kept_or_refused_and_never_both(poll):
    refused = refused_at_once(
        lambda: date_polls.close(poll, SILENT, None),
        *(lambda n=n: says(poll, n, "yes") for n in range(5)),
    )
    assert set(refused) <= {str(date_polls.CLOSED_FOR_READER)}
    answered = poll.people.exclude(answered_at=None).count()
    assert answered + len(refused) == 5
    closed = DatePoll.objects.get(pk=poll.pk).closed_at
    assert closed
    assert all(one.answered_at <= closed for one in poll.people.exclude(answered_at=None))


def test_an_answer_waits_for_whoever_closes_and_is_refused_then(poll):
    said = []

    def answers():
        try:
            says(poll, 0, "yes")
        except NotPossible as no:
            said.append(str(no.sentence))

    with transaction.atomic():
        date_polls.close(poll, SILENT, None)
        other = in_thread(answers)
        other.join(1)
        if connection.vendor == "postgresql":
            assert other.is_alive(), "it waits for the poll's row"
    other.join(60)
    assert said == [str(date_polls.CLOSED_FOR_READER)]


def test_asked_again_from_two_browsers_each_is_asked_once(poll):
    seen = polls.newest(poll)
    refused = refused_at_once(
        *(lambda: date_polls.ask_again(poll, ASKED, None, seen) for _ in range(3))
    )
    assert refused == [str(date_polls.CHANGED_MEANWHILE)] * 2
    assert Invitation.objects.count() == 6
    senders = [in_thread(tasks.send_mails) for _ in range(3)]
    for one in senders:
        one.join(60)
    assert len(mail.outbox) == 6


def test_a_question_that_is_claimed_while_it_is_closed_does_not_leave_afterwards(account):
    poll = date_poll(account, people=1, telling=ASKED)
    with transaction.atomic():
        date_polls.close(poll, SILENT, None)
        sender = in_thread(tasks.send_mails)
        sender.join(1)
    sender.join(60)
    assert mail.outbox == []
    tasks.send_mails()
    assert Invitation.objects.get().state == "dropped"


def test_the_outcome_is_told_once(account):
    poll = date_poll(account, people=2, telling=ASKED)
    tasks.send_mails()
    mail.outbox.clear()
    date_polls.close(poll, SILENT, None)
    seen = polls.newest(poll)
    refused_at_once(*(lambda: date_polls.tell_outcome(poll, ASKED, None, seen) for _ in range(3)))
    tasks.send_mails()
    assert len(mail.outbox) == 2


def test_one_webinar_comes_of_it_from_however_many_forms(account, poll, staff_user):
    def schedules():
        schedule.schedule(
            account=account,
            values={
                "title": poll.title,
                "starts_at": poll.times.first().starts_at,
                "duration_minutes": 60,
                "timezone": "Europe/Berlin",
            },
            by=staff_user,
            uid=f"{poll.uid}@lectern",
            notify=SILENT,
        )

    assert refused_at_once(schedules, schedules, schedules) == []
    made = Conference.objects.get()
    held = DatePoll.objects.get(pk=poll.pk)
    assert (held.conference, bool(held.closed_at)) == (made, True)


def test_the_same_form_opens_one_poll_in_the_same_moment(account):
    uid = DatePoll(account=account).uid
    values = {"title": "Once", "duration_minutes": 60, "timezone": "UTC"}
    who = [date_polls.Who("s@example.org")]
    start = date_poll(account).times.first().starts_at

    def opens():
        date_polls.open_poll(account, values, [start], who, ASKED, None, uid)

    assert refused_at_once(opens, opens, opens) == []
    assert DatePoll.objects.filter(title="Once").count() == 1
    assert Invitation.objects.count() == 1
