"""Every code that history keeps of an act has its words on the pages."""

import ast
import re

from portal.staff.presenters.history import _ACTIONS
from tests.house import python_files

# What writes a line of history, and those who hand the code on to it.
WRITERS = {
    *("record", "record_many", "_record", "_record_members"),
    *("_history", "_line", "_note", "_close_down", "settle"),
}
CODE = re.compile(r"[a-z]+(?: [a-z]+)*")
FIELDS = {"draft", "email", "role"}  # stand among the arguments too


def codes(source):
    """The codes that a module writes into history."""
    return {
        part.value
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call) and _name(call.func) in WRITERS
        for given in call.args[:4]
        for part in ast.walk(given)
        if isinstance(part, ast.Constant) and CODE.fullmatch(str(part.value))
    } - FIELDS


def _name(called):
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def test_every_code_has_its_words():
    files = python_files("portal/conferences", "portal/sync")
    written = set().union(*(codes(path.read_text()) for path in files))
    assert not written - _ACTIONS.keys()
    merging = {"merged", "merged away"}  # by constants
    assert written | merging == _ACTIONS.keys(), "there are words for what nobody writes any more"


def test_a_code_without_words_would_be_found():
    assert codes('history.record("turned round", KIND, 1)') == {"turned round"}
    assert codes('_record("opened" if yes else "closed", row)') == {"opened", "closed"}
    assert not codes('history.record(action, KIND, 1, sentence="Said to people.")')
