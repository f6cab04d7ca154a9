"""Registrant sessions -> registrations, sessions and attendance.

One registrant session is one person on one date of a webinar, called a viewing here. A
registration is a person in a webinar, on however many dates; a session is one date; attendance is
one viewing that took place.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, NamedTuple

from integrations.base import answers
from integrations.base.reading import Row
from integrations.base.records import Kind, Record, parse_instant
from integrations.base.texts import _
from integrations.webinarfuel import payloads
from integrations.webinarfuel.mapping.people import Person
from integrations.webinarfuel.mapping.webinar import RUNS_FOR, session_key
from integrations.webinarfuel.payloads import PLATFORM

LINKS = ("join_url", "replay_url", "encore_url")
CALENDARS = ("ics", "google", "vcs")
ORIGIN = (
    "source",
    "referrer",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_term",
    "utm_content",
)
PLACE = ("country", "province", "city", "device", "os", "browser")


@dataclass(frozen=True, slots=True)
class Viewing:
    """What is kept of a registrant session. `seconds` is the time attended; what only staff read
    is taken from the row when it is asked for."""

    cid: str
    webinar_id: str
    registrant_id: str
    session_id: str
    starts_at: str | None
    canceled: bool
    attended: bool
    watched: bool
    seconds: int
    row: Row = field(repr=False, compare=False)

    @property
    def facts(self) -> dict[str, str]:
        """Links and origin. What the row does not say is empty text: facts that came and went
        would be saved anew each time."""
        row = self.row
        calendars = row.row("calendar_urls") or Row({}, row.what, PLATFORM)
        facts = {name: row.link(name) for name in LINKS}
        facts |= {f"calendar_{name}": calendars.link(name) for name in CALENDARS}
        return facts | {name: row.text(name) or "" for name in (*ORIGIN, "time_zone")}

    @property
    def seen(self) -> dict[str, str]:
        """Where the person was, and with what."""
        return {name: self.row.text(name) or "" for name in PLACE}

    @property
    def key(self) -> str:
        return session_key(self.session_id, self.starts_at)

    def begins(self) -> datetime:
        return parse_instant(self.starts_at) if self.starts_at else datetime.max.replace(tzinfo=UTC)


def viewing_in(
    answer: Annotated[Any, payloads.RegistrantSessionAnswer | payloads.RegistrantSession],
) -> Row:
    """The registrant session of an answer, bare or in its envelope."""
    if isinstance(answer, dict):
        for envelope in ("session", "registrant_session"):
            if isinstance(answer.get(envelope), dict):
                return Row(answer[envelope], "registrant session", PLATFORM)
    return Row(answer, "registrant session", PLATFORM)


def decode(row: Row) -> Viewing:
    """A registrant session as shown. Naive times are UTC."""
    return Viewing(
        row.ident("cid"),
        row.ident("webinar_id"),
        row.ident("registrant_id"),
        row.ident("webinar_session_id"),
        row.moment("scheduled_at"),
        bool(row.flag("canceled")),
        bool(row.flag("attended")),
        bool(row.flag("watched")),
        row.whole("attended_time") or 0,
        row,
    )


class Registered(NamedTuple):
    """A person who is registered in a webinar: the viewing whose links they need, on how many dates
    they are, and who they are."""

    one: Viewing
    dates: int
    person: Person | None

    @property
    def told(self) -> list[Any]:
        """All that the registration is made of."""
        who = self.person
        named = [who.email, who.first_name, who.last_name, who.answers] if who else None
        return [self.one.row.value, self.dates, named]


def registered(
    found: Iterable[Viewing], people: Mapping[str, Person], now: datetime
) -> list[Registered]:
    """Each person who is registered on any date; who canceled all is not."""
    each: dict[tuple[str, str], list[Viewing]] = {}
    for one in found:
        if not one.canceled:
            each.setdefault((one.webinar_id, one.registrant_id), []).append(one)
    found_for = ((chosen(many, now), many) for many in each.values())
    return [
        Registered(one, len({other.key for other in many}), people.get(one.registrant_id))
        for one, many in found_for
        if one
    ]


def chosen(many: Iterable[Viewing], now: datetime) -> Viewing | None:
    """The viewing whose links a person needs: the one that runs or comes next, else the last.

    None where there are none.
    """
    many = list(many)
    if len(many) == 1:
        return many[0]
    ordered = sorted(many, key=lambda one: (one.begins(), int(one.cid)))
    coming = [one for one in ordered if not one.starts_at or one.begins() + RUNS_FOR > now]
    return next(iter(coming or ordered[-1:]), None)


def sessions(found: Iterable[Viewing], webinar_id: str, now: datetime) -> list[Record]:
    """The dates that have begun and that anyone was registered for; `visitors` attended.

    Dates still to come are no runs yet, and the platform's list of them moves on with time.
    """
    each: dict[str, list[Viewing]] = {}
    for one in found:
        if not one.canceled and (not one.starts_at or one.begins() <= now):
            each.setdefault(one.key, []).append(one)
    return [_session(webinar_id, key, many) for key, many in sorted(each.items())]


def attendance(one: Viewing, person: Person | None) -> Record:
    """A viewing that took place; when the person came and left is not told, only how long."""
    name = f"{person.first_name} {person.last_name}".strip() if person else ""
    email = (person.email.lower() or None) if person else None
    facts: dict[str, Any] = {"attended_seconds": one.seconds, "watched": one.watched, **one.seen}
    return Record(
        Kind.ATTENDANCE,
        one.cid,
        {"email": email, "name": name, "role": "attendee"},
        parent_id=f"{one.webinar_id}/{one.key}",
        facts=facts,
    )


def details(one: Viewing) -> dict[str, str]:
    """A viewing for people to read."""
    words = {True: _("yes"), False: _("no")}
    said = dict(one.facts) | dict(one.seen)
    return {
        "starts": one.starts_at or _("at any time"),
        "canceled": words[one.canceled],
        "attended": words[one.attended],
        "attended seconds": str(one.seconds),
        "watched to the end": words[one.watched],
        **{name.replace("_", " "): value for name, value in said.items() if value},
    }


def registration(registered: Registered) -> Record:
    """Who is registered -> a record."""
    one, dates, person = registered
    fields: dict[str, Any] = {
        "email": (person.email.lower() or None) if person else None,
        "first_name": person.first_name if person else "",
        "last_name": person.last_name if person else "",
    }
    if person and person.answers:
        fields[answers.FIELD] = person.answers
    facts: dict[str, Any] = {**one.facts, "session": one.key, "dates": dates}
    return Record(
        Kind.REGISTRATION,
        f"{one.webinar_id}/{one.registrant_id}",
        fields,
        parent_id=one.webinar_id,
        facts=facts,
    )


def _session(webinar_id: str, key: str, many: list[Viewing]) -> Record:
    fields = {
        "starts_at": many[0].starts_at,
        "visitors": len({one.registrant_id for one in many if one.attended}),
    }
    return Record(Kind.SESSION, f"{webinar_id}/{key}", fields, parent_id=webinar_id)
