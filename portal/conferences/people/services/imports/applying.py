"""Do what the preview showed, part by part, judged anew against who is here now."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from integrations.base.records import Kind
from portal.common import clock
from portal.common.batches import BATCH, PART, slices
from portal.common.errors import NotPossible
from portal.common.reader.addresses import Person
from portal.common.reader.own import PREFIX, OwnColumn, Value
from portal.common.reader.people import Candidate
from portal.conferences import sentences
from portal.conferences.history import RowChange, record_many
from portal.conferences.models import Attendee, AttendeeGroup
from portal.conferences.people.services import groups, people, tags
from portal.conferences.people.services.imports import own
from portal.conferences.people.services.imports.drafts import Draft
from portal.conferences.people.services.imports.judging import (
    NAMES,
    Judged,
    Verdict,
    changes,
    judge,
    own_changes,
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
        group = groups.by_name(draft.new_group) or groups.create(draft.new_group, "", by)
        groups.require_list(group)
        return group
    return None if draft.group_id is None else _require_group(draft.group_id)


def _require_group(pk: int) -> AttendeeGroup:
    group = AttendeeGroup.objects.filter(pk=pk).first()
    if group is None:
        raise NotPossible(_("The group was deleted meanwhile. Please import the list again."))
    return group


def _create(fresh: list[Judged], by: User | None) -> list[Attendee]:
    persons, extra, tagged = [], {}, {}
    columns = own.columns_for(row.candidate for row in fresh)
    for row in fresh:
        values: dict[str, Any] = own.plain(row.candidate)
        values["own"] = own.values_of(row.candidate, columns)
        if names_of_tags := row.candidate.values.get(own.TAGS):
            tagged[row.candidate.email] = tags.names_in(names_of_tags)
        names = {key: values.pop(key, "") for key in ("first_name", "last_name")}
        persons.append(Person(row.candidate.email, **names))
        extra[row.candidate.email] = values
    made = people.add_many(persons, by, extra)
    tags.put_each((row.pk, tagged[row.email]) for row in made if row.email in tagged)
    return made


def _update(there: list[Judged], known: Known, by: User | None) -> int:
    """Change known people where that was asked for; answers how many changed."""
    lines: list[RowChange] = []
    rows: list[Attendee] = []
    tagged: list[tuple[int, list[str]]] = []
    written: set[str] = set()
    told: list[int] = []
    columns = own.columns_for(row.candidate for row in there)
    for row in there:
        if row.person is None or known is Known.KEEP:
            continue
        change = _change(row, row.person, known, columns)
        if not change.any:
            continue
        lines.append(change.line(row.person, columns))
        for name, value in change.fields.items():
            setattr(row.person, name, value)
        row.person.own = {**row.person.own, **change.own}
        if change.tags:
            tagged.append((row.person.pk, change.tags))
        if change.fields or change.own:
            written.update(change.fields, ["own"] if change.own else [])
            row.person.updated_at = clock.now()
            rows.append(row.person)
        if change.fields:
            told.append(row.person.pk)
    # What nobody changed is left out: each field costs a case for each row.
    fields = [*sorted(written), "updated_at", *Attendee.refold(rows)]
    Attendee.objects.bulk_update(rows, fields, batch_size=BATCH // 5)
    tags.put_each(tagged)
    record_many("changed", Kind.ATTENDEE, lines, actor=by, sentence=sentences.CHANGED_BY_IMPORT)
    people.tell_platforms(told, by)
    return len(lines)


@dataclass(frozen=True, slots=True)
class _Change:
    """What an import changes of one known person; tags are only ever added."""

    fields: dict[str, str]
    own: dict[str, Value]
    tags: list[str]

    @property
    def any(self) -> bool:
        return bool(self.fields or self.own or self.tags)

    def line(self, person: Attendee, columns: Mapping[str, OwnColumn]) -> RowChange:
        """What history says of it, before it is done."""
        labels = {column.key: f"{PREFIX}{column.label}" for column in columns.values()}
        before: dict[str, Any] = {name: getattr(person, name) for name in self.fields}
        before |= {labels[key]: person.own.get(key, "") for key in self.own}
        after: dict[str, Any] = self.fields | {labels[key]: one for key, one in self.own.items()}
        if self.tags:
            after[own.TAGS] = ", ".join(self.tags)
        return RowChange(person.pk, before, after)


def _change(
    row: Judged, person: Attendee, known: Known, columns: Mapping[str, OwnColumn]
) -> _Change:
    values = own_changes(row.candidate, person, columns)
    if known is Known.FILL:
        values = {key: value for key, value in values.items() if key not in person.own}
    return _Change(_changes(row, known), values, own.missing_tags(row.candidate, person))


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
