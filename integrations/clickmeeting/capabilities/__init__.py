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
    SettingTopic,
    no,
    yes,
)
from integrations.base.records import FLAG, OPTION_PREFIX, TEXT, Kind
from integrations.base.texts import _, together
from integrations.clickmeeting.capabilities.actions import ACTIONS

CREATE_ONLY = FieldRule(on_update=False)


SENT_ONLY = _(
    "ClickMeeting takes it and does not show it again: what is set there is not seen here."
)


ENTRY, ROOM, AFTER = SettingTopic.ENTRY, SettingTopic.ROOM, SettingTopic.AFTER


def _flag(
    name: str, label: str, help_text: str = "", sentence: str = "", *, topic: SettingTopic
) -> OptionRule:
    text = together(help_text, sentence)
    return OptionRule(name, label, FLAG, text, rule=FieldRule(sentence=sentence), topic=topic)


SETTINGS = (
    _flag(
        "lobby_enabled",
        _("Lobby"),
        _("Attendees wait until you start; paid accounts only."),
        topic=ENTRY,
    ),
    _flag("show_on_personal_page", _("Show on the account's public page"), topic=ENTRY),
    _flag("thank_you_emails_enabled", _("Thank-you e-mails"), topic=AFTER),
    _flag("connection_tester_enabled", _("Connection tester"), topic=ENTRY),
    _flag("phonegateway_enabled", _("Dial in by phone"), sentence=SENT_ONLY, topic=ENTRY),
    _flag(
        "recorder_autostart_enabled",
        _("Start recording by itself"),
        sentence=SENT_ONLY,
        topic=SettingTopic.RECORDING,
    ),
    _flag(
        "room_invite_button_enabled", _("Invite button in the room"), sentence=SENT_ONLY, topic=ROOM
    ),
    _flag(
        "social_media_sharing_enabled",
        _("Sharing on social media in the room"),
        sentence=SENT_ONLY,
        topic=ROOM,
    ),
    _flag(
        "connection_status_enabled",
        _("Show the state of the connection"),
        sentence=SENT_ONLY,
        topic=ROOM,
    ),
    OptionRule(
        "thank_you_page_url",
        _("Thank-you page"),
        TEXT,
        _("Where people land afterwards."),
        topic=AFTER,
    ),
)

CONFERENCE_FIELDS = {
    # The document names no longest title: what is too long for it, ClickMeeting itself says.
    "title": FieldRule(required=True),
    "description": FieldRule(
        maximum=160, sentence=_("Shown in the lobby; ClickMeeting takes up to 160 characters.")
    ),
    "starts_at": FieldRule(sentence=_("A permanent room has no start.")),
    "duration_minutes": FieldRule(
        minimum=1, maximum=24 * 60, sentence=_("Up to 24 hours. A permanent room has no end.")
    ),
    "timezone": FieldRule(),
    "permanent": FieldRule(sentence=_("A permanent room is always there and has no date.")),
    "room_type": FieldRule(choices=(("webinar", _("Webinar")), ("meeting", _("Meeting")))),
    "access": FieldRule(
        choices=(
            ("open", _("Open to everyone who has the link")),
            ("password", _("With a password")),
            ("token", _("With a token for each person")),
        )
    ),
    "password": FieldRule(
        sentence=_("Goes with access by password. ClickMeeting never shows it again.")
    ),
    "open": FieldRule(
        on_create=False, sentence=_("A new room is open. Closed, no one can enter it.")
    ),
    "registration_enabled": FieldRule(
        sentence=_("People may register on ClickMeeting's own page.")
    ),
    **{OPTION_PREFIX + setting.name: setting.rule for setting in SETTINGS},
}

_HERE = Ability(Level.PORTAL_ONLY, _("ClickMeeting has no groups; they are kept here."))
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
            list=no(_("ClickMeeting does not list who was given a moderator's link.")),
            get=no(_("ClickMeeting does not show a moderator's link again.")),
            create=yes(
                _("Each moderator gets a personal link that needs no login."),
                "Auto-login url to meeting room",
            ),
            update=no(_("A link cannot be changed; a new one can be made with another role.")),
            delete=no(
                _(
                    "ClickMeeting cannot take a personal link back: it stays valid while the "
                    "webinar exists. To shut someone out, change the webinar's access."
                )
            ),
            fields={
                "email": FieldRule(required=True, on_update=False),
                "name": CREATE_ONLY,
                "role": FieldRule(
                    required=True,
                    on_update=False,
                    choices=(("host", _("Host")), ("presenter", _("Presenter"))),
                ),
                "password": FieldRule(
                    on_update=False, sentence=_("That of the webinar, where it has one.")
                ),
            },
            natural_key=("email",),
            unique_key=True,
            upsert=True,
        ),
        Kind.ATTENDEE: KindCapability(
            list=no(_("ClickMeeting's API does not list contacts.")),
            get=no(_("ClickMeeting's API does not show contacts.")),
            create=yes(
                _("People are added to ClickMeeting's contacts, or updated there."),
                "Method add new contact into account",
            ),
            update=no(_("A contact is updated by adding it again.")),
            delete=no(_("ClickMeeting's API cannot remove a contact; only its own panel can.")),
            fields={
                "email": FieldRule(required=True, on_update=False),
                "first_name": CREATE_ONLY,
                "last_name": CREATE_ONLY,
                "phone": CREATE_ONLY,
                "company": CREATE_ONLY,
                "country": FieldRule(
                    on_update=False, maximum=2, sentence=_("Two letters, such as PL or DE.")
                ),
            },
            natural_key=("email",),
            unique_key=True,
            upsert=True,
        ),
        Kind.REGISTRATION: KindCapability(
            list=yes(source="Get all registered participants"),
            get=no(_("ClickMeeting shows registrations as a list only.")),
            create=yes(_("Each person gets a personal link."), "Register participant"),
            update=no(
                _("ClickMeeting's API cannot change a registration; only its own panel can.")
            ),
            delete=no(
                _("ClickMeeting's API cannot remove a registration; only its own panel can.")
            ),
            fields={
                "email": FieldRule(required=True, on_update=False),
                "first_name": CREATE_ONLY,
                "last_name": CREATE_ONLY,
                "answers": FieldRule(
                    on_create=False,
                    on_update=False,
                    sentence=_("Shown as ClickMeeting's own page asked for them."),
                ),
            },
            natural_key=("email",),
            unique_key=True,
            needs="registration_enabled",
        ),
        Kind.SESSION: KindCapability(
            list=yes(source="Generating a list of room sessions"),
            get=yes(source="Getting data of a particular room session"),
            create=no(_("A session begins when a host starts the webinar.")),
            update=no(_("A session is history.")),
            delete=no(_("ClickMeeting's API cannot remove a session.")),
            tells=("ends_at", "visitors", "peak"),
        ),
        Kind.ATTENDANCE: KindCapability(
            list=yes(source="Getting data of all session attendees"),
            get=no(_("ClickMeeting shows attendance as a list only.")),
            create=no(_("Attendance is recorded by ClickMeeting itself.")),
            update=no(_("Attendance is history.")),
            delete=no(_("ClickMeeting's API cannot remove attendance.")),
        ),
        Kind.RECORDING: KindCapability(
            list=yes(source="Get recordings list"),
            get=no(_("ClickMeeting shows recordings as a list only.")),
            create=no(_("A recording is started by a host during the webinar.")),
            update=no(_("A recording cannot be changed.")),
            delete=yes(_("The recording is deleted on ClickMeeting."), "Delete recording"),
        ),
        Kind.GROUP: KEPT_HERE,
        Kind.MEMBERSHIP: KEPT_HERE,
    },
    actions={action.name: action for action in ACTIONS},
    options=SETTINGS,
    # ClickMeeting has limits and states none [seen: README]: we begin
    # low, and what its 429s teach is kept for each account (portal/platforms/pace.py).
    requests_per_minute=60,
    burst=10,
    panel_url="https://account-panel.clickmeeting.com/",
    cancel_sentence=_(
        "Deletes the room on ClickMeeting, and with it its registrations and "
        "recordings. ClickMeeting's support can bring it back for one month."
    ),
    close_sentence=_("Closes the room on ClickMeeting: it is kept, but no one can enter it."),
    answers=Ability(
        Level.READ_ONLY,
        _(
            "What people answer on ClickMeeting's own page is shown here, too. Its API takes names "
            "and addresses alone: what is answered on this page stays in Lectern."
        ),
        "Get all registered participants, Register participant",
    ),
)


def narrow(options: Mapping[str, Any], learned: Mapping[str, Any]) -> Capabilities:
    """The capabilities of one account: contacts are written only where its options say so."""
    if options.get("contacts") == "yes":
        return CAPABILITIES
    off = no(_("This account is set up to keep people out of ClickMeeting's contacts."))
    attendee = replace(CAPABILITIES.kind(Kind.ATTENDEE), create=off)
    return replace(CAPABILITIES, kinds={**CAPABILITIES.kinds, Kind.ATTENDEE: attendee})
