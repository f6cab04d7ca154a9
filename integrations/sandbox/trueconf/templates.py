"""Templates of conferences.

Source: [document, Conference Templates; Objects | Conference template].
"""

from __future__ import annotations

from typing import Any

from integrations.sandbox.store import Row
from integrations.sandbox.trueconf import conference_fields, paging
from integrations.sandbox.trueconf.fields import Fields
from integrations.sandbox.trueconf.refusal import bad, not_found
from integrations.sandbox.trueconf.request import ApiRequest

SORTABLE = ("name", "created_at", "updated_at", "creator_id")
READ_ONLY = {"id", "created_at", "updated_at", "creator_id"}


def list_all(request: ApiRequest) -> Any:
    """Not paged; sorted by any of four fields."""
    rows = request.account.store.rows("templates")
    by, order = request.query.get("sort_by", ""), request.query.get("sort_type", "asc")
    if by and by not in SORTABLE:
        raise bad("invalidValue", f"One of {', '.join(SORTABLE)} is expected.", "sort_by")
    if order not in ("asc", "desc"):
        raise bad("invalidValue", "One of asc, desc is expected.", "sort_type")
    if by:
        rows.sort(key=lambda row: (row[by] is not None, row[by]), reverse=order == "desc")
    shown, following = paging.whole(request, rows)
    return {**following, "templates": [_template_shape(row) for row in shown]}


def get(request: ApiRequest, template_id: str) -> Any:
    """Get Conference Template [Conference templates]."""
    return {"template": _template_shape(_template(request, template_id))}


def create(request: ApiRequest) -> Any:
    """Create Conference Template [Conference templates]."""
    fields = request.fields
    fields.only({"name", "object"}, READ_ONLY)
    for name in ("name", "object"):
        fields.required(name)
    given = _read(request, fields)
    fields.check()
    row = request.account.add_template(given["name"], given["object"], request.login or None)
    return {"template": _template_shape(row)}


def edit(request: ApiRequest, template_id: str) -> Any:
    """An object that is sent replaces the one that is kept."""
    row, fields = _template(request, template_id), request.fields
    fields.only({"name", "object"}, READ_ONLY)
    given = _read(request, fields)
    fields.check()
    now = request.account.now()
    return {
        "template": _template_shape(
            request.account.store.change("templates", row["id"], **given, updated_at=now)
        )
    }


def delete(request: ApiRequest, template_id: str) -> Any:
    """Delete Conference Template [Conference templates]."""
    row = _template(request, template_id)
    request.account.store.remove("templates", row["id"])
    return {"id": template_id}


def _read(request: ApiRequest, fields: Fields) -> dict[str, Any]:
    given: dict[str, Any] = {}
    if "name" in fields:
        given["name"] = fields.text("name", 1, 255)
    if "object" in fields:
        given["object"] = conference_fields.read(fields.inner("object"), changing=False)
        owner = given["object"].get("owner")
        if owner and request.account.user(owner) is None:
            raise not_found("user", owner, "object.owner", parameter=True)
    return given


def _template(request: ApiRequest, template_id: str) -> Row:
    return request.named("templates", template_id, "conferenceTemplate", "template_id")


def _template_shape(row: Row) -> dict[str, Any]:
    return {
        "id": row["address"],
        "name": row["name"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "creator_id": row["creator_id"],
        "object": dict(row["object"]),
    }
