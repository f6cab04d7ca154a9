"""Each of WebinarFuel's 11 documented operations, called over real HTTP."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from integrations.base.adapter import Connection
from integrations.base.errors import CredentialsRejected, OutcomeUnknown, RecordNotFound
from integrations.webinarfuel import credentials
from integrations.webinarfuel.client import Client
from integrations.webinarfuel.client.http import WebinarFuelHttp
from tests.support.rawserver import raw_server, says
from tests.support.webinarfuel import Place


def client_of(connection: Connection) -> Client:
    chosen = credentials.settings_of(connection.credentials, connection.options)
    unsigned = WebinarFuelHttp(connection, chosen, signed=False)
    return Client(WebinarFuelHttp(connection, chosen), unsigned, chosen.table)


class Bench:
    """A webinar on the sandbox with somebody registered, and a client."""

    def __init__(self, sandbox: Any) -> None:
        place = Place(sandbox)
        self.sandbox = sandbox
        self.webinar, (session,) = place.webinar(timedelta(hours=1))
        self.session = str(session)
        self.platform = place.platform
        row = self.platform.register(int(self.webinar), "ann@example.com", "Ann")
        self.cid, self.registrant = str(row["id"]), str(row["registrant_id"])
        self.secret = self.platform.webinar(int(self.webinar))["oneclick_key"]
        self.client = client_of(place.connection())
        sandbox.requests.clear()


@pytest.fixture
def bench(sandbox: Any) -> Iterator[Bench]:
    made = Bench(sandbox)
    yield made
    made.client.http.close()
    made.client.unsigned.close()


PAGED = {"page": 1, "per_page": 50}
EXACT = {"sessions_limit": 50, "exact_recurring_dates": True}
BOOKING = {
    "webinar_id": ".webinar",
    "registrant": {"email": "bob@example.com", "first_name": "Bob"},
    "session": {"webinar_session_id": ".session"},
}
# method: (arguments, query, what is sent, HTTP verb, path, what the answer holds)
Case = tuple[tuple[Any, ...], dict[str, Any], Any, str, str, set[str]]
OPERATIONS: dict[str, Case] = {
    "list_webinars": ((), {**PAGED, **EXACT}, None, "GET", "/webinars", {"webinars", "meta"}),
    "get_webinar": ((".webinar",), EXACT, None, "GET", "/webinars/.webinar", {"webinar"}),
    "list_registrants": (
        (),
        {**PAGED, "email": "ann@example.com"},
        None,
        "GET",
        "/registrants",
        {"registrants", "meta"},
    ),
    "create_registrant": ((BOOKING,), {}, BOOKING, "POST", "/registrants", set()),
    "get_registrant": ((".registrant",), {}, None, "GET", "/registrants/.registrant", set()),
    "update_registrant": (
        (".registrant", {"phone": "1"}),
        {},
        {"registrant": {"phone": "1"}},
        "PUT",
        "/registrants/.registrant",
        set(),
    ),
    "add_tags": (
        ("ann@example.com", ["vip"]),
        {},
        {"email": "ann@example.com", "tags": ["vip"]},
        "POST",
        "/registrants/add_tags",
        {"registrant"},
    ),
    "remove_tags": (
        ("ann@example.com", ["vip"]),
        {},
        {"email": "ann@example.com", "tags": ["vip"]},
        "POST",
        "/registrants/remove_tags",
        set(),
    ),
    "create_by_oneclick": (
        (
            {
                "oneclick_key": ".secret",
                "email": "bob@example.com",
                "webinar_session_id": ".session",
                "tags": ["a", "b"],
            },
        ),
        {},
        None,
        "GET",
        "/oneclick",
        set(),
    ),
    "list_registrant_sessions": (
        (),
        {**PAGED, "webinar_id": ".webinar", "email": "ann@example.com"},
        None,
        "GET",
        "/registrant_sessions",
        {"sessions", "meta"},
    ),
    "get_registrant_session": ((".cid",), {}, None, "GET", "/registrant_sessions/.cid", set()),
}


def test_there_is_one_method_for_each_operation() -> None:
    public = {name for name in vars(Client) if not name.startswith("_")}
    assert public == set(OPERATIONS)
    assert len(OPERATIONS) == 11


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation(name: str, bench: Bench) -> None:
    arguments, query, _, method, path, answered = OPERATIONS[name]
    given = [filled(value, bench) for value in arguments]

    answer = getattr(bench.client, name)(*given, **filled(query, bench))

    (entry,) = bench.sandbox.requests
    assert (entry.method, entry.path) == (method, filled_path(path, bench))
    assert entry.status in (200, 201, 302)
    assert answered <= (answer or {}).keys()
    if name != "create_by_oneclick":
        sent = {k: str(v).lower() for k, v in filled(query, bench).items()}
        assert {name: value.lower() for name, value in entry.query} == sent


@pytest.mark.parametrize("name", [n for n, case in OPERATIONS.items() if case[2]])
def test_bodies_are_json(name: str) -> None:
    arguments, _, body, _, _, _ = OPERATIONS[name]
    with raw_server(says(b"{}")) as server:
        client = client_of(Connection(server.url, {"api_key": "key"}))
        getattr(client, name)(*("7" if a == ".registrant" else a for a in arguments))
        client.http.close()
        head, _, sent = server.requests[0].partition(b"\r\n\r\n")
    assert json.loads(sent) == body
    assert b"Content-Type: application/json" in head
    assert b"Authorization: Bearer key" in head


class TestOneClick:
    QUERY = {
        "oneclick_key": "s3cret+key",
        "email": "a+b@example.com",
        "tags": ["x", "y"],
        "custom_fields": {"Do you like webinars": "Yes"},
    }

    def test_goes_without_the_accounts_key(self) -> None:
        with raw_server(says(b"<p>Thank you</p>", "200 OK", "Content-Type: text/html")) as server:
            client = client_of(Connection(server.url, {"api_key": "account-key"}))
            client.create_by_oneclick(self.QUERY)
            client.unsigned.close()
            request = server.requests[0]
        assert b"account-key" not in request
        assert b"uthorization" not in request
        line = request.split(b"\r\n")[0].decode()
        assert line == (
            "GET /oneclick?oneclick_key=s3cret%2Bkey&email=a%2Bb%40example.com&tags%5B%5D=x"
            "&tags%5B%5D=y&custom_fields%5BDo+you+like+webinars%5D=Yes HTTP/1.1"
        )

    def test_redirect_to_the_thank_you_page_is_a_success_and_not_followed(self) -> None:
        away = says(b"", "302 Found", "Location: http://127.0.0.1:9/thanks")
        with raw_server(away) as server:
            client = client_of(Connection(server.url, {"api_key": "k"}))
            client.create_by_oneclick(self.QUERY)
            client.unsigned.close()
            assert len(server.requests) == 1

    def test_key_may_stand_in_a_corrected_path(self) -> None:
        options = {"paths": "oneclick=/oneclick/{oneclick_key}/register"}
        with raw_server(says(b"{}")) as server:
            client = client_of(Connection(server.url, {"api_key": "k"}, options))
            client.create_by_oneclick({"oneclick_key": "a/b", "email": "a@example.com"})
            client.unsigned.close()
            start = server.requests[0].split(b" HTTP")[0]
        assert start == b"GET /oneclick/a%2Fb/register?email=a%40example.com"

    def test_broken_answer_leaves_the_outcome_unknown(self) -> None:
        with raw_server(says(b"x", "500 Oh")) as server:
            client = client_of(Connection(server.url, {"api_key": "k"}))
            with pytest.raises(OutcomeUnknown):
                client.create_by_oneclick(self.QUERY)
            client.unsigned.close()


def test_corrected_paths_are_used(bench: Bench) -> None:
    options = {"paths": "webinar=/v2/webinars/{id} registrant_sessions=/viewers"}
    with raw_server(says(b"{}")) as server:
        client = client_of(Connection(server.url, {"api_key": "k"}, options))
        client.get_webinar("7")
        client.list_registrant_sessions(page=2)
        client.list_webinars()
        client.http.close()
        starts = [request.split(b" HTTP")[0].decode() for request in server.requests]
    assert starts == ["GET /v2/webinars/7", "GET /viewers?page=2", "GET /webinars"]


@pytest.mark.parametrize("wrong", ["webinars=x", "webinar=/webinars", "nothing=/x"])
def test_with_paths_that_cannot_be_used_nothing_leaves(sandbox: Any, wrong: str) -> None:
    client = client_of(Place(sandbox).connection(paths=wrong))
    with pytest.raises(CredentialsRejected, match="settings cannot be used"):
        client.get_webinar("7")
    assert len(sandbox.requests) == 0


@pytest.mark.parametrize("identifier", ["", ".", ".."])
def test_an_empty_identifier_sends_nothing(bench: Bench, identifier: str) -> None:
    for call in (
        bench.client.get_webinar,
        bench.client.get_registrant,
        bench.client.get_registrant_session,
    ):
        with pytest.raises(RecordNotFound):
            call(identifier)
    assert len(bench.sandbox.requests) == 0


def filled(value: Any, bench: Bench) -> Any:
    """An argument with ".webinar" and the like replaced by what the bench holds."""
    if isinstance(value, dict):
        return {key: filled(item, bench) for key, item in value.items()}
    return getattr(bench, value[1:]) if isinstance(value, str) and value[:1] == "." else value


def filled_path(path: str, bench: Bench) -> str:
    return "/".join(filled(part, bench) for part in path.split("/"))
