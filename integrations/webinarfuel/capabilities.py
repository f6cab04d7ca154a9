"""What WebinarFuel can do, in one literal. Sources are headings of its API document."""

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
    Topic,
    no,
    yes,
)
from integrations.base.records import TEXT, Kind
from integrations.base.texts import _

PANEL = "https://app.webinarfuel.com/"
WEBINARS = f"{PANEL}webinars"  # seen in the addresses of its widgets


def _by_hand(sentence: str) -> Ability:
    return Ability(Level.BY_HAND, sentence, "Webinar", WEBINARS)


def _shown(sentence: str, source: str = "") -> Ability:
    return Ability(Level.READ_ONLY, sentence, source)


READ_ONLY = FieldRule(
    on_create=False,
    on_update=False,
    sentence=_("Shown as WebinarFuel has it; only its own panel changes it."),
)
HOSTS = _("Hosts are shown as WebinarFuel has them; only its own panel changes them.")
CREATE_ONLY = FieldRule(on_update=False)
KEY = FieldRule(required=True, on_update=False)
BY_ITSELF = _("WebinarFuel keeps count of it by itself.")
NO_RECORDINGS = _(
    "WebinarFuel's API lists no recordings. Each person's own link to the replay stands beside "
    "the registration."
)
NOT_A_SINGLE_TAG = _("WebinarFuel shows tags on the people who carry them only.")

EMAIL = OptionRule("email", _("E-mail"), TEXT, rule=FieldRule(required=True))
NAMES = (
    OptionRule("first_name", _("First name"), TEXT),
    OptionRule("last_name", _("Last name"), TEXT),
)

KINDS: Mapping[Kind, KindCapability] = {
    Kind.CONFERENCE: KindCapability(
        list=yes(_("Webinars that are ready; drafts are not shown."), "Retrieve all Webinars"),
        get=yes(source="Retrieve a Webinar"),
        create=_by_hand(
            _(
                "Webinars are made in WebinarFuel's own panel only: its API shows them and changes "
                "nothing."
            )
        ),
        update=_by_hand(
            _(
                "Webinars are changed in WebinarFuel's own panel only: its API shows them and "
                "changes nothing."
            )
        ),
        delete=_by_hand(
            _(
                "Webinars are removed in WebinarFuel's own panel only: its API shows them and "
                "changes nothing."
            )
        ),
        fields={
            "title": READ_ONLY,
            "description": READ_ONLY,
            "starts_at": replace(
                READ_ONLY,
                sentence=_(
                    "The next of the webinar's dates, else the last; only WebinarFuel's own "
                    "panel changes them."
                ),
            ),
            "timezone": READ_ONLY,
            "permanent": READ_ONLY,
        },
    ),
    Kind.MODERATOR: KindCapability(
        list=yes(_("The webinar's hosts."), "Webinar"),
        get=no(_("WebinarFuel shows hosts together with their webinar only.")),
        create=_shown(HOSTS, "Webinar"),
        update=_shown(HOSTS, "Webinar"),
        delete=_shown(HOSTS, "Webinar"),
        natural_key=("email",),
        unique_key=True,
    ),
    Kind.ATTENDEE: KindCapability(
        list=yes(_("Everybody who was ever registered."), "Retrieve all Registrants"),
        get=yes(source="Retrieve a Registrant"),
        create=no(
            _(
                "WebinarFuel knows people through their registrations only: register someone for a "
                "webinar, and they stand there."
            )
        ),
        update=yes(source="Update a Registrant"),
        delete=no(_("WebinarFuel's API cannot remove a person.")),
        fields={
            "email": KEY,
            "first_name": FieldRule(),
            "last_name": FieldRule(),
            "phone": FieldRule(),
        },
        natural_key=("email",),
        unique_key=True,
    ),
    Kind.GROUP: KindCapability(
        list=yes(_("Tags; people with a tag are the members of its group."), "Registrant"),
        get=no(NOT_A_SINGLE_TAG),
        create=Ability(
            Level.PORTAL_ONLY,
            _(
                "A tag stands on WebinarFuel only while somebody carries it. Begin it with its "
                "first person (“Begin a tag”), and it appears here as a group."
            ),
            "Add tags to Registrant",
        ),
        update=no(_("A tag cannot be renamed on WebinarFuel.")),
        delete=no(_("A tag is gone from WebinarFuel when nobody carries it: take its people out.")),
        fields={"name": CREATE_ONLY},
        natural_key=("name",),
    ),
    Kind.MEMBERSHIP: KindCapability(
        list=yes(source="Retrieve all Registrants"),
        get=yes(source="Retrieve a Registrant"),
        create=yes(
            _(
                "The person is given the tag. Who was never registered on WebinarFuel waits for "
                "the first registration."
            ),
            "Add tags to Registrant",
        ),
        update=no(_("A tag is given or taken.")),
        delete=yes(_("The tag is taken from the person."), "Remove tags from Registrant"),
        fields={"email": KEY},
        natural_key=("email",),
        unique_key=True,
    ),
    Kind.REGISTRATION: KindCapability(
        list=yes(
            _("Everybody with a date that was not canceled."), "Retrieve all Registrant Sessions"
        ),
        get=yes(source="Retrieve all Registrant Sessions"),
        create=yes(
            _("The person is registered for the webinar's next date and gets a personal link."),
            "Create Registrant",
        ),
        update=no(_("A person may be registered for another date; a registration stays as it is.")),
        delete=no(_("WebinarFuel's API cannot cancel a registration.")),
        fields={
            "email": KEY,
            "first_name": CREATE_ONLY,
            "last_name": CREATE_ONLY,
            "answers": FieldRule(
                on_update=False,
                sentence=_("Custom fields of the person: the same for all of their webinars."),
            ),
            "options.session": CREATE_ONLY,
        },
        natural_key=("email",),
        unique_key=True,
    ),
    Kind.SESSION: KindCapability(
        list=yes(
            _("Dates that have begun and that anyone was registered for."),
            "Retrieve all Registrant Sessions",
        ),
        get=no(_("WebinarFuel shows dates together with who is registered for them only.")),
        create=_by_hand(
            _(
                "Webinars are given dates in WebinarFuel's own panel only: its API shows them and "
                "changes nothing."
            )
        ),
        update=_by_hand(
            _(
                "Webinars are given other dates in WebinarFuel's own panel only: its API shows "
                "them and changes nothing."
            )
        ),
        delete=_by_hand(
            _(
                "Webinars are relieved of dates in WebinarFuel's own panel only: its API shows "
                "them and changes nothing."
            )
        ),
    ),
    Kind.ATTENDANCE: KindCapability(
        list=yes(_("Who attended, and for how long."), "Retrieve all Registrant Sessions"),
        get=yes(source="Retrieve a Registrant Session"),
        create=no(BY_ITSELF),
        update=no(BY_ITSELF),
        delete=no(_("WebinarFuel's API cannot remove attendance.")),
    ),
    Kind.RECORDING: KindCapability(
        list=no(NO_RECORDINGS),
        get=no(NO_RECORDINGS),
        create=no(NO_RECORDINGS),
        update=no(NO_RECORDINGS),
        delete=no(NO_RECORDINGS),
    ),
}

ACTIONS = (
    Action(
        "dates",
        _("Coming dates"),
        yes(_("Up to 50 dates that WebinarFuel lists for this webinar."), "Retrieve a Webinar"),
        repeatable=True,
        topic=Topic.ACCESS,
        reads=True,
        harmless=True,
    ),
    Action(
        "register_for_date",
        _("Register for this date"),
        yes(_("For another date than the next one."), "Create Registrant"),
        topic=Topic.ACCESS,
        fields=(EMAIL, *NAMES),
        target="dates",
    ),
    Action(
        "register_by_oneclick",
        _("Register by OneClick"),
        yes(
            _(
                "By the webinar's own key, for its next date. Who is there already is renamed to "
                "what you write."
            ),
            "Create a Registrant via OneClick",
        ),
        topic=Topic.ACCESS,
        fields=(EMAIL, *NAMES, OptionRule("phone", _("Phone"), TEXT)),
    ),
    Action(
        "join_link",
        _("Personal link"),
        yes(_("Of somebody who is registered."), "Retrieve all Registrant Sessions"),
        repeatable=True,
        topic=Topic.ACCESS,
        fields=(EMAIL,),
        reads=True,
    ),
    Action(
        "viewings",
        _("All dates of this person"),
        yes(_("Each with what became of it."), "Retrieve all Registrant Sessions"),
        repeatable=True,
        topic=Topic.ACCESS,
        of=Kind.REGISTRATION,
        reads=True,
    ),
    Action(
        "viewing",
        _("Details"),
        yes(
            _("Links, attendance and where the person came from."), "Retrieve a Registrant Session"
        ),
        repeatable=True,
        topic=Topic.ACCESS,
        of=Kind.REGISTRATION,
        reads=True,
        target="viewings",
    ),
    Action(
        "new_tag",
        _("Begin a tag"),
        yes(_("Gives a tag to its first person; it then appears as a group."), "Add tags"),
        repeatable=True,
        of=None,
        fields=(
            OptionRule("name", _("Tag"), TEXT, rule=FieldRule(required=True, maximum=149)),
            EMAIL,
        ),
    ),
)

CAPABILITIES = Capabilities(
    slug="webinarfuel",
    name="WebinarFuel",
    kinds=KINDS,
    actions={action.name: action for action in ACTIONS},
    # 100 a minute for the account [Rate Limits]; with a burst of 5, no minute sees more than 97.
    requests_per_minute=92,
    lists_dates=True,
    burst=5,
    panel_url=PANEL,
    cancel_sentence=_("WebinarFuel is not told: a webinar is canceled in its own panel only."),
    close_sentence=_("WebinarFuel is not told: a webinar is closed in its own panel only."),
    answers=yes(
        _(
            "WebinarFuel keeps answers as custom fields of a person, the same for all of their "
            "webinars. They are sent with the registration. What stands in other fields there, or "
            "is changed there later, is shown here beside what was answered on this page."
        ),
        "Create a Registrant via OneClick",
    ),
)


def narrow(options: Mapping[str, Any], learned: Mapping[str, Any]) -> Capabilities:
    """The capabilities of one account: OneClick needs keys of its own."""
    if learned.get("oneclick"):
        return CAPABILITIES
    off = no(
        _("The account has no OneClick keys; an administrator adds them, and tests the account."),
        "Create a Registrant via OneClick",
    )
    name = "register_by_oneclick"
    action = replace(CAPABILITIES.actions[name], ability=off)
    return replace(CAPABILITIES, actions={**CAPABILITIES.actions, name: action})
