"""The way out through a company's proxy: a tiny one of our own, on loopback."""

import socket
import threading
from contextlib import suppress

import pytest

from integrations.base import deadline
from integrations.base.adapter import Connection
from integrations.base.errors import CredentialsRejected, OutcomeUnknown, PlatformUnavailable
from integrations.base.http import Effect, Http
from integrations.clickmeeting.client.http import ClickMeetingHttp
from portal.platforms.connections import proxy_for
from tests.support.rawserver import raw_server, says, self_signed
from tests.unit.test_http import closed_port


def tunnel(to):
    """A proxy's answer to CONNECT: the line is open, and bytes go to and fro."""

    def handler(connection, request):
        with socket.create_connection(to) as beyond:
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=pour, args=(beyond, connection), daemon=True)
            back.start()
            pour(connection, beyond)
            back.join(2)

    return handler


def pour(source, target):
    with suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)


def send(url, proxy, effect=Effect.READ, **values):
    http = Http("Example", url, proxy=proxy, **values)
    try:
        return http.json(effect, "GET" if effect is Effect.READ else "POST", "/thing", "try")
    finally:
        http.close()


def test_a_plain_request_goes_to_the_proxy():
    with raw_server(says(b'{"by": "proxy"}')) as proxy:
        assert send("http://platform.invalid", proxy.url) == {"by": "proxy"}
        assert proxy.requests[0].startswith(b"GET http://platform.invalid/thing HTTP/1.1\r\n")


def test_the_password_of_the_proxy_goes_to_the_proxy():
    with raw_server(says(b"{}")) as proxy:
        send("http://platform.invalid", proxy.url.replace("//", "//user:made-up@"))
        assert b"Proxy-Authorization: Basic dXNlcjptYWRlLXVw" in proxy.requests[0]
    assert "made-up" not in repr(Connection("", {}, proxy="http://user:made-up@proxy"))


def test_a_secure_request_goes_through_a_tunnel(tmp_path):
    tls, bundle = self_signed(tmp_path)
    with raw_server(says(b'{"by": "platform"}'), tls) as platform:
        to = platform.url.removeprefix("https://")
        host, port = to.split(":")
        with raw_server(tunnel((host, int(port)))) as proxy:
            assert send(platform.url, proxy.url, ca_bundle=bundle) == {"by": "platform"}
            assert proxy.requests[0].startswith(f"CONNECT {to} HTTP/1.".encode())
        assert platform.requests[0].startswith(b"GET /thing HTTP/1.1\r\n")


@pytest.mark.parametrize("url", ["http://platform.invalid", "https://platform.invalid"])
def test_a_proxy_that_is_down_has_sent_nothing(url):
    with pytest.raises(PlatformUnavailable):
        send(url, closed_port(), Effect.CREATE)


@pytest.mark.parametrize("status", ["403 Forbidden", "407 Proxy Authentication Required"])
def test_a_proxy_that_lets_nothing_through_has_sent_nothing(status):
    with raw_server(says(b"", status)) as proxy, pytest.raises(PlatformUnavailable):
        send("https://platform.invalid", proxy.url, Effect.CREATE)


def test_a_create_that_broke_behind_the_proxy_is_in_doubt():
    def cut(connection, request):
        """Take the request and hang up."""

    with raw_server(cut) as proxy, pytest.raises(OutcomeUnknown):
        send("http://platform.invalid", proxy.url, Effect.CREATE)


def test_an_answer_that_drips_through_the_proxy_has_an_end_too(monkeypatch):
    monkeypatch.setattr(deadline, "HEAD_SECONDS", 0.3)

    def drip(connection, request):
        with suppress(OSError):
            for _ in range(40):
                connection.sendall(b"H")
                threading.Event().wait(0.05)

    with raw_server(drip) as proxy, pytest.raises(PlatformUnavailable):
        send("http://platform.invalid", proxy.url)


def test_without_a_proxy_of_ours_those_of_the_environment_are_left_alone(monkeypatch):
    with raw_server(says(b"{}")) as platform, raw_server(says(b'{"by": "proxy"}')) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        assert send(platform.url, "") == {}
        assert not proxy.requests


def test_clickmeeting_goes_through_it():
    with raw_server(says(b"{}", "401 Unauthorized")) as proxy:
        line = ClickMeetingHttp(
            Connection("http://cm.invalid/v1", {"api_key": "a"}, proxy=proxy.url)
        )
        with pytest.raises(CredentialsRejected):
            line.json(Effect.READ, "GET", "/conferences/active", "try")
        assert proxy.requests[0].startswith(b"GET http://cm.invalid/v1/conferences/active ")


@pytest.mark.parametrize(
    ("address", "direct"),
    [
        ("https://api.clickmeeting.com/v1", False),
        ("https://conf.example.com", True),
        ("https://example.com:8443/api", True),
        ("https://notexample.com", False),
        ("https://10.1.2.3", True),
        ("https://11.1.2.3", False),
        ("https://[fd00::7]/api", True),
    ],
)
def test_some_hosts_are_reached_without_it(settings, address, direct):
    settings.OUTBOUND_PROXY = "http://proxy.example.net:3128"
    settings.OUTBOUND_NO_PROXY = [".example.com", "10.0.0.0/8", "fd00::/8"]
    assert proxy_for(address) == ("" if direct else "http://proxy.example.net:3128")


def test_all_or_nothing(settings):
    settings.OUTBOUND_PROXY, settings.OUTBOUND_NO_PROXY = "http://proxy:3128", ["*"]
    assert proxy_for("https://api.clickmeeting.com") == ""
    settings.OUTBOUND_NO_PROXY = [""]
    assert proxy_for("https://api.clickmeeting.com") == "http://proxy:3128"
    settings.OUTBOUND_PROXY, settings.OUTBOUND_NO_PROXY = "", []
    assert proxy_for("https://api.clickmeeting.com") == ""
