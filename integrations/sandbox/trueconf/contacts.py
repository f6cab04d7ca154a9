"""Address books of users.

Source: [document, Users Contacts; Objects | Contact].
"""

from __future__ import annotations

from typing import Any

from integrations.sandbox.store import Row
from integrations.sandbox.trueconf import paging, shapes
from integrations.sandbox.trueconf.account_people import key
from integrations.sandbox.trueconf.refusal import forbidden, not_found, taken
from integrations.sandbox.trueconf.request import ApiRequest


def list_all(request: ApiRequest, user_id: str) -> Any:
    """Get Contact List [Users contacts]."""
    request.check_url_type()
    rows = request.account.contacts(request.user(user_id)["id"])
    shown, following = paging.page(request, rows)
    return {**following, "contacts": [shapes.contact(request, row) for row in shown]}


def get(request: ApiRequest, user_id: str, contact_id: str) -> Any:
    """Get Contact [Users contacts]."""
    request.check_url_type()
    return {
        "contact": shapes.contact(request, _contact(request, request.user(user_id), contact_id))
    }


def add(request: ApiRequest, user_id: str) -> Any:
    """Add Contact [Users contacts]."""
    request.check_url_type()
    user = request.user(user_id)
    contact, name = _read(request, contact_needed=True)
    own = request.account.store.rows("contacts", user_id=user["id"])
    if key(contact) in [key(row["contact"]) for row in own]:
        raise taken("contact_id")
    row = request.account.add_contact(user["id"], contact, name or "")
    return {"contact": shapes.contact(request, row)}


def edit(request: ApiRequest, user_id: str, contact_id: str) -> Any:
    """Edit Contact [Users contacts]."""
    request.check_url_type()
    row = _own(_contact(request, request.user(user_id), contact_id))
    contact, name = _read(request, contact_needed=False)
    given = {"contact": contact or row["contact"]}
    if name is not None:
        given["display_name"] = name
    changed = request.account.store.change("contacts", row["id"], **given)
    return {"contact": shapes.contact(request, changed)}


def remove(request: ApiRequest, user_id: str, contact_id: str) -> Any:
    """Delete Contact [Users contacts]."""
    row = _own(_contact(request, request.user(user_id), contact_id))
    request.account.store.remove("contacts", row["id"])
    return {"id": row["contact"]}


def _read(request: ApiRequest, *, contact_needed: bool) -> tuple[str, str | None]:
    """Contact and display name; a login is written as the user has it."""
    fields = request.fields
    fields.only({"contact_id", "display_name"}, {"id", "owner", "owner_type", "type"})
    if contact_needed:
        fields.required("contact_id")
    contact = fields.text("contact_id", 1, 64) if "contact_id" in fields else ""
    name = fields.text("display_name", 0, 64) if "display_name" in fields else None
    fields.check()
    known = request.account.user(contact or "")
    return (known["login_name"] if known else contact or ""), name


def _contact(request: ApiRequest, user: Row, contact_id: str) -> Row:
    known = request.account.user(contact_id)
    wanted = known["address"] if known else key(contact_id)
    for row in request.account.contacts(user["id"]):
        if key(row["contact"]) == wanted:
            return row
    raise not_found("contact", contact_id, "contact_id")


def _own(row: Row) -> Row:
    """Someone of the same group "cannot be removed"."""
    if not row["id"]:
        raise forbidden()
    return row
