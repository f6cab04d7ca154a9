"""The fields of a conference: since which version, whether writable, their limits and defaults.

Sources: [document, Objects | Conference, in all its versions]. A
field is writable where its line says POST or PUT; `invitations`, `max_podiums`, `reminders` and
`reminders_enabled` have no such mark, but the text around them says that they are sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from typing import Any

from integrations.sandbox.trueconf import schedule_form
from integrations.sandbox.trueconf.fields import Fields
from integrations.sandbox.trueconf.invitation_form import read_invitations
from integrations.sandbox.trueconf.versions import NEWEST

Reader = Callable[[Fields, str], Any]

MODES = (0, 1, 3)  # all-on-screen, video lecture, role-based [Objects | Conference session]
JOIN_OPTIONS = ("clients", "webrtc", "qr_code", "terminal")
SCOPES = ("all", "unplanned", "strangers", "guests")
_ID = re.compile(r"\w{1,128}", re.ASCII)


@dataclass(frozen=True)
class Field:
    """`read` is None for what only the server writes. `kept` is False for what is no column of
    a conference's row: it is computed, or lives in a table of its own."""

    name: str
    since: int = 0
    until: int = NEWEST
    read: Reader | None = None
    default: Any = None
    kept: bool = True

    def exists_in(self, minor: int) -> bool:
        """Whether a version of the API has the field."""
        return self.since <= minor <= self.until


def _text(shortest: int = 0, longest: int = 100_000) -> Reader:
    return lambda fields, name: fields.text(name, shortest, longest)


def _number(lowest: int, highest: int) -> Reader:
    return lambda fields, name: fields.integer(name, lowest, highest)


def _choice(*allowed: Any) -> Reader:
    return lambda fields, name: fields.one_of(name, *allowed)


def _boolean(fields: Fields, name: str) -> bool | None:
    return fields.boolean(name)


def _or_null(read: Reader) -> Reader:
    return lambda fields, name: None if fields.values[name] is None else read(fields, name)


def _conference_id(fields: Fields, name: str) -> str | None:
    text = fields.text(name, 1, 128)
    if text and not _ID.fullmatch(text):
        fields.invalid(name, "digits, Latin letters and underscores are expected")
    return text


def _settings(allowed: dict[str, tuple[Any, ...]]) -> Reader:
    return partial(schedule_form.read_settings, allowed)


def _texts(*allowed: str) -> Reader:
    return lambda fields, name: fields.texts(name, *allowed)


FLAG, MOST = _choice(0, 1), 1_000_000
ALL_RIGHTS = {whose: dict.fromkeys(schedule_form.RIGHTS, True) for whose in ("guest", "user")}

FIELDS = (
    Field("id", read=_conference_id, kept=False),
    Field("type", read=_choice(*MODES), default=0),
    Field("topic", read=_text(1, 240)),
    Field("owner", read=_text(1, 64)),
    Field("description", read=_text(), default=""),
    Field("max_podiums", read=_number(1, MOST)),
    Field("max_participants", read=_number(1, MOST)),
    Field("schedule", read=schedule_form.read_schedule, default={"type": schedule_form.WITHOUT}),
    Field("invitations", read=read_invitations, kept=False),
    Field("created_at", since=1),
    Field("multicast_enable", since=1, read=_boolean, default=False),
    Field("multicast_address", since=1, read=_or_null(_text(0, 64))),
    # Accepted, since they are marked POST and PUT; what they say stays the server's own.
    Field("url", read=_text(), kept=False),
    Field("webclient_url", read=_text(), kept=False),
    Field("state", read=_choice("running", "stopped"), kept=False),
    Field("allow_guests", read=_boolean, default=False),
    Field("allow_guests_audio_video", until=0, read=_boolean, default=True),
    Field("allow_guests_message", until=0, read=_boolean, default=True),
    Field("rights", since=1, read=schedule_form.read_rights, default=ALL_RIGHTS),
    Field("broadcast_enabled", since=1, read=_boolean, default=False),
    Field("broadcast_id", since=1, read=_or_null(_text(1, 64))),
    Field("broadcast", since=1, kept=False),
    Field("allow_only_planned_participants", since=1, read=_boolean, default=False),
    Field("auto_invite", read=_choice(0, 1, 2), default=0),
    Field("tags", since=1, read=_texts(), default=[]),
    Field("recording", since=1, read=FLAG, default=0),
    Field("stream_recording_state", since=1, kept=False),
    Field("stream_id", since=2, kept=False),
    Field("deeplinks", since=2, kept=False),
    Field("connect_urls", since=2, kept=False),
    Field("pin_enabled", since=4, kept=False),
    Field("pin", since=4, read=_or_null(_text(0, 64))),
    Field("meeting_room", since=4, read=_or_null(_text(0, 256))),
    Field("on_join_mute_mic", since=4, read=FLAG, default=0),
    Field("on_join_mute_camera", since=4, read=FLAG, default=0),
    Field(
        "registration",
        since=4,
        read=schedule_form.read_registration,
        default=schedule_form.NO_REGISTRATION,
    ),
    Field("vad_selector", since=5, read=FLAG, default=0),
    Field("max_guests", since=6, read=_number(0, MOST)),
    Field("participants_lock_enabled", since=7, kept=False),
    Field("reminders_enabled", since=7, read=_boolean, default=False),
    Field("reminders", since=7, read=schedule_form.read_reminders, default=[]),
    Field("waiting_room_enabled", since=7, read=_boolean, default=False),
    Field("waiting_room_scope", since=7, read=_choice(*SCOPES), default="all"),
    Field("origin_type", since=8),
    Field("use_translation", since=9, read=_boolean, default=False),
    Field("translation_flat_volume", since=9, read=_or_null(_number(0, 100)), default=30),
    Field("expiration_time_updating_allowed", since=9, read=_boolean, default=True),
    Field("expiration_time_alert", since=9, read=_number(0, 86_400), default=0),
    Field("sequence_type", since=9, read=FLAG, default=0),
    Field("scan_type", since=9, read=FLAG, default=0),
    Field("disable_audio_remarks", since=9, read=_boolean, default=False),
    Field("mcu_mode", since=10, read=_boolean, default=False),
    Field(
        "transcoding",
        since=10,
        read=_settings(schedule_form.TRANSCODING),
        default=schedule_form.first_setting(schedule_form.TRANSCODING),
    ),
    Field(
        "participant_restrictions",
        since=10,
        read=_settings(schedule_form.RESTRICTIONS),
        default=schedule_form.first_setting(schedule_form.RESTRICTIONS),
    ),
    Field("join_options_enabled", since=10, read=_boolean, default=False),
    Field("join_options", since=9, read=_texts(*JOIN_OPTIONS), default=list(JOIN_OPTIONS)),
)
# Objects of which a part may be sent: the rest keeps its value.
MERGED = ("registration", "transcoding", "participant_restrictions")


def fields_of(minor: int) -> list[Field]:
    """The fields that a version of the API has."""
    return [field for field in FIELDS if field.exists_in(minor)]


def defaults() -> dict[str, Any]:
    """The columns of a new conference."""
    return {field.name: deepcopy(field.default) for field in FIELDS if field.kept}


def read(fields: Fields, *, changing: bool) -> dict[str, Any]:
    """What was sent, checked field by field; errors stay in `fields`.

    `id` can be written once, when the conference is made.
    """
    known = {field.name: field for field in fields_of(fields.minor)}
    locked = {name for name, field in known.items() if field.read is None}
    fields.only(set(known), locked | ({"id"} if changing else set()))
    readers = {name: field.read for name, field in known.items() if field.read and name in fields}
    return {name: reader(fields, name) for name, reader in readers.items()}


def merged(old: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """The old columns with the given ones laid over them."""
    new = {**old, **given}
    for name in MERGED:
        if name in given:
            new[name] = {**old[name], **given[name]}
    if "rights" in given:
        new["rights"] = {
            whose: {**old["rights"][whose], **given["rights"].get(whose, {})}
            for whose in ("guest", "user")
        }
    return new
