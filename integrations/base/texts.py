"""What a room says to people: English here, and translated where it is shown.

Rooms know no gettext. They mark a sentence with `_`, and one in which something stands with `say`;
the portal finds the marked words among the catalogues and keeps them with what stands in them, so
that the same sentence can be read in another language years later. What a platform itself answers
is a parameter: nobody translates it.
"""

from typing import Any


class Said(str):
    """A sentence in English with what stands in it: `words`, with places `%(name)s`, and `params`.

    It is a string, and reads as one wherever nobody translates. A parameter may be such a sentence
    itself. Whatever is made of it (`+`, `join`, an f-string) is a plain string, in English for
    ever: see `together` and `quoting`.
    """

    __slots__ = ("params", "words")
    words: str
    params: dict[str, Any]

    def __new__(cls, words: str, params: dict[str, Any]) -> "Said":
        words = str(words)
        said = super().__new__(cls, words % params if params else words)
        said.words, said.params = words, params
        return said

    def __reduce__(self) -> tuple[type["Said"], tuple[str, dict[str, Any]]]:
        return Said, (self.words, self.params)


def _(words: str) -> Said:
    """Mark a sentence for translation. Where something will stand in it (`%(name)s`), `say` or
    whoever is given it puts that in."""
    return Said(words, {})


def say(words: str, /, **params: Any) -> Said:
    """A sentence that is marked for translation, with what stands in it (`%(name)s`)."""
    return Said(words, params)


def quoting(plain: str, quoted: str, text: str, /, **params: Any) -> Said:
    """`quoted` with what a platform said in its own words (`%(said)s`), `plain` where it said
    nothing; both are marked."""
    return say(quoted, said=text, **params) if text else say(plain, **params)


def together(*found: str) -> Said:
    """Sentences that stand one after the other; empty ones are left out."""
    return _joined(" ", found)


def commas(*found: str) -> Said:
    """Parts of one list; empty ones are left out."""
    return _joined(", ", found)


def _joined(between: str, found: tuple[str, ...]) -> Said:
    # A text of places alone, which no catalogue has: each part is translated for itself.
    parts = {f"part{n}": one for n, one in enumerate(filter(None, found))}
    return Said(between.join(f"%({name})s" for name in parts), parts)
