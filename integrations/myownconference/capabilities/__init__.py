"""What MyOwnConference can do, in one literal. Sources are headings of its API document."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from integrations.base.capabilities import (
    Ability,
    Capabilities,
    FieldRule,
    KindCapability,
    Level,
    no,
    yes,
)
from integrations.base.records import OPTION_PREFIX, Kind
from integrations.base.texts import _, say
from integrations.myownconference.capabilities.actions import ACTIONS
from integrations.myownconference.capabilities.settings import SETTINGS
from integrations.myownconference.mapping.zone import shown_twice, zone_of

NAME = FieldRule(maximum=64, sentence=_("First and last name together hold up to 64 characters."))
ADDRESS = FieldRule(required=True, on_update=False, maximum=128)
HISTORY = _("A history cannot be changed.")

CAPABILITIES = Capabilities(
    slug="myownconference",
    name="MyOwnConference",
    # [document, Message type]
    reminds=_(
        "MyOwnConference reminds people itself: three days, a day and an hour before the start. "
        "Its letters can be switched off there, but for the one an hour before."
    ),
    answers=Ability(
        Level.PORTAL_ONLY,
        _(
            "MyOwnConference keeps a phone number, a company, a town and the like with a person, "
            "and no answers to questions of a webinar: they stay in Lectern."
        ),
        "Obtaining a list of participants",
    ),
    kinds={
        Kind.CONFERENCE: KindCapability(
            list=yes(source="Retrieving a list of scheduled webinars"),
            get=yes(source="Obtaining detailed information for a webinar"),
            create=yes(source="Planning and creating a webinar"),
            update=yes(source="Updating the settings of the scheduled webinar"),
            delete=yes(source="Deleting a webinar"),
            fields={
                "title": FieldRule(required=True),
                "description": FieldRule(sentence=_("MyOwnConference shows this text as HTML.")),
                "starts_at": FieldRule(
                    required=True, sentence=_("Told by the clock of the account's profile.")
                ),
                "duration_minutes": FieldRule(
                    required=True,
                    minimum=1,
                    maximum=1439,
                    sentence=_("Up to one minute less than 24 hours."),
                ),
                "open": FieldRule(
                    on_create=False,
                    on_update=False,
                    sentence=_(
                        "A webinar on MyOwnConference closes when it is finished or its time "
                        "is over."
                    ),
                ),
                **{OPTION_PREFIX + setting.name: setting.rule for setting in SETTINGS},
            },
            natural_key=("title", "starts_at"),
        ),
        Kind.MODERATOR: KindCapability(
            list=yes(source="Retrieving the list of webinar moderators"),
            get=yes(source="Getting a list of webinars that a presenter is attached to"),
            create=yes(
                _(
                    "Each moderator gets a personal link. Whoever is no moderator of the account "
                    "yet is added to it."
                ),
                "Attaching webinar moderators to a webinar",
            ),
            update=yes(
                _("A new name holds for all webinars of this moderator."),
                "Updating webinar moderators' information",
            ),
            delete=yes(
                _(
                    "The moderator is detached from this webinar and stays in the account. The "
                    "main moderator of the account belongs to every webinar and cannot be taken "
                    "off one."
                ),
                "Detaching moderators from the webinar",
            ),
            fields={
                "email": ADDRESS,
                "name": FieldRule(required=True, maximum=64),
                "role": FieldRule(
                    on_create=False,
                    on_update=False,
                    choices=(("presenter", _("Moderator")),),
                    sentence=_("MyOwnConference has one kind of moderator."),
                ),
            },
            natural_key=("email",),
            unique_key=True,
        ),
        Kind.ATTENDEE: KindCapability(
            list=yes(source="Obtaining a list of participants"),
            get=yes(source="Obtaining a list of participants"),
            create=yes(source="Creating participants"),
            update=yes(source="Editing Participants"),
            delete=yes(
                _("The participant is removed from MyOwnConference and all its webinars."),
                "Removing participants",
            ),
            fields={
                "email": ADDRESS,
                "first_name": NAME,
                "last_name": NAME,
                "phone": FieldRule(maximum=16),
                "company": FieldRule(),
                "country": FieldRule(
                    on_create=False,
                    on_update=False,
                    sentence=_("MyOwnConference finds out the country itself."),
                ),
            },
            natural_key=("email",),
            unique_key=True,
            together=("first_name", "last_name"),
        ),
        Kind.REGISTRATION: KindCapability(
            list=yes(source="Obtaining a list of participants"),
            get=no(_("MyOwnConference shows the participants of a webinar as a list only.")),
            create=yes(
                _("Each person gets a personal link, and becomes a participant of the account."),
                "Attaching participants to future webinars",
            ),
            update=no(_("A registration holds the person alone; change the person.")),
            delete=yes(
                _(
                    "The person is detached from this webinar and stays a participant of the "
                    "account."
                ),
                "Unsubscribing participants from future webinars",
            ),
            fields={
                "email": ADDRESS,
                "first_name": replace(NAME, on_update=False),
                "last_name": replace(NAME, on_update=False),
            },
            natural_key=("email",),
            unique_key=True,
        ),
        Kind.GROUP: KindCapability(
            list=yes(source="Getting a list of participant groups"),
            get=no(_("MyOwnConference shows groups as a list only.")),
            create=yes(
                _("A group of the same name that is there already is used."),
                "Creating a participant group",
            ),
            update=yes(source="Renaming a participant group"),
            delete=yes(
                _("The group is deleted; its people stay."), "Removing a group of participants"
            ),
            fields={"name": FieldRule(required=True)},
            natural_key=("name",),
            # Two of a name can be made there; one that is found is the one we want all the same.
            unique_key=True,
        ),
        Kind.MEMBERSHIP: KindCapability(
            list=yes(source="Obtaining a list of participants"),
            get=no(_("MyOwnConference shows the people of a group as a list only.")),
            create=yes(source="Adding participants to groups"),
            update=no(_("There is nothing to change about being in a group.")),
            delete=yes(source="Removing participants from the group"),
            fields={"email": ADDRESS},
            natural_key=("email",),
            unique_key=True,
        ),
        Kind.SESSION: KindCapability(
            list=yes(source="Obtaining webinar attendance history"),
            get=no(_("MyOwnConference shows the history of a webinar as a whole only.")),
            create=no(_("A webinar on MyOwnConference begins when a moderator enters its room.")),
            update=no(HISTORY),
            delete=no(_("MyOwnConference's API cannot remove a history.")),
        ),
        Kind.ATTENDANCE: KindCapability(
            list=yes(source="Obtaining webinar attendance history"),
            get=no(_("MyOwnConference shows the history of a webinar as a whole only.")),
            create=no(_("Attendance is recorded by MyOwnConference itself.")),
            update=no(HISTORY),
            delete=no(_("MyOwnConference's API cannot remove a history.")),
        ),
        Kind.RECORDING: KindCapability(
            list=yes(source="Retrieving a list of webinar recordings"),
            get=yes(source="Retrieving a list of webinar recordings"),
            create=no(_("A recording is started by a moderator in the room.")),
            update=no(_("A recording cannot be changed.")),
            delete=yes(
                _("The recording is deleted on MyOwnConference."),
                "Deleting a recording for a webinar",
            ),
        ),
    },
    actions={action.name: action for action in ACTIONS},
    options=SETTINGS,
    # MyOwnConference states no limit; this is our own manners.
    requests_per_minute=300,
    burst=30,
    panel_url="https://mywebinar.com/",
    cancel_sentence=_(
        "Deletes the webinar on MyOwnConference completely, and with it what its "
        "participants and recordings say of it. It cannot be brought back."
    ),
)


def narrow(options: Mapping[str, Any], learned: Mapping[str, Any]) -> Capabilities:
    """The capabilities of one account: people are added only where its options say so, and a start
    is refused that its clock shows twice."""
    found = _by_clock(CAPABILITIES, options, learned)
    if options.get("contacts") == "yes":
        return found
    off = no(
        _(
            "This account is set up not to add people to MyOwnConference's participants unless "
            "they are registered for one of its webinars."
        )
    )
    attendee = replace(found.kind(Kind.ATTENDEE), create=off)
    return replace(found, kinds={**found.kinds, Kind.ATTENDEE: attendee})


def _by_clock(
    found: Capabilities, options: Mapping[str, Any], learned: Mapping[str, Any]
) -> Capabilities:
    """The same, with the doubled hour of the profile's clock as the last test found it.

    What is sent is told by the clock of that moment (`adapter.clock`); this says it in the form.
    """
    clock = learned.get("clock")
    if not clock:
        return found
    zone = zone_of(clock["minutes"], clock["summer_time"], options)

    def reason(start: datetime) -> str:
        twice = shown_twice(start, zone)
        if not twice:
            return ""
        return say(
            "MyOwnConference is told clock times, and when the connection was last tested its "
            "clock shows %(time)s on %(day)s twice: at %(first)s UTC and at %(second)s UTC. Choose "
            "a start outside that hour. If the profile's time zone was changed there since, test "
            "the connection again.",
            **twice,
        )

    webinar = found.kind(Kind.CONFERENCE)
    start = replace(webinar.fields["starts_at"], reason_against=reason)
    webinar = replace(webinar, fields={**webinar.fields, "starts_at": start})
    return replace(found, kinds={**found.kinds, Kind.CONFERENCE: webinar})
