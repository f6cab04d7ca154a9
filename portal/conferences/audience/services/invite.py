"""Invite people to a conference: show what would happen, then do exactly that."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from integrations.base.records import Kind
from portal.common import clock
from portal.common.batches import PART, slices
from portal.common.errors import NotPossible
from portal.common.reader.addresses import Person
from portal.common.texts import commas, shown
from portal.conferences import history, rules, sentences
from portal.conferences.audience.services import invited_groups, registrations
from portal.conferences.fields import locked
from portal.conferences.history import RowChange, record_many
from portal.conferences.mails import services as mails
from portal.conferences.models import Attendee, Conference, Registration
from portal.conferences.people.services import people
from portal.conferences.people.services.selection import Selection
from portal.identity import roles
from portal.outbox import services as outbox

CONFERENCE, REGISTRATION = Kind.CONFERENCE, Kind.REGISTRATION
SWITCH = "registration_enabled"
SOON = timedelta(hours=2)
NOTE_LENGTH = 5000  # characters


@dataclass(slots=True)
class Plan:
    """What an invitation would do. `withdrawn` come along only where staff say so; those who were
    `invited` before and are not registered yet, only where people are registered at once."""

    newcomers: list[Person] = field(default_factory=list)
    known: list[Attendee] = field(default_factory=list)
    invited: list[Registration] = field(default_factory=list)
    registered: list[Registration] = field(default_factory=list)
    withdrawn: list[Registration] = field(default_factory=list)

    @property
    def fresh(self) -> int:
        """How many would be invited for the first time."""
        return len(self.newcomers) + len(self.known)

    @property
    def registered_people(self) -> list[Attendee]:
        return [row.attendee for row in self.registered]

    @property
    def invited_people(self) -> list[Attendee]:
        return [row.attendee for row in self.invited]

    @property
    def withdrawn_people(self) -> list[Attendee]:
        return [row.attendee for row in self.withdrawn]


@dataclass(frozen=True, slots=True)
class Done:
    """What an invitation did: who was `asked`, who was `registered` at once, who of them all had
    been withdrawn before (`again`)."""

    registered: int = 0
    asked: int = 0
    again: int = 0
    created: int = 0
    mails: int = 0
    switched_on: bool = False

    @property
    def number(self) -> int:
        """How many people were invited."""
        return self.registered + self.asked + self.again

    def __add__(self, other: "Done") -> "Done":
        return Done(
            self.registered + other.registered,
            self.asked + other.asked,
            self.again + other.again,
            self.created + other.created,
            self.mails + other.mails,
            self.switched_on or other.switched_on,
        )


def plan(conference: Conference, audience: Selection) -> Plan:
    """Sort an audience by what stands already; changes nothing."""
    there: dict[int, Registration] = {}
    rows = conference.registrations.select_related("attendee")
    for some in slices(person.pk for person in audience.people):
        there |= {row.attendee_id: row for row in rows.filter(attendee_id__in=some)}
    found = Plan(newcomers=list(audience.newcomers))
    for person in audience.people:
        row = there.get(person.pk)
        if row is None:
            found.known.append(person)
        else:
            ended = row.removed_at or row.gone_at
            stands = found.registered if row.is_registered else found.invited
            (found.withdrawn if ended else stands).append(row)
    return found


@dataclass(frozen=True, slots=True)
class How:
    """How people are invited. `again` brings back who was withdrawn. With `register` they are
    registered at once, on the platform too; without, they are asked, and register by their answer.
    Invitations with the same `together` reach a person as one message. `groups` are those (ids)
    that are invited as groups.
    """

    by: User | None
    note: str = ""
    mail: bool = True
    again: bool = False
    register: bool = True
    together: UUID | None = None
    groups: tuple[int, ...] = ()


def wanted(found: Plan, how: How) -> Selection:
    """Whom a plan would invite."""
    people = list(found.known)
    if how.register:
        people += found.invited_people
    if how.again:
        people += found.withdrawn_people
    return Selection(people=people, newcomers=found.newcomers)


def send(
    conference: Conference,
    audience: Selection,
    *,
    by: User | None,
    note: str = "",
    mail: bool = True,
    again: bool = False,
    register: bool = True,
    switch_on: bool = True,
    groups: tuple[int, ...] = (),
) -> Done:
    """Invite everyone who is not invited yet, and queue their mails; with `register`, register
    them, on the platform too.

    `again` brings back who was withdrawn; `switch_on` allows to switch on the platform's
    registration where it is off; `groups` are those that are invited as groups. In small
    transactions, so that others can write meanwhile: one that ends half-way has invited some, and
    sent twice it does the rest and nothing more. Raises NotPossible, NotAllowed.
    """
    roles.require(by)
    how = How(by, note, mail, again, register)
    _require_open(conference)
    some = wanted(plan(conference, audience), how)
    if not len(some):
        return Done()
    with transaction.atomic():
        done = Done(switched_on=begin(conference, by, switch_on))
        invited_groups.keep([conference], groups)
    parts = [Selection(people=few) for few in slices(some.people, PART)]
    parts += [Selection(newcomers=few) for few in slices(some.newcomers, PART)]
    for part in parts:
        with transaction.atomic():
            done += send_part(conference, part, how)
    record(conference, done, by)
    return done


def begin(conference: Conference, by: User | None, switch_on: bool) -> bool:
    """Make sure that people can be invited; answers whether the platform's registration had to be
    switched on. Call it within a transaction. Raises NotPossible."""
    row = locked(conference)
    _require_open(row)
    switched = needs_switch(row)
    if switched:
        _switch_on(row, by, switch_on)
    return switched


def send_part(conference: Conference, audience: Selection, how: How) -> Done:
    """Invite a part of them, sorted anew by what stands now. Call it within a transaction."""
    row = locked(conference)
    _require_open(row)
    if needs_switch(row):  # a colleague has switched it off since
        _switch_on(row, how.by, False)
    found = plan(row, audience)
    back = found.withdrawn if how.again else []
    made, created = _take_in(row, found, back, how)
    queued = 0
    if how.mail:
        queued = mails.queue_invitations(row, made, how.by, how.note, how.together)
    known = {one.pk for one in back}
    once, asked = _by_stage([one for one in made if one.pk not in known])
    return Done(len(once), len(asked), len(back), created, queued)


def _require_open(row: Conference) -> None:
    if reason := reason_against_inviting(row):
        raise NotPossible(reason)


def _take_in(
    row: Conference, found: Plan, back: list[Registration], how: How
) -> tuple[list[Registration], int]:
    """The registrations that came of it, and how many people are new here."""
    by = how.by
    newcomers = people.add_many(found.newcomers, by)
    # Somebody new may have been added and registered by a colleague a moment ago.
    fresh = found.known
    if newcomers:
        fresh = plan(row, Selection(people=[*found.known, *newcomers])).known
    # Whoever was registered once is registered again: a platform may know them still.
    once, asked = _by_stage(back)
    if how.register:
        made = registrations.register(row, fresh, by)
        made += registrations.accept(row, [*found.invited, *asked], by)
    else:
        made = registrations.ask(row, fresh, asked)
    if once:
        made += registrations.register_again(row, once, by)
    record_many(
        "invited",
        REGISTRATION,
        (RowChange(one.pk) for one in made),
        actor=by,
        sentence=sentences.INVITED_TO(webinar=row.title),
    )
    return made, len(newcomers)


def _by_stage(rows: list[Registration]) -> tuple[list[Registration], list[Registration]]:
    """Those who were registered, and those who were only invited."""
    return (
        [row for row in rows if row.is_registered],
        [row for row in rows if not row.is_registered],
    )


def record(row: Conference, done: Done, by: User | None) -> None:
    """Keep what an invitation did, in one line of history; nothing where it did nothing."""
    if not done.number:
        return
    words = commas(
        sentences.INVITED(count=done.number),
        sentences.INVITED_AGAIN(count=done.again) if done.again else "",
        "" if done.mails else sentences.INVITED_WITHOUT_MAIL,
    )
    history.record("invited", CONFERENCE, row.pk, actor=by, conference_id=row.pk, sentence=words)


def reason_against_inviting(conference: Conference) -> str:
    """Why nobody can be invited; empty where they can."""
    if reason := rules.reason_frozen(conference):
        return reason
    if conference.state == Conference.State.ENDED:
        return _("This webinar is over. Duplicate it to run it again.")
    return ""


def starts_soon(conference: Conference) -> bool:
    """Whether there is no time left to ask people whether they come: it has begun, or nearly."""
    return conference.starts_at is not None and conference.starts_at - clock.now() < SOON


def platform_sentence(conference: Conference, *, register: bool = True) -> str:
    """What the platform will do about each person who is invited."""
    account = conference.account
    create = rules.ability(account, REGISTRATION, "create")
    if create.offered:
        plain = (
            _("%(platform)s registers each person.")
            if register
            else _("%(platform)s registers each person as soon as they have answered yes.")
        ) % {"platform": account.platform_name}
        limits = limits_there(conference)
        return " ".join(filter(None, [plain, shown(create.sentence), *limits]))
    plain = _("%(platform)s is not told of people; the list is kept here.")
    return shown(create.sentence) or plain % {"platform": account.platform_name}


def limits_there(conference: Conference) -> list[str]:
    """Whom the platform does not take for this conference, as it is set, in sentences."""
    account = conference.account
    if not rules.reaches_platform(account, REGISTRATION, "create"):
        return []
    limits = account.capabilities.kind(REGISTRATION).limits
    held = ((getattr(conference, name), by_value) for name, by_value in limits.items())
    return [shown(by_value[value]) for value, by_value in held if value in by_value]


def needs_switch(conference: Conference) -> bool:
    """Whether the platform takes no registrations for this conference until it is switched on."""
    account = conference.account
    takes = rules.reaches_platform(account, REGISTRATION, "create")
    needs = account.capabilities.kind(REGISTRATION).needs == SWITCH
    return takes and needs and not conference.registration_enabled


def require_switch(row: Conference, by: User | None, allowed: bool) -> None:
    """Switch registration on where the platform takes nobody without, if that is `allowed`. Call it
    within a transaction that holds the row. Raises NotPossible."""
    if needs_switch(row):
        _switch_on(row, by, allowed)


def reason_against_switch(conference: Conference) -> str:
    """Why registration cannot be switched on; empty where it can."""
    return rules.reason_off(conference.account, SWITCH, on_update=not conference.draft)


def _switch_on(row: Conference, by: User | None, allowed: bool) -> None:
    platform = row.account.platform_name
    if reason := reason_against_switch(row):
        raise NotPossible(
            _("Registration is off for this webinar. %(reason)s") % {"reason": reason}
        )
    if not allowed:
        text = _(
            "%(platform)s takes no registrations while registration is off for this webinar."
        ) % {"platform": platform}
        raise NotPossible(text, {"switch_on": [text]})
    row.registration_enabled, row.version = True, row.version + 1
    row.save()
    history.record(
        "changed",
        CONFERENCE,
        row.pk,
        actor=by,
        conference_id=row.pk,
        sentence=sentences.REGISTRATION_ON,
        before={SWITCH: False},
        after={SWITCH: True},
    )
    if not row.draft and rules.reaches_platform(row.account, CONFERENCE, "update"):
        outbox.add(row.account, CONFERENCE, row.pk, by=by)
    registrations.tell_refused_again(row, by)
