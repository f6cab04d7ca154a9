"""What people answered: on our registration page, and in the platform's own fields.

The two stand side by side and neither overwrites the other. A question may be tied to a field of
the platform (`Question.field_there`): then both stand under the question, and what was answered to
it here counts. A field that no question is tied to stands under its own name.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q

from integrations.base.answers import unpacked
from portal.common.batches import slices
from portal.common.pages import Pages
from portal.common.reader.characters import fold
from portal.conferences.audience import typed
from portal.conferences.models import Conference, Question, QuestionAnswer, Registration

PAGE = 50
# What a platform shows is no work of ours: so many columns a page has, and a file.
MOST_ON_A_PAGE, MOST_IN_A_FILE = 40, 300
NAMES_OFFERED, READ_FOR_NAMES = 50, 100


class Given(NamedTuple):
    """One answer: the kind of its question, and the text that is kept."""

    kind: str = Question.Kind.TEXT
    text: str = ""


NOTHING = Given()
# What was answered on the page of one webinar, and not on that of its series.
_OWN = Q(page=None) | Q(page__series=None)
Answers = Mapping[int, Mapping[str, Given]]


@dataclass(frozen=True, slots=True)
class Tie:
    """The question that asks what a field of the platform holds."""

    pk: int
    label: str
    kind: str


def ties_of(conference: Conference) -> dict[str, Tie]:
    """The questions that are tied to a field, by the field's name without case and accents."""
    rows = Question.objects.filter(page__conference=conference).exclude(field_there="")
    return {
        fold(name): Tie(pk, label, kind)
        for name, pk, label, kind in rows.values_list("field_there", "pk", "label", "kind")
    }


def answered(conference: Conference) -> int:
    """How many people of a conference have answered a question, here or there."""
    return int(_who_answered(conference).count())


def fields_seen(conference: Conference) -> list[str]:
    """The names of fields that the platform has shown of this conference's people lately."""
    rows = conference.registrations.exclude(answers_there="").order_by("-pk")
    found: dict[str, None] = {}
    for text in rows.values_list("answers_there", flat=True)[:READ_FOR_NAMES]:
        found |= dict.fromkeys(unpacked(text))
    return sorted(islice(found, NAMES_OFFERED))


def labels_of(conference: Conference, ties: Mapping[str, Tie]) -> list[str]:
    """All that was asked of anybody, for a file: what is asked now, in the page's order; what was
    asked before; what the platform alone asks."""
    answers = _OWN & Q(registration__conference=conference)
    if conference.series_id:
        answers |= Q(page__series=conference.series_id)
    rows = QuestionAnswer.objects.filter(answers).order_by()
    before = sorted(rows.values_list("asked", flat=True).distinct())
    there: dict[str, None] = {}
    texts = conference.registrations.exclude(answers_there="").order_by()
    for text in texts.values_list("answers_there", flat=True).distinct().iterator():
        there |= {_label(name, ties): None for name in unpacked(text)}
    labels = dict.fromkeys([*_now(conference, of_series=True), *before, *sorted(there)])
    return list(islice(labels, MOST_IN_A_FILE))


def answers_of(
    there: Mapping[int, str], ties: Mapping[str, Tie], series: int | None = None
) -> Answers:
    """What these registrations' people answered, by the question as they read it; `there` holds
    the text with the platform's fields of each. What they answered on the page of their `series`,
    once for all dates, stands with each."""
    found: dict[int, dict[str, Given]] = defaultdict(dict)
    for some in slices(there):
        own: dict[int, set[int]] = defaultdict(set)
        for pk, asked, one in _of_series(series, some) if series else ():
            found[pk][asked] = one
        rows = QuestionAnswer.objects.filter(_OWN, registration__in=some).order_by("id")
        given = rows.values_list("registration_id", "question_id", "asked", "kind", "value")
        for pk, question, asked, kind, text in given:
            own[pk].add(question)
            found[pk][asked] = Given(kind, text)
        for pk in some:
            for name, text in unpacked(there[pk]).items():
                tie = ties.get(fold(name))
                if tie is None or tie.pk not in own[pk]:
                    kind = tie.kind if tie else Question.Kind.TEXT
                    found[pk].setdefault(_label(name, ties), Given(kind, text))
    return found


def _of_series(series: int, some: Iterable[int]) -> Iterable[tuple[int, str, Given]]:
    """What the people of some registrations answered on the page of their series."""
    rows = Registration.objects.filter(pk__in=list(some)).values_list("attendee", "pk")
    by_person = dict(rows)
    answers = QuestionAnswer.objects.filter(
        page__series=series, registration__attendee__in=list(by_person)
    ).order_by("answered_at", "pk")
    columns = ("registration__attendee", "asked", "kind", "value")
    for person, asked, kind, text in answers.values_list(*columns):
        yield by_person[person], asked, Given(kind, text)


def as_read(answer: QuestionAnswer) -> str:
    """One answer as staff read it."""
    return typed.shown(answer.kind, answer.value)


def page(conference: Conference, number: str | None) -> dict[str, Any]:
    """A page of those who answered, with a column for each question that somebody on it, or the
    registration page, has."""
    rows = _who_answered(conference).select_related("attendee")
    shown = Pages(rows.order_by("attendee__sort_key", "pk"), PAGE).get_page(number)
    given = answers_of({row.pk: row.answers_there for row in shown}, ties_of(conference))
    others = sorted({label for one in given.values() for label in one})
    labels = list(dict.fromkeys([*_now(conference), *others]))
    left, labels = labels[MOST_ON_A_PAGE:], labels[:MOST_ON_A_PAGE]
    lines = [(row, _line(given.get(row.pk, {}), labels)) for row in shown]
    return {"page": shown, "labels": labels, "lines": lines, "left": len(left)}


def _line(given: Mapping[str, Given], labels: Sequence[str]) -> list[str]:
    return [typed.shown(*given.get(label, NOTHING)) for label in labels]


def _now(conference: Conference, *, of_series: bool = False) -> Iterable[str]:
    pages = Q(page__conference=conference)
    if of_series and conference.series_id:
        pages |= Q(page__series=conference.series_id)
    rows = Question.objects.filter(pages)
    return rows.values_list("label", flat=True)


def _label(name: str, ties: Mapping[str, Tie]) -> str:
    tie = ties.get(fold(name))
    return tie.label if tie else name


def _who_answered(conference: Conference) -> Any:
    here = Exists(QuestionAnswer.objects.filter(_OWN, registration=OuterRef("pk")))
    rows = Registration.objects.filter(conference=conference)
    return rows.filter(here | ~Q(answers_there=""))
