"""How what waits in the outbox leaves: who is enqueued, what goes first, what a batch costs."""

import pytest

from portal.common import clock
from portal.outbox import services as outbox
from portal.platforms.models import PlatformAccount
from tests.factories import AccountFactory

pytestmark = pytest.mark.django_db


def test_each_account_is_enqueued_once_however_much_waits():
    busy, quiet, paused = AccountFactory.create_batch(3)
    outbox.add_many(busy, "registration", range(20))
    outbox.add_many(quiet, "conference", [1])
    outbox.add_many(paused, "conference", [2])
    PlatformAccount.objects.filter(pk=paused.pk).update(paused=True)
    assert outbox.accounts_with_due(clock.now()) == [busy.pk, quiet.pk]
