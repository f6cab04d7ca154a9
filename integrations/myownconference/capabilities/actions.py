"""The one-shot things, and what cannot be done although other platforms do it."""

from integrations.base.capabilities import Action, FieldRule, OptionRule, Topic, no, yes
from integrations.base.records import FLAG, TEXT, WHOLE, Kind

LIVE, CONTENT, LETTERS, ACCESS = Topic.LIVE, Topic.CONTENT, Topic.LETTERS, Topic.ACCESS
NEEDED = FieldRule(required=True)
MODES = (
    ("recordWebCams", "Cameras only"),
    ("recordAreaNoChat", "Cameras, chat and documents"),
    ("recordArea", "Cameras and documents"),
    ("recordWhole", "The whole room"),
)
# Not flags: what is left open must not be sent.
YES_NO = (("YES", "Yes"), ("NO", "No"))
QUALITIES = (("0", "480p"), ("1", "720p"), ("2", "1080p"), ("3", "2K"))


def _ask(name: str, label: str, help_text: str = "", type_: str = TEXT) -> OptionRule:
    return OptionRule(name, label, type_, help_text, rule=NEEDED)


def _choose(name: str, label: str, choices: tuple[tuple[str, str], ...]) -> OptionRule:
    return OptionRule(name, label, TEXT, rule=FieldRule(choices=choices))


TEXT_FIELD = _ask("text", "Message")
LINK = OptionRule("link", "Where a click leads", TEXT, "A web address; may be left empty.")
NEVER_SHOWN = "MyOwnConference never shows it again, so Lectern cannot keep it in step."

DURING = (
    Action(
        "participants",
        "Who is there now",
        repeatable=True,
        topic=LIVE,
        reads=True,
        harmless=True,
        ability=yes(source="Retrieving a list of participants on an active webinar"),
    ),
    Action(
        "chat_off",
        "Close the chat",
        yes("Moderators can still write.", 'Disabling text chat for "live" participants'),
        repeatable=True,
        topic=LIVE,
    ),
    Action(
        "chat_on",
        "Open the chat",
        yes(source='Enabling text chat for "live" participants'),
        repeatable=True,
        topic=LIVE,
    ),
    Action(
        "links_off",
        "Forbid links in the chat",
        yes(source='Disabling links in the chat for "live" participants'),
        repeatable=True,
        topic=LIVE,
    ),
    Action(
        "links_on",
        "Allow links in the chat",
        yes(source='Enabling links in the chat for "live" participants'),
        repeatable=True,
        topic=LIVE,
    ),
    Action(
        "slides_show",
        "Show a slide",
        yes(source="Starting the slide presentation for live participants"),
        repeatable=True,
        topic=LIVE,
        target="files",
        fields=(OptionRule("slide", "Slide", WHOLE, "Counted from 1.", 1, FieldRule(minimum=1)),),
    ),
    Action(
        "slides_stop",
        "Stop showing slides",
        yes(source='Disabling presentation display for "live" participants'),
        repeatable=True,
        topic=LIVE,
    ),
    Action(
        "video_show",
        "Play a video",
        yes(source='Playing a video clip or YouTube for "live" attendees'),
        repeatable=True,
        topic=LIVE,
        target="files",
    ),
    Action(
        "video_stop",
        "Stop the video",
        yes(source='Pausing the video for "live" participants'),
        repeatable=True,
        topic=LIVE,
    ),
    Action(
        "bots",
        "Virtual attendees",
        yes(source="Getting the list of virtual attendees"),
        repeatable=True,
        topic=LIVE,
        reads=True,
        harmless=True,
    ),
    Action(
        "bot_add",
        "Add a virtual attendee",
        yes(source="Creating virtual attendees"),
        topic=LIVE,
        fields=(_ask("name", "Name"), _ask("country", "Country", "Two letters.")),
    ),
    Action(
        "bot_say",
        "Write as a virtual attendee",
        yes(source="Sending messages in the chat on behalf of virtual attendees"),
        topic=LIVE,
        target="bots",
        fields=(TEXT_FIELD,),
    ),
    Action(
        "bot_remove",
        "Remove a virtual attendee",
        yes(source="Deleting virtual attendees"),
        repeatable=True,
        topic=LIVE,
        target="bots",
    ),
    Action(
        "virtual_moderator_add",
        "Add a virtual moderator",
        yes("The address must be one that nobody has there yet.", "Creating virtual moderators"),
        topic=LIVE,
        fields=(_ask("name", "Name"), _ask("email", "Address")),
    ),
    Action(
        "virtual_moderator_say",
        "Write as a virtual moderator",
        yes(source="Sending messages in the chat on behalf of virtual attendees"),
        topic=LIVE,
        fields=(_ask("email", "Address of the virtual moderator"), TEXT_FIELD),
    ),
    Action(
        "virtual_moderator_remove",
        "Remove a virtual moderator",
        yes(source="Deleting virtual moderators"),
        repeatable=True,
        topic=LIVE,
        fields=(_ask("email", "Address of the virtual moderator"),),
    ),
    Action(
        "stop",
        "Finish the webinar",
        yes(source="Ending the webinar and disconnecting live attendees"),
        topic=LIVE,
        warning="Everyone is disconnected, and the webinar is over.",
    ),
    Action(
        "start",
        "Start the webinar",
        no("A webinar on MyOwnConference begins when a moderator enters its room."),
        topic=LIVE,
    ),
    Action(
        "kick",
        "Remove a participant",
        no("MyOwnConference's API cannot send anyone out; a moderator in the room can."),
        topic=LIVE,
    ),
    Action(
        "record_start",
        "Start recording",
        no("A recording on MyOwnConference is started by a moderator in the room."),
        topic=LIVE,
    ),
)

BEFORE_AND_AFTER = (
    Action(
        "files",
        "Files",
        yes(source="Obtaining a list of documents uploaded to the webinar"),
        repeatable=True,
        topic=CONTENT,
        reads=True,
    ),
    Action(
        "download_file",
        "Download the file",
        yes(source="Obtaining a list of documents uploaded to the webinar"),
        repeatable=True,
        topic=CONTENT,
        target="files",
        download=True,
    ),
    Action(
        "upload_file",
        "Upload a file",
        no("MyOwnConference's API does not take files; upload them in its panel or in the room."),
        topic=CONTENT,
    ),
    Action(
        "chats",
        "Chat",
        yes(source="Obtaining webinar attendance history"),
        repeatable=True,
        topic=CONTENT,
        reads=True,
    ),
    Action(
        "visits",
        "Visits",
        yes(source="Obtaining webinar attendance history"),
        repeatable=True,
        topic=CONTENT,
        reads=True,
        harmless=True,
    ),
    Action(
        "download_recording",
        "Download",
        yes(source="Retrieving a list of webinar recordings"),
        repeatable=True,
        topic=CONTENT,
        of=Kind.RECORDING,
        download=True,
    ),
    Action(
        "clone",
        "Copy to another day",
        yes("The copy appears here with the next sync.", "Cloning a webinar"),
        topic=CONTENT,
        fields=(_ask("date", "Day", "As YYYY-MM-DD."),),
    ),
    Action(
        "room_settings",
        "Recording and layout",
        yes(NEVER_SHOWN, "Updating the settings of the scheduled webinar"),
        repeatable=True,
        topic=CONTENT,
        fields=(
            _choose("recordMode", "What is recorded", MODES),
            _choose("recordQuality", "Quality of the recording", QUALITIES),
            _choose("recordUsers", "Record the list of participants (whole room only)", YES_NO),
            _choose("recordModer", "Record moderators' names (whole room only)", YES_NO),
            _choose("recordChat", "Record the chat (whole room only)", YES_NO),
            _choose(
                "sendRecordTo",
                "Who gets the recording",
                (
                    ("all", "Everyone who is registered"),
                    ("visit", "Who was there"),
                    ("miss", "Who was not there"),
                ),
            ),
            _choose(
                "webcamPosition", "Cameras", (("LEFT", "On the left"), ("RIGHT", "On the right"))
            ),
            _choose(
                "cameraSize",
                "Size of cameras",
                (
                    ("mini", "Small"),
                    ("middle", "Medium"),
                    ("big", "Large"),
                ),
            ),
            OptionRule(
                "beforeStartTime",
                "Doors open, minutes before the start",
                WHOLE,
                rule=FieldRule(minimum=5, maximum=60),
            ),
        ),
    ),
    Action(
        "logo",
        "Logo of the room",
        yes(NEVER_SHOWN, "Updating the settings of the scheduled webinar"),
        repeatable=True,
        topic=CONTENT,
        upload=True,
        fields=(LINK,),
    ),
    Action(
        "banner",
        "Banner of the room",
        yes(NEVER_SHOWN, "Updating the settings of the scheduled webinar"),
        repeatable=True,
        topic=CONTENT,
        upload=True,
        fields=(LINK,),
    ),
)

WRITING = (
    Action(
        "letters",
        "Letters",
        yes(source="Retrieving invitation mailing data for the webinar"),
        repeatable=True,
        topic=LETTERS,
        reads=True,
    ),
    Action(
        "letter_switch",
        "Send it or not",
        yes(
            "The letter one hour before cannot be switched off by itself.",
            "Updating invitation mailing settings for a webinar",
        ),
        repeatable=True,
        topic=LETTERS,
        target="letters",
        fields=(OptionRule("enabled", "Send this letter", FLAG, default=True),),
    ),
    Action(
        "letter_text",
        "Change its closing text",
        yes(source="Updating invitation mailing settings for a webinar"),
        repeatable=True,
        topic=LETTERS,
        target="letters",
        fields=(OptionRule("text", "Closing text", TEXT, "HTML; empty removes it."),),
    ),
    Action(
        "letters_off",
        "Send no letters",
        yes(
            "MyOwnConference writes to nobody about this webinar.",
            "Disabling the webinar notification emails",
        ),
        repeatable=True,
        topic=LETTERS,
    ),
    Action(
        "letters_on",
        "Send letters",
        yes(
            "MyOwnConference writes to participants by its schedule.",
            "Enabling webinar notification emails",
        ),
        repeatable=True,
        topic=LETTERS,
    ),
    Action(
        "invite_by_platform",
        "Invitation mail by MyOwnConference",
        no(
            "MyOwnConference writes to everyone who is registered by its own schedule, and cannot "
            "be asked to write now; its letters can be switched on and off."
        ),
        topic=LETTERS,
    ),
)

LINKS = (
    Action(
        "join_link",
        "Personal link",
        yes("For people who are registered.", "Obtaining a list of participants"),
        repeatable=True,
        topic=ACCESS,
        fields=(_ask("email", "Address"),),
    ),
    Action(
        "room_links",
        "Links of the moderators",
        yes(
            "Each is for one person: whoever enters with it sends out who is in by it.",
            "Getting a list of webinars that a presenter is attached to",
        ),
        repeatable=True,
        topic=ACCESS,
        reads=True,
    ),
    Action(
        "person_webinars",
        "Webinars on MyOwnConference",
        yes(source="Getting a list of webinars that a participant is attached to"),
        repeatable=True,
        topic=ACCESS,
        of=Kind.ATTENDEE,
        reads=True,
    ),
    Action(
        "person_groups",
        "Groups on MyOwnConference",
        yes(source="Retrieving a list of groups in which a participant is present"),
        repeatable=True,
        topic=ACCESS,
        of=Kind.ATTENDEE,
        reads=True,
        harmless=True,
    ),
    Action(
        "lift_ban",
        "Let in again",
        yes(
            "Takes the person off the list of the blocked.",
            "Removing participants from the blocked list",
        ),
        repeatable=True,
        topic=ACCESS,
        of=Kind.ATTENDEE,
    ),
    Action(
        "remove_person",
        "Remove from MyOwnConference",
        yes(source="Removing participants"),
        repeatable=True,
        topic=ACCESS,
        of=Kind.ATTENDEE,
        warning="The person is taken out of all webinars and groups there.",
    ),
    Action(
        "moderator_webinars",
        "Webinars on MyOwnConference",
        yes(source="Getting a list of webinars that a presenter is attached to"),
        repeatable=True,
        topic=ACCESS,
        of=Kind.MODERATOR,
        reads=True,
    ),
    Action(
        "moderator_picture",
        "Picture instead of the camera",
        yes(
            f"JPG or PNG; for all webinars of this moderator. {NEVER_SHOWN}",
            "Updating webinar moderators' information",
        ),
        repeatable=True,
        topic=ACCESS,
        of=Kind.MODERATOR,
        upload=True,
    ),
    Action(
        "account_moderators",
        "Moderators of the account",
        yes(source="Retrieving the list of webinar moderators"),
        repeatable=True,
        topic=ACCESS,
        of=None,
        reads=True,
    ),
    Action(
        "delete_moderator",
        "Remove from the account",
        yes(source="Deleting webinar moderators"),
        repeatable=True,
        topic=ACCESS,
        of=None,
        target="account_moderators",
        warning="The moderator loses all webinars of this account.",
    ),
    Action(
        "profile",
        "Profile",
        yes(source="Getting user profile"),
        repeatable=True,
        topic=ACCESS,
        of=None,
        reads=True,
    ),
    Action(
        "change_profile",
        "Change the profile",
        yes("The time zone is not offered: it would move every webinar.", "Updating user profile"),
        repeatable=True,
        topic=ACCESS,
        of=None,
        fields=(
            OptionRule(
                "name", "Name", TEXT, "Letters are sent in this name.", rule=FieldRule(maximum=64)
            ),
            _choose(
                "language",
                "Language of new webinars",
                (
                    ("EN", "English"),
                    ("DE", "German"),
                    ("ES", "Spanish"),
                    ("FR", "French"),
                    ("PL", "Polish"),
                    ("RU", "Russian"),
                    ("UK", "Ukrainian"),
                ),
            ),
            OptionRule("company", "Company", TEXT, rule=FieldRule(maximum=1000)),
            _choose("subscribe", "News about the service by e-mail", YES_NO),
        ),
    ),
)

ACTIONS = DURING + BEFORE_AND_AFTER + WRITING + LINKS
