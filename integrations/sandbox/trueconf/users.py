"""Users and their avatars.

Source: [document, Users; Objects | User]. `ObjectAvatar` is nowhere described: an object with
the address is a guess.
"""

from __future__ import annotations

import re
from typing import Any

from integrations.sandbox.store import Row
from integrations.sandbox.trueconf import conferences, paging, shapes
from integrations.sandbox.trueconf.account_people import OFFLINE, secret_hash
from integrations.sandbox.trueconf.fields import Fields
from integrations.sandbox.trueconf.refusal import bad, missing, taken
from integrations.sandbox.trueconf.request import ApiRequest

SIZES = {
    "login_name": (1, 32),
    "password": (1, 255),
    "email": (3, 250),
    "display_name": (1, 64),
    "first_name": (0, 64),
    "last_name": (0, 64),
    "company": (0, 64),
    "mobile_phone": (0, 50),
    "work_phone": (0, 50),
    "home_phone": (0, 50),
}
READ_ONLY = {"id", "uid", "avatar", "groups", "status"}
FILTERS = ("login_name", "display_name", "first_name", "last_name", "email")
_LOGIN = re.compile(r"[^\s@/\\#:*$]+")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_IMAGES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg", b"GIF8": "gif"}
LARGEST_IMAGE = 2 * 1024 * 1024


def list_all(request: ApiRequest) -> Any:
    """Get User List [Users]."""
    return listed(request, request.account.users())


def listed(request: ApiRequest, rows: list[Row]) -> Any:
    """Filtered and paged; no total is given, but the next page is named (recorded)."""
    request.check_url_type()
    for name in FILTERS:
        if wanted := request.query.get(name, "").casefold():
            rows = [row for row in rows if wanted in row[name].casefold()]
    shown, following = paging.page(request, rows, named=True)
    return {**following, "users": [shapes.user(request, row) for row in shown]}


def get(request: ApiRequest, user_id: str) -> Any:
    """Get User [Users]."""
    request.check_url_type()
    return {"user": shapes.user(request, request.user(user_id))}


def create(request: ApiRequest) -> Any:
    """Create User [Users]."""
    most = request.account.max_users
    if most is not None and len(request.account.users()) >= most:
        raise bad("maxUsers", "The server has reached the maximum number of users.")
    fields = request.fields
    for name in ("login_name", "password"):
        fields.required(name)
    given = _read(fields, changing=False)
    fields.check()
    if request.account.user(given["login_name"]):
        raise taken("login_name")
    _check_email(request, given, None)
    given["password"] = secret_hash(given["password"])
    login = given.pop("login_name")
    row = request.account.add_user(login)
    request.account.edit_user(row["id"], **given)
    return {"user": shapes.user(request, row)}


def edit(request: ApiRequest, user_id: str) -> Any:
    """Edit User [Users]."""
    request.check_url_type()
    row, fields = request.user(user_id), request.fields
    given = _read(fields, changing=True)
    fields.check()
    _check_email(request, given, row["id"])
    if "password" in given:
        given["password"] = secret_hash(given["password"])
    request.account.edit_user(row["id"], **given)
    return {"user": shapes.user(request, row)}


def delete(request: ApiRequest, user_id: str) -> Any:
    """Delete User [Users]."""
    row = request.user(user_id)
    request.account.delete_user(row["id"])
    return {"id": row["login_name"]}


def disconnect(request: ApiRequest, user_id: str) -> Any:
    """The client is logged out, and out of any call."""
    row, account = request.user(user_id), request.account
    if account.status_of(row) == OFFLINE:
        return {"state": "disconnected"}
    for call in account.running_calls():
        for visit in account.present(call):
            if visit["login"] == row["login_name"]:
                account.leave(visit["id"], conferences.soon(request))
    account.edit_user(row["id"], status=OFFLINE)
    return {"state": "disconnecting"}


def get_avatar(request: ApiRequest, user_id: str) -> Any:
    """Get Avatar [Users]."""
    return _avatar(request, request.user(user_id))


def create_avatar(request: ApiRequest, user_id: str) -> Any:
    """Create Avatar [Users]."""
    row = request.user(user_id)
    sent = next((one.content for one in request.uploads if one.field == "image"), None)
    if sent is None:
        raise missing("image")
    kind = next((kind for start, kind in _IMAGES.items() if sent.startswith(start)), None)
    if kind is None or len(sent) > LARGEST_IMAGE:
        raise bad("invalidValue", "A picture of at most 2 MB is expected.", "image")
    code = request.account.code("avatar", row["id"], sent.hex(), length=16)
    avatar = {"code": code, "kind": kind, "content": sent.hex()}
    request.account.edit_user(row["id"], avatar=avatar)
    return _avatar(request, row)


def delete_avatar(request: ApiRequest, user_id: str) -> Any:
    """Delete Avatar [Users]."""
    row = request.user(user_id)
    request.account.edit_user(row["id"], avatar=None)
    return _avatar(request, row)


def _avatar(request: ApiRequest, row: Row) -> Any:
    url = shapes.avatar_url(request, row)
    return {"avatar": {"url": url} if url else None}


def _read(fields: Fields, *, changing: bool) -> dict[str, Any]:
    """`login_name` is written once, when the user is made."""
    locked = READ_ONLY | ({"login_name"} if changing else set())
    fields.only({*SIZES, "is_active"}, locked)
    given: dict[str, Any] = {
        name: fields.text(name, *size)
        for name, size in SIZES.items()
        if name in fields and (name != "email" or fields.values[name] != "")
    }
    if fields.values.get("email") == "":
        given["email"] = ""  # lists that are read in have users without an address
    if "is_active" in fields:
        given["is_active"] = fields.one_of("is_active", 0, 1)
    if given.get("login_name") and not _LOGIN.fullmatch(given["login_name"]):
        fields.invalid("login_name", "a name without spaces and signs is expected")
    if given.get("email") and not _EMAIL.fullmatch(given["email"]):
        fields.invalid("email", "an e-mail address is expected")
    return given


def _check_email(request: ApiRequest, given: dict[str, Any], but: int | None) -> None:
    if given.get("email") and request.account.email_taken(given["email"], but):
        raise taken("email")
