"""The seed world is believable, made up, and the same every time."""

from __future__ import annotations

import json
import time
from datetime import datetime, timedelta

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.people import PEOPLE
from tests.sandbox_client import RawClient


@pytest.fixture
def seeded(clock):
    with Sandbox(seed=True, now=clock).start() as running:
        yield running


def test_the_same_every_time(seeded, clock):
    again = Sandbox(seed=True, now=clock)
    for label in ("demo", "academy"):
        one, two = (json.dumps(s.store("clickmeeting", label).dump()) for s in (seeded, again))
        assert one == two


def test_the_programme(seeded, clock):
    owner, now = seeded.clickmeeting("demo"), clock()
    rooms = owner.rooms()
    starts = [datetime.fromisoformat(r["starts_at"]) for r in rooms if r["starts_at"]]
    assert 14 <= len(rooms) <= 16
    assert sum(room["permanent_room"] for room in rooms) == 2
    assert sum(room["status"] == "inactive" for room in rooms) == 2
    assert sum(start > now for start in starts) >= 5
    assert max(starts) < now + timedelta(days=36)
    assert [room["name"] for room in rooms if owner.running_session(room["id"])] == [
        "Live: questions to the test laboratory"
    ]
    assert sum(len(owner.registrations(room["id"])) >= 20 for room in rooms) >= 8
    assert max(len(owner.registrations(room["id"])) for room in rooms) == 60
    assert len(owner.store.rows("recordings")) >= 3
    assert any(v["polls"] for session in owner.store.rows("sessions") for v in session["visits"])
    assert any(session["chat"] for session in owner.store.rows("sessions"))


def test_nothing_is_dated_after_its_time(seeded, clock):
    owner, now = seeded.clickmeeting("demo"), clock().isoformat()
    for registration in owner.store.rows("registrations"):
        assert registration["registered_at"] < now
    for recording in owner.store.rows("recordings"):
        assert recording["started"] < now


def test_people_are_made_up(seeded):
    assert len({person.email for person in PEOPLE}) == len(PEOPLE) == 220
    for label in ("demo", "academy"):
        store = seeded.store("clickmeeting", label)
        for row in store.rows("registrations"):
            assert row["email"].endswith(("@example.com", "@example.org", "@example.net"))


def test_every_address_answered_leads_somewhere(seeded, follow_any):
    line = RawClient(seeded.base_url("clickmeeting"), seeded.api_key())
    for room in line.get("/conferences").json["active_conferences"]:
        for url in (room["room_url"], room["embed_room_url"], *room["recorder_list"]):
            assert follow_any(url) == 200


@pytest.fixture
def follow_any(seeded):
    line = RawClient(seeded.url)
    return lambda url: line.get(url.removeprefix(seeded.url)).status


def test_a_plain_call_is_quick(seeded):
    """Below 5 ms where the machine is idle; the bound leaves room for a busy one."""
    line = RawClient(seeded.base_url("clickmeeting"), seeded.api_key())
    times = []
    for _ in range(50):
        started = time.perf_counter()
        line.get("/conferences/active")
        times.append(time.perf_counter() - started)
    assert sorted(times)[25] < 0.025
