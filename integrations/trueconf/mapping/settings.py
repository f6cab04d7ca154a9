"""The conference settings that TrueConf alone has: one table for reading, sending and staff.

`since` is the first version of the API whose document names the field.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from integrations.base.capabilities import SettingTopic
from integrations.base.reading import Row
from integrations.base.records import FLAG, OPTION_PREFIX, TEXT, WHOLE, Fields
from integrations.base.texts import _
from integrations.trueconf.mapping.texts import one_line
from integrations.trueconf.payloads import reaches

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: our option's name, their field, how it is written there, since when."""

    name: str
    theirs: str
    type: str
    since: str
    label: str
    help: str = ""
    choices: Choices = ()
    maximum: int | None = None
    topic: SettingTopic = SettingTopic.GENERAL
    written: str = ""  # "bit": 0 and 1; "list": an array of words; "": as it is

    @property
    def option(self) -> str:
        """The name of our field: `options.<name>`."""
        return OPTION_PREFIX + self.name


def _bit(
    name: str, theirs: str, since: str, label: str, text: str = "", *, topic: SettingTopic
) -> Setting:
    return Setting(name, theirs, FLAG, since, label, text, topic=topic, written="bit")


ENTRY, ROOM = SettingTopic.ENTRY, SettingTopic.ROOM
SOUND, RECORDING = SettingTopic.SOUND, SettingTopic.RECORDING


MODES = (
    ("0", _("All on screen")),
    ("1", _("Video lecture")),
    ("3", _("Role-based, with a podium")),
)
SCOPES = (
    ("all", _("Everybody")),
    ("unplanned", _("Who was not invited")),
    ("strangers", _("Guests and users of other servers")),
    ("guests", _("Guests")),
)
AUTO_INVITE = (
    ("0", _("No")),
    ("1", _("When anybody joins")),
    ("2", _("When somebody invited joins")),
)

SETTINGS = (
    Setting("mode", "type", WHOLE, "v3", _("Mode"), choices=MODES, topic=SOUND),
    Setting(
        "max_participants",
        "max_participants",
        WHOLE,
        "v3",
        _("Most participants"),
        _("How many fit depends on the mode and the server's licence."),
        topic=ENTRY,
    ),
    Setting(
        "auto_invite",
        "auto_invite",
        WHOLE,
        "v3",
        _("Call everybody in at the start"),
        choices=AUTO_INVITE,
        topic=ENTRY,
    ),
    Setting(
        "only_invited",
        "allow_only_planned_participants",
        FLAG,
        "v3.1",
        _("Only invited users may join"),
        _("Counts for meetings, not for webinars with guests."),
        topic=ENTRY,
    ),
    _bit("recording", "recording", "v3.1", _("Start recording by itself"), topic=RECORDING),
    Setting(
        "tags",
        "tags",
        TEXT,
        "v3.1",
        _("Tags"),
        _("Words with commas between them."),
        written="list",
    ),
    Setting(
        "broadcast_enabled",
        "broadcast_enabled",
        FLAG,
        "v3.1",
        _("Broadcast it"),
        _("With the preset named beside it."),
        topic=RECORDING,
    ),
    Setting(
        "broadcast_id",
        "broadcast_id",
        TEXT,
        "v3.1",
        _("Preset of the broadcast"),
        _("The id of a preset of the server."),
        topic=RECORDING,
    ),
    Setting(
        "meeting_room",
        "meeting_room",
        TEXT,
        "v3.4",
        _("Meeting room"),
        _("Where people meet who are on site."),
    ),
    _bit(
        "mute_microphones",
        "on_join_mute_mic",
        "v3.4",
        _("Join with the microphone off"),
        topic=SOUND,
    ),
    _bit("mute_cameras", "on_join_mute_camera", "v3.4", _("Join with the camera off"), topic=SOUND),
    _bit(
        "smart_meeting",
        "vad_selector",
        "v3.5",
        _("Smart meeting"),
        _("Who begins to speak is seen and heard at once."),
        topic=SOUND,
    ),
    Setting("max_guests", "max_guests", WHOLE, "v3.6", _("Most guests"), topic=ENTRY),
    Setting("waiting_room", "waiting_room_enabled", FLAG, "v3.7", _("Waiting room"), topic=ENTRY),
    Setting(
        "waiting_room_scope",
        "waiting_room_scope",
        TEXT,
        "v3.7",
        _("Who waits there"),
        choices=SCOPES,
        topic=ENTRY,
    ),
    Setting(
        "translation", "use_translation", FLAG, "v3.9", _("Simultaneous translation"), topic=ROOM
    ),
    Setting(
        "may_be_extended",
        "expiration_time_updating_allowed",
        FLAG,
        "v3.9",
        _("May be extended beyond its end"),
    ),
    Setting(
        "end_warning_seconds",
        "expiration_time_alert",
        WHOLE,
        "v3.9",
        _("Warn before the end"),
        _("In seconds; 0 for no warning."),
    ),
    Setting(
        "no_audio_remarks",
        "disable_audio_remarks",
        FLAG,
        "v3.9",
        _("No spoken remarks from listeners"),
        topic=ROOM,
    ),
    Setting(
        "join_options",
        "join_options",
        TEXT,
        "v3.9",
        _("Ways to join"),
        _("Of clients, webrtc, qr_code, terminal, with commas between them."),
        written="list",
        topic=ENTRY,
    ),
    Setting(
        "own_join_options",
        "join_options_enabled",
        FLAG,
        "v3.10",
        _("Use these ways to join instead of the server's own"),
        topic=ENTRY,
    ),
    Setting(
        "mcu_mode",
        "mcu_mode",
        FLAG,
        "v3.10",
        _("MCU mode"),
        _("For rooms and terminals; allows no other ways to join."),
        topic=SOUND,
    ),
)

# What guests may do: one flag each in v3, inside `rights` since v3.1.
GUESTS = {
    "options.guests_write": ("allow_guests_message", ("chat_send",)),
    "options.guests_speak": ("allow_guests_audio_video", ("audio_send", "video_send")),
}
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


def decode_settings(row: Row) -> dict[str, Any]:
    """Our options from what a conference shows; what it leaves out is left out."""
    found = {s.option: _read(s, row) for s in SETTINGS if s.theirs in row}
    return {name: value for name, value in found.items() if value is not None} | _guests_in(row)


def encode_settings(changes: Fields, version: str) -> dict[str, Any]:
    """Their fields for the changed options that this version knows."""
    known = [s for s in SETTINGS if reaches(version, s.since)]
    return {s.theirs: _write(s, changes[s.option]) for s in known if _said(changes, s.option)}


def encode_guests(changes: Fields, version: str, shown: Mapping[str, Any]) -> dict[str, Any]:
    """What guests may do. `rights` is one object that goes out whole: `shown` is theirs now."""
    wanted = {name: changes[name] for name in GUESTS if _said(changes, name)}
    if not wanted:
        return {}
    if not reaches(version, "v3.1"):
        return {GUESTS[name][0]: value for name, value in wanted.items()}
    held = shown.get("rights")
    rights = {who: _rights(held, who) for who in ("guest", "user")}
    for name, value in wanted.items():
        rights["guest"] |= dict.fromkeys(GUESTS[name][1], value)
    return {"rights": {who: flags for who, flags in rights.items() if flags}}


def listed(text: Any) -> list[str]:
    """Words with commas between them, each once."""
    words = (one_line(word) for word in str(text or "").split(","))
    return list(dict.fromkeys(word for word in words if word))


def expected_settings(fields: Fields) -> dict[str, Any]:
    """How texts and lists are shown again."""
    return {
        s.option: ", ".join(listed(fields[s.option])) if s.written else one_line(fields[s.option])
        for s in SETTINGS
        if s.type == TEXT and _said(fields, s.option)
    }


def _read(setting: Setting, row: Row) -> Any:
    if setting.written == "list":
        value = row.value[setting.theirs]
        if value is not None and not isinstance(value, list):
            raise row.broken(setting.theirs)
        words = Row({str(n): word for n, word in enumerate(value or [])}, row.what, row.platform)
        return ", ".join(words.text(key) or "" for key in words.value)
    if setting.type == FLAG:
        return row.flag(setting.theirs)
    if setting.type == WHOLE:
        return row.whole(setting.theirs)
    return row.text(setting.theirs) or ""


def _write(setting: Setting, value: Any) -> Any:
    if setting.written == "bit":
        return int(value)
    if setting.written == "list":
        return listed(value)
    if setting.type == TEXT:
        value = one_line(value)
    return None if value == "" and not setting.choices else value


def _guests_in(row: Row) -> dict[str, Any]:
    rights = row.row("rights")
    guest = rights.row("guest") if rights else None
    found = {}
    for name, (old, flags) in GUESTS.items():
        if old in row:
            found[name] = row.flag(old)
        elif guest is not None and all(flag in guest for flag in flags):
            found[name] = all(guest.flag(flag) for flag in flags)
    return {name: value for name, value in found.items() if value is not None}


def _rights(held: Any, who: str) -> dict[str, Any]:
    flags = held.get(who) if isinstance(held, Mapping) else None
    if not isinstance(flags, Mapping):
        return {}
    return {name: flags[name] for name in RIGHTS if isinstance(flags.get(name), bool)}


def _said(fields: Fields, name: str) -> bool:
    return fields.get(name) is not None
