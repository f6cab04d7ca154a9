"""Reports of several parts, odd headings, odd separators and odd lists: nobody is misread."""

import pytest

from portal.common.reader.addresses import Person, parse_person, written
from portal.common.reader.reading import Choices, read, read_text
from tests.support.workbooks import SHEET, relations, row, xlsx
from tests.unit.test_reader_cases import people, said

LINES = "First name,Last name,Email\nAnn,Example,ann@example.org\nBob,Sample,bob@example.org"
ANN_AND_BOB = {"ann@example.org": "Ann|Example", "bob@example.org": "Bob|Sample"}


@pytest.mark.parametrize(
    ("encoding", "heading", "line", "name"),
    [
        ("iso8859_5", "Имя;Фамилия;Почта", "Пётр;Чайковский", "Пётр|Чайковский"),
        ("mac_cyrillic", "Имя;Фамилия;Почта", "Пётр;Чайковский", "Пётр|Чайковский"),
        ("iso8859_7", "Όνομα;Επώνυμο;Email", "Άννα;Ήρα", "Άννα|Ήρα"),
        ("cp857", "Ad;Soyad;E-posta", "Şule;Yıldız", "Şule|Yıldız"),
        ("mac_turkish", "Ad;Soyad;E-posta", "Şule;Yıldız", "Şule|Yıldız"),
        ("cp874", "ชื่อ;นามสกุล;อีเมล", "สมชาย;ใจดี", "สมชาย|ใจดี"),
        ("euc_jp", "名;姓;メール", "太郎;山田", "太郎|山田"),
        ("gb18030", "姓名;邮箱", "张伟", "张伟|"),
        ("cp1252", "Fornafn;Eftirnafn;Netfang", "Þór;Guðmundsson", "Þór|Guðmundsson"),
    ],
)
def test_code_pages_of_more_countries(encoding, heading, line, name):
    reading = read(f"{heading}\n{line};x@example.org\n".encode(encoding))
    assert people(reading) == {"x@example.org": name}
    assert reading.guessed


@pytest.mark.parametrize(
    "heading",
    [
        "Tên;Họ;Địa chỉ email",
        "Nama depan;Nama belakang;Alamat email",
        "Nom;Cognoms;Correu electrònic",
        "Izena;Abizena;Helbide elektronikoa",
        "Enw cyntaf;Cyfenw;E-bost",
        "Име;Презиме;Имејл",
        "Անուն;Ազգանուն;Էլ. փոստ",
        "სახელი;გვარი;ელფოსტა",
        "نام;نام خانوادگی;ایمیل",
        "पहला नाम;उपनाम;ईमेल",
        "名字;姓氏;電子郵件",
        "Vorname / First name;Nachname / Last name;E-Mail / Email",
        "Vorname (first name);Nachname (last name);E-Mail-Adresse (email)",
        "Vorname (Pflichtfeld);Nachname (Pflichtfeld);E-Mail (Pflichtfeld)",
    ],
)
def test_headings_of_more_languages_and_of_two_at_once(heading):
    reading = read(f"{heading}\nAnna;Muster;x@example.org\n".encode())
    assert people(reading) == {"x@example.org": "Anna|Muster"}


def test_headings_whose_two_parts_differ_say_nothing():
    reading = read(b"Firma / Name;E-Mail\nExample;x@example.org\n")
    assert "Not used: “Firma / Name”" in said(reading)


def test_both_family_names_of_spanish_lists_are_kept():
    text = "Nombre;Primer apellido;Segundo apellido;Correo\nAnna;Muñoz;García;x@example.org\n"
    assert people(read(text.encode())) == {"x@example.org": "Anna|Muñoz García"}


def test_a_heading_goes_before_a_guess():
    reading = read(b"Name,Email\nboss@example.org,ann@example.org\n")
    assert people(reading) == {"ann@example.org": "|"}
    assert reading.candidates[0].remarks == ["Other addresses were left out: boss@example.org."]


def test_their_own_address_under_name_is_no_name_and_no_trouble():
    text = (
        b"Name,Email\nann@example.org,ann@example.org\nBob Sample,bob@example.org\nC,c@example.org"
    )
    assert people(read(text))["ann@example.org"] == "|"


@pytest.mark.parametrize(
    "above",
    [
        "List kept by office@example.org\n\n",
        "Contact,office@example.org,\n",
        "Topic,Host\nLaunch,1\nAttended,User Name (Original Name),Email\nYes,H,host@example.org\n",
    ],
)
def test_an_address_above_the_headings_is_named(above):
    reading = read(f"{above}{LINES}\n".encode())
    assert people(reading) == ANN_AND_BOB
    assert "An address stands in what was skipped" in said(reading)


def test_the_larger_part_of_a_report_is_read_and_the_other_is_named():
    text = (
        "First name,Last name,Email\nAnn,Example,ann@example.org\nBob,Sample,bob@example.org\n"
        "Staff details,,\nEmail,Surname,First name,Phone\nstaff@example.org,Staff,Stella,1\n"
    )
    reading = read(text.encode())
    assert people(reading) == ANN_AND_BOB
    assert "Other headings stand in line 5" in said(reading)


def test_a_report_divided_by_tabs_below_lines_without_any():
    text = (
        "1. Summary\nMeeting title\tLaunch\n\n2. Participants\nName\tJoin\tEmail\tRole\n"
        "Ann Example (Guest)\t1\tann@example.org\tAttendee\nBob Sample\t2\tbob@example.org\tX\n\n"
        "3. Activities\n4. Questions\n"
    )
    found = people(read(text.encode()))
    assert found == ANN_AND_BOB | {"ann@example.org": "Ann|Example (Guest)"}


@pytest.mark.parametrize("sign", "^~:!#")
def test_any_separator_that_the_first_line_names(sign):
    text = f"sep={sign}\nName;Email\nAnn Example;ann@example.org\n".replace(";", sign)
    reading = read(text.encode())
    assert people(reading) == {"ann@example.org": "Ann|Example"}
    assert reading.delimiter == sign


def test_lines_that_are_wholly_in_quotation_marks():
    quoted = "\n".join(f'"{line}"' for line in LINES.splitlines())
    assert people(read(quoted.encode())) == ANN_AND_BOB
    assert people(read(quoted.replace("Ann,", 'Ann,""').replace("e,a", 'e"",a').encode())) == (
        ANN_AND_BOB
    )


def test_a_sheet_whose_lines_were_never_divided_into_columns():
    lines = LINES.splitlines()
    assert people(read(xlsx("".join(row(n, one) for n, one in enumerate(lines, 1))))) == ANN_AND_BOB
    several = xlsx(row(1, "Guests") + row(2, "ann@example.org; bob@example.org"))
    assert people(read(several)) == {"ann@example.org": "|", "bob@example.org": "|"}


def test_rows_are_hidden_in_whatever_folder_the_sheet_lies():
    cells = row(1, "Email") + row(2, "old@example.org", attributes='hidden="1"')
    book = xlsx(
        **{
            "xl/_rels/workbook.xml.rels": relations(("worksheet", "odd/one.xml")),
            "xl/odd/one.xml": SHEET.format(cells + row(3, "ann@example.org")),
        }
    )
    assert list(people(read(book))) == ["ann@example.org"]
    assert "hidden" in said(read(book))
    assert len(people(read(book, Choices(hidden=True)))) == 2


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Dr. Ann Example, PhD <ann@example.org>", "Dr. Ann|Example, PhD"),
        ("Ann Example, MD <ann@example.org>", "Ann|Example, MD"),
        ("Example, Jr <ann@example.org>", "Jr|Example"),
        ("Ann Example (HR) <ann@example.org>", "Ann|Example (HR)"),
        ("=?utf-8?q?J=C3=B6rg_Muster?= <ann@example.org>", "Jörg|Muster"),
        ("[Ann Example](mailto:ann@example.org)", "Ann|Example"),
        ("IV. Ann Example <ann@example.org>", "Ann|Example"),
        ("V. Example <ann@example.org>", "V.|Example"),
        ("1.1 ann@example.org", "|"),
        ("1.2. Ann Example <ann@example.org>", "Ann|Example"),
        ("§ 3 ann@example.org", "|"),
        ("👤 Ann Example 📧 ann@example.org", "Ann|Example"),
    ],
)
def test_what_stands_around_a_name(typed, name):
    assert people(read_text(typed)) == {"ann@example.org": name}


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("mailto:ann@example.org?subject=Hello&cc=bob@example.org", "more than one address"),
        ("Ann Example ann@example.org +49 30 1234", "phone number"),
        ("Ann Example / Example GmbH / ann@example.org", "not clear"),
    ],
)
def test_an_entry_with_more_than_a_name_and_an_address_is_refused(typed, why):
    (found,) = read_text(typed).candidates
    assert why in found.problem


def test_a_header_that_cannot_be_decoded_is_refused():
    with pytest.raises(ValueError, match="not clear"):
        parse_person("=?nonsense?q?J=C3?= <ann@example.org>")


def test_three_colons_in_a_name_belong_to_it():
    reading = read(b"First name,Last name,Email\nA ::: B,Example,ann@example.org\n")
    assert people(reading) == {"ann@example.org": "A ::: B|Example"}


@pytest.mark.parametrize(
    ("first", "last"),
    [("Ann", "Example, PhD"), ("Dr. Ann", "Example, Jr."), ("Ann", "Example (HR)"), ("Jr.", "III")],
)
def test_what_is_written_again_is_the_same_person(first, last):
    person = Person("ann@example.org", first, last)
    assert parse_person(written(person)) == person
