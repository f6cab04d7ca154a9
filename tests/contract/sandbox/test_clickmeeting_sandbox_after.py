"""The ClickMeeting sandbox over real HTTP: what a session leaves, files, look-ups."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest


class TestSessions:
    @pytest.fixture
    def room(self, owner):
        return owner.add_room("A room", timezone="Europe/London")

    def test_a_finished_session(self, api, owner, room, clock):
        owner.add_registration(room["id"], "ann@example.com", "Ann", "Ivory")
        poll = {"name": "Poll", "questions": [{"question": "?", "answers": []}]}
        session = owner.start_session(
            room["id"],
            [
                {"email": "ann@example.com", "rating": 5, "polls": [poll], "joined": 0, "left": 10},
                {"email": "", "nickname": "Guest", "joined": 20, "left": 90},
                {"email": "pat@example.com", "role": "presenter"},
            ],
            minutes=60,
            started_at=clock() - timedelta(hours=3),
        )
        path = f"/conferences/{room['id']}/sessions"
        (listed,) = api.get(path).json
        assert listed == {
            "id": session["id"],
            "total_visitors": 3,
            "max_visitors": 2,
            "start_date": "2026-03-02T06:00:00+00:00",
            "end_date": "2026-03-02T07:00:00+00:00",
        }
        detail = api.get(f"{path}/{session['id']}").json
        assert "id" not in detail
        ann, guest, _ = detail["attendees"]
        assert isinstance(ann["id"], int)
        assert ann["login"] == "Ann Ivory"
        assert ann["end_date"] == "2026-03-02T06:10:00+00:00"
        assert guest["end_date"] == "2026-03-02T07:00:00+00:00"
        assert detail["pdf"]["en"]["progress"] == 0
        people = api.get(f"{path}/{session['id']}/attendees").json
        assert people[0]["uid"] == str(ann["id"])
        assert people[0]["rating"] == "5"
        assert people[0]["polls"] == [poll]
        assert "polls" not in people[1]
        assert people[2]["role"] == "presenter"

    def test_a_running_session_has_no_end_yet(self, api, owner, room, clock):
        session = owner.start_session(
            room["id"], [{"email": "a@example.com"}, {"email": "b@example.com", "joined": 30}]
        )
        path = f"/conferences/{room['id']}/sessions"
        assert api.get(path).json[0]["end_date"] is None
        assert api.get(path).json[0]["total_visitors"] == 1
        clock.pass_by(minutes=31)
        assert len(api.get(f"{path}/{session['id']}/attendees").json) == 2
        owner.end_session(session["id"])
        assert api.get(path).json[0]["end_date"] == "2026-03-02T09:31:00+00:00"

    def test_the_report_comes_step_by_step(self, api, owner, room, follow):
        session = owner.start_session(room["id"])
        path = f"/conferences/{room['id']}/sessions/{session['id']}"
        reports = [api.get(f"{path}/generate-pdf/pl").json for _ in range(4)]
        statuses = [report["status"] for report in reports]
        assert statuses == ["NEW", "IN_PROGRESS", "FINISHED", "FINISHED"]
        assert [report["progress"] for report in reports] == [0, 50, 100, 100]
        assert follow(reports[-1]["url"]).body.startswith(b"%PDF-")
        assert api.get(path).json["pdf"]["pl"]["progress"] == 100
        assert api.get(f"{path}/generate-pdf/tlh").status == 404

    def test_a_session_of_another_room_is_not_found(self, api, owner, room):
        other = owner.start_session(owner.add_room("Other")["id"])
        assert api.get(f"/conferences/{room['id']}/sessions/{other['id']}").status == 404

    def test_chats(self, api, owner, room):
        owner.start_session(room["id"])
        talked = owner.start_session(room["id"], chat=["10:00 Ann: hello"])
        (chat,) = api.get("/chats").json
        assert set(chat) == {"time", "id", "download_link", "timezone", "date", "name"}
        assert (chat["date"], chat["time"]) == ("2026-03-02", "09:00 GMT+0")
        packed = api.get(f"/chats/{talked['id']}").body
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            assert b"hello" in archive.read(archive.namelist()[0])
        assert api.get("/chats/1").status == 404

    def test_recordings(self, api, owner, room, clock, follow):
        one = owner.add_recording(room["id"], started_at=clock(), seconds=300)
        two, three = (owner.add_recording(room["id"]) for _ in range(2))
        path = f"/conferences/{room['id']}/recordings"
        rows = api.get(path).json
        assert [row["id"] for row in rows] == [one["id"], two["id"], three["id"]]
        assert rows[0]["recorder_started"] == "2026-03-02 09:00:00"
        assert rows[0]["recording_duration"] == 300
        assert rows[0]["recording_url"] != api.get(path).json[0]["recording_url"]
        assert follow(rows[0]["recording_url"]).body.startswith(b"RIFF")
        assert len(api.get(f"/conferences/{room['id']}").json["conference"]["recorder_list"]) == 3
        assert api.delete(f"{path}/{two['id']}").json == {"STATUS": "OK"}
        assert api.delete(f"{path}/{two['id']}").status == 404
        assert api.delete(path).json == {"STATUS": "OK"}
        assert api.get(path).json == []


class TestLibrary:
    def test_upload_get_download_delete(self, api, sandbox):
        content = bytes(range(256))
        made = api.upload("/file-library", "profile.png", content).json
        assert set(made) == {
            "id",
            "name",
            "created_at",
            "document_type",
            "status",
            "status_message",
            "conversion_progress",
            "upload_date",
            "url",
        }
        assert made["document_type"] == "image"
        assert made["upload_date"] == "2026-03-02 09:00:00"
        path = f"/file-library/{made['id']}"
        assert api.get(path).json == made
        assert api.get("/file-library").json == [made]
        assert api.get(f"{path}/download").body == content
        assert made["url"] == f"{sandbox.base_url('clickmeeting')}{path}/download"
        assert api.delete(path).json == {"response": "OK"}
        assert api.get(path).status == 404

    def test_files_of_a_room(self, api, owner):
        room = owner.add_room("A room")
        path = f"/file-library/conferences/{room['id']}"
        made = api.upload(path, "talk.pptx", b"slides").json
        assert made["document_type"] == "presentation"
        api.upload("/file-library", "other.txt", b"-")
        assert [row["id"] for row in api.get(path).json] == [made["id"]]
        assert len(api.get("/file-library").json) == 2
        assert api.upload("/file-library/conferences/5", "x.txt", b"-").status == 404

    def test_an_upload_without_a_file(self, api):
        assert api.post("/file-library", {"uploaded": "@/some/path"}).wrong == {"uploaded"}
        assert api.upload("/file-library", "x.txt", b"-", field="file").wrong == {"uploaded"}


class TestLookups:
    def test_contacts_are_updated_by_address(self, api, owner):
        ann = {"email": "ann@example.com", "firstname": "Ann", "lastname": "Ivory", "country": "DE"}
        assert api.post("/contacts", ann).json == {"status": "OK"}
        api.post("/contacts", {**ann, "email": "Ann@example.com", "firstname": "Anna"})
        (contact,) = owner.store.rows("contacts")
        assert (contact["firstname"], contact["country"]) == ("Anna", "DE")
        assert api.post("/contacts", {"email": "x"}).wrong == {"email", "firstname", "lastname"}
        assert api.post("/contacts", {**ann, "country": "Germany"}).wrong == {"country"}

    def test_time_zones(self, api):
        zones = api.get("/time_zone_list").json
        assert len(zones) > 400
        assert zones == sorted(zones)
        assert {"Europe/Warsaw", "America/New_York", "UTC"} <= set(zones)
        assert api.get("/time_zone_list/pl").json == ["Europe/Warsaw"]
        assert "America/Adak" in api.get("/time_zone_list/US").json
        assert api.get("/time_zone_list/XX").json == []
        assert api.get("/time_zone_list/XYZ").status == 404

    def test_phone_gateways(self, api):
        for gateway in api.get("/phone_gateways").json:
            assert set(gateway) == {"code", "location", "value", "geo"}
            assert set(gateway["geo"]) == {"lat", "long"}

    def test_availability(self, api):
        form = {"start_time": "2026-05-01 10:00:00", "duration": "1:00", "id": "0"}
        assert api.post("/conference/availability", form).status == 200
