"""The control page and its API: faults, edits, requests, reset, without JavaScript."""

from __future__ import annotations

import json
import re
from urllib.parse import unquote

import pytest

from integrations.sandbox.faults import KINDS
from tests.sandbox_client import RawClient

HTML = "text/html,application/xhtml+xml"


@pytest.fixture
def control(sandbox):
    return RawClient(sandbox.url)


def post_json(control, path, value):
    return control.post(path, body=json.dumps(value).encode(), content_type="application/json")


class TestFaults:
    @pytest.mark.parametrize("kind", KINDS)
    def test_by_form_and_by_json(self, control, sandbox, kind):
        by_form = control.post("/_control/faults", {"kind": kind, "count": "2", "path": ""}).json
        by_json = post_json(control, "/_control/faults", {"kind": kind, "count": None}).json
        assert (by_form["kind"], by_form["count"], by_json["count"]) == (kind, 2, None)
        assert [one["id"] for one in control.get("/_control/faults").json] == [
            by_form["id"],
            by_json["id"],
        ]
        assert control.delete(f"/_control/faults/{by_form['id']}").status == 200
        assert control.delete(f"/_control/faults/{by_form['id']}").status == 404
        assert control.delete("/_control/faults").json == []
        assert sandbox.faults.active() == []

    @pytest.mark.parametrize(
        "values",
        [
            {},
            {"kind": "flood"},
            {"kind": "slow", "seconds": "soon"},
            {"kind": "slow", "seconds": "-1"},
            {"kind": "slow", "seconds": "nan"},
            {"kind": "slow", "count": "1e9"},
            {"kind": "slow", "paint": "red"},
        ],
    )
    def test_wrong_ones_are_refused(self, control, sandbox, values):
        answer = control.post("/_control/faults", values)
        assert answer.status == 400
        assert answer.json["error"]
        assert sandbox.faults.active() == []

    def test_the_page_switches_on_and_off(self, control, sandbox):
        sent = control.post("/_control/faults", {"kind": "html", "count": ""}, Accept=HTML)
        assert (sent.status, sent.headers["location"]) == (303, "/")
        page = control.get("/").text
        assert "200 with an HTML login page" in page
        (path,) = re.findall(r"action='(/_control/faults/\d+/remove)'", page)
        assert control.post(path, {}, Accept=HTML).status == 303
        assert sandbox.faults.active() == []


class TestEdits:
    def edit(self, control, room, edit, **values):
        form = {"platform": "clickmeeting", "account": "demo", "edit": edit, "id": room["id"]}
        return control.post("/_control/edit", {**form, **values})

    def test_all_that_the_page_offers(self, control, owner, clock):
        room = owner.add_room("Before", timezone="Europe/Warsaw", starts_at=clock())
        for number in range(3):
            owner.add_registration(room["id"], f"p{number}@example.com", "P", str(number))
        self.edit(control, room, "rename", name=" After ")
        assert room["name"] == "After"
        self.edit(control, room, "move", days="30")
        assert room["starts_at"] == "2026-04-01T08:00:00+00:00"  # 10:00 in Warsaw, before and after
        self.edit(control, room, "register", email="new@example.com", first_name="N")
        assert len(owner.registrations(room["id"])) == 4
        self.edit(control, room, "run", minutes="20", over="1")
        self.edit(control, room, "run", minutes="20", over="0")
        past, now = owner.sessions(room["id"])
        assert owner.running_session(room["id"]) == now
        assert [visit["email"] for visit in past["visits"]] == [
            "p0@example.com",
            "p1@example.com",
            "new@example.com",
        ]
        self.edit(control, room, "record", minutes="5")
        assert owner.store.rows("recordings")[0]["seconds"] == 300
        self.edit(control, room, "status")
        assert room["status"] == "inactive"
        assert self.edit(control, room, "delete").json == {"ok": True, "row": None}
        assert owner.rooms() == []

    def test_change_takes_what_the_api_takes(self, control, owner):
        room = owner.add_room("Before")
        edit = {
            "platform": "clickmeeting",
            "edit": "change",
            "id": room["id"],
            "starts_at": "2026-06-01 12:00:00",
            "duration": "2:00",
            "settings": {"show_on_personal_page": "0"},
        }
        assert post_json(control, "/_control/edit", edit).status == 200
        assert (room["starts_at"], room["duration_minutes"]) == ("2026-06-01T10:00:00+00:00", 120)
        assert room["settings"]["show_on_personal_page"] is False
        refused = post_json(control, "/_control/edit", {**edit, "starts_at": 5})
        assert refused.status == 400

    @pytest.mark.parametrize(
        ("edit", "values"),
        [
            ("rename", {"name": " "}),
            ("move", {"days": "x"}),
            ("move", {"days": "99999"}),
            ("register", {"email": "x"}),
            ("run", {"minutes": "0"}),
            ("explode", {}),
        ],
    )
    def test_what_cannot_be_is_said(self, control, owner, edit, values):
        room = owner.add_room("A room")
        answer = self.edit(control, room, edit, **values)
        assert answer.status == 400
        assert answer.json["error"]

    def test_unknown_rooms_and_accounts(self, control):
        assert self.edit(control, {"id": 5}, "delete").json["error"] == "There is no room 5."
        assert self.edit(control, {"id": "x"}, "delete").status == 400
        form = {"platform": "clickmeeting", "account": "nobody", "edit": "delete", "id": "1"}
        assert control.post("/_control/edit", form).status == 404

    def test_the_page_says_why_not(self, control):
        form = {"platform": "clickmeeting", "edit": "delete", "id": "5"}
        sent = control.post("/_control/edit", form, Accept=HTML)
        assert sent.status == 303
        assert unquote(sent.headers["location"]) == "/?note=There is no room 5."
        assert "There is no room 5." in control.get(sent.headers["location"]).text


class TestPage:
    def test_everything_is_escaped(self, control, api, owner):
        owner.add_room("<script>alert(1)</script>", lobby_description="'><b>")
        api.get("/conferences/<script>?x=<img>")
        page = control.get("/?note=<script>").text
        assert "<script" not in page
        assert "<img" not in page
        assert page.count("&lt;script&gt;") >= 3

    def test_headers_and_style(self, control):
        page = control.get("/")
        assert "script-src" not in page.headers["content-security-policy"]
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert control.get("/_control/page.css").headers["content-type"].startswith("text/css")

    def test_elsewhere(self, control):
        assert control.get("/nowhere").status == 404
        assert control.get("/_control/nowhere").status == 404
        assert control.post("/", {}).status == 405

    def test_another_site_cannot_steer(self, control, owner):
        owner.add_room("Stays")
        for path in ("/_control/reset", "/_control/faults"):
            sent = control.post(path, {"kind": "html"}, Origin="http://other.example")
            assert sent.status == 403
        assert len(owner.rooms()) == 1


class TestRequests:
    def test_no_secret_is_kept(self, control, api, sandbox):
        api.post("/conferences", {"name": "x", "password": "sesame"}, Authorization="Bearer abc")
        text = control.get("/_control/requests").text + control.get("/").text
        for secret in ("sesame", "Bearer abc"):
            assert secret not in text
        entry = sandbox.requests[-1]
        assert (entry.method, entry.path, entry.status) == ("POST", "/v1/conferences", 422)
        assert ("name", "x") in entry.form
        assert "x-api-key" not in entry.headers
        assert entry.account == "demo"
        assert control.delete("/_control/requests").json == []
        assert len(sandbox.requests) == 0

    def test_matching(self, api, sandbox):
        api.get("/ping")
        api.get("/conferences/active")
        assert len(sandbox.requests.matching("GET", "/v1/conferences/*")) == 1
        assert sandbox.requests.matching("POST") == []

    def test_state_is_shown_without_keys(self, control, owner):
        owner.add_room("A room")
        answer = control.get("/_control/state")
        assert answer.json["clickmeeting"]["demo"]["tables"]["rooms"][0]["name"] == "A room"
        assert "demo-clickmeeting-key" not in answer.text


def test_reset_empties_or_seeds(control, api, sandbox, owner):
    owner.add_room("Mine")
    sandbox.faults.add("slow")
    control.post("/_control/reset", {"seeded": "1"})
    names = {room["name"] for room in api.get("/conferences/active").json}
    assert len(names) > 10
    assert "Mine" not in names
    assert sandbox.faults.active() == []
    control.post("/_control/reset", {"seeded": "0"})
    assert api.get("/conferences/active").json == []


@pytest.mark.parametrize("body", [b"[1]", b"{", b"\xff", b'{"kind": {"a": 1}}'])
def test_bad_json(control, body):
    answer = control.post("/_control/faults", body=body, content_type="application/json")
    assert answer.status == 400
