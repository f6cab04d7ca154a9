"""Read one complete listing, and act on it: news into our rows, pending changes into the outbox."""

from collections.abc import Iterable

from integrations.base.adapter import Adapter
from integrations.base.errors import RecordNotFound, UnexpectedAnswer
from integrations.base.records import PARENTS, Kind, Page
from portal.common import clock
from portal.common.texts import own_words, several
from portal.outbox import services as outbox
from portal.sync import imports, sentences
from portal.sync.context import SyncContext
from portal.sync.inbound import Import
from portal.sync.plan import plan, plan_unlisted
from portal.sync.scope import Listing, Scope, release_brake
from portal.sync.steps import Brake, PendingChange, Step

HAVE_LISTS = frozenset(PARENTS.values())
MOVED = sentences.ROWS_MOVED


def observe(context: SyncContext, scope: Scope, *, gather: bool = False) -> None:
    """Read one listing and act on it; our own pending changes are left in the outbox.

    With `gather` what nobody here knows may be written later, together with that of other
    listings; but not what has lists of its own.
    """
    if scope.can.list.offered:
        listing = read(context.adapter, scope.kind, scope.parent_id)
        if listing.orphaned and _is_gone_meanwhile(context, scope):
            return
        for external_id, record in listing.records.items():
            context.observed.note(record, listing.asked[external_id])
        context.lists[scope.place] = listing.accepted
        if listing.accepted:
            _remember_missed(context, scope, listing)
        steps = plan(scope, listing)
        if listing.why_not:
            said = several(sentences.list_not_trusted(scope.kind), listing.why_not)
            context.trouble(said, listing.error)
        elif not any(isinstance(step, Brake) for step in steps):
            _end_hold(context, scope)
    else:
        steps = plan_unlisted(scope)
    _act(context, scope, steps)
    if not gather or scope.kind in HAVE_LISTS:
        imports.flush(context)


def _act(context: SyncContext, scope: Scope, steps: list[Step]) -> None:
    """Run the news; have what nobody here knows taken up; leave what is ours in the outbox."""
    new: list[Import] = []
    for step in steps:
        if isinstance(step, Import) and not context.dry_run:
            new.append(step)
        elif not isinstance(step, PendingChange):
            imports.keep(context, step)
    imports.gather(context, new)
    _leave_pending(context, scope, [step for step in steps if isinstance(step, PendingChange)])


def read(adapter: Adapter, kind: Kind, parent_id: str | None = None) -> Listing:
    """List a kind, once more if rows moved between the pages.

    Raises what means that the whole account cannot be asked now: PlatformUnavailable, RateLimited
    or CredentialsRejected.
    """
    listing = _read_once(adapter, kind, parent_id)
    if listing.why_not == MOVED:
        listing = _read_once(adapter, kind, parent_id)
    return listing


def _read_once(adapter: Adapter, kind: Kind, parent_id: str | None) -> Listing:
    listing = Listing(kind, clock.now())
    try:
        _collect(listing, adapter.list_all(kind, parent_id))
    except UnexpectedAnswer as error:
        listing.why_not, listing.error = own_words(error.message), error
    except RecordNotFound:
        # An unknown parent says nothing about its children.
        listing.why_not, listing.orphaned = sentences.PARENT_UNKNOWN, True
    return listing


def _collect(listing: Listing, pages: Iterable[Page]) -> None:
    totals: set[int] = set()
    seen, passed = 0, clock.stopwatch()
    for page in pages:
        if page.total is not None:
            totals.add(page.total)
        for record in page.records:
            seen += 1
            if record.external_id is None or record.external_id in listing.records:
                listing.why_not = MOVED
            else:
                listing.records[record.external_id] = record
                listing.asked[record.external_id] = passed
        passed = clock.stopwatch()
    if len(totals) > 1 or (totals and totals != {seen}):
        listing.why_not = MOVED


def _end_hold(context: SyncContext, scope: Scope) -> None:
    """End the hold on this place, if there is one; once nobody has to look any more, what waited
    for that alone is due at once."""
    was_held = context.held
    release_brake(context, scope)
    if was_held and not context.held:
        with context.lease.commit():
            outbox.release(context.account.pk, sentences.ACCOUNT_HELD)


def _is_gone_meanwhile(context: SyncContext, scope: Scope) -> bool:
    """Whether what a list belongs to was removed there after this run had seen it: then the list
    has nothing to say, and the next listing of its kind says what has become of it."""
    parent = scope.parent
    if parent is None or parent.external_id is None:
        return False
    kind = Kind(parent.kind)
    can, above = context.adapter.capabilities.kind(kind), parent.parent
    if can.get.offered:
        try:
            context.adapter.get(kind, parent.external_id, above.external_id if above else None)
        except RecordNotFound:
            context.missed.add(parent.pk)
        return parent.pk in context.missed
    again = read(context.adapter, kind, above.external_id if above else None)
    if again.accepted and parent.external_id not in again.records:
        context.missed.add(parent.pk)
    return parent.pk in context.missed


def _remember_missed(context: SyncContext, scope: Scope, listing: Listing) -> None:
    """Remember which of those that have lists of their own a complete listing has not shown."""
    if scope.kind in HAVE_LISTS:
        links = (link for link in scope.links if link.external_id not in listing.records)
        context.missed.update(link.pk for link in links)


def _leave_pending(context: SyncContext, scope: Scope, steps: list[PendingChange]) -> None:
    """Make sure that each change stands in the outbox; close what was refused and agrees by now."""
    if context.dry_run:
        for step in steps:
            step.note(context)
        return
    ids = [step.row.pk for step in steps]
    if ids:
        with context.lease.commit():
            outbox.ensure(context.account, scope.kind, ids)
    if context.refused is None:
        context.refused = outbox.failed_pushes(context.account.pk)
    refused = [pk for kind, pk in context.refused if kind == scope.kind]
    agreed = [pk for pk in refused if pk in scope.rows and pk not in ids]
    if agreed:
        with context.lease.commit():
            outbox.close_older(context.account.pk, scope.kind, agreed)
