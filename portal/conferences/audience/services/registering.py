"""Take what is typed into a registration page, and register whoever confirms it by the link.

Whoever fills in the page is nobody yet: no person is made, and nothing is said of whether an
address is known here. So a stranger can neither register somebody else, nor learn who is
registered, nor have anybody written to often.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.base import answers
from integrations.base.records import Kind
from portal.common import clock
from portal.common.errors import NotPossible
from portal.common.reader.addresses import Person
from portal.conferences import history, rules, sentences
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


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody typed: ready to be kept, answers by the question's id."""

    email: str
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    answers: Mapping[int, str] = field(default_factory=dict)


def find(slug: str) -> RegistrationPage | None:
    """The page at an address; None where there is none."""
    rows = RegistrationPage.objects.select_related("conference__account")
    return rows.filter(slug=slug).first()


def reason_closed(page: RegistrationPage) -> str:
    """Why nobody can register now, in a sentence for them; empty where they can."""
    conference, moment = page.conference, clock.now()
    if reason := rules.reason_over(conference):
        return reason
    if page.opens_at and moment < page.opens_at:
        return _("Registration has not begun yet.")
    if page.closes_at and moment >= page.closes_at:
        return _("Registration has ended.")
    if not page.open or conference.draft or conference.gone_at:
        return str(NOT_OPEN)
    return ""


def reason_full(page: RegistrationPage) -> str:
    """Why a further person gets no place; empty where they get one, or may wait."""
    return "" if page.waitlist or not places.all_taken(page.conference) else str(places.FULL)


def waits(page: RegistrationPage) -> bool:
    """Whether a further person would wait for a place."""
    return page.waitlist and places.all_taken(page.conference)


def sender_key(address: str | None) -> str:
    """By what those who come from one network address are counted; it tells nobody the address."""
    key = settings.SECRET_KEY.encode()
    said = f"{address or 'nowhere'} {clock.now():%Y-%m-%d}"
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()[:32]


@transaction.atomic
def ask(page: RegistrationPage, given: Given, sender: str) -> None:
    """Keep what was typed, and write to the address for a confirmation; whoever is registered
    already is sent their link again. Raises NotPossible (closed, full, or too many from there), and
    ObjectDoesNotExist for a page that was deleted meanwhile.
    """
    conference = locked_of(registration_page=page.pk)
    page.conference = conference
    if reason := reason_closed(page) or reason_full(page):
        raise NotPossible(reason)
    _require_few(page, sender)
    unconfirmed = UnconfirmedRegistration.objects.create(
        page=page,
        email=given.email,
        first_name=given.first_name[:200],
        last_name=given.last_name[:200],
        company=given.company[:200],
        given=_as_asked(page, given.answers),
        sender=sender,
    )
    if _often(page, given.email):
        return  # they have been written to; the page says the same
    standing = _standing(conference, given.email)
    if standing is not None:
        mails.queue_invitations(conference, [standing], None)
        return
    moment = clock.now()
    Invitation.objects.create(
        conference=conference,
        unconfirmed=unconfirmed,
        purpose=Invitation.Purpose.CONFIRM,
        act=Invitation.Act.SIGN_UP,
        to_email=given.email,
        not_before=moment,
        created_at=moment,
    )
    mails.notify_worker()


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


def _standing(conference: Conference, email: str) -> Registration | None:
    rows = conference.registrations.filter(removed_at=None, stage=Stage.REGISTERED)
    return rows.filter(attendee__email=email).select_related("attendee").first()


def of_token(token: UUID) -> UnconfirmedRegistration | None:
    """What is to be confirmed by a link; None where it is not known."""
    rows = UnconfirmedRegistration.objects.select_related(
        "page__conference__account", "registration"
    )
    return rows.filter(token=token).first()


def reason_stale(unconfirmed: UnconfirmedRegistration) -> str:
    """Why a link confirms nothing (any more); empty where it does."""
    if unconfirmed.confirmed_at is None and unconfirmed.created_at < clock.now() - VALID:
        return _("This link was valid for three days. Please register once more.")
    return ""


@transaction.atomic
def confirm(token: UUID) -> Registration:
    """Register whoever confirms, have them wait, or raise NotPossible; pressed again, it answers
    the same registration. Raises ObjectDoesNotExist for a token that is not known (any more)."""
    conference = locked_of(registration_page__unconfirmed__token=token)
    unconfirmed = UnconfirmedRegistration.objects.select_related("page", "registration").get(
        token=token
    )
    unconfirmed.page.conference = conference
    if unconfirmed.registration is not None:
        return unconfirmed.registration
    if reason := reason_stale(unconfirmed) or _reason_over(unconfirmed):
        raise NotPossible(reason)
    row = _registration(conference, _person(unconfirmed))
    place = places.place_of(row)
    if row.removed_at and not row.has_declined:
        raise NotPossible(WITHDRAWN)
    if row.stage != Stage.REGISTERED or row.removed_at:
        _let_in(conference, unconfirmed.page, row)
    row.answer, row.answered_at = Answer.YES, place or clock.now()
    row.save(update_fields=["answer", "answered_at", "updated_at"])
    _keep_answers(unconfirmed, row)
    _give_there(unconfirmed.page, row)
    unconfirmed.registration, unconfirmed.confirmed_at = row, clock.now()
    unconfirmed.save(update_fields=["registration", "confirmed_at"])
    history.record(
        "registered",
        Kind.REGISTRATION,
        row.pk,
        conference_id=conference.pk,
        sentence=sentences.REGISTERED_BY_PAGE(person=str(row.attendee)),
        after={"stage": row.stage},
    )
    if row.stage == Stage.REGISTERED and row.removed_at is None:
        mails.queue_invitations(conference, [row], None)
    places.tell_who_waits(conference, row, place)
    return row


def _reason_over(unconfirmed: UnconfirmedRegistration) -> str:
    """Whoever began in time may confirm a little later, as long as it takes place."""
    page = unconfirmed.page
    closed = reason_closed(page)
    in_time = page.open and page.closes_at and unconfirmed.created_at < page.closes_at
    return "" if in_time and not rules.reason_over(page.conference) else closed


def _person(unconfirmed: UnconfirmedRegistration) -> Attendee:
    """Who it is. Somebody known keeps what staff know of them: a stranger's form changes nobody."""
    known = Person(unconfirmed.email, unconfirmed.first_name, unconfirmed.last_name)
    extra = {unconfirmed.email: {"company": unconfirmed.company}} if unconfirmed.company else None
    (found,) = people.add_many([known], None, extra)
    return found.kept


def _registration(conference: Conference, person: Attendee) -> Registration:
    rows = Registration.objects.select_related("attendee")
    row, _new = rows.get_or_create(
        conference=conference, attendee=person, defaults={"stage": Stage.INVITED}
    )
    row.conference = conference
    return row


def _let_in(conference: Conference, page: RegistrationPage, row: Registration) -> None:
    """As the page says: at once, after an approval, or when a place becomes free. Whomever staff
    have invited they have approved."""
    waits = row.stage == Stage.APPROVAL or (page.approval and row.invited_at is None)
    if waits and not row.is_registered:
        places.wait(row, Stage.APPROVAL)
    else:
        places.take(conference, row)


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
    """What was asked no more by the time somebody confirmed was answered all the same."""
    moment = clock.now()
    there = {one.pk: one for one in Question.objects.filter(page=unconfirmed.page)}
    for key, given in unconfirmed.given.items():
        question = there.get(int(key))
        if isinstance(given, str):  # kept before questions were kept beside answers
            given = [question.label, question.kind, given] if question else None
        if given is None:
            continue
        asked, kind, value = given
        which = {} if question else {"asked": asked}
        QuestionAnswer.objects.update_or_create(
            registration=row,
            question=question,
            **which,
            defaults={"asked": asked, "kind": kind, "value": value, "answered_at": moment},
        )


def _give_there(page: RegistrationPage, row: Registration) -> None:
    """What is to stand in the platform's own fields, where it takes them with a registration. What
    stands there already it does not take anew."""
    can = page.conference.account.capabilities.kind(Kind.REGISTRATION)
    known = row.registered_at is not None and row.gone_at is None
    if answers.FIELD not in can.sendable(on_update=False) or known:
        return
    given = QuestionAnswer.objects.filter(registration=row).exclude(question__field_there="")
    rows = given.values_list("question__field_there", "kind", "value")
    row.answers_there = answers.packed(
        {name: str(typed.cell(kind, text)) for name, kind, text in rows if name}
    )
    row.save(update_fields=["answers_there", "updated_at"])


def prune() -> int:
    """Forget what nobody confirmed; answers how many. What was confirmed is kept with its
    registration."""
    since = clock.now() - KEPT
    old = UnconfirmedRegistration.objects.filter(confirmed_at=None, created_at__lt=since)
    return old.delete()[0]
