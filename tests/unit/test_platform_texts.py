"""What a platform makes of a text is not taken for an edit, and an edit is not taken for that."""

import html
import re
import time
import unicodedata

import pytest

from portal.sync import compare, texts

OURS = [
    "Q&A “Herbst”: l’été & 5 < 6 😀 Größe",
    "Line one — “quoted” &\n2 < 3 😀 więcej",
    "Łukasz O’Neil & Søn",
    "Zoë 😀 Ågren-Müller",
    "Дмитрий Александрович Константинопольский",
    "李小龙",
]
ASTRAL = "[\U00010000-\U0010ffff]"
SIMPLE = str.maketrans({"“": '"', "”": '"', "’": "'", "—": "-", "…": "..."})
MADE = {
    "upper": str.upper,
    "lower": str.lower,
    "white space": lambda text: re.sub(r"\s+", " ", text).strip() + " ",
    "cut in the middle of a sign": lambda text: text.encode()[:20].decode(errors="replace"),
    "stops at four bytes": lambda text: re.split(ASTRAL, text)[0],
    "four bytes become ?": lambda text: re.sub(ASTRAL, "?", text),
    "four bytes go": lambda text: re.sub(ASTRAL, "", text),
    "simple quotes": lambda text: text.translate(SIMPLE),
    "escaped": html.escape,
    "escaped twice": lambda text: html.escape(html.escape(text)),
    "accents as signs": lambda text: unicodedata.normalize("NFD", text),
    "ASCII": lambda text: unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode(),
    "one byte a sign": lambda text: text.encode("latin-1", "replace").decode("latin-1"),
    "paragraphs": lambda text: "<p>" + text.replace("\n", "<br />\r\n") + "</p>",
}


@pytest.mark.parametrize("how", MADE)
@pytest.mark.parametrize("ours", OURS)
def test_what_was_made_of_ours_is_recognised(ours, how):
    assert texts.resembles(ours, MADE[how](ours))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Anna", "Hanna"),
        ("Anna Maria", "Anna"),
        ("Session 1", "Session 2"),
        ("Tour", "Tour!"),
        ("Tour", "Tour 2"),
        ("Price < 5", "Price > 5"),
        ("Ann", "?"),
        ("", "x"),
        ("x", ""),
        ("Größe", "Grün"),
        ("Autumn tour", "Autumn tour (moved)"),
        ("a < b", "a"),
    ],
)
def test_what_somebody_wrote_is_not(ours, theirs):
    assert not texts.resembles(ours, theirs)


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        ("Q&A", "Q&amp;A", True),
        ("Q&A", "Q&amp;amp;A", True),
        ("a\nb", "a\r\r\nb", True),
        ("é", "e\u0301", True),
        ("Q&amp;A", "Q&A", False),
        ("Ann", "ann", False),
        ("a\nb", "a b", False),
        ("a", "<b>a</b>", False),
    ],
)
def test_only_the_writing_may_differ(ours, theirs, same):
    assert texts.same_written(ours, theirs) is same


def test_long_texts_take_no_time():
    long = "Größe и Привет <b>x</b> “q” — 😀 & " * 400
    began = time.process_time()
    for other in (long.upper(), "<" * 12_000, "&amp;" * 3_000, "&" * 12_000):
        texts.resembles(long, other)
        texts.same_written(long, other)
    assert time.process_time() - began < 3


def merge(base_ours, base_theirs, ours, theirs, together=()):
    return compare.merge(
        base_ours=base_ours,
        base_theirs=base_theirs,
        ours=ours,
        theirs=theirs,
        expected=ours,
        sendable=ours.keys(),
        together=together,
    )


def test_an_edit_here_before_the_first_sight_is_sent():
    """What was sent is compared with what is shown, not what has become of ours since."""
    merged = merge({"title": "Ärger"}, {}, {"title": "Other"}, {"title": "ARGER"})
    assert (merged.push, merged.take, merged.clashes) == ({"title"}, {}, [])


def test_an_edit_there_before_the_first_sight_is_taken():
    merged = merge({"title": "Tour"}, {}, {"title": "Tour"}, {"title": "Tour, moved"})
    assert (merged.take, merged.push) == ({"title": "Tour, moved"}, set())


def test_a_name_that_is_held_as_one_is_recognised_as_one():
    ours = {"first_name": "Дмитрий Александрович", "last_name": "Константинопольский"}
    shown = {"first_name": "Дмитрий", "last_name": "Александрович Константин"}
    both = ("first_name", "last_name")
    assert merge(ours, {}, ours, shown, both).quiet
    other = {"first_name": "Дмитрий", "last_name": "Иванов"}
    assert merge(ours, {}, ours, other, both).take == other


def test_a_panel_that_escapes_once_more_has_edited_nothing():
    ours, once, twice = {"t": "Q&A"}, {"t": "Q&amp;A"}, {"t": "Q&amp;amp;A"}
    merged = merge(ours, once, ours, twice)
    assert merged.quiet
    assert merged.base_theirs == twice
    assert not compare.changed_there(once, twice)
    assert merge(once, once, once, ours).take == ours, "what is plain there is taken"
    assert merge(ours, once, {"t": "New"}, twice).push == {"t"}, "and nothing is in its way"
