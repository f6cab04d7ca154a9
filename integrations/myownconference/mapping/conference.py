"""A webinar of theirs <-> a conference of ours."""

import re
from datetime import UTC
from typing import Annotated, Any, cast

from integrations.base.errors import refused
from integrations.base.reading import Row
from integrations.base.records import Fields, Kind, Record, instant, parse_instant
from integrations.base.texts import _, say
from integrations.myownconference.mapping.answers import (
    confirm,
    unexpected,
    without_empty,
    without_none,
    yes_no,
)
from integrations.myownconference.mapping.settings import (
    decode_settings,
    encode_settings,
    expected_settings,
)
from integrations.myownconference.mapping.zone import ProfileZone, shown_twice, wall_text
from integrations.myownconference.payloads import (
    PLATFORM,
    NewWebinar,
    Webinar,
    WebinarChange,
    WebinarMade,
    WebinarRow,
)

ALIAS = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
OPEN = {"ACTIVE": True, "FINISHED": False}
PRIVATE, LANGUAGE = "options.private", "options.language"
# What webinarsCreate takes; all else can be told once the webinar exists [Planning a webinar].
WORDS = ("title", "description")
ON_CREATE = ("title", "description", "starts_at", "duration_minutes")


def alias_of(row: Annotated[Row, WebinarRow]) -> str:
    """The alias of a webinar."""
    alias = (row.text("alias") or "").strip()
    if not ALIAS.fullmatch(alias):
        raise row.broken("alias")
    return alias


def decode_listed(row: Annotated[Row, WebinarRow], zone: ProfileZone, status: str) -> Record:
    """A row of the cheap listing, which shows neither duration nor settings."""
    shown = _shown(row, zone) | {"open": OPEN[status]}
    return Record(Kind.CONFERENCE, alias_of(row), shown, facts=_facts(row, zone), partial=True)


def decode(answer: Annotated[Any, Webinar], alias: str, zone: ProfileZone) -> Record:
    """A webinar in full; it must be the one that was asked about."""
    row = Row(answer, "webinar", PLATFORM)
    if alias_of(row) != alias:
        raise unexpected("webinar", _("%(platform)s answered with another webinar."))
    duration = row.whole("duration")
    if duration is None or duration < 0:
        raise row.broken("duration")
    status = (row.text("status") or "").strip().upper()
    shown = _shown(row, zone) | without_none(
        {
            "duration_minutes": duration,
            "open": OPEN.get(status),
            PRIVATE: row.flag("close"),
        }
    )
    facts = _facts(row, zone) | ({} if status in OPEN else without_empty({"status": status}))
    return Record(
        Kind.CONFERENCE,
        alias,
        shown | decode_settings(row.row("settings")),
        facts=facts,
        volatile=without_empty({"records": row.plain("records")}),
    )


def encode_create(fields: Fields, zone: ProfileZone) -> NewWebinar:
    """A draft -> the parameters of webinarsCreate."""
    return encode_changes({n: fields[n] for n in ON_CREATE if n in fields}, zone)


def encode_changes(changes: Fields, zone: ProfileZone, group_id: str = "") -> WebinarChange:
    """Changed fields -> the parameters of webinarsSet, those alone.

    Raises RequestRejected for a moment that the profile's clock cannot tell.
    """
    sent: dict[str, Any] = without_none(
        {
            "name": changes.get("title"),
            "description": changes.get("description"),
            "start": _start(changes, zone),
            "duration": changes.get("duration_minutes"),
            "language": changes.get(LANGUAGE),
        }
    )
    if changes.get(PRIVATE) is not None:
        sent["close"] = yes_no(changes[PRIVATE])
    settings = encode_settings(changes, group_id)
    return cast(WebinarChange, sent | ({"settings": settings} if settings else {}))


def created(answer: Annotated[Any, WebinarMade], shown: Fields) -> Record:
    """The answer to webinarsCreate, or to webinarsClone: alias and links, which no get shows. What
    became of the words that were sent is seen at the next reading alone."""
    row = confirm(answer, "webinar")
    main = row.link("mainModeratorLink")
    facts = {
        "room_url": row.link("webinarLink"),
        "role_urls": {"main moderator": main} if main else {},
    }
    fields = {name: value for name, value in shown.items() if name not in WORDS}
    return Record(Kind.CONFERENCE, alias_of(row), fields, facts=without_empty(facts), partial=True)


def expected(fields: Fields, zone: ProfileZone | None) -> Fields:
    """What a webinar shows: the profile's zone, whatever ours is; names of fields in one way; of
    two equal hours the first."""
    shown = {**fields, **expected_settings(fields)}
    if zone is not None and fields.get("starts_at"):
        shown["starts_at"] = instant(zone.instants(parse_instant(fields["starts_at"]))[0])
    name = zone.iana if zone is not None else None
    return shown | ({"timezone": name} if name and "timezone" in fields else {})


def _shown(row: Annotated[Row, WebinarRow], zone: ProfileZone) -> dict[str, Any]:
    """What listing and details share."""
    starts_at = row.moment("start", zone)
    if starts_at is None:
        raise row.broken("start")
    language = row.text("language")
    return {"title": row.needed_text("name"), "starts_at": starts_at} | without_none(
        {
            "description": row.text("description"),
            "timezone": zone.iana,
            LANGUAGE: language.strip().lower() if language else None,
        }
    )


def _facts(row: Annotated[Row, WebinarRow], zone: ProfileZone) -> dict[str, Any]:
    # The one time that is not told by the profile's clock [Retrieving a list of webinars].
    created = without_empty({"created_at": row.moment("created", UTC)})
    twice = shown_twice(parse_instant(row.moment("start", zone) or ""), zone)
    return created | {"start_in_doubt": _in_doubt(twice) if twice else ""}


def _in_doubt(twice: dict[str, str]) -> str:
    return say(
        "%(platform)s tells clock times, and its clock shows %(time)s on %(day)s twice: at "
        "%(first)s UTC and at %(second)s UTC. The first of the two is shown here.",
        platform=PLATFORM,
        **twice,
    )


def _start(changes: Fields, zone: ProfileZone) -> str | None:
    if changes.get("starts_at") is None:
        return None
    moment = parse_instant(changes["starts_at"])
    if twice := shown_twice(moment, zone):
        raise refused(
            PLATFORM,
            "starts_at",
            say(
                "%(platform)s is told clock times, and its clock shows %(time)s on %(day)s twice: "
                "at %(first)s UTC and at %(second)s UTC. It cannot be told which is meant. Choose "
                "a start outside that hour.",
                platform=PLATFORM,
                **twice,
            ),
        )
    return wall_text(moment, zone)
