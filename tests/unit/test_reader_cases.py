"""Files and lists as other programs write them: who is read, and what is said about it."""

from pathlib import Path

import pytest

from portal.common.reader.reading import Choices, Unreadable, read, read_text

FILES = Path(__file__).parent.parent / "fixtures" / "people"
MANY = "more than one address"


def people(reading):
    return {
        one.email: f"{one.values.get('first_name', '')}|{one.values.get('last_name', '')}"
        for one in reading.candidates
        if not one.problem
    }


def said(reading):
    return " ".join(reading.remarks)


ANN_AND_BOB = {"ann@example.org": "Ann|Example", "bob@example.org": "Bob|Sample"}


@pytest.mark.parametrize(
    ("name", "found", "remark"),
    [
        (
            "01-polish-cp1250.csv",
            {
                "lucja@example.org": "Łucja|Żółkiewska",
                "s.zrebak@example.org": "Świętosław|Źrebak",
            },
            "was guessed",
        ),
        (
            "04-dutch-headings.csv",
            {"anna@example.org": "Anna|van der Voorbeeld", "bram@example.org": "Bram|Proef"},
            "",
        ),
        (
            "05-sep-line.csv",
            {"anna@example.org": "Anna|Muster", "bernd@example.org": "Bernd|Probe"},
            "names the separator",
        ),
        (
            "06-note-with-address.csv",
            {"ann@example.org": "Ann|Example", "carla@example.org": "Carla|Sample, Dr."},
            "",
        ),
        ("07-preamble.csv", ANN_AND_BOB, "Attendee Report"),
        ("07-title-row.xlsx", ANN_AND_BOB, "Participants of the spring launch"),
        ("08-hidden-first-sheet.xlsx", {"ann@example.org": "Ann|Example"}, "Old 2024"),
        ("10-cover-sheet.xlsx", ANN_AND_BOB, "People"),
        ("11-google-several-values.csv", {"ann@example.org": "Ann|Example"}, ""),
        (
            "13-invisible-signs.csv",
            {
                "ann@example.org": "Ann|Example",
                "bob@example.org": "Bob|Sample",
                "carl@example.org": "Carl|Third",
            },
            "",
        ),
        ("15-decomposed-names.csv", {"juergen@example.org": "J\u00fcrgen|M\u00fcller"}, ""),
    ],
)
def test_a_file_is_understood(name, found, remark):
    reading = read((FILES / name).read_bytes())
    assert people(reading) == found
    assert remark in said(reading)
    assert "quotation" not in said(reading)
    assert not [one for one in reading.candidates if one.problem]


def test_a_note_keeps_its_second_line_and_its_address():
    reading = read((FILES / "06-note-with-address.csv").read_bytes())
    assert "bob@example.com, room 4" in reading.candidates[0].values["notes"]


def test_of_several_values_the_first_is_taken_and_the_rest_is_named():
    one = read((FILES / "11-google-several-values.csv").read_bytes()).candidates[0]
    assert (one.values["phone"], one.values["company"]) == ("+44 1", "Example Ltd")
    assert "ann.private@example.com" in " ".join(one.remarks)
    assert "+44 2" in " ".join(one.remarks)


def test_the_guard_against_formulas_is_taken_off_again():
    one = read((FILES / "18-own-export.csv").read_bytes()).candidates[0]
    assert (one.values["phone"], one.values["company"]) == ("+49 30 1234", "-ish Ltd")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        (
            "23-several-people-in-one-line.txt",
            {
                "ann@example.org": "Ann|Example",
                "bob@example.org": "Bob|Sample",
                "carla@example.org": "|",
                "dora@example.org": "|",
                "eve@example.org": "|",
                "finn@example.org": "|",
            },
        ),
        (
            "24-outlook-link.txt",
            {
                "ann@example.org": "Ann|Example",
                "bob@example.org": "|",
                "carla@example.org": "|",
                "dora@example.org": "Dora|Muster",
            },
        ),
        (
            "26-numbered-list.txt",
            {
                "ann@example.org": "|",
                "bob@example.org": "|",
                "carla@example.org": "Carla|Sample",
                "dora@example.org": "|",
                "eve@example.org": "|",
            },
        ),
    ],
)
def test_a_list_is_understood(name, found):
    assert people(read_text((FILES / name).read_text())) == found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (
            "To: Ann Example <ann@x.org>; Cc: bob@y.org",
            {"ann@x.org": "Ann|Example", "bob@y.org": "|"},
        ),
        (
            "Ann Example <ann@x.org> und Bob <bob@y.org>",
            {"ann@x.org": "Ann|Example", "bob@y.org": "Bob|"},
        ),
        ("ann@x.org and bob@y.org", {"ann@x.org": "|", "bob@y.org": "|"}),
        ("Ann <ann@x.org>Bob <bob@y.org>", {"ann@x.org": "Ann|", "bob@y.org": "Bob|"}),
        ("[ann@x.org](mailto:ann@x.org)", {"ann@x.org": "|"}),
        ("Ann Example <ann@x.org> <mailto:ann@x.org>", {"ann@x.org": "Ann|Example"}),
        ("mailto:ann@x.org?subject=Hello", {"ann@x.org": "|"}),
        ("(1) ann@x.org", {"ann@x.org": "|"}),
        ("a) ann@x.org", {"ann@x.org": "|"}),
        ("1.\tann@x.org", {"ann@x.org": "|"}),
        ("☐ Ann Example <ann@x.org>", {"ann@x.org": "Ann|Example"}),
        ("- [x] ann@x.org", {"ann@x.org": "|"}),
        ("– ann@x.org", {"ann@x.org": "|"}),
        ("•ann@x.org", {"ann@x.org": "|"}),
        ("> ann@x.org", {"ann@x.org": "|"}),
        ("1.ann@x.org\n2.bob@x.org", {"ann@x.org": "|", "bob@x.org": "|"}),
        ("1.ann@x.org", {"1.ann@x.org": "|"}),
        ("①ann@x.org", {"ann@x.org": "|"}),
        ("From: Ann Example [mailto:ann@x.org]", {"ann@x.org": "Ann|Example"}),
        ("Teilnehmer: Ann Example <ann@x.org>", {"ann@x.org": "Ann|Example"}),
        ("Ann Example - ann@x.org", {"ann@x.org": "Ann|Example"}),
        ("ann@x.org.\nbob@x.org,", {"ann@x.org": "|", "bob@x.org": "|"}),
        ("ann@x.org Ann Example, Sales", {"ann@x.org": "Ann|Example"}),
        ("Ann; ann@x.org; Bob; bob@x.org", {"ann@x.org": "Ann|", "bob@x.org": "Bob|"}),
        ("Name,Email\nAnn Example <ann@x.org>,", {"ann@x.org": "Ann|Example"}),
        ("E-Mail: ann@x.org", {"ann@x.org": "|"}),
        ("Name, E-Mail\nann@x.org", {"ann@x.org": "|"}),
        ("Example, Ann <ann@x.org>", {"ann@x.org": "Ann|Example"}),
        ('"Sample, Dr., Carla" <c@x.org>', {"c@x.org": "Dr., Carla|Sample"}),
        ("“Ann Example” <ann@x.org>", {"ann@x.org": "Ann|Example"}),
        ("ann＠x．org", {"ann@x.org": "|"}),
        ("ann@bücher.example", {"ann@xn--bcher-kva.example": "|"}),
        ("\u202aann@x.org\u202c\ufeff", {"ann@x.org": "|"}),
        ("Ann\u00a0Exam\u00adple <ann@x.org>", {"ann@x.org": "Ann|Example"}),
        ("A. Example <ann@x.org>", {"ann@x.org": "A.|Example"}),
        ("Name\tE-Mail\nAnn Example\tann@x.org", {"ann@x.org": "Ann|Example"}),
        (
            "Ann Example, ann@x.org\nBob Sample, bob@x.org",
            {"ann@x.org": "Ann|Example", "bob@x.org": "Bob|Sample"},
        ),
    ],
)
def test_what_people_paste(line, found):
    assert people(read_text(line)) == found


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Ann ann@x.org Bob bob@y.org", MANY),
        ("Ann Example <ann@x.org> <ann.private@y.org>", MANY),
        ("'bob@y.org' via List <list@x.org>", MANY),
        ("Ann @ Work <ann@x.org>", "holds an @"),
        ("Sample, Carla, Dr. <c@x.org>", "not clear which part"),
        ("a@b@example.com", MANY),
        ("ann@x", "period"),
        ("ann\x00@x.org", ""),
        ("Example, Ann ann@x.org", "not clear which part"),
    ],
)
def test_what_is_not_clear_is_refused_with_its_reason(line, why):
    found = read_text(f"dora@example.org\n{line}").candidates
    assert people(read_text(f"dora@example.org\n{line}")) == {"dora@example.org": "|"}
    problems = [one for one in found if one.problem]
    assert len(problems) == 1
    assert why in problems[0].problem


def test_one_bad_line_blocks_nobody():
    lines = [f"Person {n} <p{n}@example.org>" for n in range(300)]
    lines.insert(150, "Ann ann@x.org Bob bob@y.org")
    found = read_text("\n".join(lines)).candidates
    assert sum(not one.problem for one in found) == 300
    assert [one.line for one in found if one.problem] == [151]


TABLES = {
    "cs": ("Jméno;Příjmení;E-mail;Společnost", "cp1250", "Jiří;Dvořák;j@x.org;Škoda"),
    "hu": ("Vezetéknév;Keresztnév;E-mail cím", "iso8859_2", "Szőke;Erzsébet;j@x.org"),
    "ru": ("Имя;Фамилия;Электронная почта", "cp1251", "Иван;Щербаков;j@x.org"),
    "ru in KOI8": ("Имя;Фамилия;Почта", "koi8_r", "Иван;Щербаков;j@x.org"),
    "el": ("Όνομα;Επώνυμο;Email", "cp1253", "Γιώργος;Παπαδόπουλος;j@x.org"),
    "tr": ("Ad;Soyad;E-posta", "cp1254", "Işıl;Şahinoğlu;j@x.org"),
    "fr": ("Nom;Prénom;Courriel", "mac_roman", "Lefèvre;Thérèse;j@x.org"),
    "fr in Windows": ("Nom;Prénom;Courriel", "cp1252", "Lefèvre;Thérèse;j@x.org"),
    "sv": ("Förnamn;Efternamn;E-post", "cp1252", "Åsa;Sjöström;j@x.org"),
    "da": ("Fornavn;Efternavn;E-mail", "cp850", "Søren;Kjær;j@x.org"),
    "lt": ("Vardas;Pavardė;El. paštas", "cp1257", "Jūratė;Šukytė;j@x.org"),
    "pt": ("Nome;Sobrenome;E-mail", "utf-16-le", "João;Conceição;j@x.org"),
    "he": ("שם;דואל", "cp1255", "דוד;j@x.org"),
    "ar": ("الاسم;البريد", "cp1256", "محمد;j@x.org"),
    "ja": ("姓;名;メールアドレス", "shift_jis", "山田;太郎;j@x.org"),
    "zh": ("姓名;邮箱", "gb18030", "王小明;j@x.org"),
    "ko": ("이름;이메일", "euc_kr", "김철수;j@x.org"),
    "it": ("Cognome|Nome|Indirizzo e-mail", "utf-8", "Rossi|Niccolò|j@x.org"),
}


@pytest.mark.parametrize("language", TABLES)
def test_headings_and_encodings_of_many_countries(language):
    head, encoding, row = TABLES[language]
    reading = read(f"{head}\r\n{row}\r\n".encode(encoding))
    names = set(people(reading)["j@x.org"].split("|")) - {""}
    cells = row.replace("|", ";").split(";")
    assert names == set(cells[: cells.index("j@x.org")])
    guesses = encoding not in ("utf-8", "utf-16-le")
    assert reading.guessed == guesses
    assert ("guessed" in said(reading)) == guesses


def test_another_encoding_can_be_chosen():
    content = "Nom;Mail\nThérèse;t@x.org\n".encode("cp1252")
    chosen = read(content, Choices(codec="cp1250"))
    assert people(chosen) == {"t@x.org": "Thérčse|"}
    assert not chosen.guessed


def test_unknown_headings_are_never_taken_by_their_place():
    text = "Foo;Bar;Qux\nZeta;North wing;z9@x.org\nYota;South wing;y9@x.org\n"
    reading = read_text(text)
    assert [column["meaning"] for column in reading.columns][-1] == "email"
    assert "Guessed, please look" in said(reading)
    assert "first_name" not in [column["meaning"] for column in reading.columns]
    choices = Choices(pasted=True, columns={0: "last_name", 1: "company"})
    assert read(text.encode(), choices).candidates[0].values == {
        "last_name": "Zeta",
        "company": "North wing",
    }


def test_names_are_told_from_the_addresses_where_headings_say_nothing():
    text = "Foo;Bar;Qux\nExample;Ann;ann.example@x.org\nSample;Bob;bob.sample@x.org\n"
    assert people(read_text(text)) == {
        "ann.example@x.org": "Ann|Example",
        "bob.sample@x.org": "Bob|Sample",
    }


def test_a_second_column_of_addresses_fills_in_and_is_remarked_on():
    text = (
        "Name;E-mail 1 - Value;E-mail 2 - Value\nAnn Example;ann@x.org;ann@home.org\n"
        "Bob Sample;;bob@home.org\n"
    )
    reading = read_text(text)
    assert people(reading) == {"ann@x.org": "Ann|Example", "bob@home.org": "Bob|Sample"}
    assert "ann@home.org" in reading.candidates[0].remarks[0]


def test_two_people_in_one_cell_are_refused():
    reading = read_text("Name;E-Mail\nAnn Example;ann@x.org, bob@x.org\nDora;dora@x.org\n")
    assert people(reading) == {"dora@x.org": "Dora|"}
    assert MANY in reading.candidates[0].problem


def test_an_address_is_never_a_name():
    reading = read_text("Vorname;Nachname;E-Mail\nAnn;bob@x.org;ann@x.org\nCarl;Third;carl@x.org")
    assert people(reading) == {"carl@x.org": "Carl|Third"}
    assert "where the name belongs" in reading.candidates[0].problem


def test_a_quotation_mark_that_closes_in_another_row_swallows_nobody_in_silence():
    text = (
        'email,first name\nann@x.org,"Ann\nbob@x.org,Bob"\ncarl@x.org,"Carl\ndora@x.org,"Dora\n'
        "eve@x.org,Eve\n"
    )
    reading = read_text(text)
    assert "eve@x.org" in people(reading)
    refused = {one.line: one.problem for one in reading.candidates if one.problem}
    assert "quotation mark" in refused[2]
    assert {"carl@x.org", "dora@x.org"} <= people(reading).keys()


def test_headings_that_come_again_are_no_person():
    text = "Name;Email\nAnn A;ann@x.org\n;\nName;Email\nBob B;bob@x.org\n"
    reading = read_text(text)
    assert people(reading) == {"ann@x.org": "Ann|A", "bob@x.org": "Bob|B"}
    assert not [one for one in reading.candidates if one.problem]


def test_another_line_can_be_chosen_for_the_headings():
    text = "Name;Email\nWer;Wohin\nAnn A;ann@x.org\n"
    assert read(text.encode(), Choices(pasted=True, heading=2)).heading == 2
    none = read(b"Ann A;ann@x.org\nBob B;bob@x.org\n", Choices(pasted=True, heading=0))
    assert len(people(none)) == 2


@pytest.mark.parametrize(
    "content",
    [
        b"BEGIN:VCARD\nEMAIL:ann@x.org\nEND:VCARD",
        b"<html><table><tr><td>ann@x.org</td></tr></table></html>",
        b"\xef\xbb\xbf<!DOCTYPE html><p>ann@x.org",
        b"{\\rtf1 ann@x.org}",
    ],
)
def test_what_is_something_else_is_said(content):
    with pytest.raises(Unreadable, match=r"\."):
        read(content)


def test_a_letter_that_was_lost_refuses_its_row():
    reading = read("Name;Mail\nM�ller;m@x.org\nAnn;ann@x.org\n".encode())
    assert people(reading) == {"ann@x.org": "Ann|"}
    assert "lost" in reading.candidates[0].problem
