"""The three ways in which TrueConf pages its lists.

Numbered with a total (conferences, logs, running sessions), numbered without one (users, presets,
contacts: until a short page), and by cursor (groups). A page that merely repeats the one before
ends the listing with an error, and never looks like its end.
"""

from collections.abc import Callable, Iterator
from typing import Any

from integrations.base.errors import UnexpectedAnswer
from integrations.base.reading import Row, rows
from integrations.trueconf.login import PLATFORM

Fetch = Callable[[dict[str, Any]], Any]
# The most that the document allows. Conferences are large, and are read in smaller pages.
PAGE, CONFERENCES = 1000, 200
# A page of a default's length may be full too: the server need not have heard our page size.
DEFAULTS = (20, 200)
END = -1


def numbered(
    fetch: Fetch, envelope: str, what: str, count: str = "", size: int = PAGE
) -> Iterator[tuple[list[Row], int | None]]:
    """Pages from 1, each with the whole list's total where the key `count` states it.

    "Count of objects in list" may mean the page as well: a count that is just the page's length
    is believed only where that page is the whole list.
    """
    seen, number, before = 0, 0, None
    while True:
        number += 1
        answer = fetch({"page_id": number, "page_size": size})
        found = rows(answer, what, PLATFORM, (envelope,))
        before = _moved_on(found, before, what)
        seen += len(found)
        full = len(found) >= size or len(found) in DEFAULTS
        total = _total(answer, count, what)
        if total == len(found) and (full or number > 1):
            total = None
        yield found, total
        if not found or not (full if total is None else seen < total):
            return


def by_cursor(fetch: Fetch, envelope: str, what: str) -> Iterator[list[Row]]:
    """Pages that name the next one; -1 ends them."""
    send: dict[str, Any] = {"page_size": PAGE}
    visited: set[int] = set()
    while True:
        answer = fetch(send)
        yield rows(answer, what, PLATFORM, (envelope,))
        holder = Row(answer, f"list of {what}s", PLATFORM)
        following = holder.whole("next_page_id")
        if following is None:
            raise holder.broken("next_page_id")
        if following == END:
            return
        if following in visited:
            raise _stuck(what)
        visited.add(following)
        send = {"page_size": PAGE, "page_id": following}


def _total(answer: Any, count: str, what: str) -> int | None:
    if not count or not isinstance(answer, dict):
        return None
    return Row(answer, f"list of {what}s", PLATFORM).whole(count)


def _moved_on(found: list[Row], before: list[Any] | None, what: str) -> list[Any]:
    shown = [row.value for row in found]
    if shown and shown == before:
        raise _stuck(what)
    return shown


def _stuck(what: str) -> UnexpectedAnswer:
    return UnexpectedAnswer(
        f"{PLATFORM} shows the same page again.", platform=PLATFORM, operation=what
    )
