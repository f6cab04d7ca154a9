"""The real engine against a modelled platform: random edits on both sides, faults and crashes.

A level drives everything, so whatever happens in between, when the faults stop both sides agree
within a bounded number of syncs, nothing stands twice, nothing is lost and nothing is deleted
that nobody asked to delete.
"""

import os

import pytest
from django.db import transaction
from hypothesis import HealthCheck, event, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from portal.common import clock
from tests.property.stage import FIELDS, Stage

EXAMPLES = int(os.environ.get("SYNC_EXAMPLES", "60"))
WRITE_TROUBLES = ["unreachable", "slow down", "unknown before", "unknown after", "late"]
READ_TROUBLES = ["nonsense", "row twice", "empty list"]
LEAST_SYNCS = 5


class Counter:
    """What the whole run did, so that a run that tests too little fails itself."""

    def __init__(self):
        self.examples = self.syncs = self.faulty = self.crashes = 0


COUNTER = Counter()


class TwoSides(RuleBasedStateMachine):
    """Staff here, other people there, a sync in between that things happen to."""

    @initialize(
        get=st.booleans(), marker=st.booleans(), echo=st.booleans(), rooms=st.integers(1, 6)
    )
    def connect(self, get, marker, echo, rooms):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.clock = clock.moved()
        self.clock.__enter__()
        self.stage = Stage(get=get, marker=marker, echo=echo)
        for _ in range(rooms):
            self.stage.add_there()
        self.stage.sync()

    def _row(self, data):
        return data.draw(st.sampled_from([row.pk for row in self.stage.rows()]))

    def _room(self, data):
        return data.draw(st.sampled_from(list(self.stage.world.rooms)))

    @rule()
    def schedule_here(self):
        self.stage.schedule()

    @rule()
    def add_there(self):
        self.stage.add_there()

    @precondition(lambda self: self.stage.rows())
    @rule(data=st.data(), name=st.sampled_from(FIELDS))
    def edit_here(self, data, name):
        self.stage.edit_here(self._row(data), name)

    @precondition(lambda self: self.stage.world.rooms)
    @rule(data=st.data(), name=st.sampled_from(FIELDS))
    def edit_there(self, data, name):
        self.stage.edit_there(self._room(data), name)

    @precondition(lambda self: len(self.stage.rows()) > 3)
    @rule(data=st.data())
    def cancel_here(self, data):
        self.stage.cancel_here(self._row(data))

    @precondition(lambda self: len(self.stage.world.rooms) > 3)
    @rule(data=st.data())
    def remove_there(self, data):
        self.stage.remove_there(self._room(data))

    @precondition(lambda self: self.stage.rows())
    @rule(data=st.data(), email=st.sampled_from([None, "both@example.com"]))
    def invite_here(self, data, email):
        self.stage.invite_here(self._row(data), email)

    @precondition(lambda self: self.stage.world.rooms)
    @rule(data=st.data(), email=st.sampled_from([None, "both@example.com"]))
    def register_there(self, data, email):
        self.stage.register_there(self._room(data), email)

    @rule(seconds=st.sampled_from([1, 45, 100]))
    def wait(self, seconds):
        clock.advance(seconds)

    @rule()
    def sync(self):
        self.stage.sync()

    @rule(
        troubles=st.dictionaries(
            st.integers(0, 12), st.sampled_from(WRITE_TROUBLES + READ_TROUBLES), max_size=3
        )
    )
    def sync_in_trouble(self, troubles):
        note(f"troubles {troubles}")
        self.stage.sync(troubles)

    @rule(step=st.integers(1, 40))
    def sync_and_die(self, step):
        self.stage.sync(crash_after=step)

    def teardown(self):
        if not hasattr(self, "stage"):
            return
        try:
            self.stage.settle()
            self.stage.check_agreement()
            self.stage.check_quiet()
        finally:
            COUNTER.examples += 1
            COUNTER.syncs += self.stage.syncs
            COUNTER.faulty += self.stage.faulty
            COUNTER.crashes += self.stage.crashes
            event(f"syncs in trouble: {min(self.stage.faulty, 5)}")
            self.clock.__exit__(None, None, None)
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.django_db(transaction=False)
def test_two_sides_agree_whatever_happens():
    COUNTER.__init__()
    run_state_machine_as_test(
        TwoSides,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(  # noqa: T201 - how much was tried is part of the answer
        f"\n{COUNTER.examples} examples, {COUNTER.syncs} syncs, {COUNTER.faulty} in trouble, "
        f"{COUNTER.crashes} crashes"
    )
    assert COUNTER.syncs >= LEAST_SYNCS * COUNTER.examples, "too few syncs to prove anything"
    assert COUNTER.faulty > COUNTER.examples / 2
