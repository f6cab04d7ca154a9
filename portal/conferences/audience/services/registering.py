"""Take what is typed into a registration page, and register whoever confirms it by the link.

Whoever fills in the page is nobody yet: no person is made, and nothing is said of whether an
address is known here. So a stranger can neither register somebody else, nor learn who is
registered, nor have anybody written to often.

The page of a series registers for several of its dates at once: for each there is a place, or a
place in the line, as for one webinar; but they are asked for, confirmed and told of together.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.base import answers
from integrations.base.records import Kind
from portal.common import clock
from portal.common.batches import BATCH
from portal.common.errors import NotPossible
from portal.common.reader.addresses import Person
from portal.conferences import history, offers, rules, sentences
from portal.conferences.audience import typed
from portal.conferences.audience.services import places
from portal.conferences.fields import locked_of
from portal.conferences.mails import services as mails
from portal.conferences.models import (
    Attendee,
    Conference,
    Invitation,
    Question,
    QuestionAnswer,
    Registration,
    RegistrationPage,
    UnconfirmedRegistration,
)
from portal.conferences.people.services import people

Stage, Answer = Registration.Stage, Registration.Answer
VALID = timedelta(days=3)
KEPT = timedelta(days=30)
# So many in an hour from one sender, and for one page; so many mails to one address about one page,
# and about all pages that it has not confirmed.
FROM_ONE, TO_A_PAGE, ABOUT_ONE, ABOUT_ALL = 60, 600, 2, 8
HOUR = timedelta(hours=1)
TOO_MANY = gettext_lazy(
    "Too many registrations came from here lately. Please try again in an hour."
)
NOT_OPEN = gettext_lazy("Registration is not open.")
WITHDRAWN = gettext_lazy(
    "You were taken off the list of this webinar. Please write to the organisers."
)


NO_DATE_AHEAD = gettext_lazy("No date of this series lies ahead.")
DATES_OVER = gettext_lazy("None of these dates lies ahead any more.")
DATE_GONE = gettext_lazy("One of these dates is no longer on offer. Please look at them again.")


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody typed: ready to be kept, answers by the question's id; `dates` are those that
    were chosen of a series, by id."""

    email: str
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    answers: Mapping[int, str] = field(default_factory=dict)
    dates: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """One date that a page offers, and its places."""

    conference: Conference
    places: places.Places

    @property
    def full(self) -> bool:
        """Whether nobody can come to it any more, nor wait for a place."""
        return self.places.full

    @property
    def waits(self) -> bool:
        """Whether a further person would wait for a place."""
        return self.places.all_taken and self.places.waitlist

    @property
    def approval(self) -> bool:
        """Whether staff approve a further person first."""
        return self.places.approval


def find(slug: str) -> RegistrationPage | None:
    """The page at an address; None where there is none."""
    rows = RegistrationPage.objects.select_related("conference__account", "series")
    return rows.filter(slug=slug).first()


def offered(page: RegistrationPage) -> list[Offer]:
    """What a page registers for now: its webinar, or the dates of its series that lie ahead."""
    dates = offers.dates_of(page)
    found = places.of(dates)
    return [Offer(row, found[row.pk]) for row in dates]


def reason_closed(page: RegistrationPage, dates: Sequence[object]) -> str:
    """Why nobody can register now, in a sentence for them; empty where they can. `dates` are what
    the page offers."""
    conference, moment = page.conference, clock.now()
    if conference is not None and (reason := rules.reason_over(conference)):
        return reason
    if not dates:
        return str(NO_DATE_AHEAD)
    if page.opens_at and moment < page.opens_at:
        return _("Registration has not begun yet.")
    if page.closes_at and moment >= page.closes_at:
        return _("Registration has ended.")
    if not page.open or (conference is not None and (conference.draft or conference.gone_at)):
        return str(NOT_OPEN)
    return ""


def reason_full(some: Sequence[Offer]) -> str:
    """Why a further person gets no place at all; empty where they get one, or may wait."""
    return str(places.FULL) if all(one.full for one in some) else ""


def sender_key(address: str | None) -> str:
    """By what those who come from one network address are counted; it tells nobody the address."""
    key = settings.SECRET_KEY.encode()
    said = f"{address or 'nowhere'} {clock.now():%Y-%m-%d}"
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()[:32]


@transaction.atomic
def ask(page: RegistrationPage, given: Given, sender: str) -> None:
    """Keep what was typed, and write to the address for a confirmation; whoever is registered
    already (for all that they ask for) is sent their link again. Raises NotPossible (closed, full,
    a date that is no longer there, or too many from there), and ObjectDoesNotExist for a page that
    was deleted meanwhile.
    """
    _lock(page)
    found = offered(page)
    if reason := reason_closed(page, found) or reason_full(found):
        raise NotPossible(reason)
    wanted = _wanted(page, found, given.dates)
    _require_few(page, sender)
    unconfirmed = UnconfirmedRegistration.objects.create(
        page=page,
        email=given.email,
        first_name=given.first_name[:200],
        last_name=given.last_name[:200],
        company=given.company[:200],
        given=_as_asked(page, given.answers),
        dates=[row.pk for row in wanted] if page.chooses else [],
        sender=sender,
    )
    if _often(page, given.email):
        return  # they have been written to; the page says the same
    standing = _standing(wanted, given.email)
    if len(standing) == len(wanted):
        _send_links(wanted, standing)
        return
    moment = clock.now()
    Invitation.objects.create(
        conference=wanted[0],
        unconfirmed=unconfirmed,
        purpose=Invitation.Purpose.CONFIRM,
        act=Invitation.Act.SIGN_UP,
        to_email=given.email,
        not_before=moment,
        created_at=moment,
    )
    mails.notify_worker()


def _lock(page: RegistrationPage) -> None:
    """Whatever is decided by places holds until the transaction ends."""
    if page.conference is not None:
        page.conference = locked_of(registration_page=page.pk)
    else:
        _lock_of_series(page)


def _lock_of_series(page: RegistrationPage) -> None:
    """The page of a series is held before its dates, by everybody. What is added beneath it waits
    for nobody: else two would wait for each other, one by a page and one by a date."""
    RegistrationPage.objects.select_for_update(of=("self",), no_key=True).get(pk=page.pk)


def _wanted(
    page: RegistrationPage, found: Sequence[Offer], chosen: Sequence[int]
) -> list[Conference]:
    """The dates that somebody asks for; without a choice all for which they get a place, or may
    wait."""
    if not page.chooses:
        return [one.conference for one in found if not one.full]
    by_pk = {one.conference.pk: one for one in found}
    some = [by_pk[pk] for pk in by_pk if pk in set(chosen)]
    if len(some) < len(set(chosen)) or not some or any(one.full for one in some):
        raise NotPossible(DATE_GONE)
    return [one.conference for one in some]


def _require_few(page: RegistrationPage, sender: str) -> None:
    lately = UnconfirmedRegistration.objects.filter(created_at__gt=clock.now() - HOUR)
    unconfirmed = lately.filter(confirmed_at=None)
    # A whole company may stand behind one address, and on its own network nobody is a stranger.
    outside = page.reach == RegistrationPage.Reach.PUBLIC
    if outside and unconfirmed.filter(sender=sender).count() >= FROM_ONE:
        raise NotPossible(TOO_MANY)
    if unconfirmed.filter(page=page).count() >= TO_A_PAGE:
        raise NotPossible(TOO_MANY)


def _often(page: RegistrationPage, email: str) -> bool:
    """Whether an address was written to often enough lately (the newest is this one)."""
    lately = UnconfirmedRegistration.objects.filter(email=email, created_at__gt=clock.now() - HOUR)
    pages = list(lately.values_list("page_id", "confirmed_at"))
    of_this = sum(pk == page.pk for pk, _at in pages)
    return of_this > ABOUT_ONE or sum(at is None for _pk, at in pages) > ABOUT_ALL


def _standing(wanted: Sequence[Conference], email: str) -> dict[int, Registration]:
    """For which of these dates somebody is registered, by its id."""
    rows = Registration.objects.filter(conference__in=[row.pk for row in wanted], removed_at=None)
    rows = rows.filter(stage=Stage.REGISTERED, attendee__email=email).select_related("attendee")
    return {row.conference_id: row for row in rows}


def _send_links(wanted: Sequence[Conference], standing: Mapping[int, Registration]) -> None:
    """Their own links again, all in one mail."""
    together = uuid4() if len(wanted) > 1 else None
    for conference in _held(wanted):
        mails.queue_invitations(conference, [standing[conference.pk]], None, together=together)


def _held(dates: Sequence[Conference]) -> list[Conference]:
    """Some dates, locked in the order in which conferences are locked everywhere."""
    rows = Conference.objects.select_for_update(of=("self",)).select_related("account")
    return list(rows.filter(pk__in=[row.pk for row in dates]).order_by("pk"))


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
    """Why a link confirms nothing (any more); empty where it does."""
    if unconfirmed.confirmed_at is None and unconfirmed.created_at < clock.now() - VALID:
        return _("This link was valid for three days. Please register once more.")
    return ""


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
    _keep_answers(unconfirmed, first)
    _give_there(unconfirmed.page, rows)
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
    _lock_of_series(page)
    held = _held(offers.meant(unconfirmed))
    meant = {row.pk for row in offers.meant(unconfirmed)}
    if meant - {row.pk for row in held}:
        held = _held(offers.meant(unconfirmed))
    return [row for row in held if row.pk in meant]


def _reason_over(unconfirmed: UnconfirmedRegistration, dates: Sequence[Conference]) -> str:
    """Whoever began in time may confirm a little later, as long as it takes place."""
    page = unconfirmed.page
    if not dates:
        return str(DATES_OVER)
    closed = reason_closed(page, dates)
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
    able = [row for row in rows if not row.removed_at or row.has_declined]
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
            after={"stage": row.stage},
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


def _as_asked(page: RegistrationPage, answers: Mapping[int, str]) -> dict[str, list[str]]:
    """Answers with their questions as they stand now: whoever consents has read these words, and
    staff may change them before the link is pressed."""
    asked = {one.pk: one for one in page.questions.all()}
    return {
        str(pk): [asked[pk].label, asked[pk].kind, value]
        for pk, value in answers.items()
        if pk in asked
    }


def _keep_answers(unconfirmed: UnconfirmedRegistration, row: Registration) -> None:
    """What was asked no more by the time somebody confirmed was answered all the same. On the page
    of a series a person answers once, whichever dates they came to first."""
    moment, page = clock.now(), unconfirmed.page
    there = {one.pk: one for one in Question.objects.filter(page=page)}
    mine = Q(registration=row)
    if page.series_id:
        mine = Q(registration__attendee=row.attendee_id, page=page)
    # What is asked no more is known by its words alone, and may have been asked twice.
    before = {
        one.question_id or one.asked: one
        for one in QuestionAnswer.objects.filter(mine).order_by("pk")
    }
    for key, given in unconfirmed.given.items():
        question = there.get(int(key))
        if isinstance(given, str):  # kept before questions were kept beside answers
            given = [question.label, question.kind, given] if question else None
        if given is None:
            continue
        asked, kind, value = given
        kept = before.get(question.pk if question else asked) or QuestionAnswer(registration=row)
        kept.question, kept.page, kept.answered_at = question, page, moment
        kept.asked, kept.kind, kept.value = asked, kind, value
        kept.save()


def _give_there(page: RegistrationPage, rows: Sequence[Registration]) -> None:
    """What is to stand in the platform's own fields at each date of a person, where it takes them
    with a registration: what they answered there, and on the `page` of its series, now or before.
    What stands there already it does not take anew."""
    takes = [row for row in rows if _is_new_there(row)]
    if not takes:
        return
    of_all = Q(page=page, page__series__isnull=False, registration__attendee=takes[0].attendee_id)
    found = QuestionAnswer.objects.filter(
        of_all | Q(registration__in=takes), question__isnull=False
    )
    columns = ("registration", "page", "question__field_there", "kind", "value")
    given: dict[int, dict[str, str]] = {row.pk: {} for row in takes}
    for pk, on, name, kind, text in found.order_by("answered_at", "pk").values_list(*columns):
        for one in given if page.series_id and on == page.pk else (pk,):
            if name:
                given[one][name] = str(typed.cell(kind, text))
    for row in takes:
        row.answers_there = answers.together(row.answers_there, answers.packed(given[row.pk]))
        row.updated_at = clock.now()
    fields = ["answers_there", "updated_at"]
    Registration.objects.bulk_update(takes, fields, batch_size=BATCH)


def _is_new_there(row: Registration) -> bool:
    can = row.conference.account.capabilities.kind(Kind.REGISTRATION)
    known = row.registered_at is not None and row.gone_at is None
    return answers.FIELD in can.sendable(on_update=False) and not known


def prune() -> int:
    """Forget what nobody confirmed; answers how many. What was confirmed is kept with its
    registration."""
    since = clock.now() - KEPT
    old = UnconfirmedRegistration.objects.filter(confirmed_at=None, created_at__lt=since)
    return old.delete()[0]
