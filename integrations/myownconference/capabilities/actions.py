"""The one-shot things, and what cannot be done although other platforms do it."""

from integrations.base.capabilities import Action, FieldRule, OptionRule, Topic, no, yes
from integrations.base.records import FLAG, TEXT, WHOLE, Kind
from integrations.base.texts import _, together

LIVE, CONTENT, LETTERS, ACCESS = Topic.LIVE, Topic.CONTENT, Topic.LETTERS, Topic.ACCESS
NEEDED = FieldRule(required=True)
MODES = (
    ("recordWebCams", _("Cameras only")),
    ("recordAreaNoChat", _("Cameras, chat and documents")),
    ("recordArea", _("Cameras and documents")),
    ("recordWhole", _("The whole room")),
)
# Not flags: what is left open must not be sent.
YES_NO = (("YES", _("Yes")), ("NO", _("No")))
QUALITIES = (("0", "480p"), ("1", "720p"), ("2", "1080p"), ("3", "2K"))


def _ask(name: str, label: str, help_text: str = "", type_: str = TEXT) -> OptionRule:
    return OptionRule(name, label, type_, help_text, rule=NEEDED)


def _choose(name: str, label: str, choices: tuple[tuple[str, str], ...]) -> OptionRule:
    return OptionRule(name, label, TEXT, rule=FieldRule(choices=choices))


TEXT_FIELD = _ask("text", _("Message"))
LINK = OptionRule("link", _("Where a click leads"), TEXT, _("A web address; may be left empty."))
NEVER_SHOWN = _("MyOwnConference never shows it again, so Lectern cannot sync it.")

DURING = (
    Action(
        "participants",
        _("Who is there now"),
        repeatable=True,
        topic=LIVE,
        reads=True,
        harmless=True,
        ability=yes(source="Retrieving a list of participants on an active webinar"),
    ),
    Action(
        "chat_off",
        _("Close the chat"),
        yes(_("Moderators can still write."), 'Disabling text chat for "live" participants'),
        repeatable=True,
        topic=LIVE,
    ),
    Action(
        "chat_on",
        _("Open the chat"),
        yes(source='Enabling text chat for "live" participants'),
        repeatable=True,
        topic=LIVE,
    ),
    Action(
        "links_off",
        _("Forbid links in the chat"),
        yes(source='Disabling links in the chat for "live" participants'),
        repeatable=True,
        topic=LIVE,
    ),
    Action(
        "links_on",
        _("Allow links in the chat"),
        yes(source='Enabling links in the chat for "live" participants'),
        repeatable=True,
        topic=LIVE,
    ),
    Action(
        "slides_show",
        _("Show a slide"),
        yes(source="Starting the slide presentation for live participants"),
        repeatable=True,
        topic=LIVE,
        target="files",
        fields=(
            OptionRule("slide", _("Slide"), WHOLE, _("Counted from 1."), 1, FieldRule(minimum=1)),
        ),
    ),
    Action(
        "slides_stop",
        _("Stop showing slides"),
        yes(source='Disabling presentation display for "live" participants'),
        repeatable=True,
        topic=LIVE,
    ),
    Action(
        "video_show",
        _("Play a video"),
        yes(source='Playing a video clip or YouTube for "live" attendees'),
        repeatable=True,
        topic=LIVE,
        target="files",
    ),
    Action(
        "video_stop",
        _("Stop the video"),
        yes(source='Pausing the video for "live" participants'),
        repeatable=True,
        topic=LIVE,
    ),
    Action(
        "bots",
        _("Virtual attendees"),
        yes(source="Getting the list of virtual attendees"),
        repeatable=True,
        topic=LIVE,
        reads=True,
        harmless=True,
    ),
    Action(
        "bot_add",
        _("Add a virtual attendee"),
        yes(source="Creating virtual attendees"),
        topic=LIVE,
        fields=(_ask("name", _("Name")), _ask("country", _("Country"), _("Two letters."))),
    ),
    Action(
        "bot_say",
        _("Write as a virtual attendee"),
        yes(source="Sending messages in the chat on behalf of virtual attendees"),
        topic=LIVE,
        target="bots",
        fields=(TEXT_FIELD,),
    ),
    Action(
        "bot_remove",
        _("Remove a virtual attendee"),
        yes(source="Deleting virtual attendees"),
        repeatable=True,
        topic=LIVE,
        target="bots",
    ),
    Action(
        "virtual_moderator_add",
        _("Add a virtual moderator"),
        yes(_("The address must be one that nobody has there yet."), "Creating virtual moderators"),
        topic=LIVE,
        fields=(_ask("name", _("Name")), _ask("email", _("Address"))),
    ),
    Action(
        "virtual_moderator_say",
        _("Write as a virtual moderator"),
        yes(source="Sending messages in the chat on behalf of virtual attendees"),
        topic=LIVE,
        fields=(_ask("email", _("Address of the virtual moderator")), TEXT_FIELD),
    ),
    Action(
        "virtual_moderator_remove",
        _("Remove a virtual moderator"),
        yes(source="Deleting virtual moderators"),
        repeatable=True,
        topic=LIVE,
        fields=(_ask("email", _("Address of the virtual moderator")),),
    ),
    Action(
        "stop",
        _("Finish the webinar"),
        yes(source="Ending the webinar and disconnecting live attendees"),
        topic=LIVE,
        warning=_("Everyone is disconnected, and the webinar is over."),
    ),
    Action(
        "start",
        _("Start the webinar"),
        no(_("A webinar on MyOwnConference begins when a moderator enters its room.")),
        topic=LIVE,
    ),
    Action(
        "kick",
        _("Remove a participant"),
        no(_("MyOwnConference's API cannot send anyone out; a moderator in the room can.")),
        topic=LIVE,
    ),
    Action(
        "record_start",
        _("Start recording"),
        no(_("A recording on MyOwnConference is started by a moderator in the room.")),
        topic=LIVE,
    ),
)

BEFORE_AND_AFTER = (
    Action(
        "files",
        _("Files"),
        yes(source="Obtaining a list of documents uploaded to the webinar"),
        repeatable=True,
        topic=CONTENT,
        reads=True,
    ),
    Action(
        "download_file",
        _("Download the file"),
        yes(source="Obtaining a list of documents uploaded to the webinar"),
        repeatable=True,
        topic=CONTENT,
        target="files",
        download=True,
    ),
    Action(
        "upload_file",
        _("Upload a file"),
        no(
            _("MyOwnConference's API does not take files; upload them in its panel or in the room.")
        ),
        topic=CONTENT,
    ),
    Action(
        "chats",
        _("Chat"),
        yes(source="Obtaining webinar attendance history"),
        repeatable=True,
        topic=CONTENT,
        reads=True,
    ),
    Action(
        "visits",
        _("Visits"),
        yes(source="Obtaining webinar attendance history"),
        repeatable=True,
        topic=CONTENT,
        reads=True,
        harmless=True,
    ),
    Action(
        "download_recording",
        _("Download"),
        yes(source="Retrieving a list of webinar recordings"),
        repeatable=True,
        topic=CONTENT,
        of=Kind.RECORDING,
        download=True,
    ),
    Action(
        "clone",
        _("Copy to another day"),
        yes(_("The copy appears here with the next sync."), "Cloning a webinar"),
        topic=CONTENT,
        fields=(_ask("date", _("Day"), _("As YYYY-MM-DD.")),),
    ),
    Action(
        "room_settings",
        _("Recording and layout"),
        yes(NEVER_SHOWN, "Updating the settings of the scheduled webinar"),
        repeatable=True,
        topic=CONTENT,
        fields=(
            _choose("recordMode", _("What is recorded"), MODES),
            _choose("recordQuality", _("Quality of the recording"), QUALITIES),
            _choose("recordUsers", _("Record the list of participants (whole room only)"), YES_NO),
            _choose("recordModer", _("Record moderators' names (whole room only)"), YES_NO),
            _choose("recordChat", _("Record the chat (whole room only)"), YES_NO),
            _choose(
                "sendRecordTo",
                _("Who gets the recording"),
                (
                    ("all", _("Everyone who is registered")),
                    ("visit", _("Who was there")),
                    ("miss", _("Who was not there")),
                ),
            ),
            _choose(
                "webcamPosition",
                _("Cameras"),
                (("LEFT", _("On the left")), ("RIGHT", _("On the right"))),
            ),
            _choose(
                "cameraSize",
                _("Size of cameras"),
                (
                    ("mini", _("Small")),
                    ("middle", _("Medium")),
                    ("big", _("Large")),
                ),
            ),
            OptionRule(
                "beforeStartTime",
                _("Doors open, minutes before the start"),
                WHOLE,
                rule=FieldRule(minimum=5, maximum=60),
            ),
        ),
    ),
    Action(
        "logo",
        _("Logo of the room"),
        yes(NEVER_SHOWN, "Updating the settings of the scheduled webinar"),
        repeatable=True,
        topic=CONTENT,
        upload=True,
        fields=(LINK,),
    ),
    Action(
        "banner",
        _("Banner of the room"),
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
        _("Letters"),
        yes(source="Retrieving invitation mailing data for the webinar"),
        repeatable=True,
        topic=LETTERS,
        reads=True,
    ),
    Action(
        "letter_switch",
        _("Send it or not"),
        yes(
            _("The letter one hour before cannot be switched off by itself."),
            "Updating invitation mailing settings for a webinar",
        ),
        repeatable=True,
        topic=LETTERS,
        target="letters",
        fields=(OptionRule("enabled", _("Send this letter"), FLAG, default=True),),
    ),
    Action(
        "letter_text",
        _("Change its closing text"),
        yes(source="Updating invitation mailing settings for a webinar"),
        repeatable=True,
        topic=LETTERS,
        target="letters",
        fields=(OptionRule("text", _("Closing text"), TEXT, _("HTML; empty removes it.")),),
    ),
    Action(
        "letters_off",
        _("Send no letters"),
        yes(
            _("MyOwnConference writes to nobody about this webinar."),
            "Disabling the webinar notification emails",
        ),
        repeatable=True,
        topic=LETTERS,
    ),
    Action(
        "letters_on",
        _("Send letters"),
        yes(
            _("MyOwnConference writes to participants by its schedule."),
            "Enabling webinar notification emails",
        ),
        repeatable=True,
        topic=LETTERS,
    ),
    Action(
        "invite_by_platform",
        _("Invitation mail by MyOwnConference"),
        no(
            _(
                "MyOwnConference writes to everyone who is registered by its own schedule, and "
                "cannot be asked to write now; its letters can be switched on and off."
            )
        ),
        topic=LETTERS,
    ),
)

LINKS = (
    Action(
        "join_link",
        _("Personal link"),
        yes(_("For people who are registered."), "Obtaining a list of participants"),
        repeatable=True,
        topic=ACCESS,
        fields=(_ask("email", _("Address")),),
    ),
    Action(
        "room_links",
        _("Links of the moderators"),
        yes(
            _("Each is for one person: whoever enters with it sends out who is in by it."),
            "Getting a list of webinars that a presenter is attached to",
        ),
        repeatable=True,
        topic=ACCESS,
        reads=True,
    ),
    Action(
        "person_webinars",
        _("Webinars on MyOwnConference"),
        yes(source="Getting a list of webinars that a participant is attached to"),
        repeatable=True,
        topic=ACCESS,
        of=Kind.ATTENDEE,
        reads=True,
    ),
    Action(
        "person_groups",
        _("Groups on MyOwnConference"),
        yes(source="Retrieving a list of groups in which a participant is present"),
        repeatable=True,
        topic=ACCESS,
        of=Kind.ATTENDEE,
        reads=True,
        harmless=True,
    ),
    Action(
        "lift_ban",
        _("Let in again"),
        yes(
            _("Takes the person off the list of the blocked."),
            "Removing participants from the blocked list",
        ),
        repeatable=True,
        topic=ACCESS,
        of=Kind.ATTENDEE,
    ),
    Action(
        "remove_person",
        _("Remove from MyOwnConference"),
        yes(source="Removing participants"),
        repeatable=True,
        topic=ACCESS,
        of=Kind.ATTENDEE,
        warning=_("The person is taken out of all webinars and groups there."),
    ),
    Action(
        "moderator_webinars",
        _("Webinars on MyOwnConference"),
        yes(source="Getting a list of webinars that a presenter is attached to"),
        repeatable=True,
        topic=ACCESS,
        of=Kind.MODERATOR,
        reads=True,
    ),
    Action(
        "moderator_picture",
        _("Picture instead of the camera"),
        yes(
            together(_("JPG or PNG; for all webinars of this moderator."), NEVER_SHOWN),
            "Updating webinar moderators' information",
        ),
        repeatable=True,
        topic=ACCESS,
        of=Kind.MODERATOR,
        upload=True,
    ),
    Action(
        "account_moderators",
        _("Moderators of the account"),
        yes(source="Retrieving the list of webinar moderators"),
        repeatable=True,
        topic=ACCESS,
        of=None,
        reads=True,
    ),
    Action(
        "delete_moderator",
        _("Remove from the account"),
        yes(source="Deleting webinar moderators"),
        repeatable=True,
        topic=ACCESS,
        of=None,
        target="account_moderators",
        warning=_("The moderator loses all webinars of this account."),
    ),
    Action(
        "profile",
        _("Profile"),
        yes(source="Getting user profile"),
        repeatable=True,
        topic=ACCESS,
        of=None,
        reads=True,
    ),
    Action(
        "change_profile",
        _("Change the profile"),
        yes(
            _("The time zone is not offered: it would move every webinar."), "Updating user profile"
        ),
        repeatable=True,
        topic=ACCESS,
        of=None,
        fields=(
            OptionRule(
                "name",
                _("Name"),
                TEXT,
                _("Letters are sent in this name."),
                rule=FieldRule(maximum=64),
            ),
            _choose(
                "language",
                _("Language of new webinars"),
                (
                    ("EN", _("English")),
                    ("DE", _("German")),
                    ("ES", _("Spanish")),
                    ("FR", _("French")),
                    ("PL", _("Polish")),
                    ("RU", _("Russian")),
                    ("UK", _("Ukrainian")),
                ),
            ),
            OptionRule("company", _("Company"), TEXT, rule=FieldRule(maximum=1000)),
            _choose("subscribe", _("News about the service by e-mail"), YES_NO),
        ),
    ),
)

ACTIONS = DURING + BEFORE_AND_AFTER + WRITING + LINKS
