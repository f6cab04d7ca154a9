"""Kind and id -> what staff call that row, and which page shows it; one query for each kind."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from integrations.base.records import Kind
from portal.conferences import models

Ref = tuple[str, int | None]

MODELS: dict[str, type[Model]] = {
    Kind.ATTENDEE: models.Attendee,
    Kind.GROUP: models.AttendeeGroup,
    Kind.MEMBERSHIP: models.Membership,
    Kind.CONFERENCE: models.Conference,
    Kind.MODERATOR: models.Moderator,
    Kind.REGISTRATION: models.Registration,
    Kind.SESSION: models.Session,
    Kind.ATTENDANCE: models.Attendance,
    Kind.RECORDING: models.Recording,
}
_WITH: dict[str, tuple[str, ...]] = {
    Kind.MEMBERSHIP: ("group", "attendee"),
    Kind.MODERATOR: ("conference",),
    Kind.REGISTRATION: ("conference", "attendee"),
    Kind.SESSION: ("conference",),
    Kind.ATTENDANCE: ("session",),
    Kind.RECORDING: ("conference",),
}
# What staff read instead of our word for a kind.
WORDS: dict[str, str] = {Kind.CONFERENCE: "webinar", Kind.ATTENDEE: "person", Kind.GROUP: "group"}


@dataclass(frozen=True, slots=True)
class Named:
    """A row by its name, with the id of the page on which it is shown (at most one is set)."""

    title: str
    conference_id: int | None = None
    person_id: int | None = None
    group_id: int | None = None


def word(kind: str) -> str:
    """The kind as staff say it."""
    return WORDS.get(kind, str(kind))


def names(refs: Iterable[Ref]) -> dict[Ref, Named]:
    """A name for each (kind, id), also where the row is no longer there."""
    wanted: dict[str, set[int]] = defaultdict(set)
    found: dict[Ref, Named] = {}
    for kind, local_id in refs:
        gone = f"A {word(kind)} that is no longer here"
        found[kind, local_id] = Named(gone if kind in MODELS else f"The {word(kind)} as a whole")
        if local_id is not None and kind in MODELS:
            wanted[kind].add(local_id)
    for kind, ids in wanted.items():
        rows = MODELS[kind]._base_manager.select_related(*_WITH.get(kind, ()))
        found |= {(kind, row.pk): _named(kind, row) for row in rows.filter(pk__in=ids)}
    return found


def _named(kind: str, row: Any) -> Named:
    if kind == Kind.ATTENDEE:
        return Named(str(row), person_id=row.pk)
    if kind in (Kind.GROUP, Kind.MEMBERSHIP):
        return Named(str(row), group_id=row.pk if kind == Kind.GROUP else row.group_id)
    if kind == Kind.CONFERENCE:
        return Named(row.title, conference_id=row.pk)
    if kind == Kind.MODERATOR:
        return Named(f"{row.name} at {row.conference.title}", conference_id=row.conference_id)
    if kind == Kind.ATTENDANCE:
        return Named(str(row), conference_id=row.session.conference_id)
    return Named(str(row), conference_id=row.conference_id)
