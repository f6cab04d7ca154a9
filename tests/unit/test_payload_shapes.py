"""The documents' own examples have the shapes that the rooms' `payloads` give them."""

from typing import Any

import pytest

from integrations.myownconference import payloads as own
from integrations.trueconf import payloads as trueconf
from tests.support import myownconference as own_examples
from tests.support import trueconf as trueconf_examples
from tests.support.shapes import differences, unnamed

TRUECONF = {
    "call": trueconf.Call,
    "call_participant": trueconf.CallParticipant,
    "conference": trueconf.Conference,
    "group": trueconf.Group,
    "invitation": trueconf.Invitation,
    "record": trueconf.Record,
    "recording": trueconf.Recording,
    "refused": trueconf.ErrorAnswer,
    "schedules": dict[str, trueconf.Schedule],
    "token": trueconf.Token,
    "user": trueconf.User,
}
MYOWNCONFERENCE = {
    "attendee_rooms": list[own.PersonalWebinar],
    "attendees": own.AttendeeList,
    "bot_created": own.BotMade,
    "bots": list[own.Bot],
    "common_groups": list[own.Group],
    "created": own.WebinarMade,
    "files": list[own.File],
    "group_created": own.GroupMade,
    "groups": list[list[own.Group]],
    "history": list[own.HistoryRow],
    "letters": dict[str, own.Letter],
    "moderator_rooms": list[own.PersonalWebinar],
    "moderators": list[own.Moderator],
    "online": own.Online,
    "profile": own.Profile,
    "recordings": list[own.Recording],
    "registrations": own.AttendeeList,
    "webinar": own.Webinar,
    "webinars": list[own.WebinarRow],
}


@pytest.mark.parametrize("name", TRUECONF)
def test_an_example_of_trueconf_has_its_shape(name: str) -> None:
    assert not differences(trueconf_examples.example(name), TRUECONF[name], name)


@pytest.mark.parametrize("name", MYOWNCONFERENCE)
def test_an_example_of_myownconference_has_its_shape(name: str) -> None:
    assert not differences(own_examples.example(name), MYOWNCONFERENCE[name], name)


def test_every_example_is_compared() -> None:
    assert {p.stem for p in trueconf_examples.FIXTURES.glob("*.json")} == set(TRUECONF)
    assert {p.stem for p in own_examples.FIXTURES.glob("*.json")} == set(MYOWNCONFERENCE)


def test_a_shape_names_what_the_example_shows() -> None:
    """All fields of a conference but these stand in the document's example."""
    conference = trueconf_examples.example("conference")
    # Only sent, only of v3, or named by the document's table alone.
    absent = {"template_id", "created_at", "waiting_room_scope"}
    absent |= {"allow_guests_audio_video", "allow_guests_message"}
    assert unnamed([conference], trueconf.Conference) == absent


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ({"id": 5}, trueconf.User),
        ([], trueconf.User),
        ({"key": "k"}, own.Command),
        ({"conferences": {}}, dict[str, list[trueconf.Conference]]),
        ({"start_time": "12"}, trueconf.Schedule),
        ({"deleted_at": "never"}, trueconf.Recording),
    ],
)
def test_another_shape_is_noticed(value: Any, shape: Any) -> None:
    assert differences(value, shape)
