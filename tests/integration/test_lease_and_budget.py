"""The right to act for an account, and what it may still ask: one statement each."""

import pytest

from integrations.base.errors import RateLimited
from portal.common import clock
from portal.platforms import budget, lease
from portal.platforms.models import PlatformAccount
from tests.factories import AccountFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def row():
    return AccountFactory(platform="myownconference", requests_per_minute=60)


def until(row):
    return PlatformAccount.objects.values_list("lease_until", flat=True).get(pk=row.pk)


def test_a_young_lease_is_not_read_again(row, django_assert_num_queries):
    mine = lease.claim(row.pk)
    with django_assert_num_queries(0):
        mine.renew()


def test_an_old_lease_is_renewed_and_then_young_again(row, django_assert_num_queries):
    mine = lease.claim(row.pk)
    before = until(row)
    clock.advance(lease.TTL.total_seconds() / 2)
    mine.renew()
    assert until(row) > before
    with django_assert_num_queries(0):
        mine.renew()


def test_a_lease_that_was_taken_over_is_not_renewed(row):
    mine = lease.claim(row.pk)
    clock.advance(lease.TTL.total_seconds() + 1)
    lease.claim(row.pk)
    with pytest.raises(lease.LeaseLost):
        mine.renew()


def test_a_clock_that_is_set_back_does_not_make_a_lease_last_longer(row, monkeypatch):
    mine = lease.claim(row.pk)
    real = clock.time.monotonic
    passed = lease.TTL.total_seconds() * 0.9
    monkeypatch.setattr(clock.time, "monotonic", lambda: real() + passed)
    clock.advance(-3600)
    before = until(row)
    mine.renew()
    assert until(row) != before


def test_a_request_costs_one_statement(row, django_assert_num_queries):
    with django_assert_num_queries(1):
        budget.take(row)


def test_a_blocked_account_asks_for_nothing(row):
    budget.block(row, 300)
    with pytest.raises(RateLimited) as caught:
        budget.take(row, for_staff=True)
    assert 290 < caught.value.retry_after <= 300
    row.refresh_from_db()
    assert row.rate_tat == 0
    clock.advance(301)
    budget.take(row)


def test_the_pace_is_kept_and_a_part_of_it_is_for_people(row, monkeypatch):
    """One a second and thirty at once, of which a fifth is for people."""
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)
    assert spent(row, for_staff=False) == 24
    assert spent(row, for_staff=True) == 6


def spent(row, *, for_staff):
    count = 0
    while not budget._try(row, for_staff):
        count += 1
    return count
