"""The fields of a room, read and checked for create and update."""

from __future__ import annotations

from typing import Any

from integrations.sandbox.clickmeeting import moments
from integrations.sandbox.clickmeeting.fields import Fields
from integrations.sandbox.clickmeeting.skins import SKINS
from integrations.sandbox.store import Row

ROOM_TYPES = ("meeting", "webinar")
STATUSES = ("active", "inactive")
LONGEST_LOBBY = 160
SWITCHES = (
    "show_on_personal_page",
    "thank_you_emails_enabled",
    "connection_tester_enabled",
    "phonegateway_enabled",
    "recorder_autostart_enabled",
    "room_invite_button_enabled",
    "social_media_sharing_enabled",
    "connection_status_enabled",
)
DEFAULT_SETTINGS: dict[str, Any] = {**dict.fromkeys(SWITCHES, True), "thank_you_page_url": ""}
# Recorded; the document names no default.
DEFAULT_MINUTES = 180


def read_new(fields: Fields, zone: str, now: str) -> Row:
    """Values of a new room; `zone` is the account's own. Raises Refusal 422."""
    given = _common(fields, required=True)
    _read_times(fields, given, zone)
    given["custom_url"] = fields.text("custom_room_url_name")
    if given.get("access_type") == 2 and not given.get("password"):
        fields.wrong("password", "A password protected room needs a password.")
    fields.check()
    values = {**_defaults(zone, now), **_sent(given)}
    values["settings"] = {**DEFAULT_SETTINGS, **given["settings"]}
    return _settled(values, now)


def read_changes(fields: Fields, room: Row, now: str) -> Row:
    """The values that an update sets: what was not sent keeps its value. Raises Refusal 422."""
    given = _common(fields, required=False, longest_lobby=LONGEST_LOBBY)
    given["status"] = fields.choice("status", STATUSES)
    _read_times(fields, given, room["timezone"])
    if "permanent_room" not in fields:
        for name in ("starts_at", "duration"):
            if name in fields:
                fields.wrong(name, "Changing it needs the permanent_room parameter as well.")
    if given.get("access_type") == 2 and not (given.get("password") or room["password"]):
        fields.wrong("password", "A password protected room needs a password.")
    fields.check()
    changes = _sent(given)
    changes["settings"] = {**room["settings"], **given["settings"]}
    settled = _settled({**room, **changes}, now)
    return {name: value for name, value in settled.items() if room.get(name) != value}


def _common(fields: Fields, *, required: bool, longest_lobby: int = 0) -> dict[str, Any]:
    name = fields.text("name", required=required or "name" in fields)
    registration = fields.inner("registration")
    return {
        "name": name,
        "room_type": fields.choice("room_type", ROOM_TYPES, required=required),
        "permanent_room": fields.boolean("permanent_room", required=required),
        "access_type": fields.integer("access_type", 1, 3, required=required),
        "lobby_description": fields.text("lobby_description", longest=longest_lobby),
        "lobby_enabled": fields.boolean("lobby_enabled"),
        "skin_id": fields.integer("skin_id", 1, len(SKINS)),
        "password": fields.text("password") or None,
        "registration_enabled": registration.boolean("enabled"),
        "registration_template": registration.integer("template", 1, 3),
        "settings": _settings(fields.inner("settings")),
    }


def _settings(fields: Fields) -> dict[str, Any]:
    settings = _sent({name: fields.boolean(name) for name in SWITCHES})
    settings.update(_sent({"thank_you_page_url": fields.text("thank_you_page_url")}))
    return settings


def _read_times(fields: Fields, given: dict[str, Any], zone: str) -> None:
    """Zone, start and duration; a start without an offset is read in the zone sent beside it."""
    sent_zone = fields.text("timezone")
    if sent_zone:
        if sent_zone in moments.known_zones():
            given["timezone"] = zone = sent_zone
        else:
            fields.wrong("timezone", "There is no such time zone.")
    if start := fields.text("starts_at"):
        try:
            given["starts_at"] = moments.keep(moments.parse_stamp(start, zone))
        except ValueError:
            fields.wrong("starts_at", "The format is YYYY-mm-dd H:i:s or ISO 8601.")
    if duration := fields.text("duration"):
        try:
            given["duration_minutes"] = moments.parse_duration(duration)
        except ValueError:
            fields.wrong("duration", "The format is H:MM, and 24 hours are the most.")


def _defaults(zone: str, now: str) -> Row:
    return {
        "status": "active",
        "timezone": zone,
        "starts_at": now,
        "duration_minutes": DEFAULT_MINUTES,
        "lobby_description": "",
        "lobby_enabled": True,
        "password": "",
        "skin_id": 1,
        "registration_enabled": False,
        "registration_template": 1,
        "inactive_since": None,
    }


def _settled(room: Row, now: str) -> Row:
    """A permanent room has no times; one that stops being permanent starts now unless told."""
    if room["permanent_room"]:
        room["starts_at"], room["duration_minutes"] = None, None
    else:
        room["starts_at"] = room["starts_at"] or now
        room["duration_minutes"] = room["duration_minutes"] or DEFAULT_MINUTES
    if room["status"] == "active":
        room["inactive_since"] = None
    else:
        room["inactive_since"] = room["inactive_since"] or now
    return room


def _sent(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
