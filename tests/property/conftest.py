"""The modelled platform stands in the registry while a property test runs, and no longer."""

import pytest

from integrations import registry
from portal.sync import outbound


@pytest.fixture(autouse=True)
def asked_each_time(monkeypatch):
    """The modelled platforms answer at once: whether something is due is asked at each step."""
    monkeypatch.setattr(outbound, "ASK_EVERY", 0.0)
    monkeypatch.setattr(outbound, "ASK_WITHIN", 0.0)


@pytest.fixture(autouse=True)
def model_room():
    registry.ROOMS["model"] = "tests.property.modelroom"
    yield
    del registry.ROOMS["model"]
