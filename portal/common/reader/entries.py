"""A pasted list, as mail programs, chats and people write it: every entry a person or refused."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from integrations.base.texts import say

from .addresses import SEVERAL, UNCLEAR_NAME, Person, has_address, narrow, parse_person
from .headings import MAIL_HEADERS, NO_PEOPLE, is_label, meaning_of
from .pasted import CARD, bulleted, cards_in, unmarked
from .saying import reason

LONGEST_ENTRY = 1000  # characters
# Commas and semicolons of other scripts divide too.
_SEPARATORS = {",": ",", ";": ";", "\t": "\t", "、": ",", "،": ",", "，": ",", "؛": ";", "；": ";"}
_DIVIDING = re.compile(f'["<>{"".join(_SEPARATORS)}]')
# Words beside an address without a name of its own: theirs, or somebody else's?
BESIDE = say(
    "It is not clear whether this is the name of the address beside it. Put it into a line of its "
    "own, or write: Ann Example <ann@…>"
)
TOO_LONG = say("This is too long to be one person.")
# What stands before an entry: signs of a list, boxes to tick, numbers, letters with a bracket.
_BULLET = re.compile(
    r"\s*(?:[①-⑳•·‣⁃▪▫●○◦■□◆◇☐☑☒✓✔✗✘➢➤►▶→*+>–—-]+\s*(?:\[[ xX✓]?\]\s*)?"
    r"|\[[ xX✓]?\]\s+|\(?\d{1,5}\s?[)\]]\s*|\(?\d{1,5}[.:]\)?\s+|#?\d{1,5}\s+(?=\S.*@)"
    r"|\(?[a-zA-Z]\)\s+|\d{1,3}(?:\.\d{1,3}){1,4}[.)]?\s+|[§№]\s?\d{1,5}[.)]?\s+"
    r"|[Nn][or]\.?\s?\d{1,5}[.:)]*\s+"
    r"|(?=[ivxlIVXL]{2,7}[.)])(?:x{0,3}(?:ix|iv|v?i{0,3})|X{0,3}(?:IX|IV|V?I{0,3}))[.)]\s+)"
)
_WIDE_GAP = re.compile(r"\s{2,}")
_NUMBERED = re.compile(r"\s*(\d{1,5})\.(?=[^\s\d])")
_LETTERED = re.compile(r"\s*([a-zA-Z])\.\s+(?=\S+\s+\S|\S+@)")
_HEADER = re.compile(r"\s*([^\W\d_](?:[\w .-]{0,28}[\w.])?)\s*[:：]\s*")
# The same address again as a link, as Outlook and Markdown write it.
_AGAIN = re.compile(
    r"([^\s<>,;\"'()\[\]@]{1,64}@[^\s<>,;\"'()\[\]@]{1,255})([\]>'\"]?)\s{0,3}"
    r"[<(\[]\s{0,3}(?:mailto:\s{0,3})?\1(?:\?[^\s<>()]{0,200})?\s{0,3}[>)\]]",
    re.IGNORECASE,
)
_QUERY = re.compile(r"(mailto:[^\s<>?]{1,320})\?[^\s<>@]{0,2000}(?=[\s<>]|$)", re.IGNORECASE)
# "[Ann Example](mailto:ann@…)", as Markdown writes a link
_LINK = re.compile(
    r"\[([^\[\]@]{1,200})\]\(\s?(?:mailto:)?([^\s()<>@]{1,64}@[^\s()<>@?]{1,255})\s?\)"
)
_JOINED = re.compile(
    r"\s+(?:/|\||&|\+|-|–|und|and|et|y|e|i|oraz|en|og|och|ja|ve|и|та|a|sowie)\s+"
    r"|\s*\|\s*|(?<=\w)/(?=[^\s/@]{1,64}@)",
    re.IGNORECASE,
)
_JOINING = re.compile(
    r"^\s*(?:(?:und|and|et|y|e|i|oraz|en|og|och|ja|ve|и|та|sowie)\s+|[&/|+,;–-]\s*)", re.IGNORECASE
)


def _no_person(header: str) -> str:
    return say("This line of a mail (“%(header)s:”) names nobody to invite.", header=header)


@dataclass(slots=True)
class Entry:
    """What stands in line `line`: a person, or words without an address, or why neither."""

    line: int
    text: str
    person: Person | None = None
    problem: str = ""
    before: str = ""  # the name, where it stood before the address and a separator between them


def entries(text: str) -> list[Entry]:
    """Every entry of the text, in order. Nothing is passed over but bullets and headings."""
    headed = has_address(text)
    lines = narrow(text).splitlines()
    if headed:
        lines = [unmarked(line) for line in bulleted(lines)]
    cards = cards_in(lines)
    counting = _counting(lines)
    found: list[Entry] = []
    for n, line in enumerate(lines, start=1):
        if n in cards:
            found += [Entry(n, cards[n], problem=CARD)] if cards[n] else []
        elif line and not (headed and _is_label(line)):
            found += _of_line(n, line, counting, headed)
    return found


def is_of_mail(line: str) -> bool:
    """Whether the line begins as the head of a mail does: "To:", "Subject:"."""
    label = _HEADER.match(line)
    return label is not None and label[1].casefold() in MAIL_HEADERS | NO_PEOPLE


def _is_label(line: str) -> bool:
    """Whether nothing but headings stands in the line: "Name, E-Mail"."""
    parts = [part.strip(" \t\"':") for whole, _ in _parts(line) for part in _WIDE_GAP.split(whole)]
    return any(parts) and all(is_label(part) for part in parts if part)


def _counting(lines: Iterable[str]) -> re.Pattern[str] | None:
    """What counts the lines: "1.ann@…", "2.bob@…"; "a. Ann Example", "b. Bob Sample".

    Alone, "1." may belong to an address, and "A." to a name.
    """
    filled = [line for line in lines if line.strip()]
    numbers = [int(one[1]) for one in map(_NUMBERED.match, filled) if one]
    if len(numbers) > 1 and all(b - a == 1 for a, b in pairwise(numbers)):
        return _NUMBERED
    letters = [one[1] for one in map(_LETTERED.match, filled) if one]
    if len(letters) == len(filled) > 1 and letters[0] in "aA":
        return _LETTERED if all(ord(b) - ord(a) == 1 for a, b in pairwise(letters)) else None
    return None


def _of_line(
    number: int, line: str, counting: re.Pattern[str] | None, headed: bool
) -> Iterator[Entry]:
    line = _unlabelled(line, counting)
    label = _HEADER.match(line) if headed else None
    if label and label[1].casefold() in NO_PEOPLE:
        yield Entry(number, line[:LONGEST_ENTRY], problem=_no_person(label[1]))
        return
    if has_address(line):
        line = _QUERY.sub(r"\1", line)
        line = _LINK.sub(r"\1 <\2>", line)
        if any(sign in line for sign in "<(["):
            line = _AGAIN.sub(r"\1\2", line)
    if label and line.count("@") > 1 and not has_address(label[0]):
        line = _without_list_name(line, label)
    yield from _of_parts(number, line)


def _of_parts(number: int, line: str) -> Iterator[Entry]:
    """The entries of a line. A name directly before a bare address is that address's; what else
    stands beside one is refused, so that nobody else of that name is meant by it."""
    words: list[tuple[str, str]] = []  # the names since the last address, each with its separator
    last = ""  # what the last address was: "bare", or "named" by what stood before it
    for part, separator in _parts(line):
        part = _unlabelled(part, None).strip()
        if not part:
            continue
        if not has_address(part):
            words.append((part, separator))
            continue
        first, bare = part.split()[0], len(part.split()) == 1 and part.count("@") == 1
        if words and bare:
            yield _named(number, words, part, BESIDE if last == "bare" else "")
            last = "named"
        else:
            mine = _joined(words)
            yield from _words(number, words[: len(words) - len(mine)], last)
            whole = ", ".join([*mine, part])
            if mine and ("<" not in part or part.startswith("<")):
                yield Entry(number, whole, problem=UNCLEAR_NAME)
            else:
                yield from _whole(number, whole) if mine else _divided(number, part)
            last = "bare" if has_address(first) and not first.startswith("<") else ""
        words = []
    yield from _words(number, words, last)


def _joined(words: Sequence[tuple[str, str]]) -> list[str]:
    """The last of the names, which only a comma divides from what follows: perhaps the family name
    of "Example, Ann <ann@…>"."""
    found: list[str] = []
    for text, separator in reversed(words):
        if separator != ",":
            break
        found.insert(0, text)
    return found


def _named(number: int, words: Sequence[tuple[str, str]], address: str, problem: str) -> Entry:
    """ "Ann Example, ann@…", "Example, Ann; ann@…": the person; of more names none is clear."""
    texts = [text for text, _ in words]
    shown = ", ".join([*texts, address])
    inverted = len(words) == 2 and words[0][1] == "," != words[1][1]
    inverted = inverted and any(len(text.split()) == 1 for text in texts)
    if problem or len(shown) > LONGEST_ENTRY or not (inverted or len(words) == 1):
        return Entry(number, shown[:LONGEST_ENTRY], problem=problem or UNCLEAR_NAME)
    between = ", ".join(texts)
    whole = f"{between} <{address.strip('<>')}>" if inverted else f"{between} {address}"
    try:
        return Entry(number, shown, parse_person(whole), before=between.strip(" \t\"'"))
    except ValueError as error:
        return Entry(number, shown, problem=reason(error))


def _without_list_name(line: str, label: re.Match[str]) -> str:
    """ "Team: ann@…, bob@…;" without the list's name, unless it is the name of the first."""
    rest = line[label.end() :]
    first = rest.partition("@")[0].rpartition(" ")[2].strip("<\"'").casefold()
    named = any(word in first for word in label[1].casefold().split() if len(word) > 1)
    divided = [part for part, _ in _parts(rest) if has_address(part)]
    return line if named or len(divided) < 2 else rest


def _unlabelled(text: str, counting: re.Pattern[str] | None) -> str:
    """Without the bullet, the number and the "To:" before it."""
    for _ in range(3):
        found = _BULLET.match(text)
        if not found and counting:
            found = counting.match(text)
        if not found:
            label = _HEADER.match(text)
            known = label and (label[1].casefold() in MAIL_HEADERS or meaning_of(label[1]))
            found = label if known else None
        if not found or not found.end():
            break
        text = text[found.end() :]
    return text


def _words(number: int, words: Iterable[tuple[str, str]], last: str) -> Iterator[Entry]:
    """Names of people or groups; not clear after a `last` address that might be theirs."""
    for part, _ in words:
        text = part.strip(" \t\"'")
        if any(map(str.isalnum, text)):
            yield Entry(number, text, problem=BESIDE if last else "")


def _divided(number: int, part: str) -> Iterator[Entry]:
    """One entry for each of several people who stand in one part; else the part."""
    if part.count("@") < 2 or len(part) > LONGEST_ENTRY:
        yield from _whole(number, part)
        return
    pieces = _by_brackets(part) if "<" in part else _by_joints(part)
    if not pieces:
        yield Entry(number, part, problem=SEVERAL)
        return
    for piece in pieces:
        yield from _whole(number, piece)


def _by_brackets(part: str) -> list[str]:
    """ "Ann <a@b> and Bob <c@d>" divided after each bracket; nothing where that is not clear."""
    pieces = [f"{piece.strip()}>" for piece in part.split(">") if piece.strip()]
    if not part.rstrip().endswith(">") or any(piece.count("<") != 1 for piece in pieces):
        return [part] if part.count("<") == 1 else []
    joined = [bool(_JOINING.match(piece)) for piece in pieces]
    bare = [_JOINING.sub("", piece).startswith("<") for piece in pieces]
    unclear = any(b and not j for b, j in list(zip(bare, joined, strict=True))[1:])
    if unclear and not all(bare):
        return []
    return [_JOINING.sub("", piece) for piece in pieces]


def _by_joints(part: str) -> list[str]:
    """ "a@b / c@d", "a@b und c@d" or "a@b c@d" divided; nothing where that is not clear."""
    pieces = [piece.strip() for piece in _JOINED.split(part) if piece.strip()]
    found: list[str] = []
    for piece in pieces:
        words = piece.split()
        found += words if len(words) > 1 and all(map(has_address, words)) else [piece]
    return found if all(one.count("@") == 1 for one in found) else []


def _whole(number: int, text: str) -> Iterator[Entry]:
    if len(text) > LONGEST_ENTRY:
        yield Entry(number, text[:LONGEST_ENTRY], problem=TOO_LONG)
        return
    if text.count(",") > 1 and "<" in text and '"' not in text.partition("<")[0]:
        yield Entry(number, text, problem=UNCLEAR_NAME)
        return
    try:
        yield Entry(number, text, parse_person(text))
    except ValueError as error:
        yield Entry(number, text, problem=reason(error))


def _parts(text: str) -> list[tuple[str, str]]:
    """(part, the separator after it), quotes and angle brackets kept whole."""
    found: list[tuple[str, str]] = []
    begun, closing = 0, ""
    last = {'"': text.rfind('"'), "<": text.rfind(">")}
    for one in _DIVIDING.finditer(text):
        place, sign = one.start(), one[0]
        if sign == closing:
            closing = ""
        elif not closing and last.get(sign, 0) > place and (sign == "<" or _opens(text, place)):
            closing = '"' if sign == '"' else ">"
        if not closing and sign in _SEPARATORS:
            found.append((text[begun:place], _SEPARATORS[sign]))
            begun = place + 1
    return [*found, (text[begun:], "\n")]


def _opens(text: str, place: int) -> bool:
    return place == 0 or not text[place - 1].isalnum()
