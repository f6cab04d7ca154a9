"""What columns are called, in many languages; compared without case, accents and punctuation."""

import json
import re
from pathlib import Path

from integrations.base.texts import say

from .characters import fold, word_of

LABELS = {
    "email": say("E-mail"),
    "first_name": say("First name"),
    "last_name": say("Last name"),
    "name": say("Whole name"),
    "name_last": say("Whole name, last name first"),
    "company": say("Company"),
    "phone": say("Phone"),
    "country": say("Country"),
    "language": say("Language"),
    "notes": say("Notes"),
    "tags": say("Tags"),
    "middle": say("Middle name"),
    "infix": say("Particle (van, de, von)"),
}
# The same within a sentence
WITHIN = {
    "email": say("e-mail"),
    "first_name": say("first name"),
    "last_name": say("last name"),
    "name": say("whole name"),
    "name_last": say("whole name, last name first"),
    "company": say("company"),
    "phone": say("phone"),
    "country": say("country"),
    "language": say("language"),
    "notes": say("notes"),
    "tags": say("tags"),
    "middle": say("middle name"),
    "infix": say("particle (van, de, von)"),
}
MEANINGS = tuple(LABELS)
UNUSED = ""

# headings.json: `columns` (language -> meaning -> words), `which` (says which of several, not what:
# "Work e-mail", "E-mail 1 - Value"), `never` (a label beside a value, a state, a time),
# `maybe_a_group` (a group or a person may be called so too), `mail_headers` ("To:" and its kind),
# `no_people` ("Subject:" and its kind), `nothing` (what programs write where they have nothing).
# "name" is what may be the whole name, or the part of it that no other column holds: "Nom" beside
# "Prénom" is the family name.
_DATA = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
_WHICH = frozenset(map(word_of, _DATA["which"]))
_NEVER = frozenset(_DATA["never"])
_NOTHING = frozenset(_DATA["nothing"])
_MAYBE_A_GROUP = frozenset(map(word_of, _DATA["maybe_a_group"]))
MAIL_HEADERS = frozenset(_DATA["mail_headers"])
NO_PEOPLE = frozenset(_DATA["no_people"])

_DIVIDED = re.compile(r"\s*[/|\n]\s*|\s+[-–—]\s+")

_MEANING: dict[str, str] = {}
LANGUAGES: dict[str, set[str]] = {}
for _language, _meanings in _DATA["columns"].items():
    for _meaning, _words in _meanings.items():
        for _word in map(word_of, _words):
            _MEANING.setdefault(_word, _meaning)
            LANGUAGES.setdefault(_word, set()).add(_language)


def meaning_of(heading: str) -> str:
    """What a column under this heading holds; empty where that is not known."""
    if len(heading) > 80:
        return UNUSED
    if found := _MEANING.get(word_of(heading)) or _of_parts(heading):
        return found
    tokens = "".join(c if c.isalnum() else " " for c in fold(heading)).split()
    kept = [token for token in tokens if token not in _WHICH]
    if len(kept) == len(tokens) or _NEVER & set(tokens):
        return UNUSED
    return _MEANING.get("".join(kept), UNUSED)


def _of_parts(heading: str) -> str:
    """What "Vorname / First name" or "Vorname (first name)" says, where its parts agree."""
    outside, bracket, inside = heading.partition("(")
    parts = [part for part in _DIVIDED.split(outside) if part.strip()]
    within = inside.rstrip(" )*:")
    if len(parts) < 2 and (not bracket or not within or _NEVER & set(fold(within).split())):
        return UNUSED
    found = {_MEANING.get(word_of(part), UNUSED) for part in parts}
    if other := _MEANING.get(word_of(within)):
        found.add(other)
    return found.pop() if len(found) == 1 else UNUSED


def is_label(text: str) -> bool:
    """Whether the text is a heading and can hardly be anything else."""
    word = word_of(text) if len(text) <= 80 else ""
    return word in _MEANING and word not in _MAYBE_A_GROUP


def says_which(text: str) -> bool:
    """Whether it only says which address it is: "work", "(private)"."""
    return word_of(text) in _WHICH if len(text) <= 80 else False


# "#N/A", "#ИМЯ?", "#¿NOMBRE?": a spreadsheet that could not compute a cell
_ERROR = re.compile(r"#[¡¿]?[^\W\d_][\w/ ]{0,16}[!?]")


def stands_for_nothing(text: str) -> bool:
    """Whether a program wrote this for want of a value: "N/A", "#REF!", "(null)"."""
    text = text.strip()
    return text.casefold() in _NOTHING or bool(_ERROR.fullmatch(text) and text == text.upper())
