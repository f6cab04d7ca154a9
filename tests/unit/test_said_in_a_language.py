"""What is put together in Python is said in the language that is active when it is said."""

import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module

import pytest
from django import forms
from django.utils.translation import gettext_lazy, override

from integrations.base.capabilities import FieldRule
from integrations.base.texts import say
from portal.common import dates
from portal.common.errors import NotAllowed, NotPossible
from portal.common.reader import library, saying
from portal.common.reader.addresses import check_email
from portal.common.reader.apart import read_apart
from portal.common.reader.reading import Choices, read_text
from portal.common.templatetags import _times
from portal.common.texts import shown
from portal.conferences import rules
from portal.conferences.mails.services import letters
from portal.conferences.mails.services.asking import Asking
from portal.conferences.models import Conference, DatePoll, Invitation
from portal.identity import roles
from portal.platforms.models import PlatformAccount
from tests.house import HOME, python_files
from tests.support.language import bracketed

Purpose = Invitation.Purpose
OF_POLLS = (Purpose.ASK, Purpose.OUTCOME)
MOMENT = datetime(2026, 12, 3, 13, 0, tzinfo=UTC)


def content(purpose, **old):
    row = Conference(
        title="Autumn", starts_at=MOMENT, timezone="Europe/Berlin", duration_minutes=60
    )
    row.account = PlatformAccount(label="Academy")
    return letters.Content(row, purpose, "ann@example.org", link="https://x.example", old=old)


def reading(content):
    with tempfile.TemporaryFile() as upload:
        upload.write(content)
        upload.seek(0)
        return read_apart(upload, Choices())


def test_a_refusal_is_said_when_it_is_raised():
    late, told = gettext_lazy("Too late"), say("At most %(most)d", most=5)
    with bracketed():
        no = NotPossible(late, {"title": [late, told]})
        denied = NotAllowed(late)
    assert (no.sentence, str(no), type(no.sentence)) == ("[Too late]", "[Too late]", str)
    assert no.field_errors["title"] == ["[Too late]", "[At most 5]"]
    assert (denied.sentence, str(denied)) == ("[Too late]", "[Too late]")
    assert str(NotPossible(late)) == "Too late"


@pytest.mark.parametrize("purpose", Purpose)
def test_a_subject_is_in_the_language_that_is_active(purpose):
    with bracketed():
        there = letters.subject(content(purpose, title="Summer"))
    assert (there[0], there[-1]) == ("[", "]")
    assert "Autumn" in there
    plain = there.replace("[", "").replace("]", "")  # a day within it is written in it, too
    assert letters.subject(content(purpose, title="Summer")) == plain


def test_a_subject_names_all_that_has_changed():
    had = {"title": "Summer", "starts_at": "2026-12-02T13:00:00Z"}
    whole = "Changed: Autumn (was: Summer) — new time: Thu 3 Dec 14:00"
    assert letters.subject(content(Purpose.UPDATE, **had)) == whole
    with override("de"):
        assert letters.subject(content(Purpose.UPDATE, **had)).endswith("Do 3 Dez 14:00")


def test_times_are_written_with_the_languages_own_names():
    assert content(Purpose.INVITE).when.startswith("Thursday, 3 December 2026, 14:00 – 15:00")
    with override("de"):
        assert content(Purpose.INVITE).when.startswith("Donnerstag, 3 Dezember 2026, 14:00")
        assert dates.written(MOMENT, dates.DAY) == "3 Dezember"
        assert _times.shaped(MOMENT, "date") == "Do 3 Dez 2026"


def test_lines_of_what_has_changed_are_in_the_language():
    with bracketed():
        found = content(Purpose.UPDATE, title="Summer").lines
    assert [(line.label, line.old, line.new) for line in found] == [("[Title]", "Summer", "Autumn")]


def test_a_roles_name_is_a_word_for_people():
    with bracketed():
        assert roles.label(roles.STAFF) == "[Event staff]"
        assert roles.label(roles.NONE) == ""


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (FieldRule(minimum=5, maximum=240), "Please enter a number from 5 to 240."),
        (FieldRule(minimum=5), "Please enter a number of 5 or more."),
        (FieldRule(maximum=240), "Please enter a number of 240 or less."),
        (FieldRule(), ""),
    ],
)
def test_limits_are_one_sentence(rule, said):
    assert rules.limits(rule, *rules.NUMBER) == said
    with bracketed():
        assert rules.limits(rule, *rules.NUMBER) == (f"[{said}]" if said else "")


def test_what_was_read_in_another_process_is_said_in_the_language():
    table = b"E-mail;Name;Phone\nann@example.org;Ann Example;\nbob;Bob;\n"
    with bracketed():
        found = reading(table)
        with pytest.raises(NotPossible) as refusal:
            reading(b"%PDF-1.7")
    assert found.how == "[UTF-8, columns by [semicolon]]"
    assert [one.problem for one in found.candidates] == ["", "[There is no e-mail address.]"]
    assert refusal.value.sentence.startswith("[This is not a CSV")


def test_sentences_come_through_json_with_what_stands_in_them():
    inner = say("column %(number)d", number=3)
    said = {"remarks": [say("Not used: %(what)s.", what=inner)], "rows": [(1, "said")]}
    back = saying.unpacked(saying.packed(said), shown)
    assert back == {"remarks": ["Not used: column 3."], "rows": [[1, "said"]]}
    with bracketed():
        back = saying.unpacked(saying.packed(said), shown)
    assert back["remarks"] == ["[Not used: [column 3].]"]


def test_remarks_of_a_pasted_text_can_be_translated():
    found = read_text("E-mail,Name,Colour\nann@example.org,Ann Example,red\n")
    with bracketed():
        said = [shown(one) for one in found.remarks]
    assert said == ["[Not used: [[“Colour”]].]"]  # a list of one


def forms_of_conferences():
    for path in python_files("portal/conferences"):
        if path.parent.name == "forms" or path.stem == "forms":
            parts = path.relative_to(HOME).with_suffix("").parts
            module = import_module(".".join(parts))
            for one in vars(module).values():
                if isinstance(one, type) and issubclass(one, forms.BaseForm):
                    yield from getattr(one, "base_fields", {}).items()


def words_of(name, field):
    yield field.label or ""
    yield field.help_text
    asks = isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField)
    if asks and name not in ("timezone", "range"):
        yield from (label for _, label in field.choices)


def test_what_forms_ask_is_in_the_language():
    seen = [
        (name, field)
        for name, field in forms_of_conferences()
        if not isinstance(field.widget, forms.HiddenInput)
    ]
    assert len(seen) > 50
    with bracketed():
        said = {str(words) for name, field in seen for words in words_of(name, field) if words}
    assert not [words for words in said if not words.startswith("[")]


@pytest.mark.parametrize("purpose", [one for one in Purpose if one not in OF_POLLS])
def test_a_mail_is_in_the_language_from_its_first_line_to_the_calendars(purpose):
    with bracketed():
        message = letters.write(content(purpose, title="Summer"))
    data = {"", "Autumn", "https://x.example"}
    said = [line for line in message.body.splitlines() if line not in data]
    assert len(said) > 3
    assert not [line for line in said if not line.startswith("[")]
    (calendar,) = (one for one in message.attachments if one.filename == "invite.ics")
    assert b"DESCRIPTION:[Your personal link: https://x.example]" in calendar.content


@pytest.mark.parametrize("purpose", OF_POLLS)
def test_a_mail_of_a_date_poll_is_in_the_language_throughout(purpose):
    poll = DatePoll(title="Autumn", timezone="UTC", duration_minutes=60)
    asked = Asking(poll, [MOMENT])
    with bracketed():
        message = letters.write(replace(content(purpose), entry=False, poll=asked))
        data = {"", "Autumn", "https://x.example", *asked.lines}
    said = [line for line in message.body.splitlines() if line.strip("- ") not in data]
    assert len(said) > 2
    assert not [line for line in said if not line.startswith("[")]
    assert not message.attachments


@pytest.mark.parametrize(
    "address",
    [
        *("ann", "@example.org", "ann@", "a..b@example.org", "ann@-a.org", ".a@example.org"),
        *(
            "ann@a-.org",
            "a.@example.org",
            "ann@.org",
            "ann@example",
            "ann@example.1",
            "ann@a.-b.org",
        ),
        *("ann@x.localhost", '"a"@example.org', "ann@[1.2.3.4]", "ann@a_b.org", "a:b@example.org"),
        "jürgen@example.org",
    ],
)
def test_what_the_library_says_of_an_address_can_be_translated(address):
    with pytest.raises(ValueError, match=r"\w") as refusal:
        check_email(address)
    said = saying.reason(refusal.value)
    assert said == str(refusal.value)
    with bracketed():
        assert shown(said).startswith("[")


def test_signs_of_the_library_are_no_part_of_the_words():
    said = library.translatable("The part after the @-sign contains invalid characters: '_', ':'.")
    assert said.params == {"signs": "'_', ':'"}
    assert said.endswith(": '_', ':'.")
    assert library.translatable("Something new.") == "Something new."
