"""What pages ask about series; a list costs the same number of statements, however long it is."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import QuerySet

from portal.conferences.models import Conference, Series
from portal.conferences.schedule import queries


class Place(NamedTuple):
    """Which of the dates of a series that take place one is; 0 where it was cancelled."""

    number: int
    total: int


def places(rows: Iterable[Conference]) -> dict[int, Place]:
    """The place of each of some conferences that belong to a series, in one statement at most."""
    mine = {row.pk: row.series_id for row in rows if row.series_id}
    if not mine:
        return {}
    standing = Conference.objects.filter(series__in=set(mine.values()), removed_at=None)
    found: dict[int | None, list[int]] = {}
    for series, pk in standing.order_by("starts_at", "pk").values_list("series", "pk"):
        found.setdefault(series, []).append(pk)
    return {
        pk: Place(_place(found.get(series, []), pk), len(found.get(series, ())))
        for pk, series in mine.items()
    }


def _place(standing: list[int], pk: int) -> int:
    return standing.index(pk) + 1 if pk in standing else 0


def dates(series: Series) -> QuerySet[Conference]:
    """All dates of a series in their order, cancelled ones too, with their people counted."""
    rows = queries.conferences().defer(*queries.WIDE).filter(series=series)
    return rows.order_by("starts_at", "pk")
