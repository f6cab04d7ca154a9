"""MyOwnConference's payloads for tests: the document's own examples, and variations of them."""

import json
import socket
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from integrations.base.records import Draft, Kind
from integrations.myownconference.mapping.zone import EUROPEAN_UNION, WINTER, profile_zone
from tests.support import rawserver

FIXTURES = Path(__file__).parent.parent / "fixtures" / "myownconference"
ALIAS = "xzkh-velf-xbek-wner"
# The clock of Berlin and Warsaw, as the profile tells it by default.
ZONE = profile_zone(60, True, WINTER, EUROPEAN_UNION)


def example(name: str, /, **changes: Any) -> Any:
    """An example answer of the document, parsed anew, with some values of it replaced."""
    found = json.loads((FIXTURES / f"{name}.json").read_text())
    return {**found, **changes} if changes else found


def says(response: Any) -> bytes:
    """A whole answer with this response."""
    return json.dumps({"request": {"action": "x", "params": []}, "response": response}).encode()


def scripted(answers: dict[str, Any]) -> Any:
    """A server that answers each command with what is said of it here."""

    def handler(connection: socket.socket, request: bytes) -> None:
        body = request.partition(b"\r\n\r\n")[2].decode()
        action = json.loads(dict(parse_qsl(body))["request"])["action"]
        rawserver.says(says(answers[action]))(connection, request)

    return rawserver.raw_server(handler)


def webinar(**fields: Any) -> Draft:
    """A conference of ours."""
    plan = {"title": "Tour", "starts_at": "2027-07-01T08:00:00Z", "duration_minutes": 60}
    return Draft(Kind.CONFERENCE, {**plan, **fields})


def person(alias: str | None, email: str = "ann@example.com") -> Draft:
    """A registration of ours."""
    named = {"email": email, "first_name": "Ann", "last_name": "Lee"}
    return Draft(Kind.REGISTRATION, named, parent_id=alias)
