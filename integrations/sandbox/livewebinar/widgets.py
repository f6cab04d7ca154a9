"""Widgets, which is what the API calls webinar rooms: list, create, get, update, delete, status."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from integrations.sandbox.livewebinar import shapes, widgetform
from integrations.sandbox.livewebinar.ask import Ask
from integrations.sandbox.livewebinar.listing import listing
from integrations.sandbox.livewebinar.refusal import invalid
from integrations.sandbox.platform import json_answer
from integrations.sandbox.store import Row

SCOPES = ("all", *widgetform.STATUSES)
SORTS = ("id", "name", "start_date", "status", "created_at", "updated_at")


def list_all(ask: Ask) -> Any:
    """`scope` is active, inactive or all; without it, all."""
    scope = ask.fields.text("scope") or "all"
    if scope not in SCOPES:
        raise invalid({"scope": ["The selected scope is invalid."]})
    wanted = {} if scope == "all" else {"status": scope}
    rows = ask.account.store.rows("widgets", **wanted)
    return listing(ask, rows, lambda row: shapes.widget_shape(ask.account, row), SORTS)


def create(ask: Ask) -> Response:
    widget = ask.account.keep_widget(widgetform.read_new(ask.account, ask.fields))
    return json_answer(_answer(ask, widget), status=201)


def get(ask: Ask, widget_id: int) -> Any:
    return _answer(ask, ask.widget(widget_id))


def update(ask: Ask, widget_id: int) -> Any:
    widget = ask.widget(widget_id)
    changes = widgetform.read_changes(ask.account, ask.fields, widget)
    if changes:
        ask.account.edit_widget(widget_id, **changes)
    return _answer(ask, widget)


def delete(ask: Ask, widget_id: int) -> Response:
    ask.widget(widget_id)
    ask.account.delete_widget(widget_id)
    return Response(status=204)


def enable(ask: Ask, widget_id: int) -> Any:
    return _switched(ask, widget_id, "active")


def disable(ask: Ask, widget_id: int) -> Any:
    return _switched(ask, widget_id, "inactive")


def _switched(ask: Ask, widget_id: int, status: str) -> Any:
    """Once more changes nothing, and is no error."""
    if ask.widget(widget_id)["status"] != status:
        ask.account.set_status(widget_id, status)
    return _answer(ask, ask.widget(widget_id))


def _answer(ask: Ask, widget: Row) -> dict[str, Any]:
    return {"data": shapes.widget_shape(ask.account, widget)}
