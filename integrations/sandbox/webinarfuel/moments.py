"""Times and zones: rows keep UTC as ISO 8601 text, answers write it with a `Z`."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

_STAMP = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})", re.ASCII
)
_FILTER = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)


def keep(moment: datetime) -> str:
    """An aware time as rows hold it."""
    return moment.astimezone(UTC).replace(microsecond=0).isoformat()


def moment(kept: str) -> datetime:
    return datetime.fromisoformat(kept)


def shown(kept: str) -> str:
    """UTC, as in `2026-03-02T18:00:00Z`."""
    return moment(kept).strftime("%Y-%m-%dT%H:%M:%SZ")


def shown_in(kept: str, zone: str) -> str:
    """The same instant by the clock of a zone, with its offset."""
    return moment(kept).astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")


def clock(hour: int, minute: int) -> str:
    """`7:00 PM`."""
    return f"{(hour - 1) % 12 + 1}:{minute:02d} {'AM' if hour < 12 else 'PM'}"


def readable(when: datetime, zone: str) -> str:
    """`Tuesday, March 3, 2026 at 7:00 PM CET`; the document calls it readable and no more."""
    local = when.astimezone(ZoneInfo(zone))
    day = f"{local:%A, %B} {local.day}, {local.year}"
    return f"{day} at {clock(local.hour, local.minute)} {local.tzname()}"


def parse(text: str) -> datetime:
    """ISO 8601 with `Z` or an offset; ValueError for anything else."""
    return _parsed(_STAMP, text)


def parse_filter(text: str) -> datetime:
    """`YYYY-MM-DDTHH:MM:SSZ` and nothing else, as the filters of registrant sessions want it."""
    return _parsed(_FILTER, text)


def _parsed(form: re.Pattern[str], text: str) -> datetime:
    if not form.fullmatch(text):
        raise ValueError("not a timestamp")
    stamp = datetime.fromisoformat(text)
    if not 1970 <= stamp.year <= 2100:
        raise ValueError("out of range")
    return stamp.astimezone(UTC)


@cache
def known_zones() -> frozenset[str]:
    return frozenset(available_timezones())
