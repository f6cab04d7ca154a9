"""A conference of theirs <-> a conference of ours."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Annotated, Any, cast

from integrations.base.errors import refused
from integrations.base.ids import join, marked, marker_in
from integrations.base.reading import Row
from integrations.base.records import Draft, Fields, Kind, Record
from integrations.base.texts import _
from integrations.trueconf.mapping.answers import inside
from integrations.trueconf.mapping.ids import login_of
from integrations.trueconf.mapping.moments import unix
from integrations.trueconf.mapping.schedule import (
    DAYS_OPTION,
    OF_SCHEDULE,
    days_text,
    decode_schedule,
    encode_schedule,
)
from integrations.trueconf.mapping.settings import (
    GUESTS,
    decode_settings,
    encode_guests,
    encode_settings,
    expected_settings,
)
from integrations.trueconf.mapping.texts import address, one_line, several_lines
from integrations.trueconf.payloads import (
    NEWEST,
    PLATFORM,
    Conference,
    ConferenceChange,
    NewConference,
    Registration,
    reaches,
)

OWNER = "options.owner"
TEMPLATE = "options.template_id"
# A registration's settings that may be sent: `limit_reached` is TrueConf's own.
REGISTRATION = (
    "enabled",
    "start_at",
    "end_at",
    "participants_limit_enabled",
    "participants_limit",
    "allow_users_access",
    "fields",
)
VOLATILE = (
    "stream_id",
    "stream_recording_state",
    "participants_lock_enabled",
    "connect_urls",
    "deeplinks",
    "max_podiums",
    "reminders_enabled",
)
# Our text -> theirs, and how it is tidied.
TEXTS: dict[str, tuple[str, Callable[[Any], str]]] = {
    "title": ("topic", one_line),
    "description": ("description", several_lines),
}
DEFAULTS: Fields = {"permanent": False, "room_type": "webinar", "options.mode": 0}


@dataclass(frozen=True, slots=True)
class Terms:
    """What an account adds to a conference that is sent: version, the server's zone, and how
    the conference is shown now, where objects inside it can be sent only whole."""

    version: str = NEWEST
    zone: tzinfo | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)


def conference_in(answer: Any) -> Annotated[Row, Conference]:
    """The conference of an answer: under `conference`, or bare as v3 has it."""
    return inside(answer, "conference")


def decode(row: Annotated[Row, Conference]) -> Record:
    """A conference as shown -> a record. A visible PIN is not kept."""
    their_id = row.needed_text("id")
    if not their_id:
        raise row.broken("id")
    fields: dict[str, Any] = {"title": row.needed_text("topic")}
    timing, facts = decode_schedule(row.row("schedule"))
    registration = row.row("registration")
    guests, pinned = row.flag("allow_guests"), row.flag("pin_enabled")
    said = {
        "description": row.text("description"),
        "room_type": None if guests is None else ("webinar" if guests else "meeting"),
        "access": None if pinned is None else ("password" if pinned else "open"),
        "registration_enabled": registration.flag("enabled") if registration else None,
        OWNER: login_of(row.text("owner") or "") or None,
    }
    fields |= timing | {name: value for name, value in said.items() if value is not None}
    return Record(
        Kind.CONFERENCE,
        join(their_id),
        fields | decode_settings(row),
        facts=_facts(row) | facts,
        volatile={name: row.plain(name) for name in VOLATILE if name in row},
        marker=marker_in(their_id),
    )


def encode_create(draft: Draft, terms: Terms, owner: str) -> NewConference:
    """A draft -> the body of "Create Conference", with the owner among the invitations."""
    wanted = {**DEFAULTS, **{k: v for k, v in draft.fields.items() if v is not None}}
    owner = login_of(str(wanted.pop(OWNER, "") or owner))
    if not owner:
        raise refused(
            PLATFORM,
            OWNER,
            _("Every webinar on TrueConf has an owner: name a user, here or for the account."),
        )
    settings = {**wanted, **dict.fromkeys(OF_SCHEDULE - wanted.keys())}
    sent = cast(NewConference, encode_changes(settings, {}, {}, terms))
    listed: Any = {"id": owner} if reaches(terms.version, "v3.1") else owner
    sent["owner"], sent["invitations"] = owner, [listed]
    if wanted.get(TEMPLATE) and reaches(terms.version, "v3.1"):
        sent["template_id"] = wanted[TEMPLATE]
    if draft.marker:
        sent["id"] = marked(str(wanted.get("title", "")), draft.marker)
    return sent


def encode_changes(
    changes: Fields, shown: Fields, facts: Mapping[str, Any], terms: Terms
) -> ConferenceChange:
    """Changed fields, and how the conference is shown -> the body of "Edit Conference".

    Nothing else is sent: what a get answered holds read-only fields, and a `pin` of null that
    would erase it. Raises RequestRejected where something is missing.
    """
    sent: dict[str, Any] = {
        theirs: tidy(changes[ours])
        for ours, (theirs, tidy) in TEXTS.items()
        if changes.get(ours) is not None
    }
    if OF_SCHEDULE & changes.keys():
        sent["schedule"] = encode_schedule(changes.keys(), {**shown, **changes}, facts, terms.zone)
    if changes.get("room_type") is not None:
        sent["allow_guests"] = changes["room_type"] == "webinar"
    if changes.get(OWNER):
        sent["owner"] = login_of(str(changes[OWNER]))
    if changes.get("registration_enabled") is not None and reaches(terms.version, "v3.4"):
        sent["registration"] = _registration(terms.payload, changes["registration_enabled"])
    sent |= _encode_access(changes, shown, terms.version)
    sent |= encode_guests(changes, terms.version, terms.payload)
    return cast(ConferenceChange, sent | encode_settings(changes, terms.version))


def needs_payload(changes: Fields) -> bool:
    """Whether one of the changes is inside an object that can be sent only whole."""
    return bool(changes.keys() & {"registration_enabled", *GUESTS})


def expected(fields: Fields) -> Fields:
    """What a conference will show: one without schedule has no times, texts are tidied."""
    shown = dict(fields) | expected_settings(fields)
    shown |= {
        n: tidy(fields[n]) for n, (_theirs, tidy) in TEXTS.items() if fields.get(n) is not None
    }
    if fields.get("permanent"):
        times = ("starts_at", "duration_minutes", DAYS_OPTION)
        shown |= {name: "" if name == DAYS_OPTION else None for name in times if name in shown}
    if fields.get(DAYS_OPTION) and not fields.get("permanent"):
        shown[DAYS_OPTION] = days_text(fields[DAYS_OPTION])
    if fields.get(OWNER):
        shown[OWNER] = login_of(str(fields[OWNER]))
    return shown


def _encode_access(changes: Fields, shown: Fields, version: str) -> dict[str, Any]:
    """`pin` is sent only where staff set or take away a password, never otherwise."""
    access, password = changes.get("access"), changes.get("password")
    if not reaches(version, "v3.4"):
        return {}
    if access == "open":
        return {"pin": None} if shown.get("access") == "password" else {}
    if (access or shown.get("access")) != "password":
        return {}
    if password:
        return {"pin": password}
    if shown.get("access") != "password":
        raise refused(
            PLATFORM, "password", _("A webinar that is protected by a password needs one.")
        )
    return {}


def _registration(payload: Mapping[str, Any], enabled: bool) -> Registration:
    held = payload.get("registration")
    kept = held if isinstance(held, Mapping) else {}
    sent = {name: kept[name] for name in REGISTRATION if name in kept} | {"enabled": enabled}
    return cast(Registration, sent)


def _facts(row: Annotated[Row, Conference]) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "room_url": address(row, "url"),
        "embed_room_url": address(row, "webclient_url"),
        "state": row.text("state") or "",
        "created_at": unix(row, "created_at") or "",
        "origin": row.text("origin_type") or "",
    }
    return {name: value for name, value in facts.items() if value}
