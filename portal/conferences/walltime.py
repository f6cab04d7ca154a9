"""From the clock on the wall to an instant, on all days of the year.

Twice a year that is not simple: in spring an hour is left out (a gap), in autumn one comes twice
(an overlap). Nothing here guesses: a gap has no instant, an overlap has two.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.common import zones

FIRST_YEAR, LAST_YEAR = 2000, 2100


def instants(wall: datetime, zone: str) -> list[datetime]:
    """The UTC instants at which the clocks of an IANA zone show `wall` (naive), earliest first.

    Empty in a gap, two in an overlap. Raises ZoneInfoNotFoundError for an unknown zone.
    """
    place = ZoneInfo(zone)
    found: list[datetime] = []
    for fold in (0, 1):
        moment = wall.replace(tzinfo=place, fold=fold).astimezone(UTC)
        shown = moment.astimezone(place).replace(tzinfo=None, fold=0)
        if shown == wall and moment not in found:
            found.append(moment)
    return sorted(found)


def after_gap(wall: datetime, zone: str) -> datetime:
    """The first wall time (naive) that exists after the gap in which `wall` lies."""
    place = ZoneInfo(zone)
    # Within a gap, fold=1 computes with the later offset and so lands before the change.
    moment = wall.replace(tzinfo=place, fold=1, second=0, microsecond=0).astimezone(UTC)
    offset = moment.astimezone(place).utcoffset()
    while moment.astimezone(place).utcoffset() == offset:
        moment += timedelta(minutes=1)
    return moment.astimezone(place).replace(tzinfo=None, fold=0)


def wall(moment: datetime, zone: str) -> datetime:
    """What the clocks of an IANA zone show at an instant, as a naive datetime."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def meant(moment: datetime | None, zone: str) -> dict[str, str]:
    """What is kept of a planned start (UTC): it, its zone, and what the clocks there show at it by
    the zone data of today. Empty without a start, or for a zone that nobody knows."""
    if moment is None or zone not in zones.known():
        return {}
    shown = wall(moment, zone).isoformat()
    return {"at": moment.astimezone(UTC).isoformat(), "zone": zone, "shown": shown}


def is_second(moment: datetime, zone: str) -> bool:
    """Whether the instant is the second of two at which the clocks show the same."""
    return instants(wall(moment, zone), zone)[1:] == [moment]


def offset(moment: datetime, zone: str) -> str:
    """The zone's distance from UTC at an instant: "UTC+02:00"."""
    return "UTC" + moment.astimezone(ZoneInfo(zone)).isoformat()[-6:]
