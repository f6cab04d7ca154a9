"""Logging in: what each way sends, what is stored, how errors are worded."""

from typing import Any

import pytest

from integrations.base.adapter import Connection
from integrations.base.errors import (
    CredentialsRejected,
    OutcomeUnknown,
    PlatformUnavailable,
    RecordNotFound,
    RequestRejected,
    UnexpectedAnswer,
)
from integrations.base.http import Effect
from integrations.base.tokens import MemoryTokens
from integrations.trueconf.adapter.consent import Consent
from integrations.trueconf.client.http import TrueConfHttp, UserNotFound
from integrations.trueconf.client.login import Login, tokens_in
from integrations.trueconf.credentials import server_root
from tests.support.rawserver import raw_server, says
from tests.support.trueconf import example

GIVEN = {
    "client_id": "the-client",
    "client_secret": "a-client-secret",
    "username": "ann",
    "password": "a-password",
}


def asked(way: str, stored: dict[str, Any] | None = None, **given: str) -> dict[str, str]:
    """The grant that a way of logging in sends."""
    login = Login(Connection("https://t.example.com", GIVEN | given, {"login": way}))
    return login._grant(stored or {})


def test_each_way_sends_what_the_document_names() -> None:
    client = {"client_id": "the-client", "client_secret": "a-client-secret"}
    assert asked("client_credentials") == {"grant_type": "client_credentials", **client}
    assert asked("password", client_id="") == {
        "grant_type": "password",
        "client_id": "trueconf_server_users",
        "username": "ann",
        "password": "a-password",
    }
    assert asked("authorization_code", {"refresh_token": "r"}) == {
        "grant_type": "refresh_token",
        "refresh_token": "r",
        **client,
    }


def test_what_is_missing_is_named() -> None:
    with pytest.raises(CredentialsRejected, match="client secret"):
        asked("client_credentials", client_secret="")
    with pytest.raises(CredentialsRejected, match="consent"):
        asked("authorization_code")
    http = TrueConfHttp(Connection("https://t.example.com", {}))
    with pytest.raises(CredentialsRejected, match="secret key"):
        http.key()


def test_tokens_of_an_answer() -> None:
    stored = tokens_in(example("token"))
    assert stored["access_token"] == "demo-access-word"
    assert stored["refresh_token"] == "demo-renewal-word"
    assert tokens_in({"access_token": "a"}, "old") == {"access_token": "a", "refresh_token": "old"}
    with pytest.raises(UnexpectedAnswer):
        tokens_in({"access_token": ""})


def login_against(body: bytes, status: str) -> None:
    with raw_server(says(body, status)) as server:
        options = {"login": "client_credentials"}
        login = Login(Connection(server.url, GIVEN, options))
        try:
            login.renew({})
        finally:
            login.close()


@pytest.mark.parametrize(
    "body",
    [
        b'{"reason": "invalidCredentials"}',
        b'{"error": "invalid_client", "error_description": "not a-client-secret"}',
        b'{"error": {"code": 401, "message": "invalidCredentials", "errors": []}}',
    ],
)
@pytest.mark.parametrize("status", ["400 Bad Request", "401 Unauthorized", "403 Forbidden"])
def test_refused_login_in_each_shape(body: bytes, status: str) -> None:
    with pytest.raises(CredentialsRejected) as caught:
        login_against(body, status)
    assert "invalid" in str(caught.value) or "not [secret]" in str(caught.value)
    assert "a-client-secret" not in f"{caught.value} {vars(caught.value)}"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"<html>", "200 OK"),
        (b"{}", "200 OK"),
        (b"[]", "200 OK"),
        (b"gone", "404 Not Found"),
        (b"x", "500 Internal Server Error"),
    ],
)
def test_login_that_makes_no_sense_means_that_nothing_was_sent(body: bytes, status: str) -> None:
    with pytest.raises(PlatformUnavailable):
        login_against(body, status)


def test_consent() -> None:
    tokens = MemoryTokens()
    body = b'{"access_token": "a", "expires_in": 60, "refresh_token": "r"}'
    with raw_server(says(body)) as server:
        options = {"login": "authorization_code"}
        connection = Connection(server.url, GIVEN, options, tokens=tokens)
        assert Consent().wanted(connection)
        address = Consent().address(connection, "https://p.example.com/back?x=1", "st&te")
        Consent().accept(connection, "the-code", "https://p.example.com/back?x=1")
        sent = server.requests[0]
    assert address == (
        f"{server.url}/oauth2/v1/authorize?response_type=code&client_id=the-client"
        "&redirect_uri=https%3A%2F%2Fp.example.com%2Fback%3Fx%3D1&state=st%26te"
    )
    assert b'"code": "the-code"' in sent
    assert b"Authorization" not in sent
    assert tokens.read()["refresh_token"] == "r"
    assert not Consent().wanted(Connection(server.url, GIVEN))


ENVELOPE = '{"error": {"code": 4, "message": "No", "errors": [{"reason": "%s", "message": "Why"}]}}'


@pytest.mark.parametrize(
    ("status", "reason", "reading", "changing"),
    [
        ("403 Forbidden", "forbidden", UnexpectedAnswer, RequestRejected),
        ("403 Forbidden", "accessTokenInvalid", CredentialsRejected, CredentialsRejected),
        ("401 Unauthorized", "unauthorized", CredentialsRejected, CredentialsRejected),
        ("404 Not Found", "conferenceNotFound", RecordNotFound, RecordNotFound),
        ("404 Not Found", "userNotFound", UserNotFound, UserNotFound),
        ("404 Not Found", "whoKnows", UnexpectedAnswer, RequestRejected),
        ("405 Method Not Allowed", "", UnexpectedAnswer, RequestRejected),
        ("400 Bad Request", "conferenceIsFinished", RequestRejected, RequestRejected),
        ("500 Internal Server Error", "x", PlatformUnavailable, OutcomeUnknown),
    ],
)
def test_each_refusal_has_one_meaning(
    status: str, reason: str, reading: type, changing: type
) -> None:
    with raw_server(says((ENVELOPE % reason).encode(), status)) as server:
        http = TrueConfHttp(Connection(server.url, {"secret_key": "the-key"}))
        for effect, meant in ((Effect.READ, reading), (Effect.CHANGE, changing)):
            with pytest.raises(meant) as caught:
                http.json(effect, "GET" if effect is Effect.READ else "PUT", "/x", "try")
            assert type(caught.value) is meant
            assert caught.value.operation == "try"
        http.close()


def test_their_words_stand_beside_our_fields() -> None:
    http = TrueConfHttp(Connection("https://t.example.com", {"secret_key": "k"}))
    words, fields = http.read_error(example("refused"))
    assert words.endswith("Missing required field.")
    assert fields == {
        "options.max_guests": ["Maximum number of guests (%max_guests%) has been reached"],
        "title": ["Missing required field."],
    }


@pytest.mark.parametrize(
    ("given", "root"),
    [
        ("https://t.example.com/", "https://t.example.com"),
        ("https://t.example.com/api/v3.10/", "https://t.example.com"),
        ("https://t.example.com/sub/api", "https://t.example.com/sub"),
        ("https://t.example.com/api/v4", "https://t.example.com"),
        ("https://t.example.com/api/v4/", "https://t.example.com"),
        ("https://t.example.com/api/v3.3/", "https://t.example.com"),
        (" https://t.example.com/api/3.2 ", "https://t.example.com"),
        ("https://t.example.com:8443/sub/api/v3.11/conferences", "https://t.example.com:8443/sub"),
        ("https://t.example.com/api/v3.1/users?access_token=word#x", "https://t.example.com"),
        ("https://t.example.com/oauth2/v1/token", "https://t.example.com"),
        ("https://t.example.com/oauth2", "https://t.example.com"),
        ("https://t.example.com/apiary", "https://t.example.com/apiary"),
    ],
)
def test_root_of_the_server(given: str, root: str) -> None:
    assert server_root(given) == root
