"""Write the messages that an act makes people hear: thousands in a few statements, since they are
written with the act itself, and nobody else writes meanwhile."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from portal.common import bulk, clock
from portal.common.bulk import Among, Same
from portal.common.texts import Text
from portal.conferences import sentences
from portal.conferences.mails.services.participants import MODERATOR, REGISTRATION, RoleKey
from portal.conferences.mails.services.recipients import Act, Recipient
from portal.conferences.mails.services.told import UNSENT
from portal.conferences.models import Conference, Invitation

State, Purpose = Invitation.State, Invitation.Purpose
NOTE_LENGTH = 5000  # characters
Said = tuple[str, str, str]  # what a message says so far: before and after as stored, and its note


class News(NamedTuple):
    """What people are told."""

    conference: Conference
    act: str
    note: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    by: User | None
    together: UUID | None


def write(
    conference: Conference,
    act: Act,
    found: Iterable[Recipient],
    changes: Mapping[str, tuple[Any, Any]],
    note: str,
    by: User | None,
    together: UUID | None = None,
) -> None:
    """Have everybody in `found` told, each by one message; a change notice that waits already
    takes the newer news. Call it within the transaction of the act."""
    told = News(
        conference,
        act,
        note[:NOTE_LENGTH],
        {name: old for name, (old, _new) in changes.items()},
        {name: new for name, (_old, new) in changes.items()},
        by,
        together,
    )
    _write(told, [one for one in found if not one.message.waits])
    if act is Act.RESCHEDULE:
        moment = clock.now()
        again = conference.invitations.filter(state__in=UNSENT, purpose=Purpose.INVITE)
        put_off = Q(not_before__gt=moment) | Q(anyway=True)
        again.filter(put_off).update(not_before=moment, anyway=False)


def _write(told: News, people: list[Recipient]) -> None:
    waiting = _waiting(told.conference) if told.before else {}
    # Nearly all were told the same, and hear by the same message: what it says is made once.
    messages = {id(one.message): one.message for one in people}
    before = {
        key: {name: one.before.get(name, old) for name, old in told.before.items()}
        for key, one in messages.items()
    }
    fresh: list[tuple[Recipient, dict[str, Any]]] = []
    joined: dict[tuple[int, str, str, str], list[int]] = {}
    for one in people:
        key, letter = id(one.message), waiting.get(one.who.role_key)
        if letter is None or letter.before == "{}":  # of something else: this goes by itself
            fresh.append((one, before[key]))
        else:
            joined.setdefault((key, *letter.says), []).append(letter.pk)
    _insert(told, [pair for pair in fresh if pair[0].email], State.WAITING)
    unknown = [pair for pair in fresh if not pair[0].email]
    _insert(told, unknown, State.DROPPED, sentences.MAIL_NO_ADDRESS)
    _join(told, ((before[how[0]], how[1:], ids) for how, ids in joined.items()))


def _join(told: News, some: Iterable[tuple[dict[str, Any], Said, list[int]]]) -> None:
    """Have messages that wait say the newer news as well; one statement for all that say the same
    then. Each is given by what the news were before to its reader, what it says so far, and the
    ids of those that say it."""
    alike: dict[str, tuple[dict[str, Any], list[int]]] = {}
    for before, (was, now, note), ids in some:
        says = {
            "before": before | json.loads(was),
            "after": {**json.loads(now), **told.after},
            "note": told.note or note,
        }
        alike.setdefault(json.dumps(says, sort_keys=True), (says, []))[1].extend(ids)
    for says, ids in alike.values():
        Invitation.objects.filter(pk__in=Among(ids)).update(
            **says,
            state=State.WAITING,
            not_before=clock.now(),
            anyway=False,
            problem="",
            **({"together": told.together} if told.together else {}),
        )


def _insert(
    told: News, some: list[tuple[Recipient, dict[str, Any]]], state: str, problem: Text | str = ""
) -> None:
    people = [one.who for one, _before in some]
    reminds = told.act is Act.REMIND
    bulk.insert(
        Invitation,
        len(some),
        conference=Same(told.conference.pk),
        registration=[None if one.speaks else one.pk for one in people],
        moderator=[one.pk if one.speaks else None for one in people],
        purpose=[one.message.purpose for one, _before in some],
        act=Same(told.act),
        note=Same(told.note),
        to_email=[one.email for one in people],
        before=[before for _one, before in some],
        after=Same(dict(told.after)),
        state=Same(state),
        not_before=Same(clock.now()),
        problem=Same(problem),
        together=Same(told.together),
        remind_start=Same(told.conference.starts_at if reminds else None),
        created_by=Same(told.by.pk if told.by is not None else None),
    )


class _Waiting(NamedTuple):
    """A change notice that waits, with what it says as it is stored."""

    pk: int
    before: str
    after: str
    note: str

    @property
    def says(self) -> Said:
        return self.before, self.after, self.note


def _waiting(conference: Conference) -> dict[RoleKey, _Waiting]:
    """The change notices that wait for people, by the row that each is for."""
    unsent = conference.invitations.filter(state__in=UNSENT, purpose=Purpose.UPDATE)
    rows = unsent.order_by("id").values_list(
        "registration_id",
        "moderator_id",
        "pk",
        Cast("before", TextField()),
        Cast("after", TextField()),
        "note",
    )
    return {
        (REGISTRATION, guest) if guest else (MODERATOR, speaker): _Waiting(*said)
        for guest, speaker, *said in rows
    }
