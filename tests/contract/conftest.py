"""An adapter and its platform's world, by the `slug` of the test."""

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from integrations import registry
from integrations.base.adapter import Adapter
from integrations.base.errors import PlatformError
from integrations.base.texts import Said
from tests.contract.worlds import world


@pytest.fixture
def place(slug: str, sandbox: Any) -> Any:
    return world(slug, sandbox)


@pytest.fixture
def adapter(slug: str, place: Any) -> Iterator[Adapter]:
    opened = registry.room(slug).open(place.connection())
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def untranslatable(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Whatever a room says of what went wrong is a sentence that can be translated."""
    plain: list[str] = []
    made = PlatformError.__init__

    def init(self: PlatformError, message: str, **details: Any) -> None:
        if message and not isinstance(message, Said) and _of_a_room(sys._getframe(1)):
            plain.append(message)
        made(self, message, **details)

    monkeypatch.setattr(PlatformError, "__init__", init)
    yield plain
    assert not plain


def _of_a_room(frame: Any) -> bool:
    """Whether an error is made by a room, be it through a helper of `base.errors`."""
    while frame and frame.f_globals.get("__name__") == PlatformError.__module__:
        frame = frame.f_back
    return bool(frame) and str(frame.f_globals.get("__name__")).startswith("integrations.")
