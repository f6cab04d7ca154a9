"""From a file, or pasted text, to numbered rows of text. Nothing is computed: "=1+1" stays text."""

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from python_calamine import CalamineError, CalamineWorkbook

from portal.common.errors import NotPossible
from portal.conferences.services.addresses import has_address

LARGEST_FILE = 10 * 1024 * 1024  # bytes
MOST_ROWS = 50_000
# A small XLSX may claim an enormous sheet; what is read must fit into memory.
MOST_CELLS, LARGEST_SHEET = 2_000_000, 200 * 1024 * 1024
_PLACE = re.compile(rb'<c [^>]*?r="([A-Z]{1,3})(\d{1,7})"|<row [^>]*?r="(\d{1,7})"')
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
NOT_A_TABLE = "This is not a CSV or XLSX file. Save it as one of them and try again."
Cells = tuple[int, list[str]]


@dataclass(slots=True)
class Sheet:
    """Rows with the number of the line in which each begins, and how they were read."""

    rows: list[Cells]
    how: str
    remarks: list[str] = field(default_factory=list)


def read(content: bytes) -> Sheet:
    """Read a file by what is in it, whatever it is called. Raises NotPossible with a sentence."""
    if len(content) > LARGEST_FILE:
        raise NotPossible("The file is larger than 10 MB. Divide it and import the parts.")
    if content.startswith(b"PK\x03\x04"):
        return _limited(_xlsx(content))
    if content.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")):
        raise NotPossible(NOT_A_TABLE)
    text, encoding = decode(content)
    return read_text(text, encoding)


def read_text(text: str, encoding: str = "text") -> Sheet:
    """Read delimited text. Raises NotPossible with a sentence."""
    delimiter = _delimiter(text)
    sheet = Sheet([], f"{encoding}, columns by {DELIMITERS[delimiter]}")
    try:
        sheet.rows = list(_csv(text, delimiter, csv.QUOTE_MINIMAL))
        broken = any("\n" in cell and has_address(cell) for _, row in sheet.rows for cell in row)
    except csv.Error:
        broken = True
    if broken:
        sheet.remarks.append("A quotation mark is not closed; every line was read for itself.")
        try:
            sheet.rows = list(_csv(text, delimiter, csv.QUOTE_NONE))
        except csv.Error:
            raise NotPossible("A line of this text is far too long to be a row.") from None
    return _limited(sheet)


def decode(content: bytes) -> tuple[str, str]:
    """Text and the name of its encoding: by its mark, else by what it can be, at last by habit."""
    for mark, codec, name in (
        (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"), (b"\xff\xfe", "utf-16", "UTF-16"),
        (b"\xfe\xff", "utf-16", "UTF-16"),
    ):  # fmt: skip
        if content.startswith(mark):
            return content.decode(codec, errors="replace"), name
    head = content[:4000]
    for codec, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
        if len(zeros) > 1 and zeros.count(0) > 0.6 * len(zeros):
            return content.decode(codec, errors="replace"), "UTF-16"
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), "Windows-1252"


def _delimiter(text: str) -> str:
    """The sign by which most of the first lines have the same number of columns, above one."""
    head = [line for line in text[:100_000].splitlines() if line.strip()][:40]

    def fitness(delimiter: str) -> tuple[float, int]:
        try:
            widths = Counter(len(row) for row in csv.reader(head, delimiter=delimiter))
        except csv.Error:
            return 0, 0
        width, lines = widths.most_common(1)[0] if widths else (1, 0)
        return (lines / max(len(head), 1), width) if width > 1 else (0, 0)

    return max(DELIMITERS, key=fitness)


def _csv(text: str, delimiter: str, quoting: Literal[0, 3]) -> Iterator[Cells]:
    reader = csv.reader(
        io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"), newline=""),
        delimiter=delimiter, quoting=quoting, skipinitialspace=True,
    )  # fmt: skip
    line = 1
    for row in reader:
        cells = [cell.strip(' "' if quoting == csv.QUOTE_NONE else None) for cell in row]
        if any(cells):
            yield line, cells
        line = reader.line_num + 1


def _xlsx(content: bytes) -> Sheet:
    _check_extent(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            cells = [(n, [_text(cell) for cell in row]) for n, row in enumerate(rows, start=1)]
            if filled := [one for one in cells if any(one[1])]:
                return Sheet(filled, f"XLSX, sheet {name}")
    except (CalamineError, OSError, ValueError) as error:
        raise NotPossible(NOT_A_TABLE) from error
    except BaseException as error:
        # The reader is compiled; what it did not foresee arrives outside Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise NotPossible(NOT_A_TABLE) from None
    raise NotPossible("There is nothing in this file.")


def _check_extent(content: bytes) -> None:
    """Refuse what only pretends to be small, before it is unpacked into memory."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if "xl/workbook.xml" not in archive.namelist():
                raise NotPossible(NOT_A_TABLE)
            if sum(info.file_size for info in archive.infolist()) > LARGEST_SHEET:
                raise NotPossible("Unpacked, this file is far too large. Import it in parts.")
            for name in archive.namelist():
                if name.startswith("xl/worksheets/") and _cells(archive.read(name)) > MOST_CELLS:
                    raise NotPossible(
                        "A sheet of this file reaches too far: some cell far below or far to the "
                        "right is filled. Copy the people into a new file."
                    )
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError):
        raise NotPossible(NOT_A_TABLE) from None


def _cells(sheet: bytes) -> int:
    """How many cells the used area has, from the first to the last that is filled."""
    width = height = 1
    for found in _PLACE.finditer(sheet):
        letters, row = found[1] or b"A", int(found[2] or found[3])
        column = 0
        for letter in letters:
            column = column * 26 + letter - 64
        width, height = max(width, column), max(height, row)
    return width * height


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell).strip()


def _limited(sheet: Sheet) -> Sheet:
    if not sheet.rows:
        raise NotPossible("There is nothing in it.")
    if len(sheet.rows) > MOST_ROWS:
        raise NotPossible(f"That is more than {MOST_ROWS} rows. Divide it and import the parts.")
    return sheet
