"""Each of LiveWebinar's 14 documented operations, called over real HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest

from integrations.base.adapter import Connection
from integrations.base.errors import RecordNotFound
from integrations.base.tokens import TokenKeeper
from integrations.livewebinar.client import Client, form_of
from integrations.livewebinar.client.http import (
    ACCEPT,
    LiveWebinarHttp,
    TokenlessHttp,
    api_root,
    places,
)
from integrations.livewebinar.client.login import Login
from integrations.livewebinar.operations import OPERATIONS as LISTED
from tests.support.livewebinar import CREDENTIALS, tokens
from tests.support.rawserver import raw_server, says

WIDGET = {
    "name": "Client & room",
    "type": "scheduled",
    "start_date": "2027-03-01 10:00:00",
    "timezone": "Europe/Warsaw",
    "duration": 80,
}
PERSON = {"emails": "ann@example.com", "role": "presenter", "firstname": "Ann"}
BACK = "https://lectern.example.com/back"
APP = "https://app.livewebinar.com"


class Bench:
    """A room on the sandbox, and a client with a token."""

    def __init__(self, sandbox: Any) -> None:
        self.sandbox = sandbox
        self.platform = sandbox.account("livewebinar")
        credentials = sandbox.credentials("livewebinar")
        connection = Connection(sandbox.base_url("livewebinar"), credentials)
        tokenless = TokenlessHttp(connection)
        self.client = Client(
            LiveWebinarHttp(connection, Login(connection, tokenless).keeper), tokenless
        )
        self.widget = str(self.client.create_widget(WIDGET)["data"]["id"])
        self.user = str(self.client.me()["data"]["id"])
        self.client_id = credentials["client_id"]
        self.secret = credentials["client_secret"]
        self.code = self.platform.grant_code(self.client_id, BACK)
        other = self.platform.grant_code(self.client_id, BACK)
        pair = self.client.exchange_code(self.client_id, self.secret, other, BACK)
        self.refresh_token = pair["refresh_token"]
        form = self.platform.add_form("Entry", [{"name": "company", "required": True}])
        self.client.update_widget(self.widget, {"form": {"id": form["id"]}})
        sandbox.requests.clear()


@pytest.fixture
def bench(sandbox: Any) -> Iterator[Bench]:
    made = Bench(sandbox)
    yield made
    made.client.http.close()
    made.client.tokenless.close()


# client method: (arguments by name of the bench or as they are, method, path, form, answer's keys)
OPERATIONS: dict[str, tuple[tuple[Any, ...], str, str, dict[str, str] | None, set[str]]] = {
    "register_client": (
        ("WishList WP Plugin", BACK),
        "POST",
        "/api/oauth/clients",
        {"name": "WishList WP Plugin", "redirect": BACK},
        {"name", "client_id", "client_secret", "redirect_uri"},
    ),
    "exchange_code": (
        (".client_id", ".secret", ".code", BACK),
        "POST",
        "/api/oauth/access_token",
        {"grant_type": "authorization_code", "client_id": ".client_id", "redirect_uri": BACK},
        {"access_token", "refresh_token"},
    ),
    "refresh": (
        (".client_id", ".secret", ".refresh_token"),
        "POST",
        "/api/oauth/access_token/refresh",
        {"grant_type": "refresh_token", "client_id": ".client_id"},
        {"access_token", "refresh_token"},
    ),
    "me": ((), "GET", "/api/me", None, {"data"}),
    "update_user": (
        (".user", {"phone_number": "+48 1"}),
        "PUT",
        "/api/users/.user",
        {"phone_number": "+48 1"},
        {"data"},
    ),
    "create_widget": (
        (WIDGET,),
        "POST",
        "/api/widgets",
        {k: str(v) for k, v in WIDGET.items()},
        {"data"},
    ),
    "update_widget": (
        (".widget", {"name": "50% & më"}),
        "PUT",
        "/api/widgets/.widget",
        {"name": "50% & më"},
        {"data"},
    ),
    "delete_widget": ((".widget",), "DELETE", "/api/widgets/.widget", None, set()),
    "enable_widget": (
        (".widget",),
        "PUT",
        "/api/widgets/.widget",
        {"status": "active"},
        {"data"},
    ),
    "disable_widget": (
        (".widget",),
        "PUT",
        "/api/widgets/.widget",
        {"status": "inactive"},
        {"data"},
    ),
    "invite_person": (
        (".widget", {**PERSON, "company": "for the form of the bench"}),
        "POST",
        "/api/widgets/.widget/personal",
        PERSON,
        {"data"},
    ),
    "invite_person_with_form": (
        (".widget", PERSON, {"company": "Example Ltd"}),
        "POST",
        "/api/widgets/.widget/personal",
        {**PERSON, "company": "Example Ltd"},
        {"data"},
    ),
}
NOTHING_SENT = {"authorize", "room_address"}


def test_there_is_one_method_for_each_operation() -> None:
    public = {name for name in vars(Client) if not name.startswith("_")}
    assert public == set(OPERATIONS) | NOTHING_SENT
    assert [operation.method for operation in LISTED] == [
        "register_client",
        "authorize",
        "exchange_code",
        "refresh",
        "me",
        "update_user",
        "create_widget",
        "update_widget",
        "delete_widget",
        "enable_widget",
        "disable_widget",
        "invite_person",
        "invite_person_with_form",
        "room_address",
    ]


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation(name: str, bench: Bench) -> None:
    arguments, method, path, form, answered = OPERATIONS[name]

    answer = getattr(bench.client, name)(*(filled(value, bench) for value in arguments))

    (entry,) = bench.sandbox.requests
    assert (entry.method, entry.path) == (
        method,
        "/".join(filled(p, bench) for p in path.split("/")),
    )
    assert entry.status in (200, 201, 204)
    sent = dict(entry.form)
    assert {key: sent[key] for key in form or {}} == filled(form or {}, bench)
    assert answered <= (answer or {}).keys()


def test_enabling_and_disabling_are_the_rooms_status(bench: Bench) -> None:
    assert bench.client.disable_widget(bench.widget)["data"]["status"] == "inactive"
    assert bench.client.enable_widget(bench.widget)["data"]["status"] == "active"


def test_authorize_is_an_address_for_a_browser(bench: Bench) -> None:
    found = bench.client.authorize(APP, "33385", "https://yourwebsite.com/", "123abc")
    assert found == (
        "https://app.livewebinar.com/auth/oauth2/authorize?client_id=33385"
        "&redirect_uri=https%3A%2F%2Fyourwebsite.com%2F&response_type=code&state=123abc"
    )
    assert "state" not in bench.client.authorize(APP, "33385", BACK)
    assert len(bench.sandbox.requests) == 0


def test_room_addresses_are_those_of_the_document(bench: Bench) -> None:
    address = bench.client.room_address
    assert address(APP, "123-123-123")["url"] == f"{APP}/123-123-123"
    assert address(APP, "123-123-123", "IYuUtn2P")["url"] == f"{APP}/123-123-123/x/IYuUtn2P"
    named = address(APP, "123-123-123", nickname="John Doe")
    assert named["url"] == f"{APP}/123-123-123?_nickname=John%20Doe"
    picture = address(APP, "1-1-1", avatar_url="https://yourwebsite.com/img/jonh.png")["url"]
    assert picture == f"{APP}/1-1-1?avatar_url=https://yourwebsite.com/img/jonh.png"
    assert address(APP, "1-1-1", "HaSh", "Ann")["embed"] == {
        "_license_key": "1-1-1",
        "_role_token": "HaSh",
        "_nickname": "Ann",
    }


def test_every_call_carries_the_version_in_its_accept_header() -> None:
    body = b'{"data": {"id": 7, "name": "x"}, "token": "t", "access_token": "t"}'
    with raw_server(says(body)) as server:
        connection = Connection(server.url, CREDENTIALS)
        http = LiveWebinarHttp(connection, TokenKeeper(tokens(), lambda stored: stored))
        tokenless = TokenlessHttp(connection)
        client = Client(http, tokenless)
        client.register_client("n", BACK)
        client.exchange_code("1", "s", "c", BACK)
        client.refresh("1", "s", "r")
        client.me()
        client.update_user("1", {"a": "b"})
        client.create_widget(WIDGET)
        client.delete_widget("7")
        client.enable_widget("7")
        client.invite_person("7", PERSON)
        http.close()
        tokenless.close()
        heads = [request.partition(b"\r\n\r\n")[0] for request in server.requests]
    assert len(heads) == 9
    assert all(b"\r\nAccept: " + ACCEPT.encode() in head for head in heads)
    bearers = [b"Authorization: Bearer good" in head for head in heads]
    assert bearers == [False] * 3 + [True] * 6, "where tokens are handed out none is carried"


def test_forms_travel_the_php_way() -> None:
    sent = {"name": "Rent & büro", "form": {"id": 5}, "flag": True, "password": ""}
    assert form_of(sent) == [
        ("name", "Rent & büro"),
        ("form[id]", "5"),
        ("flag", "1"),
        ("password", ""),
    ]


@pytest.mark.parametrize("identifier", ["", ".", ".."])
def test_identifier_that_would_change_the_path_is_not_sent(identifier: str, bench: Bench) -> None:
    for call in (bench.client.delete_widget, bench.client.enable_widget):
        with pytest.raises(RecordNotFound):
            call(identifier)
    assert len(bench.sandbox.requests) == 0


@pytest.mark.parametrize("tail", ["", "/", "/api", "/api/"])
def test_address_may_be_given_with_or_without_its_api(tail: str) -> None:
    assert api_root("https://api.archiebot.com" + tail) == "https://api.archiebot.com/api"


@pytest.mark.parametrize(
    ("base_url", "options", "app"),
    [
        ("https://api.archiebot.com/api", {}, "https://app.livewebinar.com"),
        ("https://api.archiebot.com", {"app_url": "https://rooms.example.com/"}, None),
        ("https://label.example.com/api", {}, "https://label.example.com"),
    ],
)
def test_rooms_are_where_the_document_has_them(base_url: str, options: Any, app: str) -> None:
    found = places(Connection(base_url, CREDENTIALS, options)).app
    assert found == (app or "https://rooms.example.com")


def filled(value: Any, bench: Bench) -> Any:
    """An argument with ".widget" and the like replaced by what the bench holds."""
    if isinstance(value, dict):
        return {key: filled(item, bench) for key, item in value.items()}
    return getattr(bench, value[1:]) if isinstance(value, str) and value[:1] == "." else value
