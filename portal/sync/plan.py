"""What is to be done about one listing: reads only, decides by `compare`, changes nothing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from integrations.base.errors import RecordNotFound
from integrations.base.records import NAMES, Fields, Record
from portal.common import clock
from portal.sync import compare
from portal.sync.inbound import (
    Adopt,
    Agree,
    AskWhetherSame,
    AskWhetherToMake,
    AskWhich,
    AskWhichRestored,
    Back,
    Duplicate,
    EditWins,
    Gone,
    Import,
    MadeAnew,
    Miss,
    Nameless,
    NotMade,
    NotMadeYet,
    SamePerson,
    StillThere,
    Take,
    Unlisted,
    brought,
    called,
)
from portal.sync.matching import Found, equal, grace, same_key, search
from portal.sync.models import Conflict, PlatformLink
from portal.sync.scope import Listing, Scope, digest
from portal.sync.sending import Create, Delete, Readdress, Replace, Update
from portal.sync.steps import Brake, PendingChange, Step

State = PlatformLink.State
# Details that the listing does not show are read again after this, changed or not.
STALE = timedelta(hours=24)


def plan(scope: Scope, listing: Listing) -> list[Step]:
    """Every step that a listing calls for, news first, then our pending changes."""
    missing = _missing(scope, listing)
    if brake := _brake(scope, listing, missing):
        return [brake]
    steps: list[Step] = []
    claimed: set[int] = set()
    found = search(scope, listing)
    for row_id, records in equal(scope, listing, found).items():
        claimed.add(-row_id)
        steps.append(_is_it_there(scope, row_id, records))
    for record in listing.records.values():
        steps += _seen(scope, listing, record, claimed, found)
    for link in missing:
        if link.pk not in claimed:
            steps += _unseen(scope, listing, link)
    for link in scope.links:
        if link.op and link.external_id is None and link.pk not in claimed:
            steps += _uncertain(scope, listing, link, found.candidates.get(link.pk, []))
        elif link.awaited and link.pk not in claimed and _not_shown(scope, listing, link):
            steps.append(NotMadeYet(scope=scope, link=link, row=scope.row_of(link)))
        elif link.state == State.DELETED and _confirms_delete(listing, link):
            steps.append(Miss(scope=scope, link=link, row=scope.row_of(link)))
    steps += _unlinked(scope, claimed)
    return sorted(steps, key=lambda step: isinstance(step, PendingChange))


def _missing(scope: Scope, listing: Listing) -> list[PlatformLink]:
    """Live links that the listing should have shown; one without an id is known by its key."""
    keys = {scope.mirror.key(r.fields, scope.can.natural_key) for r in listing.records.values()}
    missing = []
    for link in scope.links:
        if link.state != State.LIVE or link.unlisted or link.op or not link.made:
            continue
        if link.external_id is None:
            if scope.our_key(link.base_ours) not in keys:
                missing.append(link)
        elif not _is_shown(scope, listing, link):
            missing.append(link)
    return missing


def _is_shown(scope: Scope, listing: Listing, link: PlatformLink) -> bool:
    """Whether a listing has shown a link's record, be it that it passed as it was; one that has
    lost its address is nobody's any more."""
    record = listing.records.get(link.external_id or "")
    if record is None:
        return link.external_id in listing.ids
    return not scope.mirror.keyless(record)


def _brake(scope: Scope, listing: Listing, missing: list[PlatformLink]) -> Brake | None:
    if not listing.accepted:
        return None
    new = [x for x in missing if not scope.accepted(x)]
    if not compare.pulls_brake(scope.live, len(new), scope.can.most):
        return None
    if len(new) <= compare.BRAKE_COUNT and _shows_others(scope, listing, new):
        return None
    return Brake(scope=scope, missing=[_named(scope, link) for link in new])


def _shows_others(scope: Scope, listing: Listing, missing: list[PlatformLink]) -> bool:
    """Whether a listing that lacks all of the few that are known is no empty one: they are shown
    without their address, or others are in their place, as where a webinar has got another owner.
    """
    if scope.parent is not None and listing.ids:
        return True
    return all(link.external_id in listing.ids for link in missing)


def brake_before_deletes(scope: Scope) -> Brake | None:
    """The same brake before our own deletes: many at once wait for a person."""
    live = [x for x in scope.links if x.state == State.LIVE and x.made]
    deleted = [
        x for x in live if getattr(scope.row_of(x), "removed_at", None) and not scope.accepted(x)
    ]
    if len(deleted) <= compare.BRAKE_COUNT or not compare.pulls_brake(len(live), len(deleted)):
        return None
    return Brake(scope=scope, missing=[_named(scope, x) for x in deleted], ours=True)


def _named(scope: Scope, link: PlatformLink) -> dict[str, Any]:
    """A link as a line in the list of what is missing."""
    row = scope.row_of(link)
    return {"id": link.external_id or "", "local_id": link.local_id, "title": str(row or "")}


def _seen(
    scope: Scope, listing: Listing, record: Record, claimed: set[int], found: Found
) -> list[Step]:
    link = scope.by_id.get(record.external_id or "")
    if link is None:
        return list(_unknown(scope, listing, record, claimed, found))
    row = scope.row_of(link)
    if row is None and _is_unknown_again(scope, link, record):
        return list(_unknown(scope, listing, record, claimed, found))
    if link.state == State.DUPLICATE or row is None or scope.mirror.keyless(record):
        return []
    if link.brought:
        completed = _complete(scope, None, record) if record.partial else (record, "")
        claimed.add(link.pk)
        if completed is None:
            return []
        record, listed = completed
        return [Adopt(scope=scope, link=link, row=row, record=record, listed=listed)]
    if link.state == State.DELETED:
        if link.op_at is not None and listing.started_at <= link.op_at + grace():
            claimed.add(link.pk)  # a listing may lag behind our delete
            return []
        if not scope.reinstates(link, row):
            anew = scope.can.unique_key and compare.deleted_surely(absences=link.misses)
            step = MadeAnew if anew else StillThere
            return [step(scope=scope, link=link, row=row, record=record)]
    steps: list[Step] = []
    if link.state != State.LIVE or link.misses or link.unlisted:
        what = Agree if link.state == State.LIVE else Back
        steps.append(what(scope=scope, link=link, row=row, record=record))
    return steps + reconcile(scope, link, row, record)


def _is_unknown_again(scope: Scope, link: PlatformLink, record: Record) -> bool:
    """Whether a record whose row was deleted here outright is to be met as one that nobody knows:
    it was gone there and is back, or the same person has been added here again."""
    if link.state == State.DUPLICATE or link.local_id is None or not scope.can.unique_key:
        return False
    if link.state == State.GONE:
        return True
    row = same_key(scope, record)
    return row is not None and row.pk not in scope.by_row


def reconcile(scope: Scope, link: PlatformLink, row: Any, record: Record) -> list[Step]:
    """Compare one row with its record and say what follows."""
    listed = ""
    if record.partial:
        completed = _complete(scope, link, record)
        if completed is None:
            return []
        record, listed = completed
    record = replace(record, fields=scope.mirror.meaningful(record.fields))
    ours = scope.mirror.read(row)
    base_ours, base_theirs = _bases(scope, link, record)
    merged = compare.merge(
        base_ours=base_ours,
        base_theirs=base_theirs,
        ours=ours,
        theirs=record.fields,
        expected=_expected(scope, base_ours, ours, record.fields),
        sendable=scope.can.sendable(on_update=True) if scope.can.update.offered else (),
        together=scope.can.together,
    )
    aside = scope.mirror.side_by_side
    merged.clashes = [clash for clash in merged.clashes if clash.name not in aside]
    if getattr(row, "removed_at", None):
        return _removal(scope, link, row, record, merged)
    return _merged_steps(scope, link, row, record, merged, ours, listed)


def _bases(
    scope: Scope, link: PlatformLink, record: Record
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What both sides last agreed on. A name that only stands for a missing one is no news."""
    names = [n for n in NAMES.get(scope.kind, ()) if n in scope.mirror.compared]
    if all(record.fields.get(n) == link.base_theirs.get(n) for n in names):
        return link.base_ours, link.base_theirs
    none = scope.adapter.placeholders(scope.kind, record.fields).intersection(names)
    shown = {name: record.fields[name] for name in none}
    return dict.fromkeys(none, "") | link.base_ours, link.base_theirs | shown


def _expected(scope: Scope, base_ours: Fields, ours: Fields, theirs: Fields) -> Fields:
    """What the platform shows when it is given ours. Of fields that it holds as one, those that
    were edited here are not taken for agreed while another of them is still to be sent."""
    expected = scope.adapter.expected(scope.kind, ours)
    if all(expected.get(n) == theirs[n] for n in scope.can.together if n in theirs):
        return expected
    edited = {n: ours[n] for n in scope.can.together if ours[n] != base_ours.get(n)}
    return {**expected, **edited}


def _merged_steps(
    scope: Scope,
    link: PlatformLink,
    row: Any,
    record: Record,
    merged: compare.Merged,
    ours: dict[str, Any],
    listed: str,
) -> list[Step]:
    about: dict[str, Any] = {"scope": scope, "link": link, "row": row, "record": record}
    if _is_made_anew(scope, link, row, merged):
        changed = {name: [merged.take[name], ours[name]] for name in merged.take}
        return [Readdress(**about, fields=changed)]
    steps: list[Step] = []
    # What a listing leaves out is kept (`matching.remember`): only what is new or differs counts.
    news = link.facts | dict(record.facts) != link.facts or (listed and listed != link.listed)
    bases = (merged.base_ours, merged.base_theirs) != (link.base_ours, link.base_theirs)
    if merged.take or merged.clashes:
        changed = {name: [ours[name], value] for name, value in merged.take.items()}
        steps.append(Take(**about, merged=merged, fields=changed, listed=listed))
    elif bases or news:
        steps.append(Agree(**about, merged=merged, listed=listed))
    if merged.push:
        wanted = {name: [record.fields.get(name), ours[name]] for name in sorted(merged.push)}
        steps.append(Update(**about, fields=wanted))
    return steps


def _is_made_anew(scope: Scope, link: PlatformLink, row: Any, merged: compare.Merged) -> bool:
    """Whether ours alone has another address, and the platform, which takes no change of it, can
    withdraw the old one and be given the new one."""
    refused = {clash.name for clash in merged.clashes if clash.refused}
    able = scope.can.create.offered and scope.can.delete.offered and scope.can.unique_key
    only = bool(refused) and refused == merged.take.keys() and not merged.push
    return able and only and scope.mirror.made_anew(row, link)


def _removal(
    scope: Scope, link: PlatformLink, row: Any, record: Record, merged: compare.Merged
) -> list[Step]:
    """Staff want it gone. If it was changed there since both agreed, the edit wins."""
    if not scope.can.delete.offered:
        return []
    ours = scope.mirror.read(row)
    about: dict[str, Any] = {"scope": scope, "link": link, "row": row, "record": record}
    if not _is_edited_there(link, record, ours):
        return [Delete(**about)]
    news = {name: [ours[name], value] for name, value in merged.take.items()}
    return [EditWins(**about, merged=merged, fields=news)]


def _is_edited_there(link: PlatformLink, record: Record, ours: Fields) -> bool:
    """Whether it was changed there since both agreed. A base may hold more than is read here: what
    was sent along for a person's sake. A name that was corrected since is an edit of the person,
    and keeps nobody registered."""
    agreed = {name: theirs for name, theirs in link.base_theirs.items() if name in ours}
    return compare.changed_there(agreed, record.fields)


def _complete(scope: Scope, link: PlatformLink | None, record: Record) -> tuple[Record, str] | None:
    """Fill in what the cheap listing does not show: by a get where something may have changed."""
    listed = digest(record)
    if link is not None and _still_fresh(scope, link, listed):
        fields = dict(link.base_theirs) | dict(record.fields)
        facts = link.facts | dict(record.facts)
        return replace(record, fields=fields, facts=facts, partial=False), listed
    try:
        return scope.adapter.get(scope.kind, record.external_id or "", scope.parent_id), listed
    except RecordNotFound:
        return None


def _still_fresh(scope: Scope, link: PlatformLink, listed: str) -> bool:
    if scope.full or link.listed != listed or link.detailed_at is None:
        return False
    return clock.now() - link.detailed_at < STALE


def _unknown(
    scope: Scope, listing: Listing, record: Record, claimed: set[int], found: Found
) -> Iterator[Step]:
    """A record that no link knows: one that we made, one that we have too, or a new one."""
    title = called(record)
    if any(not record.fields.get(name) for name in scope.mirror.needed):
        yield Nameless(scope=scope, title=title, record=record)
        return
    marked = scope.by_marker.get(record.marker) if record.marker else None
    link = marked or found.links.get(record.external_id or "")
    if link is None and found.held(record):
        return
    if link is not None and (link.external_id or link.pk in claimed):
        row = scope.row_of(link)
        yield Duplicate(scope=scope, title=title, link=link, row=row, record=record)
        return
    completed = _complete(scope, None, record) if record.partial else (record, "")
    if completed is None:
        return
    record, listed = completed
    if link is not None:
        claimed.add(link.pk)
        row = scope.row_of(link)
        yield Adopt(scope=scope, title=title, link=link, row=row, record=record, listed=listed)
        return
    row = same_key(scope, record) if scope.can.unique_key else None
    link = scope.by_row.get(row.pk) if row is not None else None
    if link is not None and (link.external_id in listing.ids or link.pk in claimed):
        # One person, listed again (a permanent room lists a registration for each session).
        yield SamePerson(scope=scope, title=title, link=link, row=row, record=record)
        return
    about: dict[str, Any] = {"scope": scope, "title": title, "record": record, "listed": listed}
    about["fields"] = brought(record)
    if row is None:
        yield Import(**about)
        return
    claimed.add(link.pk if link else -row.pk)
    yield Adopt(**about, link=link, row=row)


def _unseen(scope: Scope, listing: Listing, link: PlatformLink) -> list[Step]:
    row = scope.row_of(link)
    can_ask = scope.can.get.offered and link.external_id is not None
    apart = link.absent_at is None or not link.misses or link.absent_at < scope.since
    verdict = compare.absence(
        accepted=listing.accepted, misses=link.misses, can_ask=can_ask, apart=apart
    )
    if verdict is compare.Absence.IGNORE:
        return []
    if verdict is compare.Absence.COUNT:
        return [Miss(scope=scope, link=link, row=row)]
    if verdict is compare.Absence.ASK and _can_still_be_read(scope, link):
        return [Unlisted(scope=scope, link=link, row=row)]
    return [Gone(scope=scope, link=link, row=row)]


def _can_still_be_read(scope: Scope, link: PlatformLink) -> bool:
    """Whether a get shows what the listings lack."""
    try:
        record = scope.adapter.get(scope.kind, link.external_id or "", scope.parent_id)
    except RecordNotFound:
        return False
    return not scope.mirror.keyless(record)


def _confirms_delete(listing: Listing, link: PlatformLink) -> bool:
    """Whether a listing is the first to show that a delete of ours has taken effect."""
    absent = listing.accepted and link.external_id not in listing.ids
    asked_later = link.op_at is not None and listing.started_at > link.op_at
    return absent and asked_later and not link.misses


def _uncertain(
    scope: Scope, listing: Listing, link: PlatformLink, candidates: list[Record]
) -> list[Step]:
    """A create whose outcome nobody knows and that the listing does not surely show."""
    row = scope.row_of(link)
    # Without a time nothing was sent, as far as we know.
    after_grace = link.op_at is None or listing.started_at > link.op_at + grace()
    if candidates:
        return _question(scope, link, candidates) if after_grace else []
    next_time = (link.absent_at or listing.started_at) + timedelta(
        minutes=scope.account.interval_minutes
    )
    verdict = compare.creation(
        accepted=listing.accepted,
        after_grace=after_grace,
        absences=link.op_absences,
        apart=not link.op_absences or listing.started_at >= next_time,
    )
    if verdict is compare.Creation.WAIT:
        return []
    if verdict is compare.Creation.COUNT:
        return [NotMadeYet(scope=scope, link=link, row=row)]
    wanted = not getattr(row, "removed_at", None) and not getattr(row, "gone_at", None)
    if wanted and link.restored(row):
        # It may have been made since the backup, and deleted as well: nobody knows any more.
        return _question(scope, link, [])
    return [NotMade(scope=scope, link=link, row=row)]


def _not_shown(scope: Scope, listing: Listing, link: PlatformLink) -> bool:
    """Whether a listing lacks somebody who was brought along, and an earlier one may have, too."""
    later = link.op_at is not None and listing.started_at > link.op_at
    apart = link.absent_at is None or not link.op_absences or link.absent_at < scope.since
    return listing.accepted and later and apart


def _question(scope: Scope, link: PlatformLink, candidates: list[Record]) -> list[Step]:
    """Ask staff which of these it is, or whether it is to be made, where they are not asked
    already."""
    row = scope.row_of(link)
    shown = [_candidate(record) for record in candidates]
    asked = link.conflicts.filter(sort=Conflict.Sort.WHICH, resolved_at=None)
    if asked.filter(theirs=shown).exists():
        return []
    step = AskWhich
    if link.restored(row):
        step = AskWhichRestored if shown else AskWhetherToMake
    return [step(scope=scope, link=link, row=row, candidates=shown)]


def _is_it_there(scope: Scope, row_id: int, records: list[Record]) -> Step:
    row = scope.rows[row_id]
    shown = [_candidate(record) for record in records]
    return AskWhetherSame(scope=scope, link=scope.by_row.get(row_id), row=row, candidates=shown)


def _candidate(record: Record) -> dict[str, Any]:
    """A record as a line among those of which one may be ours."""
    names = ("title", "starts_at", "duration_minutes")
    shown = {name: record.fields[name] for name in names if name in record.fields}
    return {"id": record.external_id or "", **shown}


def _unlinked(scope: Scope, claimed: set[int]) -> list[Step]:
    """Rows of ours that the platform does not know, or whose create was refused."""
    if not scope.can.create.offered:
        return []
    steps: list[Step] = []
    for pk, row in scope.rows.items():
        link = scope.by_row.get(pk)
        waits = link is None or not (link.made or link.op or link.state != State.LIVE)
        waits = waits and not (link and link.awaited)
        waits = waits or scope.reinstates(link, row)
        wanted = not getattr(row, "removed_at", None) and not getattr(row, "gone_at", None)
        if waits and wanted and -pk not in claimed and (link is None or link.pk not in claimed):
            shown = {n: [None, v] for n, v in scope.mirror.read(row).items()}
            steps.append(Create(scope=scope, link=link, row=row, fields=shown))
    return steps


def plan_unlisted(scope: Scope) -> list[Step]:
    """For a kind that the platform cannot list: only our own pending changes can be known."""
    steps = _unlinked(scope, set())
    if not scope.can.upsert:
        return steps
    for link in scope.links:
        row = scope.row_of(link)
        if row is None or not link.made or getattr(row, "removed_at", None):
            continue
        ours = scope.mirror.read(row)
        changed = {n: [link.base_ours.get(n), v] for n, v in ours.items()}
        changed = {n: pair for n, pair in changed.items() if pair[0] != pair[1]}
        if changed:
            steps.append(Replace(scope=scope, link=link, row=row, fields=changed))
    return steps
