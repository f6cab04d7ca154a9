"""Texts as TrueConf takes and shows them: without control signs, and without spaces around them."""

import re
from typing import Any

from integrations.base.reading import Row

# Also the separators that only look like the end of a line, and half a sign.
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
KEY = re.compile(r"([?&])access_token=[^&#]*&?")
HALVES = re.compile("[\ud800-\udfff]")


def address(row: Row, name: str) -> str:
    """A web address that is safe to show; a key that the server repeats in it is taken out."""
    return KEY.sub(r"\1", row.link(name)).rstrip("?&")


def one_line(value: Any, longest: int | None = None) -> str:
    """A text in one line, cut to what fits."""
    return CONTROL.sub(" ", HALVES.sub("", str(value or ""))).strip()[:longest].strip()


def several_lines(value: Any) -> str:
    """A text that may have several lines."""
    text = re.sub("\r\n?", "\n", HALVES.sub("", str(value or "")))
    return "\n".join(CONTROL.sub(" ", one) for one in text.split("\n")).strip()
