"""One clock: what a worker's own clock shows decides about nothing."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from portal.common import clock

THERE = datetime(2031, 3, 1, 12, tzinfo=UTC)


class Database:
    """A database with a clock of its own."""

    vendor = "postgresql"

    def __init__(self):
        self.asked = []

    @contextmanager
    def cursor(self):
        yield SimpleNamespace(execute=self.asked.append, fetchone=lambda: (THERE,))


@pytest.fixture
def count(monkeypatch):
    """The counter that nobody can set; `count.passes(5)` moves it."""
    counter = SimpleNamespace(value=1000.0)
    counter.passes = lambda seconds: setattr(counter, "value", counter.value + seconds)
    monkeypatch.setattr(clock, "_count", lambda: counter.value)
    monkeypatch.setattr(clock, "_asked", None)
    return counter


def test_the_time_is_taken_from_a_new_connection(count):
    clock.on_connection(Database())
    assert clock.now() == THERE
    count.passes(7)
    assert clock.now() == THERE + timedelta(seconds=7)


@pytest.mark.parametrize("minutes", [10, -10, 60 * 24 * 365])
def test_a_wrong_clock_of_this_machine_changes_nothing(count, monkeypatch, minutes):
    clock.on_connection(Database())
    wrong = clock.timezone.now() + timedelta(minutes=minutes)
    monkeypatch.setattr(clock.timezone, "now", lambda: wrong)
    assert clock.now() == THERE


def test_a_database_without_a_clock_has_this_machine_s(count):
    clock.on_connection(SimpleNamespace(vendor="sqlite"))
    assert abs(clock.now() - clock.timezone.now()) < timedelta(seconds=5)


def test_tests_move_it(count):
    clock.on_connection(Database())
    clock.advance(90)
    assert clock.now() == THERE + timedelta(seconds=90)
