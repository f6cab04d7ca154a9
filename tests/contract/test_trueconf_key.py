"""How the key travels to TrueConf: as a header, or as a part of the address; tried, remembered."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from integrations.base.adapter import Adapter, Connection
from integrations.base.errors import CredentialsRejected, PlatformError, UnexpectedAnswer
from integrations.base.records import Kind
from integrations.base.tokens import MemoryTokens
from integrations.registry import room
from tests.contract.worlds.promises import all_records, told
from tests.support.rawserver import raw_server, says
from tests.support.trueconf import connection, draft

Open = Callable[..., Adapter]
WAYS = ["secret_key", "client_credentials", "password"]


@pytest.fixture
def side(sandbox: Any) -> Any:
    return sandbox.account("trueconf")


@pytest.fixture
def tokens() -> MemoryTokens:
    return MemoryTokens()


@pytest.fixture
def open_adapter(sandbox: Any, tokens: MemoryTokens) -> Iterator[Open]:
    opened: list[Adapter] = []

    def make(base_url: str = "", key: str = "", **options: str) -> Adapter:
        given = connection(sandbox, "v3.10", **options)
        credentials = given.credentials | ({"secret_key": key} if key else {})
        again = Connection(
            base_url or given.base_url,
            credentials,
            given.options,
            learned=given.learned,
            tokens=tokens,
        )
        opened.append(room("trueconf").open(again))
        return opened[-1]

    yield make
    for adapter in opened:
        adapter.close()


def ways(sandbox: Any) -> list[str]:
    """How each request but those for tokens carried its key."""
    entries = [e for e in sandbox.requests if not e.path.startswith("/oauth2/")]
    return ["parameter" if "access_token" in dict(e.query) else "header" for e in entries]


def only(side: Any, way: str) -> None:
    side.token_in = side.secret_key_in = (way,)


@pytest.mark.parametrize("login", WAYS)
def test_the_header_is_used_where_it_is_taken(
    login: str, sandbox: Any, tokens: MemoryTokens, open_adapter: Open
) -> None:
    for _ in range(2):
        all_records(open_adapter(login=login), Kind.CONFERENCE, None)
    assert ways(sandbox) == ["header", "header"]
    assert "key_in" not in tokens.read()


@pytest.mark.parametrize("login", WAYS)
def test_where_the_header_is_refused_the_address_is_tried_and_remembered(
    login: str, side: Any, sandbox: Any, tokens: MemoryTokens, open_adapter: Open
) -> None:
    only(side, "parameter")
    found = open_adapter(login=login).check()
    assert "in the address" in found.sentence or "address alone" in found.sentence
    assert ways(sandbox) == ["header", "parameter", "header"]
    sandbox.requests.clear()
    adapter = open_adapter(login=login)
    assert adapter.create(draft()).external_id
    assert len(all_records(adapter, Kind.CONFERENCE, None)) == 1
    assert set(ways(sandbox)) == {"parameter"}, "another run begins with what worked"


def test_it_stays_remembered_when_a_token_is_renewed(
    side: Any, sandbox: Any, tokens: MemoryTokens, open_adapter: Open
) -> None:
    only(side, "parameter")
    adapter = open_adapter(login="client_credentials")
    adapter.check()
    before = tokens.read()["access_token"]
    side.expire_tokens()
    all_records(adapter, Kind.CONFERENCE, None)
    assert tokens.read()["access_token"] != before
    assert tokens.read()["key_in"] == "parameter"


def test_a_version_that_is_missing_does_not_prove_the_way(open_adapter: Open) -> None:
    """A server that looks at the version first says 404 to any key."""

    def answer(line: Any, request: bytes) -> None:
        asked = request.split(b" ")[1]
        if b"/v3.11/" in asked:
            says(b'{"error": {"errors": [{"reason": "notFound"}]}}', "404 Not Found")(line, request)
        elif b"access_token=" in asked:
            says(b'{"cnt": 0, "conferences": []}')(line, request)
        else:
            says(b"{}", "401 Unauthorized")(line, request)

    with raw_server(answer) as server:
        found = open_adapter(server.url, api_version="auto").check()
    assert found.learned == {"api_version": "v3.10"}
    assert "address alone" in found.sentence


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (
            "400 Bad Request",
            b'{"error": {"errors": [{"reason": "missingRequiredField", '
            b'"locationType": "parameter", "location": "access_token"}]}}',
        ),
        ("401 Unauthorized", b"<html>"),
        ("403 Forbidden", b'{"error": {"errors": [{"reason": "forbidden"}]}}'),
    ],
)
def test_however_a_server_says_that_it_saw_no_key(
    status: str, body: bytes, open_adapter: Open
) -> None:
    def answer(line: Any, request: bytes) -> None:
        seen = b"access_token=" in request.split(b" ")[1]
        says(b'{"conferences": []}' if seen else body, "200 OK" if seen else status)(line, request)

    with raw_server(answer) as server:
        assert open_adapter(server.url).check().sentence


def test_a_server_that_takes_the_header_again_gets_it(
    side: Any, sandbox: Any, open_adapter: Open
) -> None:
    only(side, "parameter")
    open_adapter().check()
    only(side, "header")
    sandbox.requests.clear()
    all_records(open_adapter(), Kind.CONFERENCE, None)
    all_records(open_adapter(), Kind.CONFERENCE, None)
    assert ways(sandbox) == ["parameter", "header", "parameter", "header"]


def test_a_key_refused_by_mistake_does_not_move_into_addresses(
    sandbox: Any, tokens: MemoryTokens, open_adapter: Open
) -> None:
    sandbox.faults.add("wrong_key", count=1)
    all_records(open_adapter(), Kind.CONFERENCE, None)
    sandbox.requests.clear()
    all_records(open_adapter(), Kind.CONFERENCE, None)
    assert ways(sandbox) == ["header"]


def test_a_missing_right_brings_no_token_into_an_address(
    side: Any, sandbox: Any, open_adapter: Open
) -> None:
    side.scopes = ("users",)
    with pytest.raises(CredentialsRejected, match="right to read conferences"):
        open_adapter(login="client_credentials").check()
    assert ways(sandbox) == ["header"]


@pytest.mark.parametrize("fault", ["unavailable", "rate_limited", "cut_before"])
def test_trouble_while_the_other_way_is_tried_settles_nothing(
    fault: str, side: Any, sandbox: Any, tokens: MemoryTokens, open_adapter: Open
) -> None:
    only(side, "header")
    side.secret_key_in = ()
    adapter = open_adapter()
    sandbox.faults.add(fault, skip=1, count=1)
    with pytest.raises(PlatformError):
        adapter.check()
    assert tokens.read() == {}
    side.secret_key_in = ("header",)
    sandbox.requests.clear()
    assert adapter.check().sentence
    assert ways(sandbox) == ["header"]


def test_a_wrong_key_is_refused_in_both_and_nothing_is_remembered(
    sandbox: Any, tokens: MemoryTokens, open_adapter: Open
) -> None:
    with pytest.raises(CredentialsRejected):
        open_adapter(key="a-wrong-key").check()
    assert ways(sandbox) == ["header", "parameter"]
    assert tokens.read() == {}


def test_a_recording_is_read_the_same_way(side: Any, open_adapter: Open) -> None:
    only(side, "parameter")
    row = side.add_conference("Room")
    recording = side.add_recording(row["id"], seconds=60)
    adapter = open_adapter()
    found = adapter.download("download_recording", f"{row['address']}/{recording['name']}", {})
    assert b"".join(found.chunks)


@pytest.mark.parametrize(
    "status", ["400 Bad Request", "404 Not Found", "500 Oops", "200 OK", "302 Found"]
)
def test_the_key_is_quoted_from_no_address(
    status: str, tokens: MemoryTokens, open_adapter: Open, caplog: Any
) -> None:
    """The server repeats the address that it was asked for, as error pages do."""
    key = "a secret/key+&="
    tokens.write({"key_in": "parameter"})

    def repeat(line: Any, request: bytes) -> None:
        asked = request.split(b"\r\n", 1)[0]
        says(b'{"error": {"message": "Not at ' + asked + b'", "errors": []}}', status)(
            line, request
        )

    caplog.set_level(logging.DEBUG)
    with raw_server(repeat) as server:
        adapter = open_adapter(server.url, key)
        for use in (
            lambda: adapter.get(Kind.CONFERENCE, "webinar"),
            lambda: adapter.create(draft()),
        ):
            with pytest.raises(PlatformError) as caught:
                use()
            said = told(caught.value) + caplog.text
            for written in (key, "a+secret", "a%20secret", "secret%2Fkey", "secret/key"):
                assert written not in said
        assert all(b"access_token=a" in one for one in server.requests)


class TestLogs:
    def test_closed_to_applications_is_said_in_plain_words(
        self, side: Any, open_adapter: Open
    ) -> None:
        side.logs_for_applications = False
        row = side.add_conference("Room")
        adapter = open_adapter(login="client_credentials")
        for kind, parent in (
            (Kind.SESSION, row["address"]),
            (Kind.ATTENDANCE, f"{row['address']}/run"),
        ):
            with pytest.raises(UnexpectedAnswer, match="secret key"):
                all_records(adapter, kind, parent)
        assert len(all_records(adapter, Kind.CONFERENCE, None)) == 1, "the account goes on"

    def test_open_to_the_secret_key(self, side: Any, open_adapter: Open) -> None:
        side.logs_for_applications = False
        row = side.add_conference("Room")
        assert all_records(open_adapter(), Kind.SESSION, row["address"]) == []
