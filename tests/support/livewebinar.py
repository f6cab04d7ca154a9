"""LiveWebinar's payloads for tests: the document's own words, and variations of them."""

import json
from pathlib import Path
from typing import Any

from integrations.base.adapter import Adapter, Connection
from integrations.base.records import Draft, Kind, Record
from integrations.base.tokens import MemoryTokens
from integrations.livewebinar.adapter import ROOM
from integrations.livewebinar.mapping.rooms import Places
from integrations.livewebinar.mapping.widget import decode, widget_in

FIXTURES = Path(__file__).parent.parent / "fixtures" / "livewebinar"
AT = Places("https://app.livewebinar.com", "https://embed.archiebot.com")
CREDENTIALS = {"client_id": "33385", "client_secret": "a-very-secret-word"}


def example(name: str) -> Any:
    """An example answer, parsed anew."""
    return json.loads((FIXTURES / f"{name}.json").read_text())


def room(**changes: Any) -> Record:
    """The example's room with some values replaced."""
    return decode(widget_in({"data": {**example("widget")["data"], **changes}}), AT)


def room_without(*names: str) -> Record:
    """The example's room with some attributes left out."""
    payload = example("widget")["data"]
    return decode(widget_in({k: v for k, v in payload.items() if k not in names}), AT)


def draft(**fields: Any) -> Draft:
    """A scheduled conference of ours."""
    scheduled = {
        "title": "Autumn tour",
        "starts_at": "2026-11-02T13:00:00Z",
        "duration_minutes": 80,
        "timezone": "Europe/Warsaw",
    }
    return Draft(Kind.CONFERENCE, {**scheduled, **fields})


def tokens(**stored: Any) -> MemoryTokens:
    """A store that holds a token of the account with CREDENTIALS."""
    return MemoryTokens({"access_token": "good", "owner": "server 33385", **stored})


def opened(base_url: str, **options: Any) -> Adapter:
    """An adapter with a good token, for a server that answers anything."""
    return ROOM.open(Connection(base_url, CREDENTIALS, options, tokens=tokens()))
