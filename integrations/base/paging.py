"""How a list is read to its end, page by page. What is not surely whole must never look so.

Platforms page by number and agree in little else: some state how many rows and pages there are,
some end with a page that is not full, some with an empty one, and a server may show fewer rows at
once than were asked for. `Listing` says which of these a list is, `Extent` what one answer says.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from integrations.base.errors import UnexpectedAnswer
from integrations.base.reading import Row, rows
from integrations.base.texts import _, say

# Enough for 40,000 rows by the smallest pages that any document knows (20).
MOST_PAGES = 2000
# Lengths that frameworks take where nothing else is said.
USUAL_LENGTHS = (15,)


class End(Enum):
    """How a list ends whose answers do not say how long it is."""

    SHORT_PAGE = "a page shorter than was asked for"
    # The platform may have a limit of its own, which is round: such a page may be one of several.
    SHORT_PAGE_UNLESS_ROUND = "a page shorter than was asked for, unless its length is round"
    EMPTY_PAGE = "an empty page"


@dataclass(frozen=True, slots=True)
class Listing:
    """One list of a platform: what a row is called, the envelopes its rows may stand in, the field
    that tells its rows apart, how many are asked for at once, and how it ends."""

    platform: str
    what: str
    envelopes: tuple[str, ...] = ()
    ident: str = "id"
    size: int = 0
    end: End = End.SHORT_PAGE

    def broken(self, sentence: str, **params: Any) -> UnexpectedAnswer:
        """The error for a list that cannot be believed, by a marked sentence in which `platform`
        and `list` stand."""
        return UnexpectedAnswer(
            say(sentence, platform=self.platform, list=f"{self.what}s", **params),
            platform=self.platform,
            operation=f"list {self.what}s",
        )

    def moved(self) -> UnexpectedAnswer:
        """The error that ends a list which may be added to, but proves no absence."""
        return self.broken(_("%(platform)s's list of %(list)s moved while its pages were read."))


@dataclass(frozen=True, slots=True)
class Extent:
    """What an answer says about its list: rows and pages in all, and which page it is. None where
    it does not say."""

    total: int | None = None
    pages: int | None = None
    page: int | None = None


UNSAID = Extent()


def no_extent(answer: Any) -> Extent:
    """For lists whose answers never say how long they are."""
    return UNSAID


@dataclass(slots=True)
class _Reading:
    """A list under way: what was seen of it, and whether it goes on."""

    of: Listing
    number: int = 0
    count: int = 0
    seen: set[str] = field(default_factory=set)
    doubted: bool = False  # more is asked for only because the page had a round length

    def takes(self, found: list[Row], extent: Extent) -> bool:
        """Take a page in; False where it is the first one again, and the list was whole by then.

        Raises UnexpectedAnswer for another page than was asked for, one that only repeats what was
        seen, and an empty one before the last.
        """
        shown = {ident for row in found if (ident := row.maybe_ident(self.of.ident))}
        again = bool(shown) and shown <= self.seen
        if again and self.doubted and extent == UNSAID and self.count < self.of.size:
            return False
        if again or extent.page not in (None, self.number):
            raise self.of.broken(
                _(
                    "%(platform)s's list of %(list)s answered with another page than number "
                    "%(number)d."
                ),
                number=self.number,
            )
        if not found and extent.pages is not None and self.number < extent.pages:
            raise self.of.broken(
                _("%(platform)s's list of %(list)s has an empty page %(number)d of %(pages)d."),
                number=self.number,
                pages=extent.pages,
            )
        self.seen |= shown
        self.count += len(found)
        return True

    def goes_on(self, length: int, extent: Extent) -> bool:
        """Whether another page is to be asked for after one of this length."""
        if extent.pages is not None:
            return self.number < extent.pages
        if not length or self.of.end is End.EMPTY_PAGE:
            return bool(length)
        if extent.total is not None:
            return self.count < extent.total
        full = length >= self.of.size
        self.doubted = not full and self.of.end is End.SHORT_PAGE_UNLESS_ROUND and is_round(length)
        return full or self.doubted


def pages(
    listing: Listing,
    fetch: Callable[[int], Any],
    extent_of: Callable[[Any], Extent] = no_extent,
) -> Iterator[tuple[list[Row], int | None]]:
    """(rows, total of the whole list where it is said) of each page; `fetch` is given the page's
    number, from 1.

    Raises UnexpectedAnswer for what is no list, a page that is not the one that was asked for, and
    a list that does not end. Whether the totals are met, the caller decides: see `whole`.
    """
    reading = _Reading(listing)
    more = True
    while more:
        reading.number += 1
        if reading.number > MOST_PAGES:
            raise listing.broken(_("%(platform)s's list of %(list)s does not come to its end."))
        answer = fetch(reading.number)
        found = rows(answer, listing.what, listing.platform, listing.envelopes)
        extent = extent_of(answer)
        if not reading.takes(found, extent):
            return
        yield found, extent.total
        more = reading.goes_on(len(found), extent)


def whole(
    listing: Listing,
    fetch: Callable[[int], Any],
    extent_of: Callable[[Any], Extent] = no_extent,
) -> Iterator[list[Row]]:
    """The rows of each page. Raises UnexpectedAnswer, at the latest at the end, where the total
    that the answers state is another one later on or is not met."""
    count = 0
    totals: set[int | None] = set()
    for found, total in pages(listing, fetch, extent_of):
        count += len(found)
        totals.add(total)
        if len(totals) > 1:
            raise listing.moved()
        yield found
    if totals - {None, count}:
        raise listing.broken(
            _("%(platform)s's list of %(list)s shows %(count)d of %(total)d."),
            count=count,
            total=totals.pop(),
        )


def collect(
    listing: Listing,
    fetch: Callable[[int], Any],
    extent_of: Callable[[Any], Extent] = no_extent,
) -> tuple[list[Row], bool]:
    """(all rows, each once; whether they may be believed to be all).

    Where rows moved meanwhile the pages are read once more.
    """
    found, steady = _collect(listing, fetch, extent_of)
    return (found, steady) if steady else _collect(listing, fetch, extent_of)


def _collect(
    listing: Listing, fetch: Callable[[int], Any], extent_of: Callable[[Any], Extent]
) -> tuple[list[Row], bool]:
    found: dict[str, Row] = {}
    totals: set[int] = set()
    count = 0
    for page, total in pages(listing, fetch, extent_of):
        found |= {row.ident(listing.ident): row for row in page}
        count += len(page)
        totals |= set() if total is None else {total}
    return list(found.values()), count == len(found) and totals <= {count}


def is_round(length: int) -> bool:
    """Whether a page of this length may be one of several, though more rows were asked for."""
    return length > 0 and (length % 10 == 0 or length % 25 == 0 or length in USUAL_LENGTHS)
