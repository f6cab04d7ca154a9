"""The TrueConf sandbox over real HTTP: invitations, presets, templates."""

from __future__ import annotations

import pytest

from tests.contract.sandbox.test_trueconf_sandbox import Api, by_client, reasons

OWNER = "demo.admin"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
YOUTUBE = {"stream_url": "rtmp://a.rtmp.example.com/live2", "stream_key": "jseq-jdp1"}


@pytest.fixture
def server(sandbox):
    return sandbox.account("trueconf", "demo")


@pytest.fixture
def api(sandbox):
    return Api(sandbox, by_client(sandbox))


@pytest.fixture
def place(server):
    """The address of a conference that is there."""
    return f"/conferences/{server.add_conference('Here')['address']}"


class TestInvitations:
    def test_made_changed_removed(self, server, api, place):
        server.add_user("mira", "Mira")
        both = {"id": "mira", "display_name": "M.", "translator": {"languages": ["en", "ru"]}}
        shape = api.write("POST", f"{place}/invitations", both)["invitation"]
        assert (shape["id"], shape["display_name"], shape["type"]) == ("mira", "M.", "user")
        assert shape["translator"] == {"languages": ["en", "ru"]}
        assert shape["is_owner"] is False
        assert shape["uid"] == f"mira@{server.server_name}"
        changed = api.write("PUT", f"{place}/invitations/mira", {"translator": None})["invitation"]
        assert changed == {**shape, "translator": None}
        listed = api.read(f"{place}/invitations")["invitations"]
        assert [(one["id"], one["is_owner"]) for one in listed] == [(OWNER, True), ("mira", False)]
        assert api.write("DELETE", f"{place}/invitations/mira") == {"id": "mira"}
        answer = api.call("GET", f"{place}/invitations/mira")
        assert reasons(answer) == (404, {("invitationNotFound", "invitation_id")})

    def test_guests_and_repetitions(self, api, place):
        guest = {"id": "x@example.org", "display_name": "X"}
        shape = api.write("POST", f"{place}/invitations", guest)["invitation"]
        assert (shape["type"], shape["email"]) == ("custom", "x@example.org")
        answer = api.call("POST", f"{place}/invitations", guest)
        assert reasons(answer) == (400, {("uniqueValueAlreadyInUse", "id")})
        assert api.read(f"{place}/invitations/x%40example.org")["invitation"] == shape
        answer = api.call("POST", f"{place}/invitations", {"id": "nobody"})
        assert reasons(answer) == (404, {("userNotFound", "id")})
        answer = api.call("POST", f"{place}/invitations", {})
        assert reasons(answer) == (400, {("missingRequiredField", "id")})

    def test_the_owner_stays(self, api, place):
        answer = api.call("DELETE", f"{place}/invitations/{OWNER}")
        assert reasons(answer) == (400, {("conferenceOwnerNotInInvitationsList", "")})

    def test_a_running_conference_takes_more_but_changes_none(self, server, api, place):
        server.add_user("mira")
        server.add_user("nils")
        api.write("POST", f"{place}/invitations", {"id": "mira"})
        server.start_session(server.conferences()[0]["id"])
        assert api.write("POST", f"{place}/invitations", {"id": "nils"})
        for method, value in (("PUT", {"display_name": "M"}), ("DELETE", None)):
            answer = api.call(method, f"{place}/invitations/mira", value)
            assert reasons(answer) == (400, {("conferenceUnavailableForChange", "")})

    def test_as_many_as_there_is_room_for(self, api, place):
        api.write("PUT", place, {"max_participants": 2})
        assert api.write("POST", f"{place}/invitations", {"id": "a@example.org"})
        answer = api.call("POST", f"{place}/invitations", {"id": "b@example.org"})
        assert reasons(answer)[1] == {("conferenceMaxInvitationsLimit", "")}


class TestPresetsAndTemplates:
    def test_presets(self, server, api, place):
        made = {"name": "My preset", "type": "youtube", "payload": YOUTUBE}
        shape = api.write("POST", "/broadcast/presets", made)["preset"]
        assert len(shape["id"]) == 6
        assert shape["payload"] == {**YOUTUBE, "audio_codec": "MP3", "video_codec": "H264"}
        own = f"/broadcast/presets/{shape['id']}"
        named = api.write("PUT", own, {"name": "Other"})["preset"]
        assert named == {**shape, "name": "Other"}
        assert api.read("/broadcast/presets") == {"presets": [named]}
        assert api.read(own) == {"preset": named}
        on = {"broadcast_enabled": True, "broadcast_id": shape["id"]}
        assert api.write("PUT", place, on)["conference"]["broadcast"].endswith(shape["id"])
        assert api.write("DELETE", own) == {"id": shape["id"]}
        assert api.read(place)["conference"]["broadcast_id"] is None
        assert reasons(api.call("GET", own))[1] == {("presetNotFound", "preset_id")}

    @pytest.mark.parametrize(
        ("kind", "payload", "location"),
        [
            ("youtube", {"stream_url": "x"}, "payload.stream_key"),
            ("manualPull", {"audio_codec": "OGG", "video_codec": "H264"}, "payload.audio_codec"),
            ("cdnvideo", {"username": "u", "password": "p", "x": 1}, "payload.x"),
            ("wowzaServer", {"host_server": "h", "application": "a", "host_port": 0}, "host_port"),
            ("smoke", {}, "type"),
        ],
    )
    def test_wrong_presets(self, server, api, kind, payload, location):
        server.refuses_extra_fields = True
        answer = api.call(
            "POST", "/broadcast/presets", {"name": "P", "type": kind, "payload": payload}
        )
        status, found = reasons(answer)
        assert status == 400
        assert any(where.endswith(location) for _, where in found)

    def test_templates(self, server, api, clock):
        server.refuses_extra_fields = True
        made = {"name": "Public", "object": {"topic": "T", "type": 3, "owner": OWNER}}
        shape = api.write("POST", "/templates/conferences", made)["template"]
        assert len(shape["id"]) == 8
        assert shape["object"] == made["object"]
        own = f"/templates/conferences/{shape['id']}"
        clock.pass_by(hours=1)
        changed = api.write("PUT", own, {"name": "Other"})["template"]
        assert changed["updated_at"] - changed["created_at"] == 3600
        assert api.read(own) == {"template": changed}
        api.write("POST", "/templates/conferences", {**made, "name": "Again"})
        sorted_by = "/templates/conferences?sort_by=name&sort_type="
        for order, names in (("asc", ["Again", "Other"]), ("desc", ["Other", "Again"])):
            listed = api.read(f"{sorted_by}{order}")["templates"]
            assert [one["name"] for one in listed] == names
        assert api.call("GET", "/templates/conferences?sort_by=colour").status == 400
        for value, expected in (
            ({"name": "N"}, (400, {("missingRequiredField", "object")})),
            ({**made, "object": {"colour": 1}}, (400, {("unknownField", "object.colour")})),
            ({**made, "object": {"owner": "x"}}, (404, {("userNotFound", "object.owner")})),
        ):
            answer = api.call("POST", "/templates/conferences", value)
            assert reasons(answer) == expected
        assert api.write("DELETE", own) == {"id": shape["id"]}
        assert api.call("GET", own).status == 404
