"""Take what is typed into a registration page, and ask by mail to confirm it.

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
from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.common import clock
from portal.common.errors import NotPossible
from portal.conferences import offers, rules
from portal.conferences.audience.services import page_answers, places
from portal.conferences.fields import locked_of
from portal.conferences.mails import services as mails
from portal.conferences.models import (
    Conference,
    Invitation,
    Registration,
    RegistrationPage,
    UnconfirmedRegistration,
)

Stage = Registration.Stage
KEPT = timedelta(days=30)
# So many in an hour from one sender, and for one page; so many mails to one address about one page,
# and about all pages that it has not confirmed.
FROM_ONE, TO_A_PAGE, ABOUT_ONE, ABOUT_ALL = 60, 600, 2, 8
HOUR = timedelta(hours=1)
TOO_MANY = gettext_lazy(
    "Too many registrations came from here lately. Please try again in an hour."
)
NOT_OPEN = gettext_lazy("Registration is not open.")
NO_DATE_AHEAD = gettext_lazy("No date of this series lies ahead.")
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
        given=page_answers.as_asked(page, given.answers),
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
        lock_of_series(page)


def lock_of_series(page: RegistrationPage) -> None:
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
    for conference in held(wanted):
        mails.queue_invitations(conference, [standing[conference.pk]], None, together=together)


def held(dates: Sequence[Conference]) -> list[Conference]:
    """Some dates, locked in the order in which conferences are locked everywhere."""
    rows = Conference.objects.select_for_update(of=("self",)).select_related("account")
    return list(rows.filter(pk__in=[row.pk for row in dates]).order_by("pk"))


def prune() -> int:
    """Forget what nobody confirmed; answers how many. What was confirmed is kept with its
    registration."""
    since = clock.now() - KEPT
    old = UnconfirmedRegistration.objects.filter(confirmed_at=None, created_at__lt=since)
    return old.delete()[0]
