"""Places: how many there are, who takes one, and who moves up when one becomes free.

A conference whose registration page has a limit has so many places. Staff are not bound by it: whom
they register is registered. All is decided under the conference's lock, so that of two who want the
last place one gets it.

Who waits and says "perhaps" keeps their place in the list and is passed over until they say yes.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy

from portal.common import clock
from portal.common.errors import NotPossible
from portal.conferences import sentences
from portal.conferences.audience.services import registrations
from portal.conferences.fields import locked
from portal.conferences.mails import services as mails
from portal.conferences.models import Conference, Invitation, Registration, RegistrationPage

Stage, Answer = Registration.Stage, Registration.Answer
HOUR, MOST_IN_AN_HOUR = timedelta(hours=1), 3  # mails to one person who is put on the list
FULL = gettext_lazy("All places are taken.")
# Who has a place of a page's conference; as `free` counts them.
_HOLDS = Q(
    conference__registrations__stage=Stage.REGISTERED,
    conference__registrations__removed_at=None,
    conference__registrations__gone_at=None,
)


def page_of(conference: Conference) -> RegistrationPage | None:
    """A conference's registration page, where it has one."""
    return RegistrationPage.objects.filter(conference=conference).first()


def free(conference: Conference) -> int | None:
    """How many places are free, below 0 where staff gave away more; None where nobody counts."""
    page = page_of(conference)
    if page is None or page.limit is None:
        return None
    holding = conference.registrations.filter(removed_at=None, gone_at=None)
    return page.limit - holding.filter(stage=Stage.REGISTERED).count()


def all_taken(conference: Conference) -> bool:
    """Whether a further person gets no place now."""
    number = free(conference)
    return number is not None and number <= 0


def take(conference: Conference, row: Registration) -> Registration:
    """Give somebody a place, or have them wait for one. Call it within a transaction that holds the
    conference's row. Raises NotPossible where all places are taken and nobody waits."""
    number, page = free(conference), page_of(conference)
    if row.is_registered and row.removed_at is None and row.gone_at is None:
        return row  # they have one
    standing = row.is_registered and row.removed_at is None
    if standing or number is None or (number > 0 and not _others_wait(conference, row)):
        if row.is_registered:
            registrations.register_again(conference, [row], None)
        else:
            registrations.accept(conference, [row], None)
    elif page is None or not page.waitlist or row.is_registered:
        raise NotPossible(FULL)
    else:
        wait(row, Stage.WAITLISTED)
    return row


def place_of(row: Registration) -> datetime | None:
    """Since when somebody waits for a place; None where they do not. Who says yes once more does
    not go to the end of the list."""
    waits = row.stage == Stage.WAITLISTED and row.removed_at is None
    return row.answered_at if waits else None


def wait(row: Registration, stage: str) -> None:
    """Have somebody wait: for a place, or until staff approve."""
    row.answered_at = (place_of(row) if stage == Stage.WAITLISTED else None) or clock.now()
    row.stage, row.removed_at, row.gone_at = stage, None, None
    row.save(update_fields=["stage", "removed_at", "gone_at", "answered_at", "updated_at"])


def tell_who_waits(conference: Conference, row: Registration, since: datetime | None) -> None:
    """Write to somebody who was put on the waiting list: what it is, and how they leave it. Once;
    whoever waited before (`since`) knows. Who goes and comes all the time is not written to each
    time."""
    if row.stage != Stage.WAITLISTED or row.removed_at or since or row.answer != Answer.YES:
        return
    lately = row.invitations.filter(act=Invitation.Act.INVITE, created_at__gt=clock.now() - HOUR)
    if lately.count() < MOST_IN_AN_HOUR:
        mails.queue_invitations(conference, [row], None)


def _others_wait(conference: Conference, row: Registration) -> bool:
    """Whether somebody waits who came before: they move up first."""
    return _waiting(conference).exclude(pk=row.pk).exists()


def _waiting(conference: Conference) -> QuerySet[Registration]:
    rows = conference.registrations.filter(removed_at=None, stage=Stage.WAITLISTED)
    rows = rows.exclude(answer=Answer.MAYBE)
    return rows.select_related("attendee").order_by("answered_at", "pk")


def move_up_due() -> int:
    """Give free places to those who wait, everywhere; answers to how many. Whatever has freed a
    place (an answer, staff, the platform), the clock finds it within a minute."""
    counted = Count("conference__registrations", filter=_HOLDS)
    waiting = Registration.objects.filter(
        conference=OuterRef("conference"), removed_at=None, stage=Stage.WAITLISTED
    ).exclude(answer=Answer.MAYBE)
    pages = RegistrationPage.objects.alias(
        taken=counted, first=Subquery(waiting.values("pk")[:1])
    ).filter(first__isnull=False)
    pages = pages.filter(Q(limit=None) | Q(limit__gt=F("taken")))
    return sum(move_up(page.conference) for page in pages.select_related("conference"))


@transaction.atomic
def move_up(conference: Conference) -> int:
    """Give the free places of one conference to those who have waited longest, and tell them."""
    row = locked(conference)
    if row.removed_at or row.gone_at or row.draft or row.state == Conference.State.ENDED:
        return 0
    number = free(row)
    waiting = _waiting(row)
    some = list(waiting if number is None else waiting[: max(0, number)])
    if not some:
        return 0
    registrations.accept(row, some, None)
    mails.queue_invitations(row, some, None)
    registrations.record("moved up", some, sentences.MOVED_UP, None)
    return len(some)
