"""The coming dates of conferences of which a platform lists several: it has one conference for all
of them, and so have we. What it listed is a fact of its copy."""

import copy
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache

from django.db.models import Q

from integrations import registry
from integrations.base.capabilities import COMING_DATES
from integrations.base.records import Kind, parse_instant
from portal.common import clock
from portal.conferences.models import Conference
from portal.sync.models import PlatformLink

TOLD_LATELY = timedelta(days=60)  # as `conferences.weekly` has it
MOST = 200  # conferences whose dates a calendar shows


@cache
def _platforms() -> frozenset[str]:
    slugs = registry.slugs()
    return frozenset(slug for slug in slugs if registry.room(slug).capabilities.lists_dates)


def coming(rows: Iterable[Conference]) -> dict[int, list[datetime]]:
    """The dates that lie ahead of each of some conferences of which several were listed; nothing is
    asked where no platform of theirs lists any."""
    ids = [row.pk for row in rows if row.account.platform in _platforms()]
    return _dates(ids) if ids else {}


def _dates(ids: Iterable[int]) -> dict[int, list[datetime]]:
    links = PlatformLink.objects.filter(
        kind=Kind.CONFERENCE, local_id__in=list(ids), state=PlatformLink.State.LIVE
    )
    moment, found = clock.now(), {}
    for pk, facts in links.order_by("pk").values_list("local_id", "facts"):
        told = [parse_instant(one) for one in facts.get(COMING_DATES, ())]
        if ahead := [at for at in told if at > moment]:
            found[pk] = ahead
    return {pk: dates for pk, dates in found.items() if pk is not None}


def with_listed_dates(
    rows: Iterable[Conference], first: datetime, last: datetime, wanted: Q
) -> list[Conference]:
    """Some conferences, and a copy for each further date from `first` to before `last` of those of
    which a platform lists several, as far as they are wanted; in time's order."""
    found = list(rows)
    several = Conference.objects.select_related("account").filter(
        account__platform__in=_platforms(),
        removed_at=None,
        starts_at__gt=clock.now() - TOLD_LATELY,
    )
    some = {row.pk: row for row in several.filter(wanted).order_by("pk")[:MOST]}
    for pk, dates in _dates(some).items() if some else ():
        for at in dates:
            if first <= at < last and at != some[pk].starts_at:
                one = copy.copy(some[pk])
                one.starts_at = at
                found.append(one)
    return sorted(found, key=lambda row: (row.starts_at is None, row.starts_at, row.pk))
