"""Sizes that every database takes, for what is done to hundreds of rows at once."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
BATCH = 1000  # rows written in one statement
PART = 25  # things done in one transaction, where many are asked for: others write in between
SLICE = 500  # values within one "IN (...)": below every database's limit


def slices(values: Iterable[T], size: int = SLICE) -> Iterator[list[T]]:
    """The values in lists short enough for one query."""
    source = iter(values)
    while some := list(islice(source, size)):
        yield some
