"""A webinar's room settings: written and read under different names and in different shapes.

Written: flat, `themebg`, `themetext`, `loginfields`, `group` as an id, a recording mode as a key
with an empty value. Read: `theme.bg`, `theme.text`, `loginFields`, `group` as a name
[document, Updating the settings of the scheduled webinar; Obtaining detailed
information for a webinar]. Names of the one are refused or absent in the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from integrations.sandbox.myownconference.account import MyOwnConferenceAccount
from integrations.sandbox.myownconference.params import Params, Refusal
from integrations.sandbox.myownconference.settings import (
    CHOICES,
    COLOURS,
    FLAGS,
    LOGIN_FIELDS,
    MODES,
    WHOLE,
    yes_no,
)
from integrations.sandbox.store import Row

_COLOUR = re.compile(r"#[0-9a-f]{6}")


def read(account: MyOwnConferenceAccount, params: Params) -> Row:
    """The settings that a request changes, as rows keep them; Refusal for what is not allowed."""
    params.known(*FLAGS, *CHOICES, *COLOURS, *MODES, *WHOLE, *_OTHERS)
    changed: Row = {name: params.flag(name) for name in (*FLAGS, *WHOLE) if name in params}
    changed |= {name: params.choice(name, CHOICES[name]) for name in CHOICES if name in params}
    changed |= {name: _colour(params, name) for name in COLOURS if name in params}
    changed |= {name: _OTHERS[name](account, params) for name in _OTHERS if name in params}
    if empty := [name for name, value in changed.items() if value is None and name != "group"]:
        raise Refusal(f"Parameter {empty[0]} is required")
    modes = [name for name in MODES if name in params]
    if len(modes) > 1:
        raise Refusal("Only one recording mode can be chosen")
    if any(name in params for name in WHOLE):
        modes = ["recordWhole"]
    return {**changed, **({"recordMode": modes[0]} if modes else {})}


def shown(account: MyOwnConferenceAccount, kept: Row) -> Row:
    """`settings` as webinarsGetInfo answers them; the last seven are "other available options"."""
    shape: Row = {name: yes_no(kept[name]) for name in FLAGS}
    shape["theme"] = {"bg": kept["themebg"], "text": kept["themetext"]}
    shape["loginFields"] = list(kept["loginfields"])
    group = account.store.get("groups", kept["group"]) if kept["group"] else None
    if group:
        shape["group"] = group["name"]
    shape |= {name: kept[name] for name in CHOICES}
    shape["beforeStartTime"] = str(kept["beforeStartTime"])
    shape[kept["recordMode"]] = ""
    if kept["recordMode"] == "recordWhole":
        shape |= {name: yes_no(kept[name]) for name in WHOLE}
    return shape


def _colour(params: Params, name: str) -> str:
    text = (params.text(name) or "").lower()
    if not _COLOUR.fullmatch(text):
        raise Refusal(f"Parameter {name} must be a color in HEX format")
    return text


def _login_fields(account: MyOwnConferenceAccount, params: Params) -> list[str]:
    fields = list(dict.fromkeys(params.words("loginfields")))
    if not fields or set(fields) - set(LOGIN_FIELDS):
        raise Refusal(f"Parameter loginfields may hold: {', '.join(LOGIN_FIELDS)}")
    return fields


def _group(account: MyOwnConferenceAccount, params: Params) -> int | None:
    """An id; an empty text takes the group away."""
    if params.text("group") == "":
        return None
    group_id = params.row_id("group")
    if account.store.get("groups", group_id) is None:
        raise Refusal(f"Group with id {group_id} not found")
    return group_id


def _minutes_before(account: MyOwnConferenceAccount, params: Params) -> int | None:
    return params.number("beforeStartTime", 5, 60)


_OTHERS: dict[str, Callable[[Any, Params], Any]] = {
    "loginfields": _login_fields,
    "group": _group,
    "beforeStartTime": _minutes_before,
}
