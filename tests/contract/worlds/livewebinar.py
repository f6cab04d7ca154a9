"""LiveWebinar for the promises that every adapter keeps."""

from typing import Any

from integrations.base.adapter import Adapter, Connection
from integrations.base.records import Draft, Fields, Kind
from integrations.base.tokens import MemoryTokens
from integrations.registry import room

PASSWORD = "a-room-password"


class World:
    """One account on the sandbox, and how to bring about each kind of record on it.

    Its connections share tokens that were got beforehand, so that a call is one request.
    """

    secrets = (PASSWORD,)

    def __init__(self, sandbox: Any) -> None:
        self.platform = sandbox.account("livewebinar")
        self.credentials = sandbox.credentials("livewebinar")
        self.key = self.credentials["client_secret"]
        self.sandbox = FaultsThatFit(sandbox)
        self.base_url = sandbox.base_url("livewebinar")
        self.form = self.platform.add_form("Entry", [{"name": "company", "required": False}])
        self.tokens = MemoryTokens()
        adapter = room("livewebinar").open(self.connection())
        adapter.check()
        adapter.close()
        sandbox.requests.clear()
        self.secrets = (PASSWORD, str(self.tokens.read()["access_token"]))

    def connection(self, key: str = "") -> Connection:
        credentials = {**self.credentials, **({"client_secret": key} if key else {})}
        tokens = MemoryTokens() if key else self.tokens
        return Connection(self.base_url, credentials, {"beyond": "yes"}, tokens=tokens)

    def parent(self, adapter: Adapter, kind: Kind) -> str | None:
        """The identifier of something that such a record can belong to."""
        if kind in (Kind.CONFERENCE, Kind.ATTENDEE, Kind.GROUP):
            return None
        return adapter.create(self.draft(Kind.CONFERENCE, None)).external_id

    def draft(self, kind: Kind, parent_id: str | None) -> Draft:
        fields: dict[Kind, Fields] = {
            Kind.CONFERENCE: {
                "title": "Größe & <b>+</b> 100 %",
                "description": "First line\nsecond line; a=b&c=d",
                "starts_at": "2027-03-28T00:30:00Z",
                "duration_minutes": 75,
                "timezone": "Europe/Warsaw",
                "permanent": False,
                "access": "open",
                "options.form": self.form["id"],
            },
            Kind.MODERATOR: {"email": "host@example.com", "name": "Ann Host", "role": "host"},
            Kind.REGISTRATION: {
                "email": "ann@example.com",
                "first_name": "Ann",
                "last_name": "Lee",
            },
        }
        return Draft(kind, fields[kind], parent_id=parent_id)

    def changes(self, kind: Kind) -> list[Fields]:
        """Changes that are asked for one at a time."""
        assert kind is Kind.CONFERENCE
        return [
            {"title": "Renamed"},
            {"description": ""},
            {"starts_at": "2027-10-31T00:30:00Z"},
            {"duration_minutes": 150 * 60},
            {"timezone": "America/New_York"},
            {"access": "password", "password": PASSWORD},
            {"password": PASSWORD + "2"},
            {"access": "open"},
            {"open": False},
            {"open": True},
            {"options.form": None},
            {"options.form": self.form["id"]},
            {"title": "Both", "starts_at": "2028-01-01T10:00:00Z", "duration_minutes": 30},
            {"permanent": True, "starts_at": None, "duration_minutes": None},
            {"permanent": False, "starts_at": "2028-07-01T10:00:00Z", "duration_minutes": 45},
        ]

    def exist(self, adapter: Adapter, kind: Kind) -> str | None:
        """Make sure that some of the kind exist; answers their parent."""
        parent_id = self.parent(adapter, kind)
        if kind is Kind.RECORDING:
            self.platform.add_recording(int(parent_id or ""), seconds=1800)
            self.platform.add_recording(int(parent_id or ""), seconds=60)
            return parent_id
        for number in range(3):
            made = self.platform.add_widget(f"Webinar {number}", permanent=number == 0)
        self.platform.set_status(made["id"], "inactive")
        return parent_id

    def action(self, adapter: Adapter, name: str) -> tuple[str, dict[str, Any]]:
        """(what it is done to, its arguments)."""
        conference = self.parent(adapter, Kind.REGISTRATION) or ""
        person = {"email": "ann@example.com", "name": "Ann", "role": "presenter"}
        arguments: dict[str, dict[str, Any]] = {
            "room_links": {"nickname": "Ann", "avatar_url": ""},
            "join_link": person,
            "join_link_with_form": {**person, "answers": "company: Example Ltd"},
        }
        return ("" if name == "forms" else conference), arguments.get(name, {})


CUT_SHORT = ("truncated", "short_body")


class FaultsThatFit:
    """The sandbox, with faults as they meet a platform that hands out tokens and says 204."""

    def __init__(self, sandbox: Any) -> None:
        self._sandbox = sandbox

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sandbox, name)

    @property
    def faults(self) -> "FaultsThatFit":
        return FaultsThatFit(self._sandbox.faults)

    def add(self, kind: str, **options: Any) -> None:
        """Switch on a fault.

        Who is refused is refused at the login as well, where a new token is asked for. A deletion
        is answered without a body: there is nothing to cut short in it but the line.
        """
        if kind == "wrong_key":
            options["count"] = 2
        if kind in CUT_SHORT and "acts" in options:
            self._sandbox.add("cut_after", method="DELETE", **options)
            self._sandbox.add(kind, method="PUT", **options)
            options["method"] = "POST"
        self._sandbox.add(kind, **options)
