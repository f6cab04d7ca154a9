"""The actions that TrueConf offers, and the version of its API that each needs.

Sources are headings of the document.
"""

from dataclasses import replace

from integrations.base.capabilities import Action, FieldRule, OptionRule, Topic, no, yes
from integrations.base.records import FLAG, TEXT, Kind
from integrations.trueconf.payloads import reaches

LIVE, CONTENT, LETTERS, ACCESS = Topic.LIVE, Topic.CONTENT, Topic.LETTERS, Topic.ACCESS
NEEDED = FieldRule(required=True)


def _field(name: str, label: str, text: str = "", *, needed: bool = True) -> OptionRule:
    return OptionRule(name, label, TEXT, text, rule=NEEDED if needed else FieldRule())


NOT_GUESTS = "Do not count on it for guests: the portal's own mail tells them."
PERSON = _field("person", "Who", "E-mail address or TrueConf ID.")
NAME = _field("name", "Name")

# (the first version that has it, the action)
ACTIONS_SINCE: tuple[tuple[str, Action], ...] = (
    (
        "v3",
        Action(
            "start",
            "Start the webinar",
            yes("It begins at once, and everybody is called in who shall be.", "Run Conference"),
            topic=LIVE,
            repeatable=True,
        ),
    ),
    (
        "v3",
        Action(
            "stop",
            "End the webinar",
            yes("", "Stop Conference"),
            topic=LIVE,
            repeatable=True,
            warning="It ends for everybody.",
        ),
    ),
    (
        "v3",
        Action(
            "participants",
            "Who is in it",
            yes("", "Get Conference Session Participants; Get Participant List"),
            topic=LIVE,
            repeatable=True,
            reads=True,
            harmless=True,
        ),
    ),
    (
        "v3.1",
        Action(
            "participant",
            "Details",
            yes("", "Get Participant"),
            topic=LIVE,
            repeatable=True,
            reads=True,
            harmless=True,
            target="participants",
        ),
    ),
    (
        "v3.3",
        Action(
            "session_now",
            "Current session",
            yes("", "Get Conference Session"),
            topic=LIVE,
            repeatable=True,
            reads=True,
            harmless=True,
        ),
    ),
    (
        "v3.9",
        Action(
            "kick",
            "Remove",
            yes("", "Kick participant"),
            topic=LIVE,
            repeatable=True,
            target="participants",
            warning="This person is put out of the webinar, and may come back.",
        ),
    ),
    (
        "v3.3",
        Action(
            "podium_invite",
            "Ask to the podium",
            yes("In a role-based webinar.", "Invite participant to stand on a podium"),
            topic=LIVE,
            target="participants",
            fields=(
                OptionRule(
                    "force",
                    "Without asking",
                    FLAG,
                    "Since API v3.4; before, people are always asked.",
                ),
            ),
        ),
    ),
    (
        "v3.3",
        Action(
            "podium_remove",
            "Take off the podium",
            yes("", "Remove participant from a podium"),
            topic=LIVE,
            repeatable=True,
            target="participants",
        ),
    ),
    (
        "v3.1",
        Action(
            "record_start",
            "Start or continue recording",
            yes("", "Conference Record Start"),
            topic=LIVE,
            repeatable=True,
        ),
    ),
    (
        "v3.1",
        Action(
            "record_pause",
            "Pause recording",
            yes("", "Conference Record Pause"),
            topic=LIVE,
            repeatable=True,
        ),
    ),
    (
        "v3.1",
        Action(
            "record_stop",
            "Stop recording",
            yes("", "Conference Record Stop"),
            topic=LIVE,
            repeatable=True,
        ),
    ),
    (
        "v3",
        Action(
            "call_in",
            "Call somebody in",
            yes("TrueConf rings a user, who joins by answering.", "Invite Participant"),
            topic=LIVE,
            fields=(PERSON,),
        ),
    ),
    (
        "v3.1",
        Action(
            "call_people",
            "Call several in",
            yes("TrueConf rings all of them.", "Conference Invite"),
            topic=LIVE,
            fields=(_field("people", "Who", "E-mail addresses or TrueConf IDs, with commas."),),
        ),
    ),
    (
        "v3.3",
        Action(
            "invite_by_platform",
            "Invitation mail by TrueConf",
            yes(
                "TrueConf sends its own mail to everybody who is invited. " + NOT_GUESTS,
                "Conference Notify",
            ),
            topic=LETTERS,
            warning="Everybody who is invited gets TrueConf's mail.",
        ),
    ),
    (
        "v3",
        Action(
            "join_link",
            "Link to join",
            yes("The webinar's page: users log in there, guests say their name.", "Get Conference"),
            topic=ACCESS,
            repeatable=True,
            fields=(_field("email", "E-mail address", needed=False),),
        ),
    ),
    (
        "v3",
        Action(
            "room_links",
            "All addresses",
            yes(
                "For browsers, programs, terminals and calendars.",
                "Share Conference; Get Conference Calendars",
            ),
            topic=ACCESS,
            repeatable=True,
            reads=True,
        ),
    ),
    (
        "v3",
        Action(
            "entry_links",
            "Addresses for one person",
            yes(
                "Addresses that log a person in for a while; do not send them long before.",
                "Get Client List",
            ),
            topic=ACCESS,
            repeatable=True,
            reads=True,
            fields=(
                _field("person", "User", "E-mail address or TrueConf ID.", needed=False),
                _field("guest", "Or a guest's name", needed=False),
            ),
        ),
    ),
    (
        "v3.1",
        Action(
            "calendar_file",
            "Calendar file by TrueConf",
            yes("", "Get Conference ICS"),
            topic=ACCESS,
            repeatable=True,
            download=True,
        ),
    ),
    (
        "v3",
        Action(
            "rename_invitation",
            "Name in the webinar",
            yes(
                "What the person is called there; since API v3.9 also who translates.",
                "Edit Invitation",
            ),
            topic=ACCESS,
            of=Kind.REGISTRATION,
            repeatable=True,
            fields=(
                _field("name", "Name", needed=False),
                _field("languages", "Translates between", "Such as en, de.", needed=False),
            ),
        ),
    ),
    (
        "v3",
        Action(
            "download_recording",
            "Download",
            yes("", "Download Record"),
            topic=CONTENT,
            of=Kind.RECORDING,
            repeatable=True,
            download=True,
        ),
    ),
    (
        "v3.1",
        Action(
            "recording_log",
            "Recordings with their times",
            yes("", "Get Recording List; before v3.2 Get Call Record List"),
            topic=CONTENT,
            repeatable=True,
            reads=True,
            harmless=True,
        ),
    ),
    (
        "v3.2",
        Action(
            "recording_details",
            "Details",
            yes("", "Get Recording"),
            topic=CONTENT,
            repeatable=True,
            reads=True,
            harmless=True,
            target="recording_log",
        ),
    ),
    (
        "v3.1",
        Action(
            "chats",
            "Chat",
            yes("", "Get Message List"),
            topic=CONTENT,
            of=Kind.SESSION,
            repeatable=True,
            reads=True,
        ),
    ),
    (
        "v3.1",
        Action(
            "call_invites",
            "Who was rung",
            yes("", "Get Call Invite List"),
            topic=CONTENT,
            of=Kind.SESSION,
            repeatable=True,
            reads=True,
            harmless=True,
        ),
    ),
    (
        "v3.1",
        Action(
            "server_events",
            "Events of the server",
            yes("", "Get Event List"),
            topic=CONTENT,
            of=None,
            repeatable=True,
            reads=True,
        ),
    ),
    (
        "v3.1",
        Action(
            "server_settings",
            "Changes of the server's settings",
            yes("", "Get Setting List"),
            topic=CONTENT,
            of=None,
            repeatable=True,
            reads=True,
        ),
    ),
    (
        "v3.1",
        Action(
            "templates",
            "Templates",
            yes("", "Get Conference Template List"),
            topic=CONTENT,
            of=None,
            repeatable=True,
            reads=True,
            harmless=True,
        ),
    ),
    (
        "v3.1",
        Action(
            "template_details",
            "Details",
            yes("", "Get Conference Template"),
            topic=CONTENT,
            of=None,
            repeatable=True,
            reads=True,
            harmless=True,
            target="templates",
        ),
    ),
    (
        "v3.1",
        Action(
            "save_as_template",
            "Save as a template",
            yes("Its settings, without date, people and password.", "Create Conference Template"),
            topic=CONTENT,
            fields=(NAME,),
        ),
    ),
    (
        "v3.1",
        Action(
            "rename_template",
            "Rename",
            yes("", "Edit Conference Template"),
            topic=CONTENT,
            of=None,
            repeatable=True,
            target="templates",
            fields=(NAME,),
        ),
    ),
    (
        "v3.1",
        Action(
            "delete_template",
            "Remove",
            yes("", "Delete Conference Template"),
            topic=CONTENT,
            of=None,
            repeatable=True,
            target="templates",
            warning="The template is removed; webinars made from it stay.",
        ),
    ),
    (
        "v3.3",
        Action(
            "presets",
            "Broadcast presets",
            yes("", "Get Preset List"),
            topic=CONTENT,
            of=None,
            repeatable=True,
            reads=True,
        ),
    ),
    (
        "v3.3",
        Action(
            "preset_details",
            "Details",
            yes("", "Get Preset"),
            topic=CONTENT,
            of=None,
            repeatable=True,
            reads=True,
            target="presets",
        ),
    ),
    (
        "v3.3",
        Action(
            "create_preset",
            "Make a preset",
            yes(
                "From which others pull the stream. Presets that hold keys of a streaming service "
                "are made in the server's own panel.",
                "Create Preset",
            ),
            topic=CONTENT,
            of=None,
            fields=(
                NAME,
                _field("audio_codec", "Sound", "MP3, PCM, G711_U, G711_A or AAC.", needed=False),
                _field("video_codec", "Picture", "H264 or VP8.", needed=False),
            ),
        ),
    ),
    (
        "v3.3",
        Action(
            "rename_preset",
            "Rename",
            yes("", "Edit Preset"),
            topic=CONTENT,
            of=None,
            repeatable=True,
            target="presets",
            fields=(NAME,),
        ),
    ),
    (
        "v3.3",
        Action(
            "delete_preset",
            "Remove",
            yes("", "Delete Preset"),
            topic=CONTENT,
            of=None,
            repeatable=True,
            target="presets",
            warning="Webinars that are broadcast with this preset lose it.",
        ),
    ),
    (
        "v3.2",
        Action(
            "avatar",
            "Picture",
            yes("", "Get Avatar"),
            topic=ACCESS,
            of=Kind.ATTENDEE,
            repeatable=True,
            reads=True,
        ),
    ),
    (
        "v3.2",
        Action(
            "upload_avatar",
            "Set a picture",
            yes("", "Create Avatar"),
            topic=ACCESS,
            of=Kind.ATTENDEE,
            repeatable=True,
            upload=True,
        ),
    ),
    (
        "v3.2",
        Action(
            "delete_avatar",
            "Take the picture away",
            yes("", "Delete Avatar"),
            topic=ACCESS,
            of=Kind.ATTENDEE,
            repeatable=True,
            warning="The picture is taken away.",
        ),
    ),
    (
        "v3.1",
        Action(
            "disconnect",
            "Log out of TrueConf",
            yes("", "Disconnect User"),
            topic=ACCESS,
            of=Kind.ATTENDEE,
            repeatable=True,
            warning="The person's programs are logged out, also during a call.",
        ),
    ),
    (
        "v3",
        Action(
            "contacts",
            "Address book",
            yes("", "Get Contact List"),
            topic=ACCESS,
            of=Kind.ATTENDEE,
            repeatable=True,
            reads=True,
        ),
    ),
    (
        "v3",
        Action(
            "contact_details",
            "Details",
            yes("", "Get Contact"),
            topic=ACCESS,
            of=Kind.ATTENDEE,
            repeatable=True,
            reads=True,
            target="contacts",
        ),
    ),
    (
        "v3",
        Action(
            "add_contact",
            "Add to the address book",
            yes("", "Add Contact"),
            topic=ACCESS,
            of=Kind.ATTENDEE,
            fields=(PERSON, _field("name", "Called", needed=False)),
        ),
    ),
    (
        "v3",
        Action(
            "rename_contact",
            "Rename",
            yes("", "Edit Contact"),
            topic=ACCESS,
            of=Kind.ATTENDEE,
            repeatable=True,
            target="contacts",
            fields=(NAME,),
        ),
    ),
    (
        "v3",
        Action(
            "remove_contact",
            "Remove",
            yes("", "Delete Contact"),
            topic=ACCESS,
            of=Kind.ATTENDEE,
            repeatable=True,
            target="contacts",
            warning="The entry leaves this person's address book.",
        ),
    ),
)

ACTIONS = {action.name: action for _, action in ACTIONS_SINCE}


def actions_of(version: str) -> dict[str, Action]:
    """The same for one version: what it does not have says what it needs."""
    return {
        action.name: action
        if reaches(version, since)
        else replace(action, ability=no(needs(since, version), action.ability.source))
        for since, action in ACTIONS_SINCE
    }


def needs(since: str, version: str) -> str:
    """Why a server cannot do something."""
    return f"This needs API {since} of TrueConf Server; this server speaks {version}."
