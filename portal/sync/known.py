"""What is known of a listing's place, as lean as telling news from the rest needs.

Most of what a platform shows is as it was. To see that takes the bases, the facts and how our row
reads, and no object of the ORM: links and rows are loaded whole where something differs, alone
(`sieve`). Where a row waits to be created, or a create has no answer, a listing is read with care,
against all that stands in its place.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Case, TextField, Value, When
from django.db.models.functions import Cast

from integrations.base.capabilities import KindCapability
from integrations.base.records import Fields, Record
from portal.common import bulk
from portal.platforms.models import PlatformAccount
from portal.sync import compare, digests
from portal.sync.mirrors.base import LeanRow, Mirror
from portal.sync.models import PlatformLink

State = PlatformLink.State
_NONE: frozenset[str] = frozenset()
_COLUMNS = (
    "parent_id",
    "pk",
    "external_id",
    "local_id",
    "state",
    "misses",
    "unlisted",
    "op",
    "row_digest",
)
_decode = json.JSONDecoder().raw_decode


class LeanLink(NamedTuple):
    """One link, as columns; what begins with `json` is JSON. What theirs held and told is empty
    where the link may be known by its row: then it is read where that has changed."""

    parent_id: int | None
    pk: int
    external_id: str
    local_id: int | None
    state: str
    misses: int
    unlisted: bool
    op: str
    row_digest: str
    json_sent: str
    json_ours: str
    json_theirs: str
    json_facts: str

    @property
    def live(self) -> bool:
        """Whether a listing should show it."""
        named = bool(self.external_id)
        return named and self.state == State.LIVE and not self.unlisted and not self.op

    @property
    def plain(self) -> bool:
        """Whether it is synced, and nothing is counted or asked about it."""
        return self.live and not self.misses

    @property
    def sent(self) -> bool:
        """Whether something was sent for it that no list has shown yet."""
        return self.json_sent != "{}"


@dataclass(slots=True)
class Known:
    """One listing's place. `rows` are ours and how they read; `open` are links to be looked at
    whatever the listing shows; `careful` says that all of the place is needed; `waiting` are rows
    of which something is to be sent; `sendable` the fields that can be sent with an update.

    `agreed` are links whose row is as it was when both sides agreed, and about which nothing else
    is open, each with the fields of ours that have no base, since the platform neither shows nor
    takes them. `same` are those of which a row of the platform with that digest asks for nothing.
    `at_rest` is said of a place that no list shows: nothing in it waits to be sent.
    """

    links: dict[str, LeanLink] = field(default_factory=dict)
    agreed: dict[int, frozenset[str]] = field(default_factory=dict)
    apart: dict[frozenset[str], frozenset[str]] = field(default_factory=dict)
    same: dict[str, LeanLink] = field(default_factory=dict)
    rows: dict[int, Fields] = field(default_factory=dict)
    open: list[int] = field(default_factory=list)
    live: int = 0
    careful: bool = False
    at_rest: bool = False
    waiting: frozenset[int] = frozenset()
    sendable: frozenset[str] = frozenset()

    def add(self, link: LeanLink, row: LeanRow | None) -> None:
        """Take in a link with its row."""
        plain = link.plain
        if plain:
            self.live += 1
        elif not _settled(link, row):
            self.open.append(link.pk)
            self.careful = self.careful or not link.external_id or bool(link.op)
            self.live += link.live
        if not link.external_id:
            return
        self.links[link.external_id] = link
        if plain and row is not None and row.stands:
            self._compare(link, row.ours)

    def _compare(self, link: LeanLink, ours: Fields) -> None:
        base: Fields = _decode(link.json_ours)[0]
        if ours == base:
            self.agreed[link.pk] = _NONE
            self.same[link.row_digest] = link
            return
        alone = frozenset(ours.keys() - base.keys())
        agrees = all(base[name] == value for name, value in ours.items() if name in base)
        if agrees and alone.isdisjoint(self.sendable):
            # There are few such sets, and perhaps a million links.
            self.agreed[link.pk] = self.apart.setdefault(alone, alone)
            self.same[link.row_digest] = link

    def is_as(self, link: LeanLink, record: Record) -> bool:
        """Whether a record asks for nothing: it is as it was, and so is our row."""
        alone = self.agreed.get(link.pk)
        if alone is None or not alone.isdisjoint(record.fields):
            return False
        if not link.json_theirs:
            self.read_theirs([link])
            link = self.links[link.external_id]
        bases = (link.json_ours, link.json_theirs, link.json_facts)
        return compare.as_agreed(record, *map(json.loads, bases))

    def read_theirs(self, links: Collection[LeanLink]) -> None:
        """What theirs held and told of these links, of which it was not read yet."""
        lack = {link.pk: link for link in links if not link.json_theirs}
        if not lack:
            return
        columns = ("pk", _text("base_theirs"), _text("facts"))
        rows = PlatformLink.objects.filter(pk__in=bulk.Among(lack)).order_by()
        for pk, theirs, facts in rows.values_list(*columns):
            whole = lack.pop(pk)._replace(json_theirs=theirs, json_facts=facts)
            self.links[whole.external_id] = whole
        for link in lack.values():  # it is gone by now
            self.links[link.external_id] = link._replace(json_theirs="{}", json_facts="{}")

    def linked(self, rows: Collection[int]) -> list[int]:
        """The links of these rows."""
        return [x.pk for x in self.links.values() if x.local_id in rows] if rows else []

    def missing(self, shown: Collection[int]) -> list[int]:
        """The links that a listing should have shown, and has not."""
        return [x.pk for x in self.links.values() if x.live and x.pk not in shown]


def read(
    account: PlatformAccount,
    mirror: Mirror,
    parents: Collection[PlatformLink],
    can: KindCapability,
) -> Iterator[tuple[PlatformLink | None, Known]]:
    """The places within these parents, without any: the account's; in two queries."""
    rows: dict[Any, dict[int, LeanRow]] = {}
    for row in mirror.lean_rows(account, [parent.local_id for parent in parents]):
        rows.setdefault(row.parent_id, {})[row.pk] = row
    links: dict[Any, list[LeanLink]] = {}
    known = PlatformLink.objects.filter(account=account, kind=mirror.kind)
    known = known.filter(parent__in=parents) if parents else known.filter(parent=None)
    # As text: of most links no more is asked than whether our row reads as it did.
    by_row = When(row_digest__startswith=digests.code(), then=Value("", output_field=TextField()))
    texts: list[Any] = [_text("op_sent"), _text("base_ours")]
    texts += [Case(by_row, default=_text(name)) for name in ("base_theirs", "facts")]
    lines = known.order_by("pk").values_list(*_COLUMNS, *texts)
    for values in lines if parents else lines.iterator():
        link = LeanLink(*values)
        links.setdefault(link.parent_id, []).append(link)
    for parent in parents or (None,):
        pk, local_id = (parent.pk, parent.local_id) if parent else (None, None)
        yield parent, _place(links.pop(pk, []), rows.pop(local_id, {}), can)


def _text(name: str) -> Cast:
    return Cast(name, TextField())


def _place(links: list[LeanLink], rows: dict[int, LeanRow], can: KindCapability) -> Known:
    sendable = frozenset(can.sendable(on_update=True)) if can.update.offered else frozenset()
    known = Known(rows={pk: row.ours for pk, row in rows.items()}, sendable=sendable)
    unlinked = {pk for pk, row in rows.items() if row.stands}
    for link in links:
        unlinked.discard(link.local_id or 0)
        known.add(link, rows.get(link.local_id or 0))
    # A row that the platform does not know waits to be created, or may be any record's.
    if unlinked and (can.create.offered or not can.unique_key):
        known.careful = True
    if not can.list.offered:
        pairs = ((link, rows.get(link.local_id or 0)) for link in links)
        known.at_rest = not unlinked and all(_at_rest(link, row) for link, row in pairs)
    return known


def _at_rest(link: LeanLink, row: LeanRow | None) -> bool:
    """Whether nothing of it is to be sent, where only what we have sent can be known."""
    if _settled(link, row):
        return True
    base = _decode(link.json_ours)[0]
    made = link.state == State.LIVE and not link.op and bool(link.external_id or base)
    return made and (row is None or not row.stands or row.ours == base)


def _settled(link: LeanLink, row: LeanRow | None) -> bool:
    """Whether nothing is left to do about it, unless it is shown: a duplicate, or what is gone."""
    if link.state == State.DUPLICATE:
        return True
    gone = link.state == State.GONE or (link.state == State.DELETED and link.misses > 0)
    back = row is not None and row.stands
    return gone and not back and not link.op and not link.sent
