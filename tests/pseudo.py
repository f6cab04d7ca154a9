"""A language that exists only in tests: the messages' own letters, but not of our alphabet.

What is said in it stands out from what no translator would ever be asked for.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from string import ascii_letters

from django.utils.translation import override, trans_real

_CONTEXT = "\x04"  # gettext's sign between a context and its message
# What a message holds beside words: places, tags, entities.
_NO_WORDS = re.compile(r"(%\(\w+\)[-+ #0]*\d*(?:\.\d+)?[a-zA-Z]|%[a-zA-Z%]|<[^>]*>|&#?\w+;|{\w*})")
_OTHER = {ord(letter): ord(letter) + 0xFEE0 for letter in ascii_letters}  # the wide ones


def translated(message: str) -> str:
    """The message in that language; what will stand in it is left as it is."""
    parts = _NO_WORDS.split(message.rpartition(_CONTEXT)[2])
    return "".join(
        part if number % 2 else part.translate(_OTHER) for number, part in enumerate(parts)
    )


class _Language:
    """What Django asks of a catalogue."""

    def gettext(self, message: str) -> str:
        return translated(message)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return translated(singular if number == 1 else plural)

    def to_language(self) -> str:
        return "en"  # dates and numbers keep the form that tests know


@contextmanager
def spoken() -> Iterator[None]:
    """Everything that is said meanwhile is said in that language."""
    with override(None):  # puts back what was, also where no language had been chosen
        trans_real._active.value = _Language()
        yield


class Visible(HTMLParser):
    """The texts of a page that somebody sees or hears: its nodes, and the attributes that speak."""

    SILENT = frozenset(("script", "style", "svg", "textarea"))
    SPEAKING = frozenset(("title", "aria-label", "placeholder", "alt", "data-label"))

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._inside: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.SILENT:
            self._inside.append(tag)
        self.texts += [value for name, value in attrs if name in self.SPEAKING and value]

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not self._inside and (text := " ".join(data.split())):
            self.texts.append(text)
