"""Lists: `limit`, `page`, `sort`, `order`, and the pagination that comes with them.

`GET /widgets?limit=500&scope=active&sort=id&order=desc` is what the vendor's WordPress plugin
sends. How answers tell of further pages was not to be found: `meta.pagination` is how Fractal,
which is usual beside such an API, writes it. An account can be told to leave it out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from integrations.sandbox.livewebinar.fields import Fields
from integrations.sandbox.livewebinar.request import ApiRequest
from integrations.sandbox.store import Row

DEFAULT_LIMIT = 15
ORDERS = ("asc", "desc")
Shape = Callable[[Row], dict[str, Any]]


def listing(
    request: ApiRequest, rows: list[Row], shape: Shape, sorts: tuple[str, ...] = ("id",)
) -> dict[str, Any]:
    """One page of the rows. Raises Refusal 422 for an unknown order; a limit above the account's
    largest page is cut without a word."""
    fields = request.fields
    limit = fields.integer("limit", 1, 10**9) or DEFAULT_LIMIT
    page = fields.integer("page", 1, 10**9) or 1
    ordered = _ordered(fields, rows, sorts)
    fields.check()
    limit = min(limit, request.account.largest_page)
    shown = ordered[(page - 1) * limit : page * limit]
    answer: dict[str, Any] = {"data": [shape(row) for row in shown]}
    if request.account.shows_pagination:
        answer["meta"] = {"pagination": pagination(len(rows), len(shown), limit, page)}
    return answer


def pagination(total: int, count: int, per_page: int, page: int) -> dict[str, Any]:
    return {
        "total": total,
        "count": count,
        "per_page": per_page,
        "current_page": page,
        "total_pages": max(1, -(-total // per_page)),
    }


def _ordered(fields: Fields, rows: list[Row], sorts: tuple[str, ...]) -> list[Row]:
    """Rows without a value stand first in ascending order, as a database puts its nulls."""
    sort = fields.choice("sort", sorts) or "id"
    backwards = fields.choice("order", ORDERS) == "desc"
    return sorted(rows, key=lambda row: _rank(row, sort), reverse=backwards)


def _rank(row: Row, sort: str) -> tuple[bool, Any, int]:
    value = row.get(sort)
    folded = value.casefold() if isinstance(value, str) else value
    return value is not None, folded if value is not None else 0, row["id"]
