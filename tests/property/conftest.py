"""The modelled platform stands in the registry while a property test runs, and no longer."""

from collections import Counter
from unittest import mock

import pytest

from integrations import registry
from portal.sync import ahead, listing, outbound


@pytest.fixture(autouse=True)
def asked_each_time(monkeypatch):
    """The modelled platforms answer at once: whether something is due is asked at each step."""
    monkeypatch.setattr(outbound, "ASK_EVERY", 0.0)
    monkeypatch.setattr(outbound, "ASK_WITHIN", 0.0)


@pytest.fixture(autouse=True)
def read_ahead(monkeypatch):
    """An account reads over three lines, or over as many as its option `lines` says. Threads take
    turns: nothing is answered before all have asked, so that each run is the same again. Answers
    how many lists were `asked` for ahead, and how many of them were `applied`."""
    counts = Counter()
    real, read = ahead.ReadAhead._next, ahead.ReadAhead._read

    def has_asked(self):
        parents = [[r for r in parent if not _is_over(r)] for parent in self._started]
        waiting = all(parent[0].waits for parent in list(filter(None, parents))[: self._lines])
        return waiting and not any(reading.abandoned for reading in self._running)

    def in_turn(self):
        self._turn.wait_for(lambda: has_asked(self))
        return real(self)

    def counted(self, reading):
        counts["asked"] += not (reading.alone or reading.abandoned)
        read(self, reading)

    def taken(self, place):
        reading = take(self, place)
        counts["applied"] += reading is not None
        return reading

    take = ahead.ReadAhead._taken
    monkeypatch.setattr(ahead.ReadAhead, "_next", in_turn)
    monkeypatch.setattr(ahead.ReadAhead, "_read", counted)
    monkeypatch.setattr(ahead.ReadAhead, "_taken", taken)
    monkeypatch.setattr(ahead, "WORTH_A_THREAD", -1.0)
    monkeypatch.setattr(ahead, "lines", lambda account: account.options.get("lines", 3))
    return counts


def _is_over(reading):
    return reading.ended or reading.alone or reading.abandoned


@pytest.fixture(autouse=True)
def large_pages_come_in_parts():
    """So that the laws hold for listings whose pages are taken in part by part."""
    with mock.patch.object(listing, "AT_ONCE", 2):
        yield


@pytest.fixture(autouse=True)
def model_room():
    registry.ROOMS["model"] = "tests.property.modelroom"
    yield
    del registry.ROOMS["model"]
