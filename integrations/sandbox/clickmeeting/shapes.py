"""Rooms as the API answers them, with the drift between the document's examples."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from integrations.sandbox.clickmeeting import moments
from integrations.sandbox.store import Row

if TYPE_CHECKING:
    from integrations.sandbox.clickmeeting.account import ClickMeetingAccount

Shape = dict[str, Any]
# Recorded answers show these of the settings that can be written, and none of the others.
SHOWN_SETTINGS = (
    "show_on_personal_page",
    "thank_you_emails_enabled",
    "connection_tester_enabled",
    "thank_you_page_url",
)
# Keys of newer answers, which no document explains.
NEWER: Shape = {
    "automated_enabled": False,
    "paid_enabled": False,
    "type": 0,
    "parent_id": None,
    "encryption_enabled": False,
}


def room_shape(account: ClickMeetingAccount, room: Row) -> Shape:
    """A room as `get` and the lists answer it. Passwords are never answered.

    `lobby_enabled` is a boolean, as four public sources have it; the document writes "1".
    `access_role_hashes` and the addresses in `recorder_list` differ at every reading.
    """
    zone = room["timezone"]
    shape = {
        "id": room["id"],
        "room_type": room["room_type"],
        "room_pin": room["room_pin"],
        "name": room["name"],
        "name_url": room["name_url"],
        **_times(room),
        "access_type": room["access_type"],
        "lobby_enabled": room["lobby_enabled"],
        "lobby_description": room["lobby_description"],
        "registration_enabled": int(room["registration_enabled"]),
        "status": room["status"],
        "timezone": zone,
        "timezone_offset": moments.offset_seconds(_reference(account, room), zone),
        "permanent_room": room["permanent_room"],
        "access_role_hashes": {
            role: secrets.token_hex(16) for role in ("listener", "presenter", "host")
        },
        "phone_presenter_pin": room["phone_presenter_pin"],
        "phone_listener_pin": room["phone_listener_pin"],
        "widgets_hash": room["widgets_hash"],
        "recorder_list": [
            recording_url(account, row)
            for row in account.store.rows("recordings", room_id=room["id"])
        ],
        "settings": {name: room["settings"][name] for name in SHOWN_SETTINGS},
        **NEWER,
    }
    return {**shape, **_stamps(room), **_addresses(account, room), **_host_login(account, room)}


def _host_login(account: ClickMeetingAccount, room: Row) -> Shape:
    """The account's own way into the room, which recorded answers name twice."""
    word = account.code("host login", room["id"], length=52) + "__"
    return {"autologin_hashes": {"host": word}, "autologin_hash": word}


def created_shape(account: ClickMeetingAccount, room: Row) -> Shape:
    """The answer to a create: without `widgets_hash`."""
    shape = room_shape(account, room)
    del shape["widgets_hash"]
    return shape


def updated_shape(account: ClickMeetingAccount, room: Row) -> Shape:
    """The answer to an update: `ccc` is the start in naive UTC."""
    shape = room_shape(account, room)
    if room["starts_at"]:
        shape["ccc"] = moments.naive_utc(room["starts_at"])
    return shape


def registration_switched_shape(account: ClickMeetingAccount, room: Row) -> Shape:
    """The answer to turning registration on or off: neither `settings` nor `widgets_hash`."""
    shape = updated_shape(account, room)
    for name in ("settings", "widgets_hash", "ccc"):
        shape.pop(name, None)
    return shape


def recording_url(account: ClickMeetingAccount, recording: Row) -> str:
    """A signed address that runs out, and so is a new one at every reading."""
    expires = int((account.world.now() + timedelta(hours=6)).timestamp())
    place = f"/clickmeeting/recorder/{account.label}/{recording['id']}"
    return account.world.url(f"{place}?st={secrets.token_urlsafe(16)}&e={expires}")


def room_url(account: ClickMeetingAccount, room: Row) -> str:
    return account.world.url(f"/clickmeeting/room/{account.label}/{room['name_url']}")


def _reference(account: ClickMeetingAccount, room: Row) -> str:
    """The moment whose offset `timezone_offset` shows: the start, or now for a permanent room."""
    return room["starts_at"] or moments.keep(account.world.now())


def _times(room: Row) -> Shape:
    """Only a scheduled room has a start and an end."""
    if room["permanent_room"]:
        return {}
    end = moments.moment(room["starts_at"]) + timedelta(minutes=room["duration_minutes"])
    return {
        "starts_at": moments.shown(room["starts_at"], room["timezone"]),
        "ends_at": moments.shown(moments.keep(end), room["timezone"]),
    }


def _stamps(room: Row) -> Shape:
    return {
        name: moments.shown(room[name], room["timezone"]) for name in ("created_at", "updated_at")
    }


def _addresses(account: ClickMeetingAccount, room: Row) -> Shape:
    embed = f"/clickmeeting/embed/embed_conference.html?r={room['room_pin']}{room['id']}"
    return {"room_url": room_url(account, room), "embed_room_url": account.world.url(embed)}
