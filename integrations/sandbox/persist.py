"""Keep the sandbox's state in one JSON file."""

from __future__ import annotations

import json
import logging
import os
import tempfile
import threading
from pathlib import Path
from typing import Any

from integrations.sandbox.world import PLATFORMS, World

log = logging.getLogger(__name__)

VERSION = 1
# Changes come in bursts; one write serves a burst.
PAUSE_SECONDS = 0.15


class StateUnreadable(Exception):
    """The state file cannot be used; the text says so to a person."""


class Keeper:
    """Loads the file at once, then saves after changes from a thread of its own."""

    def __init__(self, world: World, path: Path) -> None:
        self.world = world
        self.path = path
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        if path.exists():
            self._load()
        else:
            world.platforms()

    def start(self) -> None:
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, name="sandbox-keeper", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self.world.touch()
        if self._thread:
            self._thread.join()
        self.save()

    def save(self) -> None:
        """Replace the file in one step, so that a crash leaves the old one or the new one."""
        with self.world.lock:
            text = json.dumps(dump(self.world))
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=self.path.parent, prefix=self.path.name)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(self.path)

    def _run(self) -> None:
        while not self._stop.is_set():
            self.world.changed.wait()
            self._stop.wait(PAUSE_SECONDS)
            self.world.changed.clear()
            try:
                self.save()
            except OSError as error:
                log.warning("The sandbox's state could not be saved: %s", error)

    def _load(self) -> None:
        try:
            load(self.world, json.loads(self.path.read_text("utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise StateUnreadable(
                f"The sandbox's state file {self.path} cannot be read ({error}). "
                "Remove it to start over with the seed world."
            ) from error


def dump(world: World) -> dict[str, Any]:
    """All accounts of all platforms, with their made-up credentials. Call under the lock."""
    platforms = {
        platform.slug: {
            label: {"credentials": account.credentials, **account.store.dump()}
            for label, account in platform.accounts.items()
        }
        for platform in world.platforms()
    }
    return {"version": VERSION, "saved_at": world.now().isoformat(), "platforms": platforms}


def load(world: World, saved: dict[str, Any]) -> None:
    """Put saved accounts in the place of the seed world; platforms not saved stay seeded."""
    if saved["version"] != VERSION:
        raise ValueError("another version wrote it")
    for slug, accounts in saved["platforms"].items():
        if slug not in PLATFORMS:
            continue
        platform = world.platform(slug)
        for label, account in accounts.items():
            kept = platform.accounts.get(label) or platform.add_account(
                label, **account["credentials"]
            )
            kept.store.load(account)
