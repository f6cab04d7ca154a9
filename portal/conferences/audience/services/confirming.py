"""Register whoever confirms by the link in a mail what they typed into a registration page."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.base.records import Kind
from portal.common import clock
from portal.common.batches import BATCH
from portal.common.errors import NotPossible
from portal.common.reader.addresses import Person
from portal.conferences import history, offers, rules, sentences
from portal.conferences.audience.services import page_answers, places, registering
from portal.conferences.fields import locked_of
from portal.conferences.mails import services as mails
from portal.conferences.models import (
    Attendee,
    Conference,
    Registration,
    UnconfirmedRegistration,
)
from portal.conferences.people.services import people

Stage, Answer = Registration.Stage, Registration.Answer
VALID = timedelta(days=3)
WITHDRAWN = gettext_lazy(
    "You were taken off the list of this webinar. Please write to the organisers."
)
LATER = gettext_lazy(
    "You have registered on this page once more since, and confirmed that. What you gave then "
    "holds, and this link changes nothing."
)
DATES_OVER = gettext_lazy("None of these dates lies ahead any more.")


def of_token(token: UUID) -> UnconfirmedRegistration | None:
    """What is to be confirmed by a link; None where it is not known."""
    rows = UnconfirmedRegistration.objects.select_related(
        "page__conference__account", "page__series", "registration"
    )
    return rows.filter(token=token).first()


def came_of(unconfirmed: UnconfirmedRegistration) -> list[tuple[Conference, Registration | None]]:
    """Each date that somebody meant on the page of a series, and how they stand there by now; None
    where they got no place. What was added since they confirmed they did not mean."""
    dates = offers.meant(unconfirmed)
    person = unconfirmed.registration.attendee_id if unconfirmed.registration else None
    rows = Registration.objects.filter(conference__in=[row.pk for row in dates], attendee=person)
    found = {row.conference_id: row for row in rows} if person else {}
    done = unconfirmed.confirmed_at
    return [
        (date, found.get(date.pk))
        for date in dates
        if date.pk in found or done is None or date.created_at <= done
    ]


def reason_stale(unconfirmed: UnconfirmedRegistration) -> str:
    """Why a link confirms nothing (any more); empty where it does, or has done so."""
    if unconfirmed.confirmed_at is not None:
        return ""
    if _later(unconfirmed).exists():
        return str(LATER)
    if unconfirmed.created_at < clock.now() - VALID:
        return _("This link was valid for three days. Please register once more.")
    return ""


def _later(unconfirmed: UnconfirmedRegistration) -> QuerySet[UnconfirmedRegistration]:
    """What the same person has filled in on this page since, and confirmed: it holds."""
    rows = UnconfirmedRegistration.objects.filter(page=unconfirmed.page, email=unconfirmed.email)
    return rows.filter(pk__gt=unconfirmed.pk, confirmed_at__isnull=False)


@transaction.atomic
def confirm(token: UUID) -> Registration:
    """Register whoever confirms, have them wait, or raise NotPossible; pressed again, it answers
    the same registration (of several dates, the first). Raises ObjectDoesNotExist for a token that
    is not known (any more)."""
    found = UnconfirmedRegistration.objects.select_for_update(of=("self",))
    unconfirmed = found.select_related("page__conference", "page__series", "registration").get(
        token=token
    )
    if unconfirmed.registration is not None:
        return unconfirmed.registration
    dates = _held_dates(unconfirmed)
    if reason := reason_stale(unconfirmed) or _reason_over(unconfirmed, dates):
        raise NotPossible(reason)
    rows, since = _registered(unconfirmed, dates)
    first = min(rows, key=lambda row: (row.conference.starts_at or row.created_at, row.pk))
    page_answers.keep(unconfirmed, first)
    page_answers.give_there(rows)
    unconfirmed.registration, unconfirmed.confirmed_at = first, clock.now()
    unconfirmed.save(update_fields=["registration", "confirmed_at"])
    together = uuid4() if len(rows) > 1 else None
    for row in rows:
        if row.stage == Stage.REGISTERED and row.removed_at is None:
            mails.queue_invitations(row.conference, [row], None, together=together)
        places.tell_who_waits(row.conference, row, since.get(row.conference_id), together)
    return first


def _held_dates(unconfirmed: UnconfirmedRegistration) -> list[Conference]:
    """What somebody meant, locked. By the time the locks are ours, a date may have been cancelled,
    or moved to another account and so to another row: then it is that one."""
    page = unconfirmed.page
    if page.conference is not None:
        page.conference = locked_of(registration_page__unconfirmed=unconfirmed.pk)
        return [page.conference]
    registering.lock_of_series(page)
    held = registering.held(offers.meant(unconfirmed))
    meant = {row.pk for row in offers.meant(unconfirmed)}
    if meant - {row.pk for row in held}:
        held = registering.held(offers.meant(unconfirmed))
    return [row for row in held if row.pk in meant]


def _reason_over(unconfirmed: UnconfirmedRegistration, dates: Sequence[Conference]) -> str:
    """Whoever began in time may confirm a little later, as long as it takes place."""
    page = unconfirmed.page
    if not dates:
        return str(DATES_OVER)
    closed = registering.reason_closed(page, dates)
    in_time = page.open and page.closes_at and unconfirmed.created_at < page.closes_at
    over = page.conference is not None and rules.reason_over(page.conference)
    return "" if in_time and not over else closed


def _registered(
    unconfirmed: UnconfirmedRegistration, dates: Sequence[Conference]
) -> tuple[list[Registration], dict[int, datetime | None]]:
    """Somebody at each date for which there is a place, or a line to wait in, and since when they
    had waited there; where there is none at all, it raises NotPossible. What takes statements is
    done for all dates at once."""
    page, moment = unconfirmed.page, clock.now()
    rows = _rows(dates, _person(unconfirmed))
    able = [row for row in rows if row.listed or row.has_declined]
    since = {row.conference_id: places.place_of(row) for row in able}
    there = [row for row in able if row.is_registered and row.removed_at is None]
    looked_at = places.approved(dates)
    approval = [
        row for row in able if _to_approve(row, page.approval or row.conference_id in looked_at)
    ]
    rest = [row for row in able if row not in there and row not in approval]
    takes, waits, _full = places.weigh(rest)
    taken = [*there, *approval, *takes, *waits]
    if not taken:
        raise NotPossible(places.FULL if able else WITHDRAWN)
    held = _saved(taken)
    places.give([held[row.conference_id] for row in takes])
    for some, stage in ((approval, Stage.APPROVAL), (waits, Stage.WAITLISTED)):
        for row in some:
            places.wait(held[row.conference_id], stage)
    taken = list(held.values())
    for row in taken:
        row.answer, row.answered_at = Answer.YES, since[row.conference_id] or moment
        row.every_date = row.every_date or (page.series_id is not None and not unconfirmed.dates)
        row.updated_at = moment
    fields = ["answer", "answered_at", "every_date", "updated_at"]
    Registration.objects.bulk_update(taken, fields, batch_size=BATCH)
    _record_registered(taken)
    return taken, since


def _rows(dates: Sequence[Conference], person: Attendee) -> list[Registration]:
    """Somebody's row at each date; one that is not saved yet where they have none."""
    found = Registration.objects.filter(conference__in=[date.pk for date in dates], attendee=person)
    held = {row.conference_id: row for row in found}
    rows = []
    for date in dates:
        row = held.get(date.pk) or Registration(stage=Stage.INVITED)
        row.conference, row.attendee = date, person
        rows.append(row)
    return rows


def _saved(rows: Sequence[Registration]) -> dict[int, Registration]:
    """The same rows as they are kept, by their conference, also those that were new. A platform's
    news may bring one in the same moment: then it is that one."""
    Registration.objects.bulk_create(
        [row for row in rows if row.pk is None], batch_size=BATCH, ignore_conflicts=True
    )
    conferences, person = {row.conference_id: row.conference for row in rows}, rows[0].attendee
    found = Registration.objects.filter(conference__in=conferences, attendee=person).order_by("pk")
    held = {}
    for row in found:
        row.conference, row.attendee = conferences[row.conference_id], person
        held[row.conference_id] = row
    return held


def _record_registered(rows: Sequence[Registration]) -> None:
    history.keep(
        history.line(
            "registered",
            Kind.REGISTRATION,
            row.pk,
            conference_id=row.conference_id,
            sentence=sentences.REGISTERED_BY_PAGE(person=str(row.attendee)),
            after={"stage": row.standing},
        )
        for row in rows
    )


def _to_approve(row: Registration, approval: bool) -> bool:
    """Whether staff are to approve it first: where the page says so on which somebody registers, or
    the date's own. Whomever they have invited they have approved."""
    if row.is_registered:
        return False
    return row.stage == Stage.APPROVAL or (approval and row.invited_at is None)


def _person(unconfirmed: UnconfirmedRegistration) -> Attendee:
    """Who it is. Somebody known keeps what staff know of them: a stranger's form changes nobody."""
    known = Person(unconfirmed.email, unconfirmed.first_name, unconfirmed.last_name)
    extra = {unconfirmed.email: {"company": unconfirmed.company}} if unconfirmed.company else None
    (found,) = people.add_many([known], None, extra)
    return found.kept
