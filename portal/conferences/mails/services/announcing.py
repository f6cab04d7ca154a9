"""Write the messages that an act makes people hear: a few at once, of many part by part.

Thousands of messages would hold all other writers up. So the act keeps who is told and of what, as
one row, and the worker writes the messages before it sends any.
"""

import json
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import DatabaseError, DataError, IntegrityError, transaction
from django.db.models import F, Q, QuerySet, Sum

from portal.common import clock
from portal.common.batches import SLICE, give_way, slices
from portal.conferences import sentences
from portal.conferences.mails.services.recipients import (
    UNSENT,
    Act,
    Recipient,
    Row,
    address,
    role_key,
)
from portal.conferences.models import (
    Announcement,
    Conference,
    Invitation,
    Moderator,
    Registration,
)

State, Purpose = Invitation.State, Invitation.Purpose
NOTE_LENGTH = 5000  # characters
AT_ONCE = 200  # messages that are written in one transaction
# Acts on the whole conference: of these alone thousands hear, and none is done twice.
WHOLE = (Act.RESCHEDULE, Act.CANCEL)
logger = logging.getLogger(__name__)


def announce(
    conference: Conference,
    act: Act,
    found: Iterable[Recipient],
    changes: Mapping[str, tuple[Any, Any]],
    note: str,
    by: User | None,
) -> None:
    """Have everybody in `found` told, each by one message; a change notice that waits already
    takes the newer news. Call it within the transaction of the act."""
    fresh = [one for one in found if not one.waits]
    # Whoever is written to for one act on all gets the same kind of message.
    for purpose in sorted({one.purpose for one in fresh}):
        given = Announcement(
            conference=conference,
            act=act,
            purpose=purpose,
            note=note[:NOTE_LENGTH],
            before={name: old for name, (old, _new) in changes.items()},
            after={name: new for name, (_old, new) in changes.items()},
            created_by=by,
        )
        some = [one for one in fresh if one.purpose == purpose]
        if act in WHOLE and len(some) > AT_ONCE:
            given.people = [_kept(one, given) for one in some]
            given.total = len(some)
            given.save()
        else:
            _write(given, [(one.row, one.before) for one in some])
    if act is Act.RESCHEDULE:
        moment = clock.now()
        again = conference.invitations.filter(state__in=UNSENT, purpose=Purpose.INVITE)
        put_off = Q(not_before__gt=moment) | Q(anyway=True)
        again.filter(put_off).update(not_before=moment, anyway=False)


def _kept(one: Recipient, given: Announcement) -> list[Any]:
    """Somebody as an announcement keeps them."""
    known = {name: one.before[name] for name in given.before if name in one.before}
    return [*role_key(one.row), *([known] if known else [])]


def write_due() -> None:
    """Write the messages of all announcements, the oldest first, so that a later change joins the
    notice of the one before. Any number of workers may do it."""
    for pk in list(Announcement.objects.order_by("pk").values_list("pk", flat=True)):
        try:
            _write_one(pk)
        except Exception as error:
            if isinstance(error, DatabaseError) and not isinstance(
                error, IntegrityError | DataError
            ):
                raise  # the database, not what is written
            # The next round tries it again; all others are not held up.
            logger.exception("the messages of announcement %s could not be written", pk)


def _write_one(pk: int) -> None:
    people = Announcement.objects.filter(pk=pk).values_list("people", flat=True).first()
    begun = time.monotonic()
    while people and _write_part(pk, people):
        give_way(time.monotonic() - begun)
        begun = time.monotonic()


def write_all() -> None:
    """The same in one transaction, for who must know of every message at once."""
    with transaction.atomic():
        for one in Announcement.objects.order_by("pk"):
            while _write_part(one.pk, one.people):
                pass  # the next


def still_to_write(conference: Conference | None = None) -> QuerySet[Announcement]:
    """What is announced to people of a conference, or of all, and not written yet."""
    rows = Announcement.objects.order_by()
    return rows.filter(conference=conference) if conference is not None else rows


def unwritten(conference: Conference | None = None) -> int:
    """How many messages of a conference, or of all, are announced and not written yet."""
    return still_to_write(conference).aggregate(left=Sum(F("total") - F("done")))["left"] or 0


def oldest(conference: Conference | None = None) -> datetime | None:
    """When the first of what is not written yet was asked for."""
    rows = still_to_write(conference).order_by("pk")
    return rows.values_list("created_at", flat=True).first()


@transaction.atomic
def _write_part(pk: int, people: Sequence[Any]) -> bool:
    """Write some messages of an announcement; whether more are left.

    The conference is held meanwhile, as by whatever changes it or sends a message of it.
    """
    found = Announcement.objects.filter(pk=pk).values_list("conference", flat=True).first()
    if found is None:
        return False
    list(Conference.objects.select_for_update().filter(pk=found).values_list("pk"))
    rows = Announcement.objects.select_for_update(of=("self",)).defer("people")
    given = rows.filter(pk=pk).first()
    if given is None:  # another worker has written the last of it
        return False
    some = people[given.done : given.done + AT_ONCE]
    _write(given, _rows(some))
    given.done += len(some)
    if given.done >= given.total:
        given.delete()
        return False
    given.save(update_fields=["done"])
    return True


def _rows(some: Sequence[Any]) -> list[tuple[Row, Mapping[str, Any]]]:
    """People of an announcement, who are still here, and what they knew before."""
    ids = {
        name: [pk for relation, pk, *_known in some if relation == name]
        for name in ("registration", "moderator")
    }
    registered = Registration.objects.select_related("attendee").in_bulk(ids["registration"])
    speaking = Moderator.objects.in_bulk(ids["moderator"])
    found: list[tuple[Row, Mapping[str, Any]]] = []
    for relation, pk, *known in some:
        row = registered.get(pk) if relation == "registration" else speaking.get(pk)
        if row is not None:
            found.append((row, known[0] if known else {}))
    return found


def _write(given: Announcement, people: Sequence[tuple[Row, Mapping[str, Any]]]) -> None:
    """One message for each; a change notice that waits already takes the newer news."""
    waiting = _waiting(given, [row for row, _known in people]) if given.before else {}
    fresh, joined = [], dict[str, list[Invitation]]()
    for row, known in people:
        before = {name: known.get(name, old) for name, old in given.before.items()}
        letter = waiting.get(role_key(row))
        if letter is None or not letter.before:  # what speaks of something else goes by itself
            fresh.append(_letter(given, row, before))
        else:
            letter.before, letter.after = before | letter.before, letter.after | given.after
            letter.note = given.note or letter.note
            alike = json.dumps([letter.before, letter.after, letter.note], sort_keys=True)
            joined.setdefault(alike, []).append(letter)
    Invitation.objects.bulk_create(fresh, batch_size=SLICE)
    # Nearly all say the same: one statement for those that do.
    for letters in joined.values():
        Invitation.objects.filter(pk__in=[letter.pk for letter in letters]).update(
            before=letters[0].before,
            after=letters[0].after,
            note=letters[0].note,
            state=State.WAITING,
            not_before=clock.now(),
            anyway=False,
            problem="",
        )


def _letter(given: Announcement, row: Row, before: dict[str, Any]) -> Invitation:
    email = address(row)
    letter = Invitation(
        conference=given.conference,
        purpose=given.purpose,
        act=given.act,
        note=given.note,
        created_by_id=given.created_by_id,
        created_at=given.created_at,
        not_before=clock.now(),
        to_email=email,
        before=before,
        after=dict(given.after),
        **{role_key(row)[0]: row},
    )
    if not email:
        letter.state, letter.problem = State.DROPPED, sentences.MAIL_NO_ADDRESS
    return letter


def _waiting(given: Announcement, rows: Iterable[Row]) -> dict[tuple[str, int], Invitation]:
    """The change notices that wait for these people, by the row that each is for."""
    unsent = given.conference.invitations.filter(state__in=UNSENT, purpose=Purpose.UPDATE)
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
