"""Play one scenario under every fault at every call, and with a crash at every step."""

import itertools
from contextlib import contextmanager
from copy import deepcopy

from django.db import transaction

from portal.common import clock
from tests.profiles import CALLS, NIGHTLY, STEPS
from tests.property.modelroom.world import WORLDS
from tests.property.stage import Stage

WRITE_TROUBLES = ["unreachable", "slow down", "unknown before", "unknown after", "late"]
READ_TROUBLES = ["nonsense", "row twice", "empty list", "short list", "not found"]
OPTIONS = [
    {"get": get, "marker": marker, "echo": echo}
    for get in (True, False)
    for marker in (True, False)
    for echo in (True, False)
]
ABLE, POOR = OPTIONS[0], OPTIONS[7]
# Some lists are read ahead of those that are applied, or one is read after the other.
WAYS = [{"lines": 3}, {"lines": 1}]


def _first(options):
    """Strides begin one further on for the other of the platform's two characters."""
    return OPTIONS.index(options) % STEPS


def ways(turn):
    """Both ways to read, turn by turn; nightly each time both."""
    return WAYS if NIGHTLY else [WAYS[turn % 2]]


@contextmanager
def undone():
    """Whatever happens to the database and the clock within is undone at the end."""
    with clock.moved():
        point = transaction.savepoint()
        try:
            yield
        finally:
            transaction.savepoint_rollback(point)


class Opening:
    """A stage that is set once, for as many plays as one likes: each has a copy of its own."""

    def __init__(self, setting, options):
        self._stage = Stage(**setting.stage, **options)
        self._cast = setting.set_up(self._stage)

    def play(self, scenario, disturb, check_outcome):
        """Play the scenario, sync under the disturbance, and what comes `then`; settle, check
        everything; answers what the disturbance answers. Where that is None, nothing was disturbed
        and nothing is checked: so ends each scenario whose crashes are played."""
        with undone():
            stage, cast = deepcopy((self._stage, self._cast))
            for account, world in zip(stage.accounts, stage.worlds, strict=True):
                WORLDS[account.base_url] = world
            scenario(stage, *cast)
            if (answer := disturb(stage)) is None:
                return None
            if then := getattr(scenario, "then", None):
                then(stage, *cast)
            stage.settle()
            stage.check_agreement()
            stage.check_quiet()
            check_outcome(stage, scenario, *cast)
            return answer


def every_fault_at_every_call(
    setting, scenario, place, check_outcome, troubles=WRITE_TROUBLES + READ_TROUBLES
):
    """Answers how often the scenario was played. The platform's eight characters take turns over
    scenarios and faults; with a stride, the calls do so as well, and the ways to read."""
    runs = 0
    for number, trouble in enumerate(troubles):
        for way in ways(number // 2 + place):
            with undone():
                opening = Opening(setting, OPTIONS[(number + place) % 8] | way)
                for at in itertools.count((2 * number + place) % CALLS, CALLS):
                    runs += 1
                    if not opening.play(scenario, disturbed(at, trouble), check_outcome):
                        break
    return runs


def disturbed(at, trouble):
    """One sync with one fault at one call; None where there was no such call, False where the
    calls after this one are left out."""

    def disturb(stage):
        calls = len(stage.world.calls)
        stage.sync({at: trouble})
        if len(stage.world.calls) - calls <= at:
            return None
        # Without a get, one lying listing is all that can be borne.
        return trouble != "short list" or stage.account.options["get"]

    return disturb


def an_edit_at_every_call(setting, scenario, edit, options, check_outcome):
    """Others edit in the panel before each call of a sync that begins a list or asks for a
    record; answers how often the scenario was played."""
    return max(
        _an_edit_at_every_call(setting, scenario, edit, options, way, check_outcome)
        for way in ways(OPTIONS.index(options) + len(scenario.__name__))
    )


def _an_edit_at_every_call(setting, scenario, edit, options, way, check_outcome):
    with undone():
        opening = Opening(setting, options | way)
        for at in itertools.count(_first(options), STEPS):

            def work(stage, at=at):
                calls = len(stage.world.calls)
                stage.sync(meanwhile={at: lambda: edit(stage)})
                return len(stage.world.calls) - calls > at

            if not opening.play(scenario, work, check_outcome):
                return at
    raise AssertionError("unreachable")


def a_crash_at_every_step(setting, scenario, options, check_outcome):
    """The same end as an undisturbed run, wherever the worker dies; answers the steps."""
    return max(
        _a_crash_at_every_step(setting, scenario, options, way, check_outcome)
        for way in ways(OPTIONS.index(options) + len(scenario.__name__))
    )


def _a_crash_at_every_step(setting, scenario, options, way, check_outcome):
    with undone():
        opening = Opening(setting, options | way)
        for at in itertools.count(1 + _first(options), STEPS):

            def die(stage, at=at):
                stage.sync(crash_after=at)
                return stage.crashes > 0

            if not opening.play(scenario, die, check_outcome):
                return at
    raise AssertionError("unreachable")
