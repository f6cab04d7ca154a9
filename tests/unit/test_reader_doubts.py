"""What only looks like a person, a name or a table is refused, or said: never taken in silence."""

import pytest

from portal.common.reader.addresses import Person, parse_person, written
from portal.common.reader.reading import Choices, Unreadable, people_in, read, read_text
from tests.support.workbooks import MAIN, row, xlsx
from tests.unit.test_reader_cases import people, said

NOT_CLEAR = "not clear which part is the name"


@pytest.mark.parametrize(
    "line",
    [
        "Subject: ann@example.org",
        "Subject: RE: Meeting with ann@example.org and bob@example.org",
        "Betreff: ann@example.org",
        "Objet : ann@example.org",
        "Тема: ann@example.org",
        "件名：ann@example.org",
        "Sent: Tuesday, March 3, ann@example.org",
        "Message-ID: <1@example.org>",
        "Return-Path: <ann@example.org>",
    ],
)
def test_a_line_of_a_mail_that_names_nobody_is_one_refused_entry(line):
    for found in (read_text(line).candidates, people_in(line)):
        (one,) = found
        assert "names nobody" in one.problem


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Organizer: Ann Example <ann@example.org>", {"ann@example.org": "Ann|Example"}),
        ("Required attendees: ann@example.org", {"ann@example.org": "|"}),
        ("Reply-To: ann@example.org", {"ann@example.org": "|"}),
        ("收件人: 山田 <ann@example.org>", {"ann@example.org": "山田|"}),
        (
            "Team: ann@example.org, bob@example.org;",
            {"ann@example.org": "|", "bob@example.org": "|"},
        ),
        ("Ann: ann@example.org", {"ann@example.org": "Ann|"}),
        ("Ann Example: office@example.org", {"office@example.org": "Ann|Example"}),
        ("o\tAnn <a@x.org>\no\tb@x.org", {"a@x.org": "Ann|", "b@x.org": "|"}),
        ("Ø\tann@example.org", {"ann@example.org": "|"}),
        ("a. Ann E <a@x.org>\nb. Bob X <b@x.org>", {"a@x.org": "Ann|E", "b@x.org": "Bob|X"}),
        ("A. Example <ann@example.org>", {"ann@example.org": "A.|Example"}),
        ("No. 1 ann@example.org", {"ann@example.org": "|"}),
        ("*ann@example.org*", {"ann@example.org": "|"}),
        ("**Ann Example** <ann@example.org>", {"ann@example.org": "Ann|Example"}),
        ('<a href="mailto:ann@example.org">Ann Example</a>', {"ann@example.org": "Ann|Example"}),
        ("<b>Ann</b> ann@example.org<br>b@x.org", {"ann@example.org": "Ann|", "b@x.org": "|"}),
        ("Ann Example &lt;ann@example.org&gt;", {"ann@example.org": "Ann|Example"}),
        ("SMTP:ann@example.org", {"ann@example.org": "|"}),
        ("山田 太郎 <t@x.org>、鈴木 <h@x.org>", {"t@x.org": "山田|太郎", "h@x.org": "鈴木|"}),
        ("ann@example.org، b@x.org", {"ann@example.org": "|", "b@x.org": "|"}),
        ("ann@example.org (work)", {"ann@example.org": "|"}),
        ("E-Mail ann@example.org", {"ann@example.org": "|"}),
        ("N/A <ann@example.org>", {"ann@example.org": "|"}),
        ('"Ann \\"Annie\\" Example" <ann@example.org>', {"ann@example.org": 'Ann "Annie"|Example'}),
        ("Name          Email\nAnn Example   a@x.org", {"a@x.org": "Ann|Example"}),
    ],
)
def test_labels_and_marks_around_a_person_are_left_out(line, found):
    assert people(read_text(line)) == found
    again = {one.person.email: one.person for one in people_in(line) if one.person}
    assert {mail: f"{p.first_name}|{p.last_name}" for mail, p in again.items()} == found
    assert not [one for one in people_in(line) if one.problem]


@pytest.mark.parametrize(
    "line",
    [
        "Where: Room ann@example.org",
        "Signup: office@example.org",
        "Ann Example <ann@example.org> wrote:",
        "Ann Example – ann@example.org – Sales",
        "ann@example.org 10:32 AM",
        "J=C3=B6rg Muster <ann@example.org>",
        "Please invite ann@example.org",
        "Ann Example via Network <office@example.org>",
        "Ann Example Cc: bob@example.org",
    ],
)
def test_words_of_which_it_is_not_clear_that_they_are_a_name_refuse_the_entry(line):
    (one,) = read_text(line).candidates
    assert NOT_CLEAR in one.problem


def test_the_address_is_never_mended_in_silence():
    for typed in (".ann@example.org", "{ann,bob}@example.org"):
        assert not people(read_text(typed))


def test_an_address_card_in_a_list_is_one_refused_entry_and_blocks_nobody():
    card = "BEGIN:VCARD\nVERSION:3.0\nN:Sample;Bob\nEMAIL:bob@example.org\nEND:VCARD"
    for found in (
        read_text(f"ann@example.org\n{card}").candidates,
        people_in(f"ann@example.org\n{card}"),
    ):
        first, second = found
        assert not first.problem
        assert "vCard" in second.problem
    open_end = people_in(f"BEGIN:VCARD\nann@example.org\n{card}")
    assert [one.person.email for one in open_end if one.person] == ["ann@example.org"]
    with pytest.raises(Unreadable, match="vCard"):
        read(card.encode("utf-16"))


@pytest.mark.parametrize(
    "name", ['Ann "Annie" Sample', "A: B", "ann sample", "Ann - Sales", "a\\b"]
)
def test_any_name_that_is_written_down_is_read_as_the_same(name):
    person = Person("office@example.org", name, "Example")
    assert parse_person(written(person)) == person


@pytest.mark.parametrize(
    "cell", ["#N/A", "#REF!", "#BEZUG!", "#ИМЯ?", "N/A", "(null)", "-", ".", "46084", "2026-03-03"]
)
def test_what_a_program_writes_for_want_of_a_name_is_none(cell):
    reading = read(f"Name,Email\n{cell},ann@example.org\n".encode())
    assert people(reading) == {"ann@example.org": "|"}
    if cell.startswith("#"):
        assert "error of the spreadsheet" in reading.candidates[0].remarks[0]
    if cell[0].isdigit():
        assert f"“{cell}” is no name" in reading.candidates[0].remarks[0]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("“Name”,“Email”\n“Example, Ann”,“a@x.org”\n", "Ann|Example"),
        ("'Name','Email'\n'Example, Ann','a@x.org'\n", "Ann|Example"),
        ("«Name»;«Email»\n«Example; Ann»;«a@x.org»\n", "Example;|Ann"),
        ('"Name";"Email"\n"Example; Ann";"a@x.org"\n', "Example;|Ann"),
        ('"Name"\t"Email"\n"Example, ""Ann"""\t"a@x.org"\n', '"Ann"|Example'),
        ('Name,Email\n="Ann Example",="a@x.org"\n', "Ann|Example"),
        ('Name,Email\n"Ann \\"Annie\\" Example",a@x.org\n', 'Ann "Annie"|Example'),
    ],
)
def test_cells_in_other_quotation_marks(text, found):
    assert people(read(text.encode())) == {"a@x.org": found}


def test_a_person_may_be_called_null():
    reading = read(b"First name,Last name,Email\nChris,Null,ann@example.org\n")
    assert people(reading) == {"ann@example.org": "Chris|Null"}


def test_a_phone_number_that_lost_its_digits_is_said():
    (one,) = read(b"Name,Email,Phone\nAnn,ann@example.org,4.93012E+11\n").candidates
    assert "phone" not in one.values
    assert "4.93012E+11" in one.remarks[0]


def test_a_row_with_a_comma_too_many_is_refused_and_no_other():
    text = b"Name,Company,Email\nAnn,X,ann@example.org\nSample, Bob,Y,b@x.org\nCarl,Z,c@x.org\n"
    reading = read(text)
    assert people(reading) == {"ann@example.org": "Ann|", "c@x.org": "Carl|"}
    assert "more cells than there are headings" in reading.candidates[1].problem


def test_columns_without_a_heading_are_no_fault_of_every_row():
    assert people(read(b"Name,Email\nAnn,ann@example.org,x\nBob,bob@example.org,y\n")) == {
        "ann@example.org": "Ann|",
        "bob@example.org": "Bob|",
    }


def test_words_in_a_column_of_addresses_are_said():
    reading = read(b"Name,Email\na@x.org,a@x.org\nBob,b@x.org\nc@x.org,c@x.org\n")
    assert "Bob" in " ".join(reading.candidates[1].remarks)


def test_a_heading_in_the_place_of_a_name_refuses_the_row():
    (one,) = read(b"Name,Ann,Bob\nEmail,ann@example.org,bob@example.org\n").candidates
    assert "a heading stands" in one.problem


@pytest.mark.parametrize(
    ("heading", "name", "found"),
    [
        ("ФИО", "Иванова Анна Петровна", "Анна Петровна|Иванова"),
        ("氏名", "山田 太郎", "太郎|山田"),
        ("Név", "Kovács Anna", "Anna|Kovács"),
        ("Nazwisko i imię", "Nowak Anna", "Anna|Nowak"),
        ("Name Vorname", "van den Berg Anna", "Anna|van den Berg"),
        ("이름", "홍길동", "홍길동|"),
        ("Full name", "Anna Nowak", "Anna|Nowak"),
    ],
)
def test_whole_names_in_the_order_that_the_heading_says(heading, name, found):
    assert people(read(f"{heading},Email\n{name},x@x.org\n".encode())) == {"x@x.org": found}


def test_the_order_of_whole_names_can_be_chosen():
    choices = Choices(columns={0: "name_last"})
    reading = read(b"Name,Email\nExample Ann,x@x.org\n", choices)
    assert people(reading) == {"x@x.org": "Ann|Example"}


@pytest.mark.parametrize(
    ("encoding", "text", "name"),
    [
        ("cp1251", "Name;Email\nЩукин Юрий", "Щукин|Юрий"),
        ("cp1255", "שם פרטי,שם משפחה,אימייל\nדוד,כהן", "דוד|כהן"),
        ("cp932", "姓,名,会社名,メールアドレス\n髙橋,一郎,X", "一郎|髙橋"),
        ("cp949", "이름,이메일\n뷁길동", "뷁길동|"),
    ],
)
def test_more_code_pages(encoding, text, name):
    sign = ";" if ";" in text else ","
    assert people(read(f"{text}{sign}x@x.org\n".encode(encoding))) == {"x@x.org": name}


def test_a_file_put_together_of_two_encodings_is_read_line_by_line():
    text = "Name,Email\nJörg M,j@x.org\n".encode() + "Zoë L,z@x.org\n".encode("cp1252")
    reading = read(text)
    assert people(reading) == {"j@x.org": "Jörg|M", "z@x.org": "Zoë|L"}
    assert reading.guessed


def test_names_that_were_garbled_before_are_pointed_out():
    assert "“JÃ¶rg” looks" in said(read("Name,Email\nJÃ¶rg,j@x.org\n".encode()))


@pytest.mark.parametrize(
    "head", ["<table><tr>", "<?xml version='1.0'?>", "MIME-Version: 1.0\n", "7z\xbc\xaf"]
)
def test_other_files_that_hold_an_address_are_refused_as_a_whole(head):
    with pytest.raises(Unreadable):
        read(f"{head} ann@example.org".encode("latin-1"))


def _book(columns, *rows):
    sheet = f'<worksheet xmlns="{MAIN}/spreadsheetml/2006/main"><cols>{columns}</cols>'
    cells = "".join(row(n, *texts) for n, texts in enumerate(rows, start=1))
    whole = f"{sheet}<sheetData>{cells}</sheetData></worksheet>"
    return xlsx("", **{"xl/worksheets/sheet1.xml": whole})


ROWS = (("E-mail (old)", "Name", "E-mail", "Notes"), ("old@x.org", "Ann", "ann@x.org", "secret"))


def test_hidden_columns_are_passed_over_named_and_can_be_chosen():
    book = _book('<col min="1" max="1" hidden="1"/><col min="4" max="4" width="0"/>', *ROWS)
    reading = read(book)
    (one,) = reading.candidates
    assert (one.email, one.values) == ("ann@x.org", {"first_name": "Ann"})
    assert "Hidden columns were passed over" in said(reading)
    assert "“E-mail (old)”, “Notes”" in said(reading)
    (one,) = read(book, Choices(columns={3: "notes"})).candidates
    assert one.values["notes"] == "secret"


def test_a_hidden_column_that_alone_holds_the_addresses_is_used_and_said():
    reading = read(
        _book('<col min="1" max="1" hidden="1"/>', ("E-mail", "Name"), ("a@x.org", "Ann"))
    )
    assert people(reading) == {"a@x.org": "Ann|"}
    assert "“E-mail” (hidden) as e-mail" in said(reading)
