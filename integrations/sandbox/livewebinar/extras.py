"""What stands beside the widgets: forms, storage, recordings, password tokens, reports.

All of it is beyond the document and was read in the vendor's WordPress and Moodle plugins and in
a list of its operations; what those do not show is answered as plainly as possible.
"""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from integrations.sandbox.forms import listed
from integrations.sandbox.livewebinar import shapes, tokens
from integrations.sandbox.livewebinar.ask import Ask
from integrations.sandbox.livewebinar.fields import Fields
from integrations.sandbox.livewebinar.listing import listing
from integrations.sandbox.livewebinar.refusal import not_found
from integrations.sandbox.platform import json_answer
from integrations.sandbox.store import Row

FORM_TYPES = ("registration", "login", "survey")
REPORT_TYPES, REPORT_FORMATS = ("event",), ("xls",)
# The WordPress plugin asks for 300 at the most.
MOST_TOKENS = 300


def list_recordings(ask: Ask, widget_id: int) -> Any:
    ask.widget(widget_id)
    rows = ask.account.store.rows("recordings", room_id=widget_id)
    return listing(ask, rows, lambda row: shapes.recording_shape(ask.account, row))


def list_files(ask: Ask) -> Any:
    rows = ask.account.store.rows("files")
    return listing(ask, rows, lambda row: shapes.file_shape(ask.account, row))


def get_file(ask: Ask, file_id: int) -> Any:
    return {"data": shapes.file_shape(ask.account, ask.row("files", file_id, "file"))}


# Forms


def list_forms(ask: Ask) -> Any:
    rows = ask.account.store.rows("forms")
    return listing(ask, rows, lambda row: shapes.form_shape(ask.account, row), ("id", "name"))


def get_form(ask: Ask, form_id: int) -> Any:
    return {"data": shapes.form_shape(ask.account, ask.row("forms", form_id, "form"))}


def create_form(ask: Ask) -> Response:
    values = _read_form(ask.fields)
    fields = _form_fields(ask) or []
    row = ask.account.add_form(
        values["name"], fields, kind=values["type"], description=values["description"]
    )
    return json_answer({"data": shapes.form_shape(ask.account, row)}, status=201)


def update_form(ask: Ask, form_id: int) -> Any:
    row = ask.row("forms", form_id, "form")
    changes: Row = _read_form(ask.fields)
    fields = _form_fields(ask)
    if fields is not None:
        changes["fields"] = fields
    ask.account.store.change("forms", form_id, **changes)
    return {"data": shapes.form_shape(ask.account, row)}


def _read_form(fields: Fields) -> dict[str, str]:
    values = {
        "name": fields.text("name", required=True) or "",
        "type": fields.choice("type", FORM_TYPES, required=True) or "",
        "description": fields.text("description") or "",
    }
    fields.check()
    return values


def _form_fields(ask: Ask) -> list[Row] | None:
    if "fields" not in ask.form:
        return None
    sent = [Fields(one) for one in listed(ask.form["fields"]) if isinstance(one, dict)]
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


def create_tokens(ask: Ask) -> Response:
    fields = ask.fields
    name = fields.text("name", required=True)
    wanted = fields.ids("widgets_ids")
    amount = fields.integer("amount", 1, MOST_TOKENS, required=True) or 0
    if not wanted or any(ask.account.store.get("widgets", one) is None for one in wanted):
        fields.wrong("widgets_ids", "The selected widgets_ids are invalid.")
    fields.check()
    group = {"room_id": wanted[0], "widgets_ids": wanted, "name": name, "made": 0}
    row = ask.account.store.add("widget_tokens", group)
    return json_answer({"data": _grown(ask, row, amount)}, status=201)


def more_tokens(ask: Ask, group_id: int) -> Response:
    row = ask.row("widget_tokens", group_id, "token group")
    fields = ask.fields
    amount = fields.integer("amount", 1, MOST_TOKENS, required=True) or 0
    fields.check()
    return json_answer({"data": _grown(ask, row, amount)}, status=201)


def token_groups(ask: Ask, widget_id: int) -> Any:
    """`GET /account/widget_user_tokens/:widget_id`, whose answer has no `data`."""
    ask.widget(widget_id)
    groups = ask.account.store.rows("widget_tokens")
    found = [row for row in groups if widget_id in row["widgets_ids"]]
    shown = [
        {"user_widget_token_id": row["id"], "name": row["name"], "amount": row["made"]}
        for row in found
    ]
    return {"widgets_user_tokens": shown}


def delete_tokens(ask: Ask, group_id: int) -> Response:
    ask.row("widget_tokens", group_id, "token group")
    ask.account.store.remove("widget_tokens", group_id)
    return Response(status=204)


def _grown(ask: Ask, row: Row, amount: int) -> dict[str, Any]:
    """The group with the tokens that were made just now, in a list of its own with `data`."""
    before = row["made"]
    ask.account.store.change("widget_tokens", row["id"], made=before + amount)
    made = [password_token(ask.account, row["id"], before + step) for step in range(amount)]
    items = [{"id": before + place + 1, "token": one} for place, one in enumerate(made)]
    shown = {name: row[name] for name in ("id", "name", "widgets_ids")}
    return {**shown, "tokens": {"data": items}}


def password_token(account: Any, group_id: int, place: int) -> str:
    token: str = account.code("password", group_id, place, length=8).upper()
    return token


# Reports: ordered, asked for until they are ready, fetched from an address


def create_report(ask: Ask) -> Response:
    fields = ask.fields
    widget_id = fields.integer("widget_id", 1, 10**11, required=True) or 0
    kind = fields.choice("type", REPORT_TYPES, required=True)
    form = fields.choice("format", REPORT_FORMATS, required=True)
    fields.check()
    ask.widget(widget_id)
    _forget_report(ask, widget_id)
    row = ask.account.store.add("reports", {"room_id": widget_id, "asked": 0})
    answer = {"id": row["id"], "widget_id": widget_id, "type": kind, "format": form}
    return json_answer({"data": {**answer, "is_ready": False}}, status=201)


def get_report(ask: Ask, widget_id: int) -> Any:
    """Ready when it has been asked for as often as the account's `report_polls` says."""
    ask.widget(widget_id)
    rows = ask.account.store.rows("reports", room_id=widget_id)
    if not rows:
        raise not_found("report")
    asked = rows[0]["asked"] + 1
    ask.account.store.change("reports", rows[0]["id"], asked=asked)
    ready = asked >= ask.account.report_polls
    code = ask.account.code("report", widget_id, length=10)
    place = f"/livewebinar/reports/{ask.account.label}/{widget_id}/{code}.xls"
    return {"data": {"is_ready": ready, "url": ask.account.world.url(place) if ready else None}}


def drop_report(ask: Ask, widget_id: int) -> Any:
    """`…/xls/true` answers it once more and deletes it."""
    answer = get_report(ask, widget_id)
    _forget_report(ask, widget_id)
    return answer


def _forget_report(ask: Ask, widget_id: int) -> None:
    for row in ask.account.store.rows("reports", room_id=widget_id):
        ask.account.store.remove("reports", row["id"])


def autologin_token(ask: Ask) -> Any:
    """`GET /users/autologinToken`: what opens the panel for the account's owner (Moodle plugin)."""
    user_id = ask.account.user()["id"]
    return {"data": {"autologin_token": tokens.issue(ask.account, "panel", 60, user_id=user_id)}}
