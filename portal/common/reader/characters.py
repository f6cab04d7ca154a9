"""Letters and signs: what nobody sees is left out, and every alphabet compares without case."""

import re
import unicodedata

from integrations.base.texts import say

NAME_MAXIMUM = 200
_UNUSABLE = frozenset({"Cc", "Cs", "Co", "Cn"})
# Signs without a shape: soft hyphen, zero width, marks of direction, of byte order, of language.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# The joiners shape letters in Persian and in India, and families of emoji; elsewhere they hide.
_SHAPED = "\u0600-\u1fff\u2600-\u27bf\ufe0f\U0001f000-\U0001ffff"
_JOINER = re.compile(f"(?<![{_SHAPED}])[\u200c\u200d]+|[\u200c\u200d]+(?![{_SHAPED}])")
# Letters that Unicode does not take apart into a plain letter and a mark.
_PLAIN = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "ı": "i",
        "ŧ": "t",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "`": "'",
        "´": "'",
        "‐": "-",
        "‑": "-",
        "–": "-",
        "—": "-",
    }
)
# Accents, and the points of Hebrew and Arabic; in other alphabets such signs are letters.
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]")

_SIGNS = re.compile(r"[\W_]+")


def tidy(text: str) -> str:
    """The text in Unicode's composed form (NFC), without signs that cannot be seen."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _JOINER.sub("", _UNSEEN.sub("", text)))


def check_text(text: str, label: str, maximum: int = NAME_MAXIMUM) -> str:
    """The tidy text with runs of white space made one space. Raises ValueError with a sentence."""
    text = " ".join(tidy(text).split())
    if len(text) > maximum:
        raise ValueError(
            say(
                "%(label)s: at most %(most)d characters fit; this has %(count)d.",
                label=label,
                most=maximum,
                count=len(text),
            )
        )
    for sign in "" if text.isascii() and text.isprintable() else text:
        if sign == "\ufffd":
            raise ValueError(
                say("%(label)s: a letter was lost in it (�). Choose another encoding.", label=label)
            )
        if unicodedata.category(sign) in _UNUSABLE:
            raise ValueError(
                say(
                    "%(label)s: it holds a character that cannot be used (U+%(code)s).",
                    label=label,
                    code=f"{ord(sign):04X}",
                )
            )
    return text


def fold(text: str) -> str:
    """The text as it is searched and sorted: without case, accents and runs of white space.

    "MÜLLER" and "Mu\u0308ller" are "muller", "Łucja" is "lucja", "ΌΛΓΑ" is "ολγα".
    """
    if text.isascii():
        return " ".join(text.lower().split())
    letters = unicodedata.normalize("NFKD", tidy(text).casefold())
    return " ".join(_MARKS.sub("", letters).casefold().translate(_PLAIN).split())


def word_of(heading: str) -> str:
    """A heading as it is compared: "Prénom :" is "prenom"."""
    return _SIGNS.sub("", fold(heading))


# A spreadsheet takes a cell that begins with one of these for a formula (OWASP, CSV injection),
# some after signs that nobody sees.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def _would_run(text: str) -> bool:
    if text.startswith(_FORMULA):
        return True
    unseen = ("Zs", "Zl", "Zp", "Cf", "Cc")
    for sign in text:
        if unicodedata.category(sign) not in unseen and not _UNSEEN.match(sign):
            return sign in _FORMULA
        if sign in _FORMULA:
            return True
    return False


def guarded(text: str) -> str:
    """The text for a cell of a CSV: an apostrophe before what looks like a formula keeps it text.

    One more before what begins with such an apostrophe already, so that `unguarded` undoes it.
    """
    return f"'{text}" if _would_run(text.lstrip("'")) else text


def unguarded(text: str) -> str:
    """The text of a cell without the apostrophe that guards it."""
    return text[1:] if text.startswith("'") and _would_run(text.lstrip("'")) else text
