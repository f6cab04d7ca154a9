"""What a page, a chat, a word processor or an address book leaves around the people in a text."""

import re
from collections.abc import Sequence
from html import unescape

from integrations.base.texts import say

from .addresses import has_address

CARD = say(
    "An address card (vCard) stands here. Paste only its name and address, or export the contacts "
    "as CSV."
)
_CARD_BEGINS, _CARD_ENDS = "BEGIN:VCARD", "END:VCARD"
_CARD_NAME = re.compile(r"(?:[\w.-]{1,20}\.)?FN[^:]{0,80}:(.{1,200})", re.IGNORECASE)
# Word's bullets, pasted as the letters that they are in their own fonts
_BULLET = re.compile(r"\s*[oqvnlwüØ§àè·]\t\s*(?=\S)")
# "*ann@…*", "_ann@…_", "**Ann Example** <ann@…>", as chats and Markdown mark words
_MARKED = re.compile(
    r"(?<![^\s<(\[,;])([*_`~]{1,3})(?=[^\s*_`~])([^*`~\n]{1,300}?)\1(?=[\s,;:>)\]]|$)"
)
_ANCHOR = re.compile(
    r"<a\b[^<>]{0,400}?mailto:([^\s\"'<>?]{3,320})[^<>]{0,400}>([^<>@]{0,200})</a\s*>",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<(?:br|/p|/li|/div|/tr)\b\s*/?>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|b|i|u|s|p|em|strong|small|span|font|div|ul|ol|li|table|tbody|thead|tr|td|th|h[1-6])"
    r"(?:\s[^<>@]{0,400})?/?>",
    re.IGNORECASE,
)
_ESCAPED = re.compile(r"&lt;\s{0,3}([^\s&;<>]{1,64}@[^\s&;<>]{3,255})\s{0,3}&gt;", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:lt|gt|quot|apos|nbsp|amp|#64|#x40);", re.IGNORECASE)


def unescaped(text: str) -> str:
    """The text with the brackets around its addresses as they were before HTML wrote "&lt;"."""
    return _ESCAPED.sub(r"<\1>", text) if "&" in text else text


def unmarked(line: str) -> str:
    """The line without the marks of HTML and of chats."""
    if "&" in line:
        line = _ENTITY.sub(lambda found: unescape(found[0]).replace("\xa0", " "), line)
    if "<" in line:
        line = _ANCHOR.sub(lambda found: f" {found[2]} <{found[1]}> ", line)
        line = _TAG.sub(" ", _BREAK.sub(";", line))
    if any(sign in line for sign in "*_`~"):
        line = _MARKED.sub(r"\2", line)
    return line


def bulleted(lines: Sequence[str]) -> list[str]:
    """The lines without Word's bullets, where each line with an address has one."""
    marked = [bool(_BULLET.match(line)) for line in lines]
    wanted = [mark for mark, line in zip(marked, lines, strict=True) if has_address(line)]
    if not wanted or not all(wanted):
        return list(lines)
    return [
        _BULLET.sub("", line, count=1) if mark else line
        for mark, line in zip(marked, lines, strict=True)
    ]


def has_cards(text: str) -> bool:
    """Whether address cards stand in the text."""
    return _CARD_BEGINS in text.upper()


def cards_in(lines: Sequence[str]) -> dict[int, str]:
    """Numbers of the lines that belong to an address card; at its first, whose card it is.

    One that has no end swallows nothing: its lines are read like all others.
    """
    found: dict[int, str] = {}
    begun: int | None = None
    for n, line in enumerate(lines, start=1):
        mark = line.strip().upper()
        if mark == _CARD_BEGINS:
            begun = n
        elif mark == _CARD_ENDS and begun is not None:
            found |= dict.fromkeys(range(begun, n + 1), "")
            found[begun] = _owner(lines[begun : n - 1])
            begun = None
    return found


def _owner(card: Sequence[str]) -> str:
    """The name and the addresses on a card, in one line."""
    names = [name[1] for line in card if (name := _CARD_NAME.match(line.strip()))]
    return " ".join([_CARD_BEGINS, *names[:1], *filter(has_address, card)])
