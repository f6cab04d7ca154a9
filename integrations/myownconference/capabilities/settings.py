"""The settings that a webinar on MyOwnConference alone has, and that it shows again."""

from integrations.base.capabilities import FieldRule, OptionRule, SettingTopic
from integrations.base.records import FLAG, TEXT
from integrations.base.texts import _

# webinarsCreate takes name, start, duration and description alone [Planning and creating].
LATER = FieldRule(
    on_create=False, sentence=_("MyOwnConference takes this once the webinar stands there.")
)
LANGUAGES = (
    ("be", _("Belarusian")),
    ("bg", _("Bulgarian")),
    ("de", _("German")),
    ("en", _("English")),
    ("es", _("Spanish")),
    ("et", _("Estonian")),
    ("fr", _("French")),
    ("it", _("Italian")),
    ("lt", _("Lithuanian")),
    ("lv", _("Latvian")),
    ("pl", _("Polish")),
    ("pt", _("Portuguese")),
    ("ru", _("Russian")),
    ("sl", _("Slovenian")),
    ("tr", _("Turkish")),
    ("uk", _("Ukrainian")),
)


ENTRY, ROOM, LOOK = SettingTopic.ENTRY, SettingTopic.ROOM, SettingTopic.LOOK


def _flag(name: str, label: str, help_text: str = "", topic: SettingTopic = ENTRY) -> OptionRule:
    return OptionRule(name, label, FLAG, help_text, rule=LATER, topic=topic)


def _text(name: str, label: str, help_text: str = "", topic: SettingTopic = ENTRY) -> OptionRule:
    return OptionRule(name, label, TEXT, help_text, rule=LATER, topic=topic)


SETTINGS = (
    _flag("private", _("Private webinar"), _("A private one is not shown to the public.")),
    OptionRule(
        "language",
        _("Language of the room"),
        TEXT,
        _("The letters about the webinar are written in it, too."),
        rule=FieldRule(on_create=False, choices=LANGUAGES, sentence=LATER.sentence),
        topic=LOOK,
    ),
    _text(
        "login_fields",
        _("Fields to fill in at the door"),
        _("Such as: name, email, phone, company."),
    ),
    _text("group", _("Group for those who come"), _("The name of one of the account's groups.")),
    _flag("userList", _("Show participants who else is there"), topic=ROOM),
    _flag(
        "flags",
        _("Show country flags beside the names"),
        _("Only where the list is shown."),
        topic=ROOM,
    ),
    _flag("chat", _("Chat for participants"), topic=ROOM),
    _flag("buttonQuestion", _("Button to ask a question"), topic=ROOM),
    _flag("buttonVoice", _("Button to raise a hand"), topic=ROOM),
    _flag("showBeforeTimer", _("Countdown before the start")),
    _flag("showLoginStart", _("Show the start at the door")),
    _flag("showLoginName", _("Show the title at the door")),
    _flag("showLoginModerators", _("Show the moderators at the door")),
    _flag("showSocialButtons", _("Log in with social networks")),
    _flag("showLoginCounter", _("Show the number of free seats at the door")),
    _flag("emailIdntLogin", _("Enter by personal link only")),
    _flag(
        "emailIdntRecord", _("Watch the recording by personal link only"), topic=SettingTopic.AFTER
    ),
    _flag(
        "sendRecord", _("Send the recording to participants afterwards"), topic=SettingTopic.AFTER
    ),
    _text("background", _("Background colour of the room"), _("Such as #f2f2f2."), topic=LOOK),
    _text(
        "foreground", _("Colour of text and icons in the room"), _("Such as #d3d3d3."), topic=LOOK
    ),
)
