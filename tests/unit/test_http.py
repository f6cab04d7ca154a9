"""The one place that speaks HTTP, against a server that does anything."""

import gzip
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from integrations.base import deadline
from integrations.base import http as line
from integrations.base.errors import (
    OutcomeUnknown,
    PlatformUnavailable,
    RateLimited,
    RecordNotFound,
    UnexpectedAnswer,
)
from integrations.base.http import Effect, Http
from tests.support.rawserver import KEY, Handler, ask, ask_of, raw_server, says, self_signed

WRITES = [Effect.CHANGE, Effect.CREATE, Effect.NOTIFY]


def closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def cut(connection: socket.socket, request: bytes) -> None:
    """Take the request and hang up."""


def silent(connection: socket.socket, request: bytes) -> None:
    time.sleep(1)


def garbage(connection: socket.socket, request: bytes) -> None:
    connection.sendall(b"\x16\x03\x01 this is not HTTP\r\n\r\n")


def chunked(*pieces: bytes, end: bytes = b"0\r\n\r\n") -> Handler:
    def handler(connection: socket.socket, request: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for piece in pieces:
            connection.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        connection.sendall(end)

    return handler


class TestAnswers:
    def test_json_is_parsed_and_the_key_goes_along(self) -> None:
        with raw_server(says(b'{"a": ["\xc3\xa9", 1]}')) as server:
            assert ask(server.url) == {"a": ["é", 1]}
            assert b"X-Api-Key: " + KEY.encode() in server.requests[0]

    def test_chunked_and_compressed_answers_are_whole(self) -> None:
        assert ask_of(chunked(b'{"a"', b": 1}")) == {"a": 1}
        body = gzip.compress(b"[1, 2]")
        assert ask_of(says(body, "200 OK", "Content-Encoding: gzip")) == [1, 2]

    def test_an_empty_204_is_an_answer_to_a_change_only(self) -> None:
        assert ask_of(says(b"", "204 No Content"), Effect.CHANGE) is None
        with pytest.raises(UnexpectedAnswer):
            ask_of(says(b"", "204 No Content"))

    def test_form_is_percent_encoded(self) -> None:
        with raw_server(says(b"{}")) as server:
            ask(server.url, Effect.CREATE, data=[("settings[x]", "2026-01-01T10:00:00+01:00 é")])
            body = server.requests[0].partition(b"\r\n\r\n")[2]
        assert body == b"settings%5Bx%5D=2026-01-01T10%3A00%3A00%2B01%3A00+%C3%A9"

    def test_gate_is_asked_before_anything_is_sent(self) -> None:
        def shut() -> None:
            raise RateLimited("wait", retry_after=1)

        with raw_server(says(b"{}")) as server:
            http = Http("Example", server.url, gate=shut)
            with pytest.raises(RateLimited):
                http.json(Effect.READ, "GET", "/", "try")
            with pytest.raises(RateLimited):
                next(http.stream("/", "try"))
            assert server.requests == []

    def test_redirects_are_not_followed(self) -> None:
        with raw_server(says(b"[]")) as other:
            moved = says(b"", "302 Found", f"Location: {other.url}/elsewhere")
            with pytest.raises(PlatformUnavailable):
                ask_of(moved)
            with pytest.raises(OutcomeUnknown):
                ask_of(moved, Effect.CREATE)
            assert other.requests == []

    def test_key_does_not_travel_to_another_host(self) -> None:
        with raw_server(says(b"file")) as storage:
            http = Http("Example", "http://127.0.0.1:1", headers={"X-Api-Key": KEY})
            assert b"".join(http.stream(storage.url + "/file", "download")) == b"file"
            http.close()
            assert b"X-Api-Key" not in storage.requests[0]


class TestBrokenLines:
    @pytest.mark.parametrize("effect", Effect)
    def test_what_never_left_may_be_sent_again(self, effect: Effect) -> None:
        with pytest.raises(PlatformUnavailable):
            ask(closed_port(), effect)

    @pytest.mark.parametrize("effect", Effect)
    def test_unknown_host_never_left(self, effect: Effect, monkeypatch: pytest.MonkeyPatch) -> None:
        def nowhere(*args: Any, **kwargs: Any) -> Any:
            raise socket.gaierror(-2, "Name or service not known")

        monkeypatch.setattr(socket, "getaddrinfo", nowhere)
        with pytest.raises(PlatformUnavailable):
            ask("http://nowhere.example", effect)

    @pytest.mark.parametrize("url", ["ftp://x.example", "nonsense", "http://", "http://[::1"])
    def test_addresses_that_are_none(self, url: str) -> None:
        with pytest.raises(PlatformUnavailable):
            ask(url, Effect.CREATE)

    def test_tls_that_never_stood_never_left(self) -> None:
        with raw_server(garbage) as server, pytest.raises(PlatformUnavailable):
            ask(server.url.replace("http:", "https:"), Effect.CREATE)

    def test_untrusted_certificate_gets_nothing(self, tmp_path: Path) -> None:
        context, _ = self_signed(tmp_path)
        with raw_server(says(b"{}"), context) as server:
            with pytest.raises(PlatformUnavailable):
                ask(server.url, Effect.CREATE)
            assert server.requests == []

    def test_tls_that_breaks_after_the_request_leaves_it_unknown(self, tmp_path: Path) -> None:
        def spoil(connection: socket.socket, request: bytes) -> None:
            with socket.socket(fileno=connection.detach()) as bare:
                bare.sendall(b"\x17\x03\x03\x00\x20" + b"\x00" * 32)
                time.sleep(0.2)

        context, bundle = self_signed(tmp_path)
        with raw_server(spoil, context) as server:
            http = Http("Example", server.url, ca_bundle=bundle)
            with pytest.raises(OutcomeUnknown):
                http.json(Effect.CREATE, "POST", "/", "try", data={"a": "b"})
            http.close()
            assert server.requests

    @pytest.mark.parametrize(
        "handler",
        [
            pytest.param(cut, id="hung up"),
            pytest.param(garbage, id="not HTTP"),
            pytest.param(says(b"[1, 2", length=100), id="shorter than said"),
            pytest.param(chunked(b'{"a":', end=b""), id="chunks cut"),
            pytest.param(chunked(b"{}", end=b"zz\r\n"), id="chunk size is junk"),
            pytest.param(
                says(b"no gzip at all", "200 OK", "Content-Encoding: gzip"), id="broken gzip"
            ),
        ],
    )
    def test_a_broken_answer(self, handler: Handler) -> None:
        with pytest.raises(PlatformUnavailable):
            ask_of(handler)
        for effect in WRITES:
            with pytest.raises(OutcomeUnknown):
                ask_of(handler, effect, data={"a": "b"})

    def test_silence(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(line, "READ_SECONDS", 0.2)
        with pytest.raises(PlatformUnavailable):
            ask_of(silent)
        with pytest.raises(OutcomeUnknown):
            ask_of(silent, Effect.NOTIFY)

    def test_dripping_ends(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def drip(connection: socket.socket, request: bytes) -> None:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n[")
            for _ in range(100):
                connection.sendall(b" ")
                time.sleep(0.05)

        monkeypatch.setattr(line, "TOTAL_SECONDS", 0.3)
        began = time.monotonic()
        with pytest.raises(PlatformUnavailable):
            ask_of(drip)
        assert time.monotonic() - began < 3

    def test_a_head_that_drips_ends_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def drip(connection: socket.socket, request: bytes) -> None:
            for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 200:
                connection.sendall(bytes([byte]))
                time.sleep(0.02)

        monkeypatch.setattr(deadline, "HEAD_SECONDS", 0.3)
        began = time.monotonic()
        with pytest.raises(PlatformUnavailable):
            ask_of(drip)
        with pytest.raises(OutcomeUnknown):
            ask_of(drip, Effect.CREATE)
        assert time.monotonic() - began < 4

    def test_endless_answers_end(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(line, "LARGEST_ANSWER", 10_000)
        with pytest.raises(UnexpectedAnswer, match="more than can be taken in"):
            ask_of(says(b"[" + b"1," * 10_000))
        bomb = gzip.compress(b" " * 1_000_000)
        with pytest.raises(OutcomeUnknown):
            ask_of(says(bomb, "200 OK", "Content-Encoding: gzip"), Effect.CREATE)

    def test_download_that_is_cut_is_not_a_file(self) -> None:
        with raw_server(says(b"half", length=8)) as server:
            http = Http("Example", server.url)
            with pytest.raises(PlatformUnavailable):
                list(http.stream("/file", "download"))
            http.close()

    def test_download_that_is_refused(self) -> None:
        with raw_server(says(b"{}", "404 Not Found")) as server:
            http = Http("Example", server.url)
            with pytest.raises(RecordNotFound):
                list(http.stream("/file", "download"))
            http.close()


class TestNotJson:
    @pytest.mark.parametrize(
        "handler",
        [
            pytest.param(says(b"<html>log in", "200 OK", "Content-Type: text/html"), id="html"),
            pytest.param(says(b'{"a": 1}', "200 OK", "Content-Type: text/html"), id="as html"),
            pytest.param(says(b'{"a": [1, '), id="half"),
            pytest.param(says(b""), id="empty"),
            pytest.param(says(b"\xff\xfe\x00"), id="no text"),
            pytest.param(says(b"[" * 100_000), id="too deep"),
            pytest.param(says(b"9" * 10_000), id="a number of 10,000 digits"),
        ],
    )
    def test_is_never_believed(self, handler: Handler) -> None:
        with pytest.raises(UnexpectedAnswer):
            ask_of(handler)
        with pytest.raises(OutcomeUnknown):
            ask_of(handler, Effect.CHANGE)
