"""How a batch of the outbox leaves: what it costs, what goes before it, what it leaves alone."""

import math
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from integrations.base.records import Kind
from portal.common import clock
from portal.conferences.models import Conference, Registration
from portal.outbox import services as outbox
from portal.outbox.models import OutboxEntry
from portal.platforms import lease
from portal.platforms.models import PlatformAccount
from portal.sync import context as contexts
from portal.sync import engine, outbound
from portal.sync.models import PlatformLink, SyncRun
from tests.property.modelroom.world import PAGE
from tests.property.stage import Stage

pytestmark = pytest.mark.django_db
State, Rank = OutboxEntry.State, OutboxEntry.Rank
# Around a create: whether it is still wanted, the intention, its turn in the budget, and what came
# of it. In a test, which is a
# transaction itself, each of the two that this takes is a savepoint: two statements more.
AROUND_A_CALL = 12
BESIDE_THE_CALLS = 50


@pytest.fixture
def stage():
    return Stage()


def webinar(stage):
    """One that stands on both sides."""
    stage.add_there()
    stage.sync()
    return Conference.objects.latest("pk")


def invite(stage, conference, amount):
    """Many at once, so that they are bulk."""
    rows = [stage.invite_here(conference.pk) for _ in range(amount)]
    OutboxEntry.objects.filter(state=State.WAITING).update(rank=Rank.MANY)
    return rows


def sent(stage):
    return [call for call in stage.world.calls if call[0] not in ("list", "get")]


def at_the_first_create(stage, monkeypatch, act):
    """Something happens here while the first registration of a batch is under way."""
    real = stage.world.call

    def call(verb, what, serve):
        if (verb, what) == ("create", "registration"):
            monkeypatch.setattr(stage.world, "call", real)
            act()
        return real(verb, what, serve)

    stage.world.calls.clear()
    monkeypatch.setattr(stage.world, "call", call)


# what it costs ------------------------------------------------------------------------------------


def push(stage):
    stage.world.calls.clear()
    with CaptureQueriesContext(connection) as statements:
        engine.push_account(stage.account.pk)
    return len(statements)


def test_a_batch_costs_what_its_calls_cost(stage, monkeypatch):
    monkeypatch.setattr(outbound, "ASK_WITHIN", math.inf)
    costs = []
    for amount in (8, 32):
        clock.advance(1)  # what the batch before has taken from the budget is there again
        invite(stage, webinar(stage), amount)
        statements = push(stage)
        assert len(sent(stage)) == amount
        costs.append(statements - AROUND_A_CALL * amount)
    assert costs[1] <= costs[0] <= BESIDE_THE_CALLS
    assert not OutboxEntry.objects.exclude(state=State.DONE).exists()


def test_what_has_to_wait_costs_no_statement_each(stage, monkeypatch):
    monkeypatch.setattr(outbound, "ASK_WITHIN", math.inf)
    costs = []
    for amount in (4, 16):
        row = stage.schedule()
        OutboxEntry.objects.filter(kind="conference").update(state=State.FAILED)
        invite(stage, row, amount)
        costs.append(push(stage))
        assert sent(stage) == []
        assert OutboxEntry.objects.filter(state=State.WAITING, attempts=0).count() == amount
        OutboxEntry.objects.all().delete()
    assert costs[1] <= costs[0] <= BESIDE_THE_CALLS


# what goes before it ------------------------------------------------------------------------------


def test_an_edit_in_the_middle_of_a_batch_goes_first(stage):
    row = webinar(stage)
    invite(stage, row, 4)
    with pytest.MonkeyPatch.context() as patch:
        at_the_first_create(stage, patch, lambda: stage.edit_here(row.pk, "title"))
        engine.push_account(stage.account.pk)
    assert [verb for verb, _ in sent(stage)] == ["create", "update", *["create"] * 3]
    stage.settle()
    stage.check_agreement()


def test_who_is_withdrawn_while_a_batch_leaves_is_not_registered(stage):
    row = webinar(stage)
    last = invite(stage, row, 4)[-1]
    with pytest.MonkeyPatch.context() as patch:
        at_the_first_create(stage, patch, lambda: stage.withdraw_here(last.pk))
        engine.push_account(stage.account.pk)
    assert len(sent(stage)) == 3
    entries = OutboxEntry.objects.filter(kind="registration", local_id=last.pk)
    assert {entry.state for entry in entries} <= {State.DONE, State.SUPERSEDED}


def test_a_worker_turns_to_others_who_wait(monkeypatch):
    stage = Stage(accounts=2)
    row = webinar(stage)
    invite(stage, row, 4)
    monkeypatch.setattr(outbound, "FAIR_SHARE", 0.0)
    engine.push_account(stage.account.pk)
    assert len(sent(stage)) == 4, "nobody else waits"
    invite(stage, row, 4)
    other = outbox.add(stage.accounts[1], "conference", 7)
    long_ago = clock.now() - timedelta(seconds=outbox.PATIENCE + 1)
    OutboxEntry.objects.filter(pk=other.pk).update(not_before=long_ago)
    stage.world.calls.clear()
    engine.push_account(stage.account.pk)
    assert len(sent(stage)) < 4
    assert set(OutboxEntry.objects.exclude(state=State.DONE).values_list("state", flat=True)) == {
        State.WAITING
    }


@pytest.mark.parametrize("why", ["paused", "busy", "bulk", "lately"])
def test_who_could_not_be_served_is_not_waited_for(why):
    stage = Stage(accounts=2)
    other = stage.accounts[1]
    outbox.add_many(other, "registration", range(2 if why == "bulk" else 1))
    if why != "lately":
        OutboxEntry.objects.update(not_before=F("not_before") - timedelta(minutes=1))
    if why == "paused":
        PlatformAccount.objects.filter(pk=other.pk).update(paused=True)
    if why == "busy":
        lease.claim(other.pk)
    assert not outbox.others_wait(stage.account)


def test_who_is_withdrawn_while_a_batch_is_under_way_is_not_sent(stage, monkeypatch):
    """The batch was read a moment ago; the platform might write to them."""
    row = webinar(stage)
    monkeypatch.setattr(outbound, "ASK_WITHIN", 60.0)
    *_, last = invite(stage, row, 3)

    def withdraw():
        Registration.objects.filter(pk=last.pk).update(removed_at=clock.now())
        outbox.add(stage.account, "registration", last.pk)

    at_the_first_create(stage, monkeypatch, withdraw)
    engine.push_account(stage.account.pk)
    assert sent(stage).count(("create", "registration")) == 2
    stage.settle()
    stage.check_agreement()


def test_what_a_dead_worker_had_claimed_is_due_again(stage):
    row = webinar(stage)
    invite(stage, row, 3)
    mine = lease.claim(stage.account.pk)
    assert len(outbox.claim(mine)) == 3
    clock.advance(lease.TTL.total_seconds() + 1)
    assert outbox.accounts_with_due(clock.now()) == [stage.account.pk]
    stage.settle()
    stage.check_agreement()
    assert Registration.objects.exclude(registered_at=None).count() == 3


# while a sync reads -------------------------------------------------------------------------------


def while_it_reads(stage, monkeypatch, act):
    """The answer of `act`, which is given the context of a sync between two of its listings."""
    real, answers = outbound.push_due, []

    def first(context, *given):
        monkeypatch.setattr(outbound, "push_due", real)
        stage.world.calls.clear()
        answers.append(act(context))

    monkeypatch.setattr(outbound, "push_due", first)
    stage.sync()
    stage.settle()
    stage.check_agreement()
    return answers[0]


def test_what_is_due_leaves_while_a_sync_reads(stage, monkeypatch):
    row = webinar(stage)

    def act(context):
        assert not outbound.push_urgent(context), "nothing is due"
        stage.edit_here(row.pk, "title")
        assert outbound.push_urgent(context)
        return sent(stage)

    assert while_it_reads(stage, monkeypatch, act) == [("update", "conference")]


def test_it_asks_for_what_is_due_every_now_and_then(stage, monkeypatch):
    webinar(stage)

    def act(context):
        with CaptureQueriesContext(connection) as statements:
            for _ in range(20):
                outbound.push_urgent(context)
        return len(statements)

    monkeypatch.setattr(outbound, "ASK_EVERY", 60.0)
    assert while_it_reads(stage, monkeypatch, act) <= 1


def test_what_the_listing_may_show_waits_for_its_end(stage, monkeypatch):
    """All of its kind, and what is about the webinar that it belongs to."""
    first, second = webinar(stage), webinar(stage)

    def act(context):
        mine = PlatformLink.objects.get(kind="conference", local_id=first.pk)
        place = outbound.load(context, "registration", mine, full=False)
        stage.invite_here(first.pk)
        stage.invite_here(second.pk)
        stage.edit_here(first.pk, "title")
        stage.edit_here(second.pk, "title")
        outbound.push_urgent(context, place)
        return sent(stage), len(_waiting())

    leaves, waits = while_it_reads(stage, monkeypatch, act)
    assert (leaves, waits) == ([("update", "conference")], 3)


def test_who_is_brought_along_waits_where_people_are_listed(monkeypatch):
    stage = Stage(kinds=(Kind.ATTENDEE, Kind.CONFERENCE, Kind.REGISTRATION))
    row = webinar(stage)

    def act(context):
        stage.invite_here(row.pk)
        return outbound.push_urgent(context, outbound.load(context, "attendee", None, full=False))

    assert not while_it_reads(stage, monkeypatch, act)


def test_an_edit_leaves_between_two_pages(stage, monkeypatch):
    """A list of many pages holds up nothing that staff have done meanwhile."""
    row = webinar(stage)
    for _ in range(4 * PAGE):
        stage.add_there()
    monkeypatch.setattr(outbound, "ASK_EVERY", 0.0)
    stage.world.calls.clear()
    stage.sync(meanwhile={0: lambda: stage.invite_here(row.pk)})
    sequence = [(verb, what) for verb, what, *_ in stage.world.calls]

    left = sequence.index(("create", "registration"))
    assert ("list", "conference") in sequence[left:], "pages of the same list followed"
    stage.settle()
    stage.check_agreement()


def _waiting():
    return OutboxEntry.objects.filter(state=State.WAITING).values_list("local_id", flat=True)


def test_many_leave_a_listing_its_time_and_an_edit_does_not_wait_for_that(stage, monkeypatch):
    row = webinar(stage)

    def act(context):
        place = outbound.load(context, "group", None, full=False)
        invite(stage, row, 2)
        assert outbound.push_urgent(context, place)
        context.listing_until += 3600
        invite(stage, row, 2)
        assert not outbound.push_urgent(context, place)
        stage.edit_here(row.pk, "title")
        assert outbound.push_urgent(context, place)
        return [verb for verb, _ in sent(stage)]

    assert while_it_reads(stage, monkeypatch, act) == ["create", "create", "update"]


def test_nothing_leaves_from_within_a_delivery(stage, monkeypatch):
    row = webinar(stage)
    answers = []
    at_the_first_create(
        stage, monkeypatch, lambda: answers.append(outbound.push_urgent(seen["context"]))
    )
    seen = {}
    real = outbound.Deliveries.__init__
    monkeypatch.setattr(
        outbound.Deliveries,
        "__init__",
        lambda self, context, *given: seen.update(context=context) or real(self, context, *given),
    )
    invite(stage, row, 2)
    engine.push_account(stage.account.pk)
    assert answers == [False]


# a run that goes on for long ----------------------------------------------------------------------


def test_a_run_that_is_cut_short_goes_on_at_once(stage, monkeypatch):
    webinar(stage)
    before = PlatformAccount.objects.get().runtime.synced_at
    monkeypatch.setattr(contexts, "LONGEST_RUN", -1.0)
    monkeypatch.setattr(outbound, "push_due", lambda context, *given: context.is_time_up())
    clock.advance(60)
    run = stage.sync()
    assert (run.outcome, run.full) == (SyncRun.Outcome.PARTIAL, False)
    now = PlatformAccount.objects.get().runtime
    assert now.next_sync_at <= clock.now()
    assert now.synced_at == before, "it has not gone through everything"
