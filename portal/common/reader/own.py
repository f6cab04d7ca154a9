"""Columns of the house's own on people: how a value of each sort is written, and read.

Plain Python, since the process that reads an upload asks it too.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from integrations.base.texts import say

from .characters import check_text, fold, word_of

TEXT, NUMBER, DATE, CHOICE, YES_NO = "text", "number", "date", "choice", "yes_no"
LONGEST_TEXT = 500  # characters
MOST_DIGITS = 15  # as many as survive in every spreadsheet
YEARS = range(1900, 2200)
RANGE = ".."  # between the bounds of a range: 10..20, 10.., ..20
PREFIX = "own:"  # before what a reading, or a line of history, calls such a column
Value = str | int | float | bool
# Compared without case and accents
_YES = frozenset(
    {*("yes", "y", "true", "1", "x", "ja", "j", "wahr", "oui", "vrai", "si", "tak", "da", "да")}
    | {"так", "ano", "sim", "evet"}
)
_NO = frozenset(
    {*("no", "n", "false", "0", "nein", "falsch", "non", "faux", "nie", "нет", "ні", "ne", "nao")}
    | {"hayir", "nu"}
)
# One sign between thousands, as in 1.234.567 or 1 234 567; by commas also as in India: 12,34,567
_NUMBER = re.compile(
    r"([+-]?)"
    r"(?:(\d+|\d{1,3}(?P<between>[.,'’\s])\d{3}(?:(?P=between)\d{3})*)(?:(?!(?P=between))[.,](\d+))?"
    r"|(\d{1,2}(?:,\d{2})+,\d{3})(?:\.(\d+))?)"
)
_UNCLEAR = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


@dataclass(frozen=True, slots=True)
class OwnColumn:
    """One of them: `key` is what values stand under, `label` what staff call it."""

    key: str
    label: str
    kind: str = TEXT
    choices: Sequence[str] = ()
    listed: bool = False  # in the list of people

    @property
    def has_ranges(self) -> bool:
        """Whether its values have an order."""
        return self.kind in (NUMBER, DATE)

    @property
    def meaning(self) -> str:
        """What a reading says that a column holds."""
        return f"{PREFIX}{self.key}"

    def is_called(self, heading: str) -> bool:
        """Whether a heading is this column's, in any case and however it is punctuated."""
        return fold(heading) == fold(self.label) or (
            bool(word_of(self.label)) and word_of(heading) == word_of(self.label)
        )


def read_value(column: OwnColumn, text: str) -> Value:
    """The value that a text means. Raises ValueError with a sentence."""
    text = check_text(text, column.label, LONGEST_TEXT)
    if column.kind == NUMBER:
        return _number(column.label, text)
    if column.kind == DATE:
        return _date(column.label, text)
    if column.kind == YES_NO:
        return _yes_or_no(column.label, text)
    if column.kind == CHOICE:
        return _choice(column, text)
    return text


def read_range(column: OwnColumn, text: str) -> tuple[Value | None, Value | None] | None:
    """The bounds that a text names, both of them within; None where it names no range, or the
    column's values have no order. Raises ValueError with a sentence."""
    if not column.has_ranges or RANGE not in text:
        return None
    first, _sign, last = (part.strip() for part in text.partition(RANGE))
    low = read_value(column, first) if first else None
    high = read_value(column, last) if last else None
    # Both are numbers, or both are days as ISO writes them.
    turned = None not in (low, high) and low > high  # type: ignore[operator]
    if turned or low is high is None or RANGE in last:
        raise ValueError(
            say(
                "%(label)s: “%(text)s” is no range. Write it as 10..20, 10.. or ..20.",
                label=column.label,
                text=text[:40],
            )
        )
    return low, high


def written_range(low: Value | None, high: Value | None) -> str:
    """The text that names a range: `read_range` undoes it."""
    return RANGE.join("" if one is None else written_value(one) for one in (low, high))


def written_value(value: Value) -> str:
    """The text that means a value: `read_value` undoes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.15f}".rstrip("0").rstrip(".") if abs(value) < 1 else repr(value)
    return str(value)


def sought(value: Value) -> str:
    """A value as it is compared: without case and accents."""
    return fold(written_value(value))


def _number(label: str, text: str) -> int | float:
    plain = text.replace("−", "-")
    if _UNCLEAR.fullmatch(plain):
        raise ValueError(
            say(
                "%(label)s: “%(text)s” can mean two numbers. Write it without a comma.",
                label=label,
                text=text[:40],
            )
        )
    found = _NUMBER.fullmatch(plain)
    sign, whole, part = _parts(found) if found else ("", "", "")
    if found is None or len(whole) + len(part) > MOST_DIGITS:
        raise ValueError(
            say(
                "%(label)s: “%(text)s” is no number of at most %(most)d digits.",
                label=label,
                text=text[:40],
                most=MOST_DIGITS,
            )
        )
    return float(f"{sign}{whole or 0}.{part}") if part else int(f"{sign}{whole or 0}")


def _parts(found: re.Match[str]) -> tuple[str, str, str]:
    """The sign, and the digits before and after the point, without those that say nothing."""
    sign, whole, part = found[1], found[2] or found[5], found[4] or found[6] or ""
    return sign, "".join(filter(str.isdigit, whole)).lstrip("0"), part.rstrip("0")


def _date(label: str, text: str) -> str:
    year = month = day = 0
    if found := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := _DOTTED.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
    elif found := _SLASHED.fullmatch(text):
        first, second, year = (int(part) for part in found.groups())
        if first > 12 or first == second:
            day, month = first, second
        elif second > 12:
            month, day = first, second
    try:
        value = date(year, month, day)
    except ValueError:
        value = None
    if value is None or value.year not in YEARS:
        raise ValueError(
            say(
                "%(label)s: “%(text)s” is no date, or not clear. Write it as 2026-12-31.",
                label=label,
                text=text[:40],
            )
        )
    return value.isoformat()


def _yes_or_no(label: str, text: str) -> bool:
    word = fold(text)
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueError(
        say("%(label)s: “%(text)s” is neither yes nor no.", label=label, text=text[:40])
    )


def _choice(column: OwnColumn, text: str) -> str:
    for choice in column.choices:
        if fold(choice) == fold(text):
            return choice
    raise ValueError(
        say(
            "%(label)s: “%(text)s” is none of its choices.",
            label=column.label,
            text=text[:40],
        )
    )
