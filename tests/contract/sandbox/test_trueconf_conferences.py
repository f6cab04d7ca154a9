"""The TrueConf sandbox over real HTTP: making conferences, and their schedules."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from integrations.sandbox.trueconf.conference_fields import FIELDS
from tests.contract.sandbox.test_trueconf_sandbox import Api, by_client, reasons

OWNER = "demo.admin"
NEW = {"topic": "Spring briefing", "owner": OWNER}
ONCE = {"type": 1, "start_time": 1775030400, "duration": 5400}


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


def made(api, **more):
    return api.write("POST", "/conferences", {**NEW, **more})["conference"]


class TestCreate:
    def test_the_documented_shape(self, api):
        shape = made(api, schedule=ONCE, description="About it", type=3, tags=["a"], pin="4711")
        assert set(shape) == {field.name for field in FIELDS} - {
            "allow_guests_audio_video",
            "allow_guests_message",
        }
        assert len(shape["id"]) == 10
        assert shape["id"].isdigit()
        assert shape["schedule"] == {**ONCE, "time_offset": 120}
        assert shape["owner"] == OWNER
        assert shape["state"] == "stopped"
        assert shape["stream_id"] is None
        assert shape["participants_lock_enabled"] is None
        assert shape["invitations"] == [
            {"id": OWNER, "display_name": "Administrator", "translator": None}
        ]
        assert (shape["recording"], shape["on_join_mute_mic"]) == (0, 0)
        assert set(shape["rights"]) == {"guest", "user"}
        assert len(shape["rights"]["user"]) == 14
        assert (shape["max_participants"], shape["max_podiums"]) == (1000, 1000)
        assert shape["origin_type"] == "restfulapi"
        assert shape["deeplinks"]["default"].startswith(f"trueconf:\\c\\{shape['id']}@")
        assert shape["connect_urls"]["sip_external"] is None
        assert (shape["pin_enabled"], shape["pin"]) == (True, None)
        assert shape["created_at"] == int(datetime(2026, 3, 2, 9, tzinfo=UTC).timestamp())

    def test_an_id_of_ones_own(self, api):
        assert made(api, id="webinar_1")["id"] == "webinar_1"
        answer = api.call("POST", "/conferences", {**NEW, "id": "webinar_1"})
        assert reasons(answer) == (400, {("uniqueValueAlreadyInUse", "id")})

    def test_owner_as_login_or_as_id_for_calls(self, server, api):
        uid = f"{OWNER}@{server.server_name}"
        assert made(api, owner=uid)["owner"] == OWNER
        answer = api.call("POST", "/conferences", {**NEW, "owner": "nobody"})
        assert reasons(answer) == (404, {("userNotFound", "owner")})

    def test_texts_are_trimmed(self, api):
        assert made(api, topic="  Größe  ")["topic"] == "Größe"

    def test_all_that_is_missing_is_said(self, api):
        answer = api.call("POST", "/conferences", {})
        assert reasons(answer) == (
            400,
            {("missingRequiredField", "topic"), ("missingRequiredField", "owner")},
        )

    @pytest.mark.parametrize(
        ("field", "value", "location"),
        [
            ("topic", "", "topic"),
            ("topic", "x" * 241, "topic"),
            ("topic", ["x"], "topic"),
            ("id", "with space", "id"),
            ("id", "x" * 129, "id"),
            ("type", 2, "type"),
            ("type", "one", "type"),
            ("auto_invite", 3, "auto_invite"),
            ("recording", 2, "recording"),
            ("state", "paused", "state"),
            ("allow_guests", "maybe", "allow_guests"),
            ("tags", "a", "tags"),
            ("tags", [1], "tags"),
            ("waiting_room_scope", "few", "waiting_room_scope"),
            ("translation_flat_volume", 101, "translation_flat_volume"),
            ("join_options", ["fax"], "join_options"),
            ("transcoding", {"mixer_max_framerate": 25}, "transcoding.mixer_max_framerate"),
            ("transcoding", {"colour": 1}, "transcoding.colour"),
            (
                "participant_restrictions",
                {"video_quality": "4K"},
                "participant_restrictions.video_quality",
            ),
            ("rights", {"user": {"chat_send": "x"}}, "rights.user.chat_send"),
            ("rights", {"admin": {}}, "rights.admin"),
            ("reminders", [{"before_start": -1}], "reminders.before_start"),
            ("schedule", 5, "schedule"),
            ("schedule", {"type": 2}, "schedule.type"),
            ("schedule", {"type": 1, "duration": 60}, "schedule.start_time"),
            ("schedule", {"type": 1, "start_time": 1}, "schedule.duration"),
            ("schedule", {**ONCE, "duration": 0}, "schedule.duration"),
            ("schedule", {**ONCE, "start_time": -2}, "schedule.start_time"),
            ("schedule", {**ONCE, "days": []}, "schedule.days"),
            ("schedule", {"type": 0, "duration": 60, "time": "11:30"}, "schedule.days"),
            (
                "schedule",
                {"type": 0, "duration": 60, "time": "24:00", "days": ["monday"]},
                "schedule.time",
            ),
            (
                "schedule",
                {"type": 0, "duration": 60, "time": "9:00", "days": ["monday"]},
                "schedule.time",
            ),
            (
                "schedule",
                {"type": 0, "duration": 60, "time": "09:00", "days": ["mon"]},
                "schedule.days",
            ),
            ("registration", {"start_at": "soon"}, "registration.start_at"),
            ("registration", {"start_at": "20", "end_at": "10"}, "registration.start_at"),
            ("registration", {"limit_reached": True}, "registration.limit_reached"),
            ("broadcast_id", "nope", "broadcast_id"),
            ("invitations", {"id": "x"}, "invitations"),
            ("invitations", [{}], "invitations.id"),
            ("invitations", [{"id": OWNER, "role": 1}], "invitations.role"),
            ("nonsense", 1, "nonsense"),
        ],
    )
    def test_refuses(self, server, api, field, value, location):
        server.refuses_extra_fields = True
        answer = api.call("POST", "/conferences", {**NEW, field: value})
        status, found = reasons(answer)
        assert status in (400, 404)
        assert location in {where for _, where in found}
        assert server.conferences() == []

    @pytest.mark.parametrize(
        "field",
        [
            "created_at",
            "broadcast",
            "stream_recording_state",
            "stream_id",
            "deeplinks",
            "connect_urls",
            "pin_enabled",
            "participants_lock_enabled",
            "origin_type",
        ],
    )
    def test_read_only_fields_are_ignored_unless_a_strict_server_was_asked_for(
        self, server, api, place, field
    ):
        for method, path in (("POST", "/conferences"), ("PUT", place)):
            value = {**NEW, field: 7} if method == "POST" else {field: 7}
            server.refuses_extra_fields = False
            assert api.write(method, path, value)["conference"][field] != 7
            server.refuses_extra_fields = True
            assert reasons(api.call(method, path, value)) == (400, {("readOnlyField", field)})

    def test_what_a_get_returned_can_be_sent_back_and_loses_the_pin(self, server, api, place):
        api.write("PUT", place, {"pin": "4711"})
        shape = api.read(place)["conference"]
        assert shape["pin"] is None, "it is shown to the owner alone"
        again = api.write("PUT", place, {**shape, "colour": "red"})["conference"]
        assert again == {**shape, "pin_enabled": False}
        server.refuses_extra_fields = True
        status, found = reasons(api.call("PUT", place, shape))
        assert status == 400
        assert {("readOnlyField", "id"), ("readOnlyField", "created_at")} <= found

    def test_as_a_form(self, sandbox, api):
        """Numbers and switches arrive as texts."""
        form = {
            "topic": "By form",
            "owner": OWNER,
            "type": "3",
            "allow_guests": "1",
            "schedule[type]": "1",
            "schedule[start_time]": "1775030400",
            "schedule[duration]": "600",
            "tags[0]": "a",
        }
        sent = api.post(f"/api/v3.10/conferences?access_token={api.token}", form)
        shape = sent.json["conference"]
        once = {"type": 1, "start_time": 1775030400, "duration": 600}
        assert shape["schedule"] == {**once, "time_offset": 120}
        assert (shape["type"], shape["allow_guests"], shape["tags"]) == (3, True, ["a"])

    def test_in_the_words_of_a_public_client(self, api):
        """teachbase/true-conf sends addresses, state and time_offset along."""
        shape = made(
            api,
            schedule={**ONCE, "time_offset": 0},
            url="https://server.name/c/webinar",
            webclient_url="https://server.name/webrtc/webinar",
            state="stopped",
            max_podiums=25,
            max_participants=25,
        )
        assert urlsplit(shape["url"]).path == f"/trueconf/demo/c/{shape['id']}"
        assert (shape["max_podiums"], shape["max_participants"]) == (25, 25)

    def test_from_a_template(self, server, api):
        template = server.add_template("Public", {"topic": "From it", "type": 3, "recording": 1})
        shape = api.write(
            "POST", "/conferences", {"template_id": template["address"], "owner": OWNER}
        )["conference"]
        assert (shape["topic"], shape["type"], shape["recording"]) == ("From it", 3, 1)
        assert made(api, template_id=template["address"])["topic"] == NEW["topic"]
        answer = api.call("POST", "/conferences", {**NEW, "template_id": "gone"})
        assert reasons(answer) == (404, {("conferenceTemplateNotFound", "template_id")})


class TestSchedules:
    def test_weekly_by_the_servers_clock(self, server, api, clock):
        weekly = {"type": 0, "duration": 3600, "days": ["wednesday", "monday"], "time": "11:30"}
        shape = made(api, schedule=weekly)["schedule"]
        # Monday 2 March 2026, 09:00 UTC is 10:00 in Berlin.
        assert shape["start_time"] == int(datetime(2026, 3, 2, 10, 30, tzinfo=UTC).timestamp())
        assert (shape["time"], shape["time_offset"]) == ("11:30", 60)
        assert shape["days"] == ["monday", "wednesday"]
        clock.pass_by(days=27)
        api.token = server.credentials["secret_key"]
        (shape,) = api.read("/conferences")["conferences"]
        # The clocks have changed on Sunday 29 March.
        start = datetime(2026, 3, 30, 9, 30, tzinfo=UTC)
        assert shape["schedule"]["start_time"] == int(start.timestamp())
        assert shape["schedule"]["time_offset"] == 120
        server.zone = "Asia/Yekaterinburg"
        (shape,) = api.read("/conferences")["conferences"]
        assert shape["schedule"]["time_offset"] == 300
        server.refuses_extra_fields = True
        answer = api.call("PUT", f"/conferences/{shape['id']}", {"schedule": shape["schedule"]})
        assert reasons(answer) == (400, {("readOnlyField", "schedule.start_time")})

    def test_now_and_never(self, api, clock):
        now = int(clock().timestamp())
        shape = made(api, schedule={"type": 1, "start_time": -1, "duration": 600})
        assert shape["schedule"]["start_time"] == now
        assert made(api, schedule={"type": -1})["schedule"] == {"type": -1}
        assert made(api)["schedule"] == {"type": -1}

    def test_registration(self, server, api):
        shape = made(api, registration={"enabled": True, "start_at": 1775000000})
        registration = shape["registration"]
        assert registration["start_at"] == "1775000000"
        assert registration["end_at"] is None
        assert registration["limit_reached"] is False
        place = f"/conferences/{shape['id']}"
        limited = {"participants_limit_enabled": True, "participants_limit": 1}
        shape = api.write("PUT", place, {"registration": limited})["conference"]
        assert shape["registration"]["enabled"] is True, "the rest keeps its value"
        room = server.conferences()[0]
        server.register(room["id"], "ada@example.org", "Ada A.")
        shape = api.read(place)["conference"]
        assert shape["registration"]["limit_reached"] is True
        assert [one["id"] for one in shape["invitations"]] == [OWNER, "ada@example.org"]
