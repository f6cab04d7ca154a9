"""A sandbox of its own for each test, with a clock that stands still until it is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from integrations.sandbox import Sandbox
from tests.sandbox_client import RawClient


class Clock:
    """Monday 2 March 2026, 09:00 UTC."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def pass_by(self, **span: float) -> None:
        self.moment += timedelta(**span)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def sandbox(clock):
    with Sandbox(seed=False, now=clock).start() as running:
        yield running


@pytest.fixture
def owner(sandbox):
    """The platform's side of the demo account."""
    return sandbox.clickmeeting("demo")


@pytest.fixture
def api(sandbox):
    """The demo account's API, with its key."""
    return RawClient(sandbox.base_url("clickmeeting"), sandbox.api_key("clickmeeting", "demo"))


@pytest.fixture
def follow(sandbox):
    """Follow an address that an answer holds, as a browser would: without the key."""

    def visit(url):
        assert url.startswith(sandbox.url + "/")
        return RawClient(sandbox.url).get(url.removeprefix(sandbox.url))

    return visit
