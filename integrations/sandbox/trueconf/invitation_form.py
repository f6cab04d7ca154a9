"""Invitations as they are sent: objects, or plain ids as in v3.

Sources: [document, Objects | Mini Invitation, Invitation, Translator];
[document, its versions].
"""

from __future__ import annotations

from typing import Any

from integrations.sandbox.trueconf.fields import Fields

Values = dict[str, Any]
TRANSLATORS_SINCE = 9


def known(minor: int) -> set[str]:
    """The fields of an invitation that a version of the API has."""
    translator = {"translator"} if minor >= TRANSLATORS_SINCE else set()
    return {"id", "display_name"} | translator


def read_invitations(fields: Fields, name: str) -> list[Values]:
    """Each once, in the order given."""
    found: dict[str, Values] = {}
    for item in fields.items(name):
        one = fields.inner(name, item if isinstance(item, dict) else {"id": item})
        one.only(known(one.minor))
        if one.required("id"):
            invitation = read_invitation(one)
            found[invitation["id"] or ""] = invitation
    return list(found.values())


def read_invitation(one: Fields) -> Values:
    """`id`, and of `display_name` and `translator` what was sent."""
    values: Values = {}
    if "id" in one:
        values["id"] = one.text("id", 1, 64)
    if one.values.get("display_name") is not None:
        values["display_name"] = one.text("display_name", 1, 64)
    if "translator" in one:
        values["translator"] = _translator(one)
    return values


def _translator(one: Fields) -> Values | None:
    """The pair of languages, or null for someone who does not translate."""
    if one.values["translator"] is None:
        return None
    inner = one.inner("translator")
    inner.only({"languages"})
    languages = inner.texts("languages") if inner.required("languages") else []
    if len(languages) != 2:
        inner.invalid("languages", "a pair of languages is expected")
    return {"languages": languages}
