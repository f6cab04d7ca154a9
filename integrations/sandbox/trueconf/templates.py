"""Templates of conferences.

Source: [trueconf.txt, Conference Templates; Objects | Conference template].
"""

from __future__ import annotations

from typing import Any

from integrations.sandbox.store import Row
from integrations.sandbox.trueconf import conferencefields, paging
from integrations.sandbox.trueconf.ask import Ask
from integrations.sandbox.trueconf.fields import Fields
from integrations.sandbox.trueconf.refusal import bad, not_found

SORTABLE = ("name", "created_at", "updated_at", "creator_id")
READ_ONLY = {"id", "created_at", "updated_at", "creator_id"}


def list_all(ask: Ask) -> Any:
    """Not paged; sorted by any of four fields."""
    rows = ask.account.store.rows("templates")
    by, order = ask.query.get("sort_by", ""), ask.query.get("sort_type", "asc")
    if by and by not in SORTABLE:
        raise bad("invalidValue", f"One of {', '.join(SORTABLE)} is expected.", "sort_by")
    if order not in ("asc", "desc"):
        raise bad("invalidValue", "One of asc, desc is expected.", "sort_type")
    if by:
        rows.sort(key=lambda row: (row[by] is not None, row[by]), reverse=order == "desc")
    shown, following = paging.whole(ask, rows)
    return {**following, "templates": [_shape(row) for row in shown]}


def get(ask: Ask, template_id: str) -> Any:
    return {"template": _shape(_template(ask, template_id))}


def create(ask: Ask) -> Any:
    fields = ask.fields
    fields.only({"name", "object"}, READ_ONLY)
    for name in ("name", "object"):
        fields.required(name)
    given = _read(ask, fields)
    fields.check()
    row = ask.account.add_template(given["name"], given["object"], ask.login or None)
    return {"template": _shape(row)}


def edit(ask: Ask, template_id: str) -> Any:
    """An object that is sent replaces the one that is kept."""
    row, fields = _template(ask, template_id), ask.fields
    fields.only({"name", "object"}, READ_ONLY)
    given = _read(ask, fields)
    fields.check()
    now = ask.account.now()
    return {
        "template": _shape(
            ask.account.store.change("templates", row["id"], **given, updated_at=now)
        )
    }


def delete(ask: Ask, template_id: str) -> Any:
    row = _template(ask, template_id)
    ask.account.store.remove("templates", row["id"])
    return {"id": template_id}


def _read(ask: Ask, fields: Fields) -> dict[str, Any]:
    given: dict[str, Any] = {}
    if "name" in fields:
        given["name"] = fields.text("name", 1, 255)
    if "object" in fields:
        given["object"] = conferencefields.read(fields.inner("object"), changing=False)
        owner = given["object"].get("owner")
        if owner and ask.account.user(owner) is None:
            raise not_found("user", owner, "object.owner", parameter=True)
    return given


def _template(ask: Ask, template_id: str) -> Row:
    return ask.named("templates", template_id, "conferenceTemplate", "template_id")


def _shape(row: Row) -> dict[str, Any]:
    return {
        "id": row["address"],
        "name": row["name"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "creator_id": row["creator_id"],
        "object": dict(row["object"]),
    }
