"""The mails of a webinar: the same few statements whatever became of them, however many."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.common import clock
from portal.conferences import sentences
from portal.conferences.models import Invitation, Reminder
from portal.staff.webinars.presenters.mails import MOST_BLOCKED
from tests.factories import ConferenceFactory, ModeratorFactory, RegistrationFactory
from tests.factories.attention import entry

pytestmark = pytest.mark.django_db
State, Purpose = Invitation.State, Invitation.Purpose
MOST = 15


@pytest.fixture
def row():
    return ConferenceFactory(starts_at=clock.now() + timedelta(days=5))


def fill(row, people):
    """Mails of each purpose in each state, some of which came back, for so many people."""
    moment = clock.now()
    speaker = ModeratorFactory(conference=row)
    for person in [RegistrationFactory(conference=row) for _ in range(people)]:
        for purpose in (Purpose.INVITE, Purpose.UPDATE, Purpose.CANCEL, Purpose.REMIND):
            Invitation.objects.bulk_create(
                Invitation(
                    conference=row,
                    registration=person,
                    purpose=purpose,
                    act=purpose if purpose != Purpose.UPDATE else "reschedule",
                    to_email=person.attendee.email,
                    state=state,
                    not_before=moment,
                    attempts=1,
                    problem="It is slow.",
                    bounced_at=moment if state == State.FAILED else None,
                    sent_at=moment,
                )
                for state in State.values
            )
        entry(row.account, kind="registration", local_id=person.pk)
    Invitation.objects.create(
        conference=row, moderator=speaker, to_email=speaker.email, not_before=moment
    )
    entry(row.account, kind="moderator", local_id=speaker.pk)
    entry(row.account, local_id=row.pk)


def remind(row, owner):
    """All the reminders that there may be, of each segment."""
    for minutes, segment in ((10, "registered"), (60, "unanswered"), (1440, "registered")):
        Reminder.objects.create(minutes=minutes, segment=segment, set_at=clock.now(), **owner)
    Reminder.objects.create(minutes=2880, segment="unanswered", set_at=clock.now(), **owner)
    Reminder.objects.create(minutes=30 * 1440, segment="registered", set_at=clock.now(), **owner)


def statements(client, url, row, state):
    page = url("conference-mails", row.pk)
    client.get(page)
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(page, {"state": state})
    assert answer.status_code == 200
    return len(seen)


@pytest.mark.parametrize("own", [True, False])
def test_it_keeps_the_budget_with_reminders_and_mails_in_every_state(client_as, url, row, own):
    row.own_reminders = own
    row.save()
    remind(row, {"conference": row} if own else {"account": row.account})
    fill(row, 1)
    client = client_as()
    filters = ("", "waiting", "held", "unknown", "failed", "bounced", "sent", "dropped")
    few = {state: statements(client, url, row, state) for state in filters}
    assert {state: number for state, number in few.items() if number > MOST} == {}
    fill(row, 12)
    many = {state: statements(client, url, row, state) for state in filters}
    # A list of more than a page is counted besides.
    assert {state: (few[state], many[state]) for state in few if many[state] > few[state] + 1} == {}
    assert {state: number for state, number in many.items() if number > MOST + 1} == {}


def test_what_the_platform_refused_is_bounded_however_much_it_is(client_as, url, row):
    for _ in range(30):
        person = RegistrationFactory(conference=row)
        person.invitations.create(
            conference=row, state=State.HELD, not_before=clock.now(), to_email="a@example.com"
        )
        entry(row.account, kind="registration", local_id=person.pk)
    page = client_as().get(url("conference-mails", row.pk)).content.decode()
    assert page.count("1 mail held back") == MOST_BLOCKED
    assert "More was not accepted, and mails wait for it:" in page


def test_it_says_why_mails_wait_and_that_nothing_sends(client_as, url, row):
    person = RegistrationFactory(conference=row, join_url="https://platform.example/1")
    row.invitations.create(registration=person, not_before=clock.now(), to_email="a@example.com")
    client, page = client_as(), url("conference-mails", row.pk)
    assert "waited for" not in client.get(page).content.decode()
    clock.advance(20 * 60)
    assert "Mails have waited for 20 minutes" in client.get(page).content.decode()
    row.invitations.update(attempts=1, problem=sentences.MAIL_SERVER_DOWN)
    assert f"1 mail waits. {sentences.MAIL_SERVER_DOWN}" in client.get(page).content.decode()
