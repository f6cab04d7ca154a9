"""Times and zones: rows keep UTC as ISO 8601 text, answers show the room's own zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo, available_timezones

_STAMP = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?", re.ASCII
)
_DURATION = re.compile(r"(\d{1,2})(?::([0-5]?\d))?", re.ASCII)
MAX_MINUTES = 24 * 60


def keep(moment: datetime) -> str:
    """An aware time as rows hold it."""
    return moment.astimezone(UTC).replace(microsecond=0).isoformat()


def moment(kept: str) -> datetime:
    return datetime.fromisoformat(kept)


def shown(kept: str, zone: str) -> str:
    """A kept time in a zone, with its offset, as in `2014-08-26T10:13:27+02:00`."""
    return moment(kept).astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")


def naive_utc(kept: str) -> str:
    """As `ccc` and `recorder_started` are written: UTC, and nothing says so."""
    return moment(kept).strftime("%Y-%m-%d %H:%M:%S")


def utc_with_offset(kept: str) -> str:
    """`2016-11-21T13:50:05+00:00`, as newer keys write what older ones leave naive."""
    return shown(kept, "UTC")


def offset_seconds(kept: str, zone: str) -> int:
    offset = moment(kept).astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    return int(offset.total_seconds())


def parse_stamp(text: str, zone: str) -> datetime:
    """`Y-m-d H:i:s` in the zone, or ISO 8601 with an offset; ValueError for anything else.

    A plus sign that was not percent-encoded arrives as a space and is refused here.
    """
    if not _STAMP.fullmatch(text):
        raise ValueError("not a date and time")
    stamp = datetime.fromisoformat(text)
    if stamp.tzinfo is None:
        stamp = stamp.replace(tzinfo=ZoneInfo(zone))
    if not 1970 <= stamp.year <= 2100:
        raise ValueError("out of range")
    return stamp.astimezone(UTC)


def parse_duration(text: str) -> int:
    """Minutes from `1:20`, or from a bare number of hours; ValueError unless 1 to 1440."""
    match = _DURATION.fullmatch(text)
    if not match:
        raise ValueError("not a duration")
    minutes = int(match[1]) * 60 + int(match[2] or 0)
    if not 0 < minutes <= MAX_MINUTES:
        raise ValueError("out of range")
    return minutes


@cache
def known_zones() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def zones_by_country() -> dict[str, list[str]]:
    """ISO 2 country code -> its zones, from the time zone database's own table."""
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    countries: dict[str, list[str]] = {}
    for line in table.splitlines():
        if line and not line.startswith("#"):
            code, _, zone, *_ = line.split("\t")
            countries.setdefault(code, []).append(zone)
    return {code: sorted(zones) for code, zones in countries.items()}


def listed_zones() -> list[str]:
    return sorted({zone for zones in zones_by_country().values() for zone in zones} | {"UTC"})
