"""Take what a person answers by the link in a message: they come, perhaps, or they do not.

Nobody is logged in there: the token of the registration says who answers.
"""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.base.records import Kind
from portal.common import clock
from portal.common.errors import NotPossible
from portal.conferences import history, rules, sentences
from portal.conferences.audience.services import places, registrations
from portal.conferences.fields import locked_of
from portal.conferences.mails import services as mails
from portal.conferences.models import Registration

Answer, Stage = Registration.Answer, Registration.Stage
_SAID = {
    Answer.YES: sentences.ANSWERED_YES,
    Answer.MAYBE: sentences.ANSWERED_MAYBE,
    Answer.NO: sentences.ANSWERED_NO,
}
_BY_CALENDAR = {
    Answer.YES: sentences.CALENDAR_SAID_YES,
    Answer.MAYBE: sentences.CALENDAR_SAID_MAYBE,
    Answer.NO: sentences.CALENDAR_SAID_NO,
}
NOT_TAKING_PART = gettext_lazy(
    "You are no longer on the list of this webinar. If that is a mistake, please answer whoever "
    "invited you."
)


def find(token: UUID) -> Registration | None:
    """Who answers by a link; None where the link is not known."""
    rows = Registration.objects.select_related("conference__account", "attendee")
    return rows.filter(token=token).first()


def reason_against(row: Registration) -> str:
    """Why a person can give no answer (any more), in a sentence for them; empty where they can."""
    if reason := rules.reason_over(row.conference):
        return reason
    if not row.listed and not row.has_declined:
        return str(NOT_TAKING_PART)
    return ""


def outlook(row: Registration) -> str:
    """What a yes leads to, in a sentence for whoever was only invited, or has declined; empty for
    all others."""
    if row.stage == Stage.APPROVAL or (row.stage != Stage.INVITED and not row.has_declined):
        return ""
    takes, waits, _full = places.weigh([row])
    if takes:
        return _("With yes you are registered. No further form is needed.")
    if not waits:
        return str(places.FULL)
    if places.all_taken(row.conference):
        return _("All places are taken. With yes you are on the waiting list.")
    return _("Others wait for a place already. With yes you are on the waiting list.")


@transaction.atomic
def answer(token: UUID, said: str, by_calendar: datetime | None = None) -> Registration:
    """Keep an answer, and do what follows from it: with yes, whoever was only invited is
    registered; with no, they are taken off, here and on the platform. Who waits for a place and
    says perhaps keeps it, and others move up. The same answer again does nothing. Raises
    NotPossible, and ObjectDoesNotExist for a token that is not known (any more).

    `by_calendar` is when their calendar has answered: an answer that is not newer than the last one
    does nothing, since mails come late and twice.
    """
    said = Answer(said)
    conference = locked_of(registrations__token=token)
    row = Registration.objects.select_related("attendee").get(token=token, conference=conference)
    row.conference = conference
    if by_calendar and is_old(row, by_calendar):
        return row
    row.said_at = by_calendar or clock.now()
    if reason := reason_against(row):
        raise NotPossible(reason)
    if row.answer == said and _holds(row, said):
        row.save(update_fields=["said_at"])
        return row
    before, place = row.answer, places.place_of(row)
    if said is Answer.NO:
        registrations.take_off(conference, [row], None, mails.Telling(False))
    elif row.stage == Stage.APPROVAL:
        places.wait(row, Stage.APPROVAL)  # whatever they answer, staff are to approve it
    elif said is Answer.YES or (row.has_declined and row.is_registered):
        places.take(conference, row)
    elif row.has_declined:
        places.wait(row, row.stage)
    row.refresh_from_db(
        fields=["removed_at", "waits_again_at", "stage", "join_url", "registered_at"]
    )
    row.answer, row.answered_at = said, clock.now()
    if row.standing == Stage.WAITLISTED and row.listed:
        row.answered_at = place or row.answered_at
    row.save(update_fields=["answer", "answered_at", "said_at", "updated_at"])
    places.tell_who_waits(conference, row, place)
    history.record(
        "answered",
        Kind.REGISTRATION,
        row.pk,
        conference_id=conference.pk,
        sentence=(_BY_CALENDAR if by_calendar else _SAID)[said](person=str(row.attendee)),
        before={"answer": before},
        after={"answer": said},
    )
    return row


def is_old(row: Registration, at: datetime) -> bool:
    """Whether somebody has said something since, or just that."""
    last = row.said_at or (row.answered_at if row.answer else None)
    return last is not None and at <= last


def _holds(row: Registration, said: str) -> bool:
    """Whether an answer that was given still says how it stands: staff, or the platform, may have
    brought somebody back since."""
    return row.listed != (said == Answer.NO)


def others(row: Registration) -> list[Registration]:
    """The further dates of a series to which somebody was invited and can still give an answer."""
    if not row.conference.series_id:
        return []
    rows = Registration.objects.filter(
        attendee=row.attendee_id,
        conference__series=row.conference.series_id,
        conference__removed_at=None,
        conference__starts_at__gt=clock.now(),
    ).exclude(pk=row.pk)
    rows = rows.select_related("conference__account", "attendee")
    ordered = rows.order_by("conference__starts_at", "pk")
    return [one for one in ordered if not reason_against(one)]


@transaction.atomic
def answer_all(token: UUID, said: str) -> Registration:
    """The same answer for a date and for all others of its series that lie ahead. Raises what
    `answer` does for the date itself; of another one that ended meanwhile, or is gone, nothing is
    said."""
    row = Registration.objects.select_related("conference").get(token=token)
    # In the order in which conferences are locked everywhere.
    for one in sorted([row, *others(row)], key=lambda one: one.conference_id):
        try:
            answer(one.token, said)
        except (NotPossible, ObjectDoesNotExist):
            if one.pk == row.pk:
                raise
    return Registration.objects.get(pk=row.pk)
