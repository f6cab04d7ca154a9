"""Times: rows and most answers hold Unix seconds; logs hold date objects; weekly times are local.

Sources: [document, Objects | Schedule] and the date objects of [document, Objects | Call].
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_STAMP = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ +T](\d\d:\d\d(?::\d\d)?))?", re.ASCII)
# Half a day and more: no zone is farther from UTC.
MOST_OFFSET = 14 * 60


def unix(moment: datetime) -> int:
    """Whole seconds of an aware time."""
    return int(moment.timestamp())


def moment(seconds: int) -> datetime:
    """UNIX seconds as a time in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def offset_minutes(seconds: int, zone: str) -> int:
    """The minutes of a zone from UTC at a moment in UNIX seconds."""
    offset = moment(seconds).astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    return int(offset.total_seconds()) // 60


def next_weekly(now: int, days: list[str], time: str, zone: str) -> int:
    """The next start, not before now, of what happens at `time` on `days` by the zone's clock."""
    hour, minute = (int(part) for part in time.split(":"))
    local = moment(now).astimezone(ZoneInfo(zone))
    for ahead in range(8):
        day = local + timedelta(days=ahead)
        start = day.replace(hour=hour, minute=minute, second=0, microsecond=0)
        if DAYS[start.weekday()] in days and unix(start) >= now:
            return unix(start)
    raise ValueError("no day is named")


def log_date(seconds: int | None, offset: int, zone: str) -> dict[str, Any] | None:
    """A time as PHP writes a DateTime into JSON: in the server's zone (type 3, a name), or at
    the offset that was asked for (type 1)."""
    if seconds is None:
        return None
    if offset:
        local = moment(seconds).astimezone(timezone(timedelta(minutes=offset)))
        sign, (hours, minutes) = "-" if offset < 0 else "+", divmod(abs(offset), 60)
        kind, name = 1, f"{sign}{hours:02d}:{minutes:02d}"
    else:
        local, kind, name = moment(seconds).astimezone(ZoneInfo(zone)), 3, zone
    return {"date": f"{local:%Y-%m-%d %H:%M:%S.%f}", "timezone_type": kind, "timezone": name}


def parse_log_date(text: str, offset: int) -> int:
    """`2018-04-12+00:00:00` at an offset in minutes; the plus may arrive as a space.

    Raises ValueError.
    """
    match = _STAMP.fullmatch(text.strip())
    if not match:
        raise ValueError("not a date")
    stamp = datetime.fromisoformat(f"{match[1]}T{match[2] or '00:00:00'}")
    return unix(stamp.replace(tzinfo=timezone(timedelta(minutes=offset))))


def file_stamp(seconds: int, zone: str) -> str:
    """As in a recording's file name: `2017-11-04_15-55-46`, by the server's clock."""
    return moment(seconds).astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d_%H-%M-%S")
