"""The one clock. Tests move it; two workers with different clocks must agree about leases.

`database_now` is the database's own time on PostgreSQL, where workers may run on several machines;
on SQLite every worker shares this machine's clock.
"""

import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

_shift = timedelta()


def now() -> datetime:
    """The current instant, aware, in UTC."""
    return timezone.now() + _shift


def database_now() -> datetime:
    """The current instant by the database's clock where it has one of its own."""
    if connection.vendor != "postgresql":
        return now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment + _shift


def stopwatch() -> Callable[[], timedelta]:
    """Start one; it tells the time that has passed, by whichever of two clocks has gone further.

    The machine's counter stands still while the machine sleeps; its clock may be set back.
    """
    start, moment = time.monotonic(), now()
    return lambda: max(timedelta(seconds=time.monotonic() - start), now() - moment)


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
