"""Two browsers at the same moment over the dates of a series: nobody hears twice."""

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection

from portal.common import clock
from portal.common.errors import NotPossible
from portal.conferences import tasks
from portal.conferences.audience.services import answers
from portal.conferences.mails.services import Telling, series_reminders
from portal.conferences.models import Change, Invitation, Moderator, Registration
from portal.conferences.schedule.services import series_people as service
from portal.conferences.schedule.services.series import Extent
from tests.factories import (
    AccountFactory,
    AttendeeFactory,
    ConferenceFactory,
    RegistrationFactory,
    SeriesFactory,
)
from tests.factories.rooms import furnish

pytestmark = pytest.mark.django_db(transaction=True)
IDA = {"name": "Ida", "email": "ida@example.com", "role": "presenter"}


@pytest.fixture
def series(monkeypatch):
    furnish(monkeypatch)
    account, made = AccountFactory(platform="plenty"), SeriesFactory(title="Course")
    at = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    for week in range(4):
        start = at + timedelta(weeks=week)
        ConferenceFactory(account=account, starts_at=start, planned_at=start, series=made)
    return made


def rows(series):
    return list(series.conferences.order_by("starts_at"))


def at_once(*acts):
    """Run all of them at the same moment, each on a connection of its own; answers how each ended:
    with None, or with what it raised."""
    ends, ready = [None] * len(acts), threading.Barrier(len(acts))

    def run(number, act):
        try:
            ready.wait(20)
            act()
        except Exception as error:
            ends[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return ends


def test_two_who_remind_at_once_remind_once(series):
    for number in range(5):
        person = AttendeeFactory(email=f"p{number}@example.com")
        for row in rows(series):
            RegistrationFactory(conference=row, attendee=person, stage="invited")

    def remind():
        series_reminders.remind(series, Telling(), None, seen=0)

    ends = at_once(remind, remind)
    assert [type(one) for one in ends if one is not None] == [NotPossible]
    assert Invitation.objects.filter(purpose="remind").count() == 20
    assert tasks.send_mails() == 5
    assert len(mail.outbox) == 5


def test_two_who_withdraw_from_different_dates_end_each_part_once(series):
    person = AttendeeFactory(email="ann@example.com")
    for row in rows(series):
        RegistrationFactory(conference=row, attendee=person)
    first, _second, third, _last = rows(series)
    ends = at_once(
        lambda: service.withdraw(first, Extent.FOLLOWING, [person.pk], None, Telling()),
        lambda: service.withdraw(third, Extent.FOLLOWING, [person.pk], None, Telling()),
    )
    assert ends == [None, None]
    assert not Registration.objects.filter(removed_at=None).exists()
    assert Change.objects.filter(action="withdrawn").count() == 4


def test_a_yes_and_a_withdrawal_at_once_leave_one_truth(series):
    person = AttendeeFactory(email="ann@example.com")
    made = [
        RegistrationFactory(conference=row, attendee=person, stage="invited")
        for row in rows(series)
    ]
    ends = at_once(
        lambda: answers.answer_all(made[2].token, "yes"),
        lambda: service.withdraw(rows(series)[0], Extent.FOLLOWING, [person.pk], None),
    )
    assert all(one is None or isinstance(one, NotPossible) for one in ends)
    assert not Registration.objects.filter(removed_at=None).exists()


def test_two_who_assign_the_same_speaker_put_them_on_once(series):
    first = rows(series)[0]

    def assign():
        service.assign(first, Extent.FOLLOWING, by=None, notify=True, **IDA)

    ends = at_once(assign, assign)
    assert [type(one) for one in ends if one is not None] == [NotPossible]
    assert Moderator.objects.count() == 4
    assert Invitation.objects.count() == 4
    assert len(set(Invitation.objects.values_list("together", flat=True))) == 1
