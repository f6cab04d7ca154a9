"""What was answered on a registration page: kept with the registration, and, where a question is
tied to a field of the platform, sent with it."""

from collections.abc import Mapping, Sequence

from django.db.models import Q

from integrations.base import answers
from integrations.base.records import Kind
from portal.common import clock
from portal.common.batches import BATCH
from portal.conferences.audience import typed
from portal.conferences.models import (
    Question,
    QuestionAnswer,
    Registration,
    RegistrationPage,
    UnconfirmedRegistration,
)


def as_asked(page: RegistrationPage, answers: Mapping[int, str]) -> dict[str, list[str]]:
    """Answers with their questions as they stand now: whoever consents has read these words, and
    staff may change them before the link is pressed."""
    asked = {one.pk: one for one in page.questions.all()}
    return {
        str(pk): [asked[pk].label, asked[pk].kind, value]
        for pk, value in answers.items()
        if pk in asked
    }


def keep(unconfirmed: UnconfirmedRegistration, row: Registration) -> None:
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


def give_there(page: RegistrationPage, rows: Sequence[Registration]) -> None:
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
