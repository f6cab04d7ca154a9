"""PHP's reading of forms, and the store's look-ups."""

from __future__ import annotations

import pytest

from integrations.sandbox.forms import BadBody, listed, nest, read_body, urlencoded
from integrations.sandbox.store import Store


@pytest.mark.parametrize(
    ("pairs", "tree"),
    [
        ([("a", "1"), ("a", "2")], {"a": "2"}),
        ([("a[b][c]", "1"), ("a[b][d]", "2")], {"a": {"b": {"c": "1", "d": "2"}}}),
        ([("a[]", "1"), ("a[]", "2")], {"a": {"0": "1", "1": "2"}}),
        ([("a[][x]", "1"), ("a[][x]", "2")], {"a": {"0": {"x": "1"}, "1": {"x": "2"}}}),
        ([("a[][x]", "1"), ("a[][y]", "2")], {"a": {"0": {"x": "1", "y": "2"}}}),
        ([("a", "1"), ("a[b]", "2")], {"a": {"b": "2"}}),
        ([("a[b]", "2"), ("a", "1")], {"a": "1"}),
        ([("a[b", "1"), ("[c]", "2"), ("", "3")], {"a[b": "1", "[c]": "2", "": "3"}),
    ],
)
def test_nest(pairs, tree):
    assert nest(pairs) == tree


def test_listed():
    assert listed({"0": "a", "7": "b"}) == ["a", "b"]
    assert listed("a") == ["a"]
    assert listed(None) == listed("") == []


def test_urlencoded():
    assert urlencoded(b"a=1+2&b=%2B&c&&d=%C3%A9=x") == [
        ("a", "1 2"),
        ("b", "+"),
        ("c", ""),
        ("d", "é=x"),
    ]
    for raw in (b"a=%ff", b"a=%00", b"\xe9=1"):
        with pytest.raises(BadBody):
            urlencoded(raw)


def test_other_bodies_hold_no_fields():
    for kind in ("application/json", "text/plain; charset=utf-8", "application/xml"):
        assert read_body(kind, b"a=1") == ([], [])
    assert read_body("", b"a=1") == ([("a", "1")], [])


def test_the_store_keeps_the_order_of_ids_and_its_index():
    changes = []
    store = Store(lambda: changes.append(1), {"rows": 10})
    first, second = store.add("rows", {"room_id": 1}), store.add("rows", {"room_id": 1})
    assert (first["id"], second["id"]) == (10, 11)
    store.change("rows", 10, colour="red")
    assert store.rows("rows", room_id=1) == [first, second]
    assert store.rows("rows", room_id=1, colour="red") == [first]
    store.change("rows", 10, room_id=2)
    assert store.rows("rows", room_id=1) == [second]
    assert store.rows("rows", room_id=2) == [first]
    store.remove("rows", 10)
    assert store.rows("rows", room_id=2) == []
    assert len(changes) == 5
    store.remove("rows", 10)
    assert len(changes) == 5
    again = Store(lambda: None, {})
    again.load(store.dump())
    assert again.rows("rows", room_id=1) == [second]
    assert again.next_id("rows") == 12
    with pytest.raises(KeyError):
        store.change("rows", 10, colour="blue")
