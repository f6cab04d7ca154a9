"""Lists are read in turn: each sync reads a slice, and one that is cut loses nothing."""

from datetime import timedelta

import pytest

from integrations.base.errors import PlatformUnavailable
from portal.common import clock
from portal.conferences.models import Conference, Registration
from portal.identity import roles
from portal.platforms.models import AccountRuntime
from portal.sync import context as contexts
from portal.sync import engine, readings
from portal.sync.models import SyncRun
from portal.sync.queries.reading_plan import reading_plan

pytestmark = pytest.mark.django_db
PAST = 30


@pytest.fixture
def account(account):
    account.requests_per_minute = 100_000
    account.interval_minutes = 60
    account.save()
    return account


@pytest.fixture
def platform(sandbox):
    platform = sandbox.clickmeeting("demo")
    for number in range(PAST):
        start = (clock.now() - timedelta(days=30, hours=number)).replace(second=0, microsecond=0)
        platform.add_room(f"Past {number}", starts_at=start, registration_enabled=True)
    return platform


@pytest.fixture
def read(monkeypatch):
    """The webinars whose registrations are read, in their order."""
    found = []
    observe = engine.observe

    def watched(context, place, **how):
        if place.kind == "registration":
            found.append(place.parent.pk)
        return observe(context, place, **how)

    monkeypatch.setattr(engine, "observe", watched)
    return found


def sync(account, **how):
    return engine.sync_account(account.pk, trigger="beat", **how)


def test_the_first_sync_reads_everything_and_the_next_ones_a_slice(account, platform, read):
    assert sync(account).full
    assert len(read) == PAST
    everything, seen = sorted(read), []
    for _ in range(24):
        clock.advance(3600)
        read.clear()
        assert not sync(account).full
        assert 0 < len(read) <= 2
        seen += read
    assert sorted(set(seen)) == everything, "each within a day"


def test_a_run_that_is_cut_goes_on_where_it_was(account, platform, read, monkeypatch):
    monkeypatch.setattr(readings, "AT_ONCE", 5)
    is_time_up = contexts.SyncContext.is_time_up

    def after_two_chunks(self):
        self.cut_short = self.cut_short or len(read) > 10
        return is_time_up(self)

    with monkeypatch.context() as patched:
        patched.setattr(contexts.SyncContext, "is_time_up", after_two_chunks)
        run = sync(account)
    assert not run.full
    due = AccountRuntime.objects.get(account=account).next_sync_at
    assert due <= clock.now(), "it goes on at once"
    first = list(read)
    read.clear()
    sync(account)
    assert set(read) >= set(range(min(read), max(read) + 1)) - set(first)
    assert len({*first, *read}) == PAST
    assert read[0] not in first[:10], "what was read whole is not read first again"


def test_what_was_found_before_the_platform_went_away_is_kept(account, platform, monkeypatch):
    """The next round comes to it after a day: what counts as read must be written."""
    for room in platform.rooms():
        platform.add_registration(room["id"], f"guest{room['id']}@example.com", "Gue", "St")
    monkeypatch.setattr(readings, "AT_ONCE", 5)
    observe, read = engine.observe, []

    def goes_away(context, place, **how):
        read.append(place)
        if place.kind == "registration" and len(read) > 40:
            raise PlatformUnavailable("It is gone.")
        return observe(context, place, **how)

    monkeypatch.setattr(engine, "observe", goes_away)
    assert sync(account).outcome == SyncRun.Outcome.FAILED
    seen = sum(place.kind == "registration" for place in read) - 1
    assert seen > 5
    assert Registration.objects.count() == seen


def test_what_is_near_is_read_at_each_sync(account, platform, read):
    near = platform.add_room("Near", starts_at=clock.now() + timedelta(hours=3))
    sync(account)
    for _ in range(3):
        clock.advance(3600)
        read.clear()
        sync(account)
        assert len(read) <= 1 + 2
    assert Conference.objects.filter(title=near["name"]).exists()


def test_a_sync_that_somebody_asks_for_reads_everything(account, platform, read):
    sync(account)
    read.clear()
    engine.sync_account(account.pk, trigger="command", full=True)
    assert len(read) == PAST


def test_the_account_s_page_says_what_is_read_when(account, platform, client_as):
    sync(account)
    page = client_as(roles.STAFF).get(f"/accounts/{account.pk}/").content.decode()
    assert "What is read when" in page
    assert str(PAST) in page.split("What is read when")[1]


def test_the_plan_says_how_old_each_part_can_be(account, platform):
    account.requests_per_minute = 10
    account.interval_minutes = 5
    account.save()
    assert [line.oldest for line in reading_plan(account)] == [None, None, None]
    Conference.objects.bulk_create(
        Conference(
            account=account,
            title=f"Past {number}",
            starts_at=clock.now() - timedelta(days=9),
            duration_minutes=60,
        )
        for number in range(300)
    )
    (past,) = [line for line in reading_plan(account) if line.webinars]
    lists = 3
    share = readings.room(10, 5)
    assert past.minutes >= 300 * lists / share * 5 - 5, "it cannot be sooner than the pace allows"
    assert past.slow == (past.minutes > 24 * 60 + 5)
