"""The rate limit: 100 requests a minute for an account. [document, Rate Limits]"""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from integrations.sandbox.webinarfuel.refusal import Refusal

SPAN = timedelta(minutes=1)


class Window:
    """Counts an account's requests. A minute begins with the first request after the last one."""

    def __init__(self) -> None:
        self._began: datetime | None = None
        self._count = 0

    def admit(self, limit: int | None, now: datetime) -> None:
        """Raises Refusal 429, with the headers of the document, once the minute is used up."""
        if limit is None:
            return
        if self._began is None or not timedelta() <= now - self._began < SPAN:
            self._began, self._count = now, 0
        if self._count >= limit:
            raise _refused(limit, self._began + SPAN, now)
        self._count += 1


def _refused(limit: int, reset: datetime, now: datetime) -> Refusal:
    headers = {
        "RateLimit-Limit": str(limit),
        "RateLimit-Reset": str(math.ceil(reset.timestamp())),
        "Retry-After": str(max(1, math.ceil((reset - now).total_seconds()))),
    }
    return Refusal(429, "Too many requests", headers=headers)
