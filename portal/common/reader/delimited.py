"""From delimited text to numbered rows. Nothing is computed: "=1+1" stays text.

Every line is taken apart for itself, and a quoted cell may go on over the next ones, so that a
quotation mark that nobody closed spoils its own line and swallows no other.
"""

import csv
import re
from collections import Counter
from typing import Literal

from integrations.base.texts import say

from .addresses import has_address
from .tables import LONGEST_LINE, MOST_COLUMNS, MOST_ROWS, NOTHING, Row, Table, Unreadable, limited

DELIMITERS = {
    ",": say("comma"),
    ";": say("semicolon"),
    "\t": say("tab"),
    "|": say("upright line"),
}
# Those that a first line may name besides; such a sign is never guessed.
NAMED = DELIMITERS | {
    "^": say("caret"),
    "~": say("tilde"),
    ":": say("colon"),
    "!": say("exclamation mark"),
    "#": say("hash"),
}
LONGEST_CELL = 200  # lines within one pair of quotation marks
PATIENCE = 20_000  # lines that are looked at in vain before quotation marks are given up
_SEP = re.compile(r'\s*"?sep=(.)"?[;,\t]*\s*', re.IGNORECASE)
_ESCAPED = re.compile(r'(?<!\\)\\"(?=[^\W_])')
_WHOLE_LINE = re.compile(r'"(?:[^"]|""){1,4000}"')
_AS_TEXT = re.compile(r'="[^"]*"')
_OTHER_QUOTES = tuple(
    (re.compile(rf"{one}(?:[,;\t|]\s?{one})*"), marks)
    for one, marks in (
        ('[“”„][^“”„"]{0,400}[“”]', "“”„"),
        ('«[^«»"]{0,400}»', "«»"),
        ("'[^'\"]{0,400}'", "'"),
    )
)
_LINE_END = re.compile("\r\n|\n|\r")
_ADDRESS = re.compile(r"[^\s@<>,;|]{1,64}[@＠][^\s@<>,;|]{1,255}")
NOT_CLOSED = say("A quotation mark is not closed; the line was read for itself (line %(where)s).")
csv.field_size_limit(LONGEST_LINE * 4)


def lines_of(text: str) -> list[str]:
    """The lines of a text, by the ends that files have."""
    return _LINE_END.split(text.removeprefix("\ufeff"))


def named_delimiter(lines: list[str]) -> str:
    """The separator that Excel's own first line names ("sep=;"); else nothing."""
    found = _SEP.fullmatch(lines[0]) if lines else None
    return found[1] if found and found[1] in NAMED else ""


def delimiter_of(lines: list[str]) -> str:
    """The sign that leaves most addresses alone in their cell, and most lines equally wide."""
    head = [line[:4000] for line in lines[:2000] if line.strip()][:200]

    def fitness(delimiter: str) -> tuple[float, float, int]:
        rows = [_cells(line, delimiter) for line in head]
        width, same = _usual_width(rows)
        if width < 2:
            return 0.0, 0.0, 0
        alone = sum(any(_ADDRESS.fullmatch(cell) for cell in row) for row in rows if len(row) > 1)
        return round(alone / len(rows), 1), round(same / len(rows), 2), width

    return max(DELIMITERS, key=fitness)


def _straight(lines: list[str]) -> list[str]:
    """The lines with straight quotation marks, where every cell stands in other ones.

    Word makes them round, and some programs write apostrophes.
    """
    head = [line.strip() for line in lines if line.strip()][:200]
    for pattern, marks in _OTHER_QUOTES:
        if head and all(map(pattern.fullmatch, head)) and len(head) > 1:
            table = str.maketrans(dict.fromkeys(marks, '"'))
            return [line.translate(table) for line in lines]
    return lines


def _unwrapped(lines: list[str]) -> list[str]:
    """The lines without quotation marks around each whole line.

    A spreadsheet that did not divide a file into columns writes every line as one cell.
    """
    filled = [line for line in lines if line.strip()]
    head = filled[:200]
    if not head or not all(map(_WHOLE_LINE.fullmatch, head)):
        return lines
    inside = [_cells(line, ",") for line in head]
    if any(len(cells) != 1 for cells in inside) or not any(
        sign in cells[0] and not has_address(cells[0].split(sign)[0]) | ("<" in cells[0])
        for cells in inside
        for sign in DELIMITERS
    ):
        return lines
    return [(_cells(line, ",") or [""])[0] if len(line) < LONGEST_LINE else line for line in lines]


def _usual_width(rows: list[list[str]]) -> tuple[int, int]:
    """How many cells most rows with an address have (else most rows), and how many have them."""
    addressed = [row for row in rows if any(map(has_address, row))]
    widths = Counter(map(len, addressed or rows))
    return widths.most_common(1)[0] if widths else (1, 0)


def rows_of(text: str, delimiter: str = "") -> tuple[Table, str]:
    """The rows of a text and the delimiter by which they were read. Raises Unreadable."""
    lines = _unwrapped(_straight(lines_of(text)))
    named = named_delimiter(lines)
    delimiter = delimiter or named or delimiter_of(lines)
    table = Table()
    start = 0
    if named:
        table.remarks.append(say("Line 1 only names the separator; it was skipped."))
        start = 1
    _Splitter(lines, delimiter, table).run(start)
    if not table.rows and not table.spoilt:
        raise Unreadable(NOTHING)
    limited(table.rows)
    return table, delimiter


def _cells(line: str, delimiter: str, *, quoted: bool = True) -> list[str]:
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    # A backslash before a quotation mark escapes it where the mark could not end a cell.
    escape = "\\" if quoted and _ESCAPED.search(line) else None
    reader = csv.reader(
        [line], delimiter=delimiter, quoting=quoting, skipinitialspace=True, escapechar=escape
    )
    try:
        found = next(reader, [])
    except csv.Error:
        return [line]
    cells = [cell.strip() if quoted else cell.strip(' "') for cell in found]
    # ="0123": a formula that keeps a text as it is, as many programs write it for Excel
    return [cell[2:-1] if _AS_TEXT.fullmatch(cell) else cell for cell in cells]


def _unclear(line: int) -> str:
    return say(
        "A quotation mark is opened in this line, and it is not clear where it ends. "
        "The lines up to line %(line)d were not read.",
        line=line,
    )


class _Splitter:
    """One pass over the lines."""

    def __init__(self, lines: list[str], delimiter: str, table: Table) -> None:
        self.lines, self.delimiter, self.table = lines, delimiter, table
        head = [line for line in lines[:2000] if line.strip()][:200]
        self.width = _usual_width([_cells(line[:4000], delimiter) for line in head])[0]
        self.patience = PATIENCE
        self.wide = False

    def run(self, place: int) -> None:
        unclosed: list[int] = []
        while place < len(self.lines):
            line, ends = self.lines[place], place
            if not line:  # quickly: there may be millions
                pass
            elif len(line) > LONGEST_LINE:
                why = say("This line is far too long to be a row.")
                self.table.spoilt.append((place + 1, line[:300], why))
            elif '"' in line and self._opens(line):
                ends = self._end_of(place)
                if ends == place:
                    unclosed.append(place + 1)
                    self._add(place, _cells(line, self.delimiter, quoted=False))
                elif self._hides_a_row(place, ends):
                    self.table.spoilt.append((place + 1, line[:300], _unclear(ends + 1)))
                else:
                    whole = "\n".join(self.lines[place : ends + 1])
                    self._add(place, _cells(whole, self.delimiter))
            else:
                self._add(place, _cells(line, self.delimiter))
            place = ends + 1
        if unclosed:
            where = ", ".join(map(str, unclosed[:10])) + (" …" if len(unclosed) > 10 else "")
            self.table.remarks.append(say(NOT_CLOSED, where=where))
        if self.wide:
            said = say("Only the first %(most)d columns were read.", most=MOST_COLUMNS)
            self.table.remarks.append(said)

    def _add(self, place: int, cells: list[str]) -> None:
        self.wide = self.wide or len(cells) > MOST_COLUMNS
        cells = cells[:MOST_COLUMNS]
        if any(cells):
            row: Row = (place + 1, cells)
            self.table.rows.append(row)
            if len(self.table.rows) > MOST_ROWS:
                limited(self.table.rows)  # before memory ends

    def _opens(self, line: str, inside: bool = False) -> bool:
        """Whether a quoted cell is still open at the end of the line."""
        return _Quotes(self.delimiter, inside).after(line)

    def _end_of(self, place: int) -> int:
        """The line in which the cell that `place` leaves open ends; `place` where it does not."""
        quotes = _Quotes(self.delimiter)
        quotes.after(self.lines[place])
        for ahead in range(place + 1, min(place + LONGEST_CELL, len(self.lines))):
            self.patience -= 1
            if self.patience < 0:
                return place
            if not quotes.after(self.lines[ahead]):
                return place if quotes.ill_closed else ahead
        return place

    def _hides_a_row(self, place: int, ends: int) -> bool:
        """Whether a line within the quoted cell looks like a whole row of this table."""
        return any(self._is_row(self.lines[n]) for n in range(place + 1, ends + 1))

    def _is_row(self, line: str) -> bool:
        if not has_address(line):
            return False
        cells = _cells(line, self.delimiter)
        return len(cells) == self.width and any(map(_ADDRESS.fullmatch, cells))


class _Quotes:
    """Where a line stands with quotation marks, as RFC 4180 reads them."""

    def __init__(self, delimiter: str, inside: bool = False) -> None:
        self.delimiter, self.inside = delimiter, inside
        self.ill_closed = False  # the mark that closed a cell of several lines stood within a word

    def after(self, line: str) -> bool:
        """Take in a line; answers whether a cell is open at its end."""
        if '"' not in line:
            return self.inside
        carried = self.inside
        at_start, place = not self.inside, 0
        while place < len(line):
            sign = line[place]
            if self.inside:
                if sign == '"' and line[place + 1 : place + 2] == '"':
                    place += 1
                elif sign == '"':
                    self.inside = False
                    rest = line[place + 1 :].lstrip(" ")
                    if carried and rest and not rest.startswith(self.delimiter):
                        self.ill_closed = True
                    carried = False
            elif sign == '"' and at_start:
                self.inside = True
            if not self.inside:
                at_start = sign == self.delimiter or (at_start and sign == " ")
            place += 1
        return self.inside
