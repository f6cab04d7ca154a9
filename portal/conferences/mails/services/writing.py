"""Write the messages that an act makes people hear: thousands in a few statements, since they are
written with the act itself, and nobody else writes meanwhile."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Q

from portal.common import bulk, clock
from portal.common.batches import slices
from portal.common.bulk import Among, Same
from portal.common.texts import Text
from portal.conferences import sentences
from portal.conferences.mails.services.recipients import (
    UNSENT,
    Act,
    Recipient,
    Row,
    role_key,
)
from portal.conferences.models import Conference, Invitation

State, Purpose = Invitation.State, Invitation.Purpose
NOTE_LENGTH = 5000  # characters


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
    _write(told, [one for one in found if not one.waits])
    if act is Act.RESCHEDULE:
        moment = clock.now()
        again = conference.invitations.filter(state__in=UNSENT, purpose=Purpose.INVITE)
        put_off = Q(not_before__gt=moment) | Q(anyway=True)
        again.filter(put_off).update(not_before=moment, anyway=False)


def _write(told: News, people: list[Recipient]) -> None:
    waiting = _waiting(told.conference, [one.row for one in people]) if told.before else {}
    fresh: list[tuple[Recipient, dict[str, Any]]] = []
    joined: dict[str, list[Invitation]] = {}
    for one in people:
        before = {name: one.before.get(name, old) for name, old in told.before.items()}
        letter = waiting.get(role_key(one.row))
        if letter is None or not letter.before:  # what speaks of something else goes by itself
            fresh.append((one, before))
        else:
            letter.before, letter.after = before | letter.before, {**letter.after, **told.after}
            letter.note = told.note or letter.note
            alike = json.dumps([letter.before, letter.after, letter.note], sort_keys=True)
            joined.setdefault(alike, []).append(letter)
    _insert(told, [pair for pair in fresh if pair[0].email], State.WAITING)
    unknown = [pair for pair in fresh if not pair[0].email]
    _insert(told, unknown, State.DROPPED, sentences.MAIL_NO_ADDRESS)
    # Nearly all say the same: one statement for those that do.
    for letters in joined.values():
        Invitation.objects.filter(pk__in=Among([letter.pk for letter in letters])).update(
            before=letters[0].before,
            after=letters[0].after,
            note=letters[0].note,
            state=State.WAITING,
            not_before=clock.now(),
            anyway=False,
            problem="",
            **({"together": told.together} if told.together else {}),
        )


def _insert(
    told: News, some: list[tuple[Recipient, dict[str, Any]]], state: str, problem: Text | str = ""
) -> None:
    keys = [role_key(one.row) for one, _before in some]
    bulk.insert(
        Invitation,
        len(some),
        conference=Same(told.conference.pk),
        registration=[pk if relation == "registration" else None for relation, pk in keys],
        moderator=[pk if relation == "moderator" else None for relation, pk in keys],
        purpose=[one.purpose for one, _before in some],
        act=Same(told.act),
        note=Same(told.note),
        to_email=[one.email for one, _before in some],
        before=[before for _one, before in some],
        after=Same(dict(told.after)),
        state=Same(state),
        not_before=Same(clock.now()),
        problem=Same(problem),
        together=Same(told.together),
        created_by=Same(told.by.pk if told.by is not None else None),
    )


def _waiting(conference: Conference, rows: Iterable[Row]) -> dict[tuple[str, int], Invitation]:
    """The change notices that wait for these people, by the row that each is for."""
    unsent = conference.invitations.filter(state__in=UNSENT, purpose=Purpose.UPDATE)
    ids: dict[str, list[int]] = {}
    for row in rows:
        relation, pk = role_key(row)
        ids.setdefault(relation, []).append(pk)
    letters = [
        letter
        for relation, pks in ids.items()
        for some in slices(pks)
        for letter in unsent.filter(**{f"{relation}__in": some}).order_by("id")
    ]
    return {letter.role_key: letter for letter in letters}
