"""Sentences for people: stored as a code and parameters, written when they are shown.

What is kept (history, conflicts, holds, runs, problems of mails and of outbox entries) must be
readable in the language of whoever reads it, years later. So a row stores which sentence it is and
what stands in it; the words come from gettext at the edge.

    TOO_LATE = Sentence("mail.too-late", _("The webinar had ended before this could be sent."))
    REFUSED = Sentence("mail.refused", _("%(platform)s did not accept it: %(why)s"))

    letter.problem = REFUSED(platform="ClickMeeting", why=entry.problem)
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.lookups import IContains
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext

from integrations.base.texts import Said
from portal.common.batches import slices
from portal.common.dates import SHORT_OF_YEAR, written

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    _TextColumn = models.TextField["Text | str", "Text | str"]
    Words = str | _StrPromise
else:
    _TextColumn = models.TextField
    Words = str  # or what gettext_lazy makes of one

LONGEST = 600  # characters of one parameter
_JOINED = "joined"
_SAID = "said"  # by a room: `words` is the sentence as it is marked there
_CLOCKS = "clocks"  # `at`: what clocks somewhere show, in the form of ISO 8601
_WORDS: dict[str, str | Promise] = {}


class Text:
    """A sentence with what stands in it. `str` writes it in the active language.

    Parameters are what JSON can hold, or further texts. It equals another text of the same code
    and parameters, and a string that reads the same.
    """

    __slots__ = ("code", "params")

    def __init__(self, code: str, params: Mapping[str, Any] | None = None) -> None:
        self.code = code
        self.params = {name: parameter(one) for name, one in (params or {}).items()}

    def __str__(self) -> str:
        if self.code == _JOINED:
            parts = [str(one) for name, one in self.params.items() if name != "between"]
            return str(self.params["between"]).join(parts)
        if self.code == _CLOCKS:
            return written(datetime.fromisoformat(self.params["at"]), SHORT_OF_YEAR)
        if self.code == _SAID:
            said = gettext(str(self.params["words"]))
            return self._filled(said) if len(self.params) > 1 else said
        words = _WORDS.get(self.code)
        if words is None:  # of a version that knew other sentences, or somebody's own words
            return str(self.params.get("text", self.code))
        return self._filled(words) if self.params else str(words)

    def _filled(self, words: str | Promise) -> str:
        """The words with what stands in them. Where a catalogue, or a later version, has a place
        for which nothing was kept, they are shown as they are: a page must not fail for one line.
        """
        try:
            return str(words % self.params)
        except (KeyError, ValueError, TypeError):
            return str(words)

    def __repr__(self) -> str:
        return f"Text({self.code!r}, {self.params!r})"

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Text):
            return (self.code, self.params) == (other.code, other.params)
        return isinstance(other, str) and str(self) == other

    def __hash__(self) -> int:
        return hash(str(self))

    def __contains__(self, part: str) -> bool:
        return part in str(self)


class Sentence:
    """One sentence that Lectern says, under a code that never changes.

    `words` is a lazy translation; places are named, `%(name)s`. Called with what stands in them
    it is a `Text`.
    """

    def __init__(self, code: str, words: str | Promise) -> None:
        if code in _WORDS:
            raise ValueError(f"There are two sentences {code}.")
        self.code = code
        _WORDS[code] = words

    def __call__(self, **params: Any) -> Text:
        return Text(self.code, params)


def own_words(text: Text | str) -> Text | str:
    """What a person or a platform said in words of their own, which nobody translates; what a
    room says (`integrations.base.texts.say`) is translated all the same."""
    if isinstance(text, Text):
        return text
    if isinstance(text, Said):
        return Text(_SAID, text.params | {"words": text.words})
    return Text("", {"text": text}) if text else ""


def parameter(value: Any) -> Any:
    """A value that stands in a text, or among others in JSON; what a room says stays a text there,
    so that it is translated as well."""
    return own_words(value) if isinstance(value, Said) else value


def of_room(words: str) -> str:
    """Words of a room that may have been kept as plain text, in the active language."""
    if isinstance(words, Said):
        return shown(words)
    return gettext(words) if words else ""


def shown(said: Text | Words) -> str:
    """A text, or what a room says, in the active language."""
    return str(own_words(said)) if isinstance(said, Said) else str(said)


def within(label: str) -> str:
    """A label in the middle of a sentence: English writes it small there, another language as its
    translator wrote it."""
    return label.lower() if (get_language() or "en").startswith("en") else label


def several(*found: Text | str) -> Text:
    """Sentences that stand one after the other; empty ones are left out."""
    return _joined(" ", found)


def commas(*found: Text | str) -> Text:
    """Parts of one sentence; empty ones are left out."""
    return _joined(", ", found)


def clocks(wall: datetime) -> Text:
    """What clocks somewhere show, within a sentence that says where; written when it is read."""
    return Text(_CLOCKS, {"at": wall.replace(tzinfo=None).isoformat(timespec="minutes")})


def _joined(between: str, found: Sequence[Text | str]) -> Text:
    parts = {str(n): one for n, one in enumerate(filter(None, found))}
    return Text(_JOINED, {"between": between} | parts)


def stored(value: Text | str | None) -> str:
    """A text as the database keeps it; empty where there is none."""
    if not value:
        return ""
    return json.dumps(_plain(own_words(value)), ensure_ascii=False, sort_keys=True)


def _plain(value: Any) -> Any:
    if isinstance(value, Text):
        params = {name: _plain(one) for name, one in value.params.items()}
        return {"code": value.code, "params": params}
    if isinstance(value, bool | int | float) or value is None:
        return value
    return str(value)[:LONGEST]


def read(kept: str) -> Text | str:
    """What `stored` wrote; a row from before sentences had codes reads as its own words."""
    if not kept:
        return ""
    try:
        return _text(json.loads(kept))
    except (ValueError, KeyError, TypeError, AttributeError):
        return Text("", {"text": kept})


def _text(held: Mapping[str, Any]) -> Text:
    params = {
        name: _text(one) if isinstance(one, dict) else one for name, one in held["params"].items()
    }
    return Text(held["code"], params)


class TextEncoder(json.JSONEncoder):
    """For JSON columns in which texts stand among other values; read with `TextDecoder`."""

    def default(self, o: Any) -> Any:
        return _plain(o) if isinstance(o, Text) else super().default(o)


class TextDecoder(json.JSONDecoder):
    """The other way round: whatever has a code and parameters, and nothing else, is a text."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options | {"object_hook": _as_text})


def _as_text(held: dict[str, Any]) -> Any:
    if held.keys() != {"code", "params"}:
        return held
    code, params = held["code"], held["params"]
    # A platform's value may have these keys by chance.
    return Text(code, params) if isinstance(code, str) and isinstance(params, dict) else held


class SentenceField(_TextColumn):
    """A column that keeps a `Text`; empty is the empty string. A string is kept as own words."""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Text | str:
        return read(value or "")

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, Text | str) else ""

    def get_prep_value(self, value: Any) -> str:
        return stored(value)

    def value_to_string(self, obj: models.Model) -> str:
        """For Django's serializers."""
        held: Any = self.value_from_object(obj)
        return stored(held)


def rewrite(rows: models.QuerySet[Any], name: str, codes: Mapping[str, str] | None = None) -> None:
    """For migrations: a column in which plain sentences stand keeps texts from now on. What stands
    in `codes` (sentence -> code) gets its code; nobody can tell any more what stood in the rest,
    which reads as it was written."""
    keys = list(rows.exclude(**{name: ""}).order_by("pk").values_list("pk", flat=True))
    for part in slices(keys):
        some = list(rows.filter(pk__in=part).select_related(None).only(name))
        for row in some:
            said = str(getattr(row, name))
            setattr(row, name, Text(codes[said]) if codes and said in codes else own_words(said))
        rows.bulk_update(some, [name])


@SentenceField.register_lookup
class _Says(IContains):
    """Finds a text by what it says in the active language, though only its code is kept."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        sql, params = super().as_sql(compiler, connection)
        term = str(self.rhs).casefold()
        codes = [code for code, words in _WORDS.items() if term in _all_words(words)]
        for code in codes:
            more, given = IContains(self.lhs, f'"code": "{code}"').as_sql(compiler, connection)
            sql, params = f"{sql} OR {more}", (*params, *given)
        return f"({sql})", tuple(params)


def _all_words(words: str | Promise) -> str:
    """The words of a sentence in lower case; of one that counts, in two of its forms."""
    plain = str(words)  # empty where the form depends on a number
    forms = [plain] if plain else [words % _Number(n) for n in (1, 5)]
    return " ".join(map(str, forms)).casefold()


class _Number(dict[str, int]):
    """The same number, whatever is to stand in a place."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def __missing__(self, name: str) -> int:
        return self.number
