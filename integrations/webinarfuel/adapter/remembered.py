"""What was read from the platform serves the next question of the same sync, for a while."""

import threading
import time
from dataclasses import dataclass, field
from typing import Generic, TypeVar

# So many seconds: longer than a sync needs, shorter than people wait to see a change of theirs.
REMEMBERED_FOR = 600.0
T = TypeVar("T")


@dataclass(slots=True)
class Remembered(Generic[T]):
    """Values by key that are forgotten after a while; at `most` so many, the latest ones.

    Lists that are read ahead put theirs in at the same time, each by a thread of its own.
    """

    most: int | None = None
    _kept: dict[str, tuple[float, T]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, key: str, value: T) -> None:
        """Remember a value from now on."""
        with self._lock:
            self._kept.pop(key, None)
            self._kept[key] = (time.monotonic(), value)
            if self.most is not None and len(self._kept) > self.most:
                del self._kept[next(iter(self._kept))]

    def get(self, key: str) -> T | None:
        """The value, unless it was never read or that is too long ago."""
        since, value = self._kept.get(key, (0.0, None))
        return value if value is not None and time.monotonic() - since < REMEMBERED_FOR else None

    def drop(self, key: str) -> None:
        """Forget a value, since something has changed there."""
        with self._lock:
            self._kept.pop(key, None)
