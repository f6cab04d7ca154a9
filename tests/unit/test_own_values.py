"""Values of columns of one's own: what a text means, and that what is written is read again."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.common.reader.columns import layout
from portal.common.reader.own import (
    CHOICE,
    DATE,
    NUMBER,
    TEXT,
    YES_NO,
    OwnColumn,
    read_value,
    sought,
    written_value,
)
from portal.common.reader.people import from_table

NUMBERS = OwnColumn("1", "Seats", NUMBER)
DATES = OwnColumn("2", "Member since", DATE)
FLAGS = OwnColumn("3", "Dealer", YES_NO)
CHOICES = OwnColumn("4", "Level", CHOICE, ["Gold", "Très bien"])
TEXTS = OwnColumn("5", "Customer no.", TEXT)
TYPED = st.text("abc äß-.,;=@'\"", max_size=40).map(str.split).map(" ".join)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("-5", -5),
        ("+0", 0),
        ("007", 7),
        ("5.0", 5),
        ("5,5", 5.5),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1.234.567", 1234567),
        ("1 234", 1234),
        ("1\u00a0234", 1234),
        ("1'234", 1234),
        ("1.234", 1.234),
        ("0,125", 0.125),
        ("−3", -3),
        ("1\u202f234\u202f567,8", 1234567.8),
        ("12,34,567.5", 1234567.5),
        ("999999999999999", 999999999999999),
    ],
)
def test_numbers(text, value):
    found = read_value(NUMBERS, text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    "text", ["2..3", "1.2.3", "1,,2", "1 2", "12 34", "1.234.5", "1,234,5", "1.23.456", "1.2.3,4"]
)
def test_signs_that_stand_between_no_thousands_make_no_number(text):
    with pytest.raises(ValueError, match="Seats"):
        read_value(NUMBERS, text)


@pytest.mark.parametrize(
    "text", ["1,234", "x", "1e5", "--1", "5 apples", "9" * 16, "0." + "1" * 16, "NaN", "½"]
)
def test_what_is_no_number_or_not_clear(text):
    with pytest.raises(ValueError, match="Seats"):
        read_value(NUMBERS, text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-12-31", "2026-12-31"),
        ("2026-2-3", "2026-02-03"),
        ("2026-12-31T00:00:00", "2026-12-31"),
        ("2026-12-31 00:00", "2026-12-31"),
        ("3.2.2026", "2026-02-03"),
        ("31/12/2026", "2026-12-31"),
        ("12/31/2026", "2026-12-31"),
        ("5/5/2026", "2026-05-05"),
    ],
)
def test_dates(text, value):
    assert read_value(DATES, text) == value


@pytest.mark.parametrize(
    "text", ["3/2/2026", "2026-02-30", "0001-01-01", "9999-01-01", "soon", "2026-01-01T10:00:00"]
)
def test_what_is_no_date_or_not_clear(text):
    with pytest.raises(ValueError, match="Member since"):
        read_value(DATES, text)


def test_yes_no_and_choices():
    assert [read_value(FLAGS, text) for text in ("Yes", "JA", "Sì", "x", "true")] == [True] * 5
    assert [read_value(FLAGS, text) for text in ("no", "Nein", "нет", "0", "não")] == [False] * 5
    assert read_value(CHOICES, "gold") == "Gold"
    assert read_value(CHOICES, "TRES BIEN") == "Très bien"
    for column, text in ((FLAGS, "perhaps"), (CHOICES, "Bronze"), (TEXTS, "x" * 501)):
        with pytest.raises(ValueError, match=column.label):
            read_value(column, text)


@given(
    st.one_of(
        st.tuples(st.just(NUMBERS), st.integers(-(10**15) + 1, 10**15 - 1)),
        st.tuples(st.just(NUMBERS), st.decimals(-(10**6), 10**6, places=6).map(float)),
        st.tuples(st.just(DATES), st.dates(date(1900, 1, 1), date(2199, 12, 31)).map(str)),
        st.tuples(st.just(FLAGS), st.booleans()),
        st.tuples(st.just(CHOICES), st.sampled_from(["Gold", "Très bien"])),
        st.tuples(st.just(TEXTS), TYPED),
    )
)
def test_what_is_written_is_read_again(pair):
    column, value = pair
    text = written_value(value)
    again = read_value(column, text)
    assert again == value
    assert isinstance(again, bool) is isinstance(value, bool)
    assert written_value(again) == written_value(read_value(column, written_value(again)))
    assert sought(again) == sought(value)


def test_headings_find_own_columns_and_values_are_checked():
    rows = [
        (1, ["E-Mail", "customer NO", "Seats", "Level", "Other"]),
        (2, ["ann@example.com", "K-1", "1.5", "gold", "z"]),
        (3, ["bob@example.com", "", "many", "Bronze", ""]),
    ]
    found = layout(rows, own=[NUMBERS, CHOICES, TEXTS])
    assert [column.meaning for column in found.columns] == [
        "email",
        "own:5",
        "own:1",
        "own:4",
        "",
    ]
    ann, bob = from_table(found)
    assert ann.values == {"own:1": "1.5", "own:4": "Gold", "own:5": "K-1"}
    assert (bob.values, bob.problem) == ({}, "")
    assert [str(remark) for remark in bob.remarks] == [
        "Seats: “many” is no number of at most 15 digits. It was left out.",
        "Level: “Bronze” is none of its choices. It was left out.",
    ]


def test_tags_of_a_cell():
    rows = [(1, ["E-Mail", "Tags"]), (2, ["ann@example.com", f'VIP; vip, "Press" | {"x" * 61}'])]
    (ann,) = from_table(layout(rows))
    assert ann.values == {"tags": "VIP; Press"}
    assert "at most 60 characters" in str(ann.remarks[0])
