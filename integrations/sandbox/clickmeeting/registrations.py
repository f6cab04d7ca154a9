"""Registrations: list by status, list of a session, register. None can be edited or removed."""

from __future__ import annotations

from typing import Any

from integrations.sandbox.clickmeeting import moments, shapes
from integrations.sandbox.clickmeeting.fields import Fields
from integrations.sandbox.clickmeeting.refusal import invalid
from integrations.sandbox.clickmeeting.request import ApiRequest
from integrations.sandbox.store import Row

STATUSES = ("all", "active")


def list_of_room(request: ApiRequest, room_id: int, status: str = "all") -> Any:
    room = request.room(room_id)
    return _shapes(request, room, request.account.registrations(room_id), status)


def list_of_session(request: ApiRequest, room_id: int, session_id: int, status: str = "all") -> Any:
    """The official clients add a status, which the document does not know."""
    request.session(room_id, session_id)
    rows = request.account.store.rows("registrations", session_id=session_id)
    return _shapes(request, request.room(room_id), rows, status)


def register(request: ApiRequest, room_id: int) -> Any:
    """`registration[1]` first name, `[2]` second name, `[3]` address: none of them optional.

    Someone registered already is answered with the same link and `exist` 1.
    """
    room = request.room(room_id)
    if not room["registration_enabled"]:
        raise invalid("registration", "Registration is not enabled for this room.")
    fields = request.fields.inner("registration")
    first, last = fields.text("1", required=True), fields.text("2", required=True)
    email = fields.email("3", required=True) or ""
    confirm = _confirmation(request.fields)
    fields.check()
    confirm.check()
    known = request.account.find_registration(room_id, email)
    row = known or request.account.add_registration(room_id, email, first or "", last or "")
    if not known:
        _confirm(request, confirm, row)
    url = f"{shapes.room_url(request.account, room)}?r={row['r']}"
    return {"status": "OK", "url": url, "r": row["r"], "exist": int(known is not None)}


def _confirmation(fields: Fields) -> Fields:
    confirm = fields.inner("confirmation_email")
    confirm.boolean("enabled")
    confirm.text("lang")
    return confirm


def _confirm(request: ApiRequest, confirm: Fields, row: Row) -> None:
    """Keep the mail that the platform would send, so that tests and people can look at it."""
    if confirm.boolean("enabled"):
        mail = {"kind": "confirmation", "room_id": row["room_id"], "email": row["email"]}
        sent = moments.keep(request.account.world.now())
        request.account.store.add(
            "mails", {**mail, "lang": confirm.text("lang") or "en", "sent": sent}
        )


def _shapes(request: ApiRequest, room: Row, rows: list[Row], status: str) -> list[dict[str, Any]]:
    if status not in STATUSES:
        raise invalid("status", "The status must be one of: all, active.")
    return [_shape(request, room, row) for row in rows if status == "all" or row["active"]]


def _shape(request: ApiRequest, room: Row, row: Row) -> dict[str, Any]:
    """`registration_confirmed` is the text "null". The document lists no personal link; recorded
    answers have it, and where somebody came from. `fields` are those of the room's form, whose
    owner may ask for more than the document's example."""
    return {
        "id": row["id"],
        "session_id": row["session_id"],
        "registration_date": moments.shown(row["registered_at"], room["timezone"]),
        "registration_confirmed": "null",
        "fields": {
            "First Name": row["first_name"],
            "Last Name": row["last_name"],
            "Email Address": row["email"],
            **row.get("answers", {}),
        },
        "email": row["email"],
        "visitor_nickname": f"{row['first_name']} {row['last_name']}".strip(),
        "url": f"{shapes.room_url(request.account, room)}?r={row['r']}",
        "r": row["r"],
        "http_referer": None,
        "geo": {"country": None, "city": None},
    }
