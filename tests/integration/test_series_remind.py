"""Whoever has not answered about dates of a series is reminded of all of them in one mail."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.common import clock
from portal.common.errors import NotAllowed, NotPossible
from portal.conferences.mails.services import Telling, sending, series_reminders
from portal.conferences.models import Change, Conference, Invitation, Registration
from portal.identity import roles
from tests.factories import (
    AccountFactory,
    AttendeeFactory,
    ConferenceFactory,
    RegistrationFactory,
    SeriesFactory,
    staff_url,
    user_with,
)
from tests.support.pages import text

pytestmark = pytest.mark.django_db
Stage = Registration.Stage


@pytest.fixture
def client(client_as):
    return client_as(roles.STAFF)


@pytest.fixture
def series():
    """One date that is over, and three that lie ahead."""
    at = clock.now().replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=2)
    account, made = AccountFactory(), SeriesFactory(title="Course")
    for week in range(-1, 3):
        start = at + timedelta(weeks=week)
        ConferenceFactory(
            account=account, title="Course", starts_at=start, planned_at=start, series=made
        )
    return made


def rows(series):
    return list(series.conferences.order_by("starts_at"))


def invite(email, *dates, **values):
    person = AttendeeFactory(email=email)
    given = {"stage": Stage.INVITED, "invited_at": clock.now()} | values
    return [RegistrationFactory(conference=row, attendee=person, **given) for row in dates]


def audience(series):
    past, first, second, third = rows(series)
    invite("ann@example.com", past, first, second, third)
    invite("bob@example.com", second)
    invite("yes@example.com", first, second, answer="yes", stage=Stage.REGISTERED)
    invite("maybe@example.com", first, answer="maybe")
    invite("no@example.com", first, answer="no", removed_at=clock.now())
    invite("late@example.com", past)
    mixed = invite("mixed@example.com", first, second)
    Registration.objects.filter(pk=mixed[0].pk).update(answer="maybe")


def test_each_gets_one_mail_with_the_dates_that_are_open(client, series):
    audience(series)
    page = client.get(staff_url("series-people", series.pk)).content.decode()
    assert "Remind the 3 who have not answered" in page
    address = staff_url("series-remind", series.pk)
    asked = client.get(address)
    assert "Remind the 3 people who have not answered?" in text(asked)
    assert "Reminder: Course (3 dates)" in text(asked)
    assert not Invitation.objects.exists()
    answer = client.post(address, {"tell": "yes", "counted": "3", "seen": "0", "note": "Please!"})
    assert answer.url == staff_url("series-people", series.pk)
    assert sending.send_due() == 3
    told = {message.to[0].split("<")[-1].strip(">"): message for message in mail.outbox}
    assert set(told) == {"ann@example.com", "bob@example.com", "mixed@example.com"}
    ann = told["ann@example.com"]
    assert ann.subject == "Reminder: Course (3 dates)"
    assert "have not answered yet" in ann.body
    assert ann.body.count("Please!") == 1
    for row in Registration.objects.filter(attendee__email="ann@example.com"):
        ahead = row.conference.starts_at > clock.now()
        assert (f"/{row.token}/" in ann.body) is ahead
    assert told["mixed@example.com"].subject.startswith("Reminder: Course, ")
    assert Change.objects.filter(action="reminded").count() == 3


def test_the_same_answer_twice_and_who_is_written_to_anyway(client, series):
    audience(series)
    address = staff_url("series-remind", series.pk)
    given = {"tell": "yes", "counted": "3", "seen": "0"}
    client.post(address, given)
    before = Invitation.objects.count()
    client.post(address, given)
    assert Invitation.objects.count() == before
    assert "There is nobody to notify." in text(client.get(address))
    sending.send_due()
    assert "Remind the 3 people" in text(client.get(address))


def test_the_mail_that_is_shown_asks_by_links_also_about_one_date(client, series):
    invite("ann@example.com", rows(series)[1])
    shown = text(client.get(staff_url("series-remind", series.pk)))
    assert "Remind the one person who has not answered?" in shown
    assert "/answer/…/?answer=yes" in shown


def test_the_yes_for_another_number_asks_again(client, series):
    audience(series)
    answer = client.post(
        staff_url("series-remind", series.pk), {"tell": "yes", "counted": "2", "seen": "0"}
    )
    assert "By now it is 3 people" in text(answer)
    assert not Invitation.objects.exists()


def test_a_date_that_moves_meanwhile_is_left_out(series):
    audience(series)
    series_reminders.remind(series, Telling(), None)
    second = rows(series)[2]
    Conference.objects.filter(pk=second.pk).update(starts_at=second.starts_at + timedelta(hours=1))
    assert sending.send_due() == 1  # two were asked about that date alone
    assert mail.outbox[0].subject == "Reminder: Course (2 dates)"


def test_whoever_waits_for_the_invitation_is_not_reminded_of_it(series):
    first = rows(series)[1]
    (row,) = invite("ann@example.com", first)
    Invitation.objects.create(
        conference=first, registration=row, to_email="ann@example.com", not_before=clock.now()
    )
    assert series_reminders.preview([first]).count == 0
    assert series_reminders.remind(series, Telling(), None) == 0


def test_who_may_not_and_what_cannot(client_as, series):
    viewer = client_as(roles.VIEWER)
    assert viewer.get(staff_url("series-remind", series.pk)).status_code == 403
    with pytest.raises(NotAllowed):
        series_reminders.remind(series, Telling(), user_with(roles.VIEWER))
    series.conferences.update(starts_at=clock.now() - timedelta(days=1))
    with pytest.raises(NotPossible, match="lies ahead"):
        series_reminders.remind(series, Telling(), None)
    answer = client_as(roles.STAFF).get(staff_url("series-remind", series.pk))
    assert answer.url == staff_url("series-people", series.pk)


def test_what_it_costs_does_not_grow_with_people(series):
    counts = []
    for number in (5, 40):
        for one in range(number):
            invite(f"p{number}-{one}@example.com", *rows(series)[1:])
        with CaptureQueriesContext(connection) as seen:
            assert series_reminders.preview(rows(series)[1:]).count
        with CaptureQueriesContext(connection) as written:
            assert series_reminders.remind(series, Telling(), None) == number
        counts.append((len(seen), len(written)))
    assert counts[0] == counts[1]
