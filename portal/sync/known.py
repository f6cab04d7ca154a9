"""What is known of a listing's place, as lean as telling news from the rest needs.

Most of what a platform shows is as it was. To see that takes the bases, the facts and how our row
reads, and no object of the ORM: links and rows are loaded whole where something differs, alone
(`sieve`). Where a row waits to be created, or a create has no answer, a listing is read with care,
against all that stands in its place.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from integrations.base.records import Fields, Record
from portal.platforms.models import PlatformAccount
from portal.sync.mirrors.base import LeanRow, Mirror
from portal.sync.models import PlatformLink

State = PlatformLink.State
_COLUMNS = (
    "parent_id",
    "pk",
    "external_id",
    "local_id",
    "state",
    "misses",
    "unlisted",
    "op",
    "op_sent",
    "base_ours",
    "base_theirs",
    "facts",
)
_NOTHING = object()


class LeanLink(NamedTuple):
    """One link. `live`: a listing should show it. `agrees`: our row is as it was when both sides
    agreed, and nothing else is open about it. `ours_alone` are fields of ours that have no base,
    since the platform neither shows nor takes them."""

    pk: int
    local_id: int | None
    live: bool
    agrees: bool
    base_ours: Fields
    base_theirs: Fields
    facts: Fields
    ours_alone: frozenset[str] = frozenset()

    def is_as(self, record: Record) -> bool:
        """Whether a record asks for nothing: it is as it was, and so is our row."""
        if not self.agrees or record.partial or not self.ours_alone.isdisjoint(record.fields):
            return False
        ours, theirs, facts = self.base_ours, self.base_theirs, self.facts
        for name, value in record.fields.items():
            if name in ours and theirs.get(name, _NOTHING) != value:
                return False
        return all(facts.get(name, _NOTHING) == value for name, value in record.facts.items())


@dataclass(slots=True)
class Known:
    """One listing's place. `rows` are ours and how they read; `open` are links to be looked at
    whatever the listing shows; `careful` says that all of the place is needed; `waiting` are rows
    of which something is to be sent; `sendable` the fields that can be sent with an update."""

    links: dict[str, LeanLink] = field(default_factory=dict)
    rows: dict[int, Fields] = field(default_factory=dict)
    open: list[int] = field(default_factory=list)
    live: int = 0
    careful: bool = False
    waiting: frozenset[int] = frozenset()
    sendable: frozenset[str] = frozenset()

    def add(self, link: "_Link", row: LeanRow | None) -> None:
        """Take in a link with its row."""
        settled = _settled(link, row)
        named = link.external_id is not None
        if not settled and (not named or link.op):
            self.careful = True
        if not settled and not _plain(link):
            self.open.append(link.pk)
        live = link.state == State.LIVE and not link.unlisted and not link.op and named
        self.live += live
        if link.external_id is not None:
            agrees = _plain(link) and row is not None and row.stands
            ours = row.ours if row is not None else {}
            alone = frozenset(ours.keys() - link.base_ours.keys())
            agrees = agrees and _agrees(ours, link.base_ours) and alone.isdisjoint(self.sendable)
            bases = (link.base_ours, link.base_theirs, link.facts)
            lean = LeanLink(link.pk, link.local_id, live, agrees, *bases, alone)
            self.links[link.external_id] = lean

    def linked(self, rows: Collection[int]) -> list[int]:
        """The links of these rows."""
        return [x.pk for x in self.links.values() if x.local_id in rows] if rows else []

    def missing(self, shown: Collection[int]) -> list[int]:
        """The links that a listing should have shown, and has not."""
        return [x.pk for x in self.links.values() if x.live and x.pk not in shown]


class _Link(NamedTuple):
    parent_id: int | None
    pk: int
    external_id: str | None
    local_id: int | None
    state: str
    misses: int
    unlisted: bool
    op: str
    op_sent: dict[str, Any]
    base_ours: dict[str, Any]
    base_theirs: dict[str, Any]
    facts: dict[str, Any]


def read(
    account: PlatformAccount,
    mirror: Mirror,
    parents: Collection[PlatformLink],
    sendable: frozenset[str],
) -> Iterator[tuple[PlatformLink | None, Known]]:
    """The places within these parents, without any: the account's; in two queries."""
    rows: dict[Any, dict[int, LeanRow]] = {}
    for row in mirror.lean_rows(account, [parent.local_id for parent in parents]):
        rows.setdefault(row.parent_id, {})[row.pk] = row
    links: dict[Any, list[_Link]] = {}
    known = PlatformLink.objects.filter(account=account, kind=mirror.kind)
    known = known.filter(parent__in=parents) if parents else known.filter(parent=None)
    for values in known.order_by("pk").values_list(*_COLUMNS):
        link = _Link(*values)
        links.setdefault(link.parent_id, []).append(link)
    for parent in parents or (None,):
        pk, local_id = (parent.pk, parent.local_id) if parent else (None, None)
        yield parent, _place(links.pop(pk, []), rows.pop(local_id, {}), sendable)


def _place(links: list[_Link], rows: dict[int, LeanRow], sendable: frozenset[str]) -> Known:
    known = Known(rows={pk: row.ours for pk, row in rows.items()}, sendable=sendable)
    unlinked = {pk for pk, row in rows.items() if row.stands}
    for link in links:
        unlinked.discard(link.local_id or 0)
        known.add(link, rows.get(link.local_id or 0))
    known.careful = known.careful or bool(unlinked)
    return known


def _plain(link: _Link) -> bool:
    """Whether it is synced, and nothing is counted or asked about it."""
    steady = link.state == State.LIVE and not (link.misses or link.unlisted or link.op)
    return steady and link.external_id is not None


def _settled(link: _Link, row: LeanRow | None) -> bool:
    """Whether nothing is left to do about it, unless it is shown: a duplicate, or what is gone."""
    if link.state == State.DUPLICATE:
        return True
    gone = link.state == State.GONE or (link.state == State.DELETED and link.misses > 0)
    back = row is not None and row.stands
    return gone and not back and not link.op and not link.op_sent


def _agrees(ours: Fields, base: Fields) -> bool:
    return all(base[name] == value for name, value in ours.items() if name in base)
