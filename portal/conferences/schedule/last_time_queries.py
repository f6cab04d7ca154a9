"""The webinars that an account had, as what the next one may be like."""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.common import clock
from portal.conferences import walltime
from portal.conferences.models import Conference
from portal.conferences.schedule.likeness import Held, Sort, like, next_day, sorts, words_of
from portal.platforms.models import PlatformAccount

READ = 200  # the last so many are looked at
FURTHEST = timedelta(days=5 * 366)  # what is planned later is no pattern


@dataclass(frozen=True, slots=True)
class Again:
    """A webinar that may take place again: when it last did, or will (`ahead`), and when it would
    next."""

    pk: int
    title: str
    last: date
    next: date
    ahead: bool = False


def offers(account: PlatformAccount, title: str, zone: str) -> list[Again]:
    """The webinars of an account that one with this title may be like; the last ones for none."""
    today = walltime.wall(clock.now(), zone).date()
    return [
        Again(last.pk, last.title, last.day, next_day(one.days, today), last.day >= today)
        for one in like(title, _of_account(account))
        for last in (one.last,)
    ]


def next_after(conference: Conference) -> date | None:
    """When the next webinar of this one's sort would take place, by its own zone."""
    wanted = words_of(conference.title)
    today = walltime.wall(clock.now(), conference.timezone).date()
    for one in _of_account(conference.account):
        if wanted and words_of(one.last.title) == wanted:
            return next_day(one.days, today)
    return None


def _of_account(account: PlatformAccount) -> list[Sort]:
    """What took place, or will, on an account: sort by sort, the last first."""
    rows = Conference.objects.filter(
        account=account,
        removed_at=None,
        draft=False,
        starts_at__lte=clock.now() + FURTHEST,
    ).order_by("-starts_at")
    found = rows.values_list("pk", "title", "starts_at", "timezone")[:READ]
    return sorts(
        Held(pk, title, walltime.wall(at, zone).date())
        for pk, title, at, zone in found
        if at is not None
    )
