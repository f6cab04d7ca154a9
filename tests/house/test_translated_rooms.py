"""Every text that a room says to people is marked, so that catalogues can follow."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache, cached_property
from typing import Any

import pytest

from integrations import registry
from integrations.base.adapter import Room
from integrations.base.capabilities import ABSENT, LIVE_LABELS, Capabilities
from integrations.base.headings import HEADINGS
from integrations.base.records import CONFERENCE_FIELDS, SPECS
from integrations.base.texts import Said, together
from portal.common.texts import LONGEST
from tests.house import name, python_files

MARKS = ("_", "say")
TEXT = re.compile(r"[^\W\d_]{2,},? [^\W\d_]")
PLACES = re.compile(r"%\((\w+)\)[sd]")
# What these are given is for those who develop or run it: it is logged, or never leaves the code.
FOR_DEVELOPERS = {"ValueError", "RuntimeError", "TimeoutError", "TypeVar", "Forbidden"}
FOR_DEVELOPERS |= {"InvalidURL", "InvalidSchema", "TooManyRedirects", "ReadTimeout", "TooLarge"}
FOR_DEVELOPERS |= {"BundleUnreadable", "ConnectionError", "info", "warning", "strftime", "compile"}
FOR_DEVELOPERS |= {"fullmatch", "sub"}
# What an answer is about, or an operation, as the platform's document calls it.
NAMING = {"Row", "rows", "confirm", "Listing", "ServerList", "_listing", "_download", "broken"}
NAMING |= {"details", "answer", "stream", "json", "get"}
# Headings of the documents, where an ability stands in them: the place among the arguments.
SOURCES = {"yes": 1, "no": 1, "Ability": 2, "_by_hand": 1, "_shown": 1, "needs": 1}
# Texts that are no text of ours for people, with the reason.
EXCEPTIONS = {
    "read only": "a level, which pages have words for",
    "portal only": "a level",
    "by hand": "a level",
    "a page shorter than was asked for": "describes how a list ends, to who reads the code",
    "a page shorter than was asked for, unless its length is round": "the same",
    "an empty page": "the same",
    "main moderator": "a key among addresses by role",
    "200 OK": "their word",
    "first name": "their label, in lower case",
    "last name": "the same",
    "email address": "the same",
    "204 No Content": "their word",
    "IN PROGRESS": "their word",
    "on the platform": "a column, which `headings` has words for",
    "join url": "the same",
    "attended seconds": "the same",
    "watched to the end": "the same",
    "Guest X": "a name that is sent where somebody has none of two letters",
    "Bearer X": "a header",
    "profile X": "the name of a time zone, for those who develop",
    "unnamed X": "a part of an identifier",
    "row X": "an identifier",
    "tzdata X": "a version",
    "seen in the vendor's plugins": "a source",
    "Add panelist to webinar, option 1": "a heading of the document, kept in a constant",
    "TrueConf Server": "a name",
    "TrueConf ID": "a name",
    "Google Calendar": "a name",
    "Row | None": "a type",
    "list X": "an operation",
}
ROOMS = [path for path in python_files("integrations") if "sandbox" not in path.parts]


def _called(node: ast.AST | None) -> str:
    func = getattr(node, "func", None)
    return str(getattr(func, "id", getattr(func, "attr", "")))


def written(node: ast.AST) -> str:
    """The text of a literal, X for what stands in it; empty for what is no text."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(written(part) or "X" for part in node.values)
    return ""


class Texts:
    """The literals of one file: which are marked, and which should be."""

    def __init__(self, source: str, file: str = "") -> None:
        self.source, self.file = source, file

    # Only when asked for: every process of a run imports this, and one asks.
    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.source)

    @cached_property
    def above(self) -> dict[ast.AST, ast.AST]:
        """Each node's parent."""
        return {c: n for n in ast.walk(self.tree) for c in ast.iter_child_nodes(n)}

    def calls(self, *names: str) -> Iterator[ast.Call]:
        """The calls of these functions."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and _called(node) in names:
                yield node

    def marked(self) -> set[str]:
        """The literals that are marked."""
        return {written(call.args[0]) for call in self.calls(*MARKS) if call.args} - {""}

    def unmarked(self) -> list[str]:
        """The literals for people that nobody can translate."""
        found = []
        for node in ast.walk(self.tree):
            text = written(node)
            if TEXT.search(text) and text not in EXCEPTIONS and self._for_people(node, text):
                found.append(text)
        return sorted(found)

    def _for_people(self, node: ast.AST, text: str) -> bool:
        above = self.above[node]
        if isinstance(above, ast.Expr | ast.JoinedStr | ast.FormattedValue | ast.Subscript):
            return False
        if isinstance(above, ast.keyword):
            if above.arg in ("source", "operation", "headers"):
                return False
            above = self.above[above]
        call = _called(above)
        if call in MARKS or call in FOR_DEVELOPERS:
            return False
        given = above.args if isinstance(above, ast.Call) else []
        if call in SOURCES and node in given[SOURCES[call] :]:
            return False
        small = text[0].islower() and not text.endswith(".")
        return not (small and (call in NAMING or "/client/" in self.file))

    def lost(self) -> list[str]:
        """Where what a room says becomes a part of a plain string, which nobody translates."""
        return [
            ast.unparse(node)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.JoinedStr | ast.BinOp)
            for inner in ast.walk(node)
            if isinstance(inner, ast.Attribute) and inner.attr in ("message", "sentence")
        ]

    def columns(self) -> set[str]:
        """The keys of rows that an action answers: those that stand beside an `id`."""
        found: set[str] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Dict):
                keys = {written(key).replace(" ", "_") for key in node.keys if key}
                found |= keys if "id" in keys and "sentence" not in keys else set()
        return found


FILES = [Texts(path.read_text(), name(path)) for path in ROOMS if path.name != "operations.py"]
OPERATIONS = [Texts(p.read_text(), name(p)) for p in ROOMS if p.name == "operations.py"]


@cache
def all_marked() -> set[str]:
    return {text for one in (*FILES, *OPERATIONS) for text in one.marked()}


def test_every_text_of_a_room_is_marked():
    found = {one.file: one.unmarked() for one in FILES}
    assert not {file: texts for file, texts in found.items() if texts}


def test_every_exception_is_needed():
    texts = {written(node) for one in FILES for node in ast.walk(one.tree)}
    assert not EXCEPTIONS.keys() - texts


def test_what_a_room_says_is_not_made_part_of_a_plain_string():
    found = {one.file: one.lost() for one in FILES}
    assert not {file: texts for file, texts in found.items() if texts}


def test_what_stands_in_a_sentence_is_given():
    for one in FILES:
        for call in one.calls("say"):
            words, given = written(call.args[0]), {word.arg for word in call.keywords}
            assert "words" not in given, "the portal keeps the sentence by this name"
            if words and None not in given:
                assert set(PLACES.findall(words)) == given, words
                assert words.replace("%%", "") % dict.fromkeys(given, 1)
        for text in one.marked():
            assert len(text) <= LONGEST, "it would be cut where it is kept"


def test_every_column_has_a_heading():
    answering = [one for one in FILES if "/actions" in one.file or "/mapping/" in one.file]
    found = {one.file: one.columns() - HEADINGS.keys() for one in answering}
    assert not {file: keys for file, keys in found.items() if keys}


def test_what_is_not_marked_would_be_found():
    def unmarked(source: str) -> list[str]:
        return Texts(source, "integrations/x/client/x.py").unmarked()

    assert unmarked('raise RecordNotFound(f"{platform} has no user.")') == ["X has no user."]
    assert unmarked('text = "Please choose a day"') == ["Please choose a day"]
    assert unmarked('yes("It starts at once.", "Run Conference")') == ["It starts at once."]
    assert unmarked('FieldRule(sentence="Up to 24 hours.")') == ["Up to 24 hours."]
    assert unmarked('refused(PLATFORM, "x", "Give a day.")') == ["Give a day."]
    assert unmarked('"A docstring of several words."') == []
    assert unmarked('_("Up to 24 hours.")') == []
    assert unmarked('say("%(platform)s has no user.", platform=PLATFORM)') == []
    assert unmarked('self._call(READ, "GET", path, "list conferences")') == []
    assert Texts('f"{error.message} Nobody knows."').lost()
    assert Texts('error.message + " Nobody knows."').lost()
    assert Texts('return {"id": 1, "shoe size": 43}').columns() == {"id", "shoe_size"}


SHOWN = {"sentence", "label", "help", "warning", "setup_help", "cancel_sentence", "close_sentence"}


def said_by(thing: Any, where: str) -> Iterator[tuple[str, str]]:
    """(where it stands, text) of all that a room's literal shows."""
    if isinstance(thing, Capabilities | Room) or is_dataclass(thing):
        for field in fields(thing):
            value, place = getattr(thing, field.name), f"{where}.{field.name}"
            if field.name in SHOWN:
                yield place, value
            elif field.name == "choices":
                yield from ((f"{place}.{choice}", label) for choice, label in value)
            else:
                yield from said_by(value, place)
    elif isinstance(thing, dict):
        for key, value in thing.items():
            yield from said_by(value, f"{where}.{key}")
    elif isinstance(thing, list | tuple):
        for number, value in enumerate(thing):
            yield from said_by(value, f"{where}.{getattr(value, 'name', number)}")


def not_marked(text: Any) -> bool:
    """Whether a text holds words that stand in no mark."""
    if not isinstance(text, Said):
        return bool(re.search("[a-z]{3}", str(text)))
    parts = [part for part in text.params.values() if isinstance(part, Said)]
    placed = text.words not in all_marked() and PLACES.sub("", text.words).strip(" ,") != ""
    return placed or any(not_marked(part) for part in parts)


# What an account may have chosen or shown, by which a room narrows what it offers.
NARROWED: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = {
    "clickmeeting": [({"contacts": "yes"}, {})],
    "livewebinar": [({"beyond": "yes"}, {})],
    "myownconference": [({}, {"clock": {"minutes": 60, "summer_time": True}})],
    "trueconf": [({"users": "yes", "owner": "x"}, {"api_version": "v3.9"})],
    "webinarfuel": [({}, {"oneclick": ["1"]})],
}


@pytest.mark.parametrize("slug", registry.slugs())
def test_all_that_a_room_offers_is_marked(slug):
    room = registry.room(slug)
    offered = [room.capabilities_of(*chosen) for chosen in [({}, {}), *NARROWED.get(slug, [])]]
    texts = [*said_by(room, slug), *(text for one in offered for text in said_by(one, slug))]
    assert len({text for _, text in texts}) > 20
    assert not {place: text for place, text in texts if text and not_marked(text)}


def test_what_all_rooms_share_is_marked():
    texts = [*LIVE_LABELS.values(), *HEADINGS.values(), ABSENT.sentence]
    texts += [*(one.label for one in CONFERENCE_FIELDS), *(one.plural for one in SPECS.values())]
    assert not [text for text in texts if not_marked(text)]


def test_an_offer_that_is_not_marked_would_be_found():
    assert not_marked("Start the webinar")
    assert not_marked(Said("Nobody wrote %(this)s.", {"this": 1}))
    assert not_marked(together(LIVE_LABELS["start"], Said("Never marked.", {})))
    assert not not_marked(LIVE_LABELS["start"])
    assert not not_marked(together(LIVE_LABELS["start"], ABSENT.sentence))
    assert not not_marked("720p")
