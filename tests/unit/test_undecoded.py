"""Rows that are decoded when somebody asks for them, and their digests."""

import json

import pytest

from integrations.base import evidence
from integrations.base.errors import UnexpectedAnswer
from integrations.base.reading import Row, rows
from integrations.base.records import Kind, Page, Record
from integrations.base.undecoded import digest, page_of


def decode(row: Row) -> Record:
    return Record(
        Kind.GROUP, row.ident("id"), {"name": row.needed_text("name")}, partial="id" not in row
    )


def page(answer: str):
    return page_of(rows(json.loads(answer), "group", "Model"), decode)


ROW = '{"id": 1, "name": "a", "more": {"x": [1, null, true, 1.5, "\\ud800"]}}'


def test_the_same_row_has_the_same_digest_and_each_other_one_another():
    others = [
        ROW.replace("1,", "2,", 1),
        ROW.replace('"a"', '"b"'),
        ROW.replace("null", "false"),
        ROW.replace("1.5", "1.25"),
        ROW.replace('{"id": 1, "name"', '{"name": "c", "id": 1, "name"'),
        ROW.replace("[1,", '["1",'),
    ]
    digests = [page(f"[{row}]").digests[0] for row in (ROW, ROW, *others)]
    assert digests[0] == digests[1]
    assert len(set(digests)) == len(others) + 1


def test_a_record_carries_the_digest_of_its_row():
    shown = page(f'[{ROW}, {{"id": 2, "name": "b"}}]')
    assert [record.digest for record in shown.records] == list(shown.digests)
    assert [record.external_id for record in shown.records[:1]] == ["1"]
    assert len(shown.records) == 2


def test_nothing_is_decoded_before_it_is_asked_for():
    shown = page('[{"id": 1, "name": "a"}, {"id": 2}]')
    assert shown.records[0].fields["name"] == "a"
    with pytest.raises(UnexpectedAnswer):
        shown.records[1]


def test_what_is_given_decoded_has_no_digest():
    made = Record(Kind.GROUP, "~1", {"name": "a"})
    shown = page_of([made, Row({"id": 1, "name": "a"}, "group", "Model")], decode)
    assert shown.digests[0] == ""
    assert shown.digests[1]
    assert shown.records[0] is made


def test_an_odd_row_is_reported_with_the_answer_it_came_in(caplog):
    def asked(operation: str) -> evidence.Asked:
        return evidence.Asked("Account", "Model", operation, "GET", 1, "read")

    def details(operation: str) -> evidence.Details:
        return lambda: {"status": 200, "excerpt": f"of {operation}", "operation": operation}

    evidence.remember(details("list groups"), asked("list groups"))
    shown = page('[{"id": 1}]')
    evidence.remember(details("something else"), asked("something else"))
    with pytest.raises(UnexpectedAnswer) as raised:
        shown.records[0]
    assert raised.value.excerpt == "of list groups"
    assert "something else" not in caplog.text


def test_a_part_of_a_page_is_decoded_no_sooner():
    shown = page('[{"id": 1, "name": "a"}, {"id": 2, "name": "b"}, {"id": 3}]')
    parts = list(shown.parts(2))
    assert [len(part.records) for part in parts] == [2, 1]
    assert [digest for part in parts for digest in part.digests] == list(shown.digests)
    assert [record.external_id for record in parts[0].records] == ["1", "2"]
    assert parts[0].records[0].digest == parts[0].digests[0]
    with pytest.raises(UnexpectedAnswer):
        parts[1].records[0]


def test_a_page_of_plain_records_has_parts_too():
    made = [Record(Kind.GROUP, str(number), {"name": "a"}) for number in range(3)]
    parts = list(Page(made, total=7).parts(2))
    assert [[record.external_id for record in part.records] for part in parts] == [
        ["0", "1"],
        ["2"],
    ]
    assert {part.total for part in parts} == {7}


def test_what_is_nested_too_deeply_has_no_digest():
    value: list[object] = []
    for _ in range(5000):
        value = [value]
    assert digest(value) == ""
    assert digest([[]]) != ""
