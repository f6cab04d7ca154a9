"""Registrant sessions: list and get. [document, Registrant Sessions]"""

from __future__ import annotations

from functools import partial
from typing import Any

from integrations.sandbox.store import Row
from integrations.sandbox.webinarfuel import moments, shapes
from integrations.sandbox.webinarfuel.fields import Fields
from integrations.sandbox.webinarfuel.refusal import not_found
from integrations.sandbox.webinarfuel.request import ApiRequest


def list_all(request: ApiRequest) -> Any:
    """Filters are joined by "and"; the one by webinar wants a ready webinar."""
    query = request.query
    rows = _within(_found(request, query), query)
    return request.page("sessions", rows, partial(shapes.viewing, request.account), query)


def get(request: ApiRequest, cid: int) -> Any:
    row = request.account.store.get("viewings", cid)
    if row is None:
        raise not_found("Registrant session")
    return shapes.single(request.account, "session", shapes.viewing(request.account, row))


def _found(request: ApiRequest, query: Fields) -> list[Row]:
    wanted: dict[str, Any] = {}
    for name, column in (("webinar_id", "webinar_id"), ("webinar_session_id", "session_id")):
        number = query.whole(name)
        if number is not None:
            wanted[column] = number
    query.check()
    if "webinar_id" in wanted:
        request.ready_webinar(wanted["webinar_id"])
    if email := query.text("email"):
        known = request.account.find_registrant(email)
        wanted["registrant_id"] = known["id"] if known else None
    return request.account.store.rows("viewings", **wanted)


def _within(rows: list[Row], query: Fields) -> list[Row]:
    """Both borders count in: "before or equal", "after or equal"."""
    before = query.moment("before_scheduled_at", moments.parse_filter)
    after = query.moment("after_scheduled_at", moments.parse_filter)
    return [
        row
        for row in rows
        if (before is None or row["scheduled_at"] <= moments.keep(before))
        and (after is None or row["scheduled_at"] >= moments.keep(after))
    ]
