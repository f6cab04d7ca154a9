"""Each of ClickMeeting's 37 documented operations, called over real HTTP."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from integrations.base.adapter import Connection
from integrations.base.errors import RecordNotFound
from integrations.clickmeeting.client import Client
from integrations.clickmeeting.client.http import ClickMeetingHttp
from tests.support.rawserver import raw_server, says

ROOM = {
    "name": "Client & room",
    "room_type": "webinar",
    "permanent_room": False,
    "access_type": 3,
    "starts_at": "2027-03-01T10:00:00+01:00",
    "duration": "1:20",
    "timezone": "Europe/Warsaw",
    "registration": {"enabled": True},
}
PERSON = {"email": "ann@example.com", "nickname": "Ann", "role": "listener"}


class Bench:
    """A room on the sandbox with all that can be in one, and a client."""

    def __init__(self, sandbox: Any) -> None:
        self.sandbox = sandbox
        key = sandbox.api_key("clickmeeting", "demo")
        base_url = sandbox.base_url("clickmeeting")
        self.client = Client(ClickMeetingHttp(Connection(base_url, {"api_key": key})))
        self.room = str(self.client.create_conference(ROOM)["room"]["id"])
        platform = sandbox.clickmeeting("demo")
        session = platform.start_session(
            int(self.room), [{"email": "ann@example.com"}], chat=["Hi"]
        )
        platform.end_session(session["id"])
        self.session = str(session["id"])
        self.recording = str(platform.add_recording(int(self.room), seconds=60)["id"])
        self.token = self.client.generate_tokens(self.room, 1)["access_tokens"][0]["token"]
        self.file = str(self.client.upload_file("a.txt", b"text")["id"])
        sandbox.requests.clear()


@pytest.fixture
def bench(sandbox: Any) -> Iterator[Bench]:
    made = Bench(sandbox)
    yield made
    made.client.http.close()


# client method: (arguments by name of the bench or as they are, method, path, what is answered)
ROOMS = "/v1/conferences"
OPERATIONS: dict[str, tuple[tuple[Any, ...], str, str, Any]] = {
    "list_conferences": (("active",), "GET", f"{ROOMS}/active", list),
    "list_inactive_conferences": ((1,), "GET", f"{ROOMS}/inactive", list),
    "create_conference": ((ROOM,), "POST", ROOMS, {"room"}),
    "get_conference": ((".room",), "GET", f"{ROOMS}/.room", {"conference"}),
    "update_conference": ((".room", {"name": "N"}), "PUT", f"{ROOMS}/.room", {"conference"}),
    "set_registration": ((".room", False), "PUT", f"{ROOMS}/.room", {"conference"}),
    "set_registration_template": ((".room", True, 2), "PUT", f"{ROOMS}/.room", {"conference"}),
    "delete_conference": ((".room",), "DELETE", f"{ROOMS}/.room", {"result"}),
    "list_skins": ((), "GET", f"{ROOMS}/skins", list),
    "generate_tokens": ((".room", 2), "POST", f"{ROOMS}/.room/tokens", {"access_tokens"}),
    "list_tokens": ((".room",), "GET", f"{ROOMS}/.room/tokens", {"access_tokens"}),
    "autologin_hash": (
        (".room", {**PERSON, "token": ".token"}),
        "POST",
        f"{ROOMS}/.room/room/autologin_hash",
        {"autologin_hash"},
    ),
    "send_invitation": (
        (".room", "en", {"attendees": [{"email": "ann@example.com"}], "template": "basic"}),
        "POST",
        f"{ROOMS}/.room/invitation/email/en",
        {"status"},
    ),
    "list_sessions": ((".room",), "GET", f"{ROOMS}/.room/sessions", list),
    "get_session": (
        (".room", ".session"),
        "GET",
        f"{ROOMS}/.room/sessions/.session",
        {"attendees", "start_date"},
    ),
    "list_session_attendees": (
        (".room", ".session"),
        "GET",
        f"{ROOMS}/.room/sessions/.session/attendees",
        list,
    ),
    "generate_pdf": (
        (".room", ".session", "en"),
        "GET",
        f"{ROOMS}/.room/sessions/.session/generate-pdf/en",
        {"status", "progress"},
    ),
    "add_contact": (
        ({"email": "ann@example.com", "firstname": "Ann", "lastname": "Lee", "country": "PL"},),
        "POST",
        "/v1/contacts",
        {"status"},
    ),
    "list_time_zones": ((), "GET", "/v1/time_zone_list", list),
    "list_time_zones_of": (("US",), "GET", "/v1/time_zone_list/US", list),
    "list_phone_gateways": ((), "GET", "/v1/phone_gateways", list),
    "list_registrations": ((".room", "all"), "GET", f"{ROOMS}/.room/registrations/all", list),
    "register": (
        (
            ".room",
            {
                "registration": {1: "Ann", 2: "Lee", 3: "ann@example.com"},
                "confirmation_email": {"enabled": True, "lang": "en"},
            },
        ),
        "POST",
        f"{ROOMS}/.room/registration",
        {"status", "url"},
    ),
    "list_session_registrations": (
        (".room", ".session"),
        "GET",
        f"{ROOMS}/.room/sessions/.session/registrations",
        list,
    ),
    "list_files": ((), "GET", "/v1/file-library", list),
    "upload_file": (("b.txt", b"text"), "POST", "/v1/file-library", {"id", "url"}),
    "list_room_files": ((".room",), "GET", "/v1/file-library/conferences/.room", list),
    "upload_room_file": (
        (".room", "b.txt", b"text"),
        "POST",
        "/v1/file-library/conferences/.room",
        {"id", "url"},
    ),
    "get_file": ((".file",), "GET", "/v1/file-library/.file", {"id", "name"}),
    "delete_file": ((".file",), "DELETE", "/v1/file-library/.file", {"response"}),
    "download_file": ((".file",), "GET", "/v1/file-library/.file/download", bytes),
    "list_recordings": ((".room",), "GET", f"{ROOMS}/.room/recordings", list),
    "delete_recordings": ((".room",), "DELETE", f"{ROOMS}/.room/recordings", {"STATUS"}),
    "delete_recording": (
        (".room", ".recording"),
        "DELETE",
        f"{ROOMS}/.room/recordings/.recording",
        {"STATUS"},
    ),
    "list_chats": ((), "GET", "/v1/chats", list),
    "download_chat": ((".session",), "GET", "/v1/chats/.session", bytes),
    "ping": ((), "GET", "/v1/ping", {"ping"}),
}


def test_there_is_one_method_for_each_operation() -> None:
    public = {name for name in vars(Client) if not name.startswith("_")}
    assert public == set(OPERATIONS)
    assert len(OPERATIONS) == 37


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation(name: str, bench: Bench) -> None:
    arguments, method, path, answered = OPERATIONS[name]

    answer = getattr(bench.client, name)(*(filled(value, bench) for value in arguments))
    if answered is bytes:
        answer = b"".join(answer)

    (entry,) = bench.sandbox.requests
    assert (entry.method, entry.path) == (method, filled_path(path, bench))
    assert entry.status in (200, 201)
    if isinstance(answered, set):
        assert answered <= answer.keys()
    else:
        assert isinstance(answer, answered)


def test_forms_travel_the_php_way(bench: Bench) -> None:
    bench.client.update_conference(
        bench.room,
        {
            "name": "Rent & büro + 50%",
            "starts_at": "2027-03-02T10:00:00+01:00",
            "permanent_room": False,
            "settings": {"thank_you_emails_enabled": True, "connection_status_enabled": False},
        },
    )
    (entry,) = bench.sandbox.requests
    assert list(entry.form) == [
        ("name", "Rent & büro + 50%"),
        ("starts_at", "2027-03-02T10:00:00+01:00"),
        ("permanent_room", "0"),
        ("settings[thank_you_emails_enabled]", "1"),
        ("settings[connection_status_enabled]", "0"),
    ]


def test_on_the_wire_a_form_is_percent_encoded() -> None:
    with raw_server(says(b"{}")) as server:
        line = ClickMeetingHttp(Connection(server.url, {"api_key": "key"}))
        Client(line).update_conference("7", {"settings": {"x": True}, "starts_at": "10:00+01:00"})
        line.close()
        head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"PUT /v1/conferences/7 HTTP/1.1\r\n")
    assert b"\r\nX-Api-Key: key" in head
    assert b"\r\nContent-Type: application/x-www-form-urlencoded" in head
    assert body == b"settings%5Bx%5D=1&starts_at=10%3A00%2B01%3A00"


def test_page_is_a_number_without_a_suffix(bench: Bench) -> None:
    bench.client.list_inactive_conferences(3)
    assert list(bench.sandbox.requests[0].query) == [("page", "3")]


def test_downloads_are_what_was_put_there(bench: Bench) -> None:
    assert b"".join(bench.client.download_file(bench.file)) == b"text"
    archive = b"".join(bench.client.download_chat(bench.session))
    with zipfile.ZipFile(io.BytesIO(archive)) as chat:
        assert any(b"Hi" in chat.read(name) for name in chat.namelist())


@pytest.mark.parametrize("identifier", ["", ".", ".."])
def test_identifier_that_would_change_the_path_is_not_sent(identifier: str, bench: Bench) -> None:
    for call in (bench.client.get_conference, bench.client.delete_conference):
        with pytest.raises(RecordNotFound):
            call(identifier)
    assert len(bench.sandbox.requests) == 0


def test_segments_are_encoded() -> None:
    with raw_server(says(b"{}")) as server:
        line = ClickMeetingHttp(Connection(server.url, {"api_key": "key"}))
        Client(line).get_conference("1/../2?x=#y")
        line.close()
        assert server.requests[0].startswith(b"GET /v1/conferences/1%2F..%2F2%3Fx%3D%23y HTTP/1.1")


@pytest.mark.parametrize("tail", ["", "/", "/v1", "/v1/"])
def test_address_may_be_given_with_or_without_its_version(sandbox: Any, tail: str) -> None:
    root = sandbox.base_url("clickmeeting").removesuffix("/v1")
    key = sandbox.api_key("clickmeeting", "demo")
    line = ClickMeetingHttp(Connection(root + tail, {"api_key": key}))
    assert Client(line).ping() == {"ping": "pong"}
    line.close()


def filled(value: Any, bench: Bench) -> Any:
    """An argument with ".room" and the like replaced by what the bench holds."""
    if isinstance(value, dict):
        return {key: filled(item, bench) for key, item in value.items()}
    return getattr(bench, value[1:]) if isinstance(value, str) and value[:1] == "." else value


def filled_path(path: str, bench: Bench) -> str:
    return "/".join(filled(part, bench) for part in path.split("/"))
