"""A list as an XLSX file, made while it leaves: however long it is, little of it is in memory.

Every cell is text, apart from numbers and days: nothing in it is ever a formula. What is written
is the least that the format asks for (ECMA-376): few styles, texts within their cells.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain, islice
from math import isfinite
from typing import Any
from xml.sax.saxutils import escape

from portal.common.batches import slices
from portal.common.reader.characters import guarded

MOST_ROWS = 1_048_576  # of a sheet; a longer list goes on on the next one
MOST_CHARACTERS = 32_767  # of a cell
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MADE = (1980, 1, 1, 0, 0, 0)  # no file differs from another by when it was asked for
_MAIN = "http://schemas.openxmlformats.org"
_SHEETS, _DOCUMENT = f"{_MAIN}/spreadsheetml/2006/main", f"{_MAIN}/officeDocument/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# What XML cannot hold, and what spreadsheets take for a sign written by its number
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CODED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_TYPES = (
    f'{_HEAD}<Types xmlns="{_MAIN}/package/2006/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Default Extension="xml" ContentType="{_KIND}.worksheet+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>'
)
# Plain for numbers; text ("@", which has the number 49 in the format); the same in bold; a day as
# the reader's own spreadsheet writes one (14)
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_SHEETS}">'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"'
    ' applyFont="1"/>'
    '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    "</cellXfs></styleSheet>"
)
_NUMBER, _TEXT, _BOLD, _DAY = 0, 1, 2, 3
# Days are counted from here. Spreadsheets know a 29 February 1900: what lies before it is text.
_DAY_ZERO, _FIRST_DAY = date(1899, 12, 30), date(1900, 3, 1)


class _Sink:
    """What the archive writes, to be taken away piece by piece; it cannot be wound back."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> bytes:
        found = b"".join(self._pieces)
        self._pieces.clear()
        return found


def workbook(lines: Iterable[Iterable[Any]], most: int = MOST_ROWS) -> Iterator[bytes]:
    """The file in pieces. The first line holds the headings, which each sheet begins with."""
    sink = _Sink()
    rows = iter(lines)
    heading = [str(cell) for cell in next(rows, ())]
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]  # it is never read
        _put(archive, "[Content_Types].xml", _TYPES)
        _put(archive, "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        _put(archive, "xl/styles.xml", _STYLES)
        number = 0
        for some in _sheets(rows, most - 1):
            number += 1
            part = _part(f"xl/worksheets/sheet{number}.xml")
            with archive.open(part, "w") as sheet:
                sheet.write(_beginning().encode())
                sheet.write(_row([heading], 1, _BOLD).encode())
                place = 2
                for piece in slices(some):
                    sheet.write(_row(piece, place, _TEXT).encode())
                    place += len(piece)
                    yield sink.take()
                sheet.write(_END.encode())
        _put(archive, "xl/workbook.xml", _book(number))
        targets = [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, number + 1)]
        relations = _relations([*targets, ("styles", "styles.xml")])
        _put(archive, "xl/_rels/workbook.xml.rels", relations)
    yield sink.take()


def _sheets(rows: Iterator[Iterable[Any]], most: int) -> Iterator[Iterable[Iterable[Any]]]:
    """The rows of one sheet after the other; there is always a first one."""
    yield islice(rows, most)
    for row in rows:
        yield chain([row], islice(rows, most - 1))


def _beginning() -> str:
    return (
        f'{_HEAD}<worksheet xmlns="{_SHEETS}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView>'
        '</sheetViews><sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="60" width="24"'
        f' style="{_TEXT}" customWidth="1"/></cols><sheetData>'
    )


_END = (
    '</sheetData><ignoredErrors><ignoredError sqref="A1:XFD1048576" numberStoredAsText="1"/>'
    "</ignoredErrors></worksheet>"
)


def _row(rows: Iterable[Iterable[Any]], place: int, style: int) -> str:
    return "".join(
        f'<row r="{number}">{"".join(_cell(cell, style) for cell in cells)}</row>'
        for number, cells in enumerate(rows, start=place)
    )


def _cell(value: Any, style: int) -> str:
    if type(value) is int or (type(value) is float and isfinite(value)):
        return f'<c s="{_NUMBER}"><v>{value!r}</v></c>'
    if type(value) is date and value >= _FIRST_DAY:
        return f'<c s="{_DAY}"><v>{(value - _DAY_ZERO).days}</v></c>'
    text = "" if value is None else str(value)
    if not text:
        return f'<c s="{style}"/>'
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{_text(text)}</t></is></c>'


def _text(text: str) -> str:
    # An apostrophe before what looks like a formula is taken off by the reader of lists, which
    # cannot tell a CSV's guard from a person's own sign.
    text = guarded(text) if text.startswith("'") else text
    text = _cut(_UNWRITABLE.sub("", text[:MOST_CHARACTERS]))
    return escape(_CODED.sub("_x005F_", text)).replace("\r", "&#13;")


def _cut(text: str) -> str:
    """As much of it as a cell holds, which counts a sign beyond the first 65,536 as two."""
    if len(text) * 2 <= MOST_CHARACTERS or text.isascii():
        return text
    return text.encode("utf-16-le")[: 2 * MOST_CHARACTERS].decode("utf-16-le", "ignore")


def _book(number: int) -> str:
    sheets = "".join(
        f'<sheet name="List{"" if n == 1 else f" {n}"}" sheetId="{n}" r:id="rId{n}"/>'
        for n in range(1, number + 1)
    )
    return (
        f'{_HEAD}<workbook xmlns="{_SHEETS}" xmlns:r="{_DOCUMENT}/relationships">'
        f"<sheets>{sheets}</sheets></workbook>"
    )


def _relations(targets: Iterable[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{n}" Type="{_DOCUMENT}/relationships/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, start=1)
    )
    return (
        f'{_HEAD}<Relationships xmlns="{_MAIN}/package/2006/relationships">{listed}</Relationships>'
    )


def _part(name: str) -> zipfile.ZipInfo:
    found = zipfile.ZipInfo(name, _MADE)
    found.compress_type = zipfile.ZIP_DEFLATED
    return found


def _put(archive: zipfile.ZipFile, name: str, text: str) -> None:
    archive.writestr(_part(name), text)
