"""Groups and the users in them.

Source: [trueconf.txt, Groups; Groups Users]. The list of groups has a cursor for its next page.
"""

from __future__ import annotations

from typing import Any

from integrations.sandbox.store import Row
from integrations.sandbox.trueconf import paging, shapes, users
from integrations.sandbox.trueconf.ask import Ask
from integrations.sandbox.trueconf.fields import Fields
from integrations.sandbox.trueconf.refusal import not_found, taken

RIGHTS = (
    "make_calls",
    "collaboration_tools",
    "create_group_conference",
    "address_book_editing",
    "operator_rights",
)

# Versions in which rights have other names, which no public source tells: any word is taken.
RENAMED = (4, 5)


def list_all(ask: Ask) -> Any:
    shown, following = paging.groups(ask, ask.account.store.rows("groups"))
    return {**following, "groups": [shapes.group(row) for row in shown]}


def get(ask: Ask, group_id: str) -> Any:
    return {"group": shapes.group(ask.group(group_id))}


def create(ask: Ask) -> Any:
    fields = ask.fields
    fields.required("display_name")
    given = _read(fields)
    fields.check()
    if ask.account.group_named(given["display_name"]):
        raise taken("display_name")
    row = ask.account.add_group(given["display_name"], rights=given.get("rights", []))
    return {"group": shapes.group(row)}


def edit(ask: Ask, group_id: str) -> Any:
    row, fields = ask.group(group_id), ask.fields
    given = _read(fields)
    fields.check()
    named = ask.account.group_named(given.get("display_name", ""))
    if named and named["id"] != row["id"]:
        raise taken("display_name")
    return {"group": shapes.group(ask.account.edit_group(row["id"], **given))}


def delete(ask: Ask, group_id: str) -> Any:
    """Answers the whole group, as the document's example shows."""
    row = ask.group(group_id)
    shape = shapes.group(row)
    ask.account.delete_group(row["id"])
    return {"group": shape}


def list_users(ask: Ask, group_id: str) -> Any:
    return users.listed(ask, ask.account.members(ask.group(group_id)["id"]))


def get_user(ask: Ask, group_id: str, user_id: str) -> Any:
    ask.check_url_type()
    return {"user": shapes.user(ask, _member(ask, ask.group(group_id), user_id))}


def add_user(ask: Ask, group_id: str) -> Any:
    """Someone who is in the group already stays there once."""
    ask.check_url_type()
    group, user = ask.group(group_id), ask.user_in_body("user_id")
    ask.account.put_into_group(group["id"], user["id"])
    return {"user": shapes.user(ask, user)}


def remove_user(ask: Ask, group_id: str, user_id: str) -> Any:
    group = ask.group(group_id)
    user = _member(ask, group, user_id)
    ask.account.take_out_of_group(group["id"], user["id"])
    return {"id": user["login_name"]}


def _member(ask: Ask, group: Row, user_id: str) -> Row:
    user = ask.user(user_id)
    if user["id"] not in [row["id"] for row in ask.account.members(group["id"])]:
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
