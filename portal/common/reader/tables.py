"""What every reader hands on: numbered rows of text, and a refusal that staff can read."""

from dataclasses import dataclass, field

from integrations.base.texts import say

LARGEST_FILE = 10 * 1024 * 1024  # bytes
MOST_ROWS = 50_000
MOST_COLUMNS = 200
LONGEST_LINE = 100_000  # characters
NOT_A_TABLE = say("This is not a CSV or XLSX file. Save it as one of them and try again.")
NOTHING = say("There is nothing in it.")
Row = tuple[int, list[str]]


class Unreadable(ValueError):
    """The whole of it cannot be read; the text is a sentence for staff."""


@dataclass(slots=True)
class Table:
    """Rows with the line in which each begins; `spoilt` are (line, text, reason) of those that
    could not be taken apart."""

    rows: list[Row] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    spoilt: list[tuple[int, str, str]] = field(default_factory=list)


def limited(rows: list[Row]) -> list[Row]:
    """The same rows. Raises Unreadable where there are none or too many."""
    if len(rows) > MOST_ROWS:
        raise Unreadable(
            say("That is more than %(most)d rows. Divide it and import the parts.", most=MOST_ROWS)
        )
    return rows
