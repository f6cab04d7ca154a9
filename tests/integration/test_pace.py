"""The pace of an account: it begins low, learns from the platform's 429s, and comes back slowly."""

import pytest

from integrations.base.errors import PlatformUnavailable, RateLimited
from portal.common import clock
from portal.identity import roles
from portal.platforms import budget, pace, services
from portal.platforms.models import PlatformAccount
from portal.platforms.queries import request_budget
from portal.sync import engine
from tests.factories import AccountFactory
from tests.integration.test_five_platforms import connect

pytestmark = pytest.mark.django_db
SLOW_DOWN = RateLimited("Slow down.", retry_after=5.0, status=429)


@pytest.fixture
def row():
    return AccountFactory(requests_per_minute=None)


def again(row):
    return PlatformAccount.objects.get(pk=row.pk)


def refused(row):
    pace.learn(row, SLOW_DOWN)
    budget.block(row, 5.0)
    clock.advance(6)
    return again(row)


def test_a_platform_without_a_known_limit_is_asked_once_a_second(row):
    assert pace.per_minute(row) == 60
    for _ in range(10):
        assert budget._try(row, for_staff=True) == 0.0
    assert budget._try(row, for_staff=True) > 0.3, "after its burst"


def test_each_refusal_halves_the_pace_and_it_is_kept(row):
    seen = []
    for _ in range(6):
        row = refused(row)
        seen.append(pace.per_minute(row))
    assert seen == [30, 15, 15, 15, 15, 15]
    assert 60 / pace.LOWEST < budget.LONGEST_PAUSE, "a sync goes on at the lowest pace as well"
    clock.advance(30 * 86400)
    assert pace.per_minute(again(row)) == pace.LOWEST, "time alone teaches nothing"
    assert budget.per_minute(row) == 15


def test_workers_who_are_refused_together_learn_it_once(row):
    pace.learn(row, SLOW_DOWN)
    budget.block(row, 5.0)
    pace.learn(again(row), SLOW_DOWN)
    assert pace.per_minute(again(row)) == 30


def test_only_the_platforms_own_word_counts(row):
    pace.learn(row, RateLimited("Our own budget is used up.", retry_after=1.0))
    pace.learn(row, PlatformUnavailable("Away.", status=503))
    assert again(row).runtime.pace is None


def test_it_rises_slowly_with_what_goes_through_and_never_above(row):
    row = refused(row)
    for _ in range(300):
        pace.went_through(row)
    assert pace.per_minute(again(row)) == pytest.approx(40)
    for _ in range(900):
        pace.went_through(row)
    assert again(row).runtime.pace is None
    assert pace.per_minute(again(row)) == 60


def test_an_accounts_own_setting_is_the_ceiling():
    row = refused(AccountFactory(requests_per_minute=40))
    assert pace.per_minute(row) == 20
    for _ in range(1000):
        pace.went_through(row)
    assert pace.per_minute(again(row)) == 40
    fast = AccountFactory(requests_per_minute=6000)
    for _ in range(5):
        fast = refused(fast)
    assert pace.per_minute(fast) == 1500, "a few refusals do not stop an account"
    slow = refused(AccountFactory(requests_per_minute=8))
    assert pace.per_minute(slow) == 8, "never above what an administrator has set"


def test_an_account_that_was_never_slowed_costs_nothing(row, django_assert_num_queries):
    with django_assert_num_queries(1):
        budget.take(row)


def test_a_sync_and_a_test_of_the_connection_learn(sandbox, user_as):
    account = connect(sandbox, "clickmeeting")
    account.requests_per_minute = 600
    account.save()
    sandbox.faults.add("rate_limited", count=1, retry_after=3)
    engine.sync_account(account.pk)
    assert pace.per_minute(again(account)) == 300
    clock.advance(5)
    sandbox.faults.add("rate_limited", count=1, retry_after=3)
    services.test_connection(again(account), user_as(roles.ADMINISTRATOR))
    assert pace.per_minute(again(account)) == pytest.approx(150, abs=1)
    clock.advance(5)
    said = request_budget(again(account)).sentence
    assert "Up to 150 a minute" in said
    assert "it rises to 600 again" in said
