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

from integrations.base.records import Kind
from portal.common import clock
from tests import profiles
from tests.property.modelroom.adapter import CLASSIC, KINDS
from tests.property.play import WRITE_TROUBLES
from tests.property.sides import EDITED, FIELDS
from tests.property.stage import (
    CREW,
    PEOPLE,
    Stage,
    a_slice,
    everything,
    what_is_looked_at,
)

# On PostgreSQL it asks whether real transactions differ, not for the same edits again.
IN_CI = 5 if profiles.AGAIN else 10
EXAMPLES = int(os.environ.get("SYNC_EXAMPLES", profiles.of(ci=IN_CI, nightly=500)))
READ_TROUBLES = ["nonsense", "row twice", "empty list"]
LEAST_SYNCS = 5
# What the platforms have, and how many accounts there are.
CASTS = [
    (CLASSIC, 1),
    (CLASSIC, 1),
    (CREW, 1),
    (PEOPLE, 1),
    (PEOPLE, 2),
    (tuple(KINDS), 1),
    ((Kind.ATTENDEE, *CLASSIC), 1),
]
# What others remove where there are more than so many.
REMOVED_THERE = {
    Kind.CONFERENCE: 3,
    Kind.ATTENDEE: 2,
    Kind.GROUP: 2,
    Kind.MEMBERSHIP: 0,
    Kind.MODERATOR: 0,
    Kind.REGISTRATION: 0,
    Kind.SESSION: 0,
    Kind.RECORDING: 0,
}
ADDRESSES = [None, "both@example.com", "many@example.com"]
emails = st.sampled_from(ADDRESSES)
parts = st.sampled_from([a_slice, what_is_looked_at])


def has(kind):
    """A rule for platforms that have a kind."""
    return precondition(lambda self: kind in self.stage.kinds)


def if_some(kind, more_than=0):
    """A rule for when there is something of the kind here."""
    return precondition(
        lambda self: kind in self.stage.kinds and len(self.stage.standing(kind)) > more_than
    )


def if_there(kind):
    """A rule for when there is something of the kind on the first platform."""
    return precondition(lambda self: bool(self.stage.world.of(kind)))


class Counter:
    """What the whole run did, so that a run that tests too little fails itself."""

    def __init__(self):
        self.examples = self.syncs = self.faulty = self.crashes = 0


COUNTER = Counter()


class TwoSides(RuleBasedStateMachine):
    """Staff here, other people there, a sync in between that things happen to."""

    @initialize(
        cast=st.sampled_from(CASTS),
        get=st.booleans(),
        marker=st.booleans(),
        echo=st.booleans(),
        lasting_ids=st.booleans(),
        start=st.integers(1, 6),
        dated=st.booleans(),
        withdraw=st.booleans(),
        adds_people=st.booleans(),
        lines=st.sampled_from([1, 3]),
    )
    def connect(self, cast, start, **options):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.clock = clock.moved()
        self.clock.__enter__()
        kinds, accounts = cast
        self.stage = Stage(kinds=kinds, accounts=accounts, **options)
        for number in range(start):
            self._populate(number)
        self.stage.sync_all()

    def _populate(self, number):
        stage = self.stage
        if Kind.CONFERENCE in stage.kinds:
            stage.add_there()
        if Kind.GROUP in stage.kinds:
            for world in stage.worlds:
                email = ADDRESSES[1] if number == 0 else f"start{number % 3}@example.com"
                stage.add_person_there(email, world)
                if number % 3 == 0:
                    stage.join_there(stage.found_group_there(world=world).id, email)

    def _row(self, data, kind=Kind.CONFERENCE):
        rows = self.stage.standing(kind)
        return data.draw(st.sampled_from([row.pk for row in rows]))

    def _item(self, data, kind):
        items = self.stage.world.of(kind)
        return data.draw(st.sampled_from([item.id for item in items]))

    # conferences and those who come -------------------------------------------------------------

    @has(Kind.CONFERENCE)
    @rule()
    def schedule_here(self):
        self.stage.schedule()

    @has(Kind.CONFERENCE)
    @rule()
    def add_there(self):
        self.stage.add_there()

    @if_some(Kind.CONFERENCE)
    @rule(data=st.data(), name=st.sampled_from(FIELDS))
    def edit_here(self, data, name):
        self.stage.edit_here(self._row(data), name)

    @rule(data=st.data(), kind=st.sampled_from(list(EDITED)))
    def edit_there(self, data, kind):
        items = self.stage.world.of(kind)
        if items:
            name = data.draw(st.sampled_from(EDITED[kind]))
            self.stage.edit_there(self._item(data, kind), name)

    @if_some(Kind.CONFERENCE, 3)
    @rule(data=st.data())
    def cancel_here(self, data):
        self.stage.cancel_here(self._row(data))

    @has(Kind.REGISTRATION)
    @if_some(Kind.CONFERENCE)
    @rule(data=st.data(), email=emails, asks=st.sampled_from(["asks", "answers", ""]))
    def invite_here(self, data, email, asks):
        if asks == "asks":
            self.stage.ask_here(self._row(data), email)
        else:
            self.stage.invite_here(self._row(data), email, answers=bool(asks))

    @has(Kind.REGISTRATION)
    @precondition(lambda self: self.stage.asked())
    @rule(data=st.data(), said=st.sampled_from(["yes", "maybe", "no"]))
    def answer_here(self, data, said):
        rows = [row.pk for row in self.stage.asked()]
        self.stage.answer_here(data.draw(st.sampled_from(rows)), said)

    @if_there(Kind.CONFERENCE)
    @rule(data=st.data())
    def move_there(self, data):
        self.stage.move_there(self._item(data, Kind.CONFERENCE))

    @if_some(Kind.REGISTRATION)
    @rule(data=st.data())
    def withdraw_here(self, data):
        if self.stage.withdraw:
            self.stage.withdraw_here(self._row(data, Kind.REGISTRATION))

    @has(Kind.REGISTRATION)
    @if_there(Kind.CONFERENCE)
    @rule(data=st.data(), email=emails, answers=st.booleans())
    def register_there(self, data, email, answers):
        self.stage.register_there(self._item(data, Kind.CONFERENCE), email, answers=answers)

    @if_there(Kind.REGISTRATION)
    @rule(data=st.data())
    def answer_there(self, data):
        self.stage.answer_there(self._item(data, Kind.REGISTRATION))

    # those who run them, and what is left behind ------------------------------------------------

    @has(Kind.MODERATOR)
    @if_some(Kind.CONFERENCE)
    @rule(data=st.data(), email=emails)
    def assign_here(self, data, email):
        self.stage.assign_here(self._row(data), email)

    @if_some(Kind.MODERATOR)
    @rule(data=st.data(), take_off=st.booleans())
    def change_moderator(self, data, take_off):
        act = self.stage.unassign_here if take_off else self.stage.rename_moderator
        act(self._row(data, Kind.MODERATOR))

    @has(Kind.MODERATOR)
    @if_there(Kind.CONFERENCE)
    @rule(data=st.data(), email=st.sampled_from([*ADDRESSES, ""]))
    def assign_there(self, data, email):
        self.stage.assign_there(self._item(data, Kind.CONFERENCE), email)

    @has(Kind.SESSION)
    @if_there(Kind.CONFERENCE)
    @rule(data=st.data())
    def run_there(self, data):
        self.stage.run_there(self._item(data, Kind.CONFERENCE))

    # people and groups --------------------------------------------------------------------------

    @if_some(Kind.ATTENDEE)
    @rule(data=st.data(), name=st.sampled_from(EDITED[Kind.ATTENDEE]))
    def edit_person(self, data, name):
        self.stage.edit_person(self._row(data, Kind.ATTENDEE), name)

    @has(Kind.ATTENDEE)
    @rule(email=st.sampled_from([*ADDRESSES, ""]), second=st.booleans())
    def add_person_there(self, email, second):
        self.stage.add_person_there(email, self.stage.worlds[-1 if second else 0])

    @has(Kind.GROUP)
    @rule(here=st.booleans())
    def found_group(self, here):
        if here:
            self.stage.found_group()
        else:
            self.stage.found_group_there()

    @if_some(Kind.GROUP)
    @rule(data=st.data(), delete=st.booleans())
    def change_group(self, data, delete):
        pk = self._row(data, Kind.GROUP)
        if delete and len(self.stage.standing(Kind.GROUP)) > 2:
            self.stage.delete_group(pk)
        else:
            self.stage.rename_group(pk)

    @if_some(Kind.GROUP)
    @rule(data=st.data(), email=emails)
    def join_here(self, data, email):
        self.stage.join_here(self._row(data, Kind.GROUP), email)

    @if_some(Kind.MEMBERSHIP)
    @rule(data=st.data())
    def leave_here(self, data):
        rows = self.stage.standing(Kind.MEMBERSHIP)
        self.stage.leave_here(rows[data.draw(st.integers(0, len(rows) - 1))])

    @if_there(Kind.GROUP)
    @rule(data=st.data(), email=emails)
    def join_there(self, data, email):
        self.stage.join_there(self._item(data, Kind.GROUP), email)

    @rule(data=st.data(), kind=st.sampled_from(list(REMOVED_THERE)))
    def remove_there(self, data, kind):
        if len(self.stage.world.of(kind)) > REMOVED_THERE[kind]:
            self.stage.remove_there(self._item(data, kind))

    # time and syncs -----------------------------------------------------------------------------

    @rule(seconds=st.sampled_from([1, 45, 100]))
    def wait(self, seconds):
        clock.advance(seconds)

    @rule()
    def sync(self):
        self.stage.sync_all()

    @rule(
        troubles=st.dictionaries(
            st.integers(0, 12), st.sampled_from(WRITE_TROUBLES + READ_TROUBLES), max_size=3
        ),
        second=st.booleans(),
    )
    def sync_in_trouble(self, troubles, second):
        note(f"troubles {troubles}")
        self.stage.sync(troubles, at=self._at(second))

    @rule(step=st.integers(1, 40), second=st.booleans())
    def sync_and_die(self, step, second):
        self.stage.sync(crash_after=step, at=self._at(second))

    @rule(
        number=st.integers(0, 12),
        data=st.data(),
        kind=st.sampled_from(list(EDITED)),
        remove=st.booleans(),
    )
    def sync_while_they_work(self, number, data, kind, remove):
        """Somebody edits or removes something in the panel while a sync runs."""
        self._while_they_work(number, data, kind, remove, everything)

    def _while_they_work(self, number, data, kind, remove, job):
        items = self.stage.world.of(kind)
        if not items:
            return
        item, name = self._item(data, kind), data.draw(st.sampled_from(EDITED[kind]))

        def work():
            if item not in self.stage.world.items:
                return
            if remove and len(self.stage.world.of(kind)) > REMOVED_THERE[kind]:
                self.stage.remove_there(item)
            else:
                self.stage.edit_there(item, name)

        self.stage.sync(meanwhile={number: work}, job=job)

    def _at(self, second):
        return len(self.stage.accounts) - 1 if second else 0

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


class ReadInParts(TwoSides):
    """The same where workers mostly read a part: what has its turn, or what somebody looks at."""

    @rule(
        job=parts,
        troubles=st.dictionaries(
            st.integers(0, 12), st.sampled_from(WRITE_TROUBLES + READ_TROUBLES), max_size=1
        ),
        second=st.booleans(),
    )
    def read_a_part(self, job, troubles, second):
        self.stage.sync(troubles, at=self._at(second), job=job)

    @rule(job=parts, step=st.integers(1, 20), second=st.booleans())
    def read_a_part_and_die(self, job, step, second):
        self.stage.sync(crash_after=step, at=self._at(second), job=job)

    @rule(
        job=parts,
        number=st.integers(0, 12),
        data=st.data(),
        kind=st.sampled_from(list(EDITED)),
        remove=st.booleans(),
    )
    def read_a_part_while_they_work(self, job, number, data, kind, remove):
        self._while_they_work(number, data, kind, remove, job)


def play(machine):
    COUNTER.__init__()
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.slow
@pytest.mark.timeout(7200 if profiles.NIGHTLY else 1200)
@pytest.mark.django_db(transaction=False)
def test_two_sides_agree_whatever_happens(read_ahead):
    play(TwoSides)
    print(  # noqa: T201 - how much was tried is part of the answer
        f"\n{COUNTER.examples} examples, {COUNTER.syncs} syncs, {COUNTER.faulty} in trouble, "
        f"{COUNTER.crashes} crashes, {read_ahead['applied']} of {read_ahead['asked']} lists that "
        "were read ahead were applied"
    )
    assert COUNTER.syncs >= LEAST_SYNCS * COUNTER.examples, "too few syncs to prove anything"
    assert COUNTER.faulty > COUNTER.examples / 2
    assert read_ahead["asked"] >= read_ahead["applied"] > COUNTER.examples
    # What was read for nothing is rare: few examples may have none of it.
    assert read_ahead["asked"] > read_ahead["applied"] or not profiles.NIGHTLY


@pytest.mark.slow
@pytest.mark.timeout(7200 if profiles.NIGHTLY else 1200)
@pytest.mark.django_db(transaction=False)
def test_two_sides_agree_whatever_part_is_read_meanwhile():
    play(ReadInParts)
    assert COUNTER.syncs >= LEAST_SYNCS * COUNTER.examples, "too few syncs to prove anything"
    assert COUNTER.faulty > COUNTER.examples / 2
