"""Addresses and names as people paste them."""

import pytest

from portal.conferences.services.reader.addresses import (
    Person,
    check_email,
    check_text,
    parse_person,
    split_list,
    split_name,
)


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("Example, Ann <ann@x.org>; Bob <bob@x.org>",
         ["Example, Ann <ann@x.org>", "Bob <bob@x.org>"]),
        ("a@x.org b@x.org\nc@x.org,d@x.org", ["a@x.org", "b@x.org", "c@x.org", "d@x.org"]),
        ("Customers, ann@x.org", ["Customers", "ann@x.org"]),
        ('"Doe, Jane" <j@x.org>, Partners', ['"Doe, Jane" <j@x.org>', "Partners"]),
        ("A, B <b@x.org>, C, D <d@x.org>", ["A, B <b@x.org>", "C, D <d@x.org>"]),
        ('"not closed, a@x.org\nb@x.org', ['"not closed', "a@x.org", "b@x.org"]),
        ("Broken <a@x.org\nb@x.org", ["Broken <a@x.org", "b@x.org"]),
        ("Spring customers\nPartners", ["Spring customers", "Partners"]),
        (" ,;\n\t\r\n,,", []),
        ("", []),
    ],
)  # fmt: skip
def test_a_pasted_list_is_divided(text, entries):
    assert split_list(text) == entries


def test_nothing_of_a_list_is_lost():
    text = ", ".join(f"Last{n}, First{n} <p{n}@example.com>" for n in range(500))
    people = [parse_person(entry) for entry in split_list(text)]
    assert people == [Person(f"p{n}@example.com", f"First{n}", f"Last{n}") for n in range(500)]


@pytest.mark.parametrize(
    ("full", "first", "last"),
    [
        ("Ann Maria Example", "Ann Maria", "Example"), ("Example, Ann", "Ann", "Example"),
        ("Ludwig van der Example", "Ludwig", "van der Example"), ("Cher", "Cher", ""),
        ("van Dam", "", "van Dam"), ("", "", ""), ('"Doe, Jane"', "Jane", "Doe"),
    ],
)  # fmt: skip
def test_full_names_are_split(full, first, last):
    assert split_name(full) == (first, last)


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("ANN@Example.COM", "ann@example.com"), (" ann@example.com ", "ann@example.com"),
        ("mailto:ann@example.com", "ann@example.com"), ("a+b.c@example.com", "a+b.c@example.com"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"), ("ann@corp.local", "ann@corp.local"),
    ],
)  # fmt: skip
def test_addresses_have_one_form(text, email):
    assert check_email(text) == email


@pytest.mark.parametrize(
    "text",
    ["", "ann", "ann@", "@example.com", "a@b", "a b@example.com", "a@exa mple.com",
     "a@@example.com", "a\x00@example.com",
     "a@example.com\nBcc: b@example.com", "x" * 65 + "@example.com",
     "a@" + "x" * 250 + ".com", "ann@localhost", "ann@-example.com", "=a@b", "\u202eann@x.org"],
)  # fmt: skip
def test_what_is_no_address_is_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match=r"\w+"):
        check_email(text)


@pytest.mark.parametrize("text", ["a\x00b", "\u202eabc", "a\x1bb", "\ud800", "x" * 201, "\u2066a"])
def test_texts_that_forge_or_break_are_refused(text):
    with pytest.raises(ValueError, match="Name: "):
        check_text(text, "Name")


def test_white_space_becomes_one_space():
    assert check_text(" a\n\tb\u00a0 c ", "Name") == "a b c"
