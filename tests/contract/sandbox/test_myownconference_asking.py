"""The MyOwnConference sandbox over real HTTP: the one field, the envelope, keys, faults, pages."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote_plus

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.myownconference.api import OPERATIONS
from tests.sandbox_client import Answer, RawClient, multipart

SLUG = "myownconference"
NOBODYS = "aaaa-bbbb-cccc-dddd"


class Asking:
    """Sends commands as public clients do, and answers what stands under `response`."""

    def __init__(self, sandbox: Sandbox, key: str = "", label: str = "demo") -> None:
        self.line = RawClient(sandbox.base_url(SLUG))
        self.key = key or sandbox.api_key(SLUG, label)

    def send(self, action: str, params: Any) -> Answer:
        request = {"key": self.key, "action": action, "params": params}
        return self.line.post("/", {"request": json.dumps(request)})

    def __call__(self, action: str, params: Any = None, **named: Any) -> Any:
        answer = self.send(action, named if params is None else params)
        assert answer.status == 200
        assert answer.headers["content-type"].startswith("application/json")
        return answer.json["response"]

    def refused(self, action: str, params: Any = None, **named: Any) -> str:
        response = self(action, params, **named)
        assert set(response) == {"error"}
        return response["error"]


@pytest.fixture
def owner(sandbox):
    return sandbox.account(SLUG)


@pytest.fixture
def ask(sandbox):
    return Asking(sandbox)


class TestEnvelope:
    def test_the_answer_repeats_the_request_without_the_key(self, ask):
        answer = ask.send("profileGet", ["name", "timezone"]).json
        assert answer == {
            "request": {"action": "profileGet", "params": ["name", "timezone"]},
            "response": {"name": "Robin Keller", "timezone": "60"},
        }

    def test_php_sends_multipart_and_node_urlencoded(self, ask):
        """As the document's two examples do."""
        request = json.dumps({"key": ask.key, "action": "profileGet", "params": ["name"]})
        body, kind = multipart([("request", None, request.encode())])
        by_php = ask.line.post("/", body=body, content_type=kind)
        by_node = ask.line.post("/", body=b"request=" + quote_plus(request).encode())
        without_slash = ask.line.post("", {"request": request})
        assert by_php.json["response"] == {"name": "Robin Keller"}
        assert by_node.body == by_php.body == without_slash.body

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "nonsense",
            "[]",
            "null",
            '"key"',
            "{",
            "{}",
            '{"key": "demo-myownconference-key"}',
            '{"key": "demo-myownconference-key", "action": "profileGet"}',
            '{"key": "demo-myownconference-key", "action": "profileGet", "params": null}',
            '{"key": "demo-myownconference-key", "action": "profileGet", "params": "name"}',
            '{"key": 5, "action": "profileGet", "params": []}',
            '{"key": "demo-myownconference-key", "action": ["profileGet"], "params": []}',
            '{"key": "demo-myownconference-key", "action": "profileGet", "params": [NaN]}',
            '{"key": "demo-myownconference-key", "action": "profileGet", "params": ["\\ud800"]}',
            '{"key": "demo-myownconference-key", "action": "profileGet", "params": ["\\u0000"]}',
            '{"key": "demo-myownconference-key", "action": "profileGet", "params": [[1]]}',
            '{"key": "demo-myownconference-key", "action": "profileget", "params": []}',
            '{"key": "demo-myownconference-key", "action": "moderatorsCreate", "params": ["a"]}',
            "[" * 100_000,
            '{"key": "k", "action": "a", "params": {"n": ' + "9" * 5000 + "}}",
        ],
    )
    def test_what_cannot_be_read_is_an_error_with_http_200(self, ask, text):
        answer = ask.line.post("/", {"request": text})
        assert answer.status == 200
        assert set(answer.json["response"]) == {"error"}

    def test_any_other_approach_is_an_error(self, ask):
        request = json.dumps({"key": ask.key, "action": "profileGet", "params": []}).encode()
        for answer in (
            ask.line.get("/"),
            ask.line.get("/?request=" + quote_plus(request)),
            ask.line.put("/", {"request": request.decode()}),
            ask.line.post("/", body=request, content_type="application/json"),
            ask.line.post("/", {"REQUEST": request.decode()}),
            ask.line.post("/", body=b"request=%ff"),
        ):
            assert answer.status == 200
            assert answer.json["response"]["error"]

    def test_keys(self, sandbox, ask, owner):
        assert "key" in Asking(sandbox, "wrong").refused("profileGet", [])
        assert "wrong" not in str(Asking(sandbox, "wrong").send("profileGet", []).json)
        renewed = owner.renew_key()
        assert ask.refused("profileGet", [])
        assert Asking(sandbox, renewed)("profileGet", ["name"]) == {"name": "Robin Keller"}
        owner.api_enabled = False
        assert "plan" in Asking(sandbox, renewed).refused("profileGet", [])

    def test_accounts_are_apart(self, sandbox, ask):
        webinar = ask("webinarsCreate", name="Ours", start="2026-04-01 10:00:00", duration="60")
        other = Asking(sandbox, label="second")
        assert other("webinarsList", []) == []
        assert other.refused("webinarsGetInfo", alias=webinar["alias"])
        assert sandbox.account(SLUG, "second").foreign_alias_calls == 1


def test_every_documented_command_is_there(ask):
    assert len(OPERATIONS) == 54
    assert {name for name in OPERATIONS if name.startswith("webinar")} >= {
        "webinarStopPresentation",  # this one has no s
        "webinarsStopVideo",
    }
    for name in OPERATIONS:
        assert ask.send(name, {"alias": NOBODYS, "nothing": "x"}).status == 200
    assert "Unknown action" in ask.refused("webinarsStopPresentation", alias=NOBODYS)


ALIAS_COMMANDS = [
    name
    for name in OPERATIONS
    if name.startswith(("webinar", "moderatorsAdd", "moderatorsRemove", "attendeesAdd"))
    and name not in ("webinarsCreate", "webinarsList", "webinarsRecordDelete")
]


@pytest.mark.parametrize("action", [*ALIAS_COMMANDS, "moderatorsList", "attendeesList"])
def test_a_strange_alias_is_refused_and_counted(ask, owner, action):
    mine = owner.add_webinar("Mine")["alias"]
    owner.delete_webinar(mine)
    assert ask.refused(action, alias=mine) == f'Webinar with alias "{mine}" not found'
    assert owner.foreign_alias_calls == 0, "it was ours once"
    assert ask.refused(action, alias=NOBODYS) == f'Webinar with alias "{NOBODYS}" not found'
    assert owner.foreign_alias_calls == 1
    if action in ALIAS_COMMANDS:
        assert "alias is required" in ask.refused(action, alias="")
        assert owner.foreign_alias_calls == 1


class TestJournalAndFaults:
    def test_the_journal_names_commands_and_keeps_no_secret(self, sandbox, ask, owner):
        alias = owner.add_webinar("A webinar")["alias"]
        ask("webinarsGetInfo", alias=alias)
        ask.line.post("/", {"request": f"not json but {ask.key}"})
        ask.line.get(f"/room/demo/{alias}?u=personal-code")
        ask("webinarsSet", alias=alias, description="x" * 5000)
        first, second, third, last = sandbox.requests
        assert (first.path, second.path, first.account) == ("/webinarsGetInfo", "/", "demo")
        assert alias in str(first.form)
        assert third.path == f"/room/demo/{alias}"
        assert len(str(last.form)) < 1000
        said = json.dumps([entry.describe() for entry in sandbox.requests])
        assert ask.key not in said
        assert "personal-code" not in said
        assert sandbox.requests.matching("POST", "/webinars*") == [first, last]

    def test_a_fault_can_be_aimed_at_one_command(self, sandbox, ask):
        sandbox.faults.add("server_error", path="/webinarsCreate")
        assert ask("webinarsList", []) == []
        new = {"name": "New", "start": "2026-04-01 10:00:00", "duration": "60"}
        failed = ask.send("webinarsCreate", new)
        assert (failed.status, set(failed.json["response"])) == (500, {"error"})
        sandbox.faults.clear()
        sandbox.faults.add("server_error", path="/webinarsCreate", acts=True, count=1)
        assert ask.send("webinarsCreate", new).status == 500
        assert len(ask("webinarsList", [])) == 1

    def test_a_key_refused_by_a_fault_says_so_with_its_status(self, sandbox, ask):
        sandbox.faults.add("wrong_key", count=1)
        assert ask.send("profileGet", []).status == 401

    def test_empty_lists(self, sandbox, ask, owner):
        alias = owner.add_webinar("A webinar")["alias"]
        owner.invite(alias, "ann@example.com", "Ann")
        owner.add_group("A group", ["ann@example.com"])
        owner.start_session(alias, ["ann@example.com"], chat=["Hello"])
        sandbox.faults.add("empty_list")
        assert ask("webinarsList", []) == []
        assert ask("attendeesGroupsList", []) == [[]]
        assert ask("attendeesList", []) == {"count": "0", "list": []}
        assert ask("webinarsHistory", alias=alias, type="chats") == []
        assert ask("webinarsOnlineList", alias=alias) == {"moderators": [], "guests": []}
        assert ask("webinarsGetInfo", alias=alias)["name"] == "A webinar"


class TestPages:
    def test_a_room_says_who_comes_in(self, ask, owner, follow):
        made = ask("webinarsCreate", name="<B> & ü", start="2026-04-01 10:00:00", duration="60")
        owner.invite(made["alias"], "ann@example.com", "Ann Lee")
        (line,) = ask("attendeesRooms", email="ann@example.com")
        assert "stand-in" in follow(made["webinarLink"]).text
        assert "<strong>&lt;B&gt; &amp; ü</strong>" in follow(made["webinarLink"]).text
        assert "lets in Robin Keller as moderator" in follow(made["mainModeratorLink"]).text
        assert "lets in Ann Lee as attendee" in follow(line["attendeeLink"]).text
        assert "not known" in follow(made["webinarLink"] + "?u=guess").text
        assert follow(made["webinarLink"] + "x").status == 404

    def test_recordings_and_files_can_be_watched_and_downloaded(self, ask, owner, follow):
        alias = owner.add_webinar("A webinar")["alias"]
        owner.add_recording(alias)
        owner.add_file(alias, "Slides & more.svg")
        owner.add_file(alias, "Film.mp4", kind="MEDIA")
        rows = ask("webinarsRecordsList", alias=alias) + ask("webinarsFilesList", alias=alias)
        kinds = [follow(row["download_link"]).headers["content-type"] for row in rows]
        assert [kind.partition(";")[0] for kind in kinds] == [
            "audio/wav",
            "image/svg+xml",
            "audio/wav",
        ]
        assert all("stand-in" in follow(row["link"]).text for row in rows)

    @pytest.mark.parametrize(
        "path",
        ["/x", "/room/demo/x", "/room/nobody/x", "/record/demo/1", "/file/demo/" + "9" * 5000],
    )
    def test_nothing_is_elsewhere(self, ask, path):
        assert ask.line.get(path).status == 404
