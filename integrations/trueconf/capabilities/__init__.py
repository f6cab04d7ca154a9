"""What TrueConf Server can do, in one literal. Sources are headings of its API document."""

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
    Weekly,
    no,
    yes,
)
from integrations.base.records import FLAG, OPTION_PREFIX, TEXT, Kind
from integrations.base.texts import _
from integrations.trueconf.capabilities.actions import ACTIONS, actions_of, needs
from integrations.trueconf.credentials import version_of
from integrations.trueconf.mapping.ids import owner_of
from integrations.trueconf.mapping.settings import SETTINGS, Setting
from integrations.trueconf.payloads import reaches

CREATE_ONLY = FieldRule(on_update=False)
OPEN = ("open", _("Open to everybody who may join"))
PINNED = ("password", _("With a PIN"))


def _option(setting: Setting) -> OptionRule:
    rule = FieldRule(choices=setting.choices, maximum=setting.maximum)
    return OptionRule(
        setting.name, setting.label, setting.type, setting.help, rule=rule, topic=setting.topic
    )


OWN_OPTIONS = (
    OptionRule(
        "owner",
        _("Owner"),
        TEXT,
        _("TrueConf ID. The owner is always invited; left empty, the account's own owner."),
    ),
    OptionRule(
        "weekly_days",
        _("Every week on"),
        TEXT,
        _(
            "Days in English with commas between them, in the server's time zone, such as monday, "
            "wednesday. Empty for a webinar that takes place once."
        ),
    ),
    OptionRule(
        "template_id",
        _("From the template"),
        TEXT,
        _("The id of a template of the server."),
        rule=FieldRule(
            on_update=False,
            sentence=_(
                "A template is used when a webinar is made, and not after; TrueConf does not "
                "show which it was."
            ),
        ),
    ),
    OptionRule("guests_write", _("Guests may write in the chat"), FLAG, topic=SettingTopic.ROOM),
    OptionRule(
        "guests_speak", _("Guests may speak and show themselves"), FLAG, topic=SettingTopic.ROOM
    ),
)
OPTIONS = OWN_OPTIONS + tuple(_option(setting) for setting in SETTINGS)
# The first version of the API that has them; what is not named here has always been there.
SINCE = {OPTION_PREFIX + "template_id": "v3.1", "password": "v3.4", "registration_enabled": "v3.4"}
SINCE |= {setting.option: setting.since for setting in SETTINGS}

CONFERENCE_FIELDS = {
    "title": FieldRule(required=True, maximum=240),
    "description": FieldRule(sentence=_("The one thing that can be changed while it runs.")),
    "starts_at": FieldRule(sentence=_("A permanent webinar has no start.")),
    "duration_minutes": FieldRule(minimum=1, sentence=_("A permanent webinar has no end.")),
    "permanent": FieldRule(sentence=_("A permanent webinar is always there and has no date.")),
    "room_type": FieldRule(
        choices=(("webinar", _("Webinar, guests may join")), ("meeting", _("Meeting of users"))),
        sentence=_("Guests need a webinar licence on the server."),
    ),
    "access": FieldRule(choices=(OPEN, PINNED)),
    "password": FieldRule(
        sentence=_(
            "The PIN. It can be set, not read: TrueConf shows it to the webinar's owner alone."
        )
    ),
    "registration_enabled": FieldRule(sentence=_("People may register on TrueConf's own page.")),
    **{OPTION_PREFIX + option.name: option.rule for option in OPTIONS},
}

NO_GUESTS = _(
    "This is a meeting of users, which guests cannot enter: TrueConf takes only those who are "
    "users of the server. Make it a webinar that guests may join to let others in."
)
HISTORY = _("This is history.")
LOG = _("A server may open its log to the secret key alone, and to no OAuth2 application.")

CAPABILITIES = Capabilities(
    slug="trueconf",
    name="TrueConf Server",
    # [document, Get Conference: reminders_enabled; Objects | Reminder]
    reminds=_(
        "TrueConf Server reminds people itself, five minutes to a day before the start, where that "
        "is switched on for the webinar there."
    ),
    answers=Ability(
        Level.PORTAL_ONLY,
        _(
            "TrueConf's own registration form can ask for more than name and address, but its API "
            "neither takes nor shows what people answer: answers stay in Lectern."
        ),
        "Objects | Registration, Objects | Invitation",
    ),
    kinds={
        Kind.CONFERENCE: KindCapability(
            list=yes(source="Get Conference List"),
            get=yes(source="Get Conference"),
            create=yes(source="Create Conference"),
            update=yes(_("While it runs, only its description can be changed."), "Edit Conference"),
            delete=yes(_("A running webinar cannot be deleted."), "Delete Conference"),
            fields=CONFERENCE_FIELDS,
            natural_key=("title", "starts_at"),
            marked=True,
        ),
        Kind.MODERATOR: KindCapability(
            list=yes(_("The webinar's owner."), "Get Conference; Get Invitation"),
            get=yes(source="Get Conference Owner; Get Invitation"),
            create=yes(
                _(
                    "TrueConf knows one owner for each webinar, a user of the server: a new one "
                    "takes over from the one before, who stays invited."
                ),
                "Edit Conference; Add Invitation",
            ),
            update=no(_("An owner has no name or role of their own; name another owner instead.")),
            delete=yes(_("The account's own owner takes the webinar back."), "Edit Conference"),
            fields={
                "email": FieldRule(required=True, on_update=False),
                "name": CREATE_ONLY,
                "role": FieldRule(required=True, on_update=False, choices=(("host", _("Owner")),)),
            },
            natural_key=("email",),
            unique_key=True,
            most=1,
        ),
        Kind.ATTENDEE: KindCapability(
            list=yes(source="Get User List"),
            get=yes(source="Get User"),
            create=yes(
                _(
                    "A TrueConf user is made, with a password nobody knows and TrueConf never "
                    "shows."
                ),
                "Create User",
            ),
            update=yes(_("The user on the server is changed."), "Edit User"),
            delete=yes(_("The user is removed from the server."), "Delete User"),
            fields={
                "email": FieldRule(required=True, maximum=250),
                "first_name": FieldRule(maximum=64),
                "last_name": FieldRule(maximum=64),
                "phone": FieldRule(maximum=50),
                "company": FieldRule(maximum=64),
            },
            natural_key=("email",),
            unique_key=True,
        ),
        Kind.GROUP: KindCapability(
            list=yes(source="Get Group List"),
            get=yes(source="Get Group"),
            create=yes(_("What its users may do is set in the server's panel."), "Create Group"),
            update=yes(source="Edit Group"),
            delete=yes(_("Its users stay on the server."), "Delete Group"),
            fields={"name": FieldRule(required=True)},
            natural_key=("name",),
            unique_key=True,
        ),
        Kind.MEMBERSHIP: KindCapability(
            list=yes(source="Groups Users, Get User List"),
            get=yes(source="Groups Users, Get User"),
            create=yes(source="Groups Users, Add User"),
            update=no(_("A membership has nothing to change.")),
            delete=yes(source="Groups Users, Delete User"),
            fields={"email": FieldRule(required=True, on_update=False)},
            natural_key=("email",),
            unique_key=True,
        ),
        Kind.REGISTRATION: KindCapability(
            list=yes(source="Get Invitation List"),
            get=yes(source="Get Invitation"),
            create=yes(
                _(
                    "Users of the server are invited as such, others as guests by their address. "
                    "TrueConf tells guests nothing: their way in is the link in the portal's own "
                    "mail."
                ),
                "Add Invitation",
            ),
            update=no(_("The names are those of the TrueConf user.")),
            delete=yes(_("The invitation is withdrawn."), "Delete Invitation"),
            fields={
                "email": FieldRule(required=True, on_update=False),
                "first_name": CREATE_ONLY,
                "last_name": CREATE_ONLY,
            },
            natural_key=("email",),
            unique_key=True,
            limits={"room_type": {"meeting": NO_GUESTS}},
        ),
        Kind.SESSION: KindCapability(
            list=yes(LOG, "Get Call List"),
            get=yes(source="Get Call"),
            create=no(_("A session begins when the webinar is started.")),
            update=no(HISTORY),
            delete=no(_("TrueConf's API cannot remove a session.")),
            tells=("ends_at", "visitors"),
        ),
        Kind.ATTENDANCE: KindCapability(
            list=yes(LOG, "Get Call Participant List"),
            get=no(_("TrueConf shows attendance as a list only.")),
            create=no(_("Attendance is recorded by TrueConf itself.")),
            update=no(HISTORY),
            delete=no(_("TrueConf's API cannot remove attendance.")),
        ),
        Kind.RECORDING: KindCapability(
            list=yes(source="Get Record List"),
            get=yes(source="Get Record"),
            create=no(_("A recording is started while the webinar runs.")),
            update=no(_("A recording cannot be changed.")),
            delete=no(_("TrueConf's API cannot delete a recording; the server's own panel can.")),
        ),
    },
    actions=ACTIONS,
    options=OPTIONS,
    # The document states no limit, and the server is the customer's own: our own manners.
    requests_per_minute=600,
    burst=60,
    cancel_sentence=_(
        "Deletes the webinar on TrueConf Server, and with it its invitations. "
        "Recordings stay on the server."
    ),
    weekly=Weekly("weekly_days", "server_zone"),
)


def narrow(options: Mapping[str, Any], learned: Mapping[str, Any]) -> Capabilities:
    """What one account can do: by its version of the API, and by what its options allow."""
    version = version_of(options, learned)
    kinds = dict(CAPABILITIES.kinds)
    kinds[Kind.CONFERENCE] = _conference(version, bool(owner_of(options)))
    if options.get("users") != "yes":
        off = no(_("This account is set up to make and remove no users on TrueConf Server."))
        kinds[Kind.ATTENDEE] = replace(kinds[Kind.ATTENDEE], create=off, delete=off)
    if not owner_of(options):
        kept = no(_("Every webinar has an owner. Name a new moderator, who takes over."))
        kinds[Kind.MODERATOR] = replace(kinds[Kind.MODERATOR], delete=kept)
    if not reaches(version, "v3.1"):
        absent = no(needs("v3.1", version))
        for kind in (Kind.SESSION, Kind.ATTENDANCE):
            kinds[kind] = replace(kinds[kind], list=absent, get=_unless_no(kinds[kind].get, absent))
    known = tuple(o for o in OPTIONS if _known(OPTION_PREFIX + o.name, version))
    return replace(CAPABILITIES, kinds=kinds, options=known, actions=actions_of(version))


def _conference(version: str, has_owner: bool) -> KindCapability:
    """The conference's fields that the version has; without an account's owner one is named."""
    full = CAPABILITIES.kind(Kind.CONFERENCE)
    fields = {name: rule for name, rule in full.fields.items() if _known(name, version)}
    if "password" not in fields:
        fields["access"] = replace(fields["access"], choices=(OPEN,))
    if not reaches(version, "v3.4"):
        update = replace(full.update, sentence=_("A running webinar cannot be changed."))
        full = replace(full, update=update)
    fields[OPTION_PREFIX + "owner"] = FieldRule(required=not has_owner)
    return replace(full, fields=fields)


def _known(name: str, version: str) -> bool:
    return reaches(version, SINCE.get(name, "v3"))


def _unless_no(ability: Ability, instead: Ability) -> Ability:
    return instead if ability.offered else ability
