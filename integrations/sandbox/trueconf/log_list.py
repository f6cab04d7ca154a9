"""How every log is filtered, sorted and paged.

Source: the parameters that the lists of [document, Logs] have in common.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from integrations.sandbox.store import Row
from integrations.sandbox.trueconf import moments, paging
from integrations.sandbox.trueconf.refusal import bad
from integrations.sandbox.trueconf.request import ApiRequest

Shape = dict[str, Any]
ASCENDING, DESCENDING = 0, 1


def answer(
    request: ApiRequest,
    rows: list[Row],
    shape: Callable[[Row], Shape],
    time: str,
    filters: tuple[str, ...] = (),
) -> Shape:
    """`time` names the column of a row that is sorted by and bounded by the dates; `filters` are
    names of query parameters that the answered field of the same name must equal."""
    rows = _between(request, rows, time)
    rows.sort(key=lambda row: (row[time] is not None, row[time], row["id"]))
    found = [one for one in map(shape, rows) if _matches(request, one, filters)]
    found = _sorted(request, found)
    shown, following = paging.page(request, found, paging.LOG)
    return {**following, "cnt": paging.counted(request, found, shown), "list": shown}


def offset(request: ApiRequest) -> int:
    """The minutes from UTC in which dates are asked for and answered."""
    return request.number("timezone", 0, -moments.MOST_OFFSET, moments.MOST_OFFSET)


def date(request: ApiRequest, seconds: int | None) -> Shape | None:
    """A time as the log writes it, by the zone that was asked for."""
    return moments.log_date(seconds, offset(request), request.account.log_zone)


def _between(request: ApiRequest, rows: list[Row], time: str) -> list[Row]:
    start, end = _bound(request, "date_from"), _bound(request, "date_to")
    return [
        row
        for row in rows
        if (start is None or (row[time] is not None and row[time] >= start))
        and (end is None or (row[time] is not None and row[time] <= end))
    ]


def _bound(request: ApiRequest, name: str) -> int | None:
    text = request.query.get(name, "")
    if not text:
        return None
    try:
        return moments.parse_log_date(text, offset(request))
    except ValueError:
        raise bad("invalidValue", "A date like 2018-04-12+00:00:00 is expected.", name) from None


def _matches(request: ApiRequest, shape: Shape, filters: tuple[str, ...]) -> bool:
    return all(
        str(shape.get(name)) == request.query[name] for name in filters if request.query.get(name)
    )


def _sorted(request: ApiRequest, found: list[Shape]) -> list[Shape]:
    """By time unless `sort_field` names another field; the newest first unless told."""
    order = request.number("sort_order", DESCENDING, ASCENDING, DESCENDING)
    field = request.query.get("sort_field", "")
    if field:
        if found and field not in found[0]:
            raise bad("invalidValue", "There is no such field.", "sort_field")
        found = sorted(found, key=lambda one: _sortable(one[field]))
    return found[::-1] if order == DESCENDING else found


def _sortable(value: Any) -> tuple[int, float, str]:
    """Numbers among themselves, texts and dates among themselves, null first."""
    if value is None:
        return (0, 0.0, "")
    if isinstance(value, int | float):
        return (1, float(value), "")
    return (
        2,
        0.0,
        str(value["date"]) if isinstance(value, dict) and "date" in value else str(value),
    )
