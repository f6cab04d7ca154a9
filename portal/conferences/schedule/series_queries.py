"""What pages ask about series; a list costs the same number of statements, however long it is."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet

from portal.common import clock
from portal.conferences import tallies
from portal.conferences.models import Conference, Registration, Series
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


class Totals(NamedTuple):
    """What a series holds in all; people who are registered for several dates count once, and
    `invited` are those who are registered for none."""

    dates: int
    ahead: int
    cancelled: int
    people: int
    invited: int


def totals(series: Series) -> Totals:
    """The numbers on top of the page of a series, in two statements."""
    moment = clock.now()
    stands = Q(removed_at=None)
    found = series.conferences.aggregate(
        dates=Count("pk", filter=stands),
        ahead=Count("pk", filter=stands & Q(starts_at__gt=moment)),
        cancelled=Count("pk", filter=~stands),
    )
    standing = Registration.objects.filter(
        conference__series=series, conference__removed_at=None, removed_at=None
    )
    people = standing.aggregate(
        registered=Count("attendee", filter=Q(**tallies.COUNTED), distinct=True),
        everybody=Count("attendee", distinct=True),
    )
    registered = people["registered"]
    return Totals(**found, people=registered, invited=people["everybody"] - registered)
