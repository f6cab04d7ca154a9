"""Texts as TrueConf takes and shows them: without control signs, and without spaces around them."""

import re
from typing import Any

# Also the separators that only look like the end of a line, and half a sign.
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
HALVES = re.compile("[\ud800-\udfff]")


def line(value: Any, longest: int | None = None) -> str:
    """A text in one line, cut to what fits."""
    return CONTROL.sub(" ", HALVES.sub("", str(value or ""))).strip()[:longest].strip()


def block(value: Any) -> str:
    """A text that may have several lines."""
    text = re.sub("\r\n?", "\n", HALVES.sub("", str(value or "")))
    return "\n".join(CONTROL.sub(" ", one) for one in text.split("\n")).strip()
