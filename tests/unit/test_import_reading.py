"""Files and pasted text of every kind become rows; what is no table is refused with a sentence."""

import time

import pytest

from portal.common.reader.reading import Choices, Unreadable, read, read_text
from tests.support.workbooks import row as xml_row
from tests.support.workbooks import xlsx

TABLE = "E-Mail;Vorname;Nachname\nann@example.com;Änne;Example\nbob@example.com;Bob;Müller\n"
PEOPLE = [("ann@example.com", "Änne", "Example"), ("bob@example.com", "Bob", "Müller")]


def candidates(reading):
    return reading.candidates


def people(reading):
    return [
        (c.email, c.values.get("first_name", ""), c.values.get("last_name", ""))
        for c in reading.candidates
        if not c.problem
    ]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_encodings_delimiters_line_ends(encoding, delimiter, ending):
    text = TABLE.replace(";", delimiter).replace("\n", ending)
    assert people(read(text.encode(encoding))) == PEOPLE


@pytest.mark.parametrize(
    "head",
    [
        "email,first name,last name",
        "E-Mail-Adresse,Vorname,Nachname",
        "Courriel,Prénom,Nom",
        "Correo electrónico,Nombre,Apellidos",
        "Adres e-mail,Imię,Nazwisko",
        "MAIL,First_Name,SURNAME",
        "﻿e-mail,given name,family name",
    ],
)
def test_headings_in_five_languages(head):
    assert people(read_text(f"{head}\nann@example.com,Ann,Example")) == [
        ("ann@example.com", "Ann", "Example")
    ]


@pytest.mark.parametrize("head", ["Name", "Full name", "Imię i nazwisko", "Nombre completo", "Nom"])
def test_one_column_for_the_whole_name(head):
    rows = read_text(f'{head},Email\n"Example, Ann",ann@example.com\nBob van Exam,b@example.com')
    assert people(rows) == [
        ("ann@example.com", "Ann", "Example"),
        ("b@example.com", "Bob", "van Exam"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "ann@example.com\nbob@example.com",
            [("ann@example.com", "", ""), ("bob@example.com", "", "")],
        ),
        ("Ann Example <ann@example.com>", [("ann@example.com", "Ann", "Example")]),
        (
            "Example, Ann <ann@example.com>; Bob <b@example.com>",
            [("ann@example.com", "Ann", "Example"), ("b@example.com", "Bob", "")],
        ),
        (
            "ann@example.com, bob@example.com",
            [("ann@example.com", "", ""), ("bob@example.com", "", "")],
        ),
        ("Ann;Example;ann@example.com", [("ann@example.com", "Ann", "Example")]),
        ("ann@example.com;Ann Example", [("ann@example.com", "Ann", "Example")]),
        ("Wer;Wohin\nAnn Example;ann@example.com", [("ann@example.com", "Ann", "Example")]),
    ],
)
def test_lists_without_headings(text, found):
    assert people(read_text(text)) == found


def test_quoted_fields_keep_delimiters_quotes_and_line_breaks():
    text = 'email,company,first name\nann@example.com,"Example, ""Sons""\n& Co",Ann\n'
    row = candidates(read_text(text))[0]
    assert row.values["company"] == 'Example, "Sons" & Co'


def test_a_quote_that_is_not_closed_swallows_nobody():
    text = 'email,first name\nann@example.com,"Ann\nbob@example.com,Bob\n'
    sheet = read_text(text)
    assert [row[0] for row in people(sheet)] == ["ann@example.com", "bob@example.com"]
    assert sheet.remarks


def test_every_bad_row_has_its_line_and_its_reason():
    text = "\n".join(
        [
            "email,first name,last name",
            "ann@example.com,Ann,Example",
            "",
            "no address,Bob,Example",
            f"carl@example.com,{'x' * 300},C",
            "dora@example.com,D\x00ra,D",
            "eve@example.com,\ue000evE,E",
            ",Flo,F",
            "gus@example.com,שרה,G",
        ]
    )
    rows = candidates(read_text(text))
    bad = {row.line: row.problem for row in rows if row.problem}
    assert sorted(bad) == [4, 5, 6, 7, 8]
    assert "200 characters" in bad[5]
    assert "U+0000" in bad[6]
    assert "U+E000" in bad[7]
    assert rows[-1].values["first_name"] == "שרה"


def test_formulas_stay_text():
    row = candidates(read_text('email,company\nann@example.com,"=HYPERLINK(""http://x"")"'))[0]
    assert row.values["company"] == '=HYPERLINK("http://x")'


def test_a_country_that_is_no_code_is_left_out_and_said():
    row = candidates(read_text("email,country\nann@example.com,Germany\n"))[0]
    assert "country" not in row.values
    assert row.remarks


def cell(place, text):
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def test_xlsx_with_numbers_and_formula_looking_text():
    rows = (
        f'<row r="1">{cell("A1", "E-Mail")}{cell("B1", "Firma")}{cell("C1", "Telefon")}</row>'
        f'<row r="3">{cell("A3", "ann@example.com")}{cell("B3", "=1+1")}'
        '<c r="C3"><v>491234</v></c></row>'
    )
    row = candidates(read(xlsx(rows)))[0]
    assert (row.line, row.email) == (3, "ann@example.com")
    assert row.values == {"company": "=1+1", "phone": "491234"}


@pytest.mark.parametrize("hidden", ['hidden="1"', "hidden='true'", 'ht="0" customHeight="1"'])
def test_rows_that_a_filter_hides_are_passed_over_and_named(hidden):
    rows = (
        xml_row(1, "E-mail") + xml_row(2, "ann@x.org") + xml_row(3, "bob@x.org", attributes=hidden)
    )
    reading = read(xlsx(rows))
    assert [one.email for one in reading.candidates] == ["ann@x.org"]
    assert "1 hidden row" in " ".join(reading.remarks)
    whole = read(xlsx(rows), Choices(hidden=True))
    assert [one.email for one in whole.candidates] == ["ann@x.org", "bob@x.org"]


def test_the_sheet_with_the_most_people_is_read_and_another_can_be_chosen():
    few, many = xml_row(1, "help@x.org"), xml_row(1, "ann@x.org") + xml_row(2, "bob@x.org")
    content = xlsx(few, many, many + xml_row(3, "old@x.org"), states=("", "", "veryHidden"))
    reading = read(content)
    assert [one.email for one in reading.candidates] == ["ann@x.org", "bob@x.org"]
    assert "hidden" in reading.sheets[2]
    other = read(content, Choices(sheet=2))
    assert other.candidates[-1].email == "old@x.org"


def test_a_sheet_that_reaches_too_far_is_refused_before_it_is_unpacked():
    rows = (
        f'<row r="1048576">{cell("XFD1048576", "far")}</row><row r="1">{cell("A1", "near")}</row>'
    )
    with pytest.raises(Unreadable, match="reaches too far"):
        read(xlsx(rows))


def test_a_bomb_is_refused():
    with pytest.raises(Unreadable, match="far too large"):
        read(xlsx(**{"xl/worksheets/sheet2.xml": "0" * (201 * 1024 * 1024)}))


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04rubbish",
        xlsx(**{"xl/worksheets/sheet1.xml": "<no"}),
        b"\xd0\xcf\x11\xe0old xls",
        b"%PDF-1.7",
        b"\x89PNG\r\n",
        xlsx(),
        b"\n\n\n",
        b"",
        b"\xff\xfe",
        b"only words\nand words",
        b"\x00" * 5000,
        b"a" * (10 * 1024 * 1024 + 1),
        b'"' * 200_000,
        b"x" * 200_000,
        xlsx(**{"xl/workbook.xml": ""}),
    ],
)
def test_what_is_no_list_is_refused_with_a_sentence(content):
    with pytest.raises(Unreadable) as refusal:
        candidates(read(content))
    assert str(refusal.value)


def test_twenty_thousand_rows_are_read_in_a_few_seconds():
    lines = [f"person{n}@example.com;First{n};Last{n};Example Press" for n in range(20_000)]
    began = time.perf_counter()
    found = candidates(read(("E-Mail;Vorname;Nachname;Firma\n" + "\n".join(lines)).encode()))
    print(f"20,000 rows read in {time.perf_counter() - began:.2f} s")  # noqa: T201 - a measurement
    assert len(found) == 20_000
    assert not [row for row in found if row.problem]
