"""ClickMeeting for the promises that every adapter keeps."""

from typing import Any

from integrations.base.adapter import Adapter, Connection
from integrations.base.records import Draft, Fields, Kind

PASSWORD = "a-room-password"
MARKER = "lx0123456789"


class World:
    """One account on the sandbox, and how to bring about each kind of record on it."""

    secrets = (PASSWORD,)

    def __init__(self, sandbox: Any) -> None:
        self.sandbox = sandbox
        self.key = sandbox.api_key("clickmeeting", "demo")
        self.platform = sandbox.clickmeeting("demo")

    def connection(self, key: str = "") -> Connection:
        return Connection(
            self.sandbox.base_url("clickmeeting"),
            {"api_key": key or self.key},
            {"contacts": "yes"},
        )

    def parent(self, adapter: Adapter, kind: Kind) -> str | None:
        """The identifier of something that such a record can belong to."""
        if kind in (Kind.CONFERENCE, Kind.ATTENDEE, Kind.GROUP):
            return None
        if kind is Kind.MEMBERSHIP:
            return "no-group-exists-there"
        conference = adapter.create(self.draft(Kind.CONFERENCE, None)).external_id
        assert conference
        return self._session(conference, []) if kind is Kind.ATTENDANCE else conference

    def draft(self, kind: Kind, parent_id: str | None) -> Draft:
        fields: dict[Kind, Fields] = {
            Kind.CONFERENCE: {
                "title": "Größe & <b>+</b> 100 %",
                "description": "First line\nsecond line; a=b&c=d",
                "starts_at": "2027-03-28T00:30:00Z",
                "duration_minutes": 75,
                "timezone": "Europe/Warsaw",
                "permanent": False,
                "room_type": "webinar",
                "access": "open",
                "registration_enabled": True,
                "options.lobby_enabled": True,
                "options.show_on_personal_page": False,
                "options.thank_you_page_url": "https://example.com/?a=1&b=2",
            },
            Kind.MODERATOR: {"email": "host@example.com", "name": "Host", "role": "host"},
            Kind.ATTENDEE: {"email": "ann@example.com", "first_name": "Ann", "last_name": "Lee"},
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
        assert kind is Kind.CONFERENCE
        return [
            {"title": "Renamed"},
            {"description": ""},
            {"starts_at": "2027-10-31T00:30:00Z"},
            {"duration_minutes": 24 * 60},
            {"timezone": "America/New_York"},
            {"room_type": "meeting"},
            {"access": "token"},
            {"access": "password", "password": PASSWORD},
            {"password": PASSWORD + "2"},
            {"access": "open"},
            {"open": False},
            {"open": True},
            {"registration_enabled": False},
            {"options.lobby_enabled": False},
            {"options.show_on_personal_page": True},
            {"options.thank_you_page_url": ""},
            {"title": "Both", "starts_at": "2028-01-01T10:00:00Z", "duration_minutes": 30},
            {"permanent": True, "starts_at": None, "duration_minutes": None},
            {"permanent": False, "starts_at": "2028-02-01T10:00:00Z", "duration_minutes": 45},
        ]

    def exist(self, adapter: Adapter, kind: Kind) -> str | None:
        """Make at least one such record be there; answers its parent."""
        parent_id = self.parent(adapter, Kind.SESSION if kind is Kind.ATTENDANCE else kind)
        if kind in (Kind.SESSION, Kind.ATTENDANCE):
            session = self._session(parent_id or "", ["ann@example.com"])
            return session if kind is Kind.ATTENDANCE else parent_id
        if kind is Kind.RECORDING:
            self.platform.add_recording(int(parent_id or ""), seconds=1800)
        else:
            adapter.create(self.draft(kind, parent_id))
        return parent_id

    def action(self, adapter: Adapter, name: str) -> tuple[str, dict[str, Any]]:
        """(what it is done to, its arguments)."""
        if name in ("generate_report", "session_registrations"):
            return self.parent(adapter, Kind.ATTENDANCE) or "", {"lang": "en"}
        conference = self.parent(adapter, Kind.REGISTRATION) or ""
        if "token" in name:
            shown = adapter.get(Kind.CONFERENCE, conference)
            adapter.update(shown, {"access": "token"})
        arguments: dict[str, dict[str, Any]] = {
            "invite_by_platform": {"attendees": ["ann@example.com"], "lang": "en"},
            "join_link": {"email": "ann@example.com", "name": "Ann", "role": "listener"},
            "generate_access_tokens": {"how_many": 3},
            "registration_template": {"template": 2},
            "time_zones": {"country": "PL"},
        }
        if "file" in name or "library" in name:
            return self._file(adapter, conference, name)
        if name == "download_chat":
            session = self.platform.start_session(int(conference), [], minutes=5, chat=["Hi"])
            return conference, {"id": str(session["id"])}
        of_room = adapter.capabilities.actions[name].of is Kind.CONFERENCE
        return conference if of_room else "", arguments.get(name, {})

    def _file(self, adapter: Adapter, conference: str, name: str) -> tuple[str, dict[str, Any]]:
        target = conference if adapter.capabilities.actions[name].of else ""
        given = {"name": "a.txt", "content": b"text"}
        upload, listing = ("upload_file", "files") if target else ("upload_to_library", "library")
        if name == upload:
            return target, given
        adapter.perform(upload, target, given)
        row = adapter.perform(listing, target, {})["rows"][0]
        return target, {"id": row["id"]}

    def _session(self, conference: str, people: list[str]) -> str:
        session = self.platform.start_session(int(conference), people, minutes=30)
        self.platform.end_session(session["id"])
        return f"{conference}/{session['id']}"
