"""What a message tells: the values that a calendar entry shows, and what became of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from integrations.base.records import instant, parse_instant
from portal.common import clock
from portal.common.dates import CLOCK, DAY_AND_CLOCK, SHORT, written
from portal.conferences import repeating
from portal.conferences.fields import NOTIFIED_FIELDS, canonical
from portal.conferences.models import Conference

_TIME = NOTIFIED_FIELDS - {"title"}  # one line tells of them together
TITLE, TIME, DATES = "title", "time", "dates"
# The dates of a permanent room are kept here: no platform hears of them, but people do.
_TOLD = NOTIFIED_FIELDS | {DATES}
# Field -> the value before and the value after; instants as the records write them.
Changes = Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class NewsLine:
    """One thing that has changed, in the words of the message: times by the conference's clock."""

    label: str
    old: str
    new: str
    name: str = field(default="", compare=False)  # TITLE, TIME or DATES


def shown(conference: Conference) -> dict[str, Any]:
    """The values that people are told of, as JSON. Of a permanent room that has dates, these are
    told, and not which of them comes next."""
    names = NOTIFIED_FIELDS
    if conference.permanent:
        names = _TOLD - {"starts_at"} if conference.dates else _TOLD
    return {name: canonical(getattr(conference, name)) for name in sorted(names)}


def worth_telling(changes: Mapping[str, Any] | None) -> dict[str, tuple[Any, Any]]:
    """Those of the changes that people must hear of, as JSON; `changes` holds (old, new) pairs."""
    return {
        name: (canonical(pair[0]), canonical(pair[1]))
        for name, pair in (changes or {}).items()
        if name in _TOLD and canonical(pair[0]) != canonical(pair[1])
    }


def between(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The changes that lead from one state to another, both as `fields.snapshot` writes them."""
    return worth_telling({n: (before.get(n), after.get(n)) for n in after if n in NOTIFIED_FIELDS})


def with_values(conference: Conference, values: Mapping[str, Any]) -> Conference:
    """The conference as it would be with other values; the row itself is not touched."""
    kept = {f.attname: getattr(conference, f.attname) for f in Conference._meta.concrete_fields}
    other = Conference(**kept)
    for name, value in values.items():
        as_text = name == "starts_at" and isinstance(value, str)
        setattr(other, name, parse_instant(value) if as_text else value)
    if "account" in conference._state.fields_cache:
        other.account = conference.account
    return other


def lines(conference: Conference, old: Mapping[str, Any]) -> list[NewsLine]:
    """What is different from the `old` values (those alone that changed), old and new."""
    was = with_values(conference, old)
    found = []
    if was.title != conference.title:
        found.append(NewsLine(_("Title"), was.title, conference.title, TITLE))
    if DATES in old and not (was.dates and conference.dates):
        return [*found, *_other_sort(was, conference)]
    if _TIME & old.keys() and (before := when(was)) != (now := when(conference)):
        always = _("The room is always open.")
        name = DATES if was.dates and conference.dates else TIME
        found.append(NewsLine(_("Time"), before or always, now or always, name))
    if DATES in old:
        found += _of_dates(was, conference)
    return found


def _other_sort(was: Conference, now: Conference) -> list[NewsLine]:
    """A room that was always open has dates now, or has given them up: all at once."""
    always = _("The room is always open.")
    before, after = (repeating.dates_named(one) for one in (was, now))
    said = after or when(now) or always
    name = DATES if after else TIME
    return [NewsLine(_("Time"), before or always, said, name)] if before or after else []


def ahead(dates: Sequence[str]) -> list[str]:
    """Those of some dates (UTC, as `Conference.dates` has them) that are still to come."""
    moment = instant(clock.now())
    return sorted(at for at in dates if at > moment)


def still_news(before: Sequence[str], after: Sequence[str], now: Sequence[str]) -> bool:
    """Whether a change of dates holds, whatever became of others since."""
    gone, come = {*before} - {*after}, {*after} - {*before}
    return bool(gone - {*now} or come & {*now})


def _of_dates(was: Conference, now: Conference) -> list[NewsLine]:
    """Which dates of a permanent room were moved, left out or added, of those still to come: as
    many as went for another one are shown as moved, in order."""
    old = ahead([at for at in was.dates if at not in now.dates])
    new = ahead([at for at in now.dates if at not in was.dates])
    one, said = _("Date"), []
    for gone, come in zip_longest(old, new):
        if gone and come:
            said.append(NewsLine(one, _at(was, gone), _at(now, come), DATES))
        elif gone:
            said.append(NewsLine(one, _at(was, gone), _("does not take place"), DATES))
        else:
            said.append(NewsLine(_("One more date"), "", _at(now, come), DATES))
    return said


def _at(conference: Conference, start: str) -> str:
    """When one of its dates is."""
    return when(with_values(conference, {"starts_at": start}))


def when(conference: Conference) -> str:
    """Start and end by the conference's own clock, with the distance from UTC; empty without.

    Where the clocks change in between, both distances are named: one hour must not read as none.
    """
    if conference.starts_at is None:
        return ""
    zone = zone_of(conference)
    start, ends_at = conference.starts_at.astimezone(zone), conference.ends_at
    end = ends_at.astimezone(zone) if ends_at else start
    values = {
        "first": written(start, DAY_AND_CLOCK),
        "last": written(end, CLOCK if end.date() == start.date() else DAY_AND_CLOCK),
        "place": zone.key.replace("_", " "),
        "distance": _distance(start),
        "later": _distance(end),
    }
    if start.utcoffset() != end.utcoffset():
        return _("%(first)s (%(distance)s) – %(last)s (%(later)s), %(place)s") % values
    if ends_at:
        return _("%(first)s – %(last)s (%(place)s, %(distance)s)") % values
    return _("%(first)s (%(place)s, %(distance)s)") % values


def short_when(conference: Conference) -> str:
    """The start alone, as it fits into a subject: "Thu 3 Dec 14:00"; empty without."""
    if conference.starts_at is None:
        return ""
    return written(conference.starts_at.astimezone(zone_of(conference)), SHORT)


def zone_of(conference: Conference) -> ZoneInfo:
    """The conference's zone; UTC where its name is unknown here."""
    try:
        return ZoneInfo(conference.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def _distance(moment: datetime) -> str:
    return f"UTC{moment.isoformat()[-6:]}"
