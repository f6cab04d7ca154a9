"""What ClickMeeting can do, in one literal. Sources are headings of its API document."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from integrations.base.capabilities import (
    Ability,
    Capabilities,
    FieldRule,
    KindCapability,
    Level,
    OptionRule,
    no,
    yes,
)
from integrations.base.records import FLAG, OPTION_PREFIX, TEXT, Kind
from integrations.clickmeeting.capabilities.actions import ACTIONS

CREATE_ONLY = FieldRule(on_update=False)


SENT_ONLY = "ClickMeeting takes it and does not show it again: what is set there is not seen here."


def _flag(name: str, label: str, help_text: str = "", sentence: str = "") -> OptionRule:
    text = " ".join(filter(None, (help_text, sentence)))
    return OptionRule(name, label, FLAG, text, rule=FieldRule(sentence=sentence))


SETTINGS = (
    _flag("lobby_enabled", "Lobby", "Attendees wait until you start; paid accounts only."),
    _flag("show_on_personal_page", "Show on the account's public page"),
    _flag("thank_you_emails_enabled", "Thank-you e-mails"),
    _flag("connection_tester_enabled", "Connection tester"),
    _flag("phonegateway_enabled", "Dial in by phone", sentence=SENT_ONLY),
    _flag("recorder_autostart_enabled", "Start recording by itself", sentence=SENT_ONLY),
    _flag("room_invite_button_enabled", "Invite button in the room", sentence=SENT_ONLY),
    _flag(
        "social_media_sharing_enabled", "Sharing on social media in the room", sentence=SENT_ONLY
    ),
    _flag("connection_status_enabled", "Show the state of the connection", sentence=SENT_ONLY),
    OptionRule("thank_you_page_url", "Thank-you page", TEXT, "Where people land afterwards."),
)

CONFERENCE_FIELDS = {
    # The document names no longest title: what is too long for it, ClickMeeting itself says.
    "title": FieldRule(required=True),
    "description": FieldRule(
        maximum=160, sentence="Shown in the lobby; ClickMeeting takes up to 160 characters."
    ),
    "starts_at": FieldRule(sentence="A permanent room has no start."),
    "duration_minutes": FieldRule(
        minimum=1, maximum=24 * 60, sentence="Up to 24 hours. A permanent room has no end."
    ),
    "timezone": FieldRule(),
    "permanent": FieldRule(sentence="A permanent room is always there and has no date."),
    "room_type": FieldRule(choices=(("webinar", "Webinar"), ("meeting", "Meeting"))),
    "access": FieldRule(
        choices=(
            ("open", "Open to everyone who has the link"),
            ("password", "With a password"),
            ("token", "With a token for each person"),
        )
    ),
    "password": FieldRule(
        sentence="Goes with access by password. ClickMeeting never shows it again."
    ),
    "open": FieldRule(on_create=False, sentence="A new room is open. Closed, no one can enter it."),
    "registration_enabled": FieldRule(sentence="People may register on ClickMeeting's own page."),
    **{OPTION_PREFIX + setting.name: setting.rule for setting in SETTINGS},
}

REGISTERED_ONCE = "ClickMeeting's API cannot {verb} a registration; only its own panel can."

_HERE = Ability(Level.PORTAL_ONLY, "ClickMeeting has no groups; they are kept here.")
KEPT_HERE = KindCapability(list=_HERE, get=_HERE, create=_HERE, update=_HERE, delete=_HERE)

CAPABILITIES = Capabilities(
    slug="clickmeeting",
    name="ClickMeeting",
    kinds={
        Kind.CONFERENCE: KindCapability(
            list=yes(source="Generating a list of meeting rooms"),
            get=yes(source="Get data of a particular room"),
            create=yes(source="Adding new conference room"),
            update=yes(source="Editing Room Parametres"),
            delete=yes(source="Deleting room"),
            fields=CONFERENCE_FIELDS,
            natural_key=("title", "starts_at"),
            marked=True,
        ),
        Kind.MODERATOR: KindCapability(
            list=no("ClickMeeting does not list who was given a moderator's link."),
            get=no("ClickMeeting does not show a moderator's link again."),
            create=yes(
                "Each moderator gets a personal link that needs no login.",
                "Auto-login url to meeting room",
            ),
            update=no("A link cannot be changed; a new one can be made with another role."),
            delete=no(
                "ClickMeeting cannot take a personal link back: it stays valid while the webinar "
                "exists. To shut someone out, change the webinar's access."
            ),
            fields={
                "email": FieldRule(required=True, on_update=False),
                "name": CREATE_ONLY,
                "role": FieldRule(
                    required=True,
                    on_update=False,
                    choices=(("host", "Host"), ("presenter", "Presenter")),
                ),
                "password": FieldRule(
                    on_update=False, sentence="That of the webinar, where it has one."
                ),
            },
            natural_key=("email",),
            unique_key=True,
            upsert=True,
        ),
        Kind.ATTENDEE: KindCapability(
            list=no("ClickMeeting's API does not list contacts."),
            get=no("ClickMeeting's API does not show contacts."),
            create=yes(
                "People are added to ClickMeeting's contacts, or updated there.",
                "Method add new contact into account",
            ),
            update=no("A contact is updated by adding it again."),
            delete=no("ClickMeeting's API cannot remove a contact; only its own panel can."),
            fields={
                "email": FieldRule(required=True, on_update=False),
                "first_name": CREATE_ONLY,
                "last_name": CREATE_ONLY,
                "phone": CREATE_ONLY,
                "company": CREATE_ONLY,
                "country": FieldRule(
                    on_update=False, maximum=2, sentence="Two letters, such as PL or DE."
                ),
            },
            natural_key=("email",),
            unique_key=True,
            upsert=True,
        ),
        Kind.REGISTRATION: KindCapability(
            list=yes(source="Get all registered participants"),
            get=no("ClickMeeting shows registrations as a list only."),
            create=yes("Each person gets a personal link.", "Register participant"),
            update=no(REGISTERED_ONCE.format(verb="change")),
            delete=no(REGISTERED_ONCE.format(verb="remove")),
            fields={
                "email": FieldRule(required=True, on_update=False),
                "first_name": CREATE_ONLY,
                "last_name": CREATE_ONLY,
            },
            natural_key=("email",),
            unique_key=True,
        ),
        Kind.SESSION: KindCapability(
            list=yes(source="Generating a list of room sessions"),
            get=yes(source="Getting data of a particular room session"),
            create=no("A session begins when a host starts the webinar."),
            update=no("A session is history."),
            delete=no("ClickMeeting's API cannot remove a session."),
        ),
        Kind.ATTENDANCE: KindCapability(
            list=yes(source="Getting data of all session attendees"),
            get=no("ClickMeeting shows attendance as a list only."),
            create=no("Attendance is recorded by ClickMeeting itself."),
            update=no("Attendance is history."),
            delete=no("ClickMeeting's API cannot remove attendance."),
        ),
        Kind.RECORDING: KindCapability(
            list=yes(source="Get recordings list"),
            get=no("ClickMeeting shows recordings as a list only."),
            create=no("A recording is started by a host during the webinar."),
            update=no("A recording cannot be changed."),
            delete=yes("The recording is deleted on ClickMeeting.", "Delete recording"),
        ),
        Kind.GROUP: KEPT_HERE,
        Kind.MEMBERSHIP: KEPT_HERE,
    },
    actions={action.name: action for action in ACTIONS},
    options=SETTINGS,
    # ClickMeeting has limits and states none [beyond-the-documents.md, November 2026]: we begin
    # low, and what its 429s teach is kept for each account (portal/platforms/pace.py).
    requests_per_minute=60,
    burst=10,
    panel_url="https://account-panel.clickmeeting.com/",
    cancel_sentence="Deletes the room on ClickMeeting, and with it its registrations and "
    "recordings. ClickMeeting's support can bring it back for one month.",
    close_sentence="Closes the room on ClickMeeting: it is kept, but no one can enter it.",
)


def narrow(options: Mapping[str, Any], learned: Mapping[str, Any]) -> Capabilities:
    """The capabilities of one account: contacts are written only where its options say so."""
    if options.get("contacts") == "yes":
        return CAPABILITIES
    off = no("This account is set up to keep people out of ClickMeeting's contacts.")
    attendee = replace(CAPABILITIES.kind(Kind.ATTENDEE), create=off)
    return replace(CAPABILITIES, kinds={**CAPABILITIES.kinds, Kind.ATTENDEE: attendee})
