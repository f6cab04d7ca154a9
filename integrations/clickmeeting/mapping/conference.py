"""A room of theirs <-> a conference of ours."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Annotated, Any
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from integrations.base.errors import refused
from integrations.base.ids import marked, marker_in
from integrations.base.reading import Row
from integrations.base.records import OPTION_PREFIX, Draft, Fields, Kind, Record, parse_instant
from integrations.base.texts import _
from integrations.clickmeeting import payloads
from integrations.clickmeeting.payloads import PLATFORM

ACCESS = {1: "open", 2: "password", 3: "token"}
STATUS = {"active": True, "inactive": False}
FLAG_SETTINGS = (
    "show_on_personal_page",
    "thank_you_emails_enabled",
    "connection_tester_enabled",
    "phonegateway_enabled",
    "recorder_autostart_enabled",
    "room_invite_button_enabled",
    "social_media_sharing_enabled",
    "connection_status_enabled",
)
TEXT_SETTINGS = ("thank_you_page_url",)
# The document requires these on create, whatever the draft leaves out.
DEFAULTS: Fields = {"room_type": "webinar", "permanent": False, "access": "open"}
PINS = ("room_pin", "phone_presenter_pin", "phone_listener_pin")
VOLATILE = ("access_role_hashes", "recorder_list", "widgets_hash")
# Ours -> theirs where the value travels as it is.
SAME = {"title": "name", "description": "lobby_description", "room_type": "room_type"}


def conference_in(answer: Annotated[Any, payloads.RoomAnswer | payloads.Room]) -> Row:
    """The room inside an answer: under `conference`, under `room`, or bare.

    The document wraps the answer of a get in square brackets, so a list of one is taken as well.
    """
    if isinstance(answer, list) and len(answer) == 1:
        answer = answer[0]
    if isinstance(answer, dict):
        for envelope in ("conference", "room"):
            if envelope in answer:
                return Row(answer[envelope], "room", PLATFORM)
    return Row(answer, "room", PLATFORM)


def decode(row: Row) -> Record:
    """A room as shown -> a record; partial where a listing leaves out the start of a date."""
    fields: dict[str, Any] = {"title": row.needed_text("name")}
    fields |= _kept(
        {
            "description": row.text("lobby_description"),
            "room_type": row.text("room_type"),
            "access": _access(row),
            "open": STATUS.get(row.text("status") or ""),
            "registration_enabled": row.flag("registration_enabled"),
            "options.lobby_enabled": row.flag("lobby_enabled"),
        }
    )
    zone_name = row.text("timezone")
    zone = zone_of(zone_name)
    if zone is not None:
        fields["timezone"] = zone_name
    permanent = row.flag("permanent_room")
    if permanent is not None:
        fields["permanent"] = permanent
    fields |= _times(row, zone or _fixed_zone(row), permanent=bool(permanent)) | _settings(row)
    return Record(
        Kind.CONFERENCE,
        row.ident("id"),
        fields,
        facts=_facts(row),
        volatile={name: row.plain(name) for name in VOLATILE if name in row},
        marker=marker_in(row.text("name_url") or ""),
        partial=permanent is False and "starts_at" not in fields,
    )


def encode_create(draft: Draft) -> Annotated[dict[str, Any], payloads.RoomForm]:
    """A draft -> the parameters of "Adding new conference room"."""
    wanted = {**DEFAULTS, **{k: v for k, v in draft.fields.items() if v is not None}}
    sent = encode_changes(wanted, {})
    sent.pop("status", None)  # a new room is active; create has no such parameter
    if draft.marker:
        # A room keeps its URL name when it is renamed [seen: README], so the mark stays.
        sent["custom_room_url_name"] = marked(str(wanted.get("title", "")), draft.marker)
    return sent


def encode_changes(changes: Fields, shown: Fields) -> Annotated[dict[str, Any], payloads.RoomForm]:
    """Changed fields, and how the room is now shown -> the parameters of "Editing Room".

    Beside a changed start or duration the document wants `permanent_room`; beside a start its
    zone is named, and beside a zone its start, since a zone alone would leave open whether the
    moment or the clock time stays. Raises RequestRejected where a password is missing.
    """
    now = {**shown, **changes}
    sent: dict[str, Any] = {
        theirs: changes[ours] for ours, theirs in SAME.items() if changes.get(ours) is not None
    }
    sent |= _encode_access(changes, shown)
    sent |= _encode_times(changes, now)
    if changes.get("registration_enabled") is not None:
        sent["registration"] = {"enabled": changes["registration_enabled"]}
    if changes.get("open") is not None:
        sent["status"] = "active" if changes["open"] else "inactive"
    if changes.get("options.lobby_enabled") is not None:
        sent["lobby_enabled"] = changes["options.lobby_enabled"]
    named = ((n, changes.get(OPTION_PREFIX + n)) for n in FLAG_SETTINGS + TEXT_SETTINGS)
    settings = {name: value for name, value in named if value is not None}
    return sent | ({"settings": settings} if settings else {})


def expected(fields: Fields) -> Fields:
    """What a room will show: a permanent one has neither start nor duration."""
    if fields.get("permanent"):
        return {k: None if k in ("starts_at", "duration_minutes") else v for k, v in fields.items()}
    return fields


def zone_of(name: str | None) -> ZoneInfo | None:
    """The zone of that name; None where no one knows it."""
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None


def _encode_access(changes: Fields, shown: Fields) -> dict[str, Any]:
    sent: dict[str, Any] = {}
    access, password = changes.get("access"), changes.get("password")
    if access is not None:
        numbers = {name: number for number, name in ACCESS.items()}
        sent["access_type"] = numbers.get(access, access)
    if (access or shown.get("access")) != "password":
        return sent
    if password:
        sent["password"] = password
    elif shown.get("access") != "password":
        text = _("A webinar that is protected by a password needs one.")
        raise refused(PLATFORM, "password", text)
    return sent


def _encode_times(changes: Fields, now: Fields) -> dict[str, Any]:
    sent: dict[str, Any] = {}
    moved = bool({"starts_at", "timezone"} & changes.keys())
    permanent = bool(now.get("permanent"))
    if moved and now.get("timezone") and not (permanent and "timezone" not in changes):
        sent["timezone"] = now["timezone"]
    if moved and now.get("starts_at") and not permanent:
        zone = zone_of(now.get("timezone")) or UTC
        sent["starts_at"] = parse_instant(now["starts_at"]).astimezone(zone).isoformat()
    if changes.get("duration_minutes") is not None and not permanent:
        hours, minutes = divmod(changes["duration_minutes"], 60)
        sent["duration"] = f"{hours}:{minutes:02}"
    if "permanent" in changes or sent.keys() & {"starts_at", "duration"}:
        sent["permanent_room"] = permanent
    return sent


def _access(row: Row) -> str | None:
    """Open, password or token; a type that the document does not know stays as it is."""
    number = row.whole("access_type")
    return None if number is None else ACCESS.get(number, str(number))


def _times(row: Row, zone: tzinfo, *, permanent: bool) -> dict[str, Any]:
    """Start and duration. A permanent room has neither, and says so.

    The duration is counted between whole minutes: the document's own example starts at 10:13:27
    and ends one hour later at 11:13:00.
    """
    if permanent:
        return {"starts_at": None, "duration_minutes": None}
    starts, ends = row.moment("starts_at", zone), row.moment("ends_at", zone)
    if starts is None:
        return {}
    if ends is None:
        return {"starts_at": starts}
    lasts = _minute(ends) - _minute(starts)
    if lasts < timedelta(0):
        raise row.broken("ends_at")
    return {"starts_at": starts, "duration_minutes": int(lasts.total_seconds()) // 60}


def _minute(text: str) -> datetime:
    return parse_instant(text).replace(second=0)


def _fixed_zone(row: Row) -> tzinfo:
    """Where the zone's name means nothing, its offset in seconds stands in for it."""
    seconds = row.whole("timezone_offset") or 0
    return timezone(timedelta(seconds=seconds)) if abs(seconds) < 86400 else UTC


def _settings(row: Row) -> dict[str, Any]:
    settings = row.row("settings")
    if settings is None:
        return {}
    flags = {OPTION_PREFIX + name: settings.flag(name) for name in FLAG_SETTINGS}
    texts = {OPTION_PREFIX + name: settings.text(name) for name in TEXT_SETTINGS}
    return _kept(flags | texts)


def _facts(row: Row) -> dict[str, Any]:
    facts = {"room_url": row.link("room_url"), "embed_room_url": _frame(row)}
    facts |= {name: row.text(name) or "" for name in (*PINS, "name_url")}
    facts |= {name: row.moment(name) or "" for name in ("created_at", "updated_at")}
    # What the record's fields have no word for is kept as it was said.
    if row.text("status") not in STATUS:
        facts["status"] = row.text("status") or ""
    if zone_of(row.text("timezone")) is None:
        facts["timezone"] = row.text("timezone") or ""
    return {name: value for name, value in facts.items() if value}


def _frame(row: Row) -> str:
    """The room as a page of its own for a frame. Their `embed_room_url` delivers JavaScript, which
    a frame would show as text; the room answers at its pin as well
    [seen: README]."""
    address, pin = row.link("room_url"), row.text("room_pin") or ""
    if not address or not re.fullmatch(r"[0-9]{1,20}", pin):
        return ""
    return f"{urljoin(address, pin)}?popup=off&lang=en"


def _kept(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what the answer did not say."""
    return {name: value for name, value in values.items() if value is not None}
