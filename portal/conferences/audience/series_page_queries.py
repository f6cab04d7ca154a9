"""Who registered on the page of a series: each person once, with their dates and answers."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from portal.common.batches import slices
from portal.common.pages import Pages
from portal.conferences import offers
from portal.conferences.audience import typed
from portal.conferences.audience.answer_queries import MOST_ON_A_PAGE, NOTHING, Answers, Given
from portal.conferences.audience.queries import state_of, word_of
from portal.conferences.audience.services import places
from portal.conferences.models import (
    Attendee,
    Conference,
    QuestionAnswer,
    Registration,
    RegistrationPage,
    Series,
    UnconfirmedRegistration,
)

PAGE = 50
Stage = Registration.Stage


@dataclass(frozen=True, slots=True)
class DateCount:
    """How full one date is; `own_page` says that it has a registration page of its own."""

    conference: Conference
    limit: int | None
    registered: int
    waitlisted: int
    approval: int
    own_page: bool


def dates(series: Series) -> list[DateCount]:
    """The dates that lie ahead, in a fixed number of statements."""
    rows = list(offers.ahead(series))
    ids = [row.pk for row in rows]
    standing = Registration.objects.filter(Registration.LISTED, conference__in=ids, gone_at=None)
    counted: dict[tuple[int, str], int] = {
        (pk, stage): number
        for pk, stage, number in standing.order_by()
        .values("conference", standing=Registration.STANDING)
        .annotate(number=Count("pk"))
        .values_list("conference", "standing", "number")
    }
    own = set(
        RegistrationPage.objects.filter(conference__in=ids).values_list("conference", flat=True)
    )
    found = places.of(rows)
    return [
        DateCount(
            row,
            found[row.pk].limit,
            counted.get((row.pk, Stage.REGISTERED), 0),
            counted.get((row.pk, Stage.WAITLISTED), 0),
            counted.get((row.pk, Stage.APPROVAL), 0),
            row.pk in own,
        )
        for row in rows
    ]


def people(page: RegistrationPage) -> QuerySet[Attendee]:
    """Whoever confirmed on a page, each once."""
    confirmed = UnconfirmedRegistration.objects.filter(page=page, registration__isnull=False)
    return Attendee.objects.filter(
        pk__in=confirmed.order_by().values("registration__attendee")
    ).order_by("sort_key", "pk")


def awaited(series: Series) -> QuerySet[Registration]:
    """The registrations for dates ahead that wait for staff to approve them."""
    rows = Registration.objects.filter(stage=Stage.APPROVAL, removed_at=None)
    return rows.filter(conference__in=offers.ahead(series).order_by().values("pk"))


def awaited_people(series: Series) -> int:
    """How many people that is."""
    return awaited(series).order_by().values("attendee").distinct().count()


def labels(page: RegistrationPage) -> list[str]:
    """What the page asks, then what it asked before."""
    now = list(dict.fromkeys(page.questions.values_list("label", flat=True)))
    asked = QuestionAnswer.objects.filter(page=page).order_by().values_list("asked", flat=True)
    return [*now, *sorted(one for one in asked.distinct() if one not in now)]


def answers(page: RegistrationPage, persons: Iterable[int]) -> Answers:
    """What these people answered, by the question as they read it; the last word counts."""
    found: dict[int, dict[str, Given]] = defaultdict(dict)
    for some in slices(persons):
        rows = QuestionAnswer.objects.filter(page=page, registration__attendee__in=some)
        columns = ("registration__attendee", "asked", "kind", "value")
        for pk, asked, kind, text in rows.order_by("answered_at", "pk").values_list(*columns):
            found[pk][asked] = Given(kind, text)
    return found


def standing(series: Series, persons: Sequence[int]) -> dict[int, dict[int, str]]:
    """Person -> date of the series -> how they stand there, in a word."""
    found: dict[int, dict[int, str]] = defaultdict(dict)
    rows = Registration.objects.filter(conference__series=series, attendee__in=persons)
    columns = (
        "attendee",
        "conference",
        Registration.LEFT_AT,
        "gone_at",
        Registration.STANDING,
        "answer",
        "registered_at",
        "join_url",
    )
    words: dict[tuple[Any, ...], str] = {}
    for person, date, removed, gone, stage, answer, at, url in rows.values_list(*columns):
        key = (bool(removed), bool(gone), stage, answer, bool(at or url))
        if key not in words:
            words[key] = word_of(key[0], stage, answer, state_of(key[1], key[4]))
        found[person][date] = words[key]
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """One person: the dates ahead at which they stand by how far they have come, and answers."""

    person: Attendee
    registered: list[Conference]
    waitlisted: list[Conference]
    approval: list[Conference]
    answers: list[str]


def people_page(page: RegistrationPage, number: str | None) -> dict[str, Any]:
    """A page of those who registered, with a column for each question."""
    assert page.series is not None  # noqa: S101 - asked of the page of a series
    some = Pages(people(page), PAGE).get_page(number)
    persons = [one.pk for one in some]
    ahead = list(offers.ahead(page.series))
    given, asked = answers(page, persons), labels(page)[:MOST_ON_A_PAGE]
    by_stage: dict[tuple[int, str], set[int]] = defaultdict(set)
    listed = Q(Registration.LISTED, attendee__in=persons)
    rows = Registration.objects.filter(listed, gone_at=None)
    rows = rows.filter(conference__in=[row.pk for row in ahead])
    for person, date, stage in rows.values_list("attendee", "conference", Registration.STANDING):
        by_stage[person, stage].add(date)

    def at(person: int, stage: str) -> list[Conference]:
        return [row for row in ahead if row.pk in by_stage[person, stage]]

    lines = [
        Line(
            one,
            at(one.pk, Stage.REGISTERED),
            at(one.pk, Stage.WAITLISTED),
            at(one.pk, Stage.APPROVAL),
            [typed.shown(*given.get(one.pk, {}).get(label, NOTHING)) for label in asked],
        )
        for one in some
    ]
    return {"page": some, "labels": asked, "lines": lines, "ahead": ahead}


def every_date(series: Series) -> QuerySet[Attendee]:
    """Whoever registered for all dates of a series at once, and still comes to one of them, or
    waits for a place. Whom nobody has let in yet does not."""
    rows = Registration.objects.filter(conference__series=series, conference__removed_at=None)
    standing = rows.filter(every_date=True, removed_at=None, gone_at=None)
    standing = standing.filter(stage__in=(Stage.REGISTERED, Stage.WAITLISTED))
    return Attendee.objects.filter(pk__in=standing.order_by().values("attendee")).order_by("pk")
