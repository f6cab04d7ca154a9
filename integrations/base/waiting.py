"""How long a platform asks us to wait."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_WAIT = 3600.0


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds to wait by `Retry-After` (seconds or a date) or `RateLimit-Reset`, capped at 1 h.

    `RateLimit-Reset` is a UNIX time [webinarfuel.txt, Rate Limits] or, where small, seconds.
    """
    now = now or datetime.now(UTC)
    said = headers.get("Retry-After", "").strip()
    if said.isdecimal():
        return min(float(said), LONGEST_WAIT)
    if said:
        try:
            return _within((parsedate_to_datetime(said) - now).total_seconds())
        except (ValueError, TypeError):
            pass
    reset = headers.get("RateLimit-Reset", "").strip()
    if reset.isdecimal():
        moment = float(reset)
        return _within(moment - now.timestamp() if moment > 10**8 else moment)
    return None


def _within(seconds: float) -> float:
    return min(max(seconds, 0.0), LONGEST_WAIT)
