"""An XLSX file as sheets of text. Nothing is computed; what only pretends to be small is refused.

What is hidden is known from the file's own XML: the reader that hands out the values does not
tell which rows a filter has hidden.
"""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from integrations.base.texts import say

from .addresses import has_address
from .tables import MOST_COLUMNS, NOT_A_TABLE, Row, Unreadable

# A small XLSX may claim an enormous sheet; what is read must fit into memory.
MOST_CELLS, LARGEST_SHEET = 2_000_000, 200 * 1024 * 1024
MOST_SHEETS = 100
LARGEST_INDEX = 5 * 1024 * 1024
PIECE = 8 * 1024 * 1024
TOO_FAR = say(
    "A sheet of this file reaches too far: some cell far below or far to the right is filled. "
    "Copy the people into a new file."
)
_ERRORS = (
    CalamineError,
    OSError,
    ValueError,
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    KeyError,
    EOFError,
    expat.ExpatError,
)


@dataclass(slots=True)
class Page:
    """One sheet: rows that are seen, those that are not, and the columns that are not."""

    name: str
    rows: list[Row] = field(default_factory=list)
    unseen: list[Row] = field(default_factory=list)
    hidden: bool = False
    hidden_columns: frozenset[int] = frozenset()  # counted from 0

    @property
    def usable(self) -> int:
        """In how many rows an address stands."""
        return sum(any(map(has_address, cells)) for _, cells in self.rows)


def sheets_of(content: bytes) -> list[Page]:
    """Every sheet of the file, in its order. Raises Unreadable with a sentence."""
    try:
        unseen = _extents(content)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        found = [
            _page(book, about, unseen.get(about.name) or _Extent())
            for about in book.sheets_metadata[:MOST_SHEETS]
            if about.typ == SheetTypeEnum.WorkSheet
        ]
    except Unreadable:
        raise
    except _ERRORS as error:
        raise Unreadable(NOT_A_TABLE) from error
    except BaseException as error:
        # The reader is compiled; what it did not foresee arrives outside Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise Unreadable(NOT_A_TABLE) from None
    return found


def _page(book: Any, about: Any, extent: "_Extent") -> Page:
    hidden = about.visible != SheetVisibleEnum.Visible
    columns = frozenset(n for first, last in extent.hidden_columns for n in range(first, last))
    page = Page(about.name, hidden=hidden, hidden_columns=columns)
    rows = book.get_sheet_by_name(about.name).to_python(skip_empty_area=False)
    for number, row in enumerate(rows, start=1):
        cells = [_text(cell) for cell in row[:MOST_COLUMNS]]
        if any(cells):
            (page.unseen if number in extent.hidden else page.rows).append((number, cells))
    return page


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell).strip()


def _extents(content: bytes) -> dict[str, "_Extent"]:
    """Sheet -> what of it is hidden, by hand or by a filter. Refuses what is too large."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        infos = archive.infolist()
        names = {info.filename.casefold(): info.filename for info in infos}
        if "xl/workbook.xml" not in names:
            raise Unreadable(NOT_A_TABLE)
        if sum(info.file_size for info in infos) > LARGEST_SHEET:
            raise Unreadable(say("Unpacked, this file is far too large. Import it in parts."))
        extents: dict[str, _Extent] = {}
        cells = 0
        parts = _parts(archive, names)
        sheets = frozenset(parts.values())
        for info in infos:
            name = info.filename.casefold()
            if (name in sheets or name.startswith("xl/worksheets/")) and not info.is_dir():
                extent = _Extent()
                _parse(archive.open(info), extent.begin)
                cells += extent.cells
                if cells > MOST_CELLS:
                    raise Unreadable(TOO_FAR)
                extents[name] = extent
        return {name: extents[part] for name, part in parts.items() if part in extents}


def _parts(archive: zipfile.ZipFile, names: dict[str, str]) -> dict[str, str]:
    """Sheet -> the file within the archive that holds it."""
    targets: dict[str, str] = {}
    sheets: dict[str, str] = {}

    def relation(tag: str, given: dict[str, str]) -> None:
        if tag == "Relationship":
            target = given.get("Target", "").casefold()
            absolute = target.startswith(("/", "xl/"))
            whole = target.removeprefix("/") if absolute else f"xl/{target}"
            targets[given.get("Id", "")] = whole

    def sheet(tag: str, given: dict[str, str]) -> None:
        if tag == "sheet":
            ids = [value for name, value in given.items() if name.rpartition(":")[2] == "id"]
            sheets[given.get("name", "")] = ids[0] if ids else ""

    for part, handler in (("xl/_rels/workbook.xml.rels", relation), ("xl/workbook.xml", sheet)):
        if part in names:
            info = archive.getinfo(names[part])
            if info.file_size > LARGEST_INDEX:
                raise Unreadable(NOT_A_TABLE)
            _parse(archive.open(info), handler)
    return {name: targets.get(key, "") for name, key in sheets.items()}


def _parse(file: Any, begin: Callable[[str, dict[str, str]], None]) -> None:
    """Tell `begin` each tag, without its prefix, and its attributes; entities are refused."""
    parser = expat.ParserCreate()

    def start(tag: str, given: dict[str, str]) -> None:
        begin(tag.rpartition(":")[2], given)

    def doctype(*_: Any) -> None:
        raise Unreadable(NOT_A_TABLE)

    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = doctype
    # In large pieces: a tag that goes on and on is looked at anew with each of them.
    with file:
        while piece := file.read(PIECE):
            parser.Parse(piece, False)
        parser.Parse(b"", True)


def _number(text: str) -> int:
    text = text.strip()
    return int(text[:9]) if text.isascii() and text.isdigit() else 0


class _Extent:
    """How many cells the used area of a sheet has, and which rows and columns are hidden."""

    def __init__(self) -> None:
        self.row = self.column = 0
        self.width = self.height = 1
        self.hidden: set[int] = set()
        self.hidden_columns: list[tuple[int, int]] = []

    @property
    def cells(self) -> int:
        return self.width * self.height

    def begin(self, tag: str, given: dict[str, str]) -> None:
        if tag == "row":
            self.row = _number(given.get("r", "")) or self.row + 1
            self.column = 0
            self.height = max(self.height, self.row)
            if given.get("hidden", "0") in ("1", "true") or given.get("ht") == "0":
                self.hidden.add(self.row)
        elif tag == "col":
            if given.get("hidden", "0") in ("1", "true") or given.get("width") == "0":
                first, last = (_number(given.get(name, "")) for name in ("min", "max"))
                self.hidden_columns.append((max(first, 1) - 1, min(last, MOST_COLUMNS)))
        elif tag == "c":
            self._cell(given.get("r", "").strip())

    def _cell(self, place: str) -> None:
        letters = place.rstrip("0123456789")
        digits = place[len(letters) :]
        self.column += 1
        if letters.isascii() and letters.isalpha() and len(letters) <= 7:
            self.column = 0
            for letter in letters.upper():
                self.column = self.column * 26 + ord(letter) - 64
        if digits.isascii() and digits.isdigit():
            self.height = max(self.height, int(digits[:9]))
        self.width = max(self.width, self.column)
