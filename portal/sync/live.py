"""Webinars that are read beside the syncs, each with its lists: what is live, and what somebody
looks at.

Which are live follows from their times, so nothing has to be kept of them but when each was read
last (`Watched`). As many are read at once as the pace leaves, who was asked for first and then who
waits longest; what they took says when the account's next ones may be read (`live_at`).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from integrations.base.records import Kind
from portal.common import clock
from portal.common.bulk import Among
from portal.conferences.models import Conference, Session
from portal.platforms import budget
from portal.platforms.lease import Lease
from portal.platforms.models import AccountRuntime, PlatformAccount
from portal.sync import readings
from portal.sync.models import PlatformLink, Watched

State = PlatformLink.State
# The clock looks every 15 seconds, so that what is read again after this is read once a minute.
LATELY = timedelta(seconds=55)
# One that could not be read is tried again after this.
FAILED_LATELY = timedelta(minutes=10)
# What goes on for longer, or without an end for so long, is near like others of its day.
LONGEST = timedelta(days=1)
# A claim that came to nothing, and the longest that the cost of one run holds up the next.
CLAIM, LONGEST_REST = timedelta(minutes=1), timedelta(minutes=10)
FORGOTTEN_AFTER = timedelta(days=1)
Due = tuple[int, int]  # the keys of an account and of a webinar's link


def due(moment: datetime, account_id: int | None = None) -> list[Due]:
    """Whose lists are to be read, on one account or on all of them: first what was asked for, then
    what is live and was tried longest ago."""
    mine = _links(account_id)
    asked = mine.filter(watched__wanted_at__isnull=False).order_by("watched__wanted_at")
    found = dict.fromkeys(asked.values_list("account_id", "pk"))
    if ids := running(moment, account_id):
        well = Q(watched__read_at=F("watched__tried_at"))
        wait = Q(watched__tried_at=None) | Q(well, watched__tried_at__lte=moment - LATELY)
        wait |= Q(watched__tried_at__lte=moment - FAILED_LATELY)
        rows = mine.filter(wait, local_id__in=Among(ids)).order_by()
        waiting = sorted(
            rows.values_list("watched__tried_at", "account_id", "pk"),
            key=lambda row: (row[0] is not None, row),
        )
        found |= dict.fromkeys((owner, pk) for _, owner, pk in waiting)
    return list(found)


def running(moment: datetime, account_id: int | None = None) -> list[int]:
    """The webinars that are live, by their times; a permanent room is while a session of it has
    begun and not ended."""
    planned = Conference.objects.filter(draft=False, removed_at=None, gone_at=None)
    sessions = Session.objects.filter(ends_at=None, removed_at=None, gone_at=None)
    if account_id is not None:
        planned = planned.filter(account=account_id)
        sessions = sessions.filter(conference__account=account_id)
    planned = planned.filter(
        starts_at__gte=moment - LONGEST - readings.LIVE_AFTER,
        starts_at__lte=moment + readings.LIVE_BEFORE,
    )
    rows = planned.only("starts_at", "duration_minutes").order_by()
    found = {row.pk for row in rows if readings.is_live(row.starts_at, row.over_at, moment)}
    begun = sessions.filter(starts_at__gte=moment - LONGEST, starts_at__lte=moment)
    rooms = begun.filter(Q(conference__starts_at=None) | Q(conference__permanent=True)).order_by()
    return sorted(found.union(rooms.values_list("conference_id", flat=True)))


def newest_session(webinar: PlatformLink) -> PlatformLink | None:
    """The link of the session that goes on, or was the last one."""
    links = PlatformLink.objects.filter(parent=webinar, kind=Kind.SESSION, state=State.LIVE)
    links = links.exclude(external_id=None)
    rows = Session.objects.filter(conference=webinar.local_id, starts_at__lte=clock.now())
    newest = rows.filter(pk__in=links.values("local_id")).order_by("-starts_at", "-pk")
    pk = newest.values_list("pk", flat=True).first()
    return links.filter(local_id=pk).first() if pk is not None else None


# The pace ------------------------------------------------------------------------------------


def room_and_cost(account: PlatformAccount) -> tuple[float, float]:
    """How many calls a minute the account has for this, and how many one webinar takes with its
    own record."""
    rounds, can = readings.rounds_of(account.runtime), account.capabilities
    room = readings.live_room(budget.per_minute(account), rounds.used())
    return room, rounds.of_one(readings.lists(can)) + can.kind(Kind.CONFERENCE).get.offered


def now_due(account: PlatformAccount) -> list[PlatformLink]:
    """Those of an account that are to be read now, as many as its pace leaves."""
    ids = [pk for _, pk in due(clock.now(), account.pk)]
    most = readings.live_at_once(*room_and_cost(account)) if ids else 0
    found = PlatformLink.objects.in_bulk(ids[:most])
    return [found[pk] for pk in ids[:most] if pk in found]


def were_read(
    lease: Lease,
    account: PlatformAccount,
    links: Mapping[PlatformLink, bool | None],
    at: datetime,
    calls: int,
) -> timedelta:
    """Write down that these were tried with so many calls, and whether something was found (None:
    they could not be read); answers how long the next ones wait."""
    room, _ = room_and_cost(account)
    rest = min(timedelta(minutes=calls / room), LONGEST_REST)
    tried = [Watched(link=link, tried_at=at) for link in links]
    read = [
        Watched(link=link, tried_at=at, read_at=at, news=news)
        for link, news in links.items()
        if news is not None
    ]
    with lease.commit():
        for rows, more in ((tried, []), (read, ["read_at", "news"])):
            Watched.objects.bulk_create(
                rows,
                update_conflicts=True,
                unique_fields=["link"],
                update_fields=["tried_at", "wanted_at", *more],
            )
        AccountRuntime.objects.filter(pk=account.pk).update(live_at=clock.now() + rest)
    return rest


# When ----------------------------------------------------------------------------------------


def accounts_due(moment: datetime) -> QuerySet[PlatformAccount]:
    """The accounts on which something is to be read and no worker is at work: a sync that takes
    long reads it by itself."""
    ids = {account_id for account_id, _ in due(moment)}
    if not ids:
        return PlatformAccount.objects.none()
    quiet = Q(runtime__open_until__gt=moment) | Q(runtime__blocked_until__gt=moment)
    busy = Q(runtime__lease_until__gt=moment)
    rows = PlatformAccount.objects.filter(
        pk__in=ids, paused=False, state=PlatformAccount.State.CONNECTED
    )
    return rows.exclude(quiet | busy)


def claimed(account_id: int, moment: datetime) -> bool:
    """Take the account's next live run, so that nobody enqueues it a second time while it waits;
    whether its time has come. Further ahead than any rest it was written by a wrong clock."""
    free = Q(live_at=None) | Q(live_at__lte=moment) | Q(live_at__gt=moment + 2 * LONGEST_REST)
    mine = AccountRuntime.objects.filter(free, pk=account_id)
    return bool(mine.update(live_at=moment + CLAIM))


def found_no_room(account_id: int) -> None:
    """Another worker is at it: the claim is given back."""
    AccountRuntime.objects.filter(pk=account_id).update(live_at=clock.now())


def forget() -> None:
    """Forget those that nobody needs any more."""
    long_ago = clock.now() - FORGOTTEN_AFTER
    old = Q(tried_at__lt=long_ago) | Q(tried_at=None, wanted_at__lt=long_ago)
    Watched.objects.filter(old).delete()


def _links(account_id: int | None) -> QuerySet[PlatformLink]:
    links = PlatformLink.objects.filter(kind=Kind.CONFERENCE, state=State.LIVE, unlisted=False)
    links = links.exclude(external_id=None).exclude(local_id=None)
    return links if account_id is None else links.filter(account=account_id)
