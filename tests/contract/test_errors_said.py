"""The guard of `conftest` notices an error of a room that nobody could translate."""

from integrations.base.errors import RecordNotFound, refused, restated
from integrations.base.texts import say
from integrations.webinarfuel.adapter.webinars import unknown


def test_a_plain_message_of_a_room_would_be_noticed(untranslatable: list[str]) -> None:
    assert unknown("In plain words.").message == "In plain words."
    assert untranslatable == ["In plain words."]
    untranslatable.clear()


def test_what_stays_a_sentence_is_let_through(untranslatable: list[str]) -> None:
    error = refused("X", "title", say("%(name)s is too long.", name="It"))
    again = restated(error, RecordNotFound)
    assert (error.message, again.message) == ("It is too long.", "It is too long.")
    assert error.field_errors == {"title": ["It is too long."]}
    assert not untranslatable
