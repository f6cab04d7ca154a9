"""Times as staff read them: in the viewer's zone, with the webinar's own zone beside it."""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince

SHAPES = {
    "long": ("D j M Y", "H:i"),
    "short": ("j M", "H:i"),
    "date": ("D j M Y", ""),
    "time": ("", "H:i"),
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
    day, clock = SHAPES[style]
    if style == "short" and local.year != timezone.now().astimezone(local.tzinfo).year:
        day = "j M Y"
    return ", ".join(date_format(local, shape, use_l10n=False) for shape in (day, clock) if shape)


def elsewhere(instant: datetime, here: datetime, zone: str | tzinfo | None) -> str:
    """The clock in the other zone ("08:00 in New York"); empty where both clocks agree."""
    there_zone = zone_named(zone)
    if there_zone is None:
        return ""
    there = instant.astimezone(there_zone)
    if there.utcoffset() == here.utcoffset():
        return ""
    day = f"{date_format(there, 'D', use_l10n=False)} " if there.date() != here.date() else ""
    place = str(there_zone).rsplit("/", 1)[-1].replace("_", " ")
    return f"{day}{date_format(there, 'H:i', use_l10n=False)} in {place}"


def ago(instant: datetime) -> str:
    """How long ago or how soon, in one unit ("5 minutes ago", "in 2 hours", "just now")."""
    now = timezone.now()
    if abs((now - instant).total_seconds()) < 60:
        return "just now"
    if instant < now:
        return f"{timesince(instant, now, depth=1)} ago"
    return f"in {timesince(now, instant + timedelta(seconds=30), depth=1)}"


def machine(instant: datetime) -> str:
    """The value of ``datetime=``: UTC, ISO 8601, to the second."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
