"""Reading what most answers have alike: envelopes, identifiers, confirmed deletions."""

import re
from typing import Any

from integrations.base.reading import Row
from integrations.trueconf.payloads import PLATFORM


def inside(answer: Any, envelope: str) -> Row:
    """The object of an answer, under its name or bare."""
    if isinstance(answer, dict) and envelope in answer:
        answer = answer[envelope]
    return Row(answer, envelope, PLATFORM)


def ident(row: Row) -> str:
    """An identifier, which is never empty."""
    text = row.needed_text("id")
    if not text:
        raise row.broken("id")
    return text


def confirm_deletion(answer: object, envelope: str, asked: str = "") -> None:
    """Believe a deletion that is confirmed: by 204, by "200 OK", or by naming what it removed, as
    `id` or as the object that it was; as `asked`, where that is given.

    The document has the last two [Delete Group]; servers answer the others too
    [seen: README].
    """
    if is_plainly_done(answer):
        return
    row = Row(answer, "deletion", PLATFORM)
    named = row.text("id") or ident(inside(row.value, envelope))
    if asked and named != asked:
        raise row.broken("id")


def is_plainly_done(answer: object) -> bool:
    """Whether a deletion was confirmed without words about it: 204, or a text such as "200 OK"."""
    text = answer.strip().lower() if isinstance(answer, str) else ""
    return answer is None or re.fullmatch(r"(20\d )?(ok|no content)|20\d", text) is not None
