"""Who must hear of what is done to a conference. One answer, for the page that counts and for the
queue that writes, so that the two can never differ."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from portal.common.batches import SLICE
from portal.conferences.mails.services import news, participants
from portal.conferences.mails.services.participants import Participant, Row, of_row
from portal.conferences.mails.services.told import NOTHING, Told, told_of
from portal.conferences.models import Conference, Invitation

Purpose = Invitation.Purpose
Act = Invitation.Act
FOR_ONE = (Act.WITHDRAW, Act.UNASSIGN)
Changes = Mapping[str, tuple[Any, Any]]


class Message(NamedTuple):
    """What somebody hears by. `purpose` is the kind of message: an invitation, a change notice, or
    a cancellation. `waits` says that an invitation is queued for them already, which will carry the
    newest state. `before` is that of `Told`."""

    purpose: str
    waits: bool = False
    before: Mapping[str, Any] = NOTHING.before


_INVITED = Message(Purpose.INVITE)


class Recipient(NamedTuple):
    """One person, by one of the rows that make them hear; without an address, nothing is sent."""

    who: Participant
    message: Message

    @property
    def email(self) -> str:
        """Where they are written to."""
        return self.who.email

    @property
    def name(self) -> str:
        """What they are called."""
        return self.who.name

    @property
    def speaks(self) -> bool:
        """Whether they run the webinar."""
        return self.who.speaks

    @property
    def purpose(self) -> str:
        """The kind of message."""
        return self.message.purpose

    @property
    def kind(self) -> str:
        """The kind of message in words."""
        purpose = Purpose(self.message.purpose)
        return _("Change notice") if purpose is Purpose.UPDATE else str(purpose.label)

    @property
    def key(self) -> Any:
        """Two roles of one person are one. Rows without an address have none in common."""
        return self.who.email or self.who.role_key


def must_hear(
    conference: Conference,
    act: Act | str,
    *,
    registrations: Iterable[Row | Participant] | None = None,
    moderators: Iterable[Row | Participant] | None = None,
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
    concerned = [of_row(row) for row in (*(moderators or ()), *(registrations or ()))]
    if act in (Act.INVITE, Act.ASSIGN):
        # Who is invited may know anything, or nothing: what they were told is not asked for.
        return _each_once((one, _INVITED) for one in concerned)
    # Of a few people whose part ends nobody else is asked about.
    few = act in FOR_ONE and len(concerned) <= SLICE
    known = known or Known([conference], {one.email for one in concerned} if few else None)
    if act in (Act.RESCHEDULE, Act.CANCEL):
        concerned = known.standing(conference)
    told = known.told(conference)
    stay = known.remaining(conference, concerned) if act in FOR_ONE else frozenset[str]()
    found: dict[tuple[Told, bool], Message | None] = {}
    heard: list[tuple[Participant, Message]] = []
    for one in concerned:
        # Thousands were told the same: what they hear is asked once.
        case = (told.get(one.email, NOTHING), one.email in stay)
        if case not in found:
            found[case] = _message(act, *case, changes, recalled)
        if (message := found[case]) is not None:
            heard.append((one, message))
    return _each_once(heard)


def _each_once(heard: Iterable[tuple[Participant, Message]]) -> list[Recipient]:
    found: dict[Any, Recipient] = {}
    for pair in heard:
        one = Recipient(*pair)
        found.setdefault(one.key, one)
    return list(found.values())


def _nobody(conference: Conference, act: Act) -> bool:
    """Whether there is nothing to hear: it is over, or nobody was told of it so far; who signs up
    is asked by themselves, and is nobody yet."""
    if act is Act.SIGN_UP:
        return True
    if conference.is_over:
        return True
    if conference.draft:
        return act is not Act.INVITE
    return bool(conference.removed_at) and act is not Act.CANCEL


def _message(
    act: Act, told: Told, stays: bool, changes: Changes | None, recalled: bool
) -> Message | None:
    """By what somebody hears who was told so much; None where they hear nothing."""
    if recalled and told.last != Purpose.CANCEL:
        return None
    if act is Act.REMIND:
        # Who has no invitation yet is not reminded of it.
        return None if told.invitation else Message(Purpose.REMIND)
    if told.invitation:
        # They know nothing yet. The invitation will say how it stands, or never leave.
        return Message(Purpose.INVITE, waits=True) if act is Act.RESCHEDULE else None
    if changes and act is Act.RESCHEDULE and not told.old(changes):
        return None
    changed = act is Act.RESCHEDULE or stays
    return Message(Purpose.UPDATE if changed else Purpose.CANCEL, before=told.before)


class Known:
    """Who takes part in several conferences and what they were told, each read when it is first
    asked for, in three statements; with `of`, of those addresses alone: an act on a few people asks
    about no others."""

    def __init__(self, conferences: Iterable[Conference], of: Iterable[str] | None = None) -> None:
        self._ids = [one.pk for one in conferences if one.pk is not None]
        self._emails = None if of is None else list({email for email in of if email})

    @cached_property
    def _standing(self) -> dict[int, list[Participant]]:
        return participants.standing(self._ids, self._emails)

    @cached_property
    def _told(self) -> dict[int, dict[str, Told]]:
        return told_of(self._ids, self._emails)

    def standing(self, conference: Conference) -> list[Participant]:
        """All who take part in one of them, speakers first."""
        return self._standing.get(conference.pk, [])

    def told(self, conference: Conference) -> dict[str, Told]:
        """What each person was told of one of them."""
        return self._told.get(conference.pk, {})

    def remaining(self, conference: Conference, leaving: Iterable[Participant]) -> set[str]:
        """The addresses of those who leave one of them in one role and stay in another."""
        gone = {one.role_key for one in leaving}
        return {one.email for one in self.standing(conference) if one.role_key not in gone} - {""}
