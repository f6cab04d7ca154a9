"""Rows written by INSERT … SELECT, for whole tables at once."""

from typing import Any

from django.db import connection, models

from portal.common import clock


def insert_select(
    model: type[models.Model], given: dict[str, str], source: str, start: str = ""
) -> tuple[str, list[Any]]:
    """The statement and its parameters: columns as `given` in SQL, all others as a new row of the
    model has them. `start` stands before it (WITH …).

    So a column that a model is given later is filled as well.
    """
    blank, values, params = model(), [], []
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    for field in fields:
        if field.column in given:
            values.append(given[field.column])
            continue
        now = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
        value = clock.now() if now else getattr(blank, field.attname)
        values.append("%s")
        params.append(field.get_db_prep_save(value, connection))
    columns = ", ".join(f'"{field.column}"' for field in fields)
    text = f'{start} INSERT INTO "{model._meta.db_table}" ({columns}) SELECT {", ".join(values)}'
    return f"{text} {source}", params


def table(model: type[models.Model]) -> str:
    """A model's table, as SQL names it."""
    return f'"{model._meta.db_table}"'


def as_json(text: str) -> str:
    """SQL that makes the value of a JSON column of a text."""
    return f"CAST({text} AS jsonb)" if connection.vendor == "postgresql" else text
