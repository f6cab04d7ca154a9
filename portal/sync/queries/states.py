"""The one line that every remote copy has: its state, the last check, a plain reason."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, F, Value
from django.utils.translation import gettext as _

from integrations.base.capabilities import KindCapability
from integrations.base.errors import PlatformUnavailable
from portal.outbox import queries as outbox
from portal.platforms import queries as platforms
from portal.platforms.models import PlatformAccount
from portal.sync.kinds import KINDS
from portal.sync.mirrors.base import Mirror
from portal.sync.models import Conflict, Hold, PlatformLink
from portal.sync.queries.status import RANK, Seen, SyncLine, line_of

Row = dict[str, Any]


def line(kind: str, local_id: int) -> SyncLine:
    """The sync line of one row."""
    return chips(kind, [local_id])[local_id]


def chips(kind: str, ids: Iterable[int]) -> dict[int, SyncLine]:
    """The sync line of each row, in a fixed number of queries."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    rows = {row["pk"]: row for row in _rows(kind, wanted)}
    seen = _gather(kind, rows)
    return {local_id: _worst(kind, rows.get(local_id), seen[local_id]) for local_id in wanted}


def _worst(kind: str, row: Row | None, copies: dict[int, Seen]) -> SyncLine:
    """Of several copies (a person on two accounts) the one that needs most care."""
    if row is None:
        return SyncLine("portal_only", _("It is no longer here."))
    lines = [line_of(kind, row, seen) for seen in copies.values()]
    nowhere = SyncLine("portal_only", _("Kept here; no platform holds a copy."))
    return min(lines, key=lambda one: RANK.index(one.state), default=nowhere)


def _rows(kind: str, ids: list[int]) -> list[Row]:
    """Of each row: itself, its own account, and whether it is a draft, removed or gone."""
    kept = KINDS.get(kind)
    if kept is None:
        return []
    model, path = kept.model, kept.account
    fields = {field.name for field in model._meta.fields}
    own = F(path) if path else Value(None, output_field=BigIntegerField())
    rows = model._base_manager.filter(pk__in=ids).order_by().annotate(own_account=own)
    if "attendee" in fields:  # a mirror reads their address
        rows = rows.select_related("attendee")
    names = ("pk", "own_account", *fields & {"draft", "removed_at", "gone_at"})
    return [{"row": row} | {name: getattr(row, name) for name in names} for row in rows]


def _gather(kind: str, rows: dict[int, Row]) -> dict[int, dict[int, Seen]]:
    """Row -> account -> all that is known."""
    accounts = {row.pk: (row, platforms.doubt(row)) for row in PlatformAccount.objects.all()}
    found: dict[int, dict[int, Seen]] = defaultdict(dict)

    def at(local_id: int | None, account_id: int) -> Seen:
        copies = found[local_id or 0]
        if account_id not in copies:
            copies[account_id] = Seen(*accounts[account_id])
        return copies[account_id]

    for row in rows.values():
        if row["own_account"]:
            at(row["pk"], row["own_account"])
    held = _held(kind)
    for link in PlatformLink.objects.filter(kind=kind, local_id__in=list(rows)):
        seen = at(link.local_id, link.account_id)
        seen.link, seen.held = link, (link.account_id, link.local_id) in held
    for entry in outbox.open_pushes(kind, rows):
        at(entry.local_id, entry.account_id).entry = entry
    for conflict in Conflict.objects.filter(kind=kind, local_id__in=list(rows), resolved_at=None):
        at(conflict.local_id, conflict.account_id).conflict = conflict
    _compare(kind, rows, found)
    return found


def _compare(kind: str, rows: dict[int, Row], found: dict[int, dict[int, Seen]]) -> None:
    """Mark what is not as both sides last agreed, though no note about it waits: such a row is not
    synced, whoever changed it and however the note was lost."""
    mirror = KINDS[kind].mirror if kind in KINDS else None
    abilities: dict[int, KindCapability] = {}
    for local_id, copies in found.items():
        quiet = [one for one in copies.values() if _says_synced(one)]
        if mirror is None or not quiet or local_id not in rows:
            continue
        try:
            ours = mirror.read(rows[local_id]["row"])
        except PlatformUnavailable:  # a secret of it cannot be read: nobody can say
            continue
        for seen in quiet:
            seen.kept = _kept(seen, mirror, ours)
            account = seen.account
            if account.pk not in abilities:  # of an account once, not for each row
                abilities[account.pk] = account.capabilities.kind(mirror.kind)
            removed_at = rows[local_id].get("removed_at")
            seen.differs = _differs(seen, abilities[account.pk], ours, removed_at)


def _says_synced(seen: Seen) -> bool:
    link = seen.link
    alone = seen.entry is None and seen.conflict is None and not seen.held
    return alone and link is not None and link.state == PlatformLink.State.LIVE and not link.op


def _differs(
    seen: Seen, can: KindCapability, ours: dict[str, Any], removed_at: datetime | None
) -> bool:
    """Whether the platform is still to be told something of the row, as far as it can be told."""
    link = seen.link
    if removed_at is not None:
        return can.delete.offered
    if link is None or not (can.update.offered or can.upsert):
        return False
    sent = can.sendable(on_update=not can.upsert)
    base = link.base_ours
    return any(name in base and base[name] != ours[name] for name in sent & ours.keys())


def _kept(seen: Seen, mirror: Mirror, ours: dict[str, Any]) -> str:
    """What the platform keeps of its own beside ours: an address that it takes no change of."""
    base = seen.link.base_theirs if seen.link else {}
    for name in mirror.ours_if_refused & ours.keys():
        theirs = str(base.get(name) or "")
        if theirs and theirs.casefold() != str(ours[name]).casefold():
            return theirs
    return ""


def _held(kind: str) -> set[tuple[int, int]]:
    """(account, row) of all that the brake holds."""
    holds = Hold.objects.filter(kind=kind, ended_at=None, released=False)
    return {
        (hold.account_id, missing["local_id"])
        for hold in holds
        for missing in hold.missing
        if isinstance(missing, dict) and missing.get("local_id")
    }
