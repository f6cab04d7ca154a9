"""What a room says to people: English here, and translated where it is shown.

Rooms know no gettext. They mark a plain sentence with `_`, and one in which something stands with
`say`; the portal finds the marked words among the catalogues and keeps them with what stands in
them, so that the same sentence can be read in another language years later.
"""

from typing import Any


def _(words: str) -> str:
    """Mark a sentence for translation; it stays as it is."""
    return words


class Said(str):
    """A sentence in English with what stands in it: `words`, with places `%(name)s`, and `params`.

    It is a string, and reads as one wherever nobody translates.
    """

    __slots__ = ("params", "words")
    words: str
    params: dict[str, Any]

    def __new__(cls, words: str, params: dict[str, Any]) -> "Said":
        said = super().__new__(cls, words % params if params else words)
        said.words, said.params = words, params
        return said

    def __reduce__(self) -> tuple[type["Said"], tuple[str, dict[str, Any]]]:
        return Said, (self.words, self.params)


def say(words: str, /, **params: Any) -> Said:
    """A sentence that is marked for translation, with what stands in it (`%(name)s`)."""
    return Said(words, params)
