"""The ClickMeeting sandbox over real HTTP: conferences and skins."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

NEW = {"name": "Spring briefing", "room_type": "webinar", "permanent_room": "0", "access_type": "1"}
ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")


class TestRooms:
    def test_create_answers_the_documented_shape(self, api):
        answer = api.post(
            "/conferences",
            {
                **NEW,
                "starts_at": "2026-04-01 10:00:00",
                "timezone": "Europe/Warsaw",
                "duration": "1:20",
            },
        )
        room = answer.json["room"]
        assert answer.status in (200, 201)
        assert room["starts_at"] == "2026-04-01T10:00:00+02:00"
        assert room["ends_at"] == "2026-04-01T11:20:00+02:00"
        assert room["timezone_offset"] == 7200
        assert room["status"] == "active"
        assert room["permanent_room"] is False
        assert room["lobby_enabled"] is True
        assert room["registration_enabled"] == 0
        assert room["recorder_list"] == []
        assert len(room["settings"]) == 4
        assert set(room["access_role_hashes"]) == {"listener", "presenter", "host"}
        assert isinstance(room["id"], int)
        assert "widgets_hash" not in room
        assert "password" not in room
        assert ISO.fullmatch(room["created_at"])

    def test_the_start_defaults_to_now(self, api, clock):
        room = api.post("/conferences", NEW).json["room"]
        assert datetime.fromisoformat(room["starts_at"]) == clock()
        assert datetime.fromisoformat(room["ends_at"]) == clock() + timedelta(hours=3)

    def test_a_permanent_room_has_no_times(self, api):
        room = api.post(
            "/conferences", {**NEW, "permanent_room": "1", "starts_at": "2026-04-01 10:00:00"}
        ).json["room"]
        assert room["permanent_room"] is True
        assert "starts_at" not in room
        assert "ends_at" not in room

    def test_create_says_all_that_is_wrong_at_once(self, api):
        answer = api.post("/conferences", {})
        assert answer.status == 422
        assert answer.json["name"].startswith("Unprocessable")
        assert answer.wrong == {"name", "room_type", "permanent_room", "access_type"}
        assert api.get("/conferences/active").json == []

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", "   "),
            ("room_type", "party"),
            ("permanent_room", "maybe"),
            ("access_type", "4"),
            ("access_type", "one"),
            ("timezone", "Europe/Nowhere"),
            ("timezone", "../../etc/passwd"),
            ("starts_at", "tomorrow"),
            ("starts_at", "2026-02-30 10:00:00"),
            ("starts_at", "0001-01-01 00:00:00"),
            ("starts_at", "9999-12-31 23:59:59"),
            ("duration", "25:00"),
            ("duration", "24:01"),
            ("duration", "0:00"),
            ("duration", "1:75"),
            ("duration", "ninety"),
            ("skin_id", "99"),
            ("registration[template]", "4"),
            ("settings[show_on_personal_page]", "perhaps"),
        ],
    )
    def test_create_refuses(self, api, field, value):
        answer = api.post("/conferences", {**NEW, field: value})
        assert answer.status == 422
        assert answer.wrong == {field}

    def test_get_and_lists(self, api, owner, clock):
        room = owner.add_room("A room")
        asleep = owner.add_room("Asleep", status="inactive", inactive_since=clock())
        one = api.get(f"/conferences/{room['id']}").json["conference"]
        assert one["name"] == "A room"
        assert one["widgets_hash"]
        assert [row["id"] for row in api.get("/conferences/active").json] == [room["id"]]
        assert [row["id"] for row in api.get("/conferences/inactive").json] == [asleep["id"]]
        both = api.get("/conferences").json
        assert [row["id"] for row in both["active_conferences"]] == [room["id"]]

    def test_active_is_not_paged_and_inactive_is(self, api, owner, clock):
        for number in range(253):
            owner.add_room(f"Old {number}", status="inactive", inactive_since=clock())
            owner.add_room(f"New {number}")
        assert len(api.get("/conferences/active").json) == 253
        assert api.get("/conferences/active?page=9").status == 200
        assert len(api.get("/conferences/active?page=9").json) == 253
        pages = [api.get(f"/conferences/inactive?page={page}").json for page in (1, 2, 3)]
        assert [len(page) for page in pages] == [250, 3, 0]
        assert len({room["id"] for page in pages for room in page}) == 253
        assert api.get("/conferences/inactive?page=0").status == 422

    def test_long_inactive_leaves_the_list_but_not_the_account(self, api, owner, clock):
        room = owner.add_room("Forgotten")
        assert api.put(f"/conferences/{room['id']}", {"status": "inactive"}).status == 200
        clock.pass_by(days=200)
        assert api.get("/conferences/inactive").json == []
        assert api.get(f"/conferences/{room['id']}").json["conference"]["status"] == "inactive"

    def test_update_is_partial(self, api, owner, clock):
        room = owner.add_room("Before", lobby_description="Wait here", timezone="Asia/Tokyo")
        before = api.get(f"/conferences/{room['id']}").json["conference"]
        clock.pass_by(minutes=5)
        after = api.put(f"/conferences/{room['id']}", {"name": "  After  "}).json["conference"]
        assert after["name"] == "After"
        changed = {
            name
            for name in before
            if name != "access_role_hashes" and before[name] != after.get(name)
        }
        assert changed == {"name", "updated_at"}
        assert after["ccc"] == room["starts_at"][:19].replace("T", " ")

    def test_update_of_times_needs_permanent_room(self, api, owner, clock):
        room = owner.add_room("A room", starts_at=clock() + timedelta(days=1))
        path = f"/conferences/{room['id']}"
        refused = api.put(path, {"starts_at": "2026-05-05 12:00:00", "duration": "2"})
        assert refused.status == 422
        assert refused.wrong == {"starts_at", "duration"}
        moved = api.put(
            path, {"starts_at": "2026-05-05T12:00:00-04:00", "duration": "2", "permanent_room": "0"}
        ).json["conference"]
        assert moved["starts_at"] == "2026-05-05T18:00:00+02:00"
        assert moved["ends_at"] == "2026-05-05T20:00:00+02:00"

    def test_update_refuses_a_long_lobby_text_and_changes_nothing(self, api, owner):
        room = owner.add_room("A room")
        answer = api.put(
            f"/conferences/{room['id']}", {"lobby_description": "x" * 161, "name": "B"}
        )
        assert answer.status == 422
        assert answer.wrong == {"lobby_description"}
        assert owner.room(room["id"])["name"] == "A room"
        assert api.put(f"/conferences/{room['id']}", {"lobby_description": "ü" * 160}).status == 200

    def test_a_password_is_asked_for_and_never_answered(self, api):
        assert api.post("/conferences", {**NEW, "access_type": "2"}).wrong == {"password"}
        made = api.post("/conferences", {**NEW, "access_type": "2", "password": "let-me-in"})
        room_id = made.json["room"]["id"]
        assert "let-me-in" not in made.text
        assert "let-me-in" not in api.get(f"/conferences/{room_id}").text
        kept = api.put(f"/conferences/{room_id}", {"access_type": "2", "name": "Other"})
        assert kept.status == 200

    def test_addresses_do_not_follow_a_rename_and_are_unique(self, api):
        first = api.post("/conferences", NEW).json["room"]
        second = api.post("/conferences", NEW).json["room"]
        assert first["name_url"] != second["name_url"]
        path = f"/conferences/{first['id']}"
        renamed = api.put(path, {"name": "Quite other"}).json["conference"]
        assert renamed["room_url"] == first["room_url"]
        custom = api.post("/conferences", {**NEW, "custom_room_url_name": "My place"}).json["room"]
        assert custom["name_url"] == "my_place"

    def test_hashes_differ_at_each_reading(self, api, owner):
        path = f"/conferences/{owner.add_room('A room')['id']}"
        one, two = (api.get(path).json["conference"]["access_role_hashes"] for _ in range(2))
        assert one != two

    def test_settings_change_one_by_one(self, api, owner):
        path = f"/conferences/{owner.add_room('A room')['id']}"
        answer = api.put(
            path,
            {
                "settings[connection_tester_enabled]": "0",
                "settings[thank_you_page_url]": "https://example.com/thanks",
            },
        )
        settings = answer.json["conference"]["settings"]
        assert settings["connection_tester_enabled"] is False
        assert settings["thank_you_emails_enabled"] is True
        assert settings["thank_you_page_url"] == "https://example.com/thanks"

    def test_registration_on_off_and_template(self, api, owner):
        room = owner.add_room("A room", registration_enabled=False)
        path = f"/conferences/{room['id']}"
        switched = api.put(path, {"registration[enabled]": "1"}).json["conference"]
        assert switched["registration_enabled"] == 1
        assert "settings" not in switched
        api.put(path, {"registration[enabled]": "1", "registration[template]": "3"})
        assert owner.room(room["id"])["registration_template"] == 3
        off = api.put(path, {"registration[enabled]": "0"}).json["conference"]
        assert off["registration_enabled"] == 0

    def test_delete_takes_everything_along(self, api, owner):
        room = owner.add_room("A room")
        owner.add_registration(room["id"], "ann@example.com", "Ann", "Ivory")
        session = owner.start_session(room["id"], ["ann@example.com"], chat=["hello"])
        assert api.delete(f"/conferences/{room['id']}").json == {"result": "OK"}
        for path in ("", "/registrations/all", "/sessions", f"/sessions/{session['id']}"):
            assert api.get(f"/conferences/{room['id']}{path}").status == 404
        assert api.get("/chats").json == []
        assert api.delete(f"/conferences/{room['id']}").status == 404

    def test_skins(self, api, follow):
        skins = api.get("/conferences/skins").json
        assert isinstance(skins[0]["id"], str)
        assert follow(skins[0]["thumbnail_url"]).headers["content-type"].startswith("image")

    def test_switching_between_scheduled_and_permanent(self, api, owner, clock):
        path = f"/conferences/{owner.add_room('A room')['id']}"
        assert "starts_at" not in api.put(path, {"permanent_room": "1"}).json["conference"]
        again = api.put(path, {"permanent_room": "0"}).json["conference"]
        assert datetime.fromisoformat(again["starts_at"]) == clock()
