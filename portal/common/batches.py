"""Sizes that every database takes, for what is done to hundreds of rows at once."""

import time
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from django.db import connection

T = TypeVar("T")
BATCH = 1000  # rows written in one statement
PART = 25  # things done in one transaction, where many are asked for: others write in between
SLICE = 500  # values within one "IN (...)": below every database's limit


def slices(values: Iterable[T], size: int = SLICE) -> Iterator[list[T]]:
    """The values in lists short enough for one query."""
    source = iter(values)
    while some := list(islice(source, size)):
        yield some


def give_way(seconds: float) -> None:
    """After a part that took so long: on SQLite one writer holds up all others, and who waits looks
    seldom. They are left as long."""
    if connection.vendor == "sqlite":
        time.sleep(min(seconds, 0.1))
