"""A conference as the API answers it, version by version.

Sources: [document, Objects | Conference, Schedule, Registration, in all versions].
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from integrations.sandbox.store import Row
from integrations.sandbox.trueconf import conference_fields, moments, schedule_form, shapes
from integrations.sandbox.trueconf.account_base import ServerBase
from integrations.sandbox.trueconf.request import ApiRequest

Shape = dict[str, Any]
LIMIT_REACHED_SINCE = 8
HOST_IP = "192.0.2.14"


def conference(request: ApiRequest, row: Row) -> Shape:
    """All fields that the version has, in the document's order."""
    columns = {field.name: row[field.name] for field in conference_fields.FIELDS if field.kept}
    whole = {**columns, **_computed(request, row), **_running(request, row)}
    return {field.name: whole[field.name] for field in conference_fields.fields_of(request.minor)}


def page_url(account: ServerBase, row: Row) -> str:
    """The page at which people join."""
    return account.page_url("c", row["address"])


def schedule(request: ApiRequest, row: Row) -> Shape:
    """With the next start of a weekly conference, and the server's offset in minutes then; the
    offset beside a single start is only in recorded answers."""
    kept = row["schedule"]
    if kept["type"] == schedule_form.ONCE:
        offset = moments.offset_minutes(kept["start_time"], request.account.zone)
        return {**kept, "time_offset": offset}
    if kept["type"] != schedule_form.WEEKLY:
        return dict(kept)
    start = request.account.next_start(row) or 0
    return {
        "type": kept["type"],
        "start_time": start,
        "duration": kept["duration"],
        "time": kept["time"],
        "time_offset": moments.offset_minutes(start, request.account.zone),
        "days": list(kept["days"]),
    }


def registration(request: ApiRequest, row: Row) -> Shape:
    """The settings of the registration, and whether its limit is reached."""
    shape = dict(row["registration"])
    if request.minor >= LIMIT_REACHED_SINCE:
        limit = shape["participants_limit"] if shape["participants_limit_enabled"] else None
        count = len(request.account.registrations(row["id"]))
        shape["limit_reached"] = shape["enabled"] and limit is not None and count >= limit
    return shape


def deeplinks(account: ServerBase, conference_id: str) -> Shape:
    """Addresses that open TrueConf's own programs."""
    target = f"{conference_id}@{account.server_name}%23vcs&h={HOST_IP}"
    coded = quote(f"{conference_id}@{account.server_name}#vcs&h=", safe="") + HOST_IP
    package = "Intent;scheme=trueconf;package=com.trueconf.videochat;end"
    return {"default": f"trueconf:\\c\\{target}", "android": f"intent:\\c\\{coded}#{package}"}


def _computed(request: ApiRequest, row: Row) -> Shape:
    account, conference_id = request.account, row["address"]
    broadcast = request.api_url("broadcasts", row["broadcast_id"]) if row["broadcast_id"] else None
    return {
        "id": conference_id,
        "schedule": schedule(request, row),
        "invitations": [
            shapes.mini_invitation(request, one) for one in account.invitations(row["id"])
        ],
        "url": page_url(account, row),
        "webclient_url": account.page_url("webrtc", conference_id),
        "broadcast": broadcast,
        "deeplinks": deeplinks(account, conference_id),
        "connect_urls": {
            "sip_external": None,
            "sip": [f"00{conference_id}@{HOST_IP}"],
            "h323": [f"{HOST_IP}##00{conference_id}"],
        },
        "pin_enabled": row["pin"] is not None,
        # "The value will be available only to the conference owner; otherwise, null".
        "pin": row["pin"] if request.owns(row) else None,
        "registration": registration(request, row),
        "join_options": _join_options(row),
    }


def _running(request: ApiRequest, row: Row) -> Shape:
    call = request.account.running_call(row["id"])
    recorded = call["recorded_from"] if call else None
    return {
        "state": "running" if call else "stopped",
        "stream_id": call["address"] if call else None,
        "stream_recording_state": int(recorded is not None and recorded <= request.account.now()),
        "participants_lock_enabled": False if call else None,
    }


def _join_options(row: Row) -> list[str]:
    """What multicast and MCU mode leave of the chosen ways to join."""
    if row["mcu_mode"]:
        return ["webrtc", "terminal"]
    if row["multicast_enable"]:
        return [one for one in row["join_options"] if one in ("clients", "qr_code")]
    return list(row["join_options"])
