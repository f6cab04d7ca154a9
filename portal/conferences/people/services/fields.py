"""Columns of the house's own on people: which there are, and the values on a person.

Which there are is an administrator's to say; the values are typed by event staff.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.db.models import CharField, F, FloatField, Func, Max, Q
from django.db.models import Value as Given
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.common.bulk import exchange
from portal.common.errors import NotPossible
from portal.common.reader import headings
from portal.common.reader.addresses import has_address
from portal.common.reader.characters import check_text, fold
from portal.common.reader.own import (
    PREFIX,
    OwnColumn,
    Value,
    read_range,
    read_value,
    sought,
)
from portal.common.reader.saying import reason
from portal.conferences import history, sentences
from portal.conferences.models import Attendee, PersonField
from portal.conferences.models.folded import key_of
from portal.identity import roles

COLUMN = "personfield"
MOST_FIELDS = 30
MOST_LISTED = 3  # there is room for in the list of people
MOST_CHOICES, LONGEST_CHOICE = 50, 100
AT_ONCE = 2000  # people whose keys are written in one statement
TAKEN = gettext_lazy("Another column has this name.")
GONE = gettext_lazy("The column was deleted meanwhile.")


def columns() -> list[OwnColumn]:
    """All of them in their order, as the reader knows them."""
    return [field.column for field in PersonField.objects.all()]


def checked_name(name: str) -> str:
    """The name as it is kept. Raises NotPossible where a list could not be imported by it."""
    try:
        name = check_text(name, _("Name"), 60)
    except ValueError as error:
        raise NotPossible(reason(error), {"name": [reason(error)]}) from None
    wrong = ""
    if not any(map(str.isalpha, name)):
        wrong = _("A name needs a letter in it.")
    elif has_address(name):
        # A line that holds an address is no line of headings.
        wrong = _("A name has no @ in it: a list with such a heading could not be read again.")
    elif headings.meaning_of(name) or key_of(name) == key_of(_("Groups")):
        wrong = _("“%(name)s” is what lists call a column that people have already.")
        wrong %= {"name": name}
    if wrong:
        raise NotPossible(wrong, {"name": [wrong]})
    return name


def checked_choices(lines: Iterable[str]) -> list[str]:
    """The choices, each once. Raises NotPossible."""
    found: dict[str, str] = {}
    for line in lines:
        try:
            choice = check_text(line, _("Choices"), LONGEST_CHOICE)
        except ValueError as error:
            raise NotPossible(reason(error), {"choices": [reason(error)]}) from None
        if choice:
            found.setdefault(key_of(choice), choice)
    if len(found) > MOST_CHOICES:
        said = _("That is more than %(most)d choices.") % {"most": MOST_CHOICES}
        raise NotPossible(said, {"choices": [said]})
    return list(found.values())


def create(
    name: str, kind: str, choices: Sequence[str], by: User | None, *, listed: bool = False
) -> PersonField:
    """Make a column, the last of all. Raises NotPossible, NotAllowed."""
    roles.require(by, roles.ADMINISTRATOR)
    with transaction.atomic():
        if PersonField.objects.count() >= MOST_FIELDS:
            raise NotPossible(
                _("There are %(most)d columns. Delete one first.") % {"most": MOST_FIELDS}
            )
        last = PersonField.objects.aggregate(last=Max("position"))["last"] or 0
        row = PersonField(name=checked_name(name), kind=kind, position=last + 1)
        row.choices, row.listed = _choices(kind, choices), listed
        _save(row)
        history.record(
            "created",
            COLUMN,
            row.pk,
            actor=by,
            sentence=sentences.CREATED(name=row.name),
            after={"name": row.name, "kind": kind} | ({"listed": True} if listed else {}),
        )
    return row


def change(
    field: PersonField,
    name: str,
    choices: Sequence[str],
    by: User | None,
    *,
    listed: bool | None = None,
) -> PersonField:
    """Another name, other choices, whether the list of people shows it; what people have already
    stays. Raises NotPossible, NotAllowed."""
    roles.require(by, roles.ADMINISTRATOR)
    with transaction.atomic():
        row = _locked(field)
        before = {"name": row.name, "choices": row.choices, "listed": row.listed}
        row.name, row.choices = checked_name(name), _choices(row.kind, choices)
        row.listed = row.listed if listed is None else listed
        after = {"name": row.name, "choices": row.choices, "listed": row.listed}
        changed = [key for key in after if before[key] != after[key]]
        if not changed:
            return row
        _save(row)
        history.record(
            "changed",
            COLUMN,
            row.pk,
            actor=by,
            sentence=sentences.COLUMN_CHANGED(name=row.name),
            before={key: before[key] for key in changed},
            after={key: after[key] for key in changed},
        )
    return row


def move(field: PersonField, by: User | None, *, up: bool) -> None:
    """Exchange it with its neighbour. Raises NotPossible, NotAllowed."""
    roles.require(by, roles.ADMINISTRATOR)
    with transaction.atomic():
        rows = list(PersonField.objects.select_for_update())
        place = next((n for n, row in enumerate(rows) if row.pk == field.pk), None)
        if place is None:
            raise NotPossible(GONE)
        other = place - 1 if up else place + 1
        if 0 <= other < len(rows):
            rows[place], rows[other] = rows[other], rows[place]
        for position, row in enumerate(rows, start=1):
            PersonField.objects.filter(pk=row.pk).exclude(position=position).update(
                position=position
            )


def filled(field: PersonField) -> int:
    """How many people have a value in it."""
    return Attendee.objects.filter(own__has_key=str(field.pk)).count()


def delete(field: PersonField, by: User | None) -> None:
    """Forget a column, and with it what stood in it. Raises NotPossible, NotAllowed."""
    roles.require(by, roles.ADMINISTRATOR)
    with transaction.atomic():
        row = _locked(field)
        history.record(
            "deleted",
            COLUMN,
            row.pk,
            actor=by,
            sentence=sentences.DELETED(name=row.name),
            before={"name": row.name, "people": filled(row)},
        )
        _forget_values(str(row.pk))
        row.delete()


class _Held(Func):
    """What stands in an own column, to be compared: a number, or a day as ISO writes it. Keys of
    values are digits, which Django's lookups take for places in a list."""

    def __init__(self, column: OwnColumn) -> None:
        self.column = column
        number = column.kind == PersonField.Kind.NUMBER
        super().__init__(F("own"), output_field=FloatField() if number else CharField())

    def as_sqlite(self, compiler: Any, connection: Any, **given: Any) -> tuple[str, tuple[str]]:
        own, _none = compiler.compile(self.source_expressions[0])
        return f"JSON_EXTRACT({own}, %s)", (f'$."{self.column.key}"',)

    def as_postgresql(
        self, compiler: Any, connection: Any, **given: Any
    ) -> tuple[str, tuple[str, ...]]:
        own, _none = compiler.compile(self.source_expressions[0])
        if self.column.kind != PersonField.Kind.NUMBER:
            return f'({own} ->> %s::text) COLLATE "C"', (self.column.key,)
        path = '$."' + self.column.key + '" ? (@.type() == "number")'
        return f"jsonb_path_query_first({own}, %s::jsonpath)::float8", (path,)


def within(column: OwnColumn, low: Value | None, high: Value | None) -> Q:
    """People in whose own column stands what lies between two bounds, of which one may lack."""
    found = Q()
    if low is not None:
        found &= Q(GreaterThanOrEqual(_Held(column), Given(low)))
    if high is not None:
        found &= Q(LessThanOrEqual(_Held(column), Given(high)))
    return found


def holding(column: OwnColumn, text: str) -> Q:
    """People in whose own column something stands; with a text, what begins with it, or where it
    is no text, what it means: a value, or a range."""
    begins = f"\n{column.key}:"
    if column.kind == PersonField.Kind.TEXT or not text.strip():
        return Q(own_key__contains=begins + fold(text))
    return exactly(column, text)


def exactly(column: OwnColumn, text: str) -> Q:
    """The same, where a text is all that stands there; without one, anything may. A range means
    what lies in it."""
    if not text:
        return holding(column, "")
    try:
        if bounds := read_range(column, text):
            return within(column, *bounds)
        value = read_value(column, text)
    except ValueError:
        return Q(pk__in=[])
    return Q(own_key__contains=f"\n{column.key}:{sought(value)}\n")


def given(
    person: Attendee, values: Mapping[str, Value | None]
) -> tuple[dict[str, Value], set[str]]:
    """What a person's own columns hold once these values are in, and the keys that differ."""
    new = {**person.own, **values}
    kept = {key: value for key, value in new.items() if value not in (None, "")}
    changed = {key for key in {*person.own, *kept} if not _same(person.own.get(key), kept.get(key))}
    return kept, changed


def named(values: Mapping[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    """Some values by what history calls their columns, which it must know for ever."""
    names = {str(field.pk): field.name for field in PersonField.objects.all()}
    return {f"{PREFIX}{names.get(key, key)}": values.get(key, "") for key in sorted(keys)}


def _same(one: Any, other: Any) -> bool:
    """Whether two values are one: yes is not the number 1."""
    return one == other and isinstance(one, bool) is isinstance(other, bool)


def _choices(kind: str, choices: Sequence[str]) -> list[str]:
    if kind != PersonField.Kind.CHOICE:
        return []
    found = checked_choices(choices)
    if not found:
        said = _("Write at least one choice, each on a line of its own.")
        raise NotPossible(said, {"choices": [said]})
    return found


def _locked(field: PersonField) -> PersonField:
    row = PersonField.objects.select_for_update().filter(pk=field.pk).first()
    if row is None:
        raise NotPossible(GONE)
    return row


def _forget_values(key: str) -> None:
    """Take a column's values out of everybody, in as few statements as the database allows."""
    table = connection.ops.quote_name(Attendee._meta.db_table)
    if connection.vendor == "postgresql":
        statement = (
            f"UPDATE {table} SET own = own - %s,"  # noqa: S608 - a name of ours
            " own_key = regexp_replace(own_key, %s, '') WHERE own ? %s"
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, [key, f"\n{key}:[^\n]*\n", key])
        return
    begins = f"\n{key}:"
    rows = Attendee.objects.filter(own__has_key=key).order_by("pk").values_list("pk", "own_key")
    some: list[tuple[int, str, str]] = []
    for pk, held in rows.iterator(AT_ONCE):
        start = held.find(begins)
        rest = held if start < 0 else held[:start] + held[held.index("\n", start + 1) + 1 :]
        some.append((pk, held, rest))
    for first in range(0, len(some), AT_ONCE):
        exchange(Attendee, "own_key", some[first : first + AT_ONCE])
    path = f'$."{key}"'
    statement = (
        f"UPDATE {table} SET own = json_remove(own, %s)"  # noqa: S608 - a name of ours
        " WHERE json_type(own, %s) IS NOT NULL"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [path, path])


def _save(row: PersonField) -> None:
    others = PersonField.objects.exclude(pk=row.pk)
    if row.listed and others.filter(listed=True).count() >= MOST_LISTED:
        said = _("The list has room for %(most)d of them. Take another one out first.")
        said %= {"most": MOST_LISTED}
        raise NotPossible(said, {"listed": [said]})
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise NotPossible(TAKEN, {"name": [TAKEN]}) from None
