"""Times: rows keep UTC as ISO 8601 text, answers show UNIX seconds, requests bring wall time."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

_WALL = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2})?", re.ASCII)


def keep(moment: datetime) -> str:
    """An aware time as rows hold it."""
    return moment.astimezone(UTC).replace(microsecond=0).isoformat()


def moment(kept: str) -> datetime:
    return datetime.fromisoformat(kept)


def unix(kept: str | None) -> int | None:
    """A kept time as answers show it: whole seconds since 1970, or null."""
    return int(moment(kept).timestamp()) if kept else None


def local(kept: str, zone: str) -> datetime:
    return moment(kept).astimezone(ZoneInfo(zone))


def parse_wall(text: str, zone: str) -> str:
    """`Y-m-d H:i:s` on the wall of the zone, as rows keep it; ValueError for anything else.

    What answers show (a UNIX integer) is not taken: it is no wall time.
    """
    if not _WALL.fullmatch(text):
        raise ValueError("not a wall time")
    stamp = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    if not 1970 < stamp.year < 2100:
        raise ValueError("out of range")
    return keep(stamp)


@cache
def known_zones() -> frozenset[str]:
    return frozenset(available_timezones())
