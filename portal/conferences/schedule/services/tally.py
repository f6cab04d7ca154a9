"""Which of the proposed times suits best: pure counting."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.conferences.models import AskedPerson, ProposedTime

Answer = AskedPerson.Answer


@dataclass(frozen=True, slots=True)
class Tally:
    """What was said of one time: who can, could if need be, cannot, and has said nothing of it."""

    time: ProposedTime
    yes: tuple[AskedPerson, ...]
    maybe: tuple[AskedPerson, ...]
    no: tuple[AskedPerson, ...]
    silent: tuple[AskedPerson, ...]

    @property
    def rank(self) -> tuple[int, int]:
        """The more can come the better, and the more of them gladly."""
        return len(self.yes) + len(self.maybe), len(self.yes)


def tallies(
    times: Iterable[ProposedTime], people: Sequence[AskedPerson], moment: datetime
) -> list[Tally]:
    """Each time with its answers: the best first, and those that are past last."""
    found = [_tally(time, people) for time in times]
    return sorted(found, key=lambda one: (is_past(one.time, moment), _worse(one), _start(one)))


def best(found: Iterable[Tally], moment: datetime) -> set[int]:
    """The keys of the times that suit best; none as long as nobody can."""
    ahead = [one for one in found if not is_past(one.time, moment)]
    most = max((one.rank for one in ahead), default=(0, 0))
    return {one.time.pk for one in ahead if one.rank == most and most[0]}


def is_past(time: ProposedTime, moment: datetime) -> bool:
    """Whether it can be had no more."""
    return time.starts_at <= moment


def _tally(time: ProposedTime, people: Sequence[AskedPerson]) -> Tally:
    said: dict[str, list[AskedPerson]] = {one: [] for one in (*Answer.values, "")}
    for person in people:
        said.get(person.said(time), said[""]).append(person)
    some = [tuple(said[one]) for one in (Answer.YES, Answer.MAYBE, Answer.NO, "")]
    return Tally(time, *some)


def _worse(one: Tally) -> tuple[int, int]:
    return -one.rank[0], -one.rank[1]


def _start(one: Tally) -> datetime:
    return one.time.starts_at
