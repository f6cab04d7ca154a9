"""The server's three ways of paging.

Numbered pages with the count of all (conferences, logs), numbered pages without a total (users,
presets, contacts), and a cursor (groups: `next_page_id`, -1 at the end).
"""

from __future__ import annotations

from typing import Any

from integrations.trueconf.sandbox.ask import Ask

LONG, LOG = 200, 20
MOST = 1000
LAST = -1
HIGHEST_ID = 10**11


def page(ask: Ask, rows: list[Any], size: int = LONG) -> list[Any]:
    """The page that the query asks for."""
    size = ask.number("page_size", size, 1, MOST)
    start = (ask.number("page_id", 1, 1, HIGHEST_ID) - 1) * size
    return rows[start : start + size]


def counted(ask: Ask, rows: list[Any], shown: list[Any]) -> int:
    return len(shown if ask.account.counts_page_only else rows)


def by_cursor(ask: Ask, rows: list[Any]) -> tuple[list[Any], int]:
    """The rows from `page_id` on, which is a row's id, and the id that the next page has."""
    size = ask.number("page_size", LONG, 1, MOST)
    start = ask.number("page_id", 1, 1, HIGHEST_ID)
    left = [row for row in rows if row["id"] >= start]
    return left[:size], left[size]["id"] if len(left) > size else LAST
