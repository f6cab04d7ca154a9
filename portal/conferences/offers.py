"""The dates for which a registration page registers people: its webinar, or those of its series."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from portal.common import clock
from portal.conferences import rules
from portal.conferences.models import (
    Conference,
    RegistrationPage,
    Series,
    UnconfirmedRegistration,
)


def ahead(series: Series | int) -> QuerySet[Conference]:
    """The dates of a series that people can still register for, the next one first."""
    rows = Conference.objects.filter(series=series, removed_at=None, gone_at=None, draft=False)
    rows = rows.filter(starts_at__gt=clock.now()).select_related("account")
    return rows.order_by("starts_at", "pk")


def dates_of(page: RegistrationPage) -> list[Conference]:
    """What a page registers for now."""
    if page.conference is not None:
        return [page.conference]
    return list(ahead(page.series_id)) if page.series_id else []


def meant(unconfirmed: UnconfirmedRegistration) -> list[Conference]:
    """What somebody meant who has filled in a page, in the order of their starts: of a series the
    dates that they chose, or all that lay ahead of them then. Those that are over by now, or do
    not take place, are left out; one that was moved to another account is the one there."""
    page = unconfirmed.page
    if page.conference is not None:
        return [page.conference]
    rows = Conference.objects.filter(
        series=page.series_id, removed_at=None, gone_at=None, draft=False, starts_at__isnull=False
    )
    if unconfirmed.dates:
        rows = rows.filter(pk__in=_and_where_they_went(unconfirmed.dates))
    else:
        rows = rows.filter(starts_at__gt=unconfirmed.created_at)
    found = rows.select_related("account").order_by("starts_at", "pk")
    return [row for row in found if not rules.reason_over(row)]


def _and_where_they_went(dates: Iterable[Any]) -> set[int]:
    """Some dates, and those that took their place on other accounts, however often they moved."""
    found = newest = {pk for pk in dates if isinstance(pk, int)}
    while newest:
        went = Conference.objects.filter(moved_from__in=newest).values_list("pk", flat=True)
        newest = set(went) - found
        found = found | newest
    return found
