"""Read a listing to its end, and believe it only if it is whole."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from integrations.base.errors import UnexpectedAnswer
from integrations.base.paging import is_round
from integrations.base.reading import Row, rows
from integrations.livewebinar.line import PLATFORM


@dataclass(frozen=True, slots=True)
class Extent:
    """What an answer says about its listing; None where it does not say."""

    total: int | None = None
    pages: int | None = None
    page: int | None = None


def pages(ask: Callable[[int], Any], what: str, at_once: int) -> Iterator[list[Row]]:
    """The rows of a listing, page by page; `ask` is given the page's number, from 1.

    Where the answer has no `meta`, a page shorter than `at_once` is the last, but for one of a
    round length: the platform may have a limit of its own. Raises UnexpectedAnswer where a page is
    no list, repeats what was seen, or the total is not met.
    """
    seen: set[str] = set()
    number, count, total, more = 0, 0, None, True
    while more:
        number += 1
        answer = ask(number)
        found = rows(answer, what, PLATFORM, ("data",))
        extent = extent_of(answer)
        shown = {ident for row in found if (ident := row.maybe_ident("id"))}
        again = bool(shown) and shown <= seen
        if again and extent == Extent() and count < at_once:
            return  # it was whole, and the page's number says nothing to the platform
        moved = number > 1 and (extent.total != total or again)
        if moved or extent.page not in (None, number):
            raise _broken(what, "moved while its pages were read")
        yield found
        seen |= shown
        count, total = count + len(found), extent.total
        full = len(found) >= at_once or is_round(len(found))
        more = bool(found) and _goes_on(extent, number, count, full)
    if total is not None and total != count:
        raise _broken(what, f"shows {count} of {total}")


def extent_of(answer: Any) -> Extent:
    """`meta.pagination` or `meta`, as Laravel's libraries write it (none is documented)."""
    meta = answer.get("meta") if isinstance(answer, dict) else None
    if not isinstance(meta, dict):
        return Extent()
    inner = meta.get("pagination")
    row = Row(inner if isinstance(inner, dict) else meta, "list", PLATFORM)
    last = row.whole("total_pages")
    return Extent(
        total=row.whole("total"),
        pages=row.whole("last_page") if last is None else last,
        page=row.whole("current_page"),
    )


def _goes_on(extent: Extent, number: int, count: int, full: bool) -> bool:
    if extent.pages is not None:
        return number < extent.pages
    if extent.total is not None:
        return count < extent.total
    return full


def _broken(what: str, said: str) -> UnexpectedAnswer:
    text = f"{PLATFORM}'s list of {what}s {said}."
    return UnexpectedAnswer(text, platform=PLATFORM, operation=f"list {what}s")
