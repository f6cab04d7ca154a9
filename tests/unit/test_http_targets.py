"""Where a file may be fetched that a platform names, and how much of it."""

import json
import socket
import subprocess
import sys
import textwrap
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from integrations.base import deadline
from integrations.base import http as line
from integrations.base.errors import OutcomeUnknown, PlatformUnavailable, UnexpectedAnswer
from integrations.base.http import Effect, Http, TooMany, read_json
from integrations.base.targets import Targets
from tests.house import HOME
from tests.support.rawserver import KEY, Handler, ask_of, raw_server, says

INSIDE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",  # noqa: S104 - an address to refuse
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "169.254.1.1",
    "100.100.100.200",
    "168.63.129.16",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1%eth0",
    "fd00:ec2::254",
    "fc00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "64:ff9b::127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "::ffff:0:127.0.0.1",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
    "not an address",
    "",
]
OUTSIDE = ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::93.184.215.14"]
NEVER = ["169.254.169.254", "fd00:ec2::254", "fe80::1", "::ffff:169.254.169.254", "0.0.0.0"]  # noqa: S104 - as above


@pytest.mark.parametrize("connected", INSIDE)
def test_nothing_inside_is_reached_for_a_platform_outside(connected: str) -> None:
    targets = Targets("https://api.example.org/v1")
    assert not targets.allows("files.example.org", connected)


@pytest.mark.parametrize("connected", OUTSIDE)
def test_the_internet_is_reached(connected: str) -> None:
    assert Targets("https://api.example.org").allows("files.example.org", connected)
    assert Targets("https://10.0.0.5").allows("files.example.org", connected)


@pytest.mark.parametrize("own", ["10.0.0.5", "127.0.0.1", "[fd12::5]", "meet.corp.example"])
def test_the_accounts_own_host_is_reached_and_no_neighbour(own: str) -> None:
    targets = Targets(f"https://{own}:4443/api")
    inside = "10.0.0.5" if own.startswith("meet") else own.strip("[]")
    assert targets.allows(own.strip("[]"), inside)
    assert targets.allows(own.strip("[]").upper() + ".", inside)
    assert not targets.allows("other.corp.example", inside)
    assert not targets.allows("other.corp.example", "10.0.0.6")


@pytest.mark.parametrize("connected", NEVER)
def test_not_even_the_own_host_leads_to_the_metadata_service(connected: str) -> None:
    assert not Targets("https://meet.example.org").allows("meet.example.org", connected)


def test_an_account_on_such_an_address_is_there() -> None:
    assert Targets("http://169.254.7.7").allows("169.254.7.7", "169.254.7.7")
    assert not Targets("http://169.254.7.7").allows("169.254.7.7", "169.254.169.254")


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "017700000001",
        "127.1",
        "[::1]",
        "[::ffff:7f00:1]",
        "localhost",
        "LOCALHOST.",
        "x.localhost",
        "metadata.google.internal",
        "printer.local",
        "169.254.169.254",
        "2852039166",
        "",
        "0",
    ],
)
def test_hosts_that_are_inside_by_their_name(host: str) -> None:
    assert not Targets("https://api.example.org").names(host)


def test_behind_a_proxy_a_name_is_looked_up_before(monkeypatch: pytest.MonkeyPatch) -> None:
    told: dict[str, list[str]] = {
        "bad.example.org": ["93.184.215.14", "10.0.0.1"],
        "good.example.org": ["93.184.215.14"],
    }

    def look(host: str, port: Any) -> Any:
        if host not in told:
            raise socket.gaierror(-2, "Name or service not known")
        return [(2, 1, 6, "", (one, 0)) for one in told[host]]

    monkeypatch.setattr(socket, "getaddrinfo", look)
    targets = Targets("https://api.example.org")
    assert not targets.names("bad.example.org", resolve=True)
    assert targets.names("good.example.org", resolve=True)
    assert targets.names("only-the-proxy-knows.example.org", resolve=True)


def fetch(http: Http, path: str) -> bytes:
    try:
        return b"".join(http.stream(path, "download"))
    finally:
        http.close()


def redirect(to: str, status: str = "302 Found") -> Handler:
    return says(b"", status, f"Location: {to}")


class TestOverSockets:
    def test_loopback_is_not_asked_for_a_platform_outside(self) -> None:
        with raw_server(says(b"secret of this machine")) as inside:
            port = inside.url.rpartition(":")[2]
            for host in ("127.0.0.1", "localhost", "2130706433", "127.1", "[::ffff:127.0.0.1]"):
                http = Http("Example", "https://api.example.org", headers={"X-Api-Key": KEY})
                with pytest.raises(UnexpectedAnswer, match="inside this network"):
                    fetch(http, f"http://{host}:{port}/")
            assert inside.requests == []

    def test_a_name_that_leads_inside_is_left_before_a_byte_is_sent(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As by DNS rebinding: the name looks like any other until it is connected."""
        real = socket.getaddrinfo
        with raw_server(says(b"secret of this machine")) as inside:
            port = int(inside.url.rpartition(":")[2])
            monkeypatch.setattr(
                socket, "getaddrinfo", lambda host, *a, **k: real("127.0.0.1", *a, **k)
            )
            http = Http("Example", "https://api.example.org")
            with pytest.raises(UnexpectedAnswer, match="inside this network"):
                fetch(http, f"http://files.example.org:{port}/")
            assert not any(inside.requests)

    def test_other_calls_to_named_addresses_are_guarded_too(self) -> None:
        with raw_server(says(b"{}")) as inside:
            http = Http("Example", "https://api.example.org")
            for effect in Effect:
                with pytest.raises(UnexpectedAnswer, match="inside this network"):
                    http.json(effect, "GET", inside.url + "/x", "try")
            http.close()
            assert inside.requests == []

    def test_each_redirect_is_checked(self) -> None:
        with raw_server(says(b"secret of this machine")) as inside:
            to = redirect(inside.url.replace("127.0.0.1", "localhost"))
            with raw_server(to) as server, pytest.raises(UnexpectedAnswer, match="inside this"):
                fetch(Http("Example", server.url), "/file")
            assert inside.requests == []

    @pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 T", "308 P"])
    def test_a_redirect_to_the_own_host_is_followed_without_the_key(self, status: str) -> None:
        with (
            raw_server(says(b"file")) as storage,
            raw_server(redirect(storage.url + "/there", status)) as server,
        ):
            http = Http("Example", server.url, headers={"X-Api-Key": KEY})
            assert fetch(http, "/file") == b"file"
            assert KEY.encode() in server.requests[0]
            assert KEY.encode() not in storage.requests[0]
            assert storage.requests[0].startswith(b"GET /there ")

    @pytest.mark.parametrize("to", ["/file", "file:///etc/passwd", "gopher://127.0.0.1/", "//"])
    def test_redirects_that_lead_nowhere_end(self, to: str) -> None:
        with raw_server(redirect(to)) as server:
            with pytest.raises((PlatformUnavailable, UnexpectedAnswer)):
                fetch(Http("Example", server.url), "/file")
            assert len(server.requests) <= line.MOST_REDIRECTS + 1

    def test_a_file_has_a_largest_size_and_a_last_moment(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(line, "LARGEST_FILE", 100_000)
        with raw_server(says(b"x" * 100_001)) as server, pytest.raises(UnexpectedAnswer):
            fetch(Http("Example", server.url), "/file")
        monkeypatch.setattr(line, "FILE_SECONDS", -1.0)
        with raw_server(says(b"x")) as server, pytest.raises(PlatformUnavailable):
            fetch(Http("Example", server.url), "/file")

    def test_the_proxys_own_line_is_not_the_platforms(self) -> None:
        """The proxy stands inside, as proxies do; where it is asked to go is checked by name."""
        with raw_server(says(b"file")) as proxy:
            http = Http("Example", "http://api.example.org", proxy=proxy.url)
            assert fetch(http, "http://files.example.org/x") == b"file"
            http = Http("Example", "http://api.example.org", proxy=proxy.url)
            with pytest.raises(UnexpectedAnswer):
                fetch(http, "http://127.0.0.1/x")
            assert len(proxy.requests) == 1

    @pytest.mark.parametrize(
        "address",
        [
            "http://127.0.0.1\\@files.example.org/x",
            "http://127.0.0.1\\.example.org/x",
            "http://[::1]\\@files.example.org/x",
            "http://127.0.0.1:6379\\@files.example.org/x",
            "http://files.example.org\\@127.0.0.1/x",
            "http://\u2460\u2461\u2466.0.0.1/x",
            "http://127\u30020\u30020\u30021/x",
        ],
    )
    def test_behind_a_proxy_the_host_is_the_one_that_is_asked_for(
        self, address: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What two readers of one address understand differently opens no way inside."""
        real = socket.getaddrinfo

        def look(host: Any, *a: Any, **k: Any) -> Any:
            outside = "example.org" in str(host)
            return real("93.184.215.14" if outside else host, *a, **k)

        monkeypatch.setattr(socket, "getaddrinfo", look)
        with raw_server(says(b"file")) as proxy:
            http = Http("Example", "https://api.example.net", proxy=proxy.url)
            with suppress(UnexpectedAnswer, PlatformUnavailable):
                fetch(http, address)
            asked = [one.split()[1] for one in proxy.requests]
            assert all(one.startswith(b"http://files.example.org/") for one in asked)


def test_watched_pools_keep_their_check_apart() -> None:
    managers = [line.open_session().get_adapter("http://").poolmanager for _ in range(2)]
    deadline.watch(managers[0], lambda host, address: False)
    pools = [one.pool_classes_by_scheme["http"].ConnectionCls.allows for one in managers]
    assert pools[0] is not None
    assert pools[1] is None


@pytest.mark.parametrize("content", ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAA==\n"])
@pytest.mark.parametrize("effect", Effect)
def test_a_ca_bundle_that_is_none_is_said_and_nothing_is_sent(
    content: str, effect: Effect, tmp_path: Any
) -> None:
    bundle = tmp_path / "company.pem"
    if content:
        bundle.write_text(content)
    with raw_server(says(b"{}")) as server:
        http = Http("Example", server.url, ca_bundle=str(bundle))
        with pytest.raises(PlatformUnavailable, match="CA bundle"):
            http.json(effect, "GET", "/", "try")
        assert server.requests == []


MEASURE = textwrap.dedent("""
    import resource, sys
    from tests.support.rawserver import raw_server
    from integrations.base.http import Effect, Http
    from integrations.base.errors import PlatformError

    MAKE = {
        "many lists": lambda n: b"[" + b"[]," * (n // 3) + b"[]]",
        "many records": lambda n: b"[" + b'{"a":{"b":[]}},' * (n // 15) + b"{}]",
        "many texts": lambda n: b"[" + b'"ab",' * (n // 5) + b'""]',
        "one wide text": lambda n: b'["' + "\\U0001f600".encode() + b"x" * n + b'"]',
        "usual": lambda n: b"[" + b'{"id": 123456, "email": "ann@example.org", "on": true},'
                           * (n // 56) + b"{}]",
    }

    def pieces(connection, request):
        # The smallest pieces that arrive one by one cost the most to keep.
        connection.sendall(b"HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n")
        for start in range(0, len(BODY), 4096):
            piece = BODY[start:start + 4096]
            connection.sendall(b"%x\\r\\n" % len(piece) + piece + b"\\r\\n")
        connection.sendall(b"0\\r\\n\\r\\n")

    BODY = MAKE[sys.argv[1]](int(float(sys.argv[2]) * 2**20))
    with raw_server(pieces) as server:
        http = Http("Example", server.url)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        try:
            http.json(Effect.READ, "GET", "/", "try")
            said = "taken"
        except PlatformError as error:
            said = error.message
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print((after - before) / 1024, said)
""")


def measured(shape: str, megabytes: float) -> tuple[float, str]:
    """(MB that reading an answer took, what came of it), in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, shape, str(megabytes)],
        cwd=HOME,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    took, _, said = done.stdout.strip().partition(" ")
    return float(took), said


@pytest.mark.parametrize(
    "shape", ["many lists", "many records", "many texts", "one wide text", "usual"]
)
@pytest.mark.parametrize("megabytes", [2.9, 9.5, 20])
def test_an_answer_takes_no_multiple_of_what_may_come(shape: str, megabytes: float) -> None:
    took, said = measured(shape, megabytes)
    largest = line.LARGEST_ANSWER / 2**20
    assert took < 10 * largest, (took, said)
    if megabytes > largest:
        assert "more than can be taken in" in said


@pytest.mark.parametrize(
    "make",
    [lambda: b"[" + b"1," * line.MOST_VALUES + b"1]", lambda: b"[" * 500_000 + b"]" * 500_000],
)
def test_json_that_would_unfold_is_no_json(make: Callable[[], bytes]) -> None:
    with pytest.raises((TooMany, RecursionError)):
        read_json(make())
    with pytest.raises(UnexpectedAnswer):
        ask_of(says(make()))
    with pytest.raises(OutcomeUnknown):
        ask_of(says(make()), Effect.CREATE)


def test_an_error_that_would_unfold_is_an_error_all_the_same() -> None:
    body = b'{"errors": [' + b"[]," * line.MOST_VALUES + b"[]]}"
    with pytest.raises(PlatformUnavailable):
        ask_of(says(body, "503 Service Unavailable"))


def test_what_is_taken_is_read_whole() -> None:
    rows = [{"id": n, "name": "x" * 20} for n in range(50_000)]
    assert ask_of(says(json.dumps(rows).encode())) == rows
