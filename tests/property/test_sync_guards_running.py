"""What keeps workers apart, and what is sent while a sync goes on; `mutants` proves that these can
fail."""

from datetime import timedelta

import pytest

from portal.common import clock
from portal.conferences.models import Conference
from portal.outbox import services as outbox
from portal.outbox.models import OutboxEntry
from portal.platforms import breaker, budget, lease
from portal.platforms.models import AccountRuntime, PlatformAccount
from portal.sync import engine, tasks
from portal.sync.models import PlatformLink, SyncRun
from tests.property.stage import Stage

pytestmark = pytest.mark.django_db
State = OutboxEntry.State


@pytest.fixture
def stage():
    return Stage()


def passes_on(stage):
    """The lease runs out, and another worker takes it."""
    clock.advance(lease.TTL.total_seconds() + 1)
    return lease.claim(stage.account.pk)


# the fence ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["create", "update", "delete", "list"])
def test_nothing_leaves_once_the_lease_is_another_s(stage, monkeypatch, verb):
    """The worker stood still between the budget and the request, for longer than the lease."""
    for _ in range(4):
        stage.add_there()
    stage.sync()
    row = Conference.objects.earliest("pk")
    {
        "create": stage.schedule,
        "update": lambda: stage.edit_here(row.pk, "title"),
        "delete": lambda: stage.cancel_here(row.pk),
        "list": lambda: None,
    }[verb]()
    real = budget.Share.take
    stage.world.calls.clear()

    def stands_still(share, **kwargs):
        real(share, **kwargs)
        if verb == "list" or stage.world.calls:
            passes_on(stage)

    monkeypatch.setattr(budget.Share, "take", stands_still)
    with pytest.raises(lease.LeaseLost):
        stage.sync()
    assert len(stage.world.calls) <= 1
    assert not {call for call, _ in stage.world.calls} & {"create", "update", "delete"}


TROUBLES = ["", "refused", "unavailable", "unknown after"]


def _account_values():
    return PlatformAccount.objects.values().get() | AccountRuntime.objects.values().get()


@pytest.mark.parametrize("trouble", TROUBLES)
def test_who_lost_the_lease_settles_nothing(stage, monkeypatch, trouble):
    """The answer comes when another worker is at it: what it means is that worker's to say."""
    row = stage.schedule()
    OutboxEntry.objects.update(attempts=0)
    before = _account_values()
    call = stage.world.call

    def answers_late(verb, *args):
        if verb == "create":
            passes_on(stage)
            stage.world.script["create"] = trouble
        return call(verb, *args)

    monkeypatch.setattr(stage.world, "call", answers_late)
    with pytest.raises(lease.LeaseLost):
        engine.push_account(stage.account.pk)
    entry = OutboxEntry.objects.get(local_id=row.pk)
    assert (entry.state, entry.attempts, entry.problem) == (State.WORKING, 0, "")
    assert PlatformLink.objects.get(local_id=row.pk).op == PlatformLink.Op.IN_FLIGHT
    after = _account_values()
    kept = ("fail_count", "open_until", "problem", "state", "next_sync_at", "synced_at")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert not SyncRun.objects.exclude(finished_at=None).exists()
    assert SyncRun.objects.get().stopped


def test_a_claim_needs_the_lease(stage):
    stage.schedule()
    mine = lease.claim(stage.account.pk)
    passes_on(stage)
    with pytest.raises(lease.LeaseLost):
        outbox.claim(mine)
    assert OutboxEntry.objects.get().state == State.WAITING


# refused credentials, retries, and rows that have left --------------------------------------------


def test_an_answer_about_old_credentials_does_not_refuse_the_new(stage):
    old = PlatformAccount.objects.get()
    PlatformAccount.objects.update(credentials={"api_key": "a newer one"})
    breaker.rejected(old, "refused")
    assert PlatformAccount.objects.get().state == PlatformAccount.State.CONNECTED


def test_what_left_the_account_meanwhile_is_not_brought_back(stage):
    row = stage.schedule()
    (entry,) = outbox.claim(lease.claim(stage.account.pk))
    outbox.drop(stage.account.pk, "conference", [row.pk])
    for settle in (lambda: outbox.later(entry, "later"), lambda: outbox.done(entry)):
        settle()
        entry.refresh_from_db()
        assert entry.state == State.SUPERSEDED


def test_done_does_not_swallow_a_newer_edit(stage):
    row = stage.schedule()
    (first,) = outbox.claim(lease.claim(stage.account.pk))
    newer = outbox.add(stage.account, "conference", row.pk)
    assert newer.pk != first.pk
    outbox.done(first)
    newer.refresh_from_db()
    assert newer.state == State.WAITING


@pytest.mark.parametrize("back", ["later", "retry"])
def test_a_newer_note_takes_the_place_of_one_that_is_put_back(stage, back):
    row = stage.schedule()
    (first,) = outbox.claim(lease.claim(stage.account.pk))
    if back == "retry":
        outbox.failed(first, "refused")
    newer = outbox.add(stage.account, "conference", row.pk)
    outbox.retry(first) if back == "retry" else outbox.later(first, "wait")
    first.refresh_from_db()
    assert (first.state, first.replaced_by) == (State.SUPERSEDED, newer)
    assert OutboxEntry.objects.get(state=State.WAITING) == newer


# pauses -------------------------------------------------------------------------------------------


def test_our_own_pace_is_never_called_theirs(stage, monkeypatch):
    stage.schedule()
    PlatformAccount.objects.update(requests_per_minute=1)
    AccountRuntime.objects.update(rate_tat=clock.now().timestamp() + 55)
    run = engine.push_account(stage.account.pk)
    account = PlatformAccount.objects.get()
    assert account.runtime.blocked_until is None
    assert "asked us to wait" not in run.problem
    assert OutboxEntry.objects.get().not_before > clock.now()


def test_what_is_left_alone_is_not_asked_by_an_edit(stage):
    AccountRuntime.objects.update(
        fail_count=3, problem="unreachable", open_until=clock.now() + timedelta(minutes=5)
    )
    stage.schedule()
    engine.push_account(stage.account.pk)
    account = PlatformAccount.objects.get()
    now = account.runtime
    assert (stage.world.calls, now.fail_count, now.problem) == ([], 3, "unreachable")
    assert OutboxEntry.objects.get().state == State.WAITING


def test_a_run_that_asked_nothing_proves_nothing(stage):
    AccountRuntime.objects.update(fail_count=2, problem="unreachable")
    engine.push_account(stage.account.pk)
    assert PlatformAccount.objects.get().runtime.problem == "unreachable"


# between listings ---------------------------------------------------------------------------------


def test_an_edit_leaves_before_a_long_sync_ends(stage):
    for _ in range(6):
        stage.add_there()
    stage.sync()
    row = Conference.objects.earliest("pk")
    before = len(stage.world.calls)
    # Two pages of webinars, then a list of registrations for each.
    stage.sync(meanwhile={3: lambda: stage.edit_here(row.pk, "title")})
    calls = [verb for verb, _ in stage.world.calls[before:]]
    assert "update" in calls
    assert "list" in calls[calls.index("update") :], "lists were still to be read"
    stage.settle()
    stage.check_agreement()


def test_what_is_cancelled_meanwhile_is_not_asked_for_its_lists(stage):
    for _ in range(6):
        stage.add_there()
    stage.sync()
    last = Conference.objects.latest("pk")
    before = len(stage.world.calls)
    run = stage.sync(meanwhile={2: lambda: stage.cancel_here(last.pk)})
    assert (run.outcome, run.problem) == (SyncRun.Outcome.OK, "")
    calls = stage.world.calls[before:]
    assert ("delete", "conference") in calls
    assert calls.count(("list", "registration")) == 5
    stage.settle()
    stage.check_agreement()


def test_who_is_invited_meanwhile_is_listed_once(stage):
    """Our side of a list was read before the sync itself had registered somebody."""
    for _ in range(6):
        stage.add_there()
    stage.sync()
    last = Conference.objects.latest("pk")
    stage.sync(meanwhile={2: lambda: stage.invite_here(last.pk, "who@example.com")})
    assert last.registrations.count() == 1
    stage.settle()
    stage.check_agreement()


# what goes first ----------------------------------------------------------------------------------

MANY = 300


def order(stage):
    mine = lease.claim(stage.account.pk)
    while some := outbox.claim(mine, 1):
        yield some[0].kind, some[0].local_id
        outbox.done(some[0])


def test_a_cancel_leaves_before_300_registrations(stage):
    outbox.add_many(stage.account, "registration", range(1, MANY + 1))
    outbox.add(stage.account, "conference", 7)
    assert next(order(stage)) == ("conference", 7)


def test_what_comes_in_meanwhile_takes_its_place(stage):
    outbox.add_many(stage.account, "registration", range(1, MANY + 1))
    leaving = order(stage)
    assert [next(leaving) for _ in range(2)] == [("registration", 1), ("registration", 2)]
    outbox.ensure(stage.account, "attendee", [3])
    outbox.add(stage.account, "registration", MANY + 50)
    outbox.add(stage.account, "conference", 7)
    outbox.add(stage.account, "registration", MANY)
    said = [next(leaving) for _ in range(4)]
    assert said == [
        ("conference", 7),
        ("registration", MANY),
        ("registration", MANY + 50),
        ("registration", 3),
    ]
    assert list(leaving)[-1] == ("attendee", 3)


def test_one_round_ends_so_that_other_accounts_have_their_turn(stage, monkeypatch):
    for _ in range(3):
        stage.schedule()
    monkeypatch.setattr(engine.outbound, "AT_ONCE", 0.0)
    engine.push_account(stage.account.pk)
    assert stage.world.calls == []


def test_what_waits_for_a_listing_is_not_tried_again_and_again_before_it(stage, monkeypatch):
    """Its pause was over while the round still went on."""
    stage.schedule()
    stage.sync()
    row = Conference.objects.get()
    stage.world.items.clear()
    stage.edit_here(row.pk, "title")
    monkeypatch.setattr(outbox, "FIRST_PAUSE", 0.0)
    monkeypatch.setattr(engine.outbound, "AT_ONCE", 5.0)
    stage.world.calls.clear()
    engine.push_account(stage.account.pk)
    assert len(stage.world.calls) == 1
    assert OutboxEntry.objects.get(state=State.WAITING).attempts == 1


@pytest.fixture
def enqueued(monkeypatch):
    """For what the tasks enqueue, by name."""
    names = []
    monkeypatch.setattr(tasks.sync, "apply_async", lambda *args, **kwargs: names.append("sync"))
    monkeypatch.setattr(outbox, "enqueue", lambda account_id: names.append("push"))
    return names


def due_at(stage, moment):
    AccountRuntime.objects.filter(pk=stage.account.pk).update(next_sync_at=moment)


def test_a_sync_that_found_no_room_stays_due(stage, enqueued):
    due_at(stage, clock.now() - timedelta(seconds=1))
    tasks.enqueue_due()
    tasks.enqueue_due()
    assert enqueued == ["sync"]
    taken = lease.claim(stage.account.pk)
    tasks.sync(stage.account.pk)
    lease.release(taken)
    tasks.enqueue_due()
    assert enqueued == ["sync", "sync"]


@pytest.mark.parametrize(("due", "next_one"), [(-1, "sync"), (60, "push")])
def test_a_sync_that_is_due_comes_before_the_next_round(
    stage, enqueued, monkeypatch, due, next_one
):
    stage.schedule()
    due_at(stage, clock.now() + timedelta(seconds=due))
    monkeypatch.setattr(engine.outbound, "AT_ONCE", 0.0)
    enqueued.clear()
    tasks.push(stage.account.pk)
    assert enqueued == [next_one]
