"""Times as staff read them: in the viewer's zone, with the webinar's own zone beside it."""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.common import clock
from portal.common.dates import (
    CLOCK,
    FULL_DAY,
    SHORT_DAY,
    SHORT_DAY_OF_YEAR,
    WEEKDAY,
    written,
)

SHAPES = {
    "long": (FULL_DAY, CLOCK),
    "short": (SHORT_DAY, CLOCK),
    "date": (FULL_DAY, None),
    "time": (None, CLOCK),
}


def zone_named(zone: str | tzinfo | None) -> tzinfo | None:
    """The zone of an IANA name; None where there is none or nobody knows it."""
    if not zone or isinstance(zone, tzinfo):
        return zone or None
    try:
        return ZoneInfo(str(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def abbreviation(local: datetime) -> str:
    """CET, EST and so on; the offset ("UTC+03:00") for zones that have no letters."""
    name = local.tzname() or ""
    return name if name.isalpha() else f"UTC{local.isoformat()[-6:]}"


def shaped(local: datetime, style: str) -> str:
    """``local`` (aware, already in the zone to show) in one of the ``SHAPES``."""
    day, hours = SHAPES[style]
    if style == "short" and local.year != clock.now().astimezone(local.tzinfo).year:
        day = SHORT_DAY_OF_YEAR
    return ", ".join(written(local, shape) for shape in (day, hours) if shape is not None)


def elsewhere(instant: datetime, here: datetime, zone: str | tzinfo | None) -> str:
    """The clock in the other zone ("08:00 in New York"); empty where both clocks agree."""
    there_zone = zone_named(zone)
    if there_zone is None:
        return ""
    there = instant.astimezone(there_zone)
    if there.utcoffset() == here.utcoffset():
        return ""
    values = {
        "day": written(there, WEEKDAY),
        "clock": written(there, CLOCK),
        "place": str(there_zone).rsplit("/", 1)[-1].replace("_", " "),
    }
    if there.date() == here.date():
        return _("%(clock)s in %(place)s") % values
    return _("%(day)s %(clock)s in %(place)s") % values


def ago(instant: datetime) -> str:
    """How long ago or how soon, in one unit ("5 minutes ago", "in 2 hours", "just now")."""
    now = clock.now()
    if abs((now - instant).total_seconds()) < 60:
        return _("just now")
    if instant < now:
        return _("%(time)s ago") % {"time": timesince(instant, now, depth=1)}
    soon = timesince(now, instant + timedelta(seconds=30), depth=1)
    return pgettext("how soon", "in %(time)s") % {"time": soon}


def machine(instant: datetime) -> str:
    """The value of ``datetime=``: UTC, ISO 8601, to the second."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
