"""Every fault does on the wire what its name says, for the requests that it names."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.faults import KINDS
from tests.sandbox_client import RawClient

NEW = {"name": "x", "room_type": "webinar", "permanent_room": "1", "access_type": "1"}


@pytest.mark.parametrize(
    ("kind", "status"),
    [("rate_limited", 429), ("server_error", 500), ("unavailable", 503), ("wrong_key", 401)],
)
def test_refusals_in_the_platforms_own_shape(sandbox, api, owner, kind, status):
    sandbox.faults.add(kind, count=1, retry_after=7)
    answer = api.post("/conferences", NEW)
    assert answer.status == answer.json["code"] == status
    assert answer.headers.get("retry-after") == ("7" if status in (429, 503) else None)
    assert owner.rooms() == []
    assert api.post("/conferences", NEW).status in (200, 201)


def test_a_refusal_after_acting(sandbox, api, owner):
    sandbox.faults.add("500", count=1, acts=True)
    assert api.post("/conferences", NEW).status == 500
    assert len(owner.rooms()) == 1


@pytest.mark.parametrize(("kind", "rooms"), [("cut_before", 0), ("cut_after", 1)])
def test_the_line_is_cut(sandbox, api, owner, kind, rooms):
    sandbox.faults.add(kind, count=1)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        api.post("/conferences", NEW)
    assert len(owner.rooms()) == rooms
    entry = sandbox.requests[-1]
    assert (entry.status, entry.faults, entry.acted) == (None, [kind], bool(rooms))


def test_html_in_place_of_an_answer(sandbox, api, owner):
    sandbox.faults.add("html", count=1)
    answer = api.post("/conferences", NEW)
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "Sign in" in answer.text
    assert owner.rooms() == []


def test_truncated_json_with_its_own_length(sandbox, api):
    sandbox.faults.add("truncated", count=1)
    answer = api.get("/ping")
    assert int(answer.headers["content-length"]) == len(answer.body) > 0
    with pytest.raises(json.JSONDecodeError):
        _ = answer.json


def test_a_body_shorter_than_its_length(sandbox, api, owner):
    sandbox.faults.add("short_body", count=1)
    with pytest.raises(http.client.IncompleteRead):
        api.post("/conferences", NEW)
    assert len(owner.rooms()) == 1


def test_empty_lists(sandbox, api, owner):
    room = owner.add_room("A room", access_type=3)
    owner.start_session(room["id"], ["a@example.com"])
    sandbox.faults.add("empty_list")
    assert api.get("/conferences/active").json == []
    assert api.get("/conferences").json == {"active_conferences": [], "inactive_conferences": []}
    assert api.get(f"/conferences/{room['id']}").json["conference"]["name"] == "A room"
    sandbox.faults.clear()
    assert len(api.get("/conferences/active").json) == 1


def test_slow_and_drip(sandbox, api):
    sandbox.faults.add("slow", seconds=0.2, count=1)
    started = time.monotonic()
    assert api.get("/ping").status == 200
    assert time.monotonic() - started >= 0.2
    sandbox.faults.add("drip", seconds=0.02, count=1)
    started = time.monotonic()
    answer = api.get("/ping")
    assert answer.json == {"ping": "pong"}
    assert time.monotonic() - started >= 0.02 * (len(answer.body) - 1)


def test_slow_goes_together_with_another(sandbox, api):
    sandbox.faults.add("slow", seconds=0.1, count=1)
    sandbox.faults.add("503", count=1)
    started = time.monotonic()
    assert api.get("/ping").status == 503
    assert time.monotonic() - started >= 0.1


def test_waiting_holds_up_nobody_else_and_ends_with_the_server(clock):
    with Sandbox(seed=False, now=clock).start() as sandbox:
        line = RawClient(sandbox.base_url("clickmeeting"), sandbox.api_key())
        sandbox.faults.add("slow", seconds=60, path="/v1/chats")
        waiting = threading.Thread(target=_try, args=(line, "/chats"))
        waiting.start()
        assert line.get("/ping").status == 200
        started = time.monotonic()
    waiting.join(timeout=5)
    assert not waiting.is_alive()
    assert time.monotonic() - started < 3


def _try(line, path):
    try:
        line.get(path)
    except (OSError, http.client.HTTPException):
        return


class TestScope:
    def test_count_and_skip(self, sandbox, api):
        sandbox.faults.add("500", skip=1, count=2)
        assert [api.get("/ping").status for _ in range(5)] == [200, 500, 500, 200, 200]
        assert sandbox.faults.active() == []

    def test_method_path_and_account(self, sandbox, api):
        other = RawClient(sandbox.base_url("clickmeeting"), sandbox.api_key(label="academy"))
        sandbox.faults.add("503", method="GET", path="/v1/conferences/*", account="demo")
        assert api.get("/conferences/active").status == 503
        assert other.get("/conferences/active").status == 200
        assert api.get("/ping").status == 200
        assert api.post("/conferences", NEW).status in (200, 201)

    def test_another_platform(self, sandbox, api):
        sandbox.faults.add("503", platform="trueconf")
        assert api.get("/ping").status == 200

    def test_probability_is_in_between(self, sandbox, api):
        sandbox.faults.add("503", probability=0.5)
        statuses = [api.get("/ping").status for _ in range(60)]
        assert 10 < statuses.count(503) < 50

    def test_until_switched_off(self, sandbox, api):
        fault = sandbox.faults.add("500")
        assert [api.get("/ping").status for _ in range(3)] == [500] * 3
        assert sandbox.faults.remove(fault.id)
        assert api.get("/ping").status == 200
        assert not sandbox.faults.remove(fault.id)

    def test_unknown_kinds_and_options(self, sandbox):
        with pytest.raises(ValueError, match="no fault called"):
            sandbox.faults.add("earthquake")
        with pytest.raises(ValueError, match="no such option"):
            sandbox.faults.add("slow", colour="red")


def test_each_kind_can_be_switched_on_for_a_stranger_too(sandbox):
    """Faults strike before the key is looked at, and a cut line leaves the server well."""
    stranger = RawClient(sandbox.base_url("clickmeeting"), "nobody")
    for kind in KINDS:
        sandbox.faults.add(kind, count=1, seconds=0.001)
        try:
            assert stranger.get("/ping").status in (200, 401, 429, 500, 503)
        except (http.client.HTTPException, ConnectionResetError):
            assert kind in ("cut_before", "cut_after", "short_body")
    assert sandbox.faults.active() == []
    assert stranger.get("/ping").status == 401


def test_a_client_that_hangs_up_does_no_harm(sandbox, api):
    sandbox.faults.add("drip", seconds=0.01, count=1)
    with socket.create_connection(("127.0.0.1", sandbox.port)) as raw:
        raw.sendall(b"GET /clickmeeting/v1/ping HTTP/1.1\r\nHost: x\r\n\r\n")
        raw.recv(10)
    assert api.get("/ping").status == 200
