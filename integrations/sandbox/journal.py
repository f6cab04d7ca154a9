"""What was asked and what was answered, without secrets."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from integrations.sandbox.forms import Pairs

SECRET_HEADERS = {"x-api-key", "authorization", "proxy-authorization", "cookie"}
SECRET_FIELDS = {"password", "client_secret", "access_token", "refresh_token", "api_key", "key"}
HIDDEN = "(hidden)"


@dataclass
class Entry:
    """One received request. `status` is None while it is served and where the line was cut.

    `faults` names the faults that hit it; `acted` says whether the platform did anything.
    """

    at: datetime
    platform: str
    account: str
    method: str
    path: str
    query: Pairs = field(default_factory=list)
    form: Pairs = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    status: int | None = None
    faults: list[str] = field(default_factory=list)
    acted: bool = False

    def describe(self) -> dict[str, Any]:
        return {**asdict(self), "at": self.at.isoformat()}


class Journal:
    """The last requests, oldest first. Iterates, counts and indexes like a list."""

    def __init__(self, keep: int = 5000) -> None:
        self._lock = threading.Lock()
        self._entries: deque[Entry] = deque(maxlen=keep)

    def add(self, entry: Entry) -> None:
        with self._lock:
            self._entries.append(entry)

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()

    def matching(self, method: str = "", path: str = "*", account: str = "") -> list[Entry]:
        """Entries by method, shell pattern of the path below the mount, and account."""
        return [
            entry
            for entry in self
            if method in ("", entry.method)
            and fnmatchcase(entry.path, path)
            and account in ("", entry.account)
        ]

    def __iter__(self) -> Iterator[Entry]:
        with self._lock:
            return iter(list(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, index: int) -> Entry:
        with self._lock:
            return list(self._entries)[index]


def without_secrets(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in SECRET_HEADERS}


def hide_secret_fields(pairs: Pairs) -> Pairs:
    return [(name, HIDDEN if name in SECRET_FIELDS else value) for name, value in pairs]
