"""Time out and time in: wall time in a zone on the way there, a UNIX integer on the way back.

[seen: README]
"""

import re
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from integrations.base.errors import refused
from integrations.base.reading import Row
from integrations.base.records import instant, parse_instant
from integrations.base.texts import _
from integrations.livewebinar.payloads import PLATFORM

TWICE = _(
    "On that night the clocks go back, and LiveWebinar cannot be told the second of the two hours. "
    "Please choose another time, or another time zone."
)


def zone_of(name: str | None) -> ZoneInfo | None:
    """The zone of that name; None where no one knows it."""
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None


def wall_time(moment: str, zone: ZoneInfo) -> str:
    """A canonical instant as `Y-m-d H:i:s` in the zone.

    Where clocks go back an hour comes twice. Wall time alone means the first of them; the second
    cannot be said. Raises RequestRejected for it rather than start an hour early.
    """
    local = parse_instant(moment).astimezone(zone)
    if local.fold:
        raise refused(PLATFORM, "starts_at", TWICE)
    return local.strftime("%Y-%m-%d %H:%M:%S")


def moment_in(row: Row, name: str, zone: tzinfo = UTC) -> str | None:
    """An instant out of a UNIX integer; text is wall time in `zone` unless it has an offset."""
    value = row.value.get(name)
    if isinstance(value, str) and not re.fullmatch(r"\s*-?[0-9]+\s*", value):
        return row.moment(name, zone)
    seconds = row.whole(name)
    if not seconds:
        return None
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        raise row.broken(name) from None
    if not 1900 <= moment.year <= 9000:
        raise row.broken(name)
    return instant(moment)
