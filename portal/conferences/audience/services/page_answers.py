"""What was answered on a registration page: kept with the registration, and, where a question is
tied to a field of the platform, sent with it."""

from collections.abc import Mapping, Sequence

from django.db.models import F, Q

from integrations.base import answers
from integrations.base.records import Kind
from portal.common import clock
from portal.common.batches import BATCH, slices
from portal.common.reader.characters import fold
from portal.conferences.audience import typed
from portal.conferences.models import (
    Conference,
    Question,
    QuestionAnswer,
    Registration,
    RegistrationPage,
    UnconfirmedRegistration,
)

# How far back it is read how a platform spells its fields.
CONFERENCES_READ, ROWS_READ = 20, 500


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


def give_there(rows: Sequence[Registration]) -> None:
    """What is to stand in the platform's own fields of some registrations, where it takes them
    with a registration: what was answered here to a question that is tied to one, on the page of
    the webinar or on that of its series. What stands there already it does not take anew. The rows
    have their conferences with them."""
    takes = [row for row in rows if _is_new_there(row)]
    given = _tied(takes)
    takes = [row for row in takes if given[row.pk]]
    seen: dict[int, list[str]] = {}
    for row in takes:
        account = row.conference.account_id
        if account not in seen:
            seen[account] = _names_on(account)
        own = answers.unpacked(row.answers_there)
        texts = answers.spelled(given[row.pk], [*own, *seen[account]])
        row.answers_there = answers.together(row.answers_there, answers.packed(texts))
        row.updated_at = clock.now()
    fields = ["answers_there", "updated_at"]
    Registration.objects.bulk_update(takes, fields, batch_size=BATCH)


def _tied(rows: Sequence[Registration]) -> dict[int, dict[str, str]]:
    """What the people of some registrations have answered to tied questions, by the field."""
    given: dict[int, dict[str, str]] = {row.pk: {} for row in rows}
    of_all = {row.conference.series_id for row in rows} - {None}
    everywhere: dict[tuple[int, int | None], list[int]] = {}
    for row in rows:
        everywhere.setdefault((row.attendee_id, row.conference.series_id), []).append(row.pk)
    mine = Q(registration__in=list(given))
    if of_all:
        people = {row.attendee_id for row in rows}
        mine |= Q(page__series__in=of_all, registration__attendee__in=people)
    found = QuestionAnswer.objects.filter(mine).exclude(question=None)
    found = found.exclude(question__field_there="").order_by("answered_at", "pk")
    of = ("registration", "registration__attendee", "page__series")
    columns = (*of, "question__field_there", "kind", "value")
    for pk, person, series, name, kind, text in found.values_list(*columns):
        for one in everywhere.get((person, series), [pk]) if series else [pk]:
            if one in given:
                given[one][name] = str(typed.cell(kind, text))
    return given


def _names_on(account: int) -> list[str]:
    """How an account's platform spells the fields that it has shown lately, the newest first."""
    lately = Conference.objects.filter(account=account).order_by("-pk").values_list("pk", flat=True)
    rows = Registration.objects.filter(
        conference__in=list(lately[:CONFERENCES_READ]), registered_at__isnull=False
    )
    texts = rows.order_by("-pk").values_list("answers_there", flat=True)[:ROWS_READ]
    return list({name: None for text in texts for name in answers.unpacked(text)})


def _is_new_there(row: Registration) -> bool:
    can = row.conference.account.capabilities.kind(Kind.REGISTRATION)
    known = row.registered_at is not None and row.gone_at is None
    return answers.FIELD in can.sendable(on_update=False) and not known


def keep_here(conference: Conference) -> None:
    """What people answered in the own fields of a platform that a webinar has left is kept beside
    what they answered here: another platform must neither hear of it nor overwrite it. Where a
    question is tied to such a field, it is an answer to that question, which may go there."""
    rows = conference.registrations.select_related("attendee").order_by("pk")
    ties = _ties(conference)
    left = rows.exclude(answers_there="")
    for some in slices(list(left.values_list("pk", flat=True))):
        _keep_each(list(left.filter(pk__in=some)), ties)
    if ties:
        for some in slices(list(rows.values_list("pk", flat=True))):
            few = list(rows.filter(pk__in=some))
            for row in few:
                row.conference = conference
            give_there(few)


def _ties(conference: Conference) -> dict[str, Question]:
    """The questions about a webinar that are tied to a field; its own page's go first."""
    pages = Q(page__conference=conference)
    if conference.series_id:
        pages |= Q(page__series=conference.series_id)
    found = Question.objects.filter(pages).exclude(field_there="")
    of_series_first = found.order_by(F("page__series").asc(nulls_last=True), "-position", "-pk")
    return {fold(one.field_there): one for one in of_series_first}


def _keep_each(rows: Sequence[Registration], ties: Mapping[str, Question]) -> None:
    """One answer for each field. What was answered to a tied question here counts; then the
    platform's stands under the field's own name."""
    people = {row.attendee_id for row in rows}
    answered = QuestionAnswer.objects.filter(
        question__in=[one.pk for one in ties.values()], registration__attendee__in=people
    )
    by_row = set(answered.values_list("registration", "question"))
    of_series = answered.filter(page__series__isnull=False)
    by_person = set(of_series.values_list("registration__attendee", "question"))
    made = []
    for row in rows:
        for name, text in answers.unpacked(row.answers_there).items():
            tie = ties.get(fold(name))
            if tie and {(row.pk, tie.pk)} & by_row | {(row.attendee_id, tie.pk)} & by_person:
                tie = None
            one = QuestionAnswer(registration=row, asked=name, value=text)
            if tie:
                one.question, one.page, one.asked, one.kind = tie, tie.page, tie.label, tie.kind
                by_row.add((row.pk, tie.pk))
            made.append(one)
        row.answers_there, row.updated_at = "", clock.now()
    QuestionAnswer.objects.bulk_create(made, batch_size=BATCH)
    Registration.objects.bulk_update(rows, ["answers_there", "updated_at"], batch_size=BATCH)
