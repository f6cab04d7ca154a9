"""Each of TrueConf Server's 78 documented operations, called over real HTTP."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from integrations.base.adapter import Connection
from integrations.base.errors import RecordNotFound
from integrations.trueconf.client import Client
from integrations.trueconf.client.http import TrueConfHttp
from integrations.trueconf.operations import OPERATIONS as LISTED
from tests.contract.worlds.trueconf import PIXEL
from tests.support.rawserver import raw_server, says
from tests.support.trueconf import OWNER, connection

CONFERENCE = {
    "topic": "Client & room",
    "owner": OWNER,
    "type": 3,
    "invitations": [{"id": OWNER}],
    "schedule": {"type": 1, "start_time": 1900000000, "duration": 4800},
}
GRANT = {"grant_type": "client_credentials", "client_id": ".client", "client_secret": ".secret"}
PULL = {"audio_codec": "AAC", "video_codec": "H264"}


class Bench:
    """A server on the sandbox with all that can be on one, and a client."""

    def __init__(self, sandbox: Any) -> None:
        self.sandbox = sandbox
        self.side = side = sandbox.account("trueconf")
        self.client = Client(TrueConfHttp(connection(sandbox)), "v3.10")
        given = sandbox.credentials("trueconf")
        self.client_id, self.secret = given["client_id"], given["client_secret"]
        self.ann = side.add_user("ann", "Ann", email="ann@example.com", online=True)
        self.bob = side.add_user("bob", "Bob", email="bob@example.com", online=True)
        self.group = str(side.add_group("Guides", [self.ann["id"]])["id"])
        side.add_contact(self.ann["id"], "bob", "Bob")
        self.preset = side.add_preset("Pull", "manualPull", PULL)["address"]
        self.template = side.add_template("Usual", {"topic": "Usual", "type": 0})["address"]
        room = side.add_conference("Room", invited=["ann"])
        self.conf = room["address"]
        began = sandbox.now() - timedelta(hours=2)
        self.session = side.start_session(
            room["id"], ["ann"], minutes=30, started_at=began, chat=["Ann: Hi"]
        )["address"]
        recording = side.add_recording(room["id"], seconds=60)
        self.recording, self.record = str(recording["id"]), recording["name"]
        live = side.add_conference("Live", invited=["ann"])
        self.live = live["address"]
        run = side.begin_call(live["id"], side.now() - 60)
        visit = side.join(run["id"], "ann", at=side.now() - 30)
        side.store.change("visits", visit["id"], role=4)
        self.run, self.uid = run["address"], side.uid("ann")
        sandbox.requests.clear()


@pytest.fixture
def bench(sandbox: Any) -> Iterator[Bench]:
    made = Bench(sandbox)
    yield made
    made.client.http.close()


API = "/api/v3.10"
CONF, LIVE, RUN = f"{API}/conferences/.conf", f"{API}/conferences/.live", ".run"
ROOM, RUNS = f"{API}/conferences", f"{API}/conference-sessions/.run"
USER, GROUP, LOGS = f"{API}/users/ann", f"{API}/groups/.group", f"{API}/logs"
CALL, STOCK, PRESET = f"{LOGS}/calls/.session", f"{API}/templates/conferences", ".preset"
PRESETS, BOOK, PODIUM = f"{API}/broadcast/presets", f"{USER}/addressbook", f"{RUNS}/podiums"
PERSON = {
    "login_name": "cara",
    "password": "a-long-word",
    "email": "c@example.com",
    "display_name": "Cara",
}
CONTACT = {"contact_id": "demo.admin", "display_name": "Admin"}
BOB = {"contact_id": "bob", "display_name": "Bobby"}
FORCE = {"participant_id": ".uid", "force": True}
INVITED = f"{CONF}/invitations/ann"
KEY, LIST = ".uid", {"cnt", "list"}

# client method: (arguments, of the bench where they begin with a dot; method; path; answer's keys)
OPERATIONS: dict[str, tuple[tuple[Any, ...], str, str, Any]] = {
    "generate_token": ((GRANT,), "POST", "/oauth2/v1/token", {"access_token", "expires_in"}),
    "get_call_invite_list": ((".session", {}), "GET", f"{CALL}/invites", LIST),
    "get_call_list": (({"named_conf_id": ".conf"},), "GET", f"{LOGS}/calls", LIST),
    "get_call_participant_list": ((".session", {}), "GET", f"{CALL}/participants", LIST),
    "get_call_record_list": (({},), "GET", f"{LOGS}/records", LIST),
    "get_call_record": ((".session",), "GET", f"{LOGS}/records/.session", {"file_size"}),
    "get_call": ((".session",), "GET", CALL, {"named_conf_id", "start_time"}),
    "get_event_list": (({},), "GET", f"{LOGS}/events", LIST),
    "get_message_list": (({},), "GET", f"{LOGS}/messages", LIST),
    "get_recording_list": (({},), "GET", f"{LOGS}/recordings", LIST),
    "get_recording": ((".recording",), "GET", f"{LOGS}/recordings/.recording", {"stream_id"}),
    "get_setting_list": (({},), "GET", f"{LOGS}/settings", LIST),
    "conference_invite": (
        (".live", {"invitations": [{"id": "bob"}]}),
        "POST",
        f"{LIVE}/invite",
        {"invite"},
    ),
    "conference_notify": ((".conf",), "POST", f"{API}/conference/.conf/notify", {"result"}),
    "conference_record_start": ((".live",), "POST", f"{LIVE}/start-record", None),
    "conference_record_pause": ((".live",), "POST", f"{LIVE}/pause-record", None),
    "conference_record_stop": ((".live",), "POST", f"{LIVE}/stop-record", None),
    "create_conference": ((CONFERENCE,), "POST", ROOM, {"conference"}),
    "delete_conference": ((".conf",), "DELETE", CONF, {"id"}),
    "edit_conference": ((".conf", {"topic": "N"}), "PUT", CONF, {"conference"}),
    "get_conference_calendars": (
        (".conf", {"lang": "de"}),
        "GET",
        f"{CONF}/calendars",
        {"calendars"},
    ),
    "get_conference_ics": ((".conf",), "GET", f"{CONF}/ics", bytes),
    "get_conference_list": (({"page_id": 1},), "GET", ROOM, {"conferences"}),
    "get_conference_owner": ((".conf",), "GET", f"{CONF}/owner", {"owner"}),
    "get_conference": ((".conf",), "GET", CONF, {"conference"}),
    "run_conference": ((".conf",), "POST", f"{CONF}/run", {"state"}),
    "share_conference": ((".conf",), "GET", f"{CONF}/shared", {"embedded"}),
    "stop_conference": ((".live",), "POST", f"{LIVE}/stop", {"state"}),
    "create_avatar": (("ann", "a.png", PIXEL), "POST", f"{USER}/avatar", {"avatar"}),
    "create_user": ((PERSON,), "POST", f"{API}/users", {"user"}),
    "delete_avatar": (("ann",), "DELETE", f"{USER}/avatar", {"avatar"}),
    "delete_user": (("bob",), "DELETE", f"{API}/users/bob", {"id"}),
    "disconnect_user": (("ann",), "POST", f"{USER}/disconnect", {"state"}),
    "edit_user": (("ann", {"company": "Co."}), "PUT", USER, {"user"}),
    "get_avatar": (("ann",), "GET", f"{USER}/avatar", {"avatar"}),
    "get_user_list": (({"email": "ann@example.com"},), "GET", f"{API}/users", {"users"}),
    "get_user": (("ann",), "GET", USER, {"user"}),
    "create_group": (({"display_name": "New"},), "POST", f"{API}/groups", {"group"}),
    "delete_group": ((".group",), "DELETE", GROUP, dict),
    "edit_group": ((".group", {"display_name": "N"}), "PUT", GROUP, {"group"}),
    "get_group_list": (({},), "GET", f"{API}/groups", {"groups", "next_page_id"}),
    "get_group": ((".group",), "GET", GROUP, {"group"}),
    "create_preset": (
        ({"name": "P", "type": "manualPull", "payload": PULL},),
        "POST",
        PRESETS,
        {"preset"},
    ),
    "delete_preset": ((PRESET,), "DELETE", f"{PRESETS}/.preset", {"id"}),
    "edit_preset": ((PRESET, {"name": "P"}), "PUT", f"{PRESETS}/.preset", {"preset"}),
    "get_preset_list": (({},), "GET", PRESETS, {"presets"}),
    "get_preset": ((PRESET,), "GET", f"{PRESETS}/.preset", {"preset"}),
    "get_conference_session_participants": (
        (RUN, {}),
        "GET",
        f"{RUNS}/participants",
        {"participants", "count"},
    ),
    "get_conference_session": ((RUN,), "GET", RUNS, {"session"}),
    "invite_to_podium": ((RUN, FORCE), "POST", f"{PODIUM}/participants", {"invite"}),
    "kick_participant": ((RUN, KEY), "DELETE", f"{RUNS}/participants/.uid", {"participant_id"}),
    "remove_from_podium": ((RUN, KEY), "DELETE", f"{PODIUM}/participants/.uid", {"participant_id"}),
    "create_conference_template": (
        ({"name": "T", "object": {"topic": "T", "type": 0, "owner": OWNER}},),
        "POST",
        STOCK,
        {"template"},
    ),
    "delete_conference_template": ((".template",), "DELETE", f"{STOCK}/.template", {"id"}),
    "edit_conference_template": (
        (".template", {"name": "T"}),
        "PUT",
        f"{STOCK}/.template",
        {"template"},
    ),
    "get_conference_template_list": (
        ({"sort_by": "name", "sort_type": "asc"},),
        "GET",
        STOCK,
        {"templates"},
    ),
    "get_conference_template": ((".template",), "GET", f"{STOCK}/.template", {"template"}),
    "add_invitation": ((".conf", {"id": "bob"}), "POST", f"{CONF}/invitations", {"invitation"}),
    "delete_invitation": ((".conf", "ann"), "DELETE", INVITED, {"id"}),
    "edit_invitation": ((".conf", "ann", {"display_name": "A."}), "PUT", INVITED, {"invitation"}),
    "get_invitation_list": ((".conf",), "GET", f"{CONF}/invitations", {"invitations"}),
    "get_invitation": ((".conf", "ann"), "GET", INVITED, {"invitation"}),
    "get_participant_list": ((".live",), "GET", f"{LIVE}/participants", {"participants"}),
    "get_participant": ((".live", KEY), "GET", f"{LIVE}/participants/.uid", {"participant"}),
    "invite_participant": ((".live", "bob"), "POST", f"{LIVE}/participants", {"participant"}),
    "download_record": ((".conf", ".record"), "GET", f"{CONF}/records/.record/download", bytes),
    "get_record_list": ((".conf",), "GET", f"{CONF}/records", {"records"}),
    "get_record": ((".conf", ".record"), "GET", f"{CONF}/records/.record", {"record"}),
    "add_group_user": ((".group", "bob"), "POST", f"{GROUP}/users", {"user"}),
    "delete_group_user": ((".group", "ann"), "DELETE", f"{GROUP}/users/ann", {"id"}),
    "get_group_user_list": ((".group", {}), "GET", f"{GROUP}/users", {"users"}),
    "get_group_user": ((".group", "ann"), "GET", f"{GROUP}/users/ann", {"user"}),
    "get_client_list": (({"call_id": ".conf"},), "GET", f"{API}/software/clients", {"clients"}),
    "add_contact": (("ann", CONTACT), "POST", BOOK, {"contact"}),
    "delete_contact": (("ann", "bob"), "DELETE", f"{BOOK}/bob", {"id"}),
    "edit_contact": (("ann", "bob", BOB), "PUT", f"{BOOK}/bob", {"contact"}),
    "get_contact_list": (("ann", {}), "GET", BOOK, {"contacts"}),
    "get_contact": (("ann", "bob"), "GET", f"{BOOK}/bob", {"contact"}),
}
WORDS = {".client": "client_id"}


def test_there_is_one_method_for_each_operation() -> None:
    public = {name for name in dir(Client) if not name.startswith("_")}
    assert public == set(OPERATIONS) == {one.method for one in LISTED}
    assert len(OPERATIONS) == len(LISTED) == 78


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation(name: str, bench: Bench) -> None:
    arguments, method, path, answered = OPERATIONS[name]

    answer = getattr(bench.client, name)(*(filled(value, bench) for value in arguments))
    if answered is bytes:
        answer = b"".join(answer)
        assert answer

    (entry,) = bench.sandbox.requests
    asked = "/".join(str(filled(part, bench)) for part in path.split("/"))
    assert (entry.method, entry.path) in ((method, asked), (method, quote(asked)))
    assert entry.status in (200, 201, 202)
    if isinstance(answered, set):
        assert answered <= answer.keys()
    elif answered is None:
        assert answer is None
    else:
        assert isinstance(answer, answered)


@pytest.mark.parametrize("identifier", ["", ".", ".."])
def test_identifier_that_would_change_the_path_is_not_sent(identifier: str, bench: Bench) -> None:
    for call in (bench.client.get_conference, bench.client.delete_user):
        with pytest.raises(RecordNotFound):
            call(identifier)
    assert len(bench.sandbox.requests) == 0


def on_the_wire(call: Any, version: str = "v3.10", url_type: str = "") -> bytes:
    """What a call sends, as bytes."""
    with raw_server(says(b"{}")) as server:
        http = TrueConfHttp(Connection(server.url, {"secret_key": "key"}))
        call(Client(http, version, url_type))
        http.close()
        (request,) = server.requests
        return request


def test_segments_are_encoded() -> None:
    sent = on_the_wire(lambda c: c.kick_participant("00a@srv#vcs", "#guest:1@srv/2"))
    assert sent.startswith(
        b"DELETE /api/v3.10/conference-sessions/00a%40srv%23vcs/participants/"
        b"%23guest%3A1%40srv%2F2 HTTP/1.1"
    )


def test_key_travels_in_the_header_and_never_in_the_address() -> None:
    sent = on_the_wire(lambda c: c.edit_conference("7", {"topic": "é & +"}))
    head, _, body = sent.partition(b"\r\n\r\n")
    assert head.startswith(b"PUT /api/v3.10/conferences/7 HTTP/1.1\r\n")
    assert b"\r\nAuthorization: Bearer key" in head
    assert b"\r\nContent-Type: application/json" in head
    assert body == b'{"topic": "\\u00e9 & +"}'


def test_url_type_is_sent_where_it_is_documented_and_known() -> None:
    def read(client: Client) -> Any:
        return client.get_conference("7")

    assert b"/conferences/7?url_type=fixed " in on_the_wire(read, url_type="fixed")
    assert b"url_type" not in on_the_wire(read, "v3", "fixed"), "since v3.1"
    made = on_the_wire(lambda c: c.create_conference({}), url_type="fixed")
    assert b"url_type" not in made


def test_version_without_a_number_is_v3() -> None:
    assert on_the_wire(lambda c: c.get_user("a"), "v3").startswith(b"GET /api/v3/users/a ")


@pytest.mark.parametrize("tail", ["", "/", "/api", "/api/v3", "/api/v3.10/"])
def test_address_may_be_given_with_the_path_of_the_api(sandbox: Any, tail: str) -> None:
    root = sandbox.base_url("trueconf")
    http = TrueConfHttp(Connection(root + tail, sandbox.credentials("trueconf")))
    assert Client(http, "v3.10").get_conference_list({})["conferences"] == []
    http.close()


def test_notification_falls_back_to_the_address_of_the_example() -> None:
    """The document's address says `conference`, its example `conferences`."""

    def handler(connection: Any, request: bytes) -> None:
        known = b"/conferences/" in request.split(b"\r\n")[0]
        answer = says(b'{"result": true}') if known else says(b"no such page", "404 Not Found")
        answer(connection, request)

    with raw_server(handler) as server:
        http = TrueConfHttp(Connection(server.url, {"secret_key": "key"}))
        assert Client(http, "v3.10").conference_notify("7") == {"result": True}
        http.close()
        paths = [request.split(b" ")[1] for request in server.requests]
    assert paths == [b"/api/v3.10/conference/7/notify", b"/api/v3.10/conferences/7/notify"]


def filled(value: Any, bench: Bench) -> Any:
    """An argument with ".conf" and the like replaced by what the bench holds."""
    if isinstance(value, dict):
        return {key: filled(item, bench) for key, item in value.items()}
    if not isinstance(value, str) or value[:1] != ".":
        return value
    return getattr(bench, WORDS.get(value, value[1:]))
