"""Which listings a sync reads, and what stands on our side of each."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count

from integrations.base.records import PARENTS, Kind
from portal.common import clock
from portal.conferences.models import Conference, Session
from portal.sync import compare
from portal.sync.kinds import KINDS
from portal.sync.models import PlatformLink, SyncRun
from portal.sync.scope import Scope
from portal.sync.work import Work

# The lists of one conference cost a call each. Near its time they are read at each sync; later
# and earlier ones in turn, spread evenly over the syncs; all of them once a day.
NEAR_BEFORE, NEAR_AFTER = timedelta(days=2), timedelta(days=1)
TURNS_AHEAD, TURNS_PAST = 6, 100
FULL_EVERY = timedelta(hours=24)
LINKS_AT_ONCE = 5000


def each(work: Work, *, full: bool) -> Iterator[Scope]:
    """Every listing that is due, parents before children, with all that stands there.

    Our side is read for many listings at once, so that a listing costs no query of its own.
    """
    due: dict[Kind, list[PlatformLink]] = {}
    for kind in Kind:
        if kind not in KINDS or not work.adapter.capabilities.kind(kind).mirrored:
            continue
        above = PARENTS.get(kind)
        if above is None:
            yield load(work, kind, None, full=full)
            continue
        if above not in due:
            due[above] = [x for x in _parents(work, above, full=full) if not _missed(work, x)]
        for some in _batches(work, kind, due[above]):
            for scope in _load(work, kind, some, full):
                if not _missed(work, scope.parent):
                    yield scope


def load(work: Work, kind: Kind, parent: PlatformLink | None, *, full: bool) -> Scope:
    """Read our side of one listing: two queries."""
    return next(_load(work, kind, [parent] if parent else [], full))


def again(work: Work, scope: Scope) -> Scope | None:
    """The place of a listing, read anew; None where what it belongs to no longer stands there."""
    parent = scope.parent
    if parent is not None:
        live = PlatformLink.objects.filter(pk=parent.pk, state=PlatformLink.State.LIVE)
        parent = live.exclude(local_id=None).first()
        if parent is None:
            return None
    return load(work, scope.kind, parent, full=scope.full)


def _load(work: Work, kind: Kind, parents: list[PlatformLink], full: bool) -> Iterator[Scope]:
    """Read our side of the listings of a kind in these parents, without any: in the account."""
    mirror = KINDS[kind].mirror
    links: dict[int | None, list[PlatformLink]] = defaultdict(list)
    rows: dict[int | None, dict[int, Any]] = defaultdict(dict)
    known = PlatformLink.objects.filter(account=work.account, kind=kind)
    known = known.filter(parent__in=parents) if parents else known.filter(parent=None)
    for link in known.order_by("pk"):
        links[link.parent_id].append(link)
    for row in mirror.rows(work.account, [parent.local_id for parent in parents]):
        rows[mirror.parent_of(row)][row.pk] = row
    for parent in parents or (None,):
        pk, local_id = (parent.pk, parent.local_id) if parent else (None, None)
        yield Scope(
            work.adapter,
            mirror,
            parent,
            rows.pop(local_id, {}),
            links.pop(pk, []),
            work.account,
            full,
            work.run.started_at,
        )


def _batches(work: Work, kind: Kind, parents: list[PlatformLink]) -> Iterator[list[PlatformLink]]:
    """Parents in turn, so many that their links fit into memory together."""
    known = PlatformLink.objects.filter(account=work.account, kind=kind).order_by()
    sizes = dict(known.values_list("parent").annotate(Count("pk"))) if parents else {}
    some: list[PlatformLink] = []
    held = 0
    for parent in parents:
        size = 1 + sizes.get(parent.pk, 0)
        if some and held + size > LINKS_AT_ONCE:
            yield some
            some, held = [], 0
        some.append(parent)
        held += size
    if some:
        yield some


def _missed(work: Work, parent: PlatformLink | None) -> bool:
    """Whether this very run has missed it, or what it belongs to: then it has no lists to read."""
    if parent is None or not compare.GUARDS.skip_lists_of_missed:
        return False
    return parent.pk in work.missed or parent.parent_id in work.missed


def _parents(work: Work, kind: Kind, *, full: bool) -> Iterator[PlatformLink]:
    """The records of a kind whose children are to be listed in this sync."""
    links = PlatformLink.objects.filter(
        account=work.account, kind=kind, state=PlatformLink.State.LIVE, unlisted=False
    )
    links = links.exclude(external_id=None).exclude(local_id=None).order_by("pk")
    if kind in PARENTS:
        links = links.filter(parent__state=PlatformLink.State.LIVE)
    moment, turn = clock.now(), _turn(work)
    times = {} if full else _times(kind, [link.local_id or 0 for link in links])
    for link in links:
        start, end = times.get(link.local_id or 0, (None, None))
        if full or _due(kind, link, start, end, moment, turn):
            yield link


def _times(kind: Kind, ids: list[int]) -> dict[int, tuple[datetime | None, datetime | None]]:
    if kind is Kind.CONFERENCE:
        rows = Conference.objects.filter(pk__in=ids).only("starts_at", "duration_minutes")
        return {row.pk: (row.starts_at, row.over_at) for row in rows}
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
    syncs = SyncRun.objects.exclude(trigger=SyncRun.DRY_RUN)
    done = syncs.filter(account=work.account, full=True, started_at__gt=since)
    return not done.exclude(outcome=SyncRun.Outcome.FAILED).exists()
