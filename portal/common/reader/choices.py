"""What can be chosen otherwise on the preview, and what such a choice means."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

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
            found.append(("codec", "Encoding", list(NAMES.items()), reading.codec))
        if reading.sheets:
            sheets = [(str(n), name) for n, name in enumerate(reading.sheets)]
            found.append(("sheet", "Sheet", sheets, str(reading.sheet)))
        if reading.delimiter:
            signs = [(sign, f"Columns by {word}") for sign, word in DELIMITERS.items()]
            if reading.delimiter in NAMED.keys() - DELIMITERS.keys():
                signs.append((reading.delimiter, f"Columns by {NAMED[reading.delimiter]}"))
            signs.append((LIST, "No columns: a list of people"))
            found.append(("delimiter", "How it is divided", signs, reading.delimiter))
        if reading.columns:
            lines = [(str(line), f"Line {line}: {text}") for line, text in reading.lines]
            lines.insert(0, ("0", "There are none"))
            found.append(("heading", "Headings", lines, str(reading.heading)))
        meanings = [(UNUSED, "Not used"), *LABELS.items()]
        found += [
            (f"column_{n}", f"What column {n + 1} holds", meanings, column["meaning"])
            for n, column in self.columns()
        ]
        return found


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
