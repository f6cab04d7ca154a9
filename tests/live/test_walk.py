"""The walk itself, tried on the emulators, and what its recorder lets through."""

import json
from pathlib import Path
from typing import Any

import pytest

from integrations import registry
from integrations.base.records import Kind
from tests.contract.worlds import world
from tests.live import recorder, walk


@pytest.mark.parametrize("slug", registry.slugs())
def test_the_walk_reads_all_that_is_offered_and_leaves_nothing(
    slug: str, sandbox: Any, tmp_path: Path
) -> None:
    sandbox.reset(seeded=True)
    place = world(slug, sandbox)
    adapter = registry.room(slug).open(place.connection())
    with recorder.recording(slug, tmp_path) as heard:
        before = walk.read(adapter)
        wrote = walk.throw_away(adapter)
    after = {
        record.external_id for page in adapter.list_all(Kind.CONFERENCE) for record in page.records
    }
    adapter.close()
    assert before[Kind.CONFERENCE]
    assert after == {record.external_id for record in before[Kind.CONFERENCE]}
    assert wrote == adapter.capabilities.kind(Kind.CONFERENCE).create.offered
    kept = list((tmp_path / slug).glob("*.json"))
    assert 0 < len(kept) <= len(set(heard))
    for file in kept:
        text = file.read_text()
        assert "@" not in text.replace("person@example.com", "")
        assert place.key not in text
        assert set(json.loads(text)) == {"source", "year", "operation", "answer"}


def test_a_recording_keeps_the_shape_and_nobody() -> None:
    answer = {
        "id": 123456,
        "uid": "7823916",
        "email": "ann@real.example.net",
        "name": "Ann Real",
        "status": "active",
        "url": "https://real.example.net/?token=abc",
        "starts_at": "2026-11-17T19:15:00+03:00",
        "rating": None,
        "open": True,
        "seconds": 12.5,
        "fields": {"First Name": "Ann", "E-mail": "ann@real.example.net"},
        "tags": ["vip"],
    }
    told = recorder.replaced(answer)
    assert told == {
        "id": 1000 + 123456 % 9000,
        "uid": "1111111",
        "email": "person@example.com",
        "name": "made up",
        "status": "active",
        "url": "https://platform.example/made-up",
        "starts_at": "2026-11-17T19:15:00+03:00",
        "rating": None,
        "open": True,
        "seconds": 12.5,
        "fields": {"made up 0": "made up", "made up 1": "person@example.com"},
        "tags": ["made up"],
    }
