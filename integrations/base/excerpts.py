"""What of an answer may be shown to whoever looks for a mistake: its build, and what went wrong.

An answer is full of people, and a log or a run's page is no place for them. So in whatever looks
like JSON each text is blanked but those under keys that say what went wrong; keys, numbers and
structure stay, since they tell how the answer differs from the documented one. It is read sign by
sign and never parsed: the answer that is asked about may be cut, garbled or no JSON at all.
"""

import re
from dataclasses import dataclass

from integrations.base.hiding import without_addresses

# Keys of texts that say what went wrong, as the rooms read them (each one's `read_error`).
ALLOWED = frozenset(
    {"code", "detail", "error", "error_code", "error_description", "error_message", "errors"}
    | {"exception", "message", "reason", "status", "type"}
)
# And those that name a parameter or a kind of error, where they stand among errors: elsewhere
# they hold titles, places and people.
AMONG_ERRORS = frozenset({"attribute", "domain", "field", "location", "locationtype", "name"})
ERRORS = frozenset({"error", "errors"})
BLANK = "…"

_TOKEN = re.compile(
    r"\"(?:[^\"\\]|\\.)*\"?|'(?:[^'\\]|\\.)*'?|[{}\[\],:]|\s+|[^\s\"'{}\[\],:]+", re.DOTALL
)
_PLAIN = re.compile(r"true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_BARE_KEY = re.compile(r"[A-Za-z_]\w*")
_PARAMETER = re.compile(r"[\w.\[\]-]{1,64}")
_COLON = re.compile(r"\s*+:")
_PAIR = re.compile(r"[\"']\s{0,9}:")
# Where a text is JSON from its beginning, and where JSON begins within words.
_WHOLE = re.compile(r"[\ufeff\s]*+(?=[{\"]|\[\s*+(?:[\[{\"'\]\d-]|true|false|null))")
_WITHIN = re.compile(
    r"(?=\{\s{0,99}[\"']|\[\s{0,99}[\"'\[{])"
    r"|(?:[\"'](?P<key>[\w.-]{1,64}))?[\"']\s{0,9}:\s{0,9}(?=[\"'{\[])"
)


@dataclass(slots=True)
class _Level:
    """An object or a list that is open. `key`: the last one read there, for a list its own."""

    is_object: bool
    key: str = ""
    among_errors: bool = False
    # Texts by field: each member says what is wrong, whatever its key is.
    all_said: bool = False


def excerpt(text: str, *, cut: bool = False) -> str:
    """The text with nobody in it. `cut`: it was cut off by us, so its last word may be half of one
    that would be hidden."""
    if begun := _WHOLE.match(text):
        # What comes behind its end, in a garbled one, may be more of it.
        shown = begun[0] + _Reader(text, begun.end(), _Level(True), stop=False).read()
    else:
        shown = _words_shown(text, cut)
    return without_addresses(shown)


def _words_shown(text: str, cut: bool) -> str:
    """Words or HTML, in which a value may stand that is read as JSON."""
    parts: list[str] = []
    at = 0
    while found := _WITHIN.search(text, at):
        reader = _Reader(text, found.end(), _Level(False, (found["key"] or "").lower()))
        parts += (text[at : found.end()], reader.read())
        at = reader.at
    return "".join(parts) + (_without_last_word(text[at:]) if cut else text[at:])


class _Reader:
    """Reads JSON, or what is there of it; where it is to `stop`, to the end of one value."""

    def __init__(self, text: str, at: int, around: _Level, *, stop: bool = True) -> None:
        self.text = text
        self.at = at
        self.around = around
        self.stop = stop
        self.levels: list[_Level] = []

    def read(self) -> str:
        """What may be shown of it; afterwards `at` is where it ended."""
        parts = []
        for token in _TOKEN.finditer(self.text, self.at):
            word, self.at = token[0], token.end()
            parts.append(self._shown(word, self.at))
            if self.stop and not self.levels and not word.isspace():
                break
        return "".join(parts)

    def _shown(self, word: str, end: int) -> str:
        level = self.levels[-1] if self.levels else self.around
        if word in "{[":
            self.levels.append(self._opened(level, word == "{"))
        elif word in "}]":
            del self.levels[-1:]
        elif word == "," and level.is_object:
            level.key = ""
        if word in "{}[],:" or word.isspace():
            return word
        if self._is_key(level, word, end):
            level.key = word.strip("\"'").lower()
            return word
        if word[0] in "\"'":
            return _text_shown(word, level)
        return word if _PLAIN.fullmatch(word) else BLANK

    def _opened(self, level: _Level, is_object: bool) -> _Level:
        among = level.among_errors or level.key in ERRORS
        if not is_object:
            return _Level(False, level.key, among, level.all_said)
        by_field = level.is_object and level.key == "errors"
        return _Level(True, "", among, by_field)

    def _is_key(self, level: _Level, word: str, end: int) -> bool:
        if not level.is_object or level.key or not _COLON.match(self.text, end):
            return False
        return word[0] in "\"'" or _BARE_KEY.fullmatch(word) is not None


def _text_shown(word: str, level: _Level) -> str:
    """A text in its quotes, blanked where it may name somebody."""
    quote, closed = word[0], len(word) > 1 and word[-1] == word[0]
    inner = word[1:-1] if closed else word[1:]
    said = level.all_said or level.key in ALLOWED
    names = level.among_errors and level.key in AMONG_ERRORS and _PARAMETER.fullmatch(inner)
    if not said and not names:
        inner = BLANK
    elif _PAIR.search(inner):
        # Perhaps JSON within the text.
        inner = BLANK
    elif not closed:
        inner = _without_last_word(inner)
    return quote + inner + (quote if closed else "")


def _without_last_word(text: str) -> str:
    """The text without what may be half a word."""
    if not text or text[-1].isspace():
        return text
    words = text.rsplit(None, 1)
    return text[: len(text) - len(words[-1])] + BLANK
