"""The modelled platform stands in the registry while a property test runs, and no longer."""

import pytest

from integrations import registry


@pytest.fixture(autouse=True)
def model_room():
    registry.ROOMS["model"] = "tests.property.modelroom"
    yield
    del registry.ROOMS["model"]
