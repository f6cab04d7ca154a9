"""The TrueConf sandbox over real HTTP: running, participants, sessions, recordings."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from integrations.sandbox.trueconf.versions import VERSIONS
from tests.contract.sandbox.test_trueconf_sandbox import Api, by_client, reasons

OWNER = "demo.admin"


@pytest.fixture
def server(sandbox):
    return sandbox.account("trueconf", "demo")


@pytest.fixture
def api(sandbox):
    return Api(sandbox, by_client(sandbox))


@pytest.fixture
def room(server):
    return server.add_conference("Here")


@pytest.fixture
def place(room):
    return f"/conferences/{room['address']}"


def fetch(sandbox, api, url):
    """Follow an address that an answer holds, with the token."""
    path = url.removeprefix(sandbox.base_url("trueconf"))
    return api.send("GET", path, Authorization=f"Bearer {api.token}")


class TestRunning:
    def test_run_and_stop_take_a_moment(self, server, api, place, clock):
        server.stops_at_once = False
        assert api.write("POST", f"{place}/run") == {"state": "starting"}
        assert api.read(place)["conference"]["state"] == "stopped"
        assert api.write("POST", f"{place}/run") == {"state": "starting"}
        clock.pass_by(seconds=2)
        shape = api.read(place)["conference"]
        assert shape["state"] == "running"
        assert shape["stream_id"].endswith("@video-demo.example.com#vcs")
        assert shape["participants_lock_enabled"] is False
        assert api.write("POST", f"{place}/run") == {"state": "running"}
        assert api.write("POST", f"{place}/stop") == {"state": "stopping"}
        assert api.read(place)["conference"]["state"] == "running"
        clock.pass_by(seconds=2)
        assert api.read(place)["conference"]["state"] == "stopped"
        assert api.write("POST", f"{place}/stop") == {"state": "stopped"}
        (call,) = api.read("/logs/calls")["list"]
        assert (call["duration"], call["term_reason"]) == (2, 15)

    @pytest.mark.parametrize("at_once", [True, False])
    def test_one_that_was_just_stopped_can_be_deleted(self, server, api, place, clock, at_once):
        server.stops_at_once = at_once
        api.write("POST", f"{place}/run")
        clock.pass_by(seconds=2)
        said = {"state": "stopped" if at_once else "stopping"}
        assert api.write("POST", f"{place}/stop") == said
        assert api.call("DELETE", place).status == 200

    def test_one_that_is_over_cannot_run(self, server, api, place, clock):
        clock.pass_by(hours=2)
        assert reasons(api.call("POST", f"{place}/run")) == (400, {("conferenceIsFinished", "")})
        api.version = "v3.8"
        assert api.write("POST", f"{place}/run") == {"state": "starting"}

    def test_the_limit_of_running_ones(self, server, api, room, place):
        server.max_ongoing = 1
        server.start_session(server.add_conference("First")["id"])
        for step, value in (("run", None), ("invite", {"invitations": [{"id": OWNER}]})):
            answer = api.call("POST", f"{place}/{step}", value)
            assert reasons(answer) == (400, {("ongoingConferencesLimit", "")})

    @pytest.mark.parametrize("version", VERSIONS)
    def test_what_can_be_changed_meanwhile(self, server, api, room, place, version):
        server.start_session(room["id"])
        api.version = version
        early = VERSIONS.index(version) < 4
        answer = api.call("PUT", place, {"topic": "New"})
        reason = (
            "conferenceUnavailableForChange" if early else "conferenceFieldUnavailableForChange"
        )
        assert reasons(answer)[1] == {(reason, "" if early else "topic")}
        answer = api.call("PUT", place, {"description": "We are live."})
        assert answer.status == (400 if early else 200)
        answer = api.call("DELETE", place)
        assert reasons(answer) == (400, {("conferenceUnavailableForChange", "")})

    def test_invite_into_a_conference(self, server, api, place, clock):
        for login, online in (("mira", True), ("nils", False)):
            server.add_user(login, online=online)
        both = [{"id": "mira", "display_name": "M."}, {"id": "nils"}]
        assert api.write("POST", f"{place}/invite", {"invitations": both}) == {"invite": True}
        assert api.read(f"{place}/participants") == {"participants": []}
        clock.pass_by(seconds=2)
        present = api.read(f"{place}/participants")["participants"]
        assert [one["display_name"] for one in present] == ["Administrator", "M."]
        stream = api.read(place)["conference"]["stream_id"]
        invites = api.read(f"/logs/calls/{quote(stream)}/invites")
        assert invites["cnt"] == 2
        accepted = {one["invited_call_id"]: one["is_accepted"] for one in invites["list"]}
        assert accepted == {server.uid("mira"): True, server.uid("nils"): False}
        assert set(invites["list"][0]) == {
            "call_id",
            "invited_call_id",
            "invite_time",
            "is_accepted",
        }

    def test_the_name_of_the_list_changed(self, server, api, place):
        api.version = "v3.4"
        old = {"participants": [OWNER]}
        assert api.write("POST", f"{place}/invite", old) == {"invite": True}
        new = {"invitations": [{"id": OWNER}]}
        assert ("missingRequiredField", "participants") in reasons(
            api.call("POST", f"{place}/invite", new)
        )[1]
        api.version = "v3.5"
        assert api.write("POST", f"{place}/invite", new) == {"invite": True}
        assert ("missingRequiredField", "invitations") in reasons(
            api.call("POST", f"{place}/invite", old)
        )[1]

    def test_notify_at_both_addresses(self, server, api, room, place):
        for path in (place, place.replace("conferences", "conference")):
            assert api.write("POST", f"{path}/notify") == {"result": True}
        assert len(server.store.rows("mails")) == 2


class TestParticipants:
    def test_who_is_there(self, server, api, room, place, clock):
        server.add_user("mira", "Mira", online=True)
        server.add_user("nils", online=False)
        answer = api.call("POST", f"{place}/participants", {"participant_id": "mira"})
        assert reasons(answer) == (400, {("conferenceIsNotRunning", "")})
        server.start_session(room["id"], ["ada@example.org"])
        shape = api.write("POST", f"{place}/participants", {"participant_id": "mira"})
        assert shape["participant"]["join_time"] is None
        assert shape["participant"]["invite_time"] == int(clock().timestamp())
        clock.pass_by(seconds=2)
        host, guest, mira = api.read(f"{place}/participants")["participants"]
        assert (host["id"], host["is_owner"]) == (server.uid(OWNER), True)
        assert (host["status"], mira["status"]) == (5, 2)
        assert guest["id"].startswith("#guest:")
        assert guest["login_name"] == guest["id"].partition("@")[0]
        assert guest["display_name"] == "ada"
        assert mira["join_time"] == int(clock().timestamp())
        for one in (guest, mira):
            own = f"{place}/participants/{quote(one['id'], safe='')}"
            assert api.read(own) == {"participant": one}
        for who, reason in (
            ("mira", "participantAlreadyInConference"),
            ("nils", "participantIsUnavailable"),
        ):
            answer = api.call("POST", f"{place}/participants", {"participant_id": who})
            assert reasons(answer) == (400, {(reason, "participant_id")})
        answer = api.call("GET", f"{place}/participants/nils")
        assert reasons(answer) == (404, {("participantNotFound", "participant_id")})

    def test_sessions_podiums_and_kicks(self, server, api, room, clock):
        server.add_user("mira", "Mira")
        server.start_session(room["id"], ["mira"])
        stream = api.read(f"/conferences/{room['address']}")["conference"]["stream_id"]
        place = f"/conference-sessions/{quote(stream, safe='')}"
        session = api.read(place)["session"]
        assert session["conference_id"] == room["address"]
        assert (session["type"], session["mode"]) == (5, 3)
        listed = api.read(f"{place}/participants?page_size=1&page_id=2")
        assert listed["count"] == 2
        (mira,) = listed["participants"]
        assert mira["call_id"] == server.uid("mira")
        assert mira["participant_id"].startswith(f"{mira['call_id']}/")
        assert (mira["role"], mira["join_time"]["timezone_type"]) == (1, 3)
        podium = f"{place}/podiums/participants"
        for force, wait in ((True, 0), (False, 2)):
            asked = {"participant_id": "mira", "force": force}
            assert api.write("POST", podium, asked) == {"invite": True}
            clock.pass_by(seconds=wait)
            assert api.read(f"{place}/participants")["participants"][1]["role"] == 4
            own = quote(mira["participant_id"], safe="")
            gone = api.write("DELETE", f"{podium}/{own}")
            assert gone == {"participant_id": mira["participant_id"]}
            assert api.read(f"{place}/participants")["participants"][1]["role"] == 1
        kicked = api.write("DELETE", f"{place}/participants/{own}")
        assert kicked == {"participant_id": mira["participant_id"]}
        assert api.read(f"{place}/participants")["count"] == 1
        answer = api.call("POST", podium, {"participant_id": "mira"})
        assert reasons(answer) == (404, {("participantNotFound", "participant_id")})
        server.end_session(server.sessions(room["id"])[0]["id"])
        answer = api.call("GET", place)
        assert reasons(answer) == (404, {("conferenceSessionNotFound", "session_id")})


class TestRecordings:
    def test_recording_answers_202_without_a_body(self, sandbox, server, api, room, place, clock):
        answer = api.call("POST", f"{place}/start-record")
        assert reasons(answer) == (400, {("conferenceIsNotRunning", "")})
        server.start_session(room["id"], minutes=60)
        for step, state in (("start", 1), ("pause", 0), ("start", 1), ("stop", 0)):
            answer = api.call("POST", f"{place}/{step}-record")
            assert (answer.status, answer.body) == (202, b"")
            assert api.read(place)["conference"]["stream_recording_state"] == state
            clock.pass_by(minutes=5)
        (record,) = api.read(f"{place}/records")["records"]
        assert set(record) == {"name", "size", "created", "download_url"}
        assert record["name"] == "00000070_2026-03-02_10-05-00.mkv"
        assert record["size"] == str(600 * 60_000)
        own = f"{place}/records/{quote(record['name'], safe='')}"
        assert api.read(own) == {"record": record}
        film = fetch(sandbox, api, record["download_url"])
        assert film.headers["content-type"] == "video/x-matroska"
        assert film.body.startswith(b"\x1a\x45\xdf\xa3")
        answer = api.call("GET", f"{place}/records/other.mkv")
        assert reasons(answer) == (404, {("recordNotFound", "record_id")})

    def test_a_conference_that_records_itself(self, server, api, clock):
        row = server.add_conference("Kept", recording=1)
        place = f"/conferences/{row['address']}"
        api.write("POST", f"{place}/run")
        clock.pass_by(minutes=10)
        assert api.read(place)["conference"]["stream_recording_state"] == 1
        api.write("POST", f"{place}/stop")
        assert len(api.read(f"{place}/records")["records"]) == 1

    def test_the_recorder_may_be_away(self, server, api, room, place):
        server.recorder_works = False
        answer = api.call("POST", f"{place}/stop-record")
        assert reasons(answer) == (503, {("serviceUnavailable", "")})

    def test_the_logs_of_recordings(self, sandbox, server, api, room):
        server.start_session(room["id"], minutes=30)
        kept = server.add_recording(room["id"], seconds=60)
        gone = server.add_recording(room["id"], seconds=30)
        server.delete_recording(gone["id"])
        (shown,) = api.read("/logs/recordings")["list"]
        assert shown["stopped_at"] - shown["started_at"] == 60
        assert (shown["owner"], shown["topic"]) == (server.uid(OWNER), "Here")
        assert api.read(f"/logs/recordings/{kept['id']}") == shown
        assert fetch(sandbox, api, shown["download_url"]).status == 200
        both = api.read("/logs/recordings?show_deleted=1&sort_field=size&sort_order=0")["list"]
        assert [one["deleted_at"] is None for one in both] == [False, True]
        assert api.read("/logs/recordings?topic=Else")["cnt"] == 0
        assert api.read(f"/logs/recordings?named_conf_id={room['address']}")["cnt"] == 1
        answer = api.call("GET", "/logs/recordings/77")
        assert reasons(answer) == (404, {("recordingNotFound", "recording_id")})
        records = api.read("/logs/records")
        assert records["cnt"] == 2
        one = api.read(f"/logs/records/{quote(shown['stream_id'], safe='')}")
        assert one["is_deleted"] is True
        assert (one["class"], one["type"]) == (10, 5)
        assert fetch(sandbox, api, one["download_url"]).status == 200
