"""Which date polls there are, and which of them wait for whoever opened them."""

from dataclasses import dataclass

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from portal.common import clock
from portal.conferences.models import AskedPerson, Change, DatePoll, Invitation, ProposedTime
from portal.conferences.models.date_poll import DATE_POLL

_STANDS = Q(people__removed_at=None, people__isnull=False)


def polls(*, open_: bool) -> QuerySet[DatePoll]:
    """All open ones, or all closed ones, newest first, with how many are asked and answered."""
    rows = DatePoll.objects.filter(closed_at__isnull=open_)
    counted = rows.select_related("account", "conference").annotate(
        asked=Count("people", filter=_STANDS),
        answered=Count("people", filter=_STANDS & Q(people__answered_at__isnull=False)),
    )
    return counted.order_by("-id")


def poll(pk: int) -> DatePoll | None:
    """One of them."""
    rows = DatePoll.objects.select_related("account__runtime", "conference__account", "created_by")
    return rows.filter(pk=pk).first()


@dataclass(frozen=True, slots=True)
class Chosen:
    """A time of an open poll that is to be scheduled, and who is asked there."""

    poll: DatePoll
    time: ProposedTime
    people: list[AskedPerson]


def chosen(pk: int, time: int) -> Chosen | None:
    """The time of an address; None where the poll is closed, or has a draft already."""
    rows = ProposedTime.objects.filter(pk=time, poll=pk, poll__closed_at=None)
    found = rows.filter(poll__conference=None).select_related("poll").first()
    if found is None:
        return None
    return Chosen(found.poll, found, list(found.poll.people.filter(removed_at=None)))


def waiting() -> QuerySet[DatePoll]:
    """Those in which a date can be chosen: all have answered, or the day is over until which they
    were asked to."""
    asked = AskedPerson.objects.filter(poll=OuterRef("pk"), removed_at=None)
    all_have = Exists(asked) & ~Exists(asked.filter(answered_at=None))
    over = Q(answer_until__lt=clock.Present())
    return DatePoll.objects.filter(closed_at=None, conference=None).filter(over | all_have)


def last_mails(held: DatePoll) -> dict[int, Invitation]:
    """Person -> the last message to them."""
    rows = Invitation.objects.filter(asked__poll=held).order_by()
    newest = rows.values("asked").annotate(last=Max("pk")).values("last")
    found = Invitation.objects.filter(pk__in=newest)
    return {one.asked_id: one for one in found if one.asked_id is not None}


def history_of(held: DatePoll, most: int) -> QuerySet[Change]:
    """What was done to it, newest first."""
    rows = Change.objects.filter(kind=DATE_POLL, local_id=held.pk)
    return rows.select_related("actor", "conference").order_by("-id")[:most]
