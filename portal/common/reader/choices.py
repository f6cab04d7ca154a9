"""What can be chosen otherwise on the preview, and what such a choice means."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from integrations.base.texts import say

from .delimited import DELIMITERS, NAMED
from .encodings import NAMES
from .headings import LABELS, UNUSED
from .reading import LIST, Choices, Reading

MOST_SHOWN = 60  # columns
Select = tuple[str, str, list[tuple[str, str]], str]  # name, label, choices, initial


@dataclass(frozen=True, slots=True)
class Offered:
    """The choices that an upload leaves open, as it was read with `choices`."""

    reading: Reading
    choices: Choices

    def columns(self) -> list[tuple[int, dict[str, Any]]]:
        """Number and description of the columns that hold something."""
        some = [
            (n, column)
            for n, column in enumerate(self.reading.columns)
            if column["samples"] or column["heading"]
        ]
        return some[:MOST_SHOWN]

    def selects(self) -> list[Select]:
        """Every choice with what stands now."""
        found: list[Select] = []
        reading = self.reading
        if reading.codec:
            found.append(("codec", say("Encoding"), list(NAMES.items()), reading.codec))
        if reading.sheets:
            sheets = [(str(n), name) for n, name in enumerate(reading.sheets)]
            found.append(("sheet", say("Sheet"), sheets, str(reading.sheet)))
        if reading.delimiter:
            signs = [(sign, _columns_by(sign)) for sign in DELIMITERS]
            if reading.delimiter in NAMED.keys() - DELIMITERS.keys():
                signs.append((reading.delimiter, _columns_by(reading.delimiter)))
            signs.append((LIST, say("No columns: a list of people")))
            found.append(("delimiter", say("How it is divided"), signs, reading.delimiter))
        if reading.columns:
            lines: list[tuple[str, str]] = [("0", say("There are none"))]
            lines += [
                (str(line), say("Line %(line)d: %(text)s", line=line, text=text))
                for line, text in reading.lines
            ]
            found.append(("heading", say("Headings"), lines, str(reading.heading)))
        meanings: list[tuple[str, str]] = [(UNUSED, say("Not used")), *LABELS.items()]
        meanings += [(column.meaning, column.label) for column in self.choices.own_columns]
        found += [
            (
                f"column_{n}",
                say("What column %(number)d holds", number=n + 1),
                meanings,
                column["meaning"],
            )
            for n, column in self.columns()
        ]
        return found


def _columns_by(sign: str) -> str:
    return say("Columns by %(delimiter)s", delimiter=NAMED[sign])


def chosen(offered: Offered, given: Mapping[str, Any]) -> Choices:
    """The choices for the next reading.

    What nobody changed stays for the reader to find out; where the division into columns or the
    headings change, what was said of single columns is forgotten.
    """
    changed = {
        name: given[name]
        for name, _, _, initial in offered.selects()
        if name in given and given[name] != initial
    }
    wanted = replace(offered.choices, columns=dict(offered.choices.columns))
    wanted.hidden = bool(given.get("hidden"))
    if {"codec", "sheet", "delimiter", "heading"} & changed.keys():
        wanted.columns = {}
    if {"sheet", "delimiter"} & changed.keys():
        wanted.heading = None
    wanted.codec = changed.get("codec", wanted.codec)
    wanted.delimiter = changed.get("delimiter", wanted.delimiter)
    for name in ("sheet", "heading"):
        if name in changed:
            setattr(wanted, name, int(changed[name]))
    for name, meaning in changed.items():
        if name.startswith("column_"):
            wanted.columns[int(name.removeprefix("column_"))] = meaning
    return wanted
