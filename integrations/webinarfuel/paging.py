"""Listings, page by page. What is not surely complete must never look so."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from integrations.base.errors import UnexpectedAnswer
from integrations.base.reading import Row, rows
from integrations.webinarfuel.mapping.idents import PLATFORM

# The greatest page and the most sessions of a webinar [webinarfuel.txt, URI Parameters].
PAGE = SESSIONS = 50
MOVED = "rows moved while the pages were read"
# What one errand has read may serve the next question of the same errand for so many seconds.
REMEMBERED_FOR = 600.0
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Listing:
    """Where a listing stands: its array's name, what one row is called, its identifier."""

    envelope: str
    what: str
    ident: str = "id"


WEBINARS = Listing("webinars", "webinar")
REGISTRANTS = Listing("registrants", "registrant")
VIEWINGS = Listing("sessions", "registrant session", "cid")


def pages(listing: Listing, fetch: Callable[[int], Any]) -> Iterator[tuple[list[Row], int | None]]:
    """(rows, total of the whole listing) of each page; `fetch` reads the page of a number from 1.

    Ends at the last page that `meta` names, else at an empty one [webinarfuel.txt, Retrieve all].
    Raises UnexpectedAnswer for an empty page before the last, another page than was asked for,
    and one that only repeats what was seen.
    """
    seen: set[str] = set()
    number = 1
    while True:
        answer = fetch(number)
        found = rows(answer, listing.what, PLATFORM, (listing.envelope,))
        meta = _meta(answer, listing)
        idents = {row.ident(listing.ident) for row in found}
        last = meta.whole("total_pages")
        shown = meta.whole("page")
        if (shown is not None and shown != number) or (found and idents <= seen):
            raise meta.unexpected(f"with another page than number {number}")
        if not found and last is not None and number < last:
            raise meta.unexpected(f"with an empty page {number} of {last}")
        seen |= idents
        yield found, meta.whole("total_items")
        if number >= last if last is not None else not found:
            return
        number += 1


def collect(listing: Listing, fetch: Callable[[int], Any]) -> tuple[list[Row], bool]:
    """(all rows, each once; whether they may be believed to be all).

    Where rows moved meanwhile the pages are read once more.
    """
    found, steady = _collect(listing, fetch)
    return (found, steady) if steady else _collect(listing, fetch)


def moved(what: str) -> UnexpectedAnswer:
    """The error that ends a listing which may be added to, but proves no absence."""
    return UnexpectedAnswer(
        f"{PLATFORM}: {MOVED} ({what})", platform=PLATFORM, operation=f"list {what}s"
    )


def _collect(listing: Listing, fetch: Callable[[int], Any]) -> tuple[list[Row], bool]:
    found: dict[str, Row] = {}
    totals: set[int] = set()
    count = 0
    for page, total in pages(listing, fetch):
        found |= {row.ident(listing.ident): row for row in page}
        count += len(page)
        totals |= set() if total is None else {total}
    return list(found.values()), count == len(found) and totals <= {count}


def _meta(answer: Any, listing: Listing) -> Row:
    meta = answer.get("meta") if isinstance(answer, dict) else None
    return Row({} if meta is None else meta, f"list of {listing.what}s", PLATFORM)


@dataclass(slots=True)
class Remembered(Generic[T]):
    """What an errand has read, by key, for a while."""

    _kept: dict[str, tuple[float, T]] = field(default_factory=dict)

    def put(self, key: str, value: T) -> None:
        self._kept[key] = (time.monotonic(), value)

    def get(self, key: str) -> T | None:
        since, value = self._kept.get(key, (0.0, None))
        return value if value is not None and time.monotonic() - since < REMEMBERED_FOR else None

    def drop(self, key: str) -> None:
        self._kept.pop(key, None)
