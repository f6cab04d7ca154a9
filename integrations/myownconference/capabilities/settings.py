"""The settings that a webinar on MyOwnConference alone has, and that it shows again."""

from integrations.base.capabilities import FieldRule, OptionRule
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


def _flag(name: str, label: str, help_text: str = "") -> OptionRule:
    return OptionRule(name, label, FLAG, help_text, rule=LATER)


def _text(name: str, label: str, help_text: str = "") -> OptionRule:
    return OptionRule(name, label, TEXT, help_text, rule=LATER)


SETTINGS = (
    _flag("private", _("Private webinar"), _("A private one is not shown to the public.")),
    OptionRule(
        "language",
        _("Language of the room"),
        TEXT,
        _("The letters about the webinar are written in it, too."),
        rule=FieldRule(on_create=False, choices=LANGUAGES, sentence=LATER.sentence),
    ),
    _text(
        "login_fields",
        _("Fields to fill in at the door"),
        _("Such as: name, email, phone, company."),
    ),
    _text("group", _("Group for those who come"), _("The name of one of the account's groups.")),
    _flag("userList", _("Show participants who else is there")),
    _flag("flags", _("Show country flags beside the names"), _("Only where the list is shown.")),
    _flag("chat", _("Chat for participants")),
    _flag("buttonQuestion", _("Button to ask a question")),
    _flag("buttonVoice", _("Button to raise a hand")),
    _flag("showBeforeTimer", _("Countdown before the start")),
    _flag("showLoginStart", _("Show the start at the door")),
    _flag("showLoginName", _("Show the title at the door")),
    _flag("showLoginModerators", _("Show the moderators at the door")),
    _flag("showSocialButtons", _("Log in with social networks")),
    _flag("showLoginCounter", _("Show the number of free seats at the door")),
    _flag("emailIdntLogin", _("Enter by personal link only")),
    _flag("emailIdntRecord", _("Watch the recording by personal link only")),
    _flag("sendRecord", _("Send the recording to participants afterwards")),
    _text("background", _("Background colour of the room"), _("Such as #f2f2f2.")),
    _text("foreground", _("Colour of text and icons in the room"), _("Such as #d3d3d3.")),
)
