"""One row, many dates: a conference that repeats, with one link for all of them.

Either its platform repeats it every week. That tells the days and its next start; which instants
follow, the zone by whose clock they are meant says. Where that zone is not known, the dates are
counted by the conference's own.

Or it is a permanent room, of which no platform knows dates: Lectern keeps them
(`Conference.dates`).
"""

import copy
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from integrations import registry
from integrations.base.records import OPTION_PREFIX, parse_instant
from portal.common import clock, zones
from portal.common.dates import CLOCK, SHORT, written
from portal.conferences import recurrence, walltime
from portal.conferences.models import Conference
from portal.conferences.models.conference import ASSUMED_MINUTES
from portal.platforms.models import PlatformAccount

NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MOST = 200  # conferences that a calendar repeats
TOLD = 12  # dates that a mail names
# Its next start is told with each sync: one that nobody told of for so long is over.
TOLD_LATELY = timedelta(days=60)


@cache
def _platforms() -> dict[str, str]:
    """Platform -> its option that names the days."""
    found = {slug: registry.room(slug).capabilities.weekly for slug in registry.slugs()}
    return {slug: one.days for slug, one in found.items() if one is not None}


def days_of(conference: Conference) -> tuple[int, ...]:
    """The days of the week on which its platform repeats it, Monday being 0; none where it does
    not."""
    if conference.starts_at is None or not conference.options:
        return ()
    option = _platforms().get(conference.account.platform)
    if option is None:
        return ()
    said = str(conference.options.get(option) or "").lower().replace(",", " ").split()
    return tuple(number for number, name in enumerate(NAMES) if name in said)


def clock_of(conference: Conference) -> tuple[str, bool]:
    """The zone by whose clock it repeats, and whether that is surely the platform's."""
    if told := server_zone(conference.account):
        return told, True
    return conference.timezone if conference.timezone in zones.known() else "UTC", False


def server_zone(account: PlatformAccount) -> str:
    """The zone by whose clock an account's platform repeats, as it is set; empty where it is not,
    or no zone that is known."""
    weekly = account.capabilities.weekly
    told = str(account.options.get(weekly.zone) or "").strip() if weekly else ""
    return told if told in zones.known() else ""


def room_of(account: PlatformAccount, first_week: Sequence[datetime]) -> dict[str, Any]:
    """The values by which the platform repeats one room at these starts of its first week. The days
    are those of the server's calendar."""
    weekly = account.capabilities.weekly
    if weekly is None:
        return {}
    zone = server_zone(account)
    days = sorted({walltime.wall(at, zone).weekday() for at in first_week})
    said = ", ".join(NAMES[day] for day in days)
    return {"starts_at": min(first_week), f"{OPTION_PREFIX}{weekly.days}": said}


def kept(conference: Conference) -> list[datetime]:
    """The starts (UTC) that Lectern keeps of a permanent room, earliest first."""
    if not conference.permanent or conference.starts_at is None:
        return []
    return [parse_instant(text) for text in conference.dates]


def ahead(conference: Conference) -> list[datetime]:
    """Those of them that have not begun."""
    moment = clock.now()
    return [at for at in kept(conference) if at > moment]


def starts(conference: Conference, since: datetime | None = None) -> Iterator[datetime]:
    """Its starts (UTC) from the next one that is known on, or from another moment on; what its
    platform repeats has no end, and none before the next one."""
    if own := kept(conference):
        first = since or conference.starts_at
        yield from (at for at in own if first is None or at >= first)
        return
    days, start = days_of(conference), conference.starts_at
    if not days or start is None:
        return
    zone, _sure = clock_of(conference)
    wall, since = walltime.wall(start, zone), max(start, since or start)
    monday = wall - timedelta(days=wall.weekday())
    week = max(0, (since - start).days // 7 - 1)
    while (monday + timedelta(weeks=week)).year <= walltime.LAST_YEAR:
        for day in days:
            at = recurrence.occurrence(monday + timedelta(weeks=week, days=day), zone).at
            if at >= since:
                yield at
        week += 1


def next_starts(conference: Conference, count: int) -> list[datetime]:
    """The first few of them."""
    return list(islice(starts(conference), count))


def soonest(conference: Conference, since: datetime) -> datetime | None:
    """The first date (UTC) from a moment on at which its platform would hold it, with its days and
    its clock time as they stand; None where no platform repeats it, or by a clock that is not
    surely known. A platform keeps the days and the hour, and no date."""
    days, start = days_of(conference), conference.starts_at
    zone, sure = clock_of(conference) if days else ("", False)
    if not sure or start is None:
        return None
    hour, today = walltime.wall(start, zone).time(), walltime.wall(since, zone).date()
    some = (datetime.combine(today + timedelta(days=n), hour) for n in range(15))
    at = (recurrence.occurrence(one, zone).at for one in some if one.weekday() in days)
    return next((one for one in at if one >= since), None)


def on_days(conference: Conference) -> str:
    """The days of the week on which its platform repeats it, in words."""
    names = (str(WEEKDAYS[day]) for day in days_of(conference))
    return pgettext("between two names of a list", ", ").join(names)


def repeated(wanted: Q) -> QuerySet[Conference]:
    """The conferences that are wanted and may repeat: those of which a platform told lately, and
    permanent rooms that have dates."""
    asked = Q(permanent=True)
    for slug, option in _platforms().items():
        field = f"options__{option}"
        told = Q(account__platform=slug, options__has_key=option) & ~Q(**{field: ""})
        asked |= told & Q(starts_at__gt=clock.now() - TOLD_LATELY)
    rows = Conference.objects.select_related("account").filter(removed_at=None, draft=False)
    # What was over long ago must not keep out what is to come.
    return rows.filter(asked, wanted, starts_at__isnull=False).order_by("-starts_at", "pk")[:MOST]


def on_each_date(
    rows: Iterable[Conference], first: datetime, last: datetime
) -> Iterator[Conference]:
    """A copy of each conference for each of its dates from `first` to before `last`, but for the
    one that its row has."""
    for row in rows:
        for at in starts(row, first):
            if at >= last:
                break
            if at != row.starts_at:
                one = copy.copy(row)
                one.starts_at, one.of_one_date = at, True
                yield one


def in_words(conference: Conference) -> str:
    """That it repeats: on which days at which hour, or how many dates are still ahead; empty where
    it does not."""
    if dates := kept(conference):
        left = len(ahead(conference))
        said = ngettext("One link for %(count)d date", "One link for %(count)d dates", len(dates))
        if left < len(dates):
            said = ngettext(
                "One link for %(count)d date, which is over or on",
                "One link for %(count)d dates, %(left)d of them ahead",
                len(dates),
            )
        return said % {"count": len(dates), "left": left}
    named = on_days(conference)
    if not named or conference.starts_at is None:
        return ""
    zone, _sure = clock_of(conference)
    at = conference.starts_at.astimezone(ZoneInfo(zone))
    said = _("Every week on %(days)s at %(time)s")
    return said % {"days": named, "time": written(at, CLOCK)}


def dates_in_words(conference: Conference) -> str:
    """The same for those who take part: the dates of a permanent room are named."""
    if not kept(conference):
        return in_words(conference)
    return _("One link for all dates: %(dates)s") % {"dates": dates_named(conference)}


def dates_named(conference: Conference) -> str:
    """The dates that Lectern keeps of it and that are not over, by its clock and in few words; the
    last one where all are over. Empty without."""
    length = timedelta(minutes=conference.duration_minutes or ASSUMED_MINUTES)
    dates = [parse_instant(at) for at in conference.dates]
    left = [at for at in dates if at + length > clock.now()] or dates[-1:]
    zone = zones.zone(conference.timezone)
    found = list(dict.fromkeys(written(at.astimezone(zone), SHORT) for at in left))
    named = pgettext("between two names of a list", ", ").join(found[:TOLD])
    if (more := len(found) - TOLD) <= 0:
        return named
    rest = ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more}
    return f"{named} {rest}"


def goes_on(conference: Conference, before: datetime | None) -> bool:
    """Whether its start, which was `before`, is another one only since that date is over: of what a
    platform repeats, or lists the dates of, the next date has come."""
    account = conference.account
    repeats = days_of(conference) or account.capabilities.lists_dates
    return bool(repeats) and before is not None and before <= clock.now()
