"""Who is to be written to. A waiting message carries no text yet: it is written when it is sent,
so that the latest state wins and two changes in a row become one message."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from kombu.exceptions import OperationalError

from portal.celery import app
from portal.common import clock
from portal.conferences.models import Conference, Invitation, Moderator, Registration
from portal.conferences.services.trail import SLICE, slices

State, Purpose = Invitation.State, Invitation.Purpose
# Whoever stands in one of these has the message, or perhaps has it: they must hear of changes.
HEARD = (State.SENT, State.SENDING, State.UNKNOWN)
Recipient = Registration | Moderator


def queue_invitations(
    conference: Conference, registrations: Iterable[Registration], by: Any, note: str = ""
) -> int:
    """Queue an invitation to each; one for whom a message waits already gets no second one.

    Answers how many were queued. Call it within the transaction of the change.
    """
    rows = list(registrations)
    waiting = _ids(conference.invitations.filter(state=State.WAITING))
    fresh = [row for row in rows if _key(row) not in waiting]
    _add(conference, [(row, Purpose.INVITE) for row in fresh], by, note)
    ring()
    return len(fresh)


def queue_update(conference: Conference, by: Any, note: str = "") -> int:
    """Tell everyone who takes part that something changed; answers how many will hear.

    Where a message waits already, it will carry the new state. Whoever never got the invitation
    gets it now, since news about something unknown helps nobody.
    """
    everyone = _everyone(conference)
    waiting = conference.invitations.filter(state=State.WAITING)
    waiting.exclude(purpose=Purpose.CANCEL).update(not_before=clock.now())
    if note:
        waiting.filter(purpose=Purpose.UPDATE).update(note=note)
    there, heard = _ids(waiting), _heard(conference)
    fresh = [row for row in everyone if _key(row) not in there]
    pairs = [(row, Purpose.UPDATE if _key(row) in heard else Purpose.INVITE) for row in fresh]
    _add(conference, pairs, by, note)
    ring()
    return len(everyone)


def queue_cancel(conference: Conference, by: Any, reason: str = "") -> int:
    """Tell everyone who heard of it that it is called off; answers how many that are.

    What waits for those who never heard is dropped: they need not learn of it at all.
    """
    drop_waiting(conference, "The webinar was cancelled before this was sent.")
    heard = _heard(conference)
    rows = [row for row in _everyone(conference) if _key(row) in heard]
    _add(conference, [(row, Purpose.CANCEL) for row in rows], by, reason)
    ring()
    return len(rows)


def queue_withdrawal(conference: Conference, registrations: Iterable[Registration], by: Any) -> int:
    """Tell those who heard of it that they are no longer registered; answers how many."""
    heard = _heard(conference)
    rows = [row for row in registrations if _key(row) in heard]
    _add(conference, [(row, Purpose.CANCEL) for row in rows], by, "")
    ring()
    return len(rows)


def drop_waiting(
    conference: Conference, why: str, registrations: Iterable[Registration] | None = None
) -> int:
    """Take back what has not been sent, for some people or for all of the conference."""
    waiting = conference.invitations.filter(state=State.WAITING)
    if registrations is None:
        return waiting.update(state=State.DROPPED, problem=why)
    ids = [row.pk for row in registrations]
    return sum(
        waiting.filter(registration_id__in=some).update(state=State.DROPPED, problem=why)
        for some in slices(ids)
    )


def audience_size(conference: Conference) -> int:
    """How many people `queue_update` would tell."""
    return len(_everyone(conference))


def ring() -> None:
    """Poke the worker after commit; if that is lost, the clock rings within a minute."""
    transaction.on_commit(_poke)


def _poke() -> None:
    try:
        app.send_task("portal.conferences.tasks.send_mails", retry=False, ignore_result=True)
    except (OSError, OperationalError):
        return


def _everyone(conference: Conference) -> list[Recipient]:
    """All who take part: registrations and moderators that stand."""
    stands = {"removed_at": None, "gone_at": None}
    registered = conference.registrations.filter(**stands).select_related("attendee")
    return [*registered, *conference.moderators.filter(**stands)]


def _heard(conference: Conference) -> set[tuple[str, int]]:
    """Those whose last message, as far as one was sent, did not say that it is over for them."""
    last: dict[tuple[str, int], str] = {}
    rows = conference.invitations.filter(state__in=HEARD).order_by("id")
    for r, m, purpose in rows.values_list("registration_id", "moderator_id", "purpose"):
        last[("registration", r) if r else ("moderator", m)] = purpose
    return {key for key, purpose in last.items() if purpose != Purpose.CANCEL}


def _key(row: Recipient) -> tuple[str, int]:
    return ("registration" if isinstance(row, Registration) else "moderator", row.pk)


def _ids(rows: QuerySet[Invitation]) -> set[tuple[str, int]]:
    found = rows.values_list("registration_id", "moderator_id")
    return {("registration", r) if r else ("moderator", m) for r, m in found}


def _add(
    conference: Conference, pairs: Iterable[tuple[Recipient, str]], by: Any, note: str
) -> None:
    moment = clock.now()
    Invitation.objects.bulk_create(
        (
            Invitation(
                conference=conference, purpose=purpose, note=note, created_by=by,
                not_before=moment, sequence=conference.sequence,
                to_email=row.attendee.email if isinstance(row, Registration) else row.email,
                **{_key(row)[0]: row},
            )
            for row, purpose in pairs
        ),
        batch_size=SLICE,
    )  # fmt: skip
