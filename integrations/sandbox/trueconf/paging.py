"""The ways in which servers page their lists.

By the document: numbered pages with the count of all (conferences, logs), numbered pages without a
total (users, presets, contacts), a cursor (groups: `next_page_id`, -1 at the end), whole lists
(invitations, recordings, templates). Lists of users name the next page as well (recorded). An
account's `paging` makes all of its lists count pages from 1, from 0, or go by cursor; then whole
lists have pages too.
"""

from __future__ import annotations

from typing import Any

from integrations.sandbox.trueconf.request import ApiRequest

DOCUMENT, FROM_ONE, FROM_ZERO, CURSOR = "document", "from 1", "from 0", "cursor"
LONG, LOG = 200, 20
MOST = 1000
LAST = -1
HIGHEST_ID = 10**11
# Cursors are numbers of their own: neither pages nor places in the list.
CURSOR_BASE, CURSOR_STEP = 5000, 7
NEXT = "next_page_id"
Named = dict[str, int]


def page(
    request: ApiRequest, rows: list[Any], size: int = LONG, *, named: bool = False
) -> tuple[Any, Named]:
    """The page that the query asks for, and how its answer names the next; `named` lists name it
    in any case."""
    account, size = request.account, _size(request, size)
    if account.paging == CURSOR:
        return _by_cursor(request, rows, size)
    first = 0 if account.paging == FROM_ZERO else 1
    number = request.number("page_id", first, 0, HIGHEST_ID)
    start = max(0, number - first) * size  # where pages count from 1, page 0 is page 1
    shown = rows[start : start + size]
    if not account.names_next_page or not (named or account.paging != DOCUMENT):
        return shown, {}
    return shown, {NEXT: max(number, first) + 1 if start + size < len(rows) else LAST}


def whole(request: ApiRequest, rows: list[Any]) -> tuple[list[Any], Named]:
    """A list that the document does not page."""
    return (rows, {}) if request.account.paging == DOCUMENT else page(request, rows)


def groups(request: ApiRequest, rows: list[Any]) -> tuple[list[Any], Named]:
    """The rows from `page_id` on, which is a row's id, and the id that the next page has."""
    if request.account.paging != DOCUMENT:
        return page(request, rows)
    size = _size(request, LONG)
    start = request.number("page_id", 1, 0, HIGHEST_ID)
    left = [row for row in rows if row["id"] >= start]
    return left[:size], {NEXT: left[size]["id"] if len(left) > size else LAST}


def counted(request: ApiRequest, rows: list[Any], shown: list[Any]) -> int:
    """What `cnt` says: all rows, or where the account is set so those of the page."""
    return len(shown if request.account.counts_page_only else rows)


def _by_cursor(request: ApiRequest, rows: list[Any], size: int) -> tuple[list[Any], Named]:
    cursor = request.number("page_id", 0, 0, HIGHEST_ID)
    start = max(0, (cursor - CURSOR_BASE) // CURSOR_STEP)
    end = start + size
    return rows[start:end], {NEXT: CURSOR_BASE + CURSOR_STEP * end if end < len(rows) else LAST}


def _size(request: ApiRequest, default: int) -> int:
    """What is asked for, but no more than the server's own limit."""
    return min(request.number("page_size", default, 1, MOST), request.account.largest_page)
