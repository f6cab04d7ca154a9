"""Do what the preview showed, part by part, judged anew against who is here now."""

from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from integrations.base.records import Kind
from portal.common import clock
from portal.common.batches import BATCH, PART, slices
from portal.common.errors import NotPossible
from portal.common.reader.addresses import Person
from portal.common.reader.people import Candidate
from portal.conferences import sentences
from portal.conferences.history import RowChange, record_many
from portal.conferences.models import Attendee, AttendeeGroup
from portal.conferences.people.services import groups, people
from portal.conferences.people.services.imports.drafts import Draft
from portal.conferences.people.services.imports.judging import (
    NAMES,
    Judged,
    Verdict,
    changes,
    judge,
    same_name,
)
from portal.identity import roles


class Known(StrEnum):
    """What to do where the list says something else about a known person."""

    FILL = "fill"
    TAKE = "take"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Result:
    """What an import did."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    left_out: int = 0
    joined: int = 0
    group: AttendeeGroup | None = None

    def __add__(self, other: "Result") -> "Result":
        return Result(
            self.created + other.created,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.left_out + other.left_out,
            self.joined + other.joined,
            self.group,
        )


def apply(draft: Draft, by: User | None, known: Known = Known.FILL) -> Result:
    """Add the new, treat the known as said, put all of them into the group.

    In small transactions, so that others can write meanwhile: one that ends half-way has done a
    part of it, and the same list once more does the rest. Raises NotPossible, NotAllowed.
    """
    roles.require(by)
    rows = usable(draft)
    with transaction.atomic():
        group = group_of(draft, by)
    done = Result(left_out=len(draft.candidates) - len(rows), group=group)
    for some in slices((row.candidate for row in rows), PART):
        with transaction.atomic():
            done += apply_part(some, group.pk if group else None, by, known)
    return done


def usable(draft: Draft) -> list[Judged]:
    """The rows that can be imported, as things stand now."""
    rows = judge(draft.candidates)
    return [row for row in rows if row.verdict in (Verdict.NEW, Verdict.KNOWN)]


def emails_of(rows: list[Judged]) -> list[str]:
    """Under which addresses the people of an import are known here, or will be."""
    return [row.person.email if row.person else row.candidate.email for row in rows]


def apply_part(
    candidates: list[Candidate], group_id: int | None, by: User | None, known: Known
) -> Result:
    """The same for a part of the list, judged anew against who is here now. Call it within a
    transaction."""
    group = None if group_id is None else _require_group(group_id)
    rows = judge(candidates)
    fresh = [row for row in rows if row.verdict is Verdict.NEW]
    there = [row for row in rows if row.verdict is Verdict.KNOWN]
    made = _create(fresh, by)
    updated = _update(there, known, by)
    ids = [row.pk for row in made] + [row.person.pk for row in there if row.person]
    joined = groups.put_in(group, ids, by) if group else 0
    unchanged = len(there) - updated
    return Result(len(made), updated, unchanged, len(rows) - len(fresh) - len(there), joined)


def group_of(draft: Draft, by: User | None) -> AttendeeGroup | None:
    """The group that all of them go into, made where it is a new one. Raises NotPossible."""
    if draft.new_group:
        return groups.by_name(draft.new_group) or groups.create(draft.new_group, "", by)
    return None if draft.group_id is None else _require_group(draft.group_id)


def _require_group(pk: int) -> AttendeeGroup:
    group = AttendeeGroup.objects.filter(pk=pk).first()
    if group is None:
        raise NotPossible(_("The group was deleted meanwhile. Please import the list again."))
    return group


def _create(fresh: list[Judged], by: User | None) -> list[Attendee]:
    persons, extra = [], {}
    for row in fresh:
        values = dict(row.candidate.values)
        names = {key: values.pop(key, "") for key in ("first_name", "last_name")}
        persons.append(Person(row.candidate.email, **names))
        extra[row.candidate.email] = values
    return people.add_many(persons, by, extra)


def _update(there: list[Judged], known: Known, by: User | None) -> int:
    """Change known people where that was asked for; answers how many changed."""
    lines: list[RowChange] = []
    rows: list[Attendee] = []
    for row in there:
        if row.person and (changes := _changes(row, known)):
            before = {name: getattr(row.person, name) for name in changes}
            lines.append(RowChange(row.person.pk, before, changes))
            for name, value in changes.items():
                setattr(row.person, name, value)
            row.person.updated_at = clock.now()
            rows.append(row.person)
    # What nobody changed is left out: each field costs a case for each row.
    fields = sorted({name for line in lines for name in line.after})
    fields += ["updated_at", *Attendee.refold(rows)]
    Attendee.objects.bulk_update(rows, fields, batch_size=BATCH // 5)
    record_many("changed", Kind.ATTENDEE, lines, actor=by, sentence=sentences.CHANGED_BY_IMPORT)
    people.tell_platforms([row.pk for row in rows], by)
    return len(rows)


def _changes(row: Judged, known: Known) -> dict[str, str]:
    if known is Known.KEEP or row.person is None:
        return {}
    found = changes(row.candidate, row.person)
    if known is Known.TAKE:
        return found
    # "Ann Example" here as a first name is not filled up to "Ann Example Example".
    full = NAMES if same_name(row.candidate, row.person) else ()
    return {
        name: value
        for name, value in found.items()
        if not getattr(row.person, name) and name not in full
    }
