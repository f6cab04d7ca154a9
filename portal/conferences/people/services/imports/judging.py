"""What would become of each row: new, known, named twice, or unusable."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from portal.common.reader.characters import tidy
from portal.common.reader.headings import LABELS
from portal.common.reader.own import OwnColumn, Value, written_value
from portal.common.reader.people import Candidate
from portal.common.texts import shown
from portal.conferences.models import Attendee
from portal.conferences.people.services.imports import own
from portal.conferences.people.services.selection import by_email

NAMES = ("first_name", "last_name")


class Verdict(StrEnum):
    """The four fates of a row."""

    NEW = "new"
    KNOWN = "known"
    DOUBLED = "doubled"
    INVALID = "invalid"


@dataclass(slots=True)
class Judged:
    """A row with its verdict; `differences` are (label, here, in the list) of a known person."""

    candidate: Candidate
    verdict: Verdict
    reason: str = ""
    person: Attendee | None = None
    differences: list[tuple[str, str, str]] = field(default_factory=list)


def judge(candidates: Iterable[Candidate]) -> list[Judged]:
    """Compare every row with the people who are here now, and with the rows above it."""
    rows = list(candidates)
    known = by_email(dict.fromkeys(row.email for row in rows if not row.problem))
    if any(own.TAGS in row.values for row in rows):
        prefetch_related_objects([*known.values()], "tags")
    columns = own.columns_for(rows)
    lines: dict[str | int, int] = {}
    return [_judged(row, known.get(row.email), lines, columns) for row in rows]


def _judged(
    row: Candidate,
    person: Attendee | None,
    lines: dict[str | int, int],
    columns: Mapping[str, OwnColumn],
) -> Judged:
    if row.problem:
        return Judged(row, Verdict.INVALID, row.problem)
    who = person.pk if person else row.email
    for key, said in (
        (row.email, _("The same address as in line %(line)d.")),
        (who, _("The same person as in line %(line)d.")),
    ):
        if key in lines:
            return Judged(row, Verdict.DOUBLED, said % {"line": lines[key]})
    lines[row.email] = lines[who] = row.line
    if person is None:
        return Judged(row, Verdict.NEW)
    return Judged(row, Verdict.KNOWN, person=person, differences=_differences(row, person, columns))


def changes(row: Candidate, person: Attendee) -> dict[str, str]:
    """What the list says otherwise than we do; white space and unseen signs are no difference,
    nor is where a whole name is divided into first and last."""
    same = row.whole and same_name(row, person)
    return {
        name: value
        for name, value in own.plain(row).items()
        if value != " ".join(tidy(getattr(person, name)).split()) and not (same and name in NAMES)
    }


def same_name(row: Candidate, person: Attendee) -> bool:
    """Whether the whole name is the same, wherever it is divided."""
    theirs = " ".join(row.values.get(name, "") for name in NAMES).split()
    return theirs == tidy(" ".join(getattr(person, name) for name in NAMES)).split()


def own_changes(
    row: Candidate, person: Attendee, columns: Mapping[str, OwnColumn]
) -> dict[str, Value]:
    """What the list says otherwise in own columns, by their keys."""
    held, given = person.own, own.values_of(row, columns)
    return {
        key: value
        for key, value in given.items()
        if key not in held or written_value(held[key]) != written_value(value)
    }


def _differences(
    row: Candidate, person: Attendee, columns: Mapping[str, OwnColumn]
) -> list[tuple[str, str, str]]:
    found = [
        (shown(LABELS[name]), getattr(person, name), theirs)
        for name, theirs in changes(row, person).items()
    ]
    labels = {column.key: column.label for column in columns.values()}
    for key, value in own_changes(row, person, columns).items():
        ours = written_value(person.own[key]) if key in person.own else ""
        found.append((labels[key], ours, written_value(value)))
    if names := own.missing_tags(row, person):
        ours = ", ".join(tag.name for tag in person.tags.all())
        found.append((shown(LABELS[own.TAGS]), ours, ", ".join(names)))
    return found
