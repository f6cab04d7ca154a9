"""Write thousands of rows at once: the columns of a table go in as lists, and no row is an object.

What the ORM's `bulk_create` does, at a fifth of its cost: COPY on PostgreSQL, one prepared
statement on SQLite. It is for rows that a platform shows by the hundred thousand; whoever writes
a form's rows uses the ORM.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from typing import Any

from django.core.exceptions import FieldError
from django.db import connection
from django.db.models import (
    DateTimeField,
    Expression,
    Field,
    JSONField,
    Model,
    QuerySet,
    UUIDField,
)
from django.utils import timezone


class Same:
    """The same value in every row of a column."""

    def __init__(self, value: Any) -> None:
        self.value = value


def new_ids(*wanted: tuple[type[Model], int]) -> list[list[int]]:
    """Primary keys for so many rows of each table that are about to be inserted, inside a
    transaction; in one statement."""
    if not any(count for _, count in wanted):
        return [[] for _ in wanted]
    tables = [model._meta.db_table for model, _ in wanted]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            drawn = ", ".join(
                "ARRAY(SELECT nextval(pg_get_serial_sequence(%s, 'id'))"
                " FROM generate_series(1, %s))"
                for _ in wanted
            )
            names = [connection.ops.quote_name(table) for table in tables]
            counts = [count for _, count in wanted]
            asked = [value for pair in zip(names, counts, strict=True) for value in pair]
            cursor.execute(f"SELECT {drawn}", asked)
            return list(cursor.fetchone())
        # Nobody else writes: the transaction has the one lock that SQLite knows.
        cursor.execute("SELECT name, seq FROM sqlite_sequence")
        last = dict(cursor.fetchall())
        starts = [last.get(table, 0) + 1 for table in tables]
        pairs = zip(starts, wanted, strict=True)
        return [list(range(start, start + count)) for start, (_, count) in pairs]


def insert(model: type[Model], count: int, **columns: Sequence[Any] | Same) -> None:
    """Insert rows, each column given as a list or as `Same`; the others hold their defaults.

    Raises what the database says: IntegrityError, DataError.
    """
    if not count:
        return
    names, values = [], []
    written: dict[int, str] = {}
    for field in model._meta.local_concrete_fields:
        given = columns.pop(field.name, None)
        if given is None and field.primary_key:
            continue
        names.append(connection.ops.quote_name(field.column or ""))
        column = Same(_default(field)) if given is None else given
        values.append(_prepared(field, column, count, written))
    if columns:
        raise FieldError(f"{model.__name__} has no column {', '.join(columns)}")
    rows = zip(*values, strict=True)
    table, listed = connection.ops.quote_name(model._meta.db_table), ", ".join(names)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _copy(cursor, f"COPY {table} ({listed}) FROM STDIN", rows)
        else:
            places = ", ".join(["%s"] * len(names))
            statement = f"INSERT INTO {table} ({listed}) VALUES ({places})"  # noqa: S608 - names of ours
            cursor.executemany(statement, list(rows))


def insert_from(model: type[Model], names: Sequence[str], rows: "QuerySet[Any, Any]") -> int:
    """Insert what a query answers, whose values stand in the order of `names`; what is there
    already stays as it is. Answers how many rows are new."""
    table = connection.ops.quote_name(model._meta.db_table)
    columns: list[Any] = [model._meta.get_field(name) for name in names]
    listed = ", ".join(connection.ops.quote_name(field.column) for field in columns)
    asked, values = rows.order_by().query.sql_with_params()
    # SQLite takes ON for a join's where the query has no WHERE of its own.
    statement = f"INSERT INTO {table} ({listed}) SELECT * FROM ({asked}) AS given WHERE true"  # noqa: S608 - names of ours
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} ON CONFLICT DO NOTHING", values)
        return int(cursor.rowcount)


def exchange(model: type[Model], column: str, values: Sequence[tuple[int, str, str]]) -> None:
    """Write a text column of many rows, each given as (key, value before, value); those that hold
    another value by now are left as they are."""
    table, name = (connection.ops.quote_name(n) for n in (model._meta.db_table, column))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"UPDATE {table} SET {name} = given.after"  # noqa: S608 - names of ours
                " FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS given (id, before, after)"
                f" WHERE {table}.id = given.id AND {table}.{name} = given.before",
                [list(column) for column in zip(*values, strict=True)],
            )
            return
        statement = f"UPDATE {table} SET {name} = %s WHERE id = %s AND {name} = %s"  # noqa: S608 - as above
        cursor.executemany(statement, [(after, pk, before) for pk, before, after in values])


class Among(Expression):
    """Very many texts or numbers for `__in`, as one parameter."""

    def __init__(self, values: Iterable[Any]) -> None:
        super().__init__()
        self.values = list(values)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """A list that the database takes apart itself."""
        if connection.vendor == "postgresql":
            numbers = bool(self.values) and isinstance(self.values[0], int)
            kind = "bigint" if numbers else "text"
            return f"(SELECT unnest(%s::{kind}[]))", (self.values,)
        return "(SELECT value FROM json_each(%s))", (json.dumps(self.values),)


def _copy(cursor: Any, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Inside what Django says of errors, as of any other statement."""
    with connection.wrap_database_errors, cursor.cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _default(field: "Field[Any, Any]") -> Any:
    """What the column holds where nothing is said."""
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return timezone.now()
    return field.get_default()


def _prepared(
    field: "Field[Any, Any]", given: Sequence[Any] | Same, count: int, written: dict[int, str]
) -> Iterable[Any]:
    """The column's values as the database takes them."""
    if isinstance(given, Same):
        value = given.value
        if isinstance(field, JSONField):
            return repeat(_writing(field, written)(value), count)
        return repeat(field.get_db_prep_save(value, connection), count)
    if isinstance(field, JSONField):
        return map(_writing(field, written), given)
    if connection.vendor == "sqlite" and isinstance(field, DateTimeField):
        return map(connection.ops.adapt_datetimefield_value, given)
    if connection.vendor == "sqlite" and isinstance(field, UUIDField):
        return [value.hex if value is not None else None for value in given]
    return given


def _writing(field: "JSONField", written: dict[int, str]) -> Callable[[Any], str | None]:
    encode = (field.encoder or json.JSONEncoder)(separators=(",", ":")).encode

    def write(value: Any) -> str | None:
        """As text: COPY knows no types, and neither does SQLite. What stands in two columns (the
        lists hold it, so its id is its own) is written once."""
        if value is None or value == {}:
            return None if value is None else "{}"
        if (text := written.get(id(value))) is None:
            text = written[id(value)] = encode(value)
        return text

    return write
