"""The right to act for an account, and what it may still ask: one statement each."""

from datetime import timedelta

import pytest
from django.db import connection

from integrations.base.errors import RateLimited
from portal.common import clock
from portal.platforms import breaker, budget, lease
from portal.platforms.models import AccountRuntime
from tests.factories import AccountFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def row():
    return AccountFactory(platform="myownconference", requests_per_minute=60)


def until(row):
    return AccountRuntime.objects.values_list("lease_until", flat=True).get(pk=row.pk)


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
    assert row.runtime.rate_tat == 0
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


def tat(row):
    return AccountRuntime.objects.values_list("rate_tat", flat=True).get(pk=row.pk)


def test_a_bucket_further_ahead_than_its_burst_does_not_freeze_the_account(row):
    """Two workers' clocks were ten minutes ahead; then they were put right."""
    AccountRuntime.objects.filter(pk=row.pk).update(rate_tat=clock.now().timestamp() + 600)
    assert budget._try(row, for_staff=True) == 0
    moment = clock.now().timestamp()
    assert moment < tat(row) <= moment + 31, "as full as it can be, and no fuller"
    assert 0 < budget._try(row, for_staff=True) <= 1.1, "the pace is kept from now"


def test_a_full_bucket_is_not_mistaken_for_one(row):
    full = clock.now().timestamp() + 30
    AccountRuntime.objects.filter(pk=row.pk).update(rate_tat=full)
    assert budget._try(row, for_staff=True) > 0
    assert tat(row) == full


def test_our_own_pace_and_a_pause_of_theirs_are_told_apart(row, monkeypatch):
    monkeypatch.setattr(budget, "LONGEST_PAUSE", 0.0)
    AccountRuntime.objects.filter(pk=row.pk).update(rate_tat=clock.now().timestamp() + 30)
    with pytest.raises(budget.NotNow) as ours:
        budget.take(row)
    assert "asked us" not in str(ours.value)
    budget.block(row, 60)
    with pytest.raises(budget.NotNow) as theirs:
        budget.take(row)
    assert "asked us to wait" in str(theirs.value)


def test_the_longest_pause_that_was_asked_for_counts(row):
    budget.block(row, 300)
    budget.block(row, 5)
    row.refresh_from_db()
    assert (row.runtime.blocked_until - clock.now()).total_seconds() > 290


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has this machine's clock")
def test_two_workers_whose_clocks_are_ten_minutes_ahead(row, monkeypatch):
    """For thirty seconds; whatever they wrote down, nothing is late when they are put right."""
    real = clock.timezone.now
    before = clock.database_now()
    with monkeypatch.context() as ahead:
        ahead.setattr(clock.timezone, "now", lambda: real() + timedelta(minutes=10))
        for _ in range(2):
            mine = lease.claim(row.pk)
            budget.take(row)
            row.refresh_from_db()
            breaker.failed(row, "unreachable")
            lease.release(mine)
        budget.block(row, 1)
        held = lease.claim(row.pk)
        assert until(row) < before + lease.TTL + timedelta(minutes=1)
        lease.release(held)
    row.refresh_from_db()
    soon = (before + timedelta(minutes=1)).timestamp()
    assert row.runtime.rate_tat < soon
    assert row.runtime.blocked_until.timestamp() < soon
    lease.claim(row.pk)


def test_a_quick_account_takes_those_of_a_moment_in_one_statement(django_assert_num_queries):
    row = AccountFactory(platform="myownconference", requests_per_minute=6000)
    share = budget.Share(row)
    with django_assert_num_queries(1):
        for _ in range(15):  # half of what may go at once
            share.take()
    before = tat(row)
    clock.advance(60)
    share.take()
    assert tat(row) > before + 59, "what was not used in that moment is lost"


def test_at_the_pace_of_a_person_each_request_is_taken_for_itself(django_assert_num_queries):
    row = AccountFactory(platform="myownconference", requests_per_minute=300)
    share = budget.Share(row)
    with django_assert_num_queries(5):
        for _ in range(5):
            share.take()


def test_a_pause_ends_what_was_taken_at_once():
    quick = AccountFactory(platform="myownconference", requests_per_minute=60_000)
    share = budget.Share(quick)
    share.take()
    share.take()
    budget.block(quick, 30)
    with pytest.raises(budget.NotNow):
        share.take()


def test_an_account_that_was_slowed_down_takes_one_at_a_time():
    quick = AccountFactory(platform="myownconference", requests_per_minute=6000)
    AccountRuntime.objects.filter(pk=quick.pk).update(pace=5000)
    quick.refresh_from_db()
    share = budget.Share(quick)
    share.take()
    first = tat(quick)
    share.take()
    assert tat(quick) > first


def test_shares_together_never_take_more_than_may_go_at_once(monkeypatch):
    row = AccountFactory(platform="myownconference", requests_per_minute=6000)
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)
    monkeypatch.setattr(budget, "LONGEST_PAUSE", 0.0)
    usual = row.capabilities
    at_once = usual.burst * 6000 // usual.requests_per_minute
    shares = [budget.Share(row), budget.Share(row)]
    taken = sum(_takes(shares[number % 2]) for number in range(2 * at_once))
    assert 0.6 * at_once < taken <= at_once


def test_where_a_share_is_not_to_be_had_it_is_not_asked_for_each_time(django_assert_num_queries):
    row = AccountFactory(platform="myownconference", requests_per_minute=6000)
    interval, burst = budget._pace(row)
    some = min(int(budget.MOMENT / interval), burst // 2)
    free = int(0.8 * burst) - some // 2
    AccountRuntime.objects.filter(pk=row.pk).update(
        rate_tat=clock.now().timestamp() + free * interval
    )
    share = budget.Share(row)
    with django_assert_num_queries(3):
        share.take()
    with django_assert_num_queries(1):
        share.take()


def test_more_go_at_once_only_where_an_account_is_allowed_more_than_usual():
    usual = AccountFactory(platform="webinarfuel").capabilities
    paces = {"slower": 1 / 2, "as usual": 1, "three times": 3}
    at_once = {}
    for name, times in paces.items():
        pace = int(usual.requests_per_minute * times)
        row = AccountFactory(platform="webinarfuel", requests_per_minute=pace)
        at_once[name] = budget._pace(row)[1]
    assert at_once == {
        "slower": usual.burst,
        "as usual": usual.burst,
        "three times": 3 * usual.burst,
    }


def _takes(share):
    try:
        share.take()
    except budget.NotNow:
        return False
    return True
