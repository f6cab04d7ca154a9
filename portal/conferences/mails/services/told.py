"""What each person has been told of a conference, in whatever role: their messages, the oldest
first, make of what they knew before what they know then."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from portal.conferences.mails.services import news
from portal.conferences.mails.services.participants import (
    MODERATOR,
    REGISTRATION,
    RoleKey,
    Row,
    by_address,
    role_key,
)
from portal.conferences.models import Conference, Invitation, Moderator, Registration

State, Purpose = Invitation.State, Invitation.Purpose
# Whoever stands in one of these has the message, or perhaps has it.
NOTIFIED_STATES = (State.SENT, State.SENDING, State.UNKNOWN)
UNSENT = (State.WAITING, State.HELD)


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What somebody knows. `before` keeps, of changes that never reached them, the oldest old value
    of each field. Of thousands nearly all were told the same, and are one object."""

    last: str = ""  # the purpose of the last message that left
    says: Mapping[str, Any] = field(default_factory=dict)  # the values in that message
    before: Mapping[str, Any] = field(default_factory=dict)
    invitation: bool = False  # an invitation waits, and nothing has left yet
    entry: bool = False  # their calendar has, or may have, an entry of ours

    @property
    def invited(self) -> bool:
        """Whether they were told that they take part, or wait to, and not that it is over."""
        return self.last in (Purpose.INVITE, Purpose.UPDATE)

    def old(self, changes: Mapping[str, tuple[Any, Any]]) -> dict[str, Any]:
        """The former values of what is news to this person, as they know them. An edit that never
        reached them is none: changed back before it was told, nothing is left to tell."""
        known = {n: self.says.get(n, self.before.get(n, was)) for n, (was, _now) in changes.items()}
        found = {name: value for name, value in known.items() if value != changes[name][1]}
        return found | self.given_up({n: now for n, (_was, now) in changes.items()})

    def outdated(self, now: Mapping[str, Any]) -> dict[str, Any]:
        """What they were told last and holds no more, beside the values of `now`."""
        found = {name: v for name, v in self.says.items() if name in now and v != now[name]}
        return found | self.given_up(now)

    def given_up(self, now: Mapping[str, Any]) -> dict[str, Any]:
        """The dates that they were told of a room which is none any more by the values of `now`."""
        dates = self.says.get(news.DATES)
        return {news.DATES: dates} if dates and now.get("permanent") is False else {}

    def then(
        self,
        state: str,
        purpose: str,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        with_entry: bool | None,
    ) -> "Told":
        """What they know when one more message has come to stand in a state."""
        if state in NOTIFIED_STATES:
            last = purpose
            if purpose == Purpose.REMIND:
                # It brought them the calendar entry.
                last = self.last if self.invited else Purpose.INVITE.value
            return Told(last, after, entry=self._has_entry(purpose, with_entry))
        if state in UNSENT and purpose == Purpose.INVITE:
            return replace(self, invitation=not self.invited)
        if purpose == Purpose.UPDATE:
            return replace(self, before={**before, **self.before})
        return self

    def _has_entry(self, purpose: str, with_entry: bool | None) -> bool:
        """Whether they have a calendar entry after a message. Of older ones it is not known: all
        but reminders brought one."""
        if purpose == Purpose.CANCEL:
            return False
        if with_entry is None:
            return self.entry or purpose != Purpose.REMIND or not self.invited
        return self.entry or with_entry


NOTHING = Told()


@dataclass(slots=True)
class Notified:
    """The same of one person who is to be written to, with what their calendar has."""

    told: Told = NOTHING
    sequence: int = -1
    at: datetime | None = None  # when the last one was sent
    by: RoleKey = ("", 0)  # the row that it was for


def notified_of(conference: Conference, rows: Iterable[Row] | None = None) -> dict[str, Notified]:
    """What each person has been told, by the address of today; with `rows`, by those alone."""
    if conference.pk is None:
        return {}
    letters = Invitation.objects.filter(conference=conference.pk)
    if rows is not None:
        ids: dict[str, list[int]] = {REGISTRATION: [], MODERATOR: []}
        for row in rows:
            relation, pk = role_key(row)
            ids[relation].append(pk)
        letters = letters.filter(
            Q(registration__in=ids[REGISTRATION]) | Q(moderator__in=ids[MODERATOR])
        )
    found: dict[str, Notified] = {}
    for values in _columns(letters, *_WRITTEN):
        one = _Letter(*values)
        _note(found.setdefault(one.email, Notified()), one)
    return found


_WRITTEN = ("subject", "sequence", "sent_at", "registration_id", "moderator_id")


class _Letter(NamedTuple):
    """A message as far as it says what somebody was told, and what their calendar has."""

    conference: int
    guest: str | None
    speaker: str | None
    state: str
    purpose: str
    was: str
    now: str
    with_entry: bool | None
    subject: str
    sequence: int
    sent_at: datetime | None
    registration: int | None
    moderator: int | None

    @property
    def email(self) -> str:
        return (self.guest or self.speaker or "").strip().lower()


def _note(one: Notified, letter: _Letter) -> None:
    was, now = json.loads(letter.was), json.loads(letter.now)
    one.told = one.told.then(letter.state, letter.purpose, was, now, letter.with_entry)
    if letter.state in NOTIFIED_STATES:
        one.at = letter.sent_at
        one.by = (
            (REGISTRATION, letter.registration)
            if letter.registration
            else (MODERATOR, letter.moderator or 0)
        )
    if letter.subject:  # it was written once, and perhaps sent
        one.sequence = max(one.sequence, letter.sequence)


def told_of(
    conferences: Iterable[int], emails: Iterable[str] | None = None
) -> dict[int, dict[str, Told]]:
    """What each person has been told of some conferences, by the address of today; with `emails`,
    what those were told. In one statement, and for thousands: what came of a message is worked out
    once, and not for each who was sent the same after the same."""
    ids = list(conferences)
    letters = Invitation.objects.filter(conference__in=ids)
    letters = letters if emails is None else _to(letters, ids, emails)
    found: dict[int, dict[str, Told]] = {pk: {} for pk in ids}
    after: dict[tuple[Any, ...], Told] = {}
    for at, guest, speaker, state, purpose, was, now, entry in _columns(letters):
        email, theirs = (guest or speaker or "").strip().lower(), found[at]
        known = theirs.get(email, NOTHING)
        step = (known, state, purpose, was, now, entry)
        if (then := after.get(step)) is None:
            then = known.then(state, purpose, json.loads(was), json.loads(now), entry)
            after[step] = then
        theirs[email] = then
    return found


def _columns(letters: QuerySet[Invitation], *more: str) -> Iterable[tuple[Any, ...]]:
    """Messages as columns, the oldest first, with the values that they tell as they are stored."""
    some = letters.exclude(registration=None, moderator=None).order_by("id")
    some = some.annotate(was=Cast("before", TextField()), now=Cast("after", TextField()))
    who = ("conference_id", "registration__attendee__email", "moderator__email")
    return some.values_list(*who, "state", "purpose", "was", "now", "with_entry", *more)


def _to(
    letters: QuerySet[Invitation], ids: Iterable[int], emails: Iterable[str]
) -> QuerySet[Invitation]:
    """Those of some messages that are to people with these addresses, in whatever role."""
    theirs, some = {"conference__in": list(ids)}, list(emails)
    registered = Registration.objects.filter(attendee__email__in=some, **theirs)
    speaking = by_address(Moderator.objects.filter(**theirs), some)
    return letters.filter(
        Q(registration__in=list(registered.values_list("pk", flat=True)))
        | Q(moderator__in=list(speaking.values_list("pk", flat=True)))
    )
