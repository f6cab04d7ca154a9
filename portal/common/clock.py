"""The one clock: the database's, so that two workers with different clocks agree about time.

On PostgreSQL, where workers may run on several machines, the database is asked for its time when a
connection is opened and whenever a lease is taken or renewed; in between, this process counts on
with a counter that nobody can set. What its own clock shows does not matter. On SQLite all workers
share one machine, and its clock. Tests move it (`advance`).
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, Expression
from django.utils import timezone

_shift = timedelta()
# The database's time at a moment of the counter; None until a database with a clock was asked.
_asked: tuple[datetime, float] | None = None
_unread = ContextVar("unread", default=False)


def now() -> datetime:
    """The current instant, aware, in UTC; asks nobody."""
    if _asked is None:
        return timezone.now() + _shift
    moment, counted = _asked
    return moment + timedelta(seconds=_count() - counted) + _shift


class Present(Expression):
    """The current instant in a query, or one so long `ago`: read when the query runs, not when it
    is written, so that a query may be kept and run again."""

    output_field = DateTimeField()

    def __init__(self, ago: timedelta = timedelta()) -> None:
        super().__init__()
        self.ago = ago

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """A parameter like any other."""
        return "%s", (self if _unread.get() else self.read(connection),)

    def read(self, connection: Any) -> Any:
        """The instant, as a database takes it."""
        return connection.ops.adapt_datetimefield_value(now() - self.ago)


@contextmanager
def unread() -> Iterator[None]:
    """What is written as SQL within the block holds `Present` itself as a parameter, to be read at
    each run."""
    token = _unread.set(True)
    try:
        yield
    finally:
        _unread.reset(token)


def database_now() -> datetime:
    """The current instant, asked for anew where the database has a clock of its own."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            _ask(cursor)
    return now()


def on_connection(connection: Any, **_: Any) -> None:
    """Take the time from a connection that was just opened."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            _ask(cursor)


def _ask(cursor: Any) -> None:
    global _asked
    cursor.execute("SELECT clock_timestamp()")
    # Counted when the answer is here: a slow line makes us late, never early.
    _asked = cursor.fetchone()[0].astimezone(UTC), _count()


def _count() -> float:
    """Seconds by a counter that nobody can set, and that goes on while the machine sleeps."""
    counter = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if counter is None else time.clock_gettime(counter)


def stopwatch() -> Callable[[], timedelta]:
    """Start one; it tells the time that has passed, by whichever of two clocks has gone further.

    The machine's counter stands still while a virtual machine does; its clock may be set back.
    """
    start, moment = time.monotonic(), timezone.now() + _shift
    return lambda: max(
        timedelta(seconds=time.monotonic() - start), timezone.now() + _shift - moment
    )


def advance(seconds: float) -> None:
    """Move the clock of this process forward; for tests alone."""
    global _shift
    _shift += timedelta(seconds=seconds)


@contextmanager
def moved():  # type: ignore[no-untyped-def]
    """Undo every `advance` at the end of the block."""
    global _shift
    before = _shift
    try:
        yield
    finally:
        _shift = before
