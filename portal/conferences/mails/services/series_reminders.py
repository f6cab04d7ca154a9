"""Remind whoever has not answered about dates of a series: one message each, with all of them."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, Max, Min, OuterRef, QuerySet
from django.utils.translation import gettext as _

from integrations.base.records import Kind
from portal.common import clock
from portal.common.errors import NotPossible
from portal.conferences import history, sentences
from portal.conferences.mails.services import participants, queue
from portal.conferences.mails.services.participants import Participant
from portal.conferences.mails.services.preview import Preview
from portal.conferences.mails.services.preview_several import preview_reminder
from portal.conferences.mails.services.recipients import Act, Message, Recipient
from portal.conferences.mails.services.reminders import meant
from portal.conferences.mails.services.told import UNSENT
from portal.conferences.mails.services.writing import write
from portal.conferences.models import Conference, Invitation, Registration, Reminder, Series
from portal.identity import roles

State, Purpose = Invitation.State, Invitation.Purpose


def dates(series: Series) -> QuerySet[Conference]:
    """The dates of which somebody can be reminded: those that lie ahead."""
    rows = series.conferences.filter(removed_at=None, gone_at=None, draft=False)
    return rows.filter(starts_at__gt=clock.now()).select_related("account").order_by("pk")


_MARKS = ("removed_at", "waits_again_at")


def to_remind(some: Sequence[Conference]) -> QuerySet[Registration]:
    """Who has not answered about some dates, and is not written to about them anyway: no
    invitation and no reminder waits for them."""
    waiting = Invitation.objects.filter(
        registration=OuterRef("pk"),
        purpose__in=(Purpose.INVITE, Purpose.REMIND),
        state__in=(*UNSENT, State.SENDING),
    )
    rows = Registration.objects.filter(conference__in=[row.pk for row in some])
    return rows.filter(meant(Reminder.Segment.UNANSWERED)).exclude(Exists(waiting))


def preview(some: Sequence[Conference], note: str = "") -> Preview:
    """Who would be reminded of some dates, each once, and the mail to the first of them."""
    open_ = to_remind(some)
    firsts = open_.order_by().values("attendee").annotate(first=Min("pk")).values("first")
    each = Registration.objects.filter(pk__in=firsts).order_by("attendee__sort_key", "pk")
    people = participants.registered(each)
    theirs: set[int] = set()
    if people:
        mine = open_.filter(attendee__registrations=people[0].pk).order_by()
        theirs = set(mine.values_list("conference", flat=True))
    return preview_reminder(people, [row for row in some if row.pk in theirs], note)


def newest(series: Series) -> int:
    """The newest reminder of a date of a series, by its id; 0 where there was none."""
    rows = Invitation.objects.filter(conference__series=series, purpose=Purpose.REMIND)
    return rows.aggregate(newest=Max("pk"))["newest"] or 0


@transaction.atomic
def remind(series: Series, telling: queue.Telling, by: User | None, seen: int | None = None) -> int:
    """Write to whoever has not answered about dates that lie ahead; answers to how many people.
    `seen` is `newest` as the page knew it that asked: the same answer twice reminds once. Raises
    NotPossible, NotAllowed."""
    roles.require(by)
    rows = list(dates(series).select_for_update(of=("self",)))
    if not rows:
        raise NotPossible(_("No date of this series lies ahead."))
    if seen is not None and seen != newest(series):
        raise NotPossible(_("People were reminded meanwhile. Look again who still should be."))
    if not telling.tell:
        return 0
    telling, reached = replace(telling, together=uuid4()), set[str]()
    for row in rows:
        people = participants.registered(to_remind([row]))
        if people:
            _write(row, people, telling, by)
            reached |= {one.email for one in people}
    if reached:
        queue.notify_worker()
    return len(reached)


def _write(
    row: Conference, people: list[Participant], telling: queue.Telling, by: User | None
) -> None:
    message = Message(Purpose.REMIND)
    found = [Recipient(one, message) for one in people]
    write(row, Act.REMIND, found, {}, telling.note, by, telling.together)
    history.record(
        "reminded",
        Kind.CONFERENCE,
        row.pk,
        actor=by,
        conference_id=row.pk,
        sentence=sentences.REMINDED(count=len(people)),
    )
