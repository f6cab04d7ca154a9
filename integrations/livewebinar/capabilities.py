"""What LiveWebinar can do, in one literal. Sources are headings of its API document.

`BEYOND` marks what the document does not describe and LiveWebinar's own plugins do.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from integrations.base.capabilities import (
    Ability,
    Action,
    Capabilities,
    FieldRule,
    KindCapability,
    Level,
    OptionRule,
    SettingTopic,
    Topic,
    no,
    yes,
)
from integrations.base.records import OPTION_PREFIX, TEXT, WHOLE, Kind
from integrations.base.texts import _

BEYOND = "seen in the vendor's plugins"
INVITED = "Add panelist to webinar, option 1"
# The document names no limit; this is the one of the vendor's own Moodle form.
LONGEST_MINUTES = 150 * 60
CREATE_ONLY = FieldRule(on_update=False)
EMAIL_ONCE = FieldRule(required=True, on_update=False)

FORM = OptionRule(
    "form",
    _("Number of the web form on entry"),
    WHOLE,
    _("People fill it in before they enter. Forms are made in LiveWebinar's panel."),
    rule=FieldRule(minimum=1),
    topic=SettingTopic.ENTRY,
)

CONFERENCE_FIELDS = {
    "title": FieldRule(required=True),
    "description": FieldRule(sentence=_("LiveWebinar shows it as the agenda.")),
    "starts_at": FieldRule(
        sentence=_(
            "A permanent room has no start. In the night when clocks go back, LiveWebinar "
            "cannot be told the second of the two equal hours."
        )
    ),
    "duration_minutes": FieldRule(
        minimum=1,
        maximum=LONGEST_MINUTES,
        sentence=_(
            "LiveWebinar's document names no limit; its forms take 12 hours (WordPress) or "
            "150 hours (Moodle)."
        ),
    ),
    "timezone": FieldRule(),
    "permanent": FieldRule(
        sentence=_("A permanent room is always there. No two of them can have the same name here.")
    ),
    "access": FieldRule(
        choices=(
            ("open", _("Open to everyone who has the link")),
            ("password", _("With a password")),
        )
    ),
    "password": FieldRule(
        sentence=_(
            "Goes with access by password. LiveWebinar's own Moodle form takes up to 10 "
            "letters, digits and the signs @ _ * - only."
        )
    ),
    "open": FieldRule(
        on_create=False, sentence=_("A new room is open. Closed, no one can enter it.")
    ),
    OPTION_PREFIX + FORM.name: FORM.rule,
}

NO_LIST = _("LiveWebinar does not list personal links; each is kept here when it is made.")
NO_WAY_BACK = _(
    "LiveWebinar cannot take a personal link back: it lets in while the webinar exists. To shut "
    "someone out, give the webinar a password, or close it."
)
LINK = KindCapability(
    list=no(NO_LIST, INVITED),
    get=no(_("LiveWebinar does not show a personal link again."), INVITED),
    create=yes(_("Each person gets a personal link."), INVITED),
    update=no(_("A personal link cannot be changed; another can be made.")),
    delete=no(NO_WAY_BACK),
    natural_key=("email",),
)
_HERE = Ability(
    Level.PORTAL_ONLY, _("LiveWebinar's API has no such list of people; it is kept here.")
)
KEPT_HERE = KindCapability(list=_HERE, get=_HERE, create=_HERE, update=_HERE, delete=_HERE)
NOT_THERE = no(
    _(
        "LiveWebinar does not answer where its plugins find recordings. Switch off reading them in "
        "the account's settings."
    ),
    BEYOND,
)
SWITCHED_OFF = no(
    _("LiveWebinar's document does not describe it. The account's settings can switch it on."),
    BEYOND,
)
NO_RUNS = _("LiveWebinar's API does not tell the single runs of a webinar.")
RUNS = KindCapability(
    list=no(NO_RUNS),
    get=no(NO_RUNS),
    create=no(_("A run begins when a host starts the webinar.")),
    update=no(_("A run is history.")),
    delete=no(_("A run is history.")),
)

_EMAIL = OptionRule("email", _("E-mail address"), TEXT, rule=FieldRule(required=True))
_NAME = OptionRule("name", _("Name"), TEXT)
_ROLE = OptionRule(
    "role",
    _("Role"),
    TEXT,
    default="attendee",
    rule=FieldRule(
        choices=(("attendee", _("Attendee")), ("presenter", _("Presenter")), ("host", _("Host")))
    ),
)
_LISTED = yes(_("As LiveWebinar's own plugins read it."), BEYOND)

ACTIONS = (
    Action(
        "room_links",
        _("Addresses of the room"),
        yes(_("For each role, with a name and a picture if you like."), "ROOM URL HACKS"),
        repeatable=True,
        topic=Topic.ACCESS,
        fields=(
            OptionRule("nickname", _("Name in the room"), TEXT),
            OptionRule("avatar_url", _("Address of a picture"), TEXT),
        ),
        reads=True,
    ),
    Action(
        "join_link",
        _("Personal link"),
        yes(_("For any person and role; a new link each time."), INVITED),
        topic=Topic.ACCESS,
        fields=(_EMAIL, _NAME, _ROLE),
    ),
    Action(
        "join_link_with_form",
        _("Personal link with the form's answers"),
        yes(_("For a webinar with a web form on entry."), "Add panelist to webinar, option 2"),
        topic=Topic.ACCESS,
        fields=(
            _EMAIL,
            _NAME,
            _ROLE,
            OptionRule(
                "answers",
                _("Answers"),
                TEXT,
                _("One a line, as field: answer. At least what the form requires."),
                rule=FieldRule(required=True),
            ),
        ),
    ),
    Action(
        "registrants",
        _("Registered by the form"),
        _LISTED,
        repeatable=True,
        topic=Topic.CONTENT,
        reads=True,
    ),
    Action(
        "participants",
        _("Who was there"),
        _LISTED,
        repeatable=True,
        topic=Topic.CONTENT,
        reads=True,
        harmless=True,
    ),
    Action(
        "forms",
        _("Web forms"),
        _LISTED,
        repeatable=True,
        topic=Topic.CONTENT,
        of=None,
        reads=True,
        harmless=True,
    ),
)
BEYOND_ACTIONS = ("registrants", "participants", "forms")

CAPABILITIES = Capabilities(
    slug="livewebinar",
    name="LiveWebinar",
    kinds={
        Kind.CONFERENCE: KindCapability(
            list=yes(source=BEYOND),
            get=yes(source=BEYOND),
            create=yes(source="Create Webinar/Meeting Room"),
            update=yes(source="Update webinar"),
            delete=yes(source="Delete webinar"),
            fields=CONFERENCE_FIELDS,
            natural_key=("title", "starts_at"),
        ),
        Kind.MODERATOR: replace(
            LINK,
            fields={
                "email": EMAIL_ONCE,
                "name": CREATE_ONLY,
                "role": FieldRule(
                    required=True,
                    on_update=False,
                    choices=(("host", _("Host")), ("presenter", _("Presenter"))),
                    sentence=_("LiveWebinar calls a host of a personal link moderator."),
                ),
            },
        ),
        Kind.REGISTRATION: replace(
            LINK,
            fields={
                "email": EMAIL_ONCE,
                "first_name": CREATE_ONLY,
                "last_name": CREATE_ONLY,
                "answers": FieldRule(
                    on_update=False, sentence=_("Sent for the web form on entry, and never shown.")
                ),
            },
        ),
        Kind.SESSION: RUNS,
        Kind.ATTENDANCE: RUNS,
        Kind.RECORDING: KindCapability(
            list=yes(_("As LiveWebinar's own plugins read it."), BEYOND),
            get=no(_("LiveWebinar shows recordings as a list only.")),
            create=no(_("A recording is started in the room.")),
            update=no(_("A recording cannot be changed.")),
            delete=no(_("LiveWebinar's document does not tell how to delete a recording.")),
        ),
        Kind.ATTENDEE: KEPT_HERE,
        Kind.GROUP: KEPT_HERE,
        Kind.MEMBERSHIP: KEPT_HERE,
    },
    actions={action.name: action for action in ACTIONS},
    options=(FORM,),
    # LiveWebinar states no limit and no public source has found one: our own manners.
    requests_per_minute=300,
    burst=30,
    panel_url="https://app.livewebinar.com/",
    cancel_sentence=_("Deletes the webinar on LiveWebinar, for good as far as its document tells."),
    close_sentence=_("Disables the room on LiveWebinar: it is kept, but no one can enter it."),
    answers=yes(
        _(
            "LiveWebinar takes answers for the web form on entry, by the names of its fields, with "
            "the registration. It does not show them: what is answered there is not seen here."
        ),
        "Add panelist to webinar, option 2",
    ),
)


def narrow(options: Mapping[str, Any], learned: Mapping[str, Any]) -> Capabilities:
    """The capabilities of one account: what the document does not describe is off by default."""
    if options.get("beyond") == "yes":
        return CAPABILITIES
    kinds = {
        **CAPABILITIES.kinds,
        Kind.RECORDING: replace(CAPABILITIES.kind(Kind.RECORDING), list=SWITCHED_OFF),
    }
    off = {
        name: replace(CAPABILITIES.actions[name], ability=SWITCHED_OFF) for name in BEYOND_ACTIONS
    }
    return replace(CAPABILITIES, kinds=kinds, actions={**CAPABILITIES.actions, **off})
