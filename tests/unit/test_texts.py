"""Sentences as codes with parameters: kept, read back, written at the edge."""

import copy
import json

import pytest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, override

from integrations.base.texts import Said, commas, quoting, say, together
from integrations.base.texts import _ as marked
from portal.common import texts
from portal.common.texts import Sentence, Text, own_words, read, stored

REFUSED = Sentence("test.refused", _("%(platform)s did not accept it: %(why)s"))
OVER = Sentence("test.over", _("It is over, 100 % of it."))
COUNTED = Sentence(
    "test.counted", ngettext_lazy("%(count)d mail waits.", "%(count)d mails wait.", "count")
)


def test_a_text_is_kept_and_read_back():
    text = REFUSED(platform="Łódź TV", why=COUNTED(count=3))
    assert str(text) == "Łódź TV did not accept it: 3 mails wait."
    again = read(stored(text))
    assert again == text
    assert isinstance(again, Text)
    assert again.params["why"] == COUNTED(count=3)
    assert stored(again) == stored(text), "the same text is the same column, so it can be searched"


def test_plural_and_percent():
    assert str(COUNTED(count=1)) == "1 mail waits."
    assert str(OVER()) == "It is over, 100 % of it."


@pytest.mark.parametrize("empty", ["", None])
def test_nothing_is_the_empty_string(empty):
    assert stored(empty) == ""
    assert read("") == ""
    assert own_words("") == ""


@pytest.mark.parametrize("kept", ["Somebody wrote this.", "{not json", '{"code": 1}', "[]", "7"])
def test_what_stood_there_before_reads_as_it_was(kept):
    assert str(read(kept)) == kept


def test_own_words_may_hold_anything():
    text = own_words('100 %(x)s {"code"} <b>')
    assert str(read(stored(text))) == '100 %(x)s {"code"} <b>'


def test_a_code_that_is_no_longer_known_is_shown_as_it_is():
    assert str(read('{"code": "test.forgotten", "params": {}}')) == "test.forgotten"


def test_the_words_are_those_of_the_active_language(monkeypatch):
    class Words:
        def __mod__(self, params):
            from django.utils.translation import get_language

            return f"{get_language()}: {params['n']}"

    monkeypatch.setitem(texts._WORDS, "test.language", Words())
    text = Text("test.language", {"n": 1})
    with override("de"):
        assert str(text) == "de: 1"
    with override("en"):
        assert str(text) == "en: 1"


def test_two_sentences_cannot_have_one_code():
    with pytest.raises(ValueError, match=r"test\.over"):
        Sentence("test.over", "Another")


def test_a_parameter_is_cut():
    assert len(str(read(stored(own_words("x" * 5000))))) == texts.LONGEST


def test_what_a_room_says_is_kept_with_what_stands_in_it():
    said = say("%(platform)s has no user %(name)s.", platform="Łódź TV", name="100 %")
    assert said == "Łódź TV has no user 100 %."
    kept = read(stored(said))
    assert kept == said
    assert kept.params["words"] == "%(platform)s has no user %(name)s."
    again = read(stored(REFUSED(platform="Łódź TV", why=said)))
    assert str(again) == "Łódź TV did not accept it: Łódź TV has no user 100 %."
    assert str(read(stored(say("It is 100 % full.")))) == "It is 100 % full."


def test_what_a_room_says_is_translated_where_it_is_shown(monkeypatch):
    words = {"Give %(what)s a name.": "Gib %(what)s einen Namen."}
    monkeypatch.setattr(texts, "gettext", lambda text: words.get(text, text))
    said = say("Give %(what)s a name.", what="Anna")
    assert (str(said), texts.shown(said)) == ("Give Anna a name.", "Gib Anna einen Namen.")
    assert str(read(stored(said))) == "Gib Anna einen Namen."


def test_a_place_for_which_nothing_was_kept_breaks_no_page():
    """A later wording, or a catalogue, may have places that an old row does not know."""
    assert str(Text("test.refused", {"platform": "Łódź TV"})) == (
        "%(platform)s did not accept it: %(why)s"
    )
    assert str(Text("test.refused", {"platform": "Łódź TV", "why": "no"})).endswith(": no")


@pytest.mark.parametrize("held", [{"code": 1, "params": {}}, {"code": "x", "params": [1]}])
def test_a_value_that_only_looks_like_a_text_stays_a_value(held):
    kept = json.dumps({"title": held})
    assert json.loads(kept, cls=texts.TextDecoder) == {"title": held}


def test_a_copy_of_what_a_room_says_is_the_same():
    said = copy.deepcopy(say("Hello %(name)s", name="Anna"))
    assert (type(said), said, said.params) == (Said, "Hello Anna", {"name": "Anna"})


GERMAN = {
    "Give %(what)s a name.": "Gib %(what)s einen Namen.",
    "the webinar": "dem Webinar",
    "%(platform)s refused it: %(said)s": "%(platform)s hat abgelehnt: %(said)s",
    "%(platform)s refused it.": "%(platform)s hat abgelehnt.",
    "Start": "Beginn",
    "It is over, 100 % of it.": "Es ist vorbei, zu 100 %.",
}


@pytest.fixture
def german(monkeypatch):
    monkeypatch.setattr(texts, "gettext", lambda text: GERMAN.get(text, text))


@pytest.mark.parametrize(
    ("said", "english", "translated"),
    [
        (marked("Start"), "Start", "Beginn"),
        (
            marked("It is over, 100 % of it."),
            "It is over, 100 % of it.",
            "Es ist vorbei, zu 100 %.",
        ),
        (
            say("Give %(what)s a name.", what=marked("the webinar")),
            "Give the webinar a name.",
            "Gib dem Webinar einen Namen.",
        ),
        (
            together(say(marked("Give %(what)s a name."), what="Anna"), "", marked("Start")),
            "Give Anna a name. Start",
            "Gib Anna einen Namen. Beginn",
        ),
        (commas("Start", marked("Start")), "Start, Start", "Start, Beginn"),
        (
            quoting(
                marked("%(platform)s refused it."),
                marked("%(platform)s refused it: %(said)s"),
                "Start",
                platform="X",
            ),
            "X refused it: Start",
            "X hat abgelehnt: Start",
        ),
        (
            quoting(
                marked("%(platform)s refused it."),
                marked("%(platform)s refused it: %(said)s"),
                "",
                platform="X",
            ),
            "X refused it.",
            "X hat abgelehnt.",
        ),
    ],
)
def test_what_a_room_says_in_what_it_says_is_translated_too(german, said, english, translated):
    assert said == english
    assert texts.shown(said) == translated
    assert str(read(stored(said))) == translated
    assert str(Text("test.refused", {"platform": "Y", "why": said})).endswith(translated)
    assert copy.deepcopy(said).params == said.params


def test_a_text_of_a_room_is_one_text_before_and_after_it_is_kept(german):
    text = REFUSED(platform="Y", why=say("Give %(what)s a name.", what=marked("the webinar")))
    assert read(stored(text)) == text


def test_a_label_within_a_sentence_is_small_in_english_alone():
    assert texts.within("Webinars") == "webinars"
    with override("de"):
        assert texts.within("Webinare") == "Webinare", "a noun keeps its capital there"
