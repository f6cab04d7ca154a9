"""Who is to be written to. A waiting message carries no text yet: it is written when it is sent,
so that the latest state wins and two changes in a row become one message.

Nothing here sends. A message leaves when the platform has accepted what it speaks of.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from kombu.exceptions import OperationalError

from portal.celery import app
from portal.common.batches import slices
from portal.common.bulk import Among
from portal.common.texts import Text
from portal.conferences import sentences
from portal.conferences.mails.queries import missed
from portal.conferences.mails.services import news
from portal.conferences.mails.services.participants import (
    Participant,
    Row,
    of_row,
    remaining,
    role_key,
    still_there,
)
from portal.conferences.mails.services.recipients import FOR_ONE, Act, must_hear
from portal.conferences.mails.services.told import UNSENT
from portal.conferences.mails.services.writing import write
from portal.conferences.models import Attendee, Conference, Invitation, Moderator, Registration

State, Purpose = Invitation.State, Invitation.Purpose


@dataclass(frozen=True, slots=True)
class Telling:
    """What staff chose before an act: whether people are told, and in which words of their own.

    Acts with the same `together` reach each person as one message (see `together.py`).
    """

    tell: bool = True
    note: str = ""
    together: UUID | None = None

    @classmethod
    def of(cls, given: "Telling | bool", note: str = "") -> "Telling":
        """From what a service was given: a choice, or only yes or no."""
        return given if isinstance(given, cls) else cls(bool(given), note)


def tell(
    conference: Conference,
    act: Act | str,
    telling: Telling,
    by: User | None,
    *,
    registrations: Iterable[Registration | Participant] | None = None,
    moderators: Iterable[Moderator] | None = None,
    changes: Mapping[str, Any] | None = None,
) -> int:
    """Queue what an act makes people hear; answers how many will hear of it.

    Takes what `must_hear` takes. Call it within the transaction of the act, after the row was
    saved. A cancellation takes back what waits, whether people are told of it or not.
    """
    act = Act(act)
    concerned = None if registrations is None else [of_row(row) for row in registrations]
    speakers = None if moderators is None else [of_row(row) for row in moderators]
    found = []
    if telling.tell:  # asked for before anything is taken back: what waits says who knows nothing
        found = must_hear(
            conference, act, registrations=concerned, moderators=speakers, changes=changes
        )
    if act is Act.CANCEL:
        _call_off(conference)
    if act in FOR_ONE:
        leaving = [*(concerned or ()), *(speakers or ())]
        # Whoever is told that they leave is told all of it.
        _pass_on(conference, leaving, besides={one.email for one in found})
        drop_waiting(conference, _OVER[act], leaving)
    if telling.tell:
        news_ = news.worth_telling(changes)
        write(conference, act, found, news_, telling.note, by, telling.together)
        notify_worker()
    return sum(bool(one.email) for one in found)


def _call_off(conference: Conference) -> None:
    """Nothing that waits has a point any more, but that somebody's part had ended before."""
    unsent = conference.invitations.filter(state__in=UNSENT)
    # What asks somebody to confirm dates of a series is about the others too.
    unsent = unsent.exclude(unconfirmed__page__series__isnull=False)
    unsent.exclude(purpose=Purpose.CANCEL, act__in=FOR_ONE).update(
        state=State.DROPPED, problem=sentences.MAIL_CANCELLED
    )


def _pass_on(conference: Conference, leaving: list[Participant], besides: set[str]) -> None:
    """What waits for somebody who stays in another role is theirs to hear all the same."""
    staying = remaining(conference, leaving) - besides
    for one in leaving:
        if one.email in staying and (other := still_there(conference, one)):
            letters = conference.invitations.filter(state__in=UNSENT, **{one.relation: one.pk})
            letters = letters.exclude(purpose=Purpose.INVITE).exclude(act__in=FOR_ONE)
            letters.update(**{one.relation: None} | {role_key(other)[0]: other})


_OVER = {Act.WITHDRAW: sentences.MAIL_WITHDRAWN, Act.UNASSIGN: sentences.MAIL_TAKEN_OFF}


def queue_invitations(
    conference: Conference,
    rows: Iterable[Row],
    by: User | None,
    note: str = "",
    together: UUID | None = None,
) -> int:
    """Queue an invitation to each registration (or moderator); one for whom a message waits
    already gets no second one.

    Answers how many were queued. Call it within the transaction of the change.
    """
    wanted = list(rows)
    people = without_waiting(conference, (row for row in wanted if isinstance(row, Registration)))
    speakers = [row for row in wanted if isinstance(row, Moderator)]
    unsent = conference.invitations.filter(state__in=UNSENT, purpose=Purpose.INVITE)
    for few in slices(speakers):
        waiting = set(unsent.filter(moderator__in=few).values_list("moderator", flat=True))
        speakers = [row for row in speakers if row.pk not in waiting]
    telling = Telling(note=note, together=together)
    return tell(conference, Act.INVITE, telling, by, registrations=people, moderators=speakers)


def without_waiting(conference: Conference, rows: Iterable[Registration]) -> list[Registration]:
    """Those of some people for whom no invitation waits already; it tells how they stand when it
    leaves. The card of an invitation counts by it as well."""
    people = list(rows)
    unsent = conference.invitations.filter(state__in=UNSENT, purpose=Purpose.INVITE)
    for some in slices([row.pk for row in people if row.pk]):
        waiting = set(unsent.filter(registration__in=some).values_list("registration", flat=True))
        people = [row for row in people if row.pk not in waiting]
    return people


def tell_after_all(conference: Conference, by: User | None, telling: Telling) -> int:
    """Tell those who were told of a cancellation that the conference takes place; answers how many.

    Call it within the transaction that takes the cancellation back.
    """
    if not telling.tell:
        return 0
    found = must_hear(conference, Act.RESCHEDULE, recalled=True)
    note = telling.note or str(sentences.MAIL_THIS_TAKES_PLACE)
    write(conference, Act.RESCHEDULE, found, {}, note, by)
    notify_worker()
    return sum(bool(one.email) for one in found)


def follow_address(person: Attendee, telling: Telling, by: User | None) -> int:
    """Invite somebody whose address was corrected at the new one, wherever they are registered and
    were written to at another; answers how many invitations that makes.

    What waits goes to the new address by itself. Call it within the transaction of the change.
    """
    # A sender holds the row of the conference while it reads an address.
    held = Conference.objects.select_for_update(of=("self",)).order_by("pk")
    list(held.filter(registrations__attendee=person).values_list("pk", flat=True))
    letters = Invitation.objects.filter(registration__attendee=person)
    letters.filter(state__in=UNSENT).update(to_email=person.email)
    if not telling.tell:
        return 0
    count = 0
    for row in missed(person):
        letters.filter(registration=row.pk, state=State.FAILED).update(
            state=State.DROPPED, problem=sentences.MAIL_CORRECTED
        )
        count += tell(row.conference, Act.INVITE, telling, by, registrations=[row])
    return count


def drop_waiting(conference: Conference, why: Text, rows: Iterable[Row | Participant]) -> None:
    """Take back what has not been sent to some people."""
    unsent = conference.invitations.filter(state__in=UNSENT)
    ids: dict[str, list[int]] = {}
    for one in map(of_row, rows):
        ids.setdefault(one.relation, []).append(one.pk)
    for relation, some in ids.items():
        theirs = unsent.filter(**{f"{relation}__in": Among(some)})
        theirs.update(state=State.DROPPED, problem=why)


def notify_worker() -> None:
    """Notify the worker after commit; if that is lost, beat notices within a minute."""
    transaction.on_commit(_enqueue)


def _enqueue() -> None:
    try:
        app.send_task("portal.conferences.tasks.send_mails", retry=False, ignore_result=True)
    except (OSError, OperationalError):
        return
