"""From a file's bytes, or pasted text, to people: with all that was guessed on the way."""

import re
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from typing import Any

from integrations.base.texts import say

from . import columns, delimited, encodings, workbook
from .addresses import Person, has_address
from .entries import LONGEST_ENTRY, Entry, entries, is_of_mail
from .own import OwnColumn
from .pasted import bulleted, has_cards, unescaped
from .people import Candidate, from_list, from_table
from .tables import LARGEST_FILE, MOST_ROWS, NOT_A_TABLE, NOTHING, Row, Table, Unreadable, limited

LIST = "list"
WEB_PAGE = say(
    "This is a web page, whatever it is called. Open it in a spreadsheet and save it as CSV or "
    "XLSX."
)
ONE_ROW = say("1 hidden row was passed over (a filter, or hidden by hand).")
SOME_ROWS = say("%(count)d hidden rows were passed over (a filter, or hidden by hand).")
ONE_SHEET = say("1 hidden sheet was passed over: %(sheets)s.")
SOME_SHEETS = say("%(count)d hidden sheets were passed over: %(sheets)s.")
_MARKUP = re.compile(rb"<(?:[?!]|(?:html|head|meta|style|body|table|div|tr|workbook)\b)")
_OTHERS = (
    (b"\xd0\xcf\x11\xe0", NOT_A_TABLE),
    (b"%PDF", NOT_A_TABLE),
    (b"\x89PNG", NOT_A_TABLE),
    (b"\xff\xd8\xff", NOT_A_TABLE),
    (b"GIF8", NOT_A_TABLE),
    (b"MZ\x90", NOT_A_TABLE),
    (b"{\\rtf", NOT_A_TABLE),
    (b"\x1f\x8b", NOT_A_TABLE),
    (b"BEGIN:VCARD", say("These are address cards (vCard). Export the contacts as CSV instead.")),
    (b"BEGIN:VCALENDAR", say("This is a calendar. Save the people as CSV or XLSX instead.")),
    (b"MIME-Version:", WEB_PAGE),
    (b"7z\xbc\xaf", NOT_A_TABLE),
    (b"Rar!", NOT_A_TABLE),
)


@dataclass(slots=True)
class Choices:
    """What staff have said on the preview; what is None is for the reader to find out."""

    pasted: bool = False
    codec: str = ""
    delimiter: str = ""  # one of DELIMITERS, or LIST
    sheet: int | None = None
    heading: int | None = None  # a line's number; 0: there are no headings
    hidden: bool = False  # take the hidden rows too
    columns: dict[int, str] = field(default_factory=dict)
    # The house's own columns, as JSON has them: key, label, sort, choices
    own: list[list[Any]] = field(default_factory=list)

    @property
    def own_columns(self) -> list[OwnColumn]:
        return [OwnColumn(key, label, kind, some) for key, label, kind, some in self.own]


@dataclass(slots=True)
class Reading:
    """How it was read, the choices that there are, and who is in it."""

    how: str = ""
    remarks: list[str] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    codec: str = ""
    guessed: bool = False
    delimiter: str = ""
    sheets: list[str] = field(default_factory=list)
    sheet: int = 0
    hidden: int = 0  # rows of the sheet that are hidden
    heading: int = 0
    lines: list[tuple[int, str]] = field(default_factory=list)  # that may be the headings
    columns: list[dict[str, Any]] = field(default_factory=list)


def read(content: bytes, choices: Choices | None = None) -> Reading:
    """Read a file by what is in it, whatever it is called. Raises Unreadable with a sentence."""
    choices = choices or Choices()
    if len(content) > LARGEST_FILE:
        raise Unreadable(say("It is larger than 10 MB. Divide it and import the parts."))
    if choices.pasted:
        return _of_text(content.decode("utf-8", errors="replace"), say("Text"), choices)
    if content.startswith(b"PK\x03\x04"):
        return _of_book(content, choices)
    _refuse_others(content[:200])
    decoded = encodings.decode(content, choices.codec)
    text = decoded.text.rstrip("\x00\x1a")  # the end of a file, as DOS marks it
    if text.count("\x00") > len(text) / 10:
        raise Unreadable(NOT_A_TABLE)
    _refuse_others(text[:200].encode())
    reading = _of_text(text, decoded.name, choices)
    reading.codec, reading.guessed = decoded.codec, decoded.guessed
    if decoded.guessed:
        said = say(
            "The file does not say its encoding; %(encoding)s was guessed from its letters. "
            "If names look wrong, choose another below.",
            encoding=decoded.name,
        )
        reading.remarks.insert(0, said)
    if word := encodings.garbled(text):
        said = say(
            "“%(word)s” looks as if it had been read in a wrong encoding before; "
            "such names cannot be mended here.",
            word=word,
        )
        reading.remarks.insert(0, said)
    return reading


def _refuse_others(head: bytes) -> None:
    """Raise Unreadable where the first bytes are those of something else than a table."""
    head = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    for mark, sentence in _OTHERS:
        if head.startswith(mark.lower()):
            raise Unreadable(sentence)
    if _MARKUP.match(head):
        raise Unreadable(WEB_PAGE)


def read_text(text: str) -> Reading:
    """Read pasted text. Raises Unreadable with a sentence."""
    return read(text.encode(errors="replace"), Choices(pasted=True))


def people_in(text: str) -> list[Entry]:
    """The entries of a text that was pasted into a box: a table's rows, or a list's entries.

    Words without an address are left to whoever asks: they may name a person or a group.
    """
    if not has_address(text) or "\n" not in text.strip() or has_cards(text):
        return entries(text)
    text = "\n".join(bulleted(unescaped(text).splitlines()))
    try:
        table, _ = delimited.rows_of(text)
        layout = None if is_list(table) else columns.layout(table.rows)
    except Unreadable:
        return entries(text)
    if layout is None or "email" not in layout.fields():
        return entries(text)
    lines = text.splitlines()
    found = [Entry(line, cut, problem=why) for line, cut, why in table.spoilt]
    for one in from_table(layout):
        whole = lines[one.line - 1][:LONGEST_ENTRY] if one.line <= len(lines) else one.email
        names = (one.values.get("first_name", ""), one.values.get("last_name", ""))
        person = None if one.problem else Person(one.email, *names)
        found.append(Entry(one.line, whole, person, one.problem))
    return sorted(found, key=lambda entry: entry.line)


def _of_text(text: str, name: str, choices: Choices) -> Reading:
    asked = choices.delimiter
    if choices.pasted and not asked:
        if has_cards(text):
            asked = LIST
        text = "\n".join(bulleted(delimited.lines_of(unescaped(text))))
    table, delimiter = delimited.rows_of(text, asked if asked in delimited.NAMED else "")
    if asked == LIST or (not asked and is_list(table)):
        found = Reading(say("%(source)s, a list of people", source=name), delimiter=LIST)
        found.candidates = list(from_list(text))
        if not any(has_address(one.email) for one in found.candidates):
            raise Unreadable(say("No e-mail address stands in it."))
        return _bounded(found)
    how = say(
        "%(source)s, columns by %(delimiter)s", source=name, delimiter=delimited.NAMED[delimiter]
    )
    found = _of_rows(table.rows, how, choices)
    found.delimiter = delimiter
    found.remarks = table.remarks + found.remarks
    found.candidates += [Candidate(line, cut, problem=why) for line, cut, why in table.spoilt]
    found.candidates.sort(key=lambda one: one.line)
    return _bounded(found)


def is_list(table: Table) -> bool:
    """Whether it is a list of addresses as mail programs write it, rather than a table.

    A table without headings has one address in a row, alone in its cell, and something beside it.
    """
    rows = table.rows
    if max((len(cells) for _, cells in rows), default=0) < 2:
        return True
    if columns.layout(rows[: columns.HEAD]).heading:
        return False
    if any(is_of_mail(cells[0]) for _, cells in rows if has_address(" ".join(cells))):
        return True
    addresses = [[cell for cell in cells if has_address(cell)] for _, cells in rows]
    beside = sum(any(not has_address(cell) for cell in cells if cell) for _, cells in rows)
    return (
        not beside
        or any(len(found) > 1 for found in addresses)
        or any(len(cell.split()) > 1 or "<" in cell for found in addresses for cell in found)
    )


def _of_rows(rows: list[Row], how: str, choices: Choices, hidden: Collection[int] = ()) -> Reading:
    if not rows:
        return Reading(how)
    found = columns.layout(rows, choices.heading, choices.columns, hidden, own=choices.own_columns)
    if "email" not in found.fields():
        if not choices.columns:
            raise Unreadable(say("No column holds e-mail addresses."))
        found.remarks.insert(0, say("Choose below which column holds the e-mail addresses."))
    reading = Reading(how, found.remarks, list(from_table(found)), heading=found.heading)
    reading.columns = [asdict(column) for column in found.columns]
    reading.lines = [
        (line, " | ".join(filter(None, cells))[:80])
        for line, cells in rows[: columns.HEAD]
        if not any(map(has_address, cells))
    ]
    return reading


def _of_book(content: bytes, choices: Choices) -> Reading:
    pages = workbook.sheets_of(content)
    if not any(page.rows or page.unseen for page in pages):
        raise Unreadable(say("There is nothing in this file."))
    best = _best(pages)
    number = choices.sheet if choices.sheet in range(len(pages)) else best
    page = pages[number or 0]
    rows = sorted(page.rows + page.unseen) if choices.hidden else page.rows
    how = say("XLSX, sheet %(sheet)s", sheet=page.name)
    found = _of_sheet(limited(rows), how, choices, page.hidden_columns)
    found.sheet, found.hidden = pages.index(page), len(page.unseen)
    found.sheets = [_sheet_label(one) for one in pages]
    said = _about_sheets(pages, page, best)
    if page.unseen and not choices.hidden:
        words = ONE_ROW if found.hidden == 1 else SOME_ROWS
        said.append(say(words, count=found.hidden))
    if not rows:
        said.append(say("Nothing can be seen on this sheet."))
    found.remarks = said + found.remarks
    return _bounded(found)


def _of_sheet(rows: list[Row], how: str, choices: Choices, hidden: Collection[int]) -> Reading:
    """The people of a sheet; one whose only column holds several things is read as text."""
    filled = [[cell for cell in cells if cell] for _, cells in rows]
    texts = [cells[0] for cells in filled if len(cells) == 1]
    if choices.columns or choices.heading is not None or len(texts) < len(filled):
        return _of_rows(rows, how, choices, hidden)
    if not any(has_address(text) and len(re.split(r"[,;\t|]", text)) > 1 for text in texts):
        return _of_rows(rows, how, choices, hidden)
    last = rows[-1][0] if rows else 0
    lines = [""] * last
    for (number, _), text in zip(rows, texts, strict=True):
        lines[number - 1] = " ".join(text.split("\n"))
    return _of_text("\n".join(lines), how, choices)


def _best(pages: list[workbook.Page]) -> int:
    """The sheet with the most rows that can be used, among those that can be seen."""
    seen = [n for n, page in enumerate(pages) if not page.hidden and page.rows]
    return max(seen, key=lambda n: pages[n].usable) if seen else 0


def _sheet_label(page: workbook.Page) -> str:
    if page.hidden:
        words = say("%(sheet)s (%(count)d with an address, hidden)")
    else:
        words = say("%(sheet)s (%(count)d with an address)")
    return say(words, sheet=page.name, count=page.usable)


def _about_sheets(pages: list[workbook.Page], page: workbook.Page, best: int) -> list[str]:
    said: list[str] = []
    hidden = [one for one in pages if one.hidden and one is not page]
    if hidden:
        words = ONE_SHEET if len(hidden) == 1 else SOME_SHEETS
        said.append(say(words, count=len(hidden), sheets=_quoted(hidden)))
    others = [one for one in pages if one is not page and not one.hidden and one.rows]
    if others:
        said.append(
            say(
                "Read was the sheet “%(sheet)s”. Others in the file: %(others)s.",
                sheet=page.name,
                others=_quoted(others),
            )
        )
    return said


def _quoted(pages: list[workbook.Page]) -> str:
    return ", ".join(f"“{one.name}”" for one in pages[:8])


def _bounded(reading: Reading) -> Reading:
    if not reading.candidates and not reading.columns and not reading.sheets:
        raise Unreadable(NOTHING)
    if len(reading.candidates) > MOST_ROWS:
        raise Unreadable(
            say("That is more than %(most)d people. Import it in parts.", most=MOST_ROWS)
        )
    return reading
