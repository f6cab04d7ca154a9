"""Who must hear of what is done to a conference. One answer, for the page that counts and for the
queue that writes, so that the two can never differ."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from portal.common import clock
from portal.common.batches import SLICE
from portal.conferences.mails.services import news
from portal.conferences.models import Conference, Invitation, Moderator, Registration

State, Purpose = Invitation.State, Invitation.Purpose
# Whoever stands in one of these has the message, or perhaps has it.
NOTIFIED_STATES = (State.SENT, State.SENDING, State.UNKNOWN)
UNSENT = (State.WAITING, State.HELD)
Act = Invitation.Act
FOR_ONE = (Act.WITHDRAW, Act.UNASSIGN)
Row = Registration | Moderator
SPEAKER, ATTENDEE = "Speaker", "Attendee"  # as templates of mails ask for them


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person, by one of the rows that make them hear.

    `purpose` is the kind of message: an invitation, a change notice, or a cancellation. `waits`
    says that an invitation is queued for them already, which will carry the newest state. `before`
    is that of `Notified`. Without an address nothing can be sent.
    """

    row: Row
    email: str
    name: str
    purpose: str
    waits: bool = False
    before: Mapping[str, Any] = field(default_factory=dict)

    @property
    def role(self) -> str:
        """What they are here, as staff say it."""
        return _("Speaker") if self.speaks else _("Attendee")

    @property
    def speaks(self) -> bool:
        """Whether they run the webinar."""
        return role_of(self.row) == SPEAKER

    @property
    def kind(self) -> str:
        """The kind of message in words."""
        purpose = Purpose(self.purpose)
        return _("Change notice") if purpose is Purpose.UPDATE else str(purpose.label)


@dataclass(slots=True)
class Notified:
    """What one person has been told of a conference, in whatever role.

    `before` keeps, of changes that never reached them, the oldest old value of each field.
    """

    last: str = ""  # the purpose of the last message that left
    says: dict[str, Any] = field(default_factory=dict)  # the values in that message
    before: dict[str, Any] = field(default_factory=dict)
    sequence: int = -1
    at: datetime | None = None  # when the last one was sent
    by: tuple[str, int] = ("", 0)  # the row that it was for
    invitation: bool = False  # an invitation waits, and nothing has left yet

    @property
    def has_entry(self) -> bool:
        """Whether their calendar may hold an entry of ours."""
        return self.last in (Purpose.INVITE, Purpose.UPDATE)

    def old(self, changes: Mapping[str, tuple[Any, Any]]) -> dict[str, Any]:
        """The former values of what is news to this person, as they know them. An edit that never
        reached them is none: changed back before it was told, nothing is left to tell."""
        known = {n: self.says.get(n, self.before.get(n, was)) for n, (was, _now) in changes.items()}
        return {name: value for name, value in known.items() if value != changes[name][1]}

    def outdated(self, now: Mapping[str, Any]) -> dict[str, Any]:
        """What they were told last and holds no more, beside the values of `now`."""
        return {name: v for name, v in self.says.items() if name in now and v != now[name]}


def must_hear(
    conference: Conference,
    act: Act | str,
    *,
    registrations: Iterable[Registration] | None = None,
    moderators: Iterable[Moderator] | None = None,
    changes: Mapping[str, Any] | None = None,
    recalled: bool = False,
    known: "Known | None" = None,
) -> list[Recipient]:
    """Everybody who must hear of an act, each person once; reads, and writes nothing.

    `registrations` and `moderators` are those concerned by an act on people (also such that are
    not saved yet); an act on the conference concerns all who stand. `changes` holds field ->
    (old, new); where none of them is worth telling, nobody must hear, and nobody to whom they are
    no news. The row may hold the old or the new values already. `recalled` asks for those alone who
    were told that it is over. `known` has read what is asked of several conferences at once.
    """
    act = Act(act)
    if changes is not None:
        changes = news.worth_telling(changes)
        conference = news.with_values(conference, {n: pair[1] for n, pair in changes.items()})
    if act is Act.RESCHEDULE and changes is not None and not changes:
        return []
    if _nobody(conference, act):
        return []
    rows: list[Row] = [*(moderators or ()), *(registrations or ())]
    if act in (Act.RESCHEDULE, Act.CANCEL):
        rows = known.standing(conference) if known else _standing(conference)
    known = known or _known_of(conference, act, rows)
    # Who is invited may know anything, or nothing: what they were told is not asked for.
    told: Mapping[str, Notified] = {}
    if act not in (Act.INVITE, Act.ASSIGN):
        told = known.told(conference) if known else notified_of(conference)
    stay = _staying(conference, rows, known) if act in FOR_ONE else set()
    found: dict[str, Recipient] = {}
    for row in rows:
        email = address(row)
        theirs = told.get(email, Notified())
        if recalled and theirs.last != Purpose.CANCEL:
            continue
        if changes and act is Act.RESCHEDULE and not theirs.invitation and not theirs.old(changes):
            continue
        one = _recipient(act, row, theirs, email in stay)
        if one is not None:
            # Two roles are one person. Rows without an address have none in common.
            found.setdefault(email or f"{type(row).__name__} {row.pk}", one)
    return list(found.values())


def _known_of(conference: Conference, act: Act, rows: list[Row]) -> "Known | None":
    """What is known of a few people whose part ends: nobody else is asked about."""
    if act not in FOR_ONE or len(rows) > SLICE:
        return None
    return Known([conference], {address(row) for row in rows})


def _staying(conference: Conference, rows: list[Row], known: "Known | None") -> set[str]:
    return known.remaining(conference, rows) if known else remaining(conference, rows)


def _nobody(conference: Conference, act: Act) -> bool:
    """Whether there is nothing to hear: it is over, or nobody was told of it so far; who signs up
    is asked by themselves, and is nobody yet."""
    if act is Act.SIGN_UP:
        return True
    if conference.over_at is not None and conference.over_at <= clock.now():
        return True
    if conference.draft:
        return act is not Act.INVITE
    return bool(conference.removed_at) and act is not Act.CANCEL


def _recipient(act: Act, row: Row, known: Notified, remains: bool) -> Recipient | None:
    email, name = address(row), name_of(row)
    if act in (Act.INVITE, Act.ASSIGN):
        return Recipient(row, email, name, Purpose.INVITE)
    if act is Act.REMIND:
        # Who has no invitation yet is not reminded of it.
        return None if known.invitation else Recipient(row, email, name, Purpose.REMIND)
    if known.invitation:
        # They know nothing yet. The invitation will say how it stands, or never leave.
        waits = act is Act.RESCHEDULE
        return Recipient(row, email, name, Purpose.INVITE, True) if waits else None
    changed = act is Act.RESCHEDULE or remains
    purpose = Purpose.UPDATE if changed else Purpose.CANCEL
    return Recipient(row, email, name, purpose, before=known.before)


class Known:
    """Who takes part in several conferences and what they were told, read in three statements; with
    `of`, of those addresses alone: an act on a few people asks about no others."""

    def __init__(self, conferences: Iterable[Conference], of: Iterable[str] | None = None) -> None:
        ids = [one.pk for one in conferences if one.pk is not None]
        emails = None if of is None else list({email for email in of if email})
        self._standing: dict[int, list[Row]] = {pk: [] for pk in ids}
        for row in _all_standing(ids, emails):
            self._standing[row.conference_id].append(row)
        letters = Invitation.objects.filter(conference__in=ids)
        self._told = _notified(letters if emails is None else _to(letters, ids, emails))

    def standing(self, conference: Conference) -> list[Row]:
        """All who take part in one of them, speakers first."""
        return list(self._standing.get(conference.pk, []))

    def told(self, conference: Conference) -> dict[str, Notified]:
        """What each person was told of one of them."""
        return self._told.get(conference.pk, {})

    def remaining(self, conference: Conference, leaving: Iterable[Row]) -> set[str]:
        """The addresses of those who leave one of them in one role and stay in another."""
        gone = {role_key(row) for row in leaving}
        rows = self._standing.get(conference.pk, [])
        return {address(row) for row in rows if role_key(row) not in gone} - {""}


def _by_address(rows: QuerySet[Moderator], emails: Iterable[str]) -> QuerySet[Moderator]:
    """Moderators by their address in any case: platforms keep them as they were typed there."""
    return rows.alias(lower=Lower("email")).filter(lower__in=list(emails))


def _to(
    letters: QuerySet[Invitation], ids: Iterable[int], emails: Iterable[str]
) -> QuerySet[Invitation]:
    """Those of some messages that are to people with these addresses, in whatever role."""
    theirs = {"conference__in": list(ids)}
    registered = Registration.objects.filter(attendee__email__in=emails, **theirs)
    speaking = _by_address(Moderator.objects.filter(**theirs), emails)
    return letters.filter(
        Q(registration__in=list(registered.values_list("pk", flat=True)))
        | Q(moderator__in=list(speaking.values_list("pk", flat=True)))
    )


def _standing(conference: Conference) -> list[Row]:
    """All who take part, wherever they registered; speakers first, whose link goes before."""
    return _all_standing([conference.pk]) if conference.pk is not None else []


def _all_standing(ids: Iterable[int], emails: Collection[str] | None = None) -> list[Row]:
    stands = {"conference__in": list(ids), "removed_at": None, "gone_at": None}
    registered, speaking = Registration.objects.filter(**stands), Moderator.objects.filter(**stands)
    if emails is not None:
        registered = registered.filter(attendee__email__in=emails)
        speaking = _by_address(speaking, emails)
    # No more of thousands of rows than what the pages and the messages need of each.
    lean = registered.select_related("attendee").only(*_STAGE, *_ADDRESSED)
    return [*speaking, *lean]


_STAGE = ("conference_id", "stage", "answer", "invited_at")
_ADDRESSED = tuple(f"attendee__{name}" for name in ("email", "first_name", "last_name", "language"))


def address(row: Row) -> str:
    """Where a person is reached now; within a conference it says who they are."""
    return (row.attendee.email if isinstance(row, Registration) else row.email).strip().lower()


def name_of(row: Row) -> str:
    """What a person is called now; empty where nobody knows."""
    return row.attendee.name if isinstance(row, Registration) else row.name


def role_of(row: Row) -> str:
    """What somebody is at a conference: SPEAKER or ATTENDEE."""
    return SPEAKER if isinstance(row, Moderator) else ATTENDEE


def role_key(row: Row) -> tuple[str, int]:
    """The row as `Invitation.role_key` names it."""
    return ("registration" if isinstance(row, Registration) else "moderator", row.pk)


def remaining(conference: Conference, leaving: Iterable[Row]) -> set[str]:
    """The addresses of those who leave in one role and stay in another."""
    rows = list(leaving)
    gone = {row.pk for row in rows if isinstance(row, Moderator)}
    stands = {"conference": conference.pk, "removed_at": None, "gone_at": None}
    speaking = Moderator.objects.filter(**stands).exclude(pk__in=gone)
    found = {email.lower() for email in speaking.values_list("email", flat=True)}
    speakers = [address(row) for row in rows if isinstance(row, Moderator)]
    registered = Registration.objects.filter(attendee__email__in=speakers, **stands)
    gone = {row.pk for row in rows if isinstance(row, Registration)}
    found |= set(registered.exclude(pk__in=gone).values_list("attendee__email", flat=True))
    return found - {""}


def roles_of(conference: Conference, email: str) -> list[Row]:
    """All rows by which somebody takes part or took part, standing ones and speakers first."""
    speaking = Moderator.objects.filter(conference=conference.pk, email=email)
    registered = Registration.objects.filter(conference=conference.pk, attendee__email=email)
    rows: list[Row] = [*speaking, *registered.select_related("attendee")] if email else []
    return sorted(rows, key=lambda row: not stands(row))


def stands(row: Row) -> bool:
    """Whether somebody takes part by this row now."""
    return row.removed_at is None and row.gone_at is None


def still_there(conference: Conference, row: Row) -> Row:
    """The row by which somebody who has left by one still takes part; that one without any."""
    return next((one for one in roles_of(conference, address(row)) if stands(one)), row)


def notified_of(conference: Conference, rows: Iterable[Row] | None = None) -> dict[str, Notified]:
    """What each person has been told, by the address of today; with `rows`, by those alone."""
    if conference.pk is None:
        return {}
    letters = Invitation.objects.filter(conference=conference.pk)
    if rows is not None:
        some = list(rows)
        letters = letters.filter(
            Q(registration__in=[row.pk for row in some if isinstance(row, Registration)])
            | Q(moderator__in=[row.pk for row in some if isinstance(row, Moderator)])
        )
    return _notified(letters).get(conference.pk, {})


def _notified(letters: QuerySet[Invitation]) -> dict[int, dict[str, Notified]]:
    """What each person has been told of each conference, by some messages."""
    found: dict[int, dict[str, Notified]] = {}
    # As columns: of thousands, rows with their relations take four times as long.
    for values in letters.order_by("id").values_list(*_COLUMNS).iterator(chunk_size=1000):
        letter = _Letter(*values)
        if letter.registration or letter.moderator:
            email = (letter.attendee_email or letter.moderator_email or "").strip().lower()
            theirs = found.setdefault(letter.conference, {})
            _note(theirs.setdefault(email, Notified()), letter)
    return found


class _Letter(NamedTuple):
    """A message as far as it says what somebody was told."""

    state: str
    purpose: str
    before: dict[str, Any]
    after: dict[str, Any]
    subject: str
    sequence: int
    sent_at: datetime | None
    registration: int | None
    moderator: int | None
    conference: int
    attendee_email: str | None
    moderator_email: str | None

    @property
    def role_key(self) -> tuple[str, int]:
        """That of the message."""
        if self.registration:
            return "registration", self.registration
        return "moderator", self.moderator or 0


_COLUMNS = (*_Letter._fields[:-2], "registration__attendee__email", "moderator__email")


def _note(one: Notified, letter: _Letter) -> None:
    if letter.state in NOTIFIED_STATES:
        if letter.purpose != Purpose.REMIND:
            one.last = letter.purpose
        elif not one.has_entry:
            one.last = Purpose.INVITE  # it brought them the calendar entry
        one.says = dict(letter.after)
        one.before, one.invitation = {}, False
        one.at, one.by = letter.sent_at, letter.role_key
    if letter.subject:  # it was written once, and perhaps sent
        one.sequence = max(one.sequence, letter.sequence)
    if letter.state in UNSENT and letter.purpose == Purpose.INVITE:
        one.invitation = not one.has_entry
    elif letter.state not in NOTIFIED_STATES and letter.purpose == Purpose.UPDATE:
        one.before = dict(letter.before) | one.before
