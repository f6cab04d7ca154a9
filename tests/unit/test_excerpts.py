"""What is shown of an answer: how it was built and what went wrong, nobody and no secret."""

import json
import time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from integrations.base.excerpts import ALLOWED, excerpt
from integrations.base.hiding import secrets_hider

NAMES = (
    "Ada Amberg",
    "Grönland",
    'Quo"te\\Smith',
    "O'Hara",
    "Zoë {Curly}",
    "Nea: Colon",
    "Tab\tBo",
)
ADDRESSES = ("ada.castell@example.org", "o'hara+x@mail.example.com", "zoë@example.net")
# What must not be seen of them, also where the text ends in their middle.
TRACES = ("Amb", "Grö", "Gr\\u", "Smith", "Quo", "Hara", "Zo", "Curl", "Nea", "Colo")
MAILED = ("castell", "hara", "zo", "example.")

people = st.sampled_from(NAMES + ADDRESSES)
keys = st.one_of(
    st.sampled_from(
        ["first_name", "login_name", "name", "title", "email", "display_name", "field"]
    ),
    st.text("bdfgkpqvwxy[]. {}\\\"'", max_size=8),
).filter(lambda key: key.strip().lower() not in ALLOWED)
leaves = st.one_of(people, st.integers(), st.booleans(), st.none())
documents = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(keys, inner, min_size=1, max_size=4)
    ),
    max_leaves=12,
)


@given(documents, st.integers(0, 400), st.booleans(), st.sampled_from([None, 1]))
@example({"first_name": "Ada Amberg"}, 400, True, None)
@example({"login_name": ["Grönland", {"x": "ada.castell@example.org"}]}, 400, False, None)
def test_nobody_is_seen_wherever_the_text_ends(
    document: Any, end: int, ascii_only: bool, indent: int | None
) -> None:
    text = json.dumps(document, ensure_ascii=ascii_only, indent=indent)[:end]
    shown = excerpt(text)
    assert not [trace for trace in TRACES + MAILED if trace in shown], shown


@given(st.sampled_from(sorted(ALLOWED)), st.sampled_from(ADDRESSES[:2]), st.integers(0, 400))
def test_no_address_is_seen_under_a_key_that_is_shown(key: str, address: str, end: int) -> None:
    shown = excerpt(json.dumps({key: f"There is {address} already"})[:end])
    assert not [trace for trace in ("castell", "hara", "example") if trace in shown], shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            '{"id": 7, "open": true, "first_name": "Ada", "tags": ["x", 2.5, null], "a": {}}',
            '{"id": 7, "open": true, "first_name": "…", "tags": ["…", 2.5, null], "a": {}}',
        ),
        ('{"error": {"message": "No such room", "x": "Ada"', None),
        ('{"error": "invalid_grant", "error_description": "Gone", "code": "E7"}', "="),
        ('{"response": {"error": "Wrong key"}}', "="),
        ('{"errors": {"starts_at": ["is in the past"], "form.id": "is needed"}}', "="),
        ('{"errors": [{"name": "duration", "message": "too long"}], "code": 422}', "="),
        ('{"errors": [{"location": "owner", "value": "Ada"}]}', None),
        ('{"error": {"code": 403, "errors": [{"reason": "forbidden", "domain": "v"}]}}', "="),
        ("<html><body class='x'>502 Bad Gateway: try \"later\"</body></html>", "="),
        ("[error] the database is down", "="),
        ("<p>ask ann@example.org</p>", "<p>ask [address]</p>"),
        ("ask ann@exampl", "ask [address]"),
        ("ask ann%40example.org", "ask [address]"),
        ('{"message": "ask ann\\u0040example.org"}', '{"message": "ask [address]"}'),
        ('<b>Notice</b>: odd {"who": "Ada"} <p>and on</p>', None),
        ('rst_name": "Ada", "message": "No"}', 'rst_name": "…", "message": "No"}'),
        ("{'first_name': 'Ada', name: 'Bo'}", "{'first_name': '…', name: '…'}"),
        ('{"a": Ada, "b": 1}', '{"a": …, "b": 1}'),
        ('"Ada Amberg"', '"…"'),
        ('\ufeff {"who": "Ada"}', None),
        ('{"message": "{\\"who\\": \\"Ada\\"}"}', '{"message": "…"}'),
        ("{\"message\": \"odd: {'who': 'Ada'}\"}", '{"message": "…"}'),
        ('{"message": "No room for Ad', '{"message": "No room for …'),
        ("", "="),
    ],
)
def test_what_is_seen(text: str, shown: str | None) -> None:
    if shown is None:
        assert "Ada" not in excerpt(text)
    else:
        assert excerpt(text) == (text if shown == "=" else shown)
    for word in ("No such room", "Notice", "and on", "owner"):
        assert (word in text) == (word in excerpt(text))


@pytest.mark.parametrize(
    "text",
    [
        *(
            begin + piece * (1_000_000 // len(piece))
            for begin in ("", '{"a": "')
            for piece in (
                "[",
                '"',
                "\\",
                'a"',
                '{"a":',
                " ",
                "[ ",
                "a",
                "a@",
                "%4",
                '\\"',
                "'",
                ":",
            )
        ),
        '"token": "' + "\\" * 1_000_000,
        'token\\": \\"' + "\\" * 1_000_000,
        "token" * 200_000,
        "token" + " " * 1_000_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_a_hostile_text_takes_no_time(text: str) -> None:
    began = time.process_time()
    excerpt(secrets_hider("api_?key|token", "[secret]")(text))
    assert time.process_time() - began < 10
