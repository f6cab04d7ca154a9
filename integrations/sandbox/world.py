"""Everything that one sandbox process holds: clock, platforms, faults, journal."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module

from integrations.sandbox.faults import Faults
from integrations.sandbox.journal import Journal
from integrations.sandbox.platform import PlatformSandbox

# Slug -> where the platform's sandbox is. A sixth platform adds one line.
PLATFORMS = {
    "clickmeeting": "integrations.sandbox.clickmeeting:ClickMeetingSandbox",
    "myownconference": "integrations.sandbox.myownconference:MyOwnConferenceSandbox",
    "webinarfuel": "integrations.sandbox.webinarfuel:WebinarFuelSandbox",
    "livewebinar": "integrations.sandbox.livewebinar:LiveWebinarSandbox",
    "trueconf": "integrations.sandbox.trueconf:TrueConfSandbox",
}

Clock = Callable[[], datetime]


class World:
    """Shared by the server's threads. Whoever reads or changes platform state holds `lock`."""

    def __init__(self, now: Clock | None = None, *, seeded: bool = True) -> None:
        self.now: Clock = now or (lambda: datetime.now(UTC))
        self.lock = threading.RLock()
        self.stopping = threading.Event()
        self.changed = threading.Event()
        self.faults = Faults()
        self.requests = Journal()
        self.site = ""
        self.seeded = seeded
        self._platforms: dict[str, PlatformSandbox] = {}

    def touch(self) -> None:
        """Say that there is something new to save."""
        self.changed.set()

    def url(self, path: str) -> str:
        """An address on this sandbox; `path` starts with a slash."""
        return f"{self.site}{path}"

    def platform(self, slug: str) -> PlatformSandbox:
        """The platform's sandbox, loaded and seeded at first use; KeyError for an unknown slug."""
        with self.lock:
            if slug not in self._platforms:
                module, _, name = PLATFORMS[slug].partition(":")
                loaded: PlatformSandbox = getattr(import_module(module), name)(self)
                self._platforms[slug] = loaded
                if self.seeded:
                    loaded.seed()
            return self._platforms[slug]

    def platforms(self) -> list[PlatformSandbox]:
        return [self.platform(slug) for slug in PLATFORMS]

    def reset(self, *, seeded: bool | None = None) -> None:
        """Start over: faults off, journal empty, platforms as at the first start."""
        with self.lock:
            if seeded is not None:
                self.seeded = seeded
            self.faults.clear()
            self.requests.clear()
            self._platforms.clear()
            self.touch()
