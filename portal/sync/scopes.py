"""Which listings a sync reads, and what stands on our side of each."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from integrations.base.records import PARENTS, Kind
from portal.common import clock
from portal.conferences.models import Conference, Session
from portal.sync.mirrors import MIRRORS
from portal.sync.models import Hold, PlatformLink, SyncRun
from portal.sync.scope import Scope
from portal.sync.work import Work

# The lists of one conference cost a call each. Near its time they are read at each sync; later
# and earlier ones in turn, spread evenly over the syncs; all of them once a day.
NEAR_BEFORE, NEAR_AFTER = timedelta(days=2), timedelta(days=1)
TURNS_AHEAD, TURNS_PAST = 6, 100
FULL_EVERY = timedelta(hours=24)
RELEASE_COUNTS_FOR = timedelta(days=7)


def load(work: Work, kind: Kind, parent: PlatformLink | None, *, full: bool) -> Scope:
    """Read our side of one listing: two queries."""
    mirror = MIRRORS[kind]
    rows = mirror.rows(work.account, parent.local_id if parent else None)
    links = PlatformLink.objects.filter(account=work.account, kind=kind, parent=parent)
    return Scope(
        adapter=work.adapter,
        mirror=mirror,
        parent=parent,
        rows={row.pk: row for row in rows},
        links=list(links.order_by("pk")),
        released=_released(work, kind, parent),
        full=full,
    )


def _released(work: Work, kind: Kind, parent: PlatformLink | None) -> frozenset[str]:
    since = clock.now() - RELEASE_COUNTS_FOR
    holds = Hold.objects.filter(
        account=work.account, kind=kind, parent=parent, released=True, ended_at__gt=since
    )
    lists = holds.values_list("missing", flat=True)
    return frozenset(str(line.get("id") or line.get("local_id")) for m in lists for line in m)


def parents(work: Work, kind: Kind, *, full: bool) -> Iterator[PlatformLink | None]:
    """The parents whose children of this kind are to be listed in this sync."""
    parent_kind = PARENTS.get(kind)
    if parent_kind is None:
        yield None
        return
    links = PlatformLink.objects.filter(
        account=work.account, kind=parent_kind, state=PlatformLink.State.LIVE, unlisted=False
    )
    links = links.exclude(external_id=None).exclude(local_id=None).order_by("pk")
    moment, turn = clock.now(), _turn(work)
    times = _times(parent_kind, [link.local_id or 0 for link in links])
    for link in links:
        start, end = times.get(link.local_id or 0, (None, None))
        if full or _due(kind, link, start, end, moment, turn):
            yield link


def _times(kind: Kind, ids: list[int]) -> dict[int, tuple[datetime | None, datetime | None]]:
    if kind is Kind.CONFERENCE:
        rows = Conference.objects.filter(pk__in=ids).only("starts_at", "duration_minutes")
        return {row.pk: (row.starts_at, row.ends_at) for row in rows}
    if kind is Kind.SESSION:
        sessions = Session.objects.filter(pk__in=ids).values_list("pk", "starts_at", "ends_at")
        return {pk: (start, end) for pk, start, end in sessions}
    return {}


def _due(
    kind: Kind,
    link: PlatformLink,
    start: datetime | None,
    end: datetime | None,
    moment: datetime,
    turn: int,
) -> bool:
    if start is None:
        return (turn + link.pk) % TURNS_AHEAD == 0
    if start - NEAR_BEFORE <= moment <= (end or start) + NEAR_AFTER:
        return True
    turns = TURNS_AHEAD if start > moment else TURNS_PAST
    return (turn + link.pk) % turns == 0


def _turn(work: Work) -> int:
    """A number that grows by one from sync to sync, without being stored."""
    return int(clock.now().timestamp() // (work.account.interval_minutes * 60))


def wants_full(work: Work) -> bool:
    """Whether the daily complete sync is due."""
    since = clock.now() - FULL_EVERY
    done = SyncRun.objects.filter(account=work.account, full=True, started_at__gt=since)
    return not done.exclude(outcome=SyncRun.Outcome.FAILED).exists()
