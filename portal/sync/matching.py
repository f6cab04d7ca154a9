"""Which record is which row: how that is found out, and what both agree on from then."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from integrations.base.errors import RecordNotFound
from integrations.base.records import NAMES, Fields, Record, parse_instant
from portal.common import clock
from portal.sync import compare
from portal.sync.compare import Likeness
from portal.sync.models import Conflict, PlatformLink
from portal.sync.scope import Listing, Scope

Key = tuple[Any, ...]
State, Op = PlatformLink.State, PlatformLink.Op
# A platform's clock and ours may differ by so much.
CLOCKS_APART = timedelta(minutes=10)


def grace() -> timedelta:
    """How long a request may still take effect after its answer was lost."""
    return timedelta(seconds=settings.SYNC_GRACE_SECONDS)


@dataclass(slots=True)
class Found:
    """Of the records that no link knows: `links` are those which surely are a create of ours, by
    the record's id; `candidates` those which may be one, by the link's key. These are not taken
    up as new while that is open."""

    links: dict[str, PlatformLink] = field(default_factory=dict)
    candidates: dict[int, list[Record]] = field(default_factory=dict)
    # Ids of records that are asked about since a row that was never sent is the same.
    asked: set[str | None] = field(default_factory=set)

    def held(self, record: Record) -> bool:
        """Whether a record may be one that we made, and is left alone until that is known."""
        some = (one.external_id for records in self.candidates.values() for one in records)
        return record.external_id in self.asked or record.external_id in some


def search(scope: Scope, listing: Listing) -> Found:
    """Look among the unknown records of a listing for those of creates without an id."""
    found = Found()
    waiting = list(_waiting(scope))
    if not waiting:
        return found
    unknown = [r for r in listing.records.values() if _unknown(scope, r)]
    marks_stay = _marks_stay(scope, listing)
    alike = list(_compared(scope, waiting, unknown, marks_stay=marks_stay))
    _take_same(found, alike, may_ask=not scope.can.unique_key)
    if len(scope.can.natural_key) > 1:
        if marks_stay:  # but in a restored database nobody knows with which mark it was sent
            alike = [pair for pair in alike if _sent_at_any_time(scope, pair.link)]
        _take_alike(scope, listing, found, alike)
    return found


def equal(scope: Scope, listing: Listing, found: Found) -> dict[int, list[Record]]:
    """Rows that are still to be created, and unknown records that are the same in title, start and
    duration and came after the row. The records are left alone until staff have said."""
    names, can = scope.can.natural_key, scope.can
    if can.unique_key or len(names) < 2:
        return {}
    taken = found.links.keys() | {r.external_id for some in found.candidates.values() for r in some}
    unknown: dict[Any, list[Record]] = defaultdict(list)
    for record in listing.records.values():
        key = scope.mirror.key(record.fields, names)
        if key is not None and _unknown(scope, record) and record.external_id not in taken:
            unknown[key].append(record)
    asked: dict[int, list[Record]] = {}
    for pk, row in scope.rows.items() if unknown else ():
        link = scope.by_row.get(pk)
        if not _to_be_made(row, link):
            continue
        ours = scope.mirror.read(row)
        refused = _refused([link]) if link is not None else set()
        some = [
            record
            for record in unknown.get(scope.our_key(ours), [])
            if _as_long(ours, record) and _came_after(row, record)
            if link is None or (link.pk, record.external_id) not in refused
        ]
        if some:
            asked[pk] = some
            found.asked |= {record.external_id for record in some}
    return asked


def _to_be_made(row: Any, link: PlatformLink | None) -> bool:
    if getattr(row, "removed_at", None) or getattr(row, "gone_at", None):
        return False
    return link is None or not (link.made or link.op or link.state != State.LIVE)


def _as_long(ours: dict[str, Any], record: Record) -> bool:
    """Whether both last as long, as far as the listing tells."""
    length, shown = ours.get("duration_minutes"), record.fields.get("duration_minutes")
    return length is None or shown is None or length == shown


def _came_after(row: Any, record: Record) -> bool:
    """Whether a record may have been made from the row; where the platform does not say when it was
    made, it is one that no earlier sync has seen."""
    made = _moment(record.facts.get("created_at"))
    return made is None or made >= row.created_at - CLOCKS_APART


def same_key(scope: Scope, record: Record) -> Any:
    """The row of ours that the record can only be."""
    key = scope.mirror.key(record.fields, scope.can.natural_key)
    return scope.by_key().get(key) if key is not None else None


@dataclass(slots=True)
class _Pair:
    """A create without an id, and a record that is as like it as `likeness` says."""

    link: PlatformLink
    record: Record
    likeness: Likeness


def _waiting(scope: Scope) -> Iterator[tuple[PlatformLink, Key]]:
    for link in scope.links:
        if link.external_id is not None or link.state == State.DUPLICATE:
            continue
        sent = link.op_sent if link.op else link.base_ours
        key = scope.our_key(sent) if sent else None
        if key is not None:
            yield link, key


def _unknown(scope: Scope, record: Record) -> bool:
    return record.external_id not in scope.by_id and record.marker not in scope.by_marker


def _marks_stay(scope: Scope, listing: Listing) -> bool:
    """Whether this very listing proves that what we make keeps our marker, that of the create we
    look for or another: then a record without it is none of ours. A plan may not take the field, or
    a platform cut or clean what stands in it; a create is then known by its likeness, as on a
    platform without such a field."""
    if not scope.can.marked:
        return False
    return any(record.marker in scope.by_marker for record in listing.records.values())


def _compared(
    scope: Scope,
    waiting: list[tuple[PlatformLink, Key]],
    unknown: list[Record],
    *,
    marks_stay: bool,
) -> Iterator[_Pair]:
    """Each create with each record that is at all like it. Those of the same key are found by it:
    of registrations without an id there may be thousands, of creates without an answer a few."""
    same: dict[Key, list[PlatformLink]] = defaultdict(list)
    for link, own in waiting:
        same[own].append(link)
    doubtful = [(link, own) for link, own in waiting if link.op and len(own) > 1]
    for record in unknown:
        key = scope.mirror.key(record.fields, scope.can.natural_key)
        if key is None:
            continue
        pairs = [(link, key) for link in same.get(key, ())]
        pairs += [(link, own) for link, own in doubtful if own != key]
        for link, own in pairs:
            likeness = _likeness(scope, link, own, record, key, marks_stay=marks_stay)
            if likeness is not Likeness.NO:
                yield _Pair(link, record, likeness)


def _likeness(
    scope: Scope, link: PlatformLink, own: Key, record: Record, key: Key, *, marks_stay: bool
) -> Likeness:
    if len(own) == 1 or not link.op:
        return Likeness.SAME if own == key else Likeness.NO
    length = link.op_sent.get("duration_minutes")
    if own != key and length is not None and "duration_minutes" not in record.fields:
        if not record.partial or marks_stay or _made_in_time(scope, link, record) is False:
            length = None
        else:
            try:
                record = scope.adapter.get(scope.kind, record.external_id or "", scope.parent_id)
            except RecordNotFound:
                return Likeness.NO
    shown = record.fields.get("duration_minutes")
    return compare.likeness(
        same=[a == b for a, b in zip(own, key, strict=True)],
        same_length=length is None or shown is None or length == shown,
        in_time=_made_in_time(scope, link, record),
        untold=scope.account.runtime.synced_at is None
        and _moment(record.facts.get("created_at")) is None,
    )


def _made_in_time(scope: Scope, link: PlatformLink, record: Record) -> bool | None:
    """Whether it came to be when our request was under way; None where that cannot be known."""
    made = _moment(record.facts.get("created_at"))
    if made is not None and link.op_at is not None:
        if made < link.op_at - CLOCKS_APART:
            return False
        in_time = made <= link.op_at + grace() + CLOCKS_APART
        return None if not in_time and _sent_at_any_time(scope, link) else in_time
    # Whatever an earlier sync has shown is known: what is not has come since.
    return None if scope.account.runtime.synced_at is not None else False


def _sent_at_any_time(scope: Scope, link: PlatformLink) -> bool:
    """Whether all that is known is that a create was sent after its row was made, if at all: a
    restored database does not know when."""
    return link.restored(scope.row_of(link))


def _moment(text: Any) -> datetime | None:
    try:
        return parse_instant(str(text)) if text else None
    except ValueError:
        return None


def _take_same(found: Found, pairs: list[_Pair], *, may_ask: bool) -> None:
    """Records that are in every respect what was sent. One more of them than creates is one too
    many: a person has to say which."""
    by_link: dict[int, list[_Pair]] = defaultdict(list)
    for pair in pairs:
        if pair.likeness is Likeness.SAME:
            by_link[pair.link.pk].append(pair)
    groups: dict[frozenset[str | None], list[list[_Pair]]] = defaultdict(list)
    for some in by_link.values():
        groups[frozenset(pair.record.external_id for pair in some)].append(some)
    for ids, links in groups.items():
        # Where nothing was sent, as far as we know, staff say whether it is the same.
        unsent = any(some[0].link.op_at is None for some in links)
        if (len(ids) > len(links) or unsent) and may_ask and links[0][0].link.op:
            for some in links:
                found.candidates[some[0].link.pk] = [pair.record for pair in some]
            continue
        for place, some in enumerate(links[: len(ids)]):
            found.links[some[place].record.external_id or ""] = some[place].link


def _take_alike(scope: Scope, listing: Listing, found: Found, pairs: list[_Pair]) -> None:
    """The one record that differs in title or start alone is ours, changed there before we
    looked; where there are several, or nothing but the time speaks for it, staff are asked."""
    settled = {link.pk for link in found.links.values()} | found.candidates.keys()
    open_ = [
        pair
        for pair in pairs
        if pair.link.pk not in settled and (pair.record.external_id or "") not in found.links
    ]
    refused = _refused([pair.link for pair in open_])
    open_ = [p for p in open_ if (p.link.pk, p.record.external_id) not in refused]
    claims: dict[str | None, set[int]] = defaultdict(set)
    for pair in open_:
        claims[pair.record.external_id].add(pair.link.pk)
    for pk in dict.fromkeys(pair.link.pk for pair in open_):
        mine = [pair for pair in open_ if pair.link.pk == pk]
        likely = [pair for pair in mine if pair.likeness is Likeness.ALIKE]
        link = mine[0].link
        late = link.op_at is not None and listing.started_at > link.op_at + grace()
        if len(likely) == 1 and len(claims[likely[0].record.external_id]) == 1 and late:
            found.links[likely[0].record.external_id or ""] = link
        else:
            found.candidates[pk] = [pair.record for pair in (likely or mine)]


def _refused(links: list[PlatformLink]) -> set[tuple[int, str]]:
    """What staff have said not to be ours, by link."""
    asked = Conflict.objects.filter(link__in={link.pk for link in links}, sort=Conflict.Sort.WHICH)
    answers = asked.filter(resolution="none").values_list("link_id", "theirs") if links else []
    return {(link_id, one["id"]) for link_id, shown in answers for one in shown or []}


# What both agree on --------------------------------------------------------------------------


def new_link(scope: Scope, row: Any, record: Record) -> PlatformLink:
    """A link for a row and a record that meet. The record's old one belonged to a row that was
    deleted here outright."""
    if record.external_id:
        old = PlatformLink.objects.filter(account=scope.account, kind=scope.kind)
        old.filter(external_id=record.external_id).delete()
    return PlatformLink(
        account=scope.account, kind=scope.kind, local_id=row.pk, parent=scope.parent
    )


def set_apart(scope: Scope, record: Record) -> PlatformLink:
    """A link without a row: the record is known, and is none of ours."""
    link = PlatformLink(
        account=scope.account,
        kind=scope.kind,
        local_id=None,
        parent=scope.parent,
        state=State.DUPLICATE,
    )
    remember(scope, link, record)
    return link


def remember(scope: Scope, link: PlatformLink, record: Record, listed: str = "") -> None:
    """Keep what the record shows beside its fields, and save the link."""
    link.external_id = record.external_id or link.external_id
    link.facts = link.facts | dict(record.facts)
    link.volatile = dict(record.volatile)
    if listed:
        link.listed, link.detailed_at = listed, clock.now()
    elif not record.partial:  # read alone: its row in the list told of other details than these
        link.listed = ""
    if record.marker and not link.marker and link.state != State.DUPLICATE:
        link.marker = record.marker
    link.shows(record, scope.mirror.compared)
    link.save()


def bind(scope: Scope, link: PlatformLink, sent: Fields, record: Record) -> None:
    """Set both bases after a create: what we sent, and what the platform made of it.

    A value that could not have come from ours was changed there since: its base stays what we
    expected, so that the next comparison takes it.
    """
    expected, shown = scope.adapter.expected(scope.kind, sent), record.fields
    one = [name for name in scope.can.together if name in shown]
    whole = set(one) if compare.one_resembles(one, expected, shown) else set()
    link.base_ours = dict(sent)
    link.base_theirs = {
        name: theirs
        if name in whole or compare.resembles(expected.get(name), theirs)
        else expected.get(name)
        for name, theirs in shown.items()
        if name in sent
    }
    link.op, link.op_sent, link.op_absences = Op.NONE, {}, 0
    link.state, link.misses = State.LIVE, 0
    link.external_id = record.external_id or link.external_id


def meets(link: PlatformLink | None, record: Record) -> bool:
    """Whether row and record know nothing of each other: neither was made from the other."""
    if link is None:
        return True
    return not link.op and bool(link.external_id) and link.external_id != record.external_id


def without_placeholders(scope: Scope, record: Record) -> dict[str, Any]:
    """A record's fields without what only stands for something missing, as far as they are kept
    with the row."""
    if not set(NAMES.get(scope.kind, ())).intersection(scope.mirror.compared):
        return dict(record.fields)
    none = scope.adapter.placeholders(record.kind, record.fields)
    return {name: "" if name in none else value for name, value in record.fields.items()}


def shown_by(scope: Scope, record: Record) -> Record:
    """A record as it becomes a row, and perhaps a person: without what only stands for something
    missing."""
    none = scope.adapter.placeholders(record.kind, record.fields)
    shown = {name: "" if name in none else value for name, value in record.fields.items()}
    return replace(record, fields=shown) if none else record


def first_bases(
    scope: Scope, ours: Fields, record: Record
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both bases for a record and a row that meet for the first time. A name that only stands for
    a missing one is no name to take, yet it is what the record held."""
    given = scope.mirror.meaningful(without_placeholders(scope, record))
    base_ours, base_theirs = scope.mirror.first_bases(ours, given)
    return base_ours, {name: record.fields[name] for name in base_theirs}


def agree_to_differ(
    scope: Scope, link: PlatformLink, ours: Fields, before: Fields, record: Record
) -> None:
    """Agree on what either side holds at first sight. What was edited here since the last time
    that both agreed is still to be sent."""
    edited = {n: old for n, old in before.items() if n in ours and ours[n] != old}
    base_ours, base_theirs = first_bases(scope, ours, record)
    link.base_ours = link.base_ours | base_ours | edited
    link.base_theirs = base_theirs | {n: v for n, v in record.fields.items() if n in edited}


def agree_beside_what_was_sent(
    scope: Scope, link: PlatformLink, ours: Fields, record: Record
) -> None:
    """Of what was not sent along, either side keeps what it holds at first sight."""
    base_ours, base_theirs = first_bases(scope, ours, record)
    link.base_ours = base_ours | link.base_ours
    link.base_theirs = base_theirs | link.base_theirs


def doubt_what_was_sent(scope: Scope, link: PlatformLink, record: Record) -> None:
    """A record that is found after a create whose answer was lost may be somebody else's. Where it
    holds something else than we sent, nothing was agreed: theirs is taken, ours is kept."""
    sent = scope.can.sendable(on_update=False)
    shown = {name: record.fields.get(name) for name in link.base_theirs}
    unlike = {n for n in sent & shown.keys() if link.base_theirs[n] != shown[n]}
    link.base_ours = {n: v for n, v in link.base_ours.items() if n not in unlike or not v}
