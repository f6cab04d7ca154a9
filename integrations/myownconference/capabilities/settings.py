"""The settings that a webinar on MyOwnConference alone has, and that it shows again."""

from integrations.base.capabilities import FieldRule, OptionRule
from integrations.base.records import FLAG, TEXT

# webinarsCreate takes name, start, duration and description alone [Planning and creating].
LATER = FieldRule(
    on_create=False, sentence="MyOwnConference takes this once the webinar stands there."
)
LANGUAGES = (
    ("be", "Belarusian"),
    ("bg", "Bulgarian"),
    ("de", "German"),
    ("en", "English"),
    ("es", "Spanish"),
    ("et", "Estonian"),
    ("fr", "French"),
    ("it", "Italian"),
    ("lt", "Lithuanian"),
    ("lv", "Latvian"),
    ("pl", "Polish"),
    ("pt", "Portuguese"),
    ("ru", "Russian"),
    ("sl", "Slovenian"),
    ("tr", "Turkish"),
    ("uk", "Ukrainian"),
)


def _flag(name: str, label: str, help_text: str = "") -> OptionRule:
    return OptionRule(name, label, FLAG, help_text, rule=LATER)


def _text(name: str, label: str, help_text: str = "") -> OptionRule:
    return OptionRule(name, label, TEXT, help_text, rule=LATER)


SETTINGS = (
    _flag("private", "Private webinar", "A private one is not shown to the public."),
    OptionRule(
        "language",
        "Language of the room",
        TEXT,
        "The letters about the webinar are written in it, too.",
        rule=FieldRule(on_create=False, choices=LANGUAGES, sentence=LATER.sentence),
    ),
    _text("login_fields", "Fields to fill in at the door", "Such as: name, email, phone, company."),
    _text("group", "Group for those who come", "The name of one of the account's groups."),
    _flag("userList", "Show participants who else is there"),
    _flag("flags", "Show country flags beside the names", "Only where the list is shown."),
    _flag("chat", "Chat for participants"),
    _flag("buttonQuestion", "Button to ask a question"),
    _flag("buttonVoice", "Button to raise a hand"),
    _flag("showBeforeTimer", "Countdown before the start"),
    _flag("showLoginStart", "Show the start at the door"),
    _flag("showLoginName", "Show the title at the door"),
    _flag("showLoginModerators", "Show the moderators at the door"),
    _flag("showSocialButtons", "Log in with social networks"),
    _flag("showLoginCounter", "Show the number of free seats at the door"),
    _flag("emailIdntLogin", "Enter by personal link only"),
    _flag("emailIdntRecord", "Watch the recording by personal link only"),
    _flag("sendRecord", "Send the recording to participants afterwards"),
    _text("background", "Background colour of the room", "Such as #f2f2f2."),
    _text("foreground", "Colour of text and icons in the room", "Such as #d3d3d3."),
)
