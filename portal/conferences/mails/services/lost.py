"""Mails that were not sent, or perhaps not: send them again, or leave them."""

from collections import Counter
from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import (
    Case,
    Count,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.base.records import Kind
from portal.common import clock
from portal.common.batches import slices
from portal.common.errors import NotPossible
from portal.common.texts import Text
from portal.conferences import history, sentences
from portal.conferences.mails import services as mails
from portal.conferences.models import Invitation
from portal.conferences.models.date_poll import DATE_POLL
from portal.identity import roles
from portal.outbox.models import PUSH, OutboxEntry

State = Invitation.State
SETTLED = gettext_lazy("This was settled meanwhile.")
CANCELLED_SINCE = gettext_lazy("The webinar was cancelled since: nobody needs this mail any more.")
POLL_CLOSED = gettext_lazy("The date poll was closed since: nobody needs this mail any more.")


@transaction.atomic
def send_again(mail: Invitation, by: User | None, note: str = "") -> None:
    """Send it again, with other words where `note` has some. Raises NotPossible where it was
    settled, or where nobody needs it."""
    row = _lost(mail, by)
    needed = [one for one in whole_messages([row]) if not _pointless(one)]
    if not needed:
        raise NotPossible(POLL_CLOSED if row.asked else CANCELLED_SINCE)
    for one in needed:
        one.state, one.not_before, one.problem, one.attempts = State.WAITING, clock.now(), "", 0
        one.note = note or one.note
        one.save(update_fields=["state", "not_before", "problem", "attempts", "note"])
    mails.notify_worker()
    _record(row, by, "mail tried again", str(row))


def whole_messages(letters: Iterable[Invitation]) -> list[Invitation]:
    """Some lost mails with those that left, or failed, with them: what reaches people as one is
    settled as one."""
    rows = list(letters)
    given = {row.pk for row in rows}
    keys = {(row.together, row.to_email, row.state) for row in rows if row.together}
    for together in {key[0] for key in keys}:
        others = Invitation.objects.filter(
            together=together, state__in=[State.FAILED, State.UNKNOWN]
        )
        for some in slices(sorted({key[1] for key in keys if key[0] == together})):
            found = others.filter(to_email__in=some).exclude(pk__in=given)
            found = found.select_related("conference__account", "moderator")
            rows += [
                one
                for one in found.select_related("registration__attendee").order_by("pk")
                if (one.together, one.to_email, one.state) in keys
            ]
    return rows


def _pointless(row: Invitation) -> bool:
    if row.poll is not None:
        return bool(row.poll.closed_at) and row.purpose != Invitation.Purpose.OUTCOME
    return bool(row.about.removed_at) and row.purpose != Invitation.Purpose.CANCEL


@transaction.atomic
def leave(mail: Invitation, by: User | None) -> None:
    """Leave it unsent. Raises NotPossible where it was settled meanwhile."""
    row = _lost(mail, by)
    for one in whole_messages([row]):
        # One that was perhaps sent counts as sent: who got it must hear of changes.
        one.state = State.SENT if one.state == State.UNKNOWN else State.DROPPED
        one.save(update_fields=["state"])
    _record(row, by, "mail left as it is", str(row))


@transaction.atomic
def settle_doubtful(
    letters: Iterable[int], by: User | None, *, arrived: bool, note: str = ""
) -> int:
    """Settle "perhaps sent" mails, given by their ids, at once: all have arrived, or all are sent
    again (but those that nobody needs any more), with other words where `note` has some. Answers
    how many were settled. Raises NotAllowed.
    """
    roles.require(by)
    ids = list(letters)
    doubtful = Invitation.objects.select_for_update(of=("self",)).filter(state=State.UNKNOWN)
    rows = [
        row
        for some in slices(ids)
        for row in doubtful.filter(pk__in=some).select_related("conference", "asked__poll")
    ]
    number, rows = len(rows), whole_messages(rows)
    for row in rows:
        if arrived or _pointless(row):
            row.state = State.SENT
        else:
            row.state, row.not_before, row.problem, row.attempts = State.WAITING, clock.now(), "", 0
            row.note = note or row.note
    Invitation.objects.bulk_update(
        rows, ["state", "not_before", "problem", "attempts", "note"], batch_size=500
    )
    for some in _by_subject(rows):
        said = sentences.DOUBTFUL_ARRIVED if arrived else sentences.DOUBTFUL_AGAIN
        _record(some[0], by, "mails settled", said(count=len(some)))
    mails.notify_worker()
    return number


@transaction.atomic
def tell_anyway(entry: OutboxEntry, by: User | None, note: str = "") -> int:
    """Send what waits for an entry that the platform refused, whatever it says; `note` takes the
    place of the words that were written at first.

    Answers how many mails that is. Raises NotPossible where none waits, NotAllowed.
    """
    roles.require(by)
    words = {"note": note} if note else {}
    count = waiting_for(entry).update(
        anyway=True, state=State.WAITING, not_before=clock.now(), problem="", **words
    )
    if not count:
        raise NotPossible(_("No mail waits for this any more."))
    letters = waiting_for(entry).select_related("conference", "asked__poll")
    for some in _by_subject(letters):
        said = sentences.SENT_ALTHOUGH_REFUSED(count=len(some))
        _record(some[0], by, "told anyway", said)
    mails.notify_worker()
    return count


def waiting_for(entry: OutboxEntry) -> QuerySet[Invitation]:
    """The mails that wait until the platform has accepted what an entry asks for."""
    if entry.verb != PUSH:
        return Invitation.objects.none()
    return _unsent(entry.kind, [entry.local_id])


def waiting_counts(entries: Iterable[OutboxEntry]) -> dict[int, int]:
    """Entry -> how many mails wait for it; one statement for each way that leads from a mail to a
    row of a kind."""
    pushes = [entry for entry in entries if entry.verb == PUSH and entry.kind in _RELATIONS]
    numbers: dict[str, Counter[int | None]] = {}
    for kind in {entry.kind for entry in pushes}:
        ids = [entry.local_id for entry in pushes if entry.kind == kind]
        counted = numbers.setdefault(kind, Counter())
        for relation in _RELATIONS[kind]:
            rows = _about(kind).filter(**{f"{relation}__in": ids}).order_by()
            counted.update(dict(rows.values_list(relation).annotate(number=Count("pk"))))
    return {entry.pk: numbers[entry.kind][entry.local_id] for entry in pushes}


def waiting_number() -> Case:
    """How many mails wait for an entry, for a query of entries that are pushes: the same as
    `waiting_counts`, told by the statement that reads them."""

    def count(kind: str, relation: str) -> Coalesce:
        rows = _about(kind).filter(**{relation: OuterRef("local_id")}).order_by()
        found = rows.values(relation).annotate(number=Count("pk")).values("number")
        return Coalesce(Subquery(found), 0)

    cases = []
    for kind, (first, *others) in _RELATIONS.items():
        number: Coalesce | CombinedExpression = count(kind, first)
        for relation in others:
            number = number + count(kind, relation)
        cases.append(When(kind=kind, then=number))
    return Case(*cases, default=Value(0), output_field=IntegerField())


# What leads from a mail to what it waits for. Of a date poll, the outcome speaks of a webinar.
_RELATIONS: dict[str, tuple[str, ...]] = {
    Kind.CONFERENCE: ("conference", "asked__poll__conference"),
    Kind.REGISTRATION: ("registration",),
    Kind.MODERATOR: ("moderator",),
}


def _unsent(kind: str, ids: Iterable[int | None]) -> QuerySet[Invitation]:
    """The mails about some rows of a kind that have not left."""
    if kind not in _RELATIONS:
        return Invitation.objects.none()
    known = list(ids)
    ways = [Q(**{f"{relation}__in": known}) for relation in _RELATIONS[kind]]
    return _about(kind).filter(reduce(or_, ways))


def _about(kind: str) -> QuerySet[Invitation]:
    """The mails that have not left and may wait for entries of a kind."""
    found = Invitation.objects.filter(state__in=mails.UNSENT)
    if kind != Kind.CONFERENCE:
        return found
    # That somebody no longer takes part does not hang on the webinar's own entry, nor does the
    # question of a date.
    found = found.exclude(purpose=Invitation.Purpose.CANCEL, act__in=mails.FOR_ONE)
    return found.exclude(purpose=Invitation.Purpose.ASK)


def _lost(mail: Invitation, by: User | None) -> Invitation:
    roles.require(by)
    rows = Invitation.objects.select_for_update(of=("self",))
    row = rows.select_related("conference", "asked__poll").get(pk=mail.pk)
    if row.state not in (State.FAILED, State.UNKNOWN):
        raise NotPossible(SETTLED)
    return row


def _by_subject(letters: Iterable[Invitation]) -> list[list[Invitation]]:
    """Some mails by the webinar, or the date poll, that they are about."""
    found: dict[object, list[Invitation]] = {}
    for one in letters:
        found.setdefault(one.poll or one.conference, []).append(one)
    return list(found.values())


def _record(letter: Invitation, by: User | None, action: str, sentence: Text | str) -> None:
    """A line of what the letter is about."""
    if letter.poll is not None:
        history.record(action, DATE_POLL, letter.poll.pk, actor=by, sentence=sentence)
        return
    conference = letter.about
    history.record(
        action,
        Kind.CONFERENCE,
        conference.pk,
        actor=by,
        sentence=sentence,
        conference_id=conference.pk,
    )
