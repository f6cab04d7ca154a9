"""Log lines and terminal output: in UTC, in one line, and nobody's."""

import json
import logging
import re
from importlib import import_module
from io import StringIO

import pytest
from django.core.management import get_commands
from django.core.management.base import OutputWrapper

from portal.common.commands import Command, Printable
from portal.common.logs import JsonFormatter, SafeFormatter, hidden, one_line, printable

NASTY = "\x1b[2J\x1b]0;owned\x07 title\r\nfake: all is well\u202egnp.exe\u2066\x9b31m\ufeff"


def line(message, *args, exc_info=None):
    record = logging.LogRecord("portal.x", logging.WARNING, "x.py", 1, message, args, exc_info)
    record.created = 1_790_000_000.25
    return SafeFormatter().format(record)


def test_lines_begin_with_the_instant_in_utc_and_its_offset():
    assert line("hello").startswith("2026-09-21T14:13:20+00:00 WARNING portal.x: hello")


def test_one_event_is_one_line_without_signs_that_a_terminal_obeys():
    text = line("webinar %s", NASTY)
    assert "\n" not in text
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


@pytest.mark.parametrize(
    ("said", "secret"),
    [
        ("mail to ann.o'hara+x@mail.example.org failed", "ann.o'hara"),
        ("Key (email)=(ann@example.org) already exists", "ann@example.org"),
        ("GET /x?access_token=abcdef123456&y=1", "abcdef123456"),
        ("{'api_key': 'abcdef123456'}", "abcdef123456"),
        ("Authorization: Bearer abcdef123456", "abcdef123456"),
        ("Authorization: Basic YWJjZGVmOjEyMzQ1Ng==", "YWJj"),
        ("password=hunter22", "hunter22"),
        ("Cookie: sessionid=abcdef123456", "abcdef123456"),
        ("postgres://lectern:hunter22@127.0.0.1/x", "hunter22"),
        ("smtp+tls://user:p%40ss@mail.example.com:587", "p%40ss"),
        ("Gone: /join/3f1b0a52-8f2a-4a55-9b8e-0d7f4c8e2f11/", "3f1b0a52"),
    ],
)
def test_people_keys_and_links_are_hidden(said, secret):
    assert secret not in line("%s", said)
    assert secret not in hidden(said)


def test_an_exceptions_text_is_hidden_too():
    try:
        raise ValueError(  # noqa: TRY301 - the test is about it
            f"ann@example.org \x1b[2J password=hunter22 {NASTY}"
        )
    except ValueError as error:
        text = line("failed", exc_info=(ValueError, error, error.__traceback__))
    assert "Traceback" in text
    for part in ("ann@", "\x1b", "hunter22", "\u202e"):
        assert part not in text


def test_what_is_plain_stays_as_it_is():
    said = "account 7: the lease was taken over at 10:05, 3 of 12 done; Zażółć gęślą jaźń"
    assert hidden(printable(said)) == said
    assert one_line("a\r\nb\nc") == "a / b / c"


def test_output_of_a_command_only_shows():
    out = StringIO()
    Printable(out).write(f"{NASTY}\nsecond\tline", lambda text: f"\x1b[32m{text}\x1b[0m")
    text = out.getvalue()
    assert "second\tline" in text
    assert text.count("\x1b") == 2, "our own colour, and nothing else"
    assert "\u202e" not in text


def test_every_command_of_ours_prints_that_way():
    ours = {name: app for name, app in get_commands().items() if str(app).startswith("portal.")}
    assert len(ours) >= 5
    for name, app in ours.items():
        made = import_module(f"{app}.management.commands.{name}").Command()
        assert isinstance(made, Command), name
        assert isinstance(made.stdout, Printable), name
        assert isinstance(made.stderr, Printable | OutputWrapper), name


def as_json(message, *args, exc_info=None, **fields):
    record = logging.LogRecord("portal.x", logging.WARNING, "x.py", 1, message, args, exc_info)
    record.created = 1_790_000_000.25
    vars(record).update(fields)
    text = JsonFormatter().format(record)
    assert "\n" not in text
    assert text.isascii(), "no sign that a terminal obeys"
    return json.loads(text)


def test_a_line_of_json_has_the_fields_of_a_request():
    said = as_json("asked %s", "it", account="Sales", status=503, ms=12, attempt=1, effect="read")
    assert said == {
        "time": "2026-09-21T14:13:20+00:00",
        "level": "WARNING",
        "logger": "portal.x",
        "message": "asked it",
        "account": "Sales",
        "status": 503,
        "ms": 12,
        "attempt": 1,
        "effect": "read",
    }


def test_a_line_of_json_hides_what_the_plain_one_hides():
    try:
        raise ValueError(f"ann@example.org password=hunter22 {NASTY}")  # noqa: TRY301 - the test is about it
    except ValueError as error:
        caught = (ValueError, error, error.__traceback__)
    said = as_json("to %s", "ann@example.org", exc_info=caught, excerpt="api_key=abcdef123456")
    assert "ValueError" in said["exception"]
    for secret in ("ann@", "hunter22", "abcdef123456"):
        assert secret not in str(said)


def test_a_field_cannot_take_the_place_of_what_every_line_has():
    assert as_json("hello", time="never", level="none", logger="x")["level"] == "WARNING"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ('"password": "rose garden 7", "id": 3', '"password": "[hidden]", "id": 3'),
        ('"password": "abc"', '"password": "[hidden]"'),
        ('"pin": "7"', '"pin": "[hidden]"'),
        (r'"password": "rose \"garden\" 7", "id": 3', '"password": "[hidden]", "id": 3'),
        ("{'secret': 'it is \"so\"', 'id': 3}", "{'secret': '[hidden]', 'id': 3}"),
        (
            r'"{\"password\": \"rose garden\", \"id\": 3}"',
            r'"{\"password\": \"[hidden]\", \"id\": 3}"',
        ),
        ('"token": "rose gar', '"token": "[hidden]'),
        ('"token": ""', '"token": ""'),
        ("pin=12&x=3", "pin=[hidden]&x=3"),
        ('"Authorization": "Bearer a b"', '"Authorization": "[hidden]"'),
        ("the key: it is lost", "the key: it is lost"),
    ],
)
def test_a_secret_in_quotes_is_hidden_whole(said, shown):
    assert hidden(said) == shown
