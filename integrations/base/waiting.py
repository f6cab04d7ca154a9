"""How long a platform asks us to wait."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_WAIT = 3600.0


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds to wait by `Retry-After` (seconds or a date) or `RateLimit-Reset`, capped at 1 h.

    `RateLimit-Reset` is a UNIX time [document, Rate Limits] or, where small, seconds.
    A date is counted from the answer's own `Date`, so that two clocks need not agree; where it has
    none, from `now` (without: this machine's clock).
    """
    now = _date(headers.get("Date", "")) or now or datetime.now(UTC)
    said = headers.get("Retry-After", "").strip()
    if said.isdecimal():
        return min(float(said), LONGEST_WAIT)
    if until := _date(said):
        return _within((until - now).total_seconds())
    reset = headers.get("RateLimit-Reset", "").strip()
    if reset.isdecimal():
        moment = float(reset)
        return _within(moment - now.timestamp() if moment > 10**8 else moment)
    return None


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _within(seconds: float) -> float:
    return min(max(seconds, 0.0), LONGEST_WAIT)
