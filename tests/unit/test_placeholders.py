"""What stands between braces in a mail's template: one pass, nothing unknown, nothing lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.conferences.mails.services import placeholders
from portal.conferences.models import MailTemplate

Purpose = MailTemplate.Purpose
VALUES = {
    "title": "Spring news",
    "when": "Thursday, 14:00",
    "name": "Ann",
    "link": "https://lectern.example/join/1/",
    "account": "Academy",
    "description": "",
    "changes": "Time: 13:00 → 14:00",
    "note": "See you",
}


def kinds(text, **values):
    return [(one.kind, one.text) for one in placeholders.blocks(text, VALUES | values)]


def test_values_take_the_place_of_what_stands_between_braces():
    found = placeholders.filled("Hello {name}, {title} {nothing} {", VALUES)
    assert found == "Hello Ann, Spring news {nothing} {"


def test_what_people_typed_is_never_a_template():
    found = placeholders.filled("{title} {name}", VALUES | {"title": "{link}", "name": "{note}"})
    assert found == "{link} {note}"


def test_who_has_no_name_is_greeted_without():
    assert placeholders.filled("Hello {name},", VALUES | {"name": ""}) == "Hello,"


@pytest.mark.parametrize(
    ("purpose", "text", "words"),
    [
        (Purpose.INVITE, "Come", "{link} is missing"),
        (Purpose.INVITE, "{link} {changes}", "does not know {changes}"),
        (Purpose.UPDATE, "{Link}", "does not know {Link}"),
        (Purpose.UPDATE, "{link} {user.password}", "{user.password}"),
        (Purpose.CANCEL, "{link}", "does not know {link}"),
        (Purpose.ASK, "{times}", "{link} is missing"),
        (Purpose.ASK, "{link}", "{times} is missing"),
        (Purpose.ASK, "{link} {times} {when}", "does not know {when}"),
        (Purpose.OUTCOME, "Over.", "{outcome} is missing"),
        (Purpose.INVITE, "{link}" * 101, "At most 100"),
        (Purpose.INVITE, "{link}" + "x" * 10_000, "10006"),
    ],
)
def test_what_a_text_may_not_say_is_refused(purpose, text, words):
    assert any(words in one for one in placeholders.text_problems(purpose, text))


@pytest.mark.parametrize("purpose", [Purpose.ASK, Purpose.OUTCOME])
def test_the_subject_of_a_date_poll_names_no_date(purpose):
    assert placeholders.subject_problems(purpose, "{when}")
    assert not placeholders.subject_problems(Purpose.INVITE, "{when}")


@pytest.mark.parametrize("purpose", Purpose)
def test_our_own_words_may_be_the_beginning(purpose):
    subject, text = map(str, placeholders.BEGINNINGS[purpose])
    assert placeholders.subject_problems(purpose, subject) == []
    assert placeholders.text_problems(purpose, text) == []


def test_what_stands_alone_in_a_line_is_a_part_of_its_own():
    assert kinds("Hello {name}\n{link}\nBye\n\n{note}\n{changes}") == [
        ("text", "Hello Ann"),
        ("link", VALUES["link"]),
        ("text", "Bye"),
        ("note", "See you"),
        ("changes", VALUES["changes"]),
    ]


def test_what_must_be_said_stands_before_the_link_where_it_is_left_out():
    assert [kind for kind, _ in kinds("Hello\n\nJoin: {link}\n\nBye")] == [
        "text",
        "changes",
        "note",
        "text",
        "text",
    ]
    assert [kind for kind, _ in kinds("Over", link="", changes="")] == ["text", "note"]


def test_what_there_is_none_of_leaves_no_gap():
    assert kinds("A\n\n{note}\n\n{description}\n\nB", note="", changes="") == [
        ("text", "A"),
        ("text", "B"),
    ]


def test_a_subject_is_one_short_line():
    found = placeholders.subject("{title}: {when}", VALUES | {"title": "x" * 900})
    assert len(found) <= placeholders.SUBJECT_LENGTH
    assert found.endswith(": Thursday, 14:00")
    assert "\n" not in placeholders.subject("{title}", VALUES | {"title": "a\nb"})


texts = st.text(st.sampled_from("ab {}\n\r\t") | st.characters(codec="utf-8"), max_size=60)


@given(text=texts, title=texts, note=texts)
def test_any_text_keeps_the_note_and_the_link(text, title, note):
    values = VALUES | {"title": title, "note": note}
    found = placeholders.plain(placeholders.blocks(f"{text}\n\n{{link}}", values))
    assert VALUES["link"] in found
    assert note in found
    assert VALUES["changes"] in found
    assert len(placeholders.subject(text, values)) <= placeholders.SUBJECT_LENGTH
