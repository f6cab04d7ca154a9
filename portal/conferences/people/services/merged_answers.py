"""Two people who are merged may both have answered the same question: one answer stays.

It is that of the registration that stands, and on the page of a series, which a person answers
once, that of the person who is kept. What the other one said is told, and kept in the history.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.conferences.models import Attendee, Question, QuestionAnswer, Registration

ANSWERED = "answered:"  # before what a line of history calls a question


@dataclass(frozen=True, slots=True)
class Twice:
    """A question that both have answered: the answer that stays, those that go, and of what it was
    asked."""

    about: str
    kept: QuestionAnswer
    others: tuple[QuestionAnswer, ...]

    @property
    def differs(self) -> bool:
        """Whether something else was said, which would be lost without a word."""
        return bool(self.other.value) and self.other.value != self.kept.value

    @property
    def other(self) -> QuestionAnswer:
        """What the other one said last."""
        return self.others[-1]

    @property
    def name(self) -> str:
        """What history calls it."""
        return f"{ANSWERED}{self.about}: {self.kept.asked}"


def stands(one: Registration, other: Registration) -> bool:
    """Whether the first of two registrations at one conference is kept, and not the second."""
    return _how_far(one) >= _how_far(other)


def _how_far(row: Registration) -> int:
    """How much somebody takes part: withdrawn, invited, waiting, or registered."""
    return 1 + Registration.Stage.values.index(row.standing) if row.listed else 0


def find(keep: Attendee, drop: Attendee) -> list[Twice]:
    """The questions that both have answered, as they would be settled."""
    rows = QuestionAnswer.objects.filter(registration__attendee__in=[keep.pk, drop.pk])
    rows = rows.select_related("registration__conference", "page__series")
    said: dict[tuple[object, ...], dict[int, list[QuestionAnswer]]] = {}
    for one in rows.order_by("answered_at", "pk"):
        of_one = said.setdefault(_key(one), {})
        of_one.setdefault(one.registration.attendee_id, []).append(one)
    return [
        _twice(of_both[keep.pk], of_both[drop.pk]) for of_both in said.values() if len(of_both) > 1
    ]


def _key(one: QuestionAnswer) -> tuple[object, ...]:
    """What is asked no more is known by its words alone."""
    question = one.question_id or one.asked
    if one.page and one.page.series_id:
        return "series", one.page.series_id, question
    return "conference", one.registration.conference_id, question


def _twice(ours: list[QuestionAnswer], theirs: list[QuestionAnswer]) -> Twice:
    one, other = ours[-1], theirs[-1]
    series = one.page.series if one.page else None
    ours_stays = bool(series) or stands(one.registration, other.registration)
    consent = one.kind == Question.Kind.CONSENT  # which nobody gives by being merged
    if not consent and not (one.value and other.value):  # one has left it empty
        ours_stays = bool(one.value)
    kept, others = (one, theirs) if ours_stays else (other, ours)
    return Twice(str(series or one.registration.conference), kept, tuple(others))


def settle(twice: Iterable[Twice]) -> None:
    """Let those go that do not stay."""
    gone = [one.pk for pair in twice for one in pair.others]
    QuestionAnswer.objects.filter(pk__in=gone).delete()
