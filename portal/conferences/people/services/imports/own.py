"""What a list says of people beside their fields: tags, and values in own columns."""

from collections.abc import Iterable, Mapping

from portal.common.reader.own import PREFIX, OwnColumn, Value, read_value
from portal.common.reader.people import Candidate
from portal.conferences.models import Attendee
from portal.conferences.models.folded import key_of
from portal.conferences.people.services import fields, tags

TAGS = "tags"


def columns_for(rows: Iterable[Candidate]) -> dict[str, OwnColumn]:
    """The own columns that there are now, by their meanings; asked for only where a row has one."""
    if not any(name.startswith(PREFIX) for row in rows for name in row.values):
        return {}
    return {column.meaning: column for column in fields.columns()}


def plain(row: Candidate) -> dict[str, str]:
    """What the row says of a person's own fields."""
    return {
        name: value
        for name, value in row.values.items()
        if name != TAGS and not name.startswith(PREFIX)
    }


def values_of(row: Candidate, columns: Mapping[str, OwnColumn]) -> dict[str, Value]:
    """Key -> value. A column that was deleted since, or a choice, is passed over."""
    found: dict[str, Value] = {}
    for name, text in row.values.items():
        if column := columns.get(name):
            try:
                found[column.key] = read_value(column, text)
            except ValueError:
                continue
    return found


def missing_tags(row: Candidate, person: Attendee) -> list[str]:
    """Those of the row's tags that the person (whose tags are read) lacks."""
    if not row.values.get(TAGS):
        return []
    held = {tag.sort_key for tag in person.tags.all()}
    return [name for name in tags.names_in(row.values[TAGS]) if key_of(name) not in held]
