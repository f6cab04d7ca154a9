"""WebinarFuel for the promises that every adapter keeps."""

from datetime import timedelta
from typing import Any

from integrations.base.adapter import Adapter, Connection
from integrations.base.records import Draft, Fields, Kind
from tests.support.webinarfuel import Place

ANN = {"email": "ann@example.com", "first_name": "Ann", "last_name": "Lee"}
TAG = "vip / 100 %"
ONECLICK = "a-oneclick-key"
SOON = timedelta(hours=1)


class World:
    """One account on the sandbox, and how to bring about each kind of record on it."""

    secrets = (ONECLICK,)

    def __init__(self, sandbox: Any) -> None:
        self.sandbox = sandbox
        self._place = Place(sandbox)
        self.key = self._place.key
        self.platform = self._place.platform

    def connection(self, key: str = "") -> Connection:
        return self._place.connection(key, oneclick=f"404={ONECLICK} {self._oneclick()}".strip())

    def parent(self, adapter: Adapter, kind: Kind) -> str | None:
        """The identifier of something that such a record can belong to."""
        if kind in (Kind.CONFERENCE, Kind.ATTENDEE, Kind.GROUP):
            return None
        if kind is Kind.MEMBERSHIP:
            self.platform.add_registrant("ann@example.com", "Ann", "Lee")
            return TAG
        webinar_id, (session_id,) = self._place.webinar(SOON)
        if kind is Kind.ATTENDANCE:
            return f"{webinar_id}/{session_id}@2026-10-05T13:00:00Z"
        return webinar_id

    def draft(self, kind: Kind, parent_id: str | None) -> Draft:
        fields: dict[Kind, Fields] = {
            Kind.REGISTRATION: ANN,
            Kind.MEMBERSHIP: {"email": "ann@example.com"},
        }
        return Draft(kind, fields[kind], parent_id=parent_id)

    def changes(self, kind: Kind) -> list[Fields]:
        """Changes that are asked for one at a time."""
        assert kind is Kind.ATTENDEE
        return [
            {"first_name": "Änne <b>+</b>"},
            {"last_name": ""},
            {"phone": "+48 22 000 00 00"},
            {"first_name": "Both", "last_name": "Names", "phone": ""},
        ]

    def exist(self, adapter: Adapter, kind: Kind) -> str | None:
        """Make at least one such record be there; answers its parent."""
        if kind is Kind.CONFERENCE:
            self._place.webinar(SOON, description="A & B", time_zone="Europe/Warsaw")
            return None
        if kind in (Kind.ATTENDEE, Kind.GROUP, Kind.MEMBERSHIP):
            for name in ("ann", "bob"):
                self.platform.add_registrant(f"{name}@example.com", name, tags=["2026", TAG])
            return TAG if kind is Kind.MEMBERSHIP else None
        if kind in (Kind.SESSION, Kind.ATTENDANCE):
            webinar_id, session = self._place.attended()
            self.sandbox.requests.clear()
            return webinar_id if kind is Kind.SESSION else session
        if kind is Kind.MODERATOR:
            host = {"email": "olga@example.com", "first_name": "Olga", "organizer": True}
            return self._place.webinar(SOON, hosts=[host])[0]
        webinar_id, _ = self._place.webinar(SOON)
        self.platform.register(int(webinar_id), "ann@example.com", "Ann", "Lee")
        return webinar_id

    def action(self, adapter: Adapter, name: str) -> tuple[str, dict[str, Any]]:
        """(what it is done to, its arguments)."""
        webinar_id = self.exist(adapter, Kind.REGISTRATION) or ""
        (ann,) = self.platform.registrants()
        (viewing,) = self.platform.viewings(int(webinar_id))
        if name in ("viewings", "viewing"):
            return f"{webinar_id}/{ann['id']}", {"id": str(viewing["id"])}
        date = adapter.perform("dates", webinar_id, {})["rows"][0]["id"]
        arguments = {
            "register_for_date": {"id": date, "email": "bob@example.com"},
            "register_by_oneclick": {"email": "bob@example.com", "first_name": "Bob"},
            "join_link": {"email": "ann@example.com"},
            "new_tag": {"name": "speaker", "email": "ann@example.com"},
        }
        return webinar_id, arguments.get(name, {})

    def _oneclick(self) -> str:
        """The key of the first webinar that will be made (the action's)."""
        first = self.platform.first_ids["webinars"]
        return f"{first}=demo{self.platform.code('oneclick', first)}"
