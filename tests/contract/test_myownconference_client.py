"""Each of MyOwnConference's 54 documented commands, called over real HTTP."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import pytest

from integrations.base.adapter import Connection
from integrations.base.errors import OutcomeUnknown, PlatformUnavailable
from integrations.base.http import Effect
from integrations.myownconference.client import Client
from integrations.myownconference.client.http import MyOwnConferenceHttp
from tests.support.myownconference import says as answer_of
from tests.support.rawserver import raw_server, says

WEBINAR = {"name": "Client & webinar", "start": "2027-03-01 10:00:00", "duration": 80}
ANN, BOB, HOST, NEW = "ann@example.com", "bob@example.com", "host@example.com", "new@example.com"
VIRTUAL = "virtual@example.com"


class Bench:
    """A running webinar on the sandbox with all that can be in one, and a client."""

    def __init__(self, sandbox: Any) -> None:
        self.sandbox = sandbox
        key = sandbox.api_key("myownconference", "demo")
        base_url = sandbox.base_url("myownconference")
        self.client = Client(MyOwnConferenceHttp(Connection(base_url, {"api_key": key})))
        platform = sandbox.account("myownconference", "demo")
        self.alias = self.client.webinars_create(WEBINAR)["alias"]
        platform.add_moderator(HOST, "Hanna Host")
        platform.assign(self.alias, HOST)
        platform.add_attendee(BOB, "Bob")
        platform.invite(self.alias, ANN, "Ann Lee")
        platform.ban(ANN)
        self.group = str(platform.add_group("Guests", [ANN])["id"])
        self.recording = str(platform.add_recording(self.alias)["id"])
        self.slides = str(platform.add_file(self.alias, "slides.pdf")["id"])
        self.video = str(platform.add_file(self.alias, "clip.mp4", kind="MEDIA")["id"])
        platform.start_session(self.alias, [ANN], chat=["Hello"])
        self.bot = self.client.webinars_add_bot_to_room(self.alias, "Bo Bot", "PL")["id"]
        self.client.webinars_add_moder_to_room(self.alias, VIRTUAL, "Vera Virtual")
        sandbox.requests.clear()


@pytest.fixture
def bench(sandbox: Any) -> Iterator[Bench]:
    made = Bench(sandbox)
    yield made
    made.client.http.close()


ROOM = {"alias": ".alias"}
DONE = {"success"}
# client method: (arguments by name of the bench or as they are, command, parameters as sent,
# what is answered)
OPERATIONS: dict[str, tuple[tuple[Any, ...], str, Any, Any]] = {
    "profile_get": ((["name"],), "profileGet", ["name"], {"name"}),
    "profile_set": (({"name": "New Owner"},), "profileSet", {"name": "New Owner"}, DONE),
    "moderators_create": (
        ("New One", NEW),
        "moderatorsCreate",
        {"name": "New One", "email": NEW},
        DONE,
    ),
    "moderators_delete": (([HOST],), "moderatorsDelete", [HOST], DONE),
    "moderators_set": (
        (HOST, {"newEmail": NEW, "newName": "New One"}),
        "moderatorsSet",
        {"email": HOST, "newEmail": NEW, "newName": "New One"},
        DONE,
    ),
    "moderators_list": (
        ({"fields": [], **ROOM},),
        "moderatorsList",
        {"fields": [], **ROOM},
        list,
    ),
    "moderators_add_to_webinar": (
        (".alias", [HOST], "NO"),
        "moderatorsAddToWebinar",
        {**ROOM, "email": [HOST], "sendInvite": "NO"},
        DONE,
    ),
    "moderators_remove_from_webinar": (
        (".alias", [HOST]),
        "moderatorsRemoveFromWebinar",
        {**ROOM, "email": [HOST]},
        DONE,
    ),
    "moderators_rooms": ((HOST,), "moderatorsRooms", {"email": HOST}, list),
    "attendees_create": (
        (NEW, "New One"),
        "attendeesCreate",
        {"email": NEW, "name": "New One"},
        DONE,
    ),
    "attendees_set": (
        (ANN, {"newemail": NEW, "name": "New One"}),
        "attendeesSet",
        {"email": ANN, "newemail": NEW, "name": "New One"},
        DONE,
    ),
    "attendees_delete": (([ANN],), "attendeesDelete", [ANN], DONE),
    "attendees_list": (
        ({"fields": ["email", "link"], **ROOM, "onPage": 100, "page": 1},),
        "attendeesList",
        {"fields": ["email", "link"], **ROOM, "onPage": 100, "page": 1},
        {"count", "list"},
    ),
    "attendees_add_to_webinar": (
        (".alias", [BOB]),
        "attendeesAddToWebinar",
        {**ROOM, "attendees": [BOB]},
        DONE,
    ),
    "attendees_remove_from_webinar": (
        (".alias", [ANN]),
        "attendeesRemoveFromWebinar",
        {**ROOM, "attendees": [ANN]},
        DONE,
    ),
    "attendees_rooms": ((ANN,), "attendeesRooms", {"email": ANN}, list),
    "attendees_create_group": (
        ("More",),
        "attendeesCreateGroup",
        {"name": "More"},
        {"success", "group_id"},
    ),
    "attendees_groups_rename": (
        (".group", "VIP"),
        "attendeesGroupsRename",
        {"id": ".group", "newname": "VIP"},
        DONE,
    ),
    "attendees_delete_group": ((".group",), "attendeesDeleteGroup", {"id": ".group"}, DONE),
    "attendees_groups_list": ((), "attendeesGroupsList", [], list),
    "attendees_assign_to_group": (
        (".group", [BOB]),
        "attendeesAssignToGroup",
        {"group_id": ".group", "attendees": [BOB]},
        DONE,
    ),
    "attendees_unassign_from_group": (
        (".group", [ANN]),
        "attendeesUnAssignFromGroup",
        {"group_id": ".group", "attendees": [ANN]},
        DONE,
    ),
    "attendees_common_groups": (([ANN],), "attendeesCommonGroups", [ANN], list),
    "attendees_unbanned": (([ANN],), "attendeesUnbanned", {"email": ANN}, DONE),
    "webinars_create": ((WEBINAR,), "webinarsCreate", WEBINAR, {"alias", "webinarLink"}),
    "webinars_set": (
        (".alias", {"name": "N", "settings": {"chat": "NO"}}),
        "webinarsSet",
        {**ROOM, "name": "N", "settings": {"chat": "NO"}},
        DONE,
    ),
    "webinars_delete": ((".alias",), "webinarsDelete", ROOM, DONE),
    "webinars_clone": (
        (".alias", "2027-05-01"),
        "webinarsClone",
        {**ROOM, "date": "2027-05-01"},
        {"alias", "mainModeratorLink"},
    ),
    "webinars_list": (
        ({"fields": [], "status": "ACTIVE"},),
        "webinarsList",
        {"fields": [], "status": "ACTIVE"},
        list,
    ),
    "webinars_get_info": ((".alias",), "webinarsGetInfo", ROOM, {"duration", "settings"}),
    "webinars_get_letters_info": (
        (".alias",),
        "webinarsGetLettersInfo",
        ROOM,
        {"1HOUR", "FINISHED"},
    ),
    "webinars_set_letters": (
        (".alias", "3DAY", {"enabled": "NO"}),
        "webinarsSetLetters",
        {**ROOM, "type": "3DAY", "enabled": "NO"},
        DONE,
    ),
    "webinars_letters_off": ((".alias",), "webinarsLettersOff", ROOM, DONE),
    "webinars_letters_on": ((".alias",), "webinarsLettersOn", ROOM, DONE),
    "webinars_online_list": ((".alias",), "webinarsOnlineList", ROOM, {"moderators", "guests"}),
    "webinars_records_list": ((".alias",), "webinarsRecordsList", ROOM, list),
    "webinars_record_delete": ((".recording",), "webinarsRecordDelete", {"id": ".recording"}, DONE),
    "webinars_files_list": (
        (".alias", "MEDIA"),
        "webinarsFilesList",
        {**ROOM, "type": "MEDIA"},
        list,
    ),
    "webinars_history": ((".alias", "chats"), "webinarsHistory", {**ROOM, "type": "chats"}, list),
    "webinars_add_moder_to_room": (
        (".alias", NEW, "New One"),
        "webinarsAddModerToRoom",
        {**ROOM, "email": NEW, "name": "New One"},
        DONE,
    ),
    "webinars_remove_moder_from_room": (
        (".alias", VIRTUAL),
        "webinarsRemoveModerFromRoom",
        {**ROOM, "email": VIRTUAL},
        DONE,
    ),
    "webinars_add_bot_to_room": (
        (".alias", "Bea Bot", "DE"),
        "webinarsAddBotToRoom",
        {**ROOM, "name": "Bea Bot", "country": "DE"},
        {"success", "id"},
    ),
    "webinars_remove_bot_from_room": (
        (".alias", ".bot"),
        "webinarsRemoveBotFromRoom",
        {**ROOM, "id": ".bot"},
        DONE,
    ),
    "webinars_get_bots_list": ((".alias",), "webinarsGetBotsList", ROOM, list),
    "webinars_bot_message": (
        (".alias", ".bot", "Hi"),
        "webinarsBotMessage",
        {**ROOM, "bot": ".bot", "text": "Hi"},
        DONE,
    ),
    "webinars_lock_chat": ((".alias",), "webinarsLockChat", ROOM, DONE),
    "webinars_unlock_chat": ((".alias",), "webinarsUnlockChat", ROOM, DONE),
    "webinars_link_lock_in_chat": ((".alias",), "webinarsLinkLockInChat", ROOM, DONE),
    "webinars_link_unlock_in_chat": ((".alias",), "webinarsLinkUnlockInChat", ROOM, DONE),
    "webinars_start_presentation": (
        (".alias", ".slides", 3),
        "webinarsStartPresentation",
        {**ROOM, "id": ".slides", "slide": 3},
        DONE,
    ),
    "webinar_stop_presentation": ((".alias",), "webinarStopPresentation", ROOM, DONE),
    "webinars_start_video": (
        (".alias", ".video"),
        "webinarsStartVideo",
        {**ROOM, "id": ".video"},
        DONE,
    ),
    "webinars_stop_video": ((".alias",), "webinarsStopVideo", ROOM, DONE),
    "webinars_finish": ((".alias",), "webinarsFinish", ROOM, DONE),
}
# What can be stopped only after it was started.
FIRST = {
    "webinar_stop_presentation": ("webinars_start_presentation", (".alias", ".slides", 1)),
    "webinars_stop_video": ("webinars_start_video", (".alias", ".video")),
}


def test_there_is_one_method_for_each_operation() -> None:
    public = {name for name in dir(Client) if not name.startswith("_")}
    assert public == set(OPERATIONS)
    assert len(OPERATIONS) == 54


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation(name: str, bench: Bench) -> None:
    arguments, action, params, answered = OPERATIONS[name]
    if name in FIRST:
        before, given = FIRST[name]
        getattr(bench.client, before)(*filled(given, bench))
        bench.sandbox.requests.clear()

    answer = getattr(bench.client, name)(*filled(arguments, bench))

    (entry,) = bench.sandbox.requests
    assert (entry.method, entry.status, entry.query) == ("POST", 200, [])
    ((field, text),) = entry.form
    assert field == "request"
    sent = json.loads(text)
    assert sent.keys() == {"key", "action", "params"}
    assert (sent["action"], sent["params"]) == (action, filled(params, bench))
    if isinstance(answered, set):
        assert answered <= answer.keys()
    else:
        assert isinstance(answer, answered)


def filled(value: Any, bench: Bench) -> Any:
    """An argument with ".alias" and the like replaced by what the bench holds."""
    if isinstance(value, dict):
        return {key: filled(item, bench) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(filled(item, bench) for item in value)
    return getattr(bench, value[1:]) if isinstance(value, str) and value[:1] == "." else value


def test_on_the_wire_there_is_one_form_field_with_json() -> None:
    with raw_server(says(answer_of([]))) as server:
        http = MyOwnConferenceHttp(Connection(server.url + "/", {"api_key": "k+y"}))
        Client(http).attendees_list({"search": "Größe & 50%", "onPage": 100})
        http.close()
        head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST / HTTP/1.1\r\n")
    assert b"\r\nContent-Type: application/x-www-form-urlencoded" in head
    assert b"k+y" not in head
    ((field, text),) = parse_qsl(body.decode())
    assert field == "request"
    assert json.loads(text) == {
        "key": "k+y",
        "action": "attendeesList",
        # the Latin letter: the Cyrillic one in the document's example is a slip
        "params": {"search": "Größe & 50%", "onPage": 100},
    }


def test_no_parameters_are_an_empty_array() -> None:
    with raw_server(says(answer_of([[]]))) as server:
        http = MyOwnConferenceHttp(Connection(server.url, {"api_key": "key"}))
        Client(http).attendees_groups_list()
        http.close()
        text = dict(parse_qsl(server.requests[0].partition(b"\r\n\r\n")[2].decode()))["request"]
    assert json.loads(text)["params"] == []


@pytest.mark.parametrize(
    ("effect", "error"), [(Effect.READ, PlatformUnavailable), (Effect.CREATE, OutcomeUnknown)]
)
def test_404_speaks_of_the_address_and_never_of_a_record(
    effect: Effect, error: type[Exception]
) -> None:
    with raw_server(says(b"nginx", "404 Not Found")) as server:
        http = MyOwnConferenceHttp(Connection(server.url, {"api_key": "key"}))
        with pytest.raises(error):
            http.send_command(effect, "webinarsGetInfo", {"alias": "a"})
        http.close()


def test_several_people_are_let_in_again_by_a_list() -> None:
    with raw_server(says(answer_of({"success": "x"}))) as server:
        http = MyOwnConferenceHttp(Connection(server.url, {"api_key": "key"}))
        Client(http).attendees_unbanned([ANN, BOB])
        http.close()
        text = dict(parse_qsl(server.requests[0].partition(b"\r\n\r\n")[2].decode()))["request"]
    assert json.loads(text)["params"] == {"email": [ANN, BOB]}
