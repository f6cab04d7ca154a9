"""The actions that TrueConf offers, and the version of its API that each needs.

Sources are headings of the document.
"""

from dataclasses import replace

from integrations.base.capabilities import Action, FieldRule, OptionRule, Topic, no, yes
from integrations.base.records import FLAG, TEXT, Kind
from integrations.base.texts import _, say, together
from integrations.trueconf.payloads import reaches

LIVE, CONTENT, LETTERS, ACCESS = Topic.LIVE, Topic.CONTENT, Topic.LETTERS, Topic.ACCESS
NEEDED = FieldRule(required=True)


def _field(name: str, label: str, text: str = "", *, needed: bool = True) -> OptionRule:
    return OptionRule(name, label, TEXT, text, rule=NEEDED if needed else FieldRule())


NOT_GUESTS = _("Do not count on it for guests: the portal's own mail tells them.")
PERSON = _field("person", _("Who"), _("E-mail address or TrueConf ID."))
NAME = _field("name", _("Name"))

# (the first version that has it, the action)
ACTIONS_SINCE: tuple[tuple[str, Action], ...] = (
    (
        "v3",
        Action(
            "start",
            _("Start the webinar"),
            yes(_("It begins at once, and everybody is called in who shall be."), "Run Conference"),
            topic=LIVE,
            repeatable=True,
        ),
    ),
    (
        "v3",
        Action(
            "stop",
            _("End the webinar"),
            yes("", "Stop Conference"),
            topic=LIVE,
            repeatable=True,
            warning=_("It ends for everybody."),
        ),
    ),
    (
        "v3",
        Action(
            "participants",
            _("Who is in it"),
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
            _("Details"),
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
            _("Current session"),
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
            _("Remove"),
            yes("", "Kick participant"),
            topic=LIVE,
            repeatable=True,
            target="participants",
            warning=_("This person is put out of the webinar, and may come back."),
        ),
    ),
    (
        "v3.3",
        Action(
            "podium_invite",
            _("Ask to the podium"),
            yes(_("In a role-based webinar."), "Invite participant to stand on a podium"),
            topic=LIVE,
            target="participants",
            fields=(
                OptionRule(
                    "force",
                    _("Without asking"),
                    FLAG,
                    _("Since API v3.4; before, people are always asked."),
                ),
            ),
        ),
    ),
    (
        "v3.3",
        Action(
            "podium_remove",
            _("Take off the podium"),
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
            _("Start or continue recording"),
            yes("", "Conference Record Start"),
            topic=LIVE,
            repeatable=True,
        ),
    ),
    (
        "v3.1",
        Action(
            "record_pause",
            _("Pause recording"),
            yes("", "Conference Record Pause"),
            topic=LIVE,
            repeatable=True,
        ),
    ),
    (
        "v3.1",
        Action(
            "record_stop",
            _("Stop recording"),
            yes("", "Conference Record Stop"),
            topic=LIVE,
            repeatable=True,
        ),
    ),
    (
        "v3",
        Action(
            "call_in",
            _("Call somebody in"),
            yes(_("TrueConf rings a user, who joins by answering."), "Invite Participant"),
            topic=LIVE,
            fields=(PERSON,),
        ),
    ),
    (
        "v3.1",
        Action(
            "call_people",
            _("Call several in"),
            yes(_("TrueConf rings all of them."), "Conference Invite"),
            topic=LIVE,
            fields=(
                _field("people", _("Who"), _("E-mail addresses or TrueConf IDs, with commas.")),
            ),
        ),
    ),
    (
        "v3.3",
        Action(
            "invite_by_platform",
            _("Invitation mail by TrueConf"),
            yes(
                together(_("TrueConf sends its own mail to everybody who is invited."), NOT_GUESTS),
                "Conference Notify",
            ),
            topic=LETTERS,
            warning=_("Everybody who is invited gets TrueConf's mail."),
        ),
    ),
    (
        "v3",
        Action(
            "join_link",
            _("Link to join"),
            yes(
                _("The webinar's page: users log in there, guests say their name."),
                "Get Conference",
            ),
            topic=ACCESS,
            repeatable=True,
            fields=(_field("email", _("E-mail address"), needed=False),),
        ),
    ),
    (
        "v3",
        Action(
            "room_links",
            _("All addresses"),
            yes(
                _("For browsers, programs, terminals and calendars."),
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
            _("Addresses for one person"),
            yes(
                _("Addresses that log a person in for a while; do not send them long before."),
                "Get Client List",
            ),
            topic=ACCESS,
            repeatable=True,
            reads=True,
            fields=(
                _field("person", _("User"), _("E-mail address or TrueConf ID."), needed=False),
                _field("guest", _("Or a guest's name"), needed=False),
            ),
        ),
    ),
    (
        "v3.1",
        Action(
            "calendar_file",
            _("Calendar file by TrueConf"),
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
            _("Name in the webinar"),
            yes(
                _("What the person is called there; since API v3.9 also who translates."),
                "Edit Invitation",
            ),
            topic=ACCESS,
            of=Kind.REGISTRATION,
            repeatable=True,
            fields=(
                _field("name", _("Name"), needed=False),
                _field("languages", _("Translates between"), _("Such as en, de."), needed=False),
            ),
        ),
    ),
    (
        "v3",
        Action(
            "download_recording",
            _("Download"),
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
            _("Recordings with their times"),
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
            _("Details"),
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
            _("Chat"),
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
            _("Who was rung"),
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
            _("Events of the server"),
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
            _("Changes of the server's settings"),
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
            _("Templates"),
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
            _("Details"),
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
            _("Save as a template"),
            yes(
                _("Its settings, without date, people and password."), "Create Conference Template"
            ),
            topic=CONTENT,
            fields=(NAME,),
        ),
    ),
    (
        "v3.1",
        Action(
            "rename_template",
            _("Rename"),
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
            _("Remove"),
            yes("", "Delete Conference Template"),
            topic=CONTENT,
            of=None,
            repeatable=True,
            target="templates",
            warning=_("The template is removed; webinars made from it stay."),
        ),
    ),
    (
        "v3.3",
        Action(
            "presets",
            _("Broadcast presets"),
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
            _("Details"),
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
            _("Make a preset"),
            yes(
                _(
                    "From which others pull the stream. Presets that hold keys of a streaming "
                    "service are made in the server's own panel."
                ),
                "Create Preset",
            ),
            topic=CONTENT,
            of=None,
            fields=(
                NAME,
                _field(
                    "audio_codec", _("Sound"), _("MP3, PCM, G711_U, G711_A or AAC."), needed=False
                ),
                _field("video_codec", _("Picture"), _("H264 or VP8."), needed=False),
            ),
        ),
    ),
    (
        "v3.3",
        Action(
            "rename_preset",
            _("Rename"),
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
            _("Remove"),
            yes("", "Delete Preset"),
            topic=CONTENT,
            of=None,
            repeatable=True,
            target="presets",
            warning=_("Webinars that are broadcast with this preset lose it."),
        ),
    ),
    (
        "v3.2",
        Action(
            "avatar",
            _("Picture"),
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
            _("Set a picture"),
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
            _("Take the picture away"),
            yes("", "Delete Avatar"),
            topic=ACCESS,
            of=Kind.ATTENDEE,
            repeatable=True,
            warning=_("The picture is taken away."),
        ),
    ),
    (
        "v3.1",
        Action(
            "disconnect",
            _("Log out of TrueConf"),
            yes("", "Disconnect User"),
            topic=ACCESS,
            of=Kind.ATTENDEE,
            repeatable=True,
            warning=_("The person's programs are logged out, also during a call."),
        ),
    ),
    (
        "v3",
        Action(
            "contacts",
            _("Address book"),
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
            _("Details"),
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
            _("Add to the address book"),
            yes("", "Add Contact"),
            topic=ACCESS,
            of=Kind.ATTENDEE,
            fields=(PERSON, _field("name", _("Called"), needed=False)),
        ),
    ),
    (
        "v3",
        Action(
            "rename_contact",
            _("Rename"),
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
            _("Remove"),
            yes("", "Delete Contact"),
            topic=ACCESS,
            of=Kind.ATTENDEE,
            repeatable=True,
            target="contacts",
            warning=_("The entry leaves this person's address book."),
        ),
    ),
)

ACTIONS = {action.name: action for _since, action in ACTIONS_SINCE}


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
    return say(
        "This needs API %(since)s of TrueConf Server; this server speaks %(version)s.",
        since=since,
        version=version,
    )
