"""What jobs do: how people are kept in one, and how some of them are done.

`Part` is called within the transaction that also writes down how far the job has come. What it
raises as NotPossible stops the job with that sentence.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User

from portal.common.reader.addresses import Person
from portal.common.reader.people import Candidate
from portal.common.texts import Text
from portal.conferences import sentences
from portal.conferences.audience.services import invite, invite_series
from portal.conferences.models import Attendee, Conference, Job
from portal.conferences.people.services import groups, imports
from portal.conferences.people.services.selection import Selection

# Who could not be done, and why
Problem = tuple[str, Text]


@dataclass(frozen=True, slots=True)
class Part:
    """What came of some people."""

    counts: dict[str, int]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """How one sort of job is done; `name` says who an entry of `people` is, to staff."""

    part: Callable[[Job, list[Any], User], Part]
    name: Callable[[Any], str]


def kept(some: Selection) -> list[Any]:
    """People as a job keeps them: ids of those who are known, address and names of the others."""
    new = [[one.email, one.first_name, one.last_name] for one in some.newcomers]
    return [*(person.pk for person in some.people), *new]


def how_of(job: Job, by: User | None) -> invite.How:
    """How the people of a job are invited."""
    given = job.arguments
    together = UUID(given["together"]) if given.get("together") else None
    return invite.How(
        by,
        given.get("note", ""),
        bool(given["mail"]),
        bool(given["again"]),
        # Jobs from before people could be asked first have registered them.
        bool(given.get("register", True)),
        together,
    )


def dates_of(job: Job) -> list[Conference]:
    """The dates of a series to which a job invites; none where it is about one webinar."""
    ids = job.arguments.get("dates", [])
    return list(Conference.objects.filter(pk__in=ids).select_related("account").order_by("pk"))


def reached_at(job: Job) -> dict[int, int]:
    """How many a job has registered at each of those dates so far."""
    return {pk: job.counts.get(_at(pk), 0) for pk in job.arguments.get("dates", [])}


def _at(pk: int) -> str:
    return f"at_{pk}"


def _people(entries: list[Any]) -> tuple[Selection, tuple[Problem, ...]]:
    """Those of some entries who are still here, and the others."""
    ids = [one for one in entries if isinstance(one, int)]
    rows = Attendee.objects.select_related("merged_into").in_bulk(ids)
    gone = tuple(("", sentences.JOB_PERSON_GONE) for pk in ids if pk not in rows)
    # Two who were merged meanwhile are one.
    people = {row.kept.pk: row.kept for row in rows.values()}
    newcomers = [Person(*one) for one in entries if not isinstance(one, int)]
    return Selection(people=list(people.values()), newcomers=newcomers), gone


def _invite(job: Job, entries: list[Any], by: User) -> Part:
    some, gone = _people(entries)
    if job.arguments.get("dates"):
        told, reached = invite_series.send_part(dates_of(job), some, how_of(job, by))
        counts = asdict(told) | {_at(pk): number for pk, number in reached.items()}
        del counts["switched_on"]
        return Part(counts, gone)
    assert job.conference is not None  # noqa: S101 - a job that invites has one
    done = asdict(invite.send_part(job.conference, some, how_of(job, by)))
    del done["switched_on"]
    return Part(done, gone)


def _join(job: Job, entries: list[Any], by: User) -> Part:
    some, gone = _people(entries)
    joined, created = groups.add(groups.standing(job.arguments["group"]), some, by)
    return Part({"joined": joined, "created": created}, gone)


def _name(entry: Any) -> str:
    if isinstance(entry, int):
        person = Attendee.objects.filter(pk=entry).first()
        return str(person or "")
    return str(entry[0])


def kept_to_import(rows: Iterable[Candidate]) -> list[Any]:
    """The rows of a list as a job keeps them."""
    return [[row.line, row.email, row.values, row.whole] for row in rows]


def _import(job: Job, entries: list[Any], by: User) -> Part:
    rows = [Candidate(line, email, values, whole=whole) for line, email, values, whole in entries]
    known = imports.Known(job.arguments["known"])
    done = asdict(imports.apply_part(rows, job.arguments["group"], by, known))
    del done["group"]
    return Part(done)


KINDS = {
    Job.What.INVITE: Kind(_invite, _name),
    Job.What.JOIN: Kind(_join, _name),
    Job.What.IMPORT: Kind(_import, lambda entry: str(entry[1])),
}
