"""Two browsers at the same moment over the dates of a series: nobody hears twice."""

from datetime import timedelta

import pytest
from django.core import mail

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
from tests.support.racing import errors_at_once

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


def test_two_who_remind_at_once_remind_once(series):
    for number in range(5):
        person = AttendeeFactory(email=f"p{number}@example.com")
        for row in rows(series):
            RegistrationFactory(conference=row, attendee=person, stage="invited")

    def remind():
        series_reminders.remind(series, Telling(), None, seen=0)

    raised = errors_at_once(remind, remind)
    assert [type(one) for one in raised] == [NotPossible]
    assert Invitation.objects.filter(purpose="remind").count() == 20
    assert tasks.send_mails() == 5
    assert len(mail.outbox) == 5


def test_two_who_withdraw_from_different_dates_end_each_part_once(series):
    person = AttendeeFactory(email="ann@example.com")
    for row in rows(series):
        RegistrationFactory(conference=row, attendee=person)
    first, _second, third, _last = rows(series)
    raised = errors_at_once(
        lambda: service.withdraw(first, Extent.FOLLOWING, [person.pk], None, Telling()),
        lambda: service.withdraw(third, Extent.FOLLOWING, [person.pk], None, Telling()),
    )
    assert raised == []
    assert not Registration.objects.filter(removed_at=None).exists()
    assert Change.objects.filter(action="withdrawn").count() == 4


def test_a_yes_and_a_withdrawal_at_once_leave_one_truth(series):
    person = AttendeeFactory(email="ann@example.com")
    made = [
        RegistrationFactory(conference=row, attendee=person, stage="invited")
        for row in rows(series)
    ]
    raised = errors_at_once(
        lambda: answers.answer_all(made[2].token, "yes"),
        lambda: service.withdraw(rows(series)[0], Extent.FOLLOWING, [person.pk], None),
    )
    assert all(isinstance(one, NotPossible) for one in raised)
    assert not Registration.objects.filter(removed_at=None).exists()


def test_two_who_assign_the_same_speaker_put_them_on_once(series):
    first = rows(series)[0]

    def assign():
        service.assign(first, Extent.FOLLOWING, by=None, notify=True, **IDA)

    raised = errors_at_once(assign, assign)
    assert [type(one) for one in raised] == [NotPossible]
    assert Moderator.objects.count() == 4
    assert Invitation.objects.count() == 4
    assert len(set(Invitation.objects.values_list("together", flat=True))) == 1
