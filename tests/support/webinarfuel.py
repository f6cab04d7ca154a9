"""WebinarFuel's payloads for tests, and a programme on the sandbox."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from integrations.base.adapter import Adapter, Connection
from integrations.webinarfuel.adapter import ROOM, WebinarFuel
from integrations.webinarfuel.mapping import people, viewings

FIXTURES = Path(__file__).parent.parent / "fixtures" / "webinarfuel"
SLUG = ROOM.slug
NOW = datetime(2026, 10, 6, 12, 0, tzinfo=UTC)  # between the two dates of the example webinar


def example(name: str) -> Any:
    """An answer with the attributes that the document lists, parsed anew."""
    return json.loads((FIXTURES / f"{name}.json").read_text())


def example_webinar(**changes: Any) -> dict[str, Any]:
    """The example webinar with some values replaced (None: taken out)."""
    payload = {**example("webinar")["webinar"], **changes}
    return {name: value for name, value in payload.items() if value is not None}


def example_viewings(**changes: Any) -> list[viewings.Viewing]:
    """The example registrant sessions, all changed the same way."""
    rows = example("registrant_sessions")["sessions"]
    return [viewings.decode(viewings.viewing_in({**row, **changes})) for row in rows]


def example_people() -> dict[str, people.Person]:
    """The example registrants by their numbers."""
    rows = example("registrants")["registrants"]
    known = [people.person(people.registrant_in(row)) for row in rows]
    return {one.id: one for one in known}


class Place:
    """One account on the sandbox."""

    def __init__(self, sandbox: Any) -> None:
        self.sandbox = sandbox
        self.key = sandbox.api_key(SLUG, "demo")
        self.platform = sandbox.account(SLUG, "demo")

    def connection(self, key: str = "", oneclick: str = "", **options: str) -> Connection:
        keys = {"oneclick_keys": oneclick} if oneclick else {}
        given = {"api_key": key or self.key, **keys}
        return Connection(self.sandbox.base_url(SLUG), given, options)

    def open(self, **settings: Any) -> Adapter:
        return WebinarFuel(self.connection(**settings))

    def webinar(self, *starts: timedelta, **values: Any) -> tuple[str, list[int]]:
        """(a ready webinar, the numbers of its sessions), each starting so long from now."""
        made = self.platform.add_webinar("Autumn tour", scheduled=False, **values)
        now = datetime.now(UTC).replace(microsecond=0)
        sessions = [self.platform.add_session(made["id"], now + start) for start in starts]
        return str(made["id"]), [session["id"] for session in sessions]

    def attended(self, email: str = "ann@example.com", **values: Any) -> tuple[str, str]:
        """(a webinar, the session in which somebody was an hour ago)."""
        webinar_id, (session_id,) = self.webinar(timedelta(hours=-2), **values)
        (row,) = self.platform.start_session(session_id, [email])
        start = viewings.decode(viewings.viewing_in(self._shown(row["id"]))).starts_at
        return webinar_id, f"{webinar_id}/{session_id}@{start}"

    def _shown(self, cid: int) -> Any:
        adapter = WebinarFuel(self.connection())
        answer = adapter.client.get_registrant_session(str(cid))
        adapter.close()
        return answer
