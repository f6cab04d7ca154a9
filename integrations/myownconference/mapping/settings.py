"""The settings of a room, which are read under other names than they are written.

Written: `themebg`, `themetext`, `loginfields`, a group's id. Read: `theme.bg`, `theme.text`,
`loginFields`, a group's name [Updating the settings; Obtaining detailed information].
"""

import re
from typing import Annotated, Any, cast

from integrations.base.reading import Row, storable
from integrations.base.records import OPTION_PREFIX, Fields
from integrations.myownconference.mapping.answers import without_none, yes_no
from integrations.myownconference.payloads import RoomSettings, RoomSettingsChange

# Ours and theirs alike, read and written as YES or NO.
FLAGS = (
    "userList",
    "flags",
    "chat",
    "buttonQuestion",
    "buttonVoice",
    "showBeforeTimer",
    "showLoginStart",
    "showLoginName",
    "showLoginModerators",
    "showSocialButtons",
    "showLoginCounter",
    "emailIdntLogin",
    "emailIdntRecord",
    "sendRecord",
)
# Ours -> as it is written.
COLOURS = {"background": "themebg", "foreground": "themetext"}
LOGIN_FIELDS, GROUP = "login_fields", "group"


def decode_settings(settings: Annotated[Row, RoomSettings] | None) -> dict[str, Any]:
    """`settings` of one webinar -> `options.<name>`; what it leaves out is not said."""
    if settings is None:
        return {}
    found: dict[str, Any] = {name: settings.flag(name) for name in FLAGS}
    theme = settings.row("theme")
    if theme is not None:
        found |= {"background": theme.text("bg"), "foreground": theme.text("text")}
    found[LOGIN_FIELDS] = _login_fields(settings)
    found[GROUP] = settings.text(GROUP)
    return {OPTION_PREFIX + name: value for name, value in without_none(found).items()}


def encode_settings(changes: Fields, group_id: str = "") -> RoomSettingsChange:
    """Changed `options.<name>` -> what stands under `settings`; the group travels by its id."""
    own = {n.removeprefix(OPTION_PREFIX): v for n, v in changes.items() if v is not None}
    sent: dict[str, Any] = {name: yes_no(own[name]) for name in FLAGS if name in own}
    sent |= {theirs: own[ours] for ours, theirs in COLOURS.items() if ours in own}
    if LOGIN_FIELDS in own:
        sent["loginfields"] = listed(own[LOGIN_FIELDS])
    if GROUP in own:
        sent["group"] = group_id
    return cast(RoomSettingsChange, sent)


def listed(text: str) -> list[str]:
    """Names out of a text that parts them with commas or spaces, in their order."""
    return re.findall(r"[^\s,;]+", text)


def expected_settings(fields: Fields) -> dict[str, Any]:
    """What is shown after being given these: a list of names is shown in one way."""
    name = OPTION_PREFIX + LOGIN_FIELDS
    if not isinstance(fields.get(name), str):
        return {}
    return {name: ", ".join(listed(fields[name]))}


def _login_fields(settings: Annotated[Row, RoomSettings]) -> str | None:
    names = settings.value.get("loginFields")
    if names is None:
        return None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise settings.broken("loginFields")
    return ", ".join(part for name in names for part in listed(storable(name)))
