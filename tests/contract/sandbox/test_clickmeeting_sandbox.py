"""The ClickMeeting sandbox over real HTTP: access, addresses, stand-in pages."""

from __future__ import annotations

import re

import pytest

from integrations.sandbox.clickmeeting.api import OPERATIONS
from tests.sandbox_client import RawClient

NEW = {"name": "Spring briefing", "room_type": "webinar", "permanent_room": "0", "access_type": "1"}
ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")


class TestAccess:
    def test_ping(self, api):
        assert api.get("/ping").json == {"ping": "pong"}

    @pytest.mark.parametrize("key", [None, "", "wrong", "demo-clickmeeting-key "[:-2]])
    def test_no_key_no_answer(self, sandbox, key):
        answer = RawClient(sandbox.base_url("clickmeeting"), key).get("/ping")
        assert answer.status == 401
        assert answer.json["code"] == 401
        assert answer.json["name"] == "Unauthorized"
        assert answer.json["errors"][0]["message"]

    def test_accounts_are_apart(self, sandbox, api):
        other = RawClient(
            sandbox.base_url("clickmeeting"), sandbox.api_key("clickmeeting", "academy")
        )
        room = api.post("/conferences", NEW).json["room"]
        assert other.get("/conferences/active").json == []
        assert other.get(f"/conferences/{room['id']}").status == 404

    def test_unknown_addresses_and_methods(self, api):
        assert api.get("/nothing").status == 404
        assert api.get("/conferences/sideways").status == 404
        assert api.send("PATCH", "/conferences/1").status == 405
        assert api.get("/conferences/999999").json["errors"][0]["name"] == "room"


def test_a_room_page_says_what_it_stands_for(owner, api, follow):
    room = owner.add_room("<Tools> & more")
    shape = api.get(f"/conferences/{room['id']}").json["conference"]
    frame = f"{shape['room_url'].rpartition('/')[0]}/{shape['room_pin']}?popup=off&lang=en"
    for url in (shape["room_url"], frame, f"{shape['room_url']}?r=unknown"):
        answer = follow(url)
        assert answer.status == 200
        assert "frame-ancestors *" in answer.headers["content-security-policy"]
        assert "stand-in for the ClickMeeting room <strong>&lt;Tools&gt; &amp; more" in answer.text
    assert follow(f"{shape['room_url']}_gone").status == 404
    script = follow(shape["embed_room_url"])
    assert script.headers["content-type"].startswith("application/javascript")
    assert f"/{shape['room_pin']}?popup=off" in script.text


def test_all_documented_operations_have_an_address():
    """The table of operations counts 37: one PUT stands for three of them."""
    documented = {
        ("GET", "/conferences/active"),
        ("GET", "/conferences/inactive"),
        ("POST", "/conferences"),
        ("GET", "/conferences/<int:room_id>"),
        ("PUT", "/conferences/<int:room_id>"),
        ("DELETE", "/conferences/<int:room_id>"),
        ("GET", "/conferences/skins"),
        ("GET", "/ping"),
        ("POST", "/contacts"),
        ("GET", "/time_zone_list"),
        ("GET", "/time_zone_list/<country>"),
        ("GET", "/phone_gateways"),
        ("GET", "/chats"),
        ("GET", "/chats/<int:session_id>"),
        ("GET", "/file-library"),
        ("POST", "/file-library"),
        ("GET", "/file-library/conferences/<int:room_id>"),
        ("POST", "/file-library/conferences/<int:room_id>"),
        ("GET", "/file-library/<int:file_id>"),
        ("DELETE", "/file-library/<int:file_id>"),
        ("GET", "/file-library/<int:file_id>/download"),
    } | {
        (method, f"/conferences/<int:room_id>{rest}")
        for method, rest in (
            ("POST", "/tokens"),
            ("GET", "/tokens"),
            ("POST", "/room/autologin_hash"),
            ("POST", "/invitation/email/<lang>"),
            ("GET", "/sessions"),
            ("GET", "/sessions/<int:session_id>"),
            ("GET", "/sessions/<int:session_id>/attendees"),
            ("GET", "/sessions/<int:session_id>/generate-pdf/<lang>"),
            ("GET", "/sessions/<int:session_id>/registrations"),
            ("GET", "/registrations/<status>"),
            ("POST", "/registration"),
            ("GET", "/recordings"),
            ("DELETE", "/recordings"),
            ("DELETE", "/recordings/<int:recording_id>"),
        )
    }
    assert len(documented) == 35
    assert documented <= {(method, path) for method, path, _ in OPERATIONS}
