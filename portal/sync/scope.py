"""One listing's place, from both sides: what stands there here, and what the platform showed.

And which of these places a sync goes through.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet

from integrations.base.adapter import Adapter
from integrations.base.capabilities import KindCapability
from integrations.base.errors import PlatformError
from integrations.base.records import PARENTS, Fields, Kind, Record
from portal.common import clock
from portal.common.texts import Text
from portal.platforms import budget
from portal.platforms.models import PlatformAccount
from portal.sync import live, readings
from portal.sync.ahead import Place
from portal.sync.context import SyncContext
from portal.sync.kinds import KINDS, mirror_of
from portal.sync.known import Known, read
from portal.sync.mirrors.base import Mirror
from portal.sync.models import Hold, PlatformLink
from portal.sync.readings import Turn

State = PlatformLink.State
RELEASE_COUNTS_FOR = timedelta(days=7)
LINKS_AT_ONCE = 5000


@dataclass(slots=True)
class Scope:
    """One kind within one parent on one account, with all that stands there on our side."""

    adapter: Adapter
    mirror: Mirror
    parent: PlatformLink | None
    rows: dict[int, Any]
    links: list[PlatformLink]
    account: PlatformAccount
    full: bool = True
    since: datetime = field(default_factory=clock.now)  # when the sync began that reads it
    known: Known | None = None  # then rows and links are not loaded yet
    told: int = 0  # how often the run had told the platform something when our side was read
    live: int = 0  # how many a listing should show, as far as is known
    proves: bool = True  # whether what a complete listing lacks counts as missing
    by_id: dict[str, PlatformLink] = field(default_factory=dict)
    by_row: dict[int, PlatformLink] = field(default_factory=dict)
    by_marker: dict[str, PlatformLink] = field(default_factory=dict)
    _by_key: dict[Any, Any] | None = None
    _released: frozenset[str] | None = None

    def __post_init__(self) -> None:
        self._index()

    def replace(self, rows: dict[int, Any], links: list[PlatformLink]) -> None:
        """Go on with our side as it was read anew."""
        self.rows, self.links = rows, links
        self._index()

    def _index(self) -> None:
        self._by_key = self._released = None
        self.by_id = {x.external_id: x for x in self.links if x.external_id}
        self.by_row = {x.local_id: x for x in self.links if x.local_id is not None}
        self.by_marker = {x.marker: x for x in self.links if x.marker}
        synced = (x for x in self.links if x.state == State.LIVE and x.made)
        self.live = sum(not x.unlisted for x in synced)

    def has_row(self, pk: int) -> bool:
        """Whether a row of ours stands in it."""
        return pk in (self.rows if self.known is None else self.known.rows)

    @property
    def kind(self) -> Kind:
        """The kind that is listed."""
        return self.mirror.kind

    @property
    def can(self) -> KindCapability:
        """What the platform can do with the kind."""
        return self.adapter.capabilities.kind(self.kind)

    @property
    def parent_id(self) -> str | None:
        """The platform's id of what the listing belongs to."""
        return self.parent.external_id if self.parent else None

    @property
    def place(self) -> tuple[Kind, int | None]:
        """The scope by kind and parent, as brakes are kept."""
        return self.kind, self.parent.pk if self.parent else None

    @property
    def as_asked(self) -> Place:
        """The list as it is asked for. Where all of our side is read first, that is not before its
        turn."""
        careful = self.known is not None and self.known.careful
        return Place(self.place, self.adapter, self.kind, self.parent_id, waits=careful)

    @property
    def released(self) -> frozenset[str]:
        """Absences that a person has accepted; read when something is missing, and once."""
        if self._released is None:
            since = clock.now() - RELEASE_COUNTS_FOR
            lists = Hold.objects.filter(
                account=self.account,
                kind=self.kind,
                parent=self.parent,
                released=True,
                ended_at__gt=since,
            ).values_list("missing", flat=True)
            lines = (line for missing in lists for line in missing)
            self._released = frozenset(str(x.get("id") or x.get("local_id")) for x in lines)
        return self._released

    def by_key(self) -> dict[Any, Any]:
        """Our rows by natural key; read once."""
        if self._by_key is None:
            read = self.mirror.read
            self._by_key = {self.our_key(read(row)): row for row in self.rows.values()}
        return self._by_key

    def accepted(self, link: PlatformLink) -> bool:
        """Whether a person has accepted that it is missing; one without an id is known by its row,
        as in the list that was shown."""
        return (link.external_id or str(link.local_id)) in self.released

    def our_key(self, fields: Fields) -> tuple[Any, ...] | None:
        """The natural key of the record that the platform makes of fields of ours."""
        shown = {**fields, **self.adapter.expected(self.kind, fields)}
        return self.mirror.key(shown, self.can.natural_key)

    def row_of(self, link: PlatformLink) -> Any:
        """The row of a link, or None for a duplicate or a row that was deleted outright."""
        return self.rows.get(link.local_id) if link.local_id is not None else None

    def reinstates(self, link: PlatformLink | None, row: Any) -> bool:
        """Whether staff want somebody back who was removed there, by us or by others."""
        removed = link is not None and link.state in (State.GONE, State.DELETED)
        return removed and self.kind in PARENTS and not (row.removed_at or row.gone_at)


@dataclass(slots=True)
class Listing:
    """What a platform's complete listing showed. Only an accepted one proves an absence.

    `ids` are those of all its records, `records` those that something may follow from.
    `asked` has a stopwatch for each record, started before its page was asked for. Where the
    platform does not know what the listing belongs to, `orphaned` says so. One that does not
    `prove` anything was read between two syncs (see `lists_of`).
    """

    kind: Kind
    started_at: datetime
    proves: bool = True
    records: dict[str, Record] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    asked: dict[str, Callable[[], timedelta]] = field(default_factory=dict)
    why_not: Text | str = ""
    error: PlatformError | None = None
    orphaned: bool = False

    @property
    def accepted(self) -> bool:
        """Whether it may be believed, also in what it lacks."""
        return self.proves and not self.why_not


def digest(record: Record) -> str:
    """A short fingerprint of what a listing shows of a record."""
    text = json.dumps([dict(record.fields), dict(record.facts)], sort_keys=True, default=str)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def due_scopes(context: SyncContext, *, full: bool) -> Iterator[Scope]:
    """Every listing that is due, parents before children, with all that stands there.

    Our side is read for many listings at once, so that a listing costs no query of its own.
    """
    for kind in _mirrored(context, None):
        if context.is_time_up():
            return
        if full or not _rests(context, kind):
            yield next(_lean(context, kind, [], full))
        yield from _children(context, kind, full)
        if kind is Kind.CONFERENCE:
            yield from _children(context, Kind.SESSION, full)


def _children(context: SyncContext, above: Kind, full: bool) -> Iterator[Scope]:
    """The lists of those records of a kind whose turn it is, one record after the other: so that
    whatever ends the run, those before are done. A run that has gone on for long ends between two.
    """
    kinds = _mirrored(context, above)
    if not kinds:
        return
    context.before_children()
    account, rounds, spent = context.account, context.rounds, context.reading_calls
    lists = sum(context.adapter.capabilities.kind(kind).list.offered for kind in kinds)
    for part in readings.in_turn(account, rounds, above, lists=lists, spent=spent):
        for some in _batches(context, kinds, part):
            places = _places(context, kinds, some, full)
            context.ahead.expect(_lists(places.get(turn.link.pk, ())) for turn in some)
            for turn in some:
                if context.is_time_up():
                    return
                before = context.reading_calls
                rounds.begins(above, turn)
                for scope in places.get(turn.link.pk, ()):
                    if not missed(context, turn.link):
                        yield scope
                rounds.has_read(above, turn, context.reading_calls - before)


def lists_of(context: SyncContext, webinar: PlatformLink) -> Iterator[Scope]:
    """The lists of one webinar and of its newest session, read between two syncs.

    Absences have to lie apart, and these listings do not: so what they show is taken, and what they
    lack means nothing.
    """
    yield from _between_syncs(context, Kind.CONFERENCE, webinar)
    session = live.newest_session(webinar)
    if session is not None:
        yield from _between_syncs(context, Kind.SESSION, session)


def _between_syncs(context: SyncContext, above: Kind, parent: PlatformLink) -> Iterator[Scope]:
    can = context.adapter.capabilities
    for kind in _mirrored(context, above):
        if can.kind(kind).list.offered and not missed(context, parent):
            scope = next(_lean(context, kind, [parent], False))
            scope.proves = False
            yield scope


def _places(
    context: SyncContext, kinds: list[Kind], some: list[Turn], full: bool
) -> dict[int, list[Scope]]:
    """The places of all lists of these records, by the record's key."""
    parents = [turn.link for turn in some if not missed(context, turn.link)]
    if context.told:
        parents = list(_standing(parents))
    places: dict[int, list[Scope]] = defaultdict(list)
    for kind in kinds if parents else ():
        for scope in _lean(context, kind, parents, full):
            if scope.parent is not None:
                places[scope.parent.pk].append(scope)
    return places


def _lists(scopes: Iterable[Scope]) -> Iterator[Place]:
    return (scope.as_asked for scope in scopes if scope.can.list.offered)


def _mirrored(context: SyncContext, above: Kind | None) -> list[Kind]:
    """The kinds that the account has and that belong to this one."""
    can = context.adapter.capabilities
    return [k for k in Kind if k in KINDS and PARENTS.get(k) is above and can.kind(k).mirrored]


def _rests(context: SyncContext, kind: Kind) -> bool:
    interval = context.account.interval_minutes
    allowed = readings.room(budget.per_minute(context.account), interval)
    return context.rounds.rests(kind, allowed, interval)


def load(context: SyncContext, kind: Kind, parent: PlatformLink | None, *, full: bool) -> Scope:
    """Read our side of one listing: two queries."""
    return next(_load(context, kind, [parent] if parent else [], full))


def of_one(context: SyncContext, link: PlatformLink) -> Scope | None:
    """The place of one webinar's own record, and nothing else of its kind; None where it is not
    simply there on both sides: then the next listing has to say what becomes of it."""
    fresh, mirror = _standing([link]).first(), mirror_of(Kind(link.kind))
    if fresh is None or fresh.local_id is None or fresh.op or fresh.brought:
        return None
    if fresh.misses or fresh.unlisted:
        return None
    row = mirror.row(fresh.local_id)
    if row is None or row.removed_at or row.gone_at:
        return None
    return _scope(context, mirror, None, {row.pk: row}, [fresh], False)


def reload(context: SyncContext, scope: Scope) -> Scope | None:
    """The place of a listing, read anew; None where what it belongs to no longer stands there."""
    parent = scope.parent
    if parent is not None:
        parent = _standing([parent]).first()
        if parent is None:
            return None
    return next(_lean(context, scope.kind, [parent] if parent else [], scope.full))


def _standing(parents: list[PlatformLink]) -> QuerySet[PlatformLink]:
    """Those that stand there still, read anew."""
    live = PlatformLink.objects.filter(pk__in=[x.pk for x in parents], state=State.LIVE)
    return live.exclude(local_id=None)


def missed(context: SyncContext, parent: PlatformLink | None) -> bool:
    """Whether this very run has missed it, or what it belongs to: then it has no lists to read."""
    if parent is None:
        return False
    return parent.pk in context.missed or parent.parent_id in context.missed


def brakes_on(account: PlatformAccount) -> set[tuple[str, int | None]]:
    """Where the brake is on, by kind and parent."""
    rows = Hold.objects.filter(account=account, ended_at=None, ours=False)
    return set(rows.values_list("kind", "parent_id"))


def release_brake(context: SyncContext, scope: Scope) -> None:
    """A complete listing that misses nothing ends the hold by itself: nothing had been changed."""
    if context.dry_run or scope.place not in context.holds:
        return
    mine = Hold.objects.filter(account=context.account, kind=scope.kind, parent=scope.parent)
    with context.lease.commit():
        mine.filter(ended_at=None, ours=False).update(ended_at=clock.now())
    context.holds.remove(scope.place)


def _load(
    context: SyncContext, kind: Kind, parents: list[PlatformLink], full: bool
) -> Iterator[Scope]:
    """Read our side of the listings of a kind in these parents, without any: in the account."""
    mirror = mirror_of(kind)
    links: dict[int | None, list[PlatformLink]] = defaultdict(list)
    rows: dict[int | None, dict[int, Any]] = defaultdict(dict)
    known = PlatformLink.objects.filter(account=context.account, kind=kind)
    known = known.filter(parent__in=parents) if parents else known.filter(parent=None)
    for link in known.order_by("pk"):
        links[link.parent_id].append(link)
    for row in mirror.rows(context.account, [parent.local_id for parent in parents]):
        rows[mirror.parent_of(row)][row.pk] = row
    for parent in parents or (None,):
        pk, local_id = (parent.pk, parent.local_id) if parent else (None, None)
        yield _scope(context, mirror, parent, rows.pop(local_id, {}), links.pop(pk, []), full)


def _lean(
    context: SyncContext, kind: Kind, parents: list[PlatformLink], full: bool
) -> Iterator[Scope]:
    """The same as lean as may be: of kinds of which there are many, rows and links as columns."""
    mirror = mirror_of(kind)
    if not mirror.columns:
        yield from _load(context, kind, parents, full)
        return
    waiting = context.waiting(kind)
    can = context.adapter.capabilities.kind(kind)
    for parent, known in read(context.account, mirror, parents, can):
        known.waiting = waiting
        yield _scope(context, mirror, parent, {}, [], full, known)


def _scope(
    context: SyncContext,
    mirror: Mirror,
    parent: PlatformLink | None,
    rows: dict[int, Any],
    links: list[PlatformLink],
    full: bool,
    known: Known | None = None,
) -> Scope:
    return Scope(
        context.adapter,
        mirror,
        parent,
        rows,
        links,
        context.account,
        full,
        context.run.started_at,
        known,
        context.told,
    )


def _batches(context: SyncContext, kinds: list[Kind], turns: list[Turn]) -> Iterator[list[Turn]]:
    """Records in turn, so many that the links of their lists fit into memory together."""
    parents = [turn.link.pk for turn in turns]
    known = PlatformLink.objects.filter(account=context.account, kind__in=kinds)
    known = known.filter(parent__in=parents).order_by()
    sizes = dict(known.values_list("parent").annotate(Count("pk")))
    some: list[Turn] = []
    held = 0
    for turn in turns:
        size = 1 + sizes.get(turn.link.pk, 0)
        if some and held + size > LINKS_AT_ONCE:
            yield some
            some, held = [], 0
        some.append(turn)
        held += size
    if some:
        yield some
