"""Users and their avatars.

Source: [trueconf.txt, Users; Objects | User]. `ObjectAvatar` is nowhere described: an object with
the address is a guess.
"""

from __future__ import annotations

import re
from typing import Any

from integrations.sandbox.store import Row
from integrations.sandbox.trueconf import conferences, paging, shapes
from integrations.sandbox.trueconf.ask import Ask
from integrations.sandbox.trueconf.fields import Fields
from integrations.sandbox.trueconf.people import OFFLINE, secret_hash
from integrations.sandbox.trueconf.refusal import bad, missing, taken

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


def list_all(ask: Ask) -> Any:
    return listed(ask, ask.account.users())


def listed(ask: Ask, rows: list[Row]) -> Any:
    """Filtered and paged; no total is given, but the next page is named (recorded)."""
    ask.check_url_type()
    for name in FILTERS:
        if wanted := ask.query.get(name, "").casefold():
            rows = [row for row in rows if wanted in row[name].casefold()]
    shown, following = paging.page(ask, rows, named=True)
    return {**following, "users": [shapes.user(ask, row) for row in shown]}


def get(ask: Ask, user_id: str) -> Any:
    ask.check_url_type()
    return {"user": shapes.user(ask, ask.user(user_id))}


def create(ask: Ask) -> Any:
    most = ask.account.max_users
    if most is not None and len(ask.account.users()) >= most:
        raise bad("maxUsers", "The server has reached the maximum number of users.")
    fields = ask.fields
    for name in ("login_name", "password"):
        fields.required(name)
    given = _read(fields, changing=False)
    fields.check()
    if ask.account.user(given["login_name"]):
        raise taken("login_name")
    _check_email(ask, given, None)
    given["password"] = secret_hash(given["password"])
    login = given.pop("login_name")
    row = ask.account.add_user(login)
    ask.account.edit_user(row["id"], **given)
    return {"user": shapes.user(ask, row)}


def edit(ask: Ask, user_id: str) -> Any:
    ask.check_url_type()
    row, fields = ask.user(user_id), ask.fields
    given = _read(fields, changing=True)
    fields.check()
    _check_email(ask, given, row["id"])
    if "password" in given:
        given["password"] = secret_hash(given["password"])
    ask.account.edit_user(row["id"], **given)
    return {"user": shapes.user(ask, row)}


def delete(ask: Ask, user_id: str) -> Any:
    row = ask.user(user_id)
    ask.account.delete_user(row["id"])
    return {"id": row["login_name"]}


def disconnect(ask: Ask, user_id: str) -> Any:
    """The client is logged out, and out of any call."""
    row, account = ask.user(user_id), ask.account
    if account.status_of(row) == OFFLINE:
        return {"state": "disconnected"}
    for call in account.running_calls():
        for visit in account.present(call):
            if visit["login"] == row["login_name"]:
                account.leave(visit["id"], conferences.soon(ask))
    account.edit_user(row["id"], status=OFFLINE)
    return {"state": "disconnecting"}


def get_avatar(ask: Ask, user_id: str) -> Any:
    return _avatar(ask, ask.user(user_id))


def create_avatar(ask: Ask, user_id: str) -> Any:
    row = ask.user(user_id)
    sent = next((one.content for one in ask.uploads if one.field == "image"), None)
    if sent is None:
        raise missing("image")
    kind = next((kind for start, kind in _IMAGES.items() if sent.startswith(start)), None)
    if kind is None or len(sent) > LARGEST_IMAGE:
        raise bad("invalidValue", "A picture of at most 2 MB is expected.", "image")
    code = ask.account.code("avatar", row["id"], sent.hex(), length=16)
    avatar = {"code": code, "kind": kind, "content": sent.hex()}
    ask.account.edit_user(row["id"], avatar=avatar)
    return _avatar(ask, row)


def delete_avatar(ask: Ask, user_id: str) -> Any:
    row = ask.user(user_id)
    ask.account.edit_user(row["id"], avatar=None)
    return _avatar(ask, row)


def _avatar(ask: Ask, row: Row) -> Any:
    url = shapes.avatar_url(ask, row)
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


def _check_email(ask: Ask, given: dict[str, Any], but: int | None) -> None:
    if given.get("email") and ask.account.email_taken(given["email"], but):
        raise taken("email")
