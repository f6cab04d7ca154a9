"""What people answer beside name and address, as the one field that a registration has for it.

A platform's own form asks what its account's owner likes, in any words. So all of it is one text:
canonical JSON, an object of texts by the names that the platform's fields have. The same answers
are always the same text, whatever their order, and it is bounded: a platform may show anything.
"""

import json
import unicodedata
from collections.abc import Collection, Mapping
from typing import Any

from integrations.base.reading import storable

FIELD = "answers"
MOST = 30  # fields
LONGEST_NAME, LONGEST, LONGEST_WHOLE = 200, 2000, 20_000  # characters


def packed(answers: Mapping[str, Any]) -> str:
    """Answers as the text that is compared and kept; empty where there are none. What is neither a
    text nor a number, nor a list of them, is none."""
    found: dict[str, str] = {}
    room = LONGEST_WHOLE
    for name in sorted(answers):
        label = _cut(" ".join(storable(name).split()), LONGEST_NAME)
        text = _cut(_text(answers[name]), LONGEST)
        if not label or not text or label in found:
            continue
        room -= len(label) + len(text)
        if room < 0 or len(found) == MOST:
            break
        found[label] = text
    if not found:
        return ""
    return json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def unpacked(text: str | None) -> dict[str, str]:
    """The answers of such a text; none where it is no such text."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    plain = isinstance(found, dict) and all(isinstance(one, str) for one in found.values())
    return found if plain else {}


def key(name: str) -> str:
    """A field's name as it is compared: whoever types it writes small or capital letters at will,
    and a platform would make a second field of it."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def spelled(answers: Mapping[str, str], names: Collection[str]) -> dict[str, str]:
    """The same answers by the names that are known already, which are spelled as a platform does;
    what is not known keeps its own."""
    known: dict[str, str] = {}
    for name in names:
        known.setdefault(key(name), name)
    own = set(names)
    return {n if n in own else known.get(key(n), n): text for n, text in answers.items()}


def together(ours: str, theirs: str) -> str:
    """Ours with what theirs say: a field that is shown no more is kept."""
    if not ours or ours == theirs:
        return theirs
    # Where both do not fit, theirs are what is believed.
    there = unpacked(theirs)
    both = packed(spelled(unpacked(ours), list(there)) | there)
    return both if there.items() <= unpacked(both).items() else theirs


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        return "\n".join(filter(None, (_text(one) for one in value if not isinstance(one, list))))
    return storable(value).strip() if isinstance(value, str) else ""


def _cut(text: str, most: int) -> str:
    return text[:most].strip()
