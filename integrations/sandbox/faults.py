"""Faults that can be switched on and off while the sandbox runs."""

from __future__ import annotations

import itertools
import random
import threading
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from typing import Any

KINDS = {
    "slow": "Wait before answering",
    "rate_limited": "429 Too Many Requests",
    "server_error": "500 Internal Server Error",
    "unavailable": "503 Service Unavailable",
    "cut_before": "Cut the line before acting",
    "cut_after": "Act, then cut the line",
    "html": "200 with an HTML login page",
    "truncated": "JSON cut short, length agreeing",
    "short_body": "Body shorter than its length",
    "empty_list": "Empty lists",
    "wrong_key": "401 Unauthorized",
    "drip": "One byte a second",
}
# Words under which people look for the same thing.
ALIASES = {
    "429": "rate_limited",
    "500": "server_error",
    "503": "unavailable",
    "401": "wrong_key",
    "cut_before_acting": "cut_before",
    "cut_after_acting": "cut_after",
    "truncated_json": "truncated",
    "wrong_length": "short_body",
    "cut_body": "short_body",
    "empty": "empty_list",
}
WAITS = ("slow", "drip")
# What stops a request before the platform acts; `acts=True` lets it act first.
INSTEAD = ("rate_limited", "server_error", "unavailable", "html", "wrong_key", "cut_before")


@dataclass
class Fault:
    """What goes wrong, and for which requests.

    Empty `platform`, `account`, `method` or `path` mean any. `path` is a shell pattern against
    the path below the platform's mount, as sent (`/v1/conferences/*`; `*` crosses slashes). The
    first `skip` matching requests pass; then `count` requests are hit (None: until switched
    off), each with `probability`. `seconds` is the wait of `slow` (before answering) and `drip`
    (between two bytes), `retry_after` the seconds that a 429 or 503 names (None: no header).
    `acts` makes a 429, 500, 503, 401 or HTML answer come after the platform has acted.
    """

    kind: str
    platform: str = ""
    account: str = ""
    method: str = ""
    path: str = ""
    count: int | None = None
    skip: int = 0
    probability: float = 1.0
    seconds: float = 1.0
    retry_after: int | None = 30
    acts: bool = False
    id: int = 0
    hits: int = 0

    def matches(self, platform: str, account: str, method: str, path: str) -> bool:
        return (
            self.platform in ("", platform)
            and self.account in ("", account)
            and self.method.upper() in ("", method)
            and (not self.path or fnmatchcase(path, self.path))
        )

    def describe(self) -> dict[str, Any]:
        return asdict(self)


class Faults:
    """The faults that are on. Safe to use from any thread."""

    def __init__(self, seed: int = 1) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._ids = itertools.count(1)
        self._random = random.Random(seed)  # noqa: S311  repeatable mishaps, not secrets

    def add(self, kind: str, **options: Any) -> Fault:
        """Switch a fault on; raises ValueError for an unknown kind or option."""
        known = ALIASES.get(kind, kind)
        if known not in KINDS:
            raise ValueError(f"There is no fault called {kind!r}. Known: {', '.join(KINDS)}.")
        try:
            fault = Fault(known, **options)
        except TypeError:
            raise ValueError(f"A fault has no such option: {', '.join(options)}.") from None
        with self._lock:
            fault.id = next(self._ids)
            self._faults.append(fault)
        return fault

    def remove(self, fault_id: int) -> bool:
        with self._lock:
            kept = [fault for fault in self._faults if fault.id != fault_id]
            found = len(kept) < len(self._faults)
            self._faults = kept
        return found

    def clear(self) -> None:
        with self._lock:
            self._faults = []

    def active(self) -> list[Fault]:
        with self._lock:
            return list(self._faults)

    def take(self, platform: str, account: str, method: str, path: str) -> list[Fault]:
        """The faults that hit this request: every wait, and the first of the others."""
        with self._lock:
            hit: list[Fault] = []
            for fault in self._faults:
                outcome_chosen = any(other.kind not in WAITS for other in hit)
                if fault.kind not in WAITS and outcome_chosen:
                    continue
                if fault.matches(platform, account, method, path) and self._strikes(fault):
                    hit.append(fault)
            self._faults = [fault for fault in self._faults if fault.count != 0]
        return hit

    def _strikes(self, fault: Fault) -> bool:
        if fault.skip > 0:
            fault.skip -= 1
            return False
        if fault.probability < 1 and self._random.random() >= fault.probability:
            return False
        fault.hits += 1
        if fault.count is not None:
            fault.count -= 1
        return True
