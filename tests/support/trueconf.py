"""TrueConf's payloads for tests: the document's own examples, and connections to the sandbox."""

import json
from pathlib import Path
from typing import Any

from integrations.base.adapter import Connection
from integrations.base.records import Draft, Kind, Record
from integrations.trueconf.mapping.conference import conference_in, decode

FIXTURES = Path(__file__).parent.parent / "fixtures" / "trueconf"
OWNER = "demo.admin"


def example(name: str) -> Any:
    """An example answer of the document, parsed anew."""
    return json.loads((FIXTURES / f"{name}.json").read_text())


def shown(**changes: Any) -> Record:
    """The document's conference with some values replaced (None: taken out)."""
    payload = {**example("conference"), **changes}
    return decode(conference_in({k: v for k, v in payload.items() if v is not None}))


def draft(**fields: Any) -> Draft:
    """A scheduled conference of ours."""
    scheduled = {
        "title": "Autumn tour",
        "starts_at": "2027-11-02T13:00:00Z",
        "duration_minutes": 80,
    }
    return Draft(Kind.CONFERENCE, {**scheduled, **fields})


def connection(sandbox: Any, version: str = "", **options: str) -> Connection:
    """To the sandbox's demo server, by its permanent key unless `login` says otherwise."""
    return Connection(
        sandbox.base_url("trueconf"),
        sandbox.credentials("trueconf"),
        {"owner": OWNER, "server_zone": "Europe/Berlin", **options},
        learned={"api_version": version} if version else {},
    )
