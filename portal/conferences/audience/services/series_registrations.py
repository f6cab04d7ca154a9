"""Those who registered on the page of a series: approve them once for all of their dates, and
register for an added date whoever registered for all."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import uuid4

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Min

from portal.common import clock
from portal.common.batches import slices
from portal.conferences import offers, sentences
from portal.conferences.audience import series_page_queries
from portal.conferences.audience.services import registrations
from portal.conferences.mails import services as mails
from portal.conferences.models import Attendee, Conference, Registration, Series
from portal.identity import roles

AT_ONCE = 200  # people who are approved by one button


def awaited(series: Series, persons: Iterable[int] = ()) -> list[Registration]:
    """What waits for an approval: of these people, or of those who have waited longest."""
    rows = series_page_queries.awaited(series)
    some = list(persons)[:AT_ONCE]
    if not some:
        first = rows.order_by().values("attendee").annotate(first=Min("answered_at"))
        some = [row["attendee"] for row in first.order_by("first", "attendee")[:AT_ONCE]]
    found = rows.filter(attendee__in=some).select_related("attendee", "conference__account")
    return list(found.order_by("conference__starts_at", "conference", "attendee"))


@transaction.atomic
def approve(
    series: Series,
    persons: Iterable[int],
    by: User | None,
    notify: mails.Telling | bool = True,
) -> list[Registration]:
    """Register people for all dates ahead for which they wait to be approved; each hears of theirs
    in one message. Staff are bound by no limit. Raises NotPossible, NotAllowed."""
    roles.require(by)
    telling, wanted = replace(mails.Telling.of(notify), together=uuid4()), set(persons)
    dates = Conference.objects.select_for_update(of=("self",)).select_related("account")
    ahead = offers.ahead(series).order_by().values("pk")
    done: list[Registration] = []
    for date in dates.filter(pk__in=ahead).order_by("pk"):
        rows = series_page_queries.awaited(series).filter(conference=date, attendee__in=wanted)
        if ids := list(rows.values_list("pk", flat=True)):
            done += registrations.let_in(date, ids, by, telling)
    return done


def everybody(series: Series) -> list[Attendee]:
    """Whoever registered for all dates of a series at once, and still comes to one of them."""
    return list(series_page_queries.every_date(series))


def planned(conference: Conference, people: Iterable[Attendee]) -> list[Registration]:
    """What they would have at a further date, not saved."""
    return [
        Registration(
            conference=conference,
            attendee=one,
            answer=Registration.Answer.YES,
            answered_at=clock.now(),
            every_date=True,
        )
        for one in people
    ]


@transaction.atomic
def add_to(conference: Conference, by: User | None, notify: mails.Telling | bool) -> int:
    """Register for a date that was added whoever registered for all dates; answers how many.
    They are told as whoever registers is. Staff are bound by no limit. Raises NotAllowed."""
    roles.require(by)
    if conference.series is None:
        return 0
    people = everybody(conference.series)
    rows = registrations.register(conference, people, by)
    moment, yes = clock.now(), Registration.Answer.YES
    for some in slices([row.pk for row in rows]):
        Registration.objects.filter(pk__in=some).update(
            invited_at=None, answer=yes, answered_at=moment, every_date=True
        )
    for row in rows:  # as they are kept
        row.invited_at, row.answer, row.answered_at, row.every_date = None, yes, moment, True
    registrations.record("registered", rows, sentences.REGISTERED_FOR_ADDED, by)
    mails.tell(conference, mails.Act.INVITE, mails.Telling.of(notify), by, registrations=rows)
    return len(rows)
