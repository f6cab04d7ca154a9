"""Times as TrueConf writes them: UNIX seconds, or objects of date and zone in the logs."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from integrations.base.reading import Row
from integrations.base.records import instant

LATEST = 4102444800 * 50


def unix(row: Row, name: str) -> str | None:
    """An instant from UNIX seconds, also in a string; -1 and 0 say that there is none."""
    seconds = row.whole(name)
    if seconds is None or seconds in (-1, 0):
        return None
    if not 0 < seconds < LATEST:
        raise row.broken(name)
    return instant(datetime.fromtimestamp(seconds, UTC))


def logged(row: Row, name: str) -> str | None:
    """An instant from `{"date", "timezone_type", "timezone"}`; text without a zone is UTC."""
    value = row.value.get(name)
    if not isinstance(value, dict):
        return row.moment(name)
    inner = Row(value, f"{row.what}'s {name}", row.platform)
    zone = zone_of(inner.text("timezone") or "UTC")
    if zone is None:
        raise inner.broken("timezone")
    return inner.moment("date", zone)


def zone_of(name: str) -> tzinfo | None:
    """A zone by name, or by offset such as `+03:00`; None where no one knows it."""
    offset = re.fullmatch(r"([+-])(\d\d):?(\d\d)", name.strip())
    if offset:
        sign = -1 if offset[1] == "-" else 1
        minutes = sign * (int(offset[2]) * 60 + int(offset[3]))
        return timezone(timedelta(minutes=minutes)) if abs(minutes) < 1440 else None
    try:
        return UTC if name in ("Z", "UTC") else ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
