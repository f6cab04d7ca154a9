"""What stands beside the widgets: forms, storage, recordings, password tokens, reports.

All of it is beyond the document and was read in the vendor's WordPress and Moodle plugins and in
a list of its operations; what those do not show is answered as plainly as possible.
"""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from integrations.sandbox.forms import listed
from integrations.sandbox.livewebinar import shapes, tokens
from integrations.sandbox.livewebinar.fields import Fields
from integrations.sandbox.livewebinar.listing import listing
from integrations.sandbox.livewebinar.refusal import not_found
from integrations.sandbox.livewebinar.request import ApiRequest
from integrations.sandbox.platform import json_answer
from integrations.sandbox.store import Row

FORM_TYPES = ("registration", "login", "survey")
REPORT_TYPES, REPORT_FORMATS = ("event",), ("xls",)
# The WordPress plugin asks for 300 at the most.
MOST_TOKENS = 300


def list_recordings(request: ApiRequest, widget_id: int) -> Any:
    request.widget(widget_id)
    rows = request.account.store.rows("recordings", room_id=widget_id)
    return listing(request, rows, lambda row: shapes.recording_shape(request.account, row))


def list_files(request: ApiRequest) -> Any:
    rows = request.account.store.rows("files")
    return listing(request, rows, lambda row: shapes.file_shape(request.account, row))


def get_file(request: ApiRequest, file_id: int) -> Any:
    return {"data": shapes.file_shape(request.account, request.row("files", file_id, "file"))}


# Forms


def list_forms(request: ApiRequest) -> Any:
    rows = request.account.store.rows("forms")
    return listing(
        request, rows, lambda row: shapes.form_shape(request.account, row), ("id", "name")
    )


def get_form(request: ApiRequest, form_id: int) -> Any:
    return {"data": shapes.form_shape(request.account, request.row("forms", form_id, "form"))}


def create_form(request: ApiRequest) -> Response:
    values = _read_form(request.fields)
    fields = _form_fields(request) or []
    row = request.account.add_form(
        values["name"], fields, kind=values["type"], description=values["description"]
    )
    return json_answer({"data": shapes.form_shape(request.account, row)}, status=201)


def update_form(request: ApiRequest, form_id: int) -> Any:
    row = request.row("forms", form_id, "form")
    changes: Row = _read_form(request.fields)
    fields = _form_fields(request)
    if fields is not None:
        changes["fields"] = fields
    request.account.store.change("forms", form_id, **changes)
    return {"data": shapes.form_shape(request.account, row)}


def _read_form(fields: Fields) -> dict[str, str]:
    values = {
        "name": fields.text("name", required=True) or "",
        "type": fields.choice("type", FORM_TYPES, required=True) or "",
        "description": fields.text("description") or "",
    }
    fields.check()
    return values


def _form_fields(request: ApiRequest) -> list[Row] | None:
    if "fields" not in request.form:
        return None
    sent = [Fields(one) for one in listed(request.form["fields"]) if isinstance(one, dict)]
    return [
        {
            "name": one.text("name") or "",
            "label": one.text("label") or one.text("name") or "",
            "required": bool(one.boolean("required")),
        }
        for one in sent
        if one.text("name")
    ]


# Password tokens: a group for some widgets, each token lets one person in


def create_tokens(request: ApiRequest) -> Response:
    fields = request.fields
    name = fields.text("name", required=True)
    wanted = fields.ids("widgets_ids")
    amount = fields.integer("amount", 1, MOST_TOKENS, required=True) or 0
    if not wanted or any(request.account.store.get("widgets", one) is None for one in wanted):
        fields.wrong("widgets_ids", "The selected widgets_ids are invalid.")
    fields.check()
    group = {"room_id": wanted[0], "widgets_ids": wanted, "name": name, "made": 0}
    row = request.account.store.add("widget_tokens", group)
    return json_answer({"data": _grown(request, row, amount)}, status=201)


def more_tokens(request: ApiRequest, group_id: int) -> Response:
    row = request.row("widget_tokens", group_id, "token group")
    fields = request.fields
    amount = fields.integer("amount", 1, MOST_TOKENS, required=True) or 0
    fields.check()
    return json_answer({"data": _grown(request, row, amount)}, status=201)


def token_groups(request: ApiRequest, widget_id: int) -> Any:
    """`GET /account/widget_user_tokens/:widget_id`, whose answer has no `data`."""
    request.widget(widget_id)
    groups = request.account.store.rows("widget_tokens")
    found = [row for row in groups if widget_id in row["widgets_ids"]]
    shown = [
        {"user_widget_token_id": row["id"], "name": row["name"], "amount": row["made"]}
        for row in found
    ]
    return {"widgets_user_tokens": shown}


def delete_tokens(request: ApiRequest, group_id: int) -> Response:
    request.row("widget_tokens", group_id, "token group")
    request.account.store.remove("widget_tokens", group_id)
    return Response(status=204)


def _grown(request: ApiRequest, row: Row, amount: int) -> dict[str, Any]:
    """The group with the tokens that were made just now, in a list of its own with `data`."""
    before = row["made"]
    request.account.store.change("widget_tokens", row["id"], made=before + amount)
    made = [password_token(request.account, row["id"], before + step) for step in range(amount)]
    items = [{"id": before + place + 1, "token": one} for place, one in enumerate(made)]
    shown = {name: row[name] for name in ("id", "name", "widgets_ids")}
    return {**shown, "tokens": {"data": items}}


def password_token(account: Any, group_id: int, place: int) -> str:
    token: str = account.code("password", group_id, place, length=8).upper()
    return token


# Reports: ordered, asked for until they are ready, fetched from an address


def create_report(request: ApiRequest) -> Response:
    fields = request.fields
    widget_id = fields.integer("widget_id", 1, 10**11, required=True) or 0
    kind = fields.choice("type", REPORT_TYPES, required=True)
    form = fields.choice("format", REPORT_FORMATS, required=True)
    fields.check()
    request.widget(widget_id)
    _forget_report(request, widget_id)
    row = request.account.store.add("reports", {"room_id": widget_id, "asked": 0})
    answer = {"id": row["id"], "widget_id": widget_id, "type": kind, "format": form}
    return json_answer({"data": {**answer, "is_ready": False}}, status=201)


def get_report(request: ApiRequest, widget_id: int) -> Any:
    """Ready when it has been asked for as often as the account's `report_polls` says."""
    request.widget(widget_id)
    rows = request.account.store.rows("reports", room_id=widget_id)
    if not rows:
        raise not_found("report")
    asked = rows[0]["asked"] + 1
    request.account.store.change("reports", rows[0]["id"], asked=asked)
    ready = asked >= request.account.report_polls
    code = request.account.code("report", widget_id, length=10)
    place = f"/livewebinar/reports/{request.account.label}/{widget_id}/{code}.xls"
    return {"data": {"is_ready": ready, "url": request.account.world.url(place) if ready else None}}


def drop_report(request: ApiRequest, widget_id: int) -> Any:
    """`…/xls/true` answers it once more and deletes it."""
    answer = get_report(request, widget_id)
    _forget_report(request, widget_id)
    return answer


def _forget_report(request: ApiRequest, widget_id: int) -> None:
    for row in request.account.store.rows("reports", room_id=widget_id):
        request.account.store.remove("reports", row["id"])


def autologin_token(request: ApiRequest) -> Any:
    """`GET /users/autologinToken`: what opens the panel for the account's owner (Moodle plugin)."""
    user_id = request.account.user()["id"]
    return {
        "data": {"autologin_token": tokens.issue(request.account, "panel", 60, user_id=user_id)}
    }
