"""Functions are held small by ruff (C901, PLR0915), files such that one can be read at once."""

import re
from statistics import median

import pytest

from tests.house import CODE, name, python_files, templates

FILE, TYPICAL_FILE, TEMPLATE, TYPICAL_TEMPLATE = 700, 170, 250, 80


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


@pytest.mark.parametrize("root", [*CODE, "tests"])
def test_everything_is_formatted(root):
    """A line that the formatter must not touch hides how much stands in a file."""
    told = re.compile(r"#\s*fmt:\s*(skip|off)")
    assert not [name(path) for path in python_files(root) if told.search(path.read_text())]
