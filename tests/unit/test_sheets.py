"""Lists as XLSX: what is written is read again by another program, and nothing in it is run."""

import io
import tracemalloc
import zipfile
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from portal.common.reader.characters import tidy
from portal.common.sheets import MOST_CHARACTERS, workbook

NASTY = ["=1+1", "+49 30 1", "-", "@x", "'=1", "''+", "007", "1e5", "TRUE", "a\tb\nc", "_x0041_"]


def file_of(lines, **how):
    return b"".join(workbook(lines, **how))


def sheets(content):
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def test_every_cell_is_text_and_no_formula():
    content = file_of([["E-mail", "Note"], *(["a@example.com", one] for one in NASTY)])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        for name in names:
            assert ET.fromstring(archive.read(name)).tag  # noqa: S314 - a file of our own making
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<v>" not in sheet
    assert names[0] == "[Content_Types].xml"
    (rows,) = sheets(content)
    found = [row[1] for row in rows[1:]]
    guarded = ["''=1", "'''+"]  # one more, which the reader of lists takes off again
    assert found == [*NASTY[:4], *guarded, *NASTY[6:]]


def test_numbers_of_ours_stay_numbers():
    (rows,) = sheets(file_of([["Minutes"], [60], [None], [True], ["60"]]))
    assert [row[0] for row in rows[1:]] == [60.0, "", "True", "60"]


def test_fractions_and_days_are_cells_of_their_sort():
    days = [date(1900, 2, 28), date(1900, 3, 1), date(2094, 2, 28)]
    (rows,) = sheets(file_of([["H"], [-2.5], [float("inf")], *([day] for day in days)]))
    assert [row[0] for row in rows[1:]] == [-2.5, "inf", "1900-02-28", *days[1:]]


def test_an_empty_list_is_a_file_too():
    assert sheets(file_of([["A", "B"]])) == [[["A", "B"]]]
    assert len(sheets(file_of([]))) == 1


def test_a_list_that_is_too_long_for_a_sheet_goes_on_on_the_next():
    found = sheets(file_of([["H"], *([f"r{n}"] for n in range(7))], most=4))
    assert [[row[0] for row in rows] for rows in found] == [
        ["H", "r0", "r1", "r2"],
        ["H", "r3", "r4", "r5"],
        ["H", "r6"],
    ]
    assert len(sheets(file_of([["H"], *([f"r{n}"] for n in range(6))], most=4))) == 2


def test_what_no_cell_holds_is_left_out():
    (rows,) = sheets(file_of([["H"], ["a\x00\x0b\ud800b\uffff"], ["x" * 40_000]]))
    assert rows[1][0] == "ab"
    assert len(rows[2][0]) == MOST_CHARACTERS


@given(
    st.lists(
        st.text(
            st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]), max_size=12
        ),
        min_size=1,
        max_size=6,
    )
)
def test_what_is_written_is_what_another_program_reads(texts):
    content = file_of(
        [["E-mail", *(f"c{n}" for n in range(len(texts)))], ["a@example.com", *texts]]
    )
    (rows,) = sheets(content)
    plain = [one if not one.startswith("'") else None for one in texts]
    for cell, text in zip(rows[1][1:], plain, strict=False):
        assert text is None or tidy(cell) == tidy(text)


@pytest.mark.slow
def test_a_long_list_takes_no_memory():
    def lines(number):
        yield ["E-mail", "First name", "Last name", "Company"]
        for n in range(number):
            yield [f"p{n}@example.com", f"First {n}", f"Last {n}", "Example Press"]

    def peak(number):
        tracemalloc.start()
        size = sum(map(len, workbook(lines(number))))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size, most

    small, little = peak(2_000)
    large, much = peak(20_000)
    assert large > small * 8
    assert much < little * 1.5


@pytest.mark.parametrize("sign", ["😀", "é", "a"])
def test_a_cell_holds_no_more_than_spreadsheets_take(sign):
    """They count in units of UTF-16: a file with one too many is called broken."""
    (rows,) = sheets(file_of([["Note"], [sign * 40_000]]))
    held = rows[1][0]
    assert len(held.encode("utf-16-le")) // 2 in (MOST_CHARACTERS, MOST_CHARACTERS - 1)
    assert set(held) == {sign}
