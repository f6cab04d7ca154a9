"""Answers by the kind of their question: how each is kept as text, shown, and put into a cell.

What is kept is what was meant when it was asked. A question may be changed later, so whatever
reads an answer takes one that does not fit its kind for plain text.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from portal.common import dates
from portal.common.reader.own import DATE, NUMBER, OwnColumn, Value, read_value, written_value
from portal.conferences.models import Question

Kind = Question.Kind
YES = "yes"
CHOSEN = (Kind.CHOICE, Kind.SEVERAL)  # kinds with something to choose from
BETWEEN = "; "  # in a cell; on a page each choice has a line
_READ_AS = {Kind.NUMBER: NUMBER, Kind.DATE: DATE}


def read(kind: str, text: str) -> Value:
    """The number or the day (in ISO 8601) that somebody means by a text. Raises ValueError with
    a sentence."""
    return read_value(OwnColumn("", _("This answer"), _READ_AS[Kind(kind)]), text)


def kept(kind: str, value: Any) -> str:
    """What a form gives, as it is kept; empty where nothing was answered."""
    if kind == Kind.CONSENT:
        return YES if value else ""
    if kind == Kind.SEVERAL:
        return joined(value or ())
    return "" if value is None else written_value(value).strip()


def joined(chosen: Iterable[str]) -> str:
    """Several choices as they are kept: none of them holds an end of a line."""
    return "\n".join(chosen)


def shown(kind: str, text: str) -> str:
    """An answer as staff read it."""
    if kind == Kind.CONSENT and text == YES:
        return _("Yes")
    if kind == Kind.DATE and (day := _day(text)):
        return dates.written(day, dates.SHORT_DAY_OF_YEAR)
    return text


def cell(kind: str, text: str) -> str | int | float | date:
    """An answer for a cell of a list, by which it can be counted and sorted."""
    if kind == Kind.SEVERAL:
        return text.replace("\n", BETWEEN)
    if kind == Kind.DATE:
        return _day(text) or text
    if kind != Kind.NUMBER:
        return text
    try:
        value = read(kind, text)
    except ValueError:
        return text
    return value if isinstance(value, int | float) else text


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
