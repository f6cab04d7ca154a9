"""Users, groups, contacts, invitations and participants as the API answers them.

Sources: the objects of the same names in [document]; what older versions lack in
[document, its versions].
"""

from __future__ import annotations

from typing import Any

from integrations.sandbox.store import Row
from integrations.sandbox.trueconf.account_people import NO_GROUP, OPERATORS, PROFILE
from integrations.sandbox.trueconf.invitation_form import TRANSLATORS_SINCE
from integrations.sandbox.trueconf.request import ApiRequest

Shape = dict[str, Any]
BY_GROUP, BY_USER = 1, 2
PLAIN_UNTIL = 1


def user(request: ApiRequest, row: Row) -> Shape:
    """[Objects, User]"""
    account, login = request.account, row["login_name"]
    shape = {
        "id": login,
        "uid": account.uid(login),
        "avatar": avatar_url(request, row),
        "login_name": login,
        **{name: row[name] for name in PROFILE},
        "groups": _groups_of(request, row),
        "is_active": row["is_active"],
        "status": account.status_of(row),
    }
    if request.minor < 1:
        del shape["uid"]
    return shape


def avatar_url(request: ApiRequest, row: Row) -> str | None:
    """Where a user's picture is; None where there is none."""
    if row["avatar"] is None:
        return None
    return request.account.page_url("avatar", f"{row['avatar']['code']}.{row['avatar']['kind']}")


def group(row: Row) -> Shape:
    """[Objects, Group]"""
    return {
        "id": str(row["id"]),
        "display_name": row["display_name"],
        "rights": list(row["rights"]),
    }


def contact(request: ApiRequest, row: Row) -> Shape:
    """A row without an id is someone of the same group: it has no owner."""
    owner = (
        request.account.one("users", row["user_id"], "user")["login_name"] if row["id"] else None
    )
    ours = {"owner": owner, "owner_type": BY_USER if owner else BY_GROUP}
    known = request.account.user(row["contact"])
    if known:
        shape = {**user(request, known), **ours, "type": "user"}
        shape["display_name"] = row["display_name"] or known["display_name"]
    else:
        name = row["display_name"] or row["contact"]
        shape = {"id": row["contact"], "display_name": name, **ours, "type": "custom"}
    if request.minor < 1:
        del shape["owner_type"]
    return shape


def invitation(request: ApiRequest, conference: Row, row: Row) -> Shape:
    """[Objects, Invitation]"""
    known = request.account.user(row["who"]) if row["kind"] == "user" else None
    shape = user(request, known) if known else _guest_invited(row)
    shape["display_name"] = row["display_name"]
    shape["is_owner"] = row["who"] == conference["owner"]
    shape["type"] = row["kind"]
    if request.minor >= TRANSLATORS_SINCE:
        shape["translator"] = row["translator"]
    return shape


def mini_invitation(request: ApiRequest, row: Row) -> Any:
    """As a conference lists it; in v3 a bare id."""
    if request.minor < 1:
        return row["who"]
    shape = {"id": row["who"], "display_name": row["display_name"]}
    if request.minor >= TRANSLATORS_SINCE:
        shape["translator"] = row["translator"]
    return shape


def participant(request: ApiRequest, call: Row, visit: Row) -> Shape:
    """Someone in a running conference; the id is the one for calls, other than elsewhere. In v3.1
    a user's is the login: the vendor's contact centre compares it with that."""
    known = request.account.user(visit["login"]) if visit["login"] else None
    shape = (
        user(request, known)
        if known
        else {"login_name": visit["uid"].partition("@")[0], "status": 0}
    )
    now = request.account.now()
    return {
        **shape,
        "id": visit["login"] if known and request.minor <= PLAIN_UNTIL else visit["uid"],
        "display_name": visit["display_name"],
        "invite_time": visit["invite_time"],
        "join_time": visit["join"] if visit["join"] is not None and visit["join"] <= now else None,
        "is_owner": visit["uid"] == call["owner"],
    }


def _groups_of(request: ApiRequest, row: Row) -> list[Any]:
    groups = request.account.groups_of(row["id"])
    if request.minor < 1:
        return [str(one["id"]) for one in groups]
    shown = [
        {**group(one), "rights": [right for right in one["rights"] if right == OPERATORS]}
        for one in groups
    ]
    return shown or [dict(NO_GROUP)]


def _guest_invited(row: Row) -> Shape:
    """Of a user of another server nothing is known but the id."""
    shown = "@" in row["who"] and row["kind"] == "custom"
    return {"id": row["who"], "email": row["who"] if shown else ""}
