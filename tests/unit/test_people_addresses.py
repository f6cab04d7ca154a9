"""Addresses and names as people paste them."""

import email_validator
import pytest

from portal.common.reader import addresses
from portal.common.reader.addresses import Person, check_email, split_name
from portal.common.reader.characters import check_text, fold, guarded, tidy, unguarded
from portal.common.reader.entries import entries


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "Example, Ann <ann@x.org>; Bob <bob@x.org>",
            ["Example, Ann <ann@x.org>", "Bob <bob@x.org>"],
        ),
        ("a@x.org b@x.org\nc@x.org,d@x.org", ["a@x.org", "b@x.org", "c@x.org", "d@x.org"]),
        ("Customers, ann@x.org", ["Customers, ann@x.org"]),
        ('"Doe, Jane" <j@x.org>, Partners', ['"Doe, Jane" <j@x.org>', "Partners"]),
        ("A, B <b@x.org>, C, D <d@x.org>", ["A, B <b@x.org>", "C, D <d@x.org>"]),
        ('"not closed, a@x.org\nb@x.org', ['"not closed, a@x.org', "b@x.org"]),
        ("Broken <a@x.org\nb@x.org", ["Broken <a@x.org", "b@x.org"]),
        ("Spring customers\nPartners", ["Spring customers", "Partners"]),
        (" ,;\n\t\r\n,,", []),
        ("", []),
    ],
)
def test_a_pasted_list_is_divided(text, parts):
    assert [entry.text for entry in entries(text)] == parts


def test_nothing_of_a_list_is_lost():
    text = ", ".join(f"Last{n}, First{n} <p{n}@example.com>" for n in range(500))
    people = [entry.person for entry in entries(text)]
    assert people == [Person(f"p{n}@example.com", f"First{n}", f"Last{n}") for n in range(500)]


@pytest.mark.parametrize(
    ("full", "first", "last"),
    [
        ("Ann Maria Example", "Ann Maria", "Example"),
        ("Example, Ann", "Ann", "Example"),
        ("Ludwig van der Example", "Ludwig", "van der Example"),
        ("Cher", "Cher", ""),
        ("van Dam", "", "van Dam"),
        ("", "", ""),
        ('"Doe, Jane"', "Jane", "Doe"),
    ],
)
def test_full_names_are_split(full, first, last):
    assert split_name(full) == (first, last)


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("ANN@Example.COM", "ann@example.com"),
        (" ann@example.com ", "ann@example.com"),
        ("mailto:ann@example.com", "ann@example.com"),
        ("a+b.c@example.com", "a+b.c@example.com"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
        ("ann@corp.local", "ann@corp.local"),
        ("\u200bann@example.com", "ann@example.com"),
        ("ann@example.com\u200e", "ann@example.com"),
        ("\u202aann@example.com\u202c", "ann@example.com"),
        ("ann＠example．com", "ann@example.com"),
        ("\u00a0ann@exam\u00adple.com\ufeff", "ann@example.com"),
        ("<ann@example.com>", "ann@example.com"),
        ("MAILTO: ann@example.com", "ann@example.com"),
    ],
)
def test_addresses_have_one_form(text, email):
    assert check_email(text) == email


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ann",
        "ann@",
        "@example.com",
        "a@b",
        "a b@example.com",
        "a@exa mple.com",
        "a@@example.com",
        "a\x00@example.com",
        "a@example.com\nBcc: b@example.com",
        "x" * 65 + "@example.com",
        "a@" + "x" * 250 + ".com",
        "ann@localhost",
        "ann@-example.com",
        "=a@b",
        "ann@example.orgº",
        "Ann <ann@x.org>",
        "a@x.org b@x.org",
    ],
)
def test_what_is_no_address_is_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match=r"\w+"):
        check_email(text)


@pytest.mark.parametrize("text", ["a\x00b", "a\ue000c", "a\x1bb", "\ud800", "x" * 201, "a\ufffdb"])
def test_texts_that_forge_or_break_are_refused(text):
    with pytest.raises(ValueError, match="Name: "):
        check_text(text, "Name")


def test_white_space_becomes_one_space():
    assert check_text(" a\n\tb\u00a0 c ", "Name") == "a b c"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Mu\u0308ller", "M\u00fcller"),
        ("\u202eabc\u202c", "abc"),
        ("a\u200bb\u200dc\ufeffd\u00ade", "abcde"),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),
    ],
)
def test_text_is_kept_composed_and_without_what_nobody_sees(text, kept):
    assert tidy(text) == check_text(text, "Name") == kept


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("MÜLLER", "mu\u0308ller"),
        ("Straße", "STRASSE"),
        ("İSTANBUL", "istanbul"),
        ("ışıl", "IŞIL"),
        ("ŁUCJA", "lucja"),
        ("ЁЛКА", "елка"),
        ("ΌΛΓΑΣ", "ολγας"),
        ("Ærø", "aero"),
        ("O’Brien", "o'brien"),
        ("ﬁne", "FINE"),
        ("Anna  Maria", "anna\u00a0maria"),
    ],
)
def test_search_knows_every_alphabet_and_case(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    "before", ["", " ", "\u00a0", "\u200b", "\ufeff", "\u202e", "\u3000", "\u2060 "]
)
@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_what_a_spreadsheet_would_run_is_guarded_and_the_guard_comes_off_again(before, sign):
    text = f"{before}{sign}1+1"
    assert guarded(text) == f"'{text}"
    for value in (text, f"'{text}", f"''{text}"):
        assert unguarded(guarded(value)) == value


@pytest.mark.parametrize("text", ["", "Ann", "'Ann'", "O'Neill", "1+1", "a=b", "\u200bAnn"])
def test_what_runs_nowhere_is_left_alone(text):
    assert guarded(text) == unguarded(text) == text


def test_a_long_list_asks_about_each_domain_once(monkeypatch):
    asked, real = [], email_validator.validate_email

    def validate(text, **how):
        asked.append(text)
        return real(text, **how)

    addresses._domain.cache_clear()
    monkeypatch.setattr(email_validator, "validate_email", validate)
    text = "\n".join(f"Ann{n} Example <ann{n}@firm{n % 2}.example.com>" for n in range(40))
    assert [one.person.email for one in entries(text)][:2] == [
        "ann0@firm0.example.com",
        "ann1@firm1.example.com",
    ]
    assert len(asked) == 2
