"""Widgets, which is what the API calls webinar rooms: list, create, get, update, delete, status."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from integrations.sandbox.livewebinar import shapes, widget_form
from integrations.sandbox.livewebinar.listing import listing
from integrations.sandbox.livewebinar.refusal import invalid
from integrations.sandbox.livewebinar.request import ApiRequest
from integrations.sandbox.platform import json_answer
from integrations.sandbox.store import Row

SCOPES = ("all", *widget_form.STATUSES)
SORTS = ("id", "name", "start_date", "status", "created_at", "updated_at")


def list_all(request: ApiRequest) -> Any:
    """`scope` is active, inactive or all; without it, all."""
    scope = request.fields.text("scope") or "all"
    if scope not in SCOPES:
        raise invalid({"scope": ["The selected scope is invalid."]})
    wanted = {} if scope == "all" else {"status": scope}
    rows = request.account.store.rows("widgets", **wanted)
    return listing(request, rows, lambda row: shapes.widget_shape(request.account, row), SORTS)


def create(request: ApiRequest) -> Response:
    widget = request.account.keep_widget(widget_form.read_new(request.account, request.fields))
    return json_answer(_answer(request, widget), status=201)


def get(request: ApiRequest, widget_id: int) -> Any:
    return _answer(request, request.widget(widget_id))


def update(request: ApiRequest, widget_id: int) -> Any:
    widget = request.widget(widget_id)
    changes = widget_form.read_changes(request.account, request.fields, widget)
    if changes:
        request.account.edit_widget(widget_id, **changes)
    return _answer(request, widget)


def delete(request: ApiRequest, widget_id: int) -> Response:
    request.widget(widget_id)
    request.account.delete_widget(widget_id)
    return Response(status=204)


def enable(request: ApiRequest, widget_id: int) -> Any:
    return _switched(request, widget_id, "active")


def disable(request: ApiRequest, widget_id: int) -> Any:
    return _switched(request, widget_id, "inactive")


def _switched(request: ApiRequest, widget_id: int, status: str) -> Any:
    """Once more changes nothing, and is no error."""
    if request.widget(widget_id)["status"] != status:
        request.account.set_status(widget_id, status)
    return _answer(request, request.widget(widget_id))


def _answer(request: ApiRequest, widget: Row) -> dict[str, Any]:
    return {"data": shapes.widget_shape(request.account, widget)}
