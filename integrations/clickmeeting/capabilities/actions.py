"""The one-shot things that ClickMeeting does. Sources are headings of its document."""

from integrations.base.capabilities import Action, FieldRule, OptionRule, Topic, yes
from integrations.base.records import TEXT, WHOLE, Kind

NEEDED = FieldRule(required=True)
ROLES = (("listener", "Listener"), ("presenter", "Presenter"), ("host", "Host"))
INVITED = ROLES[:2]
LANGUAGE = OptionRule("lang", "Language", TEXT, "Two letters, such as en or pl.", default="en")
FOR_GOOD = "It is deleted on ClickMeeting and cannot be brought back from here."

_LETTERS = (
    Action(
        "invite_by_platform",
        "Invitation mail by ClickMeeting",
        yes("ClickMeeting sends its own mail.", "Send invitation email"),
        topic=Topic.LETTERS,
        fields=(
            OptionRule("attendees", "Addresses", TEXT, "Separated by commas.", rule=NEEDED),
            LANGUAGE,
            OptionRule("role", "Invited as", TEXT, rule=FieldRule(choices=INVITED)),
            OptionRule(
                "template",
                "Length",
                TEXT,
                rule=FieldRule(choices=(("basic", "Short"), ("advanced", "With all details"))),
            ),
        ),
        warning="ClickMeeting writes to these people at once, beside what Lectern sends.",
    ),
    Action(
        "registration_template",
        "Form of ClickMeeting's own registration page",
        yes("Turns that page on with the chosen form.", "Update meeting registration template"),
        repeatable=True,
        topic=Topic.LETTERS,
        fields=(
            OptionRule(
                "template",
                "Form",
                WHOLE,
                rule=FieldRule(required=True, choices=(("1", "1"), ("2", "2"), ("3", "3"))),
            ),
        ),
    ),
)
_ACCESS = (
    Action(
        "join_link",
        "Personal link",
        yes("For any person and role.", "Auto-login url to meeting room"),
        repeatable=True,
        topic=Topic.ACCESS,
        fields=(
            OptionRule("email", "E-mail address", TEXT, rule=NEEDED),
            OptionRule("name", "Name", TEXT),
            OptionRule(
                "role",
                "Role",
                TEXT,
                default="listener",
                rule=FieldRule(required=True, choices=ROLES),
            ),
            OptionRule("password", "Password of the room", TEXT, "Where it has one."),
        ),
    ),
    Action(
        "access_tokens",
        "Access tokens",
        yes("Of a webinar with token access.", "Get generated access tokens"),
        repeatable=True,
        topic=Topic.ACCESS,
        reads=True,
    ),
    Action(
        "generate_access_tokens",
        "Make access tokens",
        yes("Up to 1000 at once; each lets one person in.", "Access token generation"),
        topic=Topic.ACCESS,
        fields=(
            OptionRule(
                "how_many",
                "How many",
                WHOLE,
                rule=FieldRule(required=True, minimum=1, maximum=1000),
            ),
        ),
    ),
    Action(
        "phone_gateways",
        "Numbers to dial in",
        yes("The room's pins stand on its page.", "Phone gateways"),
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
        "Files of the room",
        yes(source="Get file list of a particular room"),
        topic=Topic.CONTENT,
        reads=True,
        harmless=True,
        repeatable=True,
    ),
    Action(
        "upload_file",
        "Upload a file to the room",
        yes("Slides, pictures, sound, video.", "Adding new file into library of a particular room"),
        topic=Topic.CONTENT,
        upload=True,
    ),
    Action(
        "file",
        "Details",
        yes(source="Get file details"),
        topic=Topic.CONTENT,
        target="files",
        reads=True,
        harmless=True,
        repeatable=True,
    ),
    Action(
        "download_file",
        "Download",
        yes(source="Get file content"),
        topic=Topic.CONTENT,
        target="files",
        download=True,
    ),
    Action(
        "delete_file",
        "Delete",
        yes(source="Deleting of file"),
        repeatable=True,
        topic=Topic.CONTENT,
        target="files",
        warning=FOR_GOOD,
    ),
    Action(
        "chats",
        "Chats of the sessions",
        yes(source="Get list of chats"),
        topic=Topic.CONTENT,
        reads=True,
        harmless=True,
        repeatable=True,
    ),
    Action(
        "download_chat",
        "Download as ZIP",
        yes(source="Get chat details"),
        topic=Topic.CONTENT,
        target="chats",
        download=True,
    ),
    Action(
        "delete_all_recordings",
        "Delete all recordings",
        yes("Deletes every recording of this webinar.", "Delete all recordings"),
        repeatable=True,
        topic=Topic.CONTENT,
        warning="Every recording of this webinar is deleted on ClickMeeting, for good.",
    ),
    Action(
        "generate_report",
        "PDF report",
        yes("Takes a moment; ask again until it is finished.", "PDF report generating"),
        repeatable=True,
        topic=Topic.CONTENT,
        of=Kind.SESSION,
        fields=(LANGUAGE,),
        reads=True,
    ),
    Action(
        "session_registrations",
        "Registered for this run",
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
        "The account's file library",
        yes(source="Get list of files"),
        topic=Topic.CONTENT,
        of=None,
        reads=True,
        harmless=True,
        repeatable=True,
    ),
    Action(
        "upload_to_library",
        "Upload a file to the library",
        yes(source="Adding new file into library"),
        topic=Topic.CONTENT,
        of=None,
        upload=True,
    ),
    Action(
        "download_from_library",
        "Download",
        yes(source="Get file content"),
        topic=Topic.CONTENT,
        of=None,
        target="library",
        download=True,
    ),
    Action(
        "delete_from_library",
        "Delete",
        yes(source="Deleting of file"),
        repeatable=True,
        topic=Topic.CONTENT,
        of=None,
        target="library",
        warning=FOR_GOOD,
    ),
    Action(
        "skins",
        "Looks of rooms",
        yes("A look is chosen in ClickMeeting's panel.", "List of room skins"),
        topic=Topic.CONTENT,
        of=None,
        reads=True,
        repeatable=True,
    ),
    Action(
        "time_zones",
        "Time zones that ClickMeeting knows",
        yes(source="Time zones"),
        topic=Topic.CONTENT,
        of=None,
        fields=(OptionRule("country", "Country", TEXT, "Two letters; empty for all."),),
        reads=True,
        harmless=True,
        repeatable=True,
    ),
)
ACTIONS = (*_LETTERS, *_ACCESS, *_CONTENT, *_LIBRARY)
