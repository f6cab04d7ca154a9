"""An adapter and its platform's world, by the `slug` of the test."""

from collections.abc import Iterator
from typing import Any

import pytest

from integrations import registry
from integrations.base.adapter import Adapter
from tests.contract.worlds import world


@pytest.fixture
def place(slug: str, sandbox: Any) -> Any:
    return world(slug, sandbox)


@pytest.fixture
def adapter(slug: str, place: Any) -> Iterator[Adapter]:
    opened = registry.room(slug).open(place.connection())
    yield opened
    opened.close()
