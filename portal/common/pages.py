"""Pages of long lists: what a page costs does not grow with how far it is from the first one."""

import json
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.db import connections
from django.db.models import QuerySet

# Up to so many rows a list is counted; of more, the database is asked for its estimate.
MOST_COUNTED = 100_000


class Pages(Paginator):  # type: ignore[type-arg]
    """Pages of a query whose order is total.

    The rows of a page are found by their keys alone, from whichever end is nearer, and only they
    are read whole: whatever the query computes for a row is computed for one page of them.

    A list that is too long to be counted has pages from both ends: the first are numbered from
    the start, the last from the end, -1 being the last one. `exact` says which sort it is.
    """

    def __init__(
        self,
        rows: QuerySet[Any],
        per_page: int,
        most: int = MOST_COUNTED,
        counted: int | None = None,
    ) -> None:
        """`counted`: how many rows there are, where somebody has counted them already."""
        super().__init__(rows, per_page)
        self._rows, self.most = rows, most
        if counted is not None:
            self._counted = counted

    @cached_property
    def _counted(self) -> int:
        return self._rows.order_by().values("pk")[: self.most + 1].count()

    @property
    def exact(self) -> bool:
        """Whether `count` was counted, and is not only about right."""
        return self._counted <= self.most

    @property
    def furthest(self) -> int:
        """How many pages of a list that nobody has counted are reached from either end."""
        return self.most // self.per_page

    @cached_property
    def count(self) -> int:
        """How many rows there are; where that is too many to be counted, about how many."""
        return self._counted if self.exact else max(self._counted, estimate(self._rows))

    def validate_number(self, number: Any) -> int:
        """As Django's, and pages from the end where nobody knows how many there are."""
        if self.exact:
            return int(super().validate_number(number))
        try:
            wanted = int(number)
        except (TypeError, ValueError):
            raise PageNotAnInteger(self.error_messages["invalid_page"]) from None
        if wanted == 0 or abs(wanted) > self.furthest:
            raise EmptyPage(self.error_messages["min_page"])
        return wanted

    def get_page(self, number: Any) -> "OfList":
        """The page that an address asks for, or the nearest that there is."""
        if number in (None, "", "1", 1):
            return self._first()
        try:
            return self.page(number)
        except PageNotAnInteger:
            return self.page(1)
        except EmptyPage:
            return self.page(self.num_pages if self.exact else -1)

    def _first(self) -> "OfList":
        """The first page; a list that ends on it is counted by it."""
        known = self.__dict__.get("_counted")
        if known == 0:
            return OfList([], 1, self)
        if known is not None and known <= self.per_page:
            return OfList(list(self._rows[: self.per_page]), 1, self)  # all of it
        keys = list(self._rows.values_list("pk", flat=True)[: self.per_page + 1])
        if len(keys) <= self.per_page:
            self._counted = len(keys)
        return OfList(self._whole(keys[: self.per_page]), 1, self)

    def page(self, number: Any) -> "OfList":
        number = self.validate_number(number)
        if number < 0:
            bottom = (-number - 1) * self.per_page
            keys = self._keys_from_end(bottom, bottom + self.per_page)
        else:
            bottom = (number - 1) * self.per_page
            top = bottom + self.per_page
            keys = self._keys(bottom, min(top, self.count) if self.exact else top)
        return OfList(self._whole(keys), number, self)

    def _keys(self, bottom: int, top: int) -> list[Any]:
        if self.exact and bottom > self.count // 2:
            return self._keys_from_end(self.count - top, self.count - bottom)
        return list(self._rows.values_list("pk", flat=True)[bottom:top])

    def _keys_from_end(self, bottom: int, top: int) -> list[Any]:
        return list(self._rows.reverse().values_list("pk", flat=True)[bottom:top])[::-1]

    def _whole(self, keys: Sequence[Any]) -> list[Any]:
        found = {row.pk: row for row in self._rows.order_by().filter(pk__in=keys)} if keys else {}
        return [found[key] for key in keys if key in found]


class OfList(Page):  # type: ignore[type-arg]
    """One page; of a list that nobody has counted, it has a neighbour where it is full."""

    paginator: Pages

    def has_next(self) -> bool:
        if self.paginator.exact:
            return bool(super().has_next())
        return self.number < -1 or (self._full and 0 < self.number < self.paginator.furthest)

    def has_previous(self) -> bool:
        if self.number < 0:
            return self._full and -self.number < self.paginator.furthest
        return bool(super().has_previous())

    def next_page_number(self) -> int:
        return int(super().next_page_number()) if self.paginator.exact else self.number + 1

    def previous_page_number(self) -> int:
        return self.number - 1 if self.number < 0 else int(super().previous_page_number())

    def start_index(self) -> int:
        """The number of its first row; counted from the end where the page is."""
        if self.number < 0:
            return -self.number * self.paginator.per_page
        return int(super().start_index())

    def end_index(self) -> int:
        """The number of its last row, likewise."""
        if self.number < 0:
            return (-self.number - 1) * self.paginator.per_page + 1
        return self.start_index() + len(self.object_list) - 1 if self.object_list else 0

    @property
    def _full(self) -> bool:
        return len(self.object_list) == self.paginator.per_page


def estimate(rows: QuerySet[Any]) -> int:
    """About how many rows a query has, as PostgreSQL plans it; 0 where the database cannot say."""
    if connections[rows.db].vendor != "postgresql":
        return 0
    plan = rows.order_by().explain(format="json")
    return int(json.loads(plan)[0]["Plan"]["Plan Rows"])
