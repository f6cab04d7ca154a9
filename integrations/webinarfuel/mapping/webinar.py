"""A webinar of theirs -> a conference of ours, its dates and its hosts. Nothing goes back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from integrations.base.capabilities import COMING_DATES
from integrations.base.ids import shortened
from integrations.base.reading import Row, rows
from integrations.base.records import Kind, Record, parse_instant
from integrations.webinarfuel import payloads
from integrations.webinarfuel.payloads import PLATFORM

# The webinar's zone when each person meets it in their own [document, time_zone].
REGISTRANT = "registrant"
# No answer says how long a session lasts. So long after its start it still counts as the current
# one, or a recurring webinar would show next week's date while it is on.
RUNS_FOR = timedelta(hours=1)
MOST_DATES = 60  # coming ones that are kept of one webinar


def session_key(session_id: str, starts_at: str | None) -> str:
    """What tells one run from another: a recurring session has one id for all of its dates
    [seen: README]."""
    return f"{session_id}@{starts_at}" if starts_at else session_id


@dataclass(frozen=True, slots=True)
class Date:
    """One date of a webinar. `starts_at` is canonical, `said` the same as the platform wrote it,
    `shown` its words for people; the three are empty where a session has no date."""

    session_id: str
    starts_at: str | None
    said: str
    shown: str

    @property
    def key(self) -> str:
        return session_key(self.session_id, self.starts_at)

    def begins(self) -> datetime:
        return parse_instant(self.starts_at) if self.starts_at else datetime.max.replace(tzinfo=UTC)


def webinar_in(answer: Annotated[Any, payloads.WebinarAnswer | payloads.Webinar]) -> Row:
    """The webinar of an answer, bare or under `webinar`."""
    if isinstance(answer, dict) and "webinar" in answer:
        answer = answer["webinar"]
    return Row(answer, "webinar", PLATFORM)


def decode(row: Row, now: datetime) -> Record:
    """A webinar as shown -> a record; partial where a listing leaves its sessions out.

    `starts_at` is that of the current session (see `current`). What an answer does not say is
    left out: a webinar that lists no session any more keeps the start that is known here.
    """
    fields: dict[str, Any] = {"title": row.needed_text("name")}
    if "description" in row:
        fields["description"] = row.text("description") or ""
    zone = zone_name(row)
    if zone_of(zone):
        fields["timezone"] = zone
    found = dates(row)
    fields |= _times(found, now)
    facts: dict[str, Any] = {"time_zone": zone}  # as it is named: "registrant", or empty
    coming = [date.starts_at for date in found if date.starts_at and _not_over(date, now)]
    if len(coming) > 1:
        facts[COMING_DATES] = coming[:MOST_DATES]
    return Record(
        Kind.CONFERENCE,
        row.ident("id"),
        fields,
        facts=facts,
        partial="sessions" not in row,
    )


def dates(row: Row) -> list[Date]:
    """The listed dates of a webinar in the order of their starts, those without one last."""
    listed = row.value.get("sessions")
    zone = zone_of(zone_name(row)) or UTC
    found: dict[str, Date] = {}
    for one in rows([] if listed is None else listed, "session", PLATFORM):
        starts_at = one.moment("scheduled_at", zone)
        said = (one.text("scheduled_at") or "").strip() if starts_at else ""
        shown = (one.text("formatted_scheduled_at") or "").strip()
        date = Date(one.ident("id"), starts_at, said, shown)
        found.setdefault(date.key, date)
    return sorted(found.values(), key=lambda date: (date.begins(), date.session_id))


def _not_over(date: Date, now: datetime) -> bool:
    return date.begins() + RUNS_FOR > now


def current(found: Sequence[Date], now: datetime) -> Date | None:
    """The date that a webinar stands for: the one that runs or comes next, else the last."""
    dated = [date for date in found if date.starts_at]
    coming = [date for date in dated if _not_over(date, now)]
    return next(iter(coming or dated[-1:]), None)


def bookable(found: Sequence[Date], now: datetime) -> Date | None:
    """The date to register for: the next to come, else one that runs, else one without a date."""
    to_come = [date for date in found if date.starts_at and date.begins() > now]
    running = [date for date in found if date.starts_at and _not_over(date, now)]
    always = [date for date in found if not date.starts_at]
    return next(iter(to_come or running or always), None)


def hosts(row: Row) -> list[Record]:
    """The hosts of a webinar; they have no identifier, so their address stands for one."""
    webinar_id = row.ident("id")
    found: dict[str | None, Record] = {}
    if "hosts" not in row:
        raise row.broken("hosts")
    listed = row.value["hosts"]
    for one in rows([] if listed is None else listed, "host", PLATFORM):
        name = f"{one.text('first_name') or ''} {one.text('last_name') or ''}".strip()
        email = one.email("email")
        role = "host" if one.flag("organizer") else "presenter"
        facts = {"bio": one.text("bio") or "", "avatar_url": one.link("avatar_url")}
        record = Record(
            Kind.MODERATOR,
            f"{webinar_id}/{shortened(email or f'unnamed {name}'.strip())}",
            {"email": email, "name": name, "role": role},
            parent_id=webinar_id,
            facts=facts,
        )
        found.setdefault(record.external_id, record)
    return list(found.values())


def zone_name(row: Row) -> str:
    """The webinar's zone as it is named; `timezone` is seen beside the document's `time_zone`."""
    return (row.text("time_zone") or row.text("timezone") or "").strip()


def zone_of(name: str) -> ZoneInfo | None:
    """The zone of that name; None where no one knows it."""
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None


def _times(found: Sequence[Date], now: datetime) -> dict[str, Any]:
    """A start, or none for ever: a session with neither date nor words for one is always open.

    Recurring sessions without exact dates have words alone; they say nothing that can be kept.
    """
    date = current(found, now)
    if date is not None:
        return {"starts_at": date.starts_at, "permanent": False}
    if found and not any(date.shown for date in found):
        return {"starts_at": None, "permanent": True}
    return {}
