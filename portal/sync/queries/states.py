"""The one line that every remote copy has: its state, the last check, a plain reason."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import reduce
from operator import attrgetter, or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from integrations.base.capabilities import KindCapability
from integrations.base.errors import PlatformUnavailable
from portal.outbox import queries as outbox
from portal.platforms import queries as platforms
from portal.platforms.models import PlatformAccount
from portal.sync.kinds import KINDS
from portal.sync.mirrors.base import Mirror
from portal.sync.models import Conflict, Hold, PlatformLink, SyncRun
from portal.sync.queries.status import RANK, Seen, SyncLine, line_of

Row = dict[str, Any]
Ref = tuple[str, int]
Lines = dict[int, SyncLine]
# What a line asks of a row, where its kind has it.
MARKS = ("draft", "removed_at", "gone_at")


def line(kind: str, local_id: int) -> SyncLine:
    """The sync line of one row."""
    return chips(kind, [local_id])[local_id]


def chips(
    kind: str, ids: Iterable[int], accounts: Iterable[PlatformAccount] | None = None
) -> Lines:
    """The sync line of each row, in a fixed number of queries; `accounts` as for `lines`."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    found = lines({kind: _rows(kind, wanted)}, accounts)[kind]
    lost = SyncLine("portal_only", _("It is no longer here."))
    return {local_id: found.get(local_id, lost) for local_id in wanted}


def all_accounts(*, compared: bool = False) -> QuerySet[PlatformAccount]:
    """All accounts; `braked` says whether the brake holds something of one. `compared` adds
    `begun`: when the last sync that went well began to compare their rows."""
    holds = Hold.objects.filter(account=OuterRef("pk"), ended_at=None, released=False)
    rows = PlatformAccount.objects.annotate(braked=Exists(holds))
    if not compared:
        return rows
    syncs = SyncRun.objects.filter(account=OuterRef("pk"), outcome=SyncRun.Outcome.OK)
    syncs = syncs.exclude(trigger__in=[SyncRun.DRY_RUN, *SyncRun.BRIEF]).order_by("-id")
    return rows.annotate(begun=Subquery(syncs.values("started_at")[:1]))


def lines(
    asked: Mapping[str, Iterable[Any]], accounts: Iterable[PlatformAccount] | None = None
) -> dict[str, Lines]:
    """Kind -> row -> its sync line, in as many queries for several kinds as for one. The rows are
    read already, whole; a part of a webinar with the webinar, a registration with its person.
    `accounts` are `all_accounts`, where somebody has read them already."""
    rows = {
        (kind, row.pk): _about(row, KINDS[kind].account)
        for kind, some in asked.items()
        if kind in KINDS
        for row in some
    }
    seen = _gather(rows, accounts) if rows else {}
    found: dict[str, Lines] = {kind: {} for kind in asked}
    for (kind, local_id), row in rows.items():
        found[kind][local_id] = _worst(kind, row, seen.get((kind, local_id), {}))
    return found


def _worst(kind: str, row: Row, copies: dict[int, Seen]) -> SyncLine:
    """Of several copies (a person on two accounts) the one that needs most care."""
    lines = [line_of(kind, row, seen) for seen in copies.values()]
    nowhere = SyncLine("portal_only", _("Kept here; no platform holds a copy."))
    return min(lines, key=lambda one: RANK.index(one.state), default=nowhere)


def _rows(kind: str, ids: list[int]) -> Iterable[Any]:
    """The rows of these ids with all that `lines` reads of them."""
    if kind not in KINDS:
        return []
    model, account = KINDS[kind].model, KINDS[kind].account
    # A mirror reads the address of a person; what tells the account may stand on another row.
    along = {account.rpartition("__")[0], "attendee" if hasattr(model, "attendee") else ""} - {""}
    rows = model._base_manager.filter(pk__in=ids).order_by()
    return rows.select_related(*along) if along else rows


def _about(row: Any, account: str) -> Row:
    """Of a row: itself, its own account, and whether it is a draft, removed or gone."""
    own = attrgetter(account.replace("__", "."))(row) if account else None
    known = {name: getattr(row, name) for name in MARKS if hasattr(row, name)}
    return {"row": row, "own_account": own} | known


def _gather(
    rows: Mapping[Ref, Row], given: Iterable[PlatformAccount] | None
) -> dict[Ref, dict[int, Seen]]:
    """Row -> account -> all that is known."""
    every: list[Any] = list(all_accounts() if given is None else given)
    accounts = {row.pk: (row, platforms.doubt(row)) for row in every}
    found: dict[Ref, dict[int, Seen]] = defaultdict(dict)

    def at(kind: str, local_id: int | None, account_id: int) -> Seen:
        copies = found[kind, local_id or 0]
        if account_id not in copies:
            copies[account_id] = Seen(*accounts[account_id])
        return copies[account_id]

    ids: dict[str, list[int]] = defaultdict(list)
    for (kind, local_id), row in rows.items():
        ids[kind].append(local_id)
        if row["own_account"]:
            at(kind, local_id, row["own_account"])
    these = _any_of(Q(kind=kind, local_id__in=some) for kind, some in ids.items())
    held = _held(ids) if any(row.braked for row in every) else set()
    for link in PlatformLink.objects.filter(these):
        seen = at(link.kind, link.local_id, link.account_id)
        seen.link, seen.held = link, (link.account_id, link.kind, link.local_id) in held
    for entry in outbox.open_pushes(these):
        at(entry.kind, entry.local_id, entry.account_id).entry = entry
    for conflict in Conflict.objects.filter(these, resolved_at=None):
        at(conflict.kind, conflict.local_id, conflict.account_id).conflict = conflict
    _compare(rows, found)
    return found


def _any_of(some: Iterable[Q]) -> Q:
    return reduce(or_, some)


def _compare(rows: Mapping[Ref, Row], found: dict[Ref, dict[int, Seen]]) -> None:
    """Mark what is not as both sides last agreed, though no note about it waits: such a row is not
    synced, whoever changed it and however the note was lost."""
    abilities: dict[tuple[int, str], KindCapability] = {}
    for ref, copies in found.items():
        quiet = [one for one in copies.values() if _says_synced(one)]
        if not quiet or ref not in rows:
            continue
        mirror = KINDS[ref[0]].mirror
        try:
            ours = mirror.read(rows[ref]["row"])
        except PlatformUnavailable:  # a secret of it cannot be read: nobody can say
            continue
        for seen in quiet:
            seen.kept = _kept(seen, mirror, ours)
            account, kind = seen.account, mirror.kind
            if (account.pk, kind) not in abilities:  # of an account once, not for each row
                abilities[account.pk, kind] = account.capabilities.kind(kind)
            removed_at = rows[ref].get("removed_at")
            seen.differs = _differs(seen, abilities[account.pk, kind], ours, removed_at)


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


def _held(kinds: Iterable[str]) -> set[tuple[int, str, int]]:
    """(account, kind, row) of all that the brake holds."""
    holds = Hold.objects.filter(kind__in=list(kinds), ended_at=None, released=False)
    return {
        (hold.account_id, hold.kind, missing["local_id"])
        for hold in holds
        for missing in hold.missing
        if isinstance(missing, dict) and missing.get("local_id")
    }
