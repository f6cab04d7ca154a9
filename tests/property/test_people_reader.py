"""Whatever is pasted or uploaded: people whose addresses stand in it, or a reasoned refusal."""

import csv
import io
import re
from contextlib import suppress
from unittest.mock import patch

import idna
from hypothesis import example, given, settings
from hypothesis import strategies as st

from portal.common.reader import addresses
from portal.common.reader.addresses import Person, written
from portal.common.reader.characters import fold, guarded, tidy, unguarded
from portal.common.reader.encodings import decode
from portal.common.reader.entries import entries
from portal.common.reader.headings import LABELS
from portal.common.reader.reading import Choices, Unreadable, people_in, read, read_text

ADDRESSES = ["ann@example.org", "bob@example.org", "carla.sample@example.com", "d+e@example.net"]
PIECES = [
    *ADDRESSES,
    "Ann",
    "Example",
    "Sample, Dr.",
    "mailto:",
    "<",
    ">",
    "(",
    ")",
    "[",
    "]",
    '"',
    "'",
    ",",
    ";",
    "\t",
    "\n",
    " ",
    " / ",
    " | ",
    " und ",
    "@",
    "＠",
    "\u200b",
    "\u202e",
    "\ufeff",
    "1.",
    "•",
    "- ",
    "To:",
    "E-Mail",
    "Name",
    "=1+1",
    ":::",
    "\x00",
    "ﷺ",
    "Ж",
    "\ud800",
]
junk = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=6)), max_size=24).map("".join)
names = st.text(
    st.characters(
        categories=["Lu", "Ll", "Lt", "Lo", "Nd", "Zs", "Pd"], include_characters="'=+-."
    ),
    max_size=30,
)


def plain(text):
    """The text as addresses are looked for in it."""
    return tidy(text).replace("＠", "@").casefold()


def shown(email):
    """An address as it was typed, with an international domain in its own letters."""
    local, _, domain = email.partition("@")
    return f"{local}@{idna.decode(domain)}"


@settings(deadline=None)
@given(junk)
def test_every_person_of_a_pasted_text_stands_in_it(text):
    for entry in people_in(text):
        if entry.person:
            assert not entry.problem
            assert shown(entry.person.email) in plain(text)
            assert "@" not in entry.person.name
            assert plain(entry.text).count("@") >= 1
        else:
            assert entry.problem or "@" not in entry.text


@settings(deadline=None)
@given(st.lists(st.sampled_from(ADDRESSES), min_size=1, max_size=4, unique=True), junk)
def test_no_address_of_a_line_is_lost_in_silence(addresses, rest):
    """Each is a person, or stands in an entry that was refused."""
    line = rest.replace("\n", " ").join(f" {address} " for address in addresses)
    found = entries(line)
    people = {entry.person.email for entry in found if entry.person}
    refused = " ".join(entry.text for entry in found if entry.problem)
    for address in addresses:
        assert address in people or address in plain(refused)


@settings(deadline=None)
@given(st.one_of(junk.map(lambda text: text.encode("utf-8", "replace")), st.binary(max_size=200)))
def test_whatever_is_uploaded_is_read_or_refused(content):
    try:
        reading = read(content)
    except Unreadable:
        return
    text = plain(decode(content).text)
    for one in reading.candidates:
        assert one.problem or one.email.encode("ascii").decode("idna") or one.email in text
        assert one.problem or "@" in one.email


@settings(deadline=None)
@given(st.dictionaries(st.integers(-1, 5), st.sampled_from(["", *LABELS, "rubbish"])), junk)
def test_no_choice_breaks_the_reader(columns, text):
    for choices in (
        Choices(pasted=True, columns=columns),
        Choices(pasted=True, columns=columns, delimiter="|", heading=1),
        Choices(pasted=True, delimiter="list"),
    ):
        with suppress(Unreadable):
            read(f"Name;E-Mail\nAnn;ann@example.org\n{text}".encode("utf-8", "replace"), choices)


@settings(deadline=None)
@given(names, names)
def test_a_person_who_is_written_down_is_read_as_the_same(first, last):
    first, last = " ".join(tidy(first).split()), " ".join(tidy(last).split())
    person = Person("ann@example.org", first, last)
    entry = entries(written(person))[-1]
    if entry.person and first and last and "@" not in f"{first}{last}":
        assert entry.person.email == person.email
        letters = sorted(c for c in f"{first}{last}" if c.isalnum())
        assert sorted(c for c in entry.person.name if c.isalnum()) == letters


@settings(deadline=None)
@given(st.text(max_size=20))
def test_the_guard_of_a_cell_comes_off_again(text):
    assert unguarded(guarded(text)) == text
    once = guarded(text)
    assert once.startswith("'") or not once.lstrip("\u200b\u00a0\ufeff ").startswith(
        ("=", "+", "-", "@")
    )


@settings(deadline=None)
@given(st.text(max_size=30))
def test_folding_is_steady(text):
    assert fold(fold(text)) == fold(text)
    assert fold(text.upper()) == fold(text.upper().lower().upper())


@settings(deadline=None)
@given(st.lists(st.tuples(names, names, names), min_size=1, max_size=5))
def test_what_is_written_as_csv_is_read_back(people):
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(["E-mail", "First name", "Last name", "Company"])
    kept = []
    for number, values in enumerate(people):
        clean = [" ".join(tidy(value).split()) for value in values]
        kept.append(clean)
        writer.writerow([guarded(one) for one in (f"p{number}@example.org", *clean)])
    found = read_text(target.getvalue()).candidates
    for (first, last, company), one in zip(kept, found, strict=True):
        if "@" in f"{first}{last}":
            continue
        assert not one.problem
        values = [one.values.get(name, "") for name in ("first_name", "last_name", "company")]
        # A cell without a letter is no name: "-", 46084.
        named = [name if any(map(str.isalpha, name)) else "" for name in (first, last)]
        assert values == [*named, company]


@given(
    st.text("aZ0._+-'é ", min_size=1, max_size=70),
    st.text("aZ0.-_é", min_size=1, max_size=70)
    | st.sampled_from(["example.com", "Firm.EXAMPLE.org"]),
)
@example("a" * 64, "example.com")
@example("a" * 65, "example.com")
@example("ann.", "example.com")
@example("ann", "example")
@example("ann", "-example.com")
@example("ann", f"{'a' * 64}.com")
@example("ann", "firm.test")
@example("ann", "1.2.3.4")
@example("postMaster", "example.com")
def test_a_plain_address_is_what_the_library_makes_of_it(local, domain):
    """Whatever is quick about plain addresses answers as the slow way does."""
    text = f"{local}@{domain}"
    with patch.object(addresses, "_PLAIN_ADDRESS", re.compile("(?!)")):
        slowly = said(text)
    assert said(text) == slowly
    assert said(text) == slowly, "also from what is kept"


def said(text):
    try:
        return addresses.check_email(text)
    except ValueError as error:
        return f"refused: {error}"
