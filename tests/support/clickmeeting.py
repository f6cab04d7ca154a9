"""ClickMeeting's payloads for tests: the document's own examples, and variations of them."""

import json
from pathlib import Path
from typing import Any

from integrations.base.reading import Row, rows
from integrations.base.records import Draft, Kind, Record
from integrations.clickmeeting.mapping.conference import conference_in, decode
from integrations.clickmeeting.payloads import PLATFORM

FIXTURES = Path(__file__).parent.parent / "fixtures" / "clickmeeting"


def example(name: str) -> Any:
    """An example answer of the document, parsed anew."""
    return json.loads((FIXTURES / f"{name}.json").read_text())


def example_rows(name: str, what: str) -> list[Row]:
    """An example listing of the document as rows."""
    return rows(example(name), what, PLATFORM)


def room(**changes: Any) -> Record:
    """The document's scheduled room with some values replaced (None: taken out)."""
    payload = {**example("created")["room"], **changes}
    return decode(conference_in({k: v for k, v in payload.items() if v is not None}))


def draft(**fields: Any) -> Draft:
    """A scheduled conference of ours."""
    scheduled = {
        "title": "Autumn tour",
        "starts_at": "2026-11-02T13:00:00Z",
        "duration_minutes": 80,
        "timezone": "Europe/Warsaw",
    }
    return Draft(Kind.CONFERENCE, {**scheduled, **fields})
