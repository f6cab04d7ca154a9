"""What a platform makes of a text that it is given: pure, and without knowledge of any platform.

It trims, re-cases, escapes, cleans, cuts at a number of bytes, loses what its database cannot hold.
None of that is an edit, so none of it may come back as one.
"""

import html
import re
import unicodedata

# Which signs a platform's database may hold. Beyond its set they are lost, or become "?".
SETS = ("cp1250", "cp1251", "cp1252", "iso8859-2", "latin-1", "ascii")
# So much of a cut text must be left for it to be told from another, shorter one.
LEAST = 9
NESTED = 5
LOST = "\ufffd"


def resembles(mine: str, shown: str) -> bool:
    """Whether `shown` could be what a platform made of `mine`."""
    if tidy(mine) == tidy(shown):
        return True
    plain, given = _unescaped(shown), _unescaped(mine)
    likely = [one for one in {plain, _without_tags(plain)} if _no_mark_is_new(given, one)]
    there = {_letters(one) for one in likely}
    if "" in there:
        return _may_vanish(mine) and not shown.strip(" ?" + LOST)
    wholes = {_letters(form) for form in _forms(given)}
    if there & wholes:
        return True
    long = len(plain.strip()) >= LEAST
    cut = [one for one in there if long or LOST in shown or _stops(given, one)]
    return any(whole.startswith(one) for whole in wholes for one in cut)


def same_written(mine: str, shown: str) -> bool:
    """Whether `shown` is `mine` and only written in another way: escaped, once or more often, with
    other ends of lines, or with accents as signs of their own. A panel that is saved again does
    so; nobody has edited anything. Ours must be the plain one of both."""
    plain = tidy(mine)
    return plain == tidy(shown) and plain == _line_ends(mine)


def tidy(text: str) -> str:
    """The text as one would read it: nothing escaped, ends of lines and accents in one way."""
    return _line_ends(_unescaped(text))


def _line_ends(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    return re.sub(r"\r+\n?", "\n", composed).strip()


def _unescaped(text: str) -> str:
    for _ in range(NESTED):
        if "&" not in text or (plain := html.unescape(text)) == text:
            break
        text = plain
    return text


def _forms(text: str) -> list[str]:
    """The text as it is, and as each set of signs would leave it; with and without what looks like
    a tag."""
    plain = unicodedata.normalize("NFC", text)
    found = []
    for one in {plain, _without_tags(plain)}:
        spread = unicodedata.normalize("NFKD", one)
        found += [one, "".join(sign for sign in one if ord(sign) < 0x10000)]
        found += [one.encode(name, "ignore").decode(name) for name in SETS]
        found.append(spread.encode("ascii", "ignore").decode())
    return found


def _without_tags(text: str) -> str:
    return re.sub(r"<[^<>]*>", "", text)


def _letters(text: str) -> str:
    """Letters and digits alone, without accents and case."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in spread if sign.isalnum()).casefold()


def _no_mark_is_new(mine: str, shown: str) -> bool:
    """Marks between the letters may have gone, and those beyond ASCII may have become simple ones
    ("-", "?" even for a letter). One that ours has not was written by somebody."""
    rich = not mine.isascii()
    left = iter(_marks(mine))
    return all(
        (rich and mark in "?" + LOST) or any(mark == own or not own.isascii() for own in left)
        for mark in _marks(shown)
    )


def _marks(text: str) -> list[str]:
    composed = unicodedata.normalize("NFC", text)
    return [one for one in composed if not one.isalnum() and not one.isspace()]


def _may_vanish(text: str) -> bool:
    """Whether nothing may be left of a text: it holds no letter of the poorest set."""
    return not _letters(text.encode("ascii", "ignore").decode())


def _stops(mine: str, there: str) -> bool:
    """Whether a cut stands just before a sign of four bytes, where some databases stop."""
    before = re.split("[\U00010000-\U0010ffff]", unicodedata.normalize("NFC", mine))
    return len(before) > 1 and _letters(before[0]) == there
