"""Places: how many there are, who takes one, and who moves up when one becomes free.

A conference whose registration page has a limit has so many places; without a page of its own, that
of its series says how many each date has. Staff are not bound by it: whom
they register is registered. All is decided under the conference's lock, so that of two who want the
last place one gets it.

Who waits and says "perhaps" keeps their place in the list and is passed over until they say yes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.common import clock
from portal.common.errors import NotPossible
from portal.conferences import sentences
from portal.conferences.audience.services import registrations
from portal.conferences.fields import locked
from portal.conferences.mails import services as mails
from portal.conferences.models import Conference, Invitation, Registration, RegistrationPage

Stage, Answer = Registration.Stage, Registration.Answer
Rows = list[Registration]
HOUR, MOST_IN_AN_HOUR = timedelta(hours=1), 3  # mails to one person who is put on the list
FULL = gettext_lazy("All places are taken.")
# Who has a place.
_HOLDING = Q(stage=Stage.REGISTERED, removed_at=None, gone_at=None)
# The same, asked from the conference.
_HELD = Q(
    registrations__stage=Stage.REGISTERED,
    registrations__removed_at=None,
    registrations__gone_at=None,
)


@dataclass(frozen=True, slots=True)
class Places:
    """The places of one conference. `taken` is counted only where there is a limit; `approval` says
    that its page has staff approve who takes one."""

    limit: int | None = None
    taken: int = 0
    waitlist: bool = False
    approval: bool = False

    @property
    def free(self) -> int | None:
        """How many are free, below 0 where staff gave away more; None where nobody counts."""
        return None if self.limit is None else self.limit - self.taken

    @property
    def all_taken(self) -> bool:
        """Whether a further person gets no place now."""
        return self.free is not None and self.free <= 0

    @property
    def full(self) -> bool:
        """Whether a further person can neither come nor wait."""
        return self.all_taken and not self.waitlist


def page_of(conference: Conference) -> RegistrationPage | None:
    """The registration page that counts a conference's places: its own, or that of its series."""
    return _pages([conference]).get(conference.pk)


def _pages(dates: Sequence[Conference]) -> dict[int, RegistrationPage]:
    series = {row.series_id for row in dates if row.series_id}
    pages = RegistrationPage.objects.filter(conference__in=[row.pk for row in dates])
    if series:
        pages = RegistrationPage.objects.filter(
            Q(conference__in=[row.pk for row in dates]) | Q(series__in=series)
        )
    own = {one.conference_id: one for one in pages if one.conference_id}
    shared = {one.series_id: one for one in pages if one.series_id}
    found = {row.pk: own.get(row.pk) or shared.get(row.series_id or 0) for row in dates}
    return {pk: page for pk, page in found.items() if page is not None}


def of(dates: Sequence[Conference]) -> dict[int, Places]:
    """The places of each of some conferences, in two statements at most."""
    pages = _pages(dates)
    limited = [pk for pk, page in pages.items() if page.limit is not None]
    taken: dict[int, int] = {}
    if limited:
        rows = Registration.objects.filter(_HOLDING, conference__in=limited).order_by()
        taken = dict(rows.values_list("conference").annotate(number=Count("pk")))
    return {
        row.pk: Places(page.limit, taken.get(row.pk, 0), page.waitlist, page.approval)
        if (page := pages.get(row.pk))
        else Places()
        for row in dates
    }


def approved(dates: Sequence[Conference]) -> set[int]:
    """Those of some conferences whose page has staff approve who takes a place."""
    return {pk for pk, page in _pages(dates).items() if page.approval}


def free(conference: Conference) -> int | None:
    """How many places are free, below 0 where staff gave away more; None where nobody counts."""
    return of([conference])[conference.pk].free


def all_taken(conference: Conference) -> bool:
    """Whether a further person gets no place now."""
    number = free(conference)
    return number is not None and number <= 0


def outlook(conference: Conference, *, register: bool) -> str:
    """What staff should know before they invite people to what is full, in a sentence; empty where
    there are places. With `register` people are registered at once."""
    if not all_taken(conference):
        return ""
    if register:
        return _("All places are taken. Whoever you register is registered all the same.")
    page = page_of(conference)
    if page is not None and page.waitlist:
        return _("All places are taken. Who says yes goes on the waiting list, and is told so.")
    return _("All places are taken. Who says yes gets none, and reads that.")


def take(conference: Conference, row: Registration) -> Registration:
    """Give somebody a place, or have them wait for one. Call it within a transaction that holds the
    conference's row. Raises NotPossible where all places are taken and nobody waits."""
    if row.is_registered and row.removed_at is None and row.gone_at is None:
        return row  # they have one
    row.conference = conference
    takes, waits, _full = weigh([row])
    if takes:
        give(takes)
    elif waits:
        wait(row, Stage.WAITLISTED)
    else:
        raise NotPossible(FULL)
    return row


def give(rows: Sequence[Registration]) -> None:
    """Register people for whom there is a place, or who have one; the rows have their conferences
    with them, which are held."""
    for row in rows:
        if row.is_registered:
            registrations.register_again(row.conference, [row], None)
    registrations.accept_each(rows, None)


def weigh(rows: Sequence[Registration]) -> tuple[Rows, Rows, Rows]:
    """Of one person's rows at several conferences: where they get a place, where they would wait
    for one, and where neither is possible. The rows have their conferences with them."""
    there = of([row.conference for row in rows])
    lines = _with_others(rows)
    takes, waits, full = Rows(), Rows(), Rows()
    for row in rows:
        one = there[row.conference_id]
        standing = row.is_registered and row.removed_at is None
        room = one.free is None or (one.free > 0 and row.conference_id not in lines)
        if standing or room:
            takes.append(row)
        elif not one.waitlist:
            full.append(row)
        else:
            waits.append(row)
    return takes, waits, full


def _with_others(rows: Sequence[Registration]) -> set[int]:
    """The conferences at which others wait for a place, who came before: they move up first."""
    waiting = Registration.objects.filter(
        Registration.ON_WAITING_LIST, conference__in=[row.conference_id for row in rows]
    )
    waiting = waiting.exclude(answer=Answer.MAYBE)
    waiting = waiting.exclude(pk__in=[row.pk for row in rows if row.pk])
    return set(waiting.order_by().values_list("conference", flat=True).distinct())


def place_of(row: Registration) -> datetime | None:
    """Since when somebody waits for a place; None where they do not. Who says yes once more does
    not go to the end of the list."""
    waits = row.standing == Stage.WAITLISTED and row.listed
    return row.answered_at if waits else None


def wait(row: Registration, stage: str) -> None:
    """Have somebody wait: for a place, or until staff approve. To a platform that knew them they
    have withdrawn."""
    row.answered_at = (place_of(row) if stage == Stage.WAITLISTED else None) or clock.now()
    if row.is_registered:
        row.waits_again_at = row.answered_at if row.waits_again else clock.now()
        row.save(update_fields=["waits_again_at", "answered_at", "updated_at"])
        return
    row.stage, row.removed_at, row.gone_at = stage, None, None
    row.save(update_fields=["stage", "removed_at", "gone_at", "answered_at", "updated_at"])


def tell_who_waits(
    conference: Conference, row: Registration, since: datetime | None, together: UUID | None = None
) -> None:
    """Write to somebody who was put on the waiting list: what it is, and how they leave it. Once;
    whoever waited before (`since`) knows. Who goes and comes all the time is not written to each
    time."""
    waits = row.standing == Stage.WAITLISTED and row.listed
    if not waits or since or row.answer != Answer.YES:
        return
    lately = row.invitations.filter(act=Invitation.Act.INVITE, created_at__gt=clock.now() - HOUR)
    if lately.count() < MOST_IN_AN_HOUR:
        mails.queue_invitations(conference, [row], None, together=together)


def _waiting(conference: Conference) -> QuerySet[Registration]:
    rows = conference.registrations.filter(Registration.ON_WAITING_LIST)
    rows = rows.exclude(answer=Answer.MAYBE)
    return rows.select_related("attendee").order_by("answered_at", "pk")


def move_up_due() -> int:
    """Give free places to those who wait, everywhere; answers to how many. Whatever has freed a
    place (an answer, staff, the platform), the clock finds it within a minute."""
    waiting = Registration.objects.filter(
        Registration.ON_WAITING_LIST, conference=OuterRef("pk")
    ).exclude(answer=Answer.MAYBE)
    own = Q(registration_page__isnull=False)
    count, limit = Count("registrations", filter=_HELD), "registration_page__limit"
    found: dict[int, Conference] = {}
    # A statement for each, so that both begin at the few pages and not at all conferences.
    for pages, places in (
        (own, limit),
        (Q(registration_page=None, series__registration_page__isnull=False), f"series__{limit}"),
    ):
        rows = Conference.objects.filter(pages).filter(Exists(waiting)).alias(taken=count)
        rows = rows.filter(Q(**{places: None}) | Q(**{f"{places}__gt": F("taken")}))
        found |= {row.pk: row for row in rows.order_by("pk")}
    alike: dict[tuple[str, int], list[Conference]] = {}
    for row in found.values():
        key = ("series", row.series_id) if row.series_id else ("conference", row.pk)
        alike.setdefault(key, []).append(row)
    return sum(_move_up_together(some) for some in alike.values())


@transaction.atomic
def _move_up_together(dates: Sequence[Conference]) -> int:
    """The same at the dates of one series: who moves up at several hears of them in one mail."""
    together = uuid4() if len(dates) > 1 else None
    # In the order in which conferences are locked everywhere.
    return sum(move_up(row, together) for row in sorted(dates, key=lambda row: row.pk))


@transaction.atomic
def move_up(conference: Conference, together: UUID | None = None) -> int:
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
    mails.queue_invitations(row, some, None, together=together)
    registrations.record("moved up", some, sentences.MOVED_UP, None)
    return len(some)
