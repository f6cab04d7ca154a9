"""How a platform's refusals are read, and that no secret is read with them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.base.errors import (
    CredentialsRejected,
    OutcomeUnknown,
    PlatformError,
    PlatformUnavailable,
    RateLimited,
    RecordNotFound,
    RequestRejected,
)
from integrations.base.http import Effect, Http
from integrations.base.waiting import retry_after
from tests.support.rawserver import KEY, ask_of, raw_server, says


class TestRefusals:
    @pytest.mark.parametrize(
        ("status", "on_read", "on_write"),
        [
            ("400 Bad Request", RequestRejected, RequestRejected),
            ("401 Unauthorized", CredentialsRejected, CredentialsRejected),
            ("403 Forbidden", CredentialsRejected, RequestRejected),
            ("404 Not Found", RecordNotFound, RecordNotFound),
            ("410 Gone", RecordNotFound, RecordNotFound),
            ("422 Unprocessable", RequestRejected, RequestRejected),
            ("429 Too Many Requests", RateLimited, RateLimited),
            ("500 Internal Server Error", PlatformUnavailable, OutcomeUnknown),
            ("503 Service Unavailable", PlatformUnavailable, OutcomeUnknown),
            ("504 Gateway Timeout", PlatformUnavailable, OutcomeUnknown),
        ],
    )
    def test_each_status_calls_for_one_decision(
        self, status: str, on_read: type[PlatformError], on_write: type[PlatformError]
    ) -> None:
        with pytest.raises(PlatformError) as reading:
            ask_of(says(b"{}", status))
        with pytest.raises(PlatformError) as writing:
            ask_of(says(b"{}", status), Effect.CREATE)
        assert (type(reading.value), type(writing.value)) == (on_read, on_write)
        assert writing.value.status == int(status[:3])
        assert (writing.value.platform, writing.value.operation) == ("Example", "try")

    @pytest.mark.parametrize(
        ("headers", "seconds"),
        [
            ({}, None),
            ({"Retry-After": "7"}, 7),
            ({"Retry-After": "0"}, 0),
            ({"Retry-After": "999999"}, 3600),
            ({"Retry-After": "9" * 400}, 3600),
            ({"Retry-After": "soon"}, None),
            ({"Retry-After": "²"}, None),
            ({"Retry-After": "-5"}, None),
            ({"Retry-After": "Thu, 01 Jan 2026 00:01:00 GMT"}, 60),
            ({"Retry-After": "Wed, 31 Dec 2025 23:00:00 GMT"}, 0),
            # What the answer itself says of the time counts, and not what our clock shows.
            (
                {
                    "Retry-After": "Thu, 01 Jan 2026 00:11:00 GMT",
                    "Date": "Thu, 01 Jan 2026 00:10:00 GMT",
                },
                60,
            ),
            ({"RateLimit-Reset": "1767225630", "Date": "Thu, 01 Jan 2026 00:00:10 GMT"}, 20),
            ({"Retry-After": "Thu, 01 Jan 2026 00:01:00 GMT", "Date": "now"}, 60),
            ({"RateLimit-Reset": "1767225630"}, 30),
            ({"RateLimit-Reset": "12"}, 12),
            ({"RateLimit-Reset": "tomorrow"}, None),
            ({"Retry-After": "soon", "RateLimit-Reset": "12"}, 12),
        ],
    )
    def test_how_long_to_wait(self, headers: dict[str, str], seconds: float | None) -> None:
        now = datetime(2026, 1, 1, tzinfo=UTC)
        assert retry_after(headers, now) == seconds

    def test_wait_is_carried_by_the_error(self) -> None:
        with pytest.raises(RateLimited) as caught:
            ask_of(says(b"", "429 Too Many Requests", "Retry-After: 11"))
        assert caught.value.retry_after == 11


class TestSecrets:
    @pytest.mark.parametrize(
        "written",
        [
            lambda secret: secret,
            lambda secret: json.dumps({"message": f"bad key {secret}"}),
            lambda secret: "/v1?key=" + secret.replace("/", "%2F").replace("+", "%2B"),
            lambda secret: secret * 60,
            lambda secret: " " * 299 + secret,
            lambda secret: '{"access_token": "abcdefgh12345", "Authorization": "zyxwvuts"}',
        ],
    )
    @pytest.mark.parametrize("status", ["200 OK", "401 Unauthorized", "400 Bad Request"])
    def test_never_reach_an_error(self, status: str, written: Callable[[str], str]) -> None:
        with pytest.raises(PlatformError) as caught:
            ask_of(says(b"!" + written(KEY).encode(), status))
        told = f"{caught.value} {caught.value!r} {vars(caught.value)}"
        for piece in (KEY, KEY[:12], "abcdefgh12345", "zyxwvuts"):
            assert piece not in told

    def test_what_was_sent_in_secret_is_not_repeated(self) -> None:
        class Quoting(Http):
            def read_error(self, body: Any) -> tuple[str, dict[str, list[str]]]:
                return body["message"], {"password": [body["message"]]}

        answer = says(b'{"message": "hunter2 is too short"}', "422 No")
        with raw_server(answer) as server:
            http = Quoting("Example", server.url)
            with pytest.raises(RequestRejected) as caught:
                http.json(
                    Effect.CREATE, "POST", "/", "try", data={"p": "hunter2"}, hide=("hunter2",)
                )
            http.close()
        assert caught.value.field_errors == {"password": ["[secret] is too short"]}
        assert "hunter2" not in f"{caught.value} {vars(caught.value)}"

    def test_key_that_no_header_can_hold_is_the_platforms_to_refuse(self) -> None:
        with raw_server(says(b"{}", "401 Unauthorized")) as server:
            http = Http("Example", server.url, headers={"X-Api-Key": "ключ"}, secrets=("ключ",))
            with pytest.raises(CredentialsRejected):
                http.json(Effect.READ, "GET", "/", "try")
            http.close()

    @pytest.mark.parametrize("body", [b"[]", b"null", b'{"errors": 5}', b"half {", b"[" * 9999])
    def test_an_error_body_of_any_shape_is_survived(self, body: bytes) -> None:
        with pytest.raises(RequestRejected):
            ask_of(says(body, "422 No"), Effect.CREATE)
