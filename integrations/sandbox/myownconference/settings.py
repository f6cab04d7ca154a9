"""The settings of a room: their names, what they may be, and what a new webinar has.

Source: [document, Updating the settings of the scheduled webinar].
"""

from __future__ import annotations

from integrations.sandbox.store import Row

# YES or NO, both ways, with what a new webinar has.
FLAGS = {
    "userList": True,
    "flags": True,
    "chat": True,
    "buttonQuestion": True,
    "buttonVoice": True,
    "showBeforeTimer": True,
    "showLoginStart": True,
    "showLoginName": True,
    "showLoginModerators": True,
    "showSocialButtons": False,
    "showLoginCounter": False,
    "emailIdntLogin": True,
    "emailIdntRecord": False,
    "sendRecord": False,
}
CHOICES = {
    "webcamPosition": ("LEFT", "RIGHT"),
    "cameraSize": ("mini", "middle", "big"),
    "sendRecordTo": ("all", "visit", "miss"),
    # The text describes 0 to 3, the example goes to 4.
    "recordQuality": ("0", "1", "2", "3", "4"),
}
COLOURS = ("themebg", "themetext")
LOGIN_FIELDS = ("name", "email", "phone", "skype", "city", "company", "department", "born")
MODES = ("recordWebCams", "recordAreaNoChat", "recordArea", "recordWhole")
# Changing one of these makes the mode recordWhole.
WHOLE = ("recordUsers", "recordModer", "recordChat")


def defaults() -> Row:
    """What a new webinar has."""
    return {
        **FLAGS,
        "webcamPosition": "RIGHT",
        "cameraSize": "middle",
        "sendRecordTo": "all",
        "recordQuality": "1",
        "themebg": "#f2f2f2",
        "themetext": "#333333",
        "loginfields": ["name", "email"],
        "beforeStartTime": 30,
        "group": None,
        "recordMode": "recordArea",
        **dict.fromkeys(WHOLE, False),
    }


def yes_no(value: bool) -> str:
    """A flag as the API writes it."""
    return "YES" if value else "NO"
