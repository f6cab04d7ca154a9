"""The numbers of an account's page are stored, and agree with its links after each sync."""

import pytest

from portal.conferences import tallies
from portal.conferences.audience.services import registrations
from portal.conferences.models import Conference
from portal.platforms.models import PlatformAccount
from portal.sync import counted, engine
from portal.sync.models import PlatformLink
from tests.factories import AttendeeFactory, ConferenceFactory

pytestmark = pytest.mark.django_db


def agree(account):
    assert counted.wrong() == []
    assert tallies.wrong() == {"people_counted": 0, "webinars_counted": 0}
    return PlatformAccount.objects.get(pk=account.pk).runtime.mirrored


def test_what_a_sync_makes_and_takes_is_counted(account, staff_user):
    row = ConferenceFactory(account=account)
    people = AttendeeFactory.create_batch(3)
    registrations.register(row, people, staff_user)
    engine.sync_account(account.pk)
    first = agree(account)
    assert first["conference"] == 1
    assert Conference.objects.get(pk=row.pk).people_counted == 3
    ConferenceFactory(account=account)
    engine.push_account(account.pk)
    engine.sync_account(account.pk)
    assert agree(account)["conference"] == 2


def test_what_was_missed_is_right_after_the_next_news(account):
    ConferenceFactory(account=account)
    engine.sync_account(account.pk)
    PlatformLink.objects.filter(account=account).update(state=PlatformLink.State.DUPLICATE)
    assert counted.wrong() == [account]
    counted.keep(account)
    agree(account)


def test_what_a_delivery_has_found_is_counted_by_the_next_sync(account, sandbox, staff_user, clock):
    row = ConferenceFactory(account=account)
    engine.sync_account(account.pk)
    link = PlatformLink.objects.get(kind="conference", local_id=row.pk)
    sandbox.clickmeeting("demo").add_registration(
        int(link.external_id), "o@example.com", "O", "Ther"
    )
    registrations.register(row, AttendeeFactory.create_batch(1), staff_user)
    engine.push_account(account.pk)  # it reads the list before it creates
    clock.advance(3600)
    engine.sync_account(account.pk)
    agree(account)
