"""TrueConf Server for the promises that every adapter keeps."""

from datetime import timedelta
from typing import Any

from integrations.base.adapter import Adapter, Connection
from integrations.base.records import Draft, Fields, Kind
from integrations.trueconf.capabilities.actions import ACTIONS
from tests.support.trueconf import OWNER

PIN = "4711-secret"
MARKER = "lx0123456789"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360f8cfc000000301010018dd8db00000000049454e44ae426082"
)


class World:
    """One server on the sandbox, and how to bring about each kind of record on it."""

    secrets = (PIN,)

    def __init__(self, sandbox: Any) -> None:
        self.sandbox = sandbox
        self.key = sandbox.credentials("trueconf")["secret_key"]
        self.platform = sandbox.account("trueconf")
        self.platform.refuses_extra_fields = True  # servers ignore them; we send none

    def connection(self, key: str = "") -> Connection:
        return Connection(
            self.sandbox.base_url("trueconf"),
            {"secret_key": key or self.key},
            {"owner": OWNER, "users": "yes", "server_zone": "Europe/Berlin"},
        )

    def parent(self, adapter: Adapter, kind: Kind) -> str | None:
        """The identifier of something that such a record can belong to."""
        if kind in (Kind.CONFERENCE, Kind.ATTENDEE, Kind.GROUP):
            return None
        if kind is Kind.MEMBERSHIP:
            return adapter.create(self.draft(Kind.GROUP, None)).external_id
        if kind is Kind.ATTENDANCE:
            room = self._room(adapter)
            call = self.platform.begin_call(room["id"], self.platform.now())
            return f"{room['address']}/{call['address']}"
        conference = adapter.create(self.draft(Kind.CONFERENCE, None)).external_id
        assert conference
        return conference

    def draft(self, kind: Kind, parent_id: str | None) -> Draft:
        if kind in (Kind.MODERATOR, Kind.MEMBERSHIP):
            self._user("host", "Host")
        fields: dict[Kind, Fields] = {
            Kind.CONFERENCE: {
                "title": "Größe & <b>+</b> 100 %",
                "description": "First line\nsecond line; a=b&c=d",
                "starts_at": "2027-03-28T00:30:00Z",
                "duration_minutes": 75,
                "permanent": False,
                "room_type": "webinar",
                "access": "open",
                "registration_enabled": True,
                "options.mode": 3,
                "options.recording": True,
                "options.tags": "spring, tour",
                "options.waiting_room": True,
                "options.meeting_room": "Room 12",
            },
            Kind.MODERATOR: {"email": "host@example.com", "name": "Host", "role": "host"},
            Kind.ATTENDEE: {
                "email": "ann@example.com",
                "first_name": "Ann",
                "last_name": "Lee",
                "phone": "+48 22 000 00 00",
                "company": "Größe & Co.",
            },
            Kind.GROUP: {"name": "Größe & Co."},
            Kind.MEMBERSHIP: {"email": "host@example.com"},
            Kind.REGISTRATION: {
                "email": "ann@example.com",
                "first_name": "Ann",
                "last_name": "Lee",
            },
        }
        marker = MARKER if kind is Kind.CONFERENCE else ""
        return Draft(kind, fields[kind], parent_id=parent_id, marker=marker)

    def changes(self, kind: Kind) -> list[Fields]:
        """Changes that are asked for one at a time."""
        if kind is Kind.GROUP:
            return [{"name": "Renamed"}]
        if kind is Kind.ATTENDEE:
            return [
                {"first_name": "Anna"},
                {"last_name": "", "company": ""},
                {"phone": "1"},
                {"email": "anna@example.com"},
            ]
        assert kind is Kind.CONFERENCE
        self._user("host", "Host")
        return [
            {"title": "Renamed"},
            {"description": ""},
            {"starts_at": "2027-10-31T00:30:00Z"},
            {"duration_minutes": 24 * 60},
            {"room_type": "meeting"},
            {"room_type": "webinar"},
            {"access": "password", "password": PIN},
            {"password": PIN + "2"},
            {"title": "The PIN stays"},
            {"access": "open"},
            {"registration_enabled": False},
            {"options.owner": "host"},
            {"options.mode": 0, "options.max_participants": 100},
            {"options.recording": False, "options.mute_microphones": True},
            {"options.tags": "", "options.meeting_room": ""},
            {"options.guests_write": False},
            {"options.guests_speak": False, "options.guests_write": True},
            {"options.waiting_room_scope": "guests"},
            {"options.own_join_options": True, "options.join_options": "clients, webrtc"},
            {"title": "Both", "starts_at": "2028-01-01T10:00:00Z", "duration_minutes": 30},
            {"permanent": True, "starts_at": None, "duration_minutes": None},
            {"permanent": False, "starts_at": "2028-02-01T10:00:00Z", "duration_minutes": 45},
        ]

    def exist(self, adapter: Adapter, kind: Kind) -> str | None:
        """Make at least one such record be there; answers its parent."""
        if kind in (Kind.SESSION, Kind.ATTENDANCE):
            room = self._room(adapter)
            call = self._session(room, ["ann@example.com"])
            whole = f"{room['address']}/{call['address']}"
            return whole if kind is Kind.ATTENDANCE else room["address"]
        if kind is Kind.RECORDING:
            room = self._room(adapter)
            self.platform.add_recording(room["id"], seconds=1800)
            return str(room["address"])
        parent_id = self.parent(adapter, kind)
        adapter.create(self.draft(kind, parent_id))
        return parent_id

    def action(self, adapter: Adapter, name: str) -> tuple[str, dict[str, Any]]:
        """(what it is done to, its arguments)."""
        of = ACTIONS[name].of
        if of is None:
            return "", self._stock(name)
        if of is Kind.ATTENDEE:
            return self._person(name)
        room = self._room(adapter)
        if of is Kind.SESSION:
            call = self._session(room, ["ann@example.com"])
            return f"{room['address']}/{call['address']}", {}
        if of is Kind.REGISTRATION:
            self.platform.invite(room["id"], "ann@example.com")
            return f"{room['address']}/ann@example.com", {"name": "Ann", "languages": "en, de"}
        if name in ("download_recording", "recording_details"):
            recording = self.platform.add_recording(room["id"], seconds=60)
            if name == "recording_details":
                return room["address"], {"id": str(recording["id"])}
            return f"{room['address']}/{recording['name']}", {}
        return room["address"], self._during(room, name)

    def _during(self, room: Any, name: str) -> dict[str, Any]:
        """Arguments of what is done to a conference that runs."""
        if name in ("start", "calendar_file", "save_as_template"):
            return {"name": "From a webinar"}
        ann = self._user("ann", "Ann", online=True)
        if name == "call_people":
            return {"people": "ann@example.com"}
        running = self.platform.begin_call(room["id"], self.platform.now() - 60)
        if name == "call_in":
            return {"person": "ann"}
        self.platform.join(running["id"], ann["login_name"], at=self.platform.now() - 30)
        if name == "podium_remove":
            visit = self.platform.visits(running["id"])[-1]
            self.platform.store.change("visits", visit["id"], role=4)
        return {"id": self.platform.uid("ann"), "force": True}

    def _stock(self, name: str) -> dict[str, Any]:
        template = self.platform.add_template("Usual", {"topic": "Usual", "type": 0})
        preset = self.platform.add_preset(
            "Pull", "manualPull", {"audio_codec": "AAC", "video_codec": "H264"}
        )
        row = preset if "preset" in name else template
        return {"id": str(row["address"]), "name": "Another"}

    def _person(self, name: str) -> tuple[str, dict[str, Any]]:
        user = self._user("ann", "Ann")
        self._user("host", "Host")
        if name == "upload_avatar":
            return "ann", {"name": "a.png", "content": PIXEL}
        if name != "add_contact":
            self.platform.add_contact(user["id"], "host", "Host")
        return "ann", {"person": "host@example.com", "name": "The host", "id": "host"}

    def _user(self, login: str, name: str, **values: Any) -> Any:
        return self.platform.user(login) or self.platform.add_user(
            login, name, email=f"{login}@example.com", **values
        )

    def _room(self, adapter: Adapter) -> Any:
        conference = adapter.create(self.draft(Kind.CONFERENCE, None)).external_id
        return self.platform.by_address("conferences", conference)

    def _session(self, room: Any, people: list[str]) -> Any:
        began = self.sandbox.now() - timedelta(hours=2)
        return self.platform.start_session(room["id"], people, minutes=30, started_at=began)
