"""Small functions, small files, small templates. A median says whether the style holds."""

import ast
from statistics import median

import pytest

from tests.house import CODE, name, python_files, templates

FUNCTION, FILE, TEMPLATE, VIEW = 60, 500, 120, 60
TYPICAL_FUNCTION, TYPICAL_FILE, TYPICAL_TEMPLATE = 14, 160, 60


def functions(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, length(node)


def length(node):
    """Lines from `def` to the end, without the docstring and without decorators."""
    lines = node.end_lineno - node.lineno + 1
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        lines -= first.end_lineno - first.lineno + 1
    return lines


@pytest.mark.parametrize("root", CODE)
def test_functions(root):
    long = {
        f"{name(path)}:{function}": lines
        for path in python_files(root)
        for function, lines in functions(path)
        if lines > FUNCTION
    }
    assert not long


def test_typical_function_is_small():
    sizes = [lines for path in python_files(*CODE) for _, lines in functions(path)]
    assert median(sizes) <= TYPICAL_FUNCTION


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
