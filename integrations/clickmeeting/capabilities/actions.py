"""The one-shot things that ClickMeeting does. Sources are headings of its document."""

from integrations.base.capabilities import Action, FieldRule, OptionRule, Topic, yes
from integrations.base.records import TEXT, WHOLE, Kind
from integrations.base.texts import _

NEEDED = FieldRule(required=True)
ROLES = (("listener", _("Listener")), ("presenter", _("Presenter")), ("host", _("Host")))
INVITED = ROLES[:2]
LANGUAGE = OptionRule(
    "lang", _("Language"), TEXT, _("Two letters, such as en or pl."), default="en"
)
FOR_GOOD = _("It is deleted on ClickMeeting and cannot be brought back from here.")

_LETTERS = (
    Action(
        "invite_by_platform",
        _("Invitation mail by ClickMeeting"),
        yes(_("ClickMeeting sends its own mail."), "Send invitation email"),
        topic=Topic.LETTERS,
        fields=(
            OptionRule("attendees", _("Addresses"), TEXT, _("Separated by commas."), rule=NEEDED),
            LANGUAGE,
            OptionRule("role", _("Invited as"), TEXT, rule=FieldRule(choices=INVITED)),
            OptionRule(
                "template",
                _("Length"),
                TEXT,
                rule=FieldRule(
                    choices=(("basic", _("Short")), ("advanced", _("With all details")))
                ),
            ),
        ),
        warning=_("ClickMeeting writes to these people at once, beside what Lectern sends."),
    ),
    Action(
        "registration_template",
        _("Form of ClickMeeting's own registration page"),
        yes(_("Turns that page on with the chosen form."), "Update meeting registration template"),
        repeatable=True,
        topic=Topic.LETTERS,
        fields=(
            OptionRule(
                "template",
                _("Form"),
                WHOLE,
                rule=FieldRule(required=True, choices=(("1", "1"), ("2", "2"), ("3", "3"))),
            ),
        ),
    ),
)
_ACCESS = (
    Action(
        "join_link",
        _("Personal link"),
        yes(_("For any person and role."), "Auto-login url to meeting room"),
        repeatable=True,
        topic=Topic.ACCESS,
        fields=(
            OptionRule("email", _("E-mail address"), TEXT, rule=NEEDED),
            OptionRule("name", _("Name"), TEXT),
            OptionRule(
                "role",
                _("Role"),
                TEXT,
                default="listener",
                rule=FieldRule(required=True, choices=ROLES),
            ),
            OptionRule("password", _("Password of the room"), TEXT, _("Where it has one.")),
        ),
    ),
    Action(
        "access_tokens",
        _("Access tokens"),
        yes(_("Of a webinar with token access."), "Get generated access tokens"),
        repeatable=True,
        topic=Topic.ACCESS,
        reads=True,
    ),
    Action(
        "generate_access_tokens",
        _("Make access tokens"),
        yes(_("Up to 1000 at once; each lets one person in."), "Access token generation"),
        topic=Topic.ACCESS,
        fields=(
            OptionRule(
                "how_many",
                _("How many"),
                WHOLE,
                rule=FieldRule(required=True, minimum=1, maximum=1000),
            ),
        ),
    ),
    Action(
        "phone_gateways",
        _("Numbers to dial in"),
        yes(_("The room's pins stand on its page."), "Phone gateways"),
        topic=Topic.ACCESS,
        of=None,
        reads=True,
        harmless=True,
        repeatable=True,
    ),
)
_CONTENT = (
    Action(
        "files",
        _("Files of the room"),
        yes(source="Get file list of a particular room"),
        topic=Topic.CONTENT,
        reads=True,
        harmless=True,
        repeatable=True,
    ),
    Action(
        "upload_file",
        _("Upload a file to the room"),
        yes(
            _("Slides, pictures, sound, video."),
            "Adding new file into library of a particular room",
        ),
        topic=Topic.CONTENT,
        upload=True,
    ),
    Action(
        "file",
        _("Details"),
        yes(source="Get file details"),
        topic=Topic.CONTENT,
        target="files",
        reads=True,
        harmless=True,
        repeatable=True,
    ),
    Action(
        "download_file",
        _("Download"),
        yes(source="Get file content"),
        topic=Topic.CONTENT,
        target="files",
        download=True,
    ),
    Action(
        "delete_file",
        _("Delete"),
        yes(source="Deleting of file"),
        repeatable=True,
        topic=Topic.CONTENT,
        target="files",
        warning=FOR_GOOD,
    ),
    Action(
        "chats",
        _("Chats of the sessions"),
        yes(source="Get list of chats"),
        topic=Topic.CONTENT,
        reads=True,
        harmless=True,
        repeatable=True,
    ),
    Action(
        "download_chat",
        _("Download as ZIP"),
        yes(source="Get chat details"),
        topic=Topic.CONTENT,
        target="chats",
        download=True,
    ),
    Action(
        "delete_all_recordings",
        _("Delete all recordings"),
        yes(_("Deletes every recording of this webinar."), "Delete all recordings"),
        repeatable=True,
        topic=Topic.CONTENT,
        warning=_("Every recording of this webinar is deleted on ClickMeeting, for good."),
    ),
    Action(
        "generate_report",
        _("PDF report"),
        yes(_("Takes a moment; ask again until it is finished."), "PDF report generating"),
        repeatable=True,
        topic=Topic.CONTENT,
        of=Kind.SESSION,
        fields=(LANGUAGE,),
        reads=True,
    ),
    Action(
        "session_registrations",
        _("Registered for this run"),
        yes(source="Get all registered participants in a particular session"),
        topic=Topic.CONTENT,
        of=Kind.SESSION,
        reads=True,
        harmless=True,
        repeatable=True,
    ),
)
_LIBRARY = (
    Action(
        "library",
        _("The account's file library"),
        yes(source="Get list of files"),
        topic=Topic.CONTENT,
        of=None,
        reads=True,
        harmless=True,
        repeatable=True,
    ),
    Action(
        "upload_to_library",
        _("Upload a file to the library"),
        yes(source="Adding new file into library"),
        topic=Topic.CONTENT,
        of=None,
        upload=True,
    ),
    Action(
        "download_from_library",
        _("Download"),
        yes(source="Get file content"),
        topic=Topic.CONTENT,
        of=None,
        target="library",
        download=True,
    ),
    Action(
        "delete_from_library",
        _("Delete"),
        yes(source="Deleting of file"),
        repeatable=True,
        topic=Topic.CONTENT,
        of=None,
        target="library",
        warning=FOR_GOOD,
    ),
    Action(
        "skins",
        _("Looks of rooms"),
        yes(_("A look is chosen in ClickMeeting's panel."), "List of room skins"),
        topic=Topic.CONTENT,
        of=None,
        reads=True,
        repeatable=True,
    ),
    Action(
        "time_zones",
        _("Time zones that ClickMeeting knows"),
        yes(source="Time zones"),
        topic=Topic.CONTENT,
        of=None,
        fields=(OptionRule("country", _("Country"), TEXT, _("Two letters; empty for all.")),),
        reads=True,
        harmless=True,
        repeatable=True,
    ),
)
ACTIONS = (*_LETTERS, *_ACCESS, *_CONTENT, *_LIBRARY)
