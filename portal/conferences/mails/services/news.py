"""What a message tells: the values that a calendar entry shows, and what became of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.dateformat import format as shaped

from integrations.base.records import parse_instant
from portal.conferences.fields import NOTIFIED_FIELDS, canonical
from portal.conferences.models import Conference

_TIME = NOTIFIED_FIELDS - {"title"}  # one line tells of them together
ALWAYS_OPEN = "The room is always open."
# Field -> the value before and the value after; instants as the records write them.
Changes = Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class NewsLine:
    """One thing that has changed, in the words of the message: times by the conference's clock."""

    label: str
    old: str
    new: str


def shown(conference: Conference) -> dict[str, Any]:
    """The values that people are told of, as JSON."""
    return {name: canonical(getattr(conference, name)) for name in sorted(NOTIFIED_FIELDS)}


def worth_telling(changes: Mapping[str, Any] | None) -> dict[str, tuple[Any, Any]]:
    """Those of the changes that people must hear of, as JSON; `changes` holds (old, new) pairs."""
    return {
        name: (canonical(pair[0]), canonical(pair[1]))
        for name, pair in (changes or {}).items()
        if name in NOTIFIED_FIELDS and canonical(pair[0]) != canonical(pair[1])
    }


def between(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The changes that lead from one state to another, both as `changes.snapshot` writes them."""
    return worth_telling({n: (before.get(n), after.get(n)) for n in after if n in NOTIFIED_FIELDS})


def with_values(conference: Conference, values: Mapping[str, Any]) -> Conference:
    """The conference as it would be with other values; the row itself is not touched."""
    kept = {f.attname: getattr(conference, f.attname) for f in Conference._meta.concrete_fields}
    other = Conference(**kept)
    for name, value in values.items():
        instant = name == "starts_at" and isinstance(value, str)
        setattr(other, name, parse_instant(value) if instant else value)
    if "account" in conference._state.fields_cache:
        other.account = conference.account
    return other


def lines(conference: Conference, old: Mapping[str, Any]) -> list[NewsLine]:
    """What is different from the `old` values (those alone that changed), old and new."""
    was = with_values(conference, old)
    found = []
    if was.title != conference.title:
        found.append(NewsLine("Title", was.title, conference.title))
    if _TIME & old.keys() and (before := when(was)) != (now := when(conference)):
        found.append(NewsLine("Time", before or ALWAYS_OPEN, now or ALWAYS_OPEN))
    return found


def when(conference: Conference) -> str:
    """Start and end by the conference's own clock, with the distance from UTC; empty without.

    Where the clocks change in between, both distances are named: one hour must not read as none.
    """
    if conference.starts_at is None:
        return ""
    zone = zone_of(conference)
    start, ends_at = conference.starts_at.astimezone(zone), conference.ends_at
    end = ends_at.astimezone(zone) if ends_at else start
    first, last = shaped(start, "l, j F Y, H:i"), _end(start, end)
    place = zone.key.replace("_", " ")
    if start.utcoffset() != end.utcoffset():
        return f"{first} ({_distance(start)}) to {last} ({_distance(end)}), {place}"
    until = f" to {last}" if ends_at else ""
    return f"{first}{until} ({place}, {_distance(start)})"


def short_when(conference: Conference) -> str:
    """The start alone, as it fits into a subject: "Thu 3 Dec 14:00"; empty without."""
    if conference.starts_at is None:
        return ""
    return shaped(conference.starts_at.astimezone(zone_of(conference)), "D j M H:i")


def zone_of(conference: Conference) -> ZoneInfo:
    """The conference's zone; UTC where its name is unknown here."""
    try:
        return ZoneInfo(conference.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def _distance(moment: datetime) -> str:
    return f"UTC{moment.isoformat()[-6:]}"


def _end(start: datetime, end: datetime) -> str:
    return shaped(end, "H:i" if end.date() == start.date() else "l, j F Y, H:i")
