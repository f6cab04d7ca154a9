"""Find the link or the row of ours that a record without a known id can only be."""

from typing import Any

from integrations.base.records import Record
from portal.sync.models import PlatformLink
from portal.sync.scope import Scope
from portal.sync.sweeps import Sweep

Key = tuple[Any, ...]


def awaited(scope: Scope, sweep: Sweep, record: Record, claimed: set[int]) -> PlatformLink | None:
    """The link of a create without an id that this record's natural key answers to."""
    key = scope.mirror.key(record.fields, scope.can.natural_key)
    if key is None:
        return None
    waiting: list[tuple[PlatformLink, Key]] = []
    for link in scope.links:
        if link.external_id is not None or link.state == PlatformLink.State.TWIN:
            continue
        sent = link.op_sent if link.op else link.base_ours
        own = scope.our_key(sent) if sent and link.pk not in claimed else None
        if own == key:
            return link
        if own is not None:
            waiting.append((link, own))
    return _moved(scope, sweep, waiting, key) if len(key) > 1 else None


def _moved(
    scope: Scope, sweep: Sweep, waiting: list[tuple[PlatformLink, Key]], key: Key
) -> PlatformLink | None:
    """The one create under way that has at least the record's title: somebody may have moved it
    before it was seen. A new record of that very title is rather ours than another."""
    alike = [(link, own) for link, own in waiting if link.op and own[0] == key[0]]
    if len(alike) != 1 or scope.can.marked:
        return None
    link, own = alike[0]
    names = scope.can.natural_key
    there = (scope.mirror.key(one.fields, names) for one in sweep.records.values())
    return None if own in there else link


def same_key(scope: Scope, record: Record) -> Any:
    """The row of ours that the record can only be."""
    key = scope.mirror.key(record.fields, scope.can.natural_key)
    return scope.by_key().get(key) if key is not None else None
