"""Functions are held small by ruff (C901, PLR0915), files such that one can be read at once."""

import re
from statistics import median

import pytest

from tests.house import CODE, mail_texts, name, python_files, templates

FILE, TYPICAL_FILE, TEMPLATE, TYPICAL_TEMPLATE, TEMPLATE_LINE = 700, 170, 250, 80, 120


@pytest.mark.parametrize("root", CODE)
def test_files(root):
    sizes = {name(path): path.read_text().count("\n") for path in python_files(root)}
    assert not {path: lines for path, lines in sizes.items() if lines > FILE}
    if len(sizes) > 5:
        assert median(sizes.values()) <= TYPICAL_FILE


def test_templates():
    sizes = {name(path): path.read_text().count("\n") for path in templates()}
    assert not {path: lines for path, lines in sizes.items() if lines > TEMPLATE}
    assert median(sizes.values()) <= TYPICAL_TEMPLATE


def test_lines_of_templates():
    """A tag cannot be broken into lines: what it is given gets a name in a line before."""
    assert not [
        f"{name(path)}:{number}"
        for path in (*templates(), *mail_texts())
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > TEMPLATE_LINE
    ]


@pytest.mark.parametrize("root", [*CODE, "tests"])
def test_everything_is_formatted(root):
    """A line that the formatter must not touch hides how much stands in a file."""
    told = re.compile(r"#\s*fmt:\s*(skip|off)")
    assert not [name(path) for path in python_files(root) if told.search(path.read_text())]
