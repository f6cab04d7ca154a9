"""The objects inside a conference, read and checked: schedule, registration, rights and others.

Sources: [document, Objects | Schedule, Registration, Reminder, Client rights, Conference
Transcoding Settings, Conference Participant Restrictions Settings].
"""

from __future__ import annotations

from typing import Any

from integrations.sandbox.trueconf.fields import Fields
from integrations.sandbox.trueconf.moments import CLOCK, DAYS

Values = dict[str, Any]

WITHOUT, WEEKLY, ONCE = -1, 0, 1
LATEST = 4_102_444_800  # the year 2100
LONGEST = 31 * 86_400
RIGHTS = (
    "chat_send",
    "chat_rcv",
    "slide_show_send",
    "slide_show_rcv",
    "white_board_send",
    "white_board_rcv",
    "file_transfer_send",
    "file_transfer_rcv",
    "desktop_sharing",
    "recording",
    "audio_send",
    "audio_rcv",
    "video_send",
    "video_rcv",
)
QUALITIES = ("180p", "360p", "720p", "1080p")
SIP_QUALITIES = (*QUALITIES, "540p", "QSIF", "QCIF", "QVGA", "SIF", "CIF", "VGA", "4SIF", "4CIF")
FRAMERATES = (10, 15, 30, 60)
# An empty tuple means true or false.
TRANSCODING: dict[str, tuple[Any, ...]] = {
    "use_local_mixer_config": (),
    "mixer_max_framerate": FRAMERATES,
    "record_video_quality": QUALITIES,
    "sip_video_quality": SIP_QUALITIES,
    "rtsp_video_quality": QUALITIES,
    "webrtc_video_quality": QUALITIES,
    "enable_sip_layouts": (),
    "enable_webrtc_layouts": (),
    "enable_vad_layouts": (),
    "enable_load_balancing": (),
}
RESTRICTIONS: dict[str, tuple[Any, ...]] = {
    "use_local_stream_config": (),
    "video_quality": ("180p", "360p", "540p", "720p", "1080p"),
    "framerate_video_limit": FRAMERATES,
    "framerate_ds_limit": (1, 3, 5, *FRAMERATES),
}
NO_REGISTRATION: Values = {
    "enabled": False,
    "start_at": None,
    "end_at": None,
    "participants_limit_enabled": False,
    "participants_limit": None,
    "allow_users_access": False,
    "fields": {
        "display_name": {"index": 0, "is_required": True},
        "email": {"index": 1, "is_required": True},
    },
}


def read_schedule(fields: Fields, name: str) -> Values | None:
    """A start of -1 stays -1 here: whoever keeps the schedule puts the present moment there.

    `time_offset` is the server's own, but clients send it along (teachbase/true-conf).
    """
    inner = fields.inner(name)
    kind = inner.one_of("type", WITHOUT, WEEKLY, ONCE)
    if kind is None:
        return None
    if kind == WITHOUT:
        inner.only({"type", "time_offset"})
        return {"type": kind}
    read = _read_once if kind == ONCE else _read_weekly
    duration = inner.integer("duration", 1, LONGEST) if inner.required("duration") else None
    return {"type": kind, "duration": duration, **read(inner)}


def _read_once(inner: Fields) -> Values:
    inner.only({"type", "start_time", "duration", "time_offset"})
    if not inner.required("start_time"):
        return {}
    return {"start_time": inner.integer("start_time", -1, LATEST)}


def _read_weekly(inner: Fields) -> Values:
    """The next start is the server's to say."""
    inner.only({"type", "duration", "days", "time", "time_offset"}, {"start_time"})
    values: Values = {}
    if inner.required("days"):
        days = inner.texts("days", *DAYS)
        values["days"] = sorted(days, key=DAYS.index)
        if not days:
            inner.invalid("days", "at least one day is expected")
    if inner.required("time"):
        values["time"] = inner.text("time") or ""
        if not CLOCK.fullmatch(values["time"]):
            inner.invalid("time", "hh:mm is expected")
    return values


def read_rights(fields: Fields, name: str) -> dict[str, dict[str, bool]]:
    """What is not named keeps its value."""
    inner = fields.inner(name)
    inner.only({"guest", "user"})
    given = {}
    for whose in ("guest", "user"):
        if whose in inner:
            rights = inner.inner(whose)
            rights.only(set(RIGHTS))
            given[whose] = {
                right: bool(rights.boolean(right)) for right in RIGHTS if right in rights
            }
    return given


def read_registration(fields: Fields, name: str) -> Values:
    """The settings of the registration that are sent; errors stay in `fields`."""
    inner = fields.inner(name)
    inner.only(set(NO_REGISTRATION), {"limit_reached"})
    given: Values = {}
    for switch in ("enabled", "participants_limit_enabled", "allow_users_access"):
        if switch in inner:
            given[switch] = inner.boolean(switch)
    for bound in ("start_at", "end_at"):
        if bound in inner:
            given[bound] = _stamp(inner, bound)
    if "participants_limit" in inner:
        empty = inner.values["participants_limit"] is None
        limit = None if empty else inner.integer("participants_limit", 1, 1_000_000)
        given["participants_limit"] = limit
    if "fields" in inner:
        given["fields"] = _form_fields(inner.inner("fields"))
    return given


def _stamp(inner: Fields, name: str) -> str | None:
    """A timestamp in a string: so it is documented, and so it is answered."""
    if inner.values[name] in (None, ""):
        return None
    number = inner.integer(name, 0, LATEST)
    return None if number is None else str(number)


def _form_fields(inner: Fields) -> Values:
    found: Values = {}
    for name in list(inner.values)[:50]:
        one = inner.inner(name)
        one.only({"index", "is_required"})
        found[name] = {
            "index": one.integer("index", 0, 1000) if "index" in one else len(found),
            "is_required": bool(one.boolean("is_required")) if "is_required" in one else False,
        }
    return found


def read_reminders(fields: Fields, name: str) -> list[dict[str, int]]:
    """The reminders that are sent; errors stay in `fields`."""
    found = []
    for item in fields.items(name):
        one = fields.inner(name, item)
        one.only({"before_start"})
        if one.required("before_start"):
            minutes = one.integer("before_start", 0, 7 * 24 * 60)
            found.append({"before_start": minutes or 0})
    return found


def read_settings(allowed: dict[str, tuple[Any, ...]], fields: Fields, name: str) -> Values:
    """An object whose fields each have their list of values."""
    inner = fields.inner(name)
    inner.only(set(allowed))
    return {
        key: inner.one_of(key, *choices) if choices else inner.boolean(key)
        for key, choices in allowed.items()
        if key in inner
    }


def first_setting(allowed: dict[str, tuple[Any, ...]]) -> Values:
    """What such an object holds before anyone has said anything."""
    middle = {key: choices[len(choices) // 2] for key, choices in allowed.items() if choices}
    return {key: middle.get(key, False) for key in allowed}


def registration_order_is_wrong(registration: Values) -> bool:
    """Whether the registration would end before it starts."""
    start, end = registration["start_at"], registration["end_at"]
    return start is not None and end is not None and int(start) > int(end)
