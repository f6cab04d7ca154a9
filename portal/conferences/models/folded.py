"""Columns by which rows are searched and sorted, in every alphabet, on every database alike."""

from collections.abc import Iterable
from typing import Any

from django.db import models

from portal.common.reader.characters import fold

LONGEST_SEARCH = 200  # characters; nobody types more into a search box
LONGEST_PART = 200  # characters; an index of PostgreSQL holds no more than some 2,700 bytes


def key_of(*parts: str) -> str:
    """Texts without case and accents, each part sorted before the next; at most LONGEST_PART each.

    The tab stands before every letter, so that "de" comes before "de la".
    """
    return "\t".join(fold(part)[:LONGEST_PART] for part in parts)


def occurs(words: str, column: str) -> models.Q:
    """Rows in whose column of this kind the words occur; none where they are too long to be typed:
    a part of them alone would find what was not searched for."""
    if len(words) > LONGEST_SEARCH:
        return models.Q(pk__in=[])
    return models.Q(**{f"{column}__contains": fold(words)})


class FoldedField(models.TextField):  # type: ignore[type-arg]
    """What the row's method `source` answers, made anew by every save and bulk_create.

    A `bulk_update` or `update` of what it is made of must set it too: `refold`.
    """

    def __init__(self, *args: Any, source: str = "", **kwargs: Any) -> None:
        self.source = source
        given: dict[str, Any] = {"default": "", "editable": False, "blank": True}
        super().__init__(*args, **(given | kwargs))

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"source": self.source}

    def db_parameters(self, connection: Any) -> Any:
        """By code point, as SQLite compares, and not by the language of the database."""
        found = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            found["collation"] = "C"
        return found

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        make = getattr(model_instance, self.source, None)  # a migration's model has no methods
        if make is not None:
            setattr(model_instance, self.attname, make())
        return super().pre_save(model_instance, add)


class Folded(models.Model):
    """A row with such columns: they follow whatever is saved."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], *self.folded_names()}
        super().save(*args, **kwargs)

    @classmethod
    def folded_names(cls) -> list[str]:
        """The columns' names."""
        return [field.name for field in cls._meta.local_fields if isinstance(field, FoldedField)]

    @classmethod
    def refold(cls, rows: Iterable[Any]) -> list[str]:
        """Set the columns of rows that are about to be written together; answers their names."""
        names = cls.folded_names()
        for row in rows:
            for name in names:
                cls._meta.get_field(name).pre_save(row, False)  # type: ignore[union-attr]
        return names
