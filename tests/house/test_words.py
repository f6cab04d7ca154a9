"""One word for one thing (docs/words.md), and nothing left half done."""

import ast
import re

import pytest

from tests.house import CODE, HOME, name, python_files, templates

# What people might say instead -> the house's word. Rooms and sandboxes speak their platform.
SYNONYMS = {
    "webinar": "Conference",
    "meeting": "Conference",
    "event": "Conference",
    "participant": "Attendee",
    "guest": "Attendee",
    "contact": "Attendee",
    "presenter": "Moderator",
    "speaker": "Moderator",
    "host": "Moderator",
    "enrolment": "Registration",
    "enrollment": "Registration",
    "signup": "Registration",
    "connection": "PlatformAccount",
    "tenant": "PlatformAccount",
    "provider": "PlatformAccount",
    "mapping": "PlatformLink",
    "mirror": "PlatformLink",
    "command": "OutboxEntry",
}
MODELS = "models"
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK|NotImplemented)\b")
IGNORE = re.compile(r"#\s*(noqa|type:\s*ignore)(.*)")


def model_classes():
    """(file, class name) of all models of the portal."""
    for path in python_files("portal"):
        if path.stem == MODELS or path.parent.name == MODELS:
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    yield name(path), node.name


def test_models_speak_the_house_language():
    seen = list(model_classes())
    assert len(seen) > 10
    wrong = [(path, model) for path, model in seen if model.lower() in SYNONYMS]
    assert not wrong


def test_words_are_explained():
    said = (HOME / "docs" / "words.md").read_text()
    unknown = [m for path, m in model_classes() if f"**{m}**" not in said and m != "Mirrored"]
    assert not unknown, "docs/words.md does not explain them"


def unused_words():
    """The left column of the table of words that are not used (docs/words.md)."""
    table = (HOME / "docs" / "words.md").read_text().split("## Words that we do not use")[1]
    rows = re.findall(r"^\| ([a-z, ]+) \|", table, re.MULTILINE)
    return {word for row in rows if row != "not" for word in row.split(", ")}


def named_things():
    """(file, name) of all modules, classes and functions of portal and integrations."""
    for path in python_files("portal", "integrations"):
        yield name(path), path.stem
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                yield name(path), node.name


def words_of(title):
    """`SendNow`, `send_now` and `HTTPNow` are two words each; with each the word without an s."""
    found = {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", title)}
    return found | {word.removesuffix("s") for word in found}


def test_names_are_plain_words():
    unused = unused_words()
    assert {"poke", "sweep", "whom"} <= unused
    assert words_of("SendPoke") & unused, "the test can fail"
    assert words_of("ledgers") & unused, "a plural is the same word"
    wrong = [(path, title) for path, title in named_things() if words_of(title) & unused]
    assert not wrong


def test_no_bare_id():
    """A platform's id is always `external_id`: `remote_id` and `platform_id` mean the same."""
    wrong = re.compile(r"\b(remote_id|platform_id|ext_id|foreign_id)\b")
    assert not [name(p) for p in python_files("portal") if wrong.search(p.read_text())]


def test_staff_verbs():
    """Pages and services schedule and withdraw; create, update and delete belong to adapters."""
    crud = re.compile(r"^(create|update|delete)_(conference|registration|invitation)")
    files = [*python_files("portal/conferences"), *python_files("portal/staff")]
    wrong = [
        f"{name(path)}:{node.name}"
        for path in files
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and crud.match(node.name)
    ]
    assert not wrong


def test_nothing_is_left_undone():
    files = [*python_files(*CODE), *templates()]
    assert not [name(p) for p in files if UNFINISHED.search(_without_protocols(p.read_text()))]


def _without_protocols(text):
    """`raise NotImplementedError` in a method that a subclass must write is not a stub."""
    return text.replace("raise NotImplementedError", "")


@pytest.mark.parametrize("root", [*CODE, "tests"])
def test_every_ignore_has_its_reason(root):
    """On the line itself, or in a comment right above it."""
    bare = []
    for path in python_files(root):
        lines = ["", *path.read_text().splitlines()]
        for number, line in enumerate(lines):
            found = IGNORE.search(line)
            above = lines[number - 1].strip().startswith("#")
            if found and not above and not _explained(found[1], found[2]):
                bare.append(f"{name(path)}:{number}: {found[0]}")
    assert not bare


def _explained(kind, rest):
    """Rule names, then words. A type checker's ignore names its rule, which is its reason."""
    if kind.startswith("type"):
        return re.match(r"\[[\w, -]+\]", rest)
    return re.match(r": *[A-Z]+\d+(, *[A-Z]+\d+)*\W+\w.{6,}", rest)
