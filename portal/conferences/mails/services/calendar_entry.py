"""The calendar entry (ICS, RFC 5545 and 5546) that travels with a message."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vRecur, vText

from portal.common import clock, zones
from portal.conferences import recurrence, repeating, walltime
from portal.conferences.mails.services.sender import sender_of
from portal.conferences.models import Conference

ZONE_YEARS = 10  # of changes of clocks that travel with an entry that repeats
NOT_SAID = "NEEDS-ACTION"
PRODUCT = "-//Lectern//Webinars//EN"
# What must not stand in a parameter's value (RFC 5545, 3.2): control characters and the quote.
_UNQUOTABLE = re.compile(r'[\x00-\x1f\x7f"]')
# Text values take no control characters but the line break, which is escaped.
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


def calendar_file(
    conference: Conference,
    *,
    to_email: str,
    to_name: str,
    link: str,
    sequence: int,
    cancelled: bool = False,
    replies_to: str = "",
    said: str = "",
) -> bytes | None:
    """One person's calendar file; None for a conference that has no time of its own.

    The UID is the conference's for ever and `sequence` counts what this person was sent, so that a
    calendar replaces its entry. Times are UTC, which every calendar shows in its own zone. A
    cancellation for one person alone bears no STATUS (RFC 5546, 3.2.5): the conference takes place.
    With `replies_to` the calendar asks whether they come, and answers there; `said` is what they
    have said so far (PARTSTAT).
    """
    if conference.starts_at is None:
        return None
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "REQUEST")
    event = _event(conference, to_email, to_name, link, sequence, cancelled)
    if replies_to:
        _ask(event, conference, replies_to, to_email, to_name, said)
    for one in _on_its_dates(event, conference):
        calendar.add_component(one)
    return _written(calendar, repeating.kept(conference))


def _written(calendar: Calendar, listed: Iterable[datetime]) -> bytes:
    """The file, with the clocks of the zones that it speaks of; `listed` are dates that no event
    in it may begin with."""
    begun = [*listed, *(one.decoded("dtstart") for one in calendar.walk("VEVENT"))]
    # By the clock of its zone it may begin on the day before, which must be covered too.
    start = min(at.astimezone(UTC) for at in begun).date() - timedelta(days=1)
    calendar.add_missing_timezones(start, start.replace(year=start.year + ZONE_YEARS, day=1))
    return bytes(calendar.to_ical())


def _on_its_dates(event: Event, conference: Conference) -> list[Event]:
    """What has one link for many dates is one entry that repeats."""
    return _of_room(event, conference) or _of_weekly(event, conference) or [event]


def _of_weekly(event: Event, conference: Conference) -> list[Event]:
    """What its platform repeats every week, with one link for all dates, is one entry that repeats.
    Its hour is that of a clock, and so its times have a zone; where that is not surely known, the
    entry is of the next date alone."""
    days = repeating.days_of(conference)
    zone, sure = repeating.clock_of(conference) if days else ("", False)
    if not sure or conference.starts_at is None:
        return []
    _at(event, conference, conference.starts_at, ZoneInfo(zone))
    event.add("rrule", {"freq": "weekly", "byday": [recurrence.DAYS[day] for day in days]})
    return [event]


def _of_room(event: Event, conference: Conference) -> list[Event]:
    """The dates of a permanent room are one entry, which repeats by the rule that made them. One
    that was moved takes the place of the date that the rule has, one that was left out is an
    exception; only what the rule has no place for is listed (RDATE), which some calendars do not
    read."""
    dates = repeating.kept(conference)
    if not dates:
        return []
    place = zones.zone(conference.timezone)
    rule = _rule(conference)
    first = conference.dates_from
    by_rule = recurrence.instants(rule, first, place.key) if rule and first else []
    others = [at for at in dates if at not in by_rule]
    empty = [at for at in by_rule if at not in dates]
    moved = _moved(empty, others, place)
    used = [at for at in by_rule if at in dates or at in moved]
    if rule is None or len(used) < 2 or not _repeats_alike(rule, used, place.key):
        return [_listed(event, conference, dates, place)]
    _at(event, conference, used[0], place)
    event.add("rrule", vRecur.from_ical(recurrence.ending(rule, used[-1], place.key)))
    if left_out := [at for at in empty if at not in moved and used[0] < at < used[-1]]:
        event.add("exdate", [at.astimezone(place) for at in left_out])
    if more := [at for at in others if at not in moved.values()]:
        event.add("rdate", _clocks(more, place))
    return [event, *(_instead(event, conference, *pair, place) for pair in moved.items())]


def _moved(
    empty: Sequence[datetime], others: Sequence[datetime], place: ZoneInfo
) -> dict[datetime, datetime]:
    """Which date of the rule each other date stands for: one of the same day, else as near as can
    be, so that none passes another one without need, which some calendars refuse. As many as there
    can be: a calendar that does not read what is listed has none of the rest."""
    day = {at: at.astimezone(place).date() for at in (*empty, *others)}
    free = {day[at]: at for at in others}
    moved = {at: free.pop(day[at]) for at in empty if day[at] in free}
    left = tuple(at for at in empty if at not in moved)
    rest = tuple(at for at in others if at not in moved.values())
    if len(left) < len(rest):
        moved |= {was: now for now, was in _nearest(rest, left).items()}
    else:
        moved |= _nearest(left, rest)
    return dict(sorted(moved.items()))


@lru_cache(maxsize=32)  # of a mail to many people it is the same
def _nearest(many: tuple[datetime, ...], few: tuple[datetime, ...]) -> dict[datetime, datetime]:
    """Of many dates, the ones that stand for a few, in their order and with the least distance in
    all: many -> few."""
    zero = timedelta()
    # best[f]: the distance, and the pairs, of the first f of the few with the many so far.
    best: list[tuple[timedelta, tuple[int, ...]] | None] = [(zero, ())] + [None] * len(few)
    for place, one in enumerate(many):
        for number in range(len(few), 0, -1):
            before, held = best[number - 1], best[number]
            if before is None:
                continue
            far = before[0] + abs(one - few[number - 1])
            if held is None or far < held[0]:
                best[number] = far, (*before[1], place)
    chosen = best[-1]
    return {} if chosen is None else {many[n]: at for n, at in zip(chosen[1], few, strict=True)}


def _repeats_alike(rule: recurrence.Rule, used: Sequence[datetime], zone: str) -> bool:
    """Whether the dates come of the rule also for who knows nothing but what the clocks show at the
    first of them: that may be an hour which was left out, or came twice, on that day alone."""
    found = recurrence.expand(rule, walltime.wall(used[0], zone), zone)
    return {one.at for one in found}.issuperset(used)


def _listed(
    event: Event, conference: Conference, dates: Sequence[datetime], place: ZoneInfo
) -> Event:
    """The dates one by one."""
    _at(event, conference, dates[0], place)
    if more := dates[1:]:
        event.add("rdate", _clocks(more, place))
    return event


def _clocks(starts: Sequence[datetime], place: ZoneInfo) -> list[datetime]:
    """Instants by the clock of a place; by UTC where it shows the same twice and the second one is
    meant, since a calendar takes the first."""
    shown = [at.astimezone(place) for at in starts]
    return list(starts) if any(at.fold for at in shown) else shown


def _instead(
    event: Event, conference: Conference, was: datetime, now: datetime, place: ZoneInfo
) -> Event:
    """The date that takes the place of another one of the rule."""
    one = event.copy()
    for name in ("rrule", "exdate", "rdate"):
        one.pop(name, None)
    one.add("recurrence-id", was.astimezone(place))
    _at(one, conference, now, place)
    return one


def _at(event: Event, conference: Conference, start: datetime, place: ZoneInfo) -> None:
    """Let it begin then by the clock of a place, and take as long as the conference does."""
    for name in ("dtstart", "dtend"):
        event.pop(name, None)
    event.add("dtstart", _clocks([start], place)[0])
    if conference.duration_minutes is not None:
        end = start + timedelta(minutes=conference.duration_minutes)
        event.add("dtend", _clocks([end], place)[0])


def _rule(conference: Conference) -> recurrence.Rule | None:
    """The rule by which the dates of a room were made; None where none is known."""
    if not conference.dates_rule or conference.dates_from is None:
        return None
    try:
        return recurrence.parse(conference.dates_rule, zones.zone(conference.timezone).key)
    except recurrence.UnknownRule:
        return None


@dataclass(frozen=True, slots=True)
class Entry:
    """One of several dates, as a person's calendar shall have it."""

    conference: Conference
    link: str
    sequence: int
    cancelled: bool = False


def several_dates(entries: Iterable[Entry], *, to_email: str, to_name: str) -> bytes | None:
    """One file with an entry for each conference that has a time; None where none has.

    It is published, since a request may speak of one UID only (RFC 5546, 3.2.2). Each entry has
    the UID by which later changes of that date are told.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    listed: list[datetime] = []
    for one in entries:
        if one.conference.starts_at is None:
            continue
        event = _event(one.conference, to_email, to_name, one.link, one.sequence, one.cancelled)
        del event["attendee"]  # what is published asks nobody (RFC 5546, 3.2.1)
        if one.cancelled:
            event["status"] = vText("CANCELLED")
        for on_date in _on_its_dates(event, one.conference):
            calendar.add_component(on_date)
        listed += repeating.kept(one.conference)
    return _written(calendar, listed) if calendar.subcomponents else None


def _event(
    conference: Conference,
    to_email: str,
    to_name: str,
    link: str,
    sequence: int,
    cancelled: bool,
) -> Event:
    event = Event()
    event.add("uid", conference.calendar_uid)
    event.add("sequence", sequence)
    event.add("dtstamp", clock.now().replace(microsecond=0))
    event.add("dtstart", conference.starts_at)
    if conference.ends_at is not None:  # a platform may tell the start alone
        event.add("dtend", conference.ends_at)
    event.add("summary", _plain(conference.title))
    if not cancelled:
        event.add("status", "CONFIRMED")
    elif conference.removed_at is not None:
        event.add("status", "CANCELLED")
    event.add("organizer", _organizer(conference))
    event.add("attendee", _person(to_email, to_name, RSVP="FALSE", ROLE="REQ-PARTICIPANT"))
    personal = _("Your personal link: %(link)s") % {"link": link}
    event.add("description", _plain(f"{personal}\n\n{conference.description}".strip()))
    event.add("location", link)
    event.add("url", link)
    return event


def _ask(
    event: Event, conference: Conference, replies_to: str, to_email: str, to_name: str, said: str
) -> None:
    """Have the calendar ask whether they come. Its answer goes to whoever is the organizer."""
    name, _address = sender_of(conference.account)
    del event["organizer"], event["attendee"]
    event.add("organizer", _person(replies_to, name))
    asked = {"RSVP": "TRUE", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": said or NOT_SAID}
    event.add("attendee", _person(to_email, to_name, **asked))


def _organizer(conference: Conference) -> vCalAddress:
    name, address = sender_of(conference.account)
    return _person(address, name)


def _person(email: str, name: str, **parameters: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{_UNQUOTABLE.sub('', email)}")
    if name:
        person.params["CN"] = _UNQUOTABLE.sub("'", name)
    person.params.update(parameters)
    return person


def _plain(text: str) -> str:
    return _CONTROL.sub(" ", text.replace("\r\n", "\n"))
