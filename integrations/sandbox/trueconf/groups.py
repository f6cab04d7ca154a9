"""Groups and the users in them.

Source: [document, Groups; Groups Users]. The list of groups has a cursor for its next page.
"""

from __future__ import annotations

from typing import Any

from integrations.sandbox.store import Row
from integrations.sandbox.trueconf import paging, shapes, users
from integrations.sandbox.trueconf.fields import Fields
from integrations.sandbox.trueconf.refusal import not_found, taken
from integrations.sandbox.trueconf.request import ApiRequest

RIGHTS = (
    "make_calls",
    "collaboration_tools",
    "create_group_conference",
    "address_book_editing",
    "operator_rights",
)

# Versions in which rights have other names, which no public source tells: any word is taken.
RENAMED = (4, 5)


def list_all(request: ApiRequest) -> Any:
    """Get Group List [Groups]."""
    shown, following = paging.groups(request, request.account.store.rows("groups"))
    return {**following, "groups": [shapes.group(row) for row in shown]}


def get(request: ApiRequest, group_id: str) -> Any:
    """Get Group [Groups]."""
    return {"group": shapes.group(request.group(group_id))}


def create(request: ApiRequest) -> Any:
    """Create Group [Groups]."""
    fields = request.fields
    fields.required("display_name")
    given = _read(fields)
    fields.check()
    if request.account.group_named(given["display_name"]):
        raise taken("display_name")
    row = request.account.add_group(given["display_name"], rights=given.get("rights", []))
    return {"group": shapes.group(row)}


def edit(request: ApiRequest, group_id: str) -> Any:
    """Edit Group [Groups]."""
    row, fields = request.group(group_id), request.fields
    given = _read(fields)
    fields.check()
    named = request.account.group_named(given.get("display_name", ""))
    if named and named["id"] != row["id"]:
        raise taken("display_name")
    return {"group": shapes.group(request.account.edit_group(row["id"], **given))}


def delete(request: ApiRequest, group_id: str) -> Any:
    """Answers the whole group, as the document's example shows."""
    row = request.group(group_id)
    shape = shapes.group(row)
    request.account.delete_group(row["id"])
    return {"group": shape}


def list_users(request: ApiRequest, group_id: str) -> Any:
    """Get User List [Groups users]."""
    return users.listed(request, request.account.members(request.group(group_id)["id"]))


def get_user(request: ApiRequest, group_id: str, user_id: str) -> Any:
    """Get User [Groups users]."""
    request.check_url_type()
    return {"user": shapes.user(request, _member(request, request.group(group_id), user_id))}


def add_user(request: ApiRequest, group_id: str) -> Any:
    """Someone who is in the group already stays there once."""
    request.check_url_type()
    group, user = request.group(group_id), request.user_in_body("user_id")
    request.account.put_into_group(group["id"], user["id"])
    return {"user": shapes.user(request, user)}


def remove_user(request: ApiRequest, group_id: str, user_id: str) -> Any:
    """Delete User [Groups users]."""
    group = request.group(group_id)
    user = _member(request, group, user_id)
    request.account.take_out_of_group(group["id"], user["id"])
    return {"id": user["login_name"]}


def _member(request: ApiRequest, group: Row, user_id: str) -> Row:
    user = request.user(user_id)
    if user["id"] not in [row["id"] for row in request.account.members(group["id"])]:
        raise not_found("user", user_id, "user_id")
    return user


def _read(fields: Fields) -> dict[str, Any]:
    fields.only({"display_name", "rights"}, {"id"})
    given: dict[str, Any] = {}
    if "display_name" in fields:
        given["display_name"] = fields.text("display_name", 1, 255)
    if "rights" in fields:
        given["rights"] = fields.texts("rights", *(() if fields.minor in RENAMED else RIGHTS))
    return given
