"""What the clock does: write the messages of the reminders that are due, each once."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from portal.common import clock
from portal.conferences import sentences
from portal.conferences.mails.services import queue
from portal.conferences.mails.services.acceptance import latest
from portal.conferences.mails.services.recipients import Act
from portal.conferences.mails.services.reminders.rules import (
    LONGEST,
    OWNERS,
    in_segment,
    record,
    rules_of,
)
from portal.conferences.mails.services.told import UNSENT
from portal.conferences.models import Conference, Invitation, Registration, Reminder

log = logging.getLogger(__name__)
State, Purpose = Invitation.State, Invitation.Purpose
BATCH = 500
# Reminders that were dropped for these are no reason against others.
_VOID = (sentences.MAIL_MOVED, sentences.MAIL_CANCELLED)


def queue_due() -> int:
    """Write the messages of all reminders that are due; answers how many. Any number of workers
    may run it, as often as they like."""
    return sum(_queued(pk) for pk in _with_due(clock.now()))


def _queued(pk: int) -> int:
    """The same of one conference, whose trouble must hold up neither the others nor other mails."""
    try:
        return _queue(pk)
    except Exception as error:
        log.warning("reminders of webinar %s were not written: %s", pk, type(error).__name__)
        return 0


def _with_due(moment: datetime) -> list[int]:
    """The conferences of which a reminder is due. The rules of a month's conferences are few."""
    ahead = {
        "starts_at__gt": moment,
        "starts_at__lte": moment + timedelta(minutes=LONGEST),
        "removed_at": None,
        "gone_at": None,
        "draft": False,
    }
    coming = Conference.objects.filter(**ahead)
    found: set[int] = set()
    for holds, owner in OWNERS:
        rows = coming.filter(holds, **{f"{owner}__isnull": False})
        columns = ("pk", "starts_at", f"{owner}__minutes", f"{owner}__set_at")
        for pk, start, minutes, set_at in rows.order_by().values_list(*columns):
            if _is_due(start, minutes, set_at, moment):
                found.add(pk)
    return sorted(found)


def _is_due(start: datetime, minutes: int, set_at: datetime, moment: datetime) -> bool:
    at = start - timedelta(minutes=minutes)
    return set_at <= at <= moment < start and moment <= latest(start, minutes)


def _queue(pk: int) -> int:
    """The same of one conference."""
    row = Conference.objects.select_related("account", "series").filter(pk=pk).first()
    # Nearly always everybody has theirs, and nobody's lock is needed to see that.
    if row is None or not any(_waits_for(row, rule).exists() for rule in _due(row)):
        return 0
    with transaction.atomic():
        rows = Conference.objects.select_for_update(of=("self",))
        rows = rows.select_related("account", "series")
        row = rows.filter(pk=pk, removed_at=None, gone_at=None, draft=False).first()
        count = sum(_write(row, rule) for rule in _due(row)) if row else 0
        if row and count:
            record(row, "reminded", sentences.REMINDED(count=count), None)
            queue.notify_worker()
    return count


def _due(conference: Conference) -> list[Reminder]:
    start, moment = conference.starts_at, clock.now()
    rules = rules_of(conference) if start else []
    return [one for one in rules if start and _is_due(start, one.minutes, one.set_at, moment)]


def _waits_for(conference: Conference, rule: Reminder) -> QuerySet[Registration]:
    """Who is to be reminded by a rule that is due, and was not yet."""
    start = conference.starts_at or clock.now()  # only what has a start is due
    lead = timedelta(minutes=rule.minutes)
    letters = Invitation.objects.filter(registration=OuterRef("pk"))
    void = Q(state=State.DROPPED, problem__in=_VOID)
    reminded = letters.filter(remind_before=rule.minutes, remind_start__gt=start - lead)
    told = letters.filter(created_at__gt=start - lead).exclude(state=State.DROPPED)
    invited = letters.filter(state__in=UNSENT, purpose=Purpose.INVITE)
    found = in_segment(conference, rule.segment).filter(created_at__lte=start - lead)
    found = found.exclude(answer=Registration.Answer.YES, answered_at__gt=start - lead)
    return found.exclude(Exists(reminded.exclude(void)) | Exists(told) | Exists(invited))


def _write(conference: Conference, rule: Reminder) -> int:
    start, moment = conference.starts_at, clock.now()
    people = list(_waits_for(conference, rule).values_list("pk", "attendee__email"))
    # A webinar that was moved to and fro: what was dropped gives its place back.
    dropped = conference.invitations.filter(
        remind_before=rule.minutes, remind_start=start, state=State.DROPPED, problem__in=_VOID
    )
    dropped.update(remind_before=None)
    made = [
        Invitation(
            conference=conference,
            registration_id=pk,
            purpose=Purpose.REMIND,
            act=Act.REMIND,
            note=rule.note,
            to_email=email,
            remind_start=start,
            remind_before=rule.minutes,
            not_before=moment,
            created_at=moment,
            created_by_id=rule.set_by_id,
        )
        for pk, email in people
    ]
    Invitation.objects.bulk_create(made, batch_size=BATCH, ignore_conflicts=True)
    return len(made)
