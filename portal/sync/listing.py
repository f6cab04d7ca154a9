"""Read one complete listing, and act on it: news into our rows, pending changes into the outbox."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from integrations.base.adapter import Adapter
from integrations.base.errors import CredentialsRejected, RecordNotFound, UnexpectedAnswer
from integrations.base.records import PARENTS, Kind, Page
from portal.common import clock
from portal.common.texts import own_words, several
from portal.outbox import services as outbox
from portal.platforms import budget
from portal.sync import imports, sentences
from portal.sync.ahead import Asked, asked
from portal.sync.context import SyncContext
from portal.sync.inbound import Import
from portal.sync.models import PlatformLink
from portal.sync.plan import plan, plan_unlisted, reconcile
from portal.sync.scope import Listing, Scope, load, of_one, release_brake
from portal.sync.sieve import Sieve
from portal.sync.steps import Brake, PendingChange, Step

HAVE_LISTS = frozenset(PARENTS.values())
MOVED = sentences.ROWS_MOVED
FORBIDDEN = 403
AT_ONCE = 1000  # records of a page that are held decoded


def observe(context: SyncContext, scope: Scope, *, gather: bool = False) -> None:
    """Read one listing and act on it; our own pending changes are left in the outbox.

    With `gather` what nobody here knows may be written later, together with that of other
    listings: before the lists of what is found are read, say.
    """
    if scope.can.list.offered:
        steps = _listed(context, scope)
    elif scope.known is not None and scope.known.at_rest:
        steps = []
    else:
        _load_whole(context, scope)
        steps = plan_unlisted(scope)
    _act(context, scope, steps)
    if not gather:
        imports.flush(context)


def observe_one(context: SyncContext, webinar: PlatformLink) -> None:
    """Compare a webinar with its own record, read alone, where the platform shows one. That it is
    not found means nothing: the next listing says what has become of it. While the brake is on,
    nothing is taken: perhaps the account is not the one that it was."""
    scope = of_one(context, webinar)
    if scope is None or not scope.can.get.offered or scope.place in context.holds:
        return
    link = scope.links[0]
    try:
        record = context.adapter.get(scope.kind, link.external_id or "", scope.parent_id)
    except RecordNotFound:
        return
    except (UnexpectedAnswer, CredentialsRejected) as error:
        # That one record may not be read says nothing of the account: the lists after it do.
        if isinstance(error, CredentialsRejected) and error.status != FORBIDDEN:
            raise
        context.trouble(own_words(error.message), error)
        return
    if not scope.mirror.keyless(record):
        # What is ours to be sent stands in the outbox, or the next listing puts it there.
        steps = reconcile(scope, link, scope.row_of(link), record)
        _act(context, scope, [step for step in steps if not isinstance(step, PendingChange)])


def _listed(context: SyncContext, scope: Scope) -> list[Step]:
    """Read the listing and say what follows from it."""
    passed, before = clock.stopwatch(), context.reading_calls
    listing, sieve = _read(context, scope)
    listing.proves = scope.proves
    if scope.parent is None and not context.delivering:
        # Of a slow platform the time counts, of a quick one the calls.
        slow = passed().total_seconds() * budget.per_minute(context.account) / 60
        context.rounds.cost(scope.kind, max(context.reading_calls - before, slow))
    if sieve is not None:
        sieve.keep_digests()
    if listing.orphaned and _is_gone_meanwhile(context, scope):
        return []
    for external_id, record in listing.records.items():
        context.observed.note(record, listing.asked[external_id])
    context.lists[scope.place] = not listing.why_not
    steps: list[Step] = []
    if sieve is None or sieve.narrow(accepted=listing.accepted) or listing.records:
        if listing.accepted:
            _remember_missed(context, scope, listing)
        steps = plan(scope, listing)
    braked = any(isinstance(step, Brake) for step in steps)
    if sieve is not None and not braked:
        steps += sieve.steps()
    if listing.why_not:
        said = several(sentences.list_not_trusted(scope.kind), listing.why_not)
        context.trouble(said, listing.error)
    elif not braked and listing.accepted:
        _end_hold(context, scope)
    return steps


def _read(context: SyncContext, scope: Scope) -> tuple[Listing, Sieve | None]:
    """Read the listing through a sieve, where nothing in its place asks for more care; once more
    without one if rows moved between the pages."""
    known = scope.known
    sieve = Sieve(context, scope, known) if known is not None and not known.careful else None
    if sieve is None:
        _load_whole(context, scope)
    between = partial(context.page_read, scope)
    began, pages = context.ahead.read(scope.as_asked)
    listing = _read_once(scope.kind, began, pages, sieve, between)
    if listing.why_not != MOVED:
        return listing, sieve
    imports.flush(context)
    _load_whole(context, scope)
    again = asked(context.adapter, scope.kind, scope.parent_id)
    return _read_once(scope.kind, clock.now(), again, None, between), None


def _load_whole(context: SyncContext, scope: Scope) -> None:
    """Load all that stands in the place, as it stands now, where that is not loaded yet."""
    if scope.known is not None:
        scope.known = None
        fresh = load(context, scope.kind, scope.parent, full=scope.full)
        scope.replace(fresh.rows, fresh.links)


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
    listing = _read_now(adapter, kind, parent_id)
    return _read_now(adapter, kind, parent_id) if listing.why_not == MOVED else listing


def _read_now(adapter: Adapter, kind: Kind, parent_id: str | None) -> Listing:
    return _read_once(kind, clock.now(), asked(adapter, kind, parent_id))


def _read_once(
    kind: Kind,
    began: datetime,
    pages: Iterable[Asked],
    sieve: Sieve | None = None,
    between: Callable[[], Any] = bool,
) -> Listing:
    """`between` is called where another page follows."""
    listing = Listing(kind, began)
    try:
        _collect(listing, pages, sieve, between)
    except UnexpectedAnswer as error:
        listing.why_not, listing.error = own_words(error.message), error
    except RecordNotFound:
        # An unknown parent says nothing about its children.
        listing.why_not, listing.orphaned = sentences.PARENT_UNKNOWN, True
    return listing


def _collect(
    listing: Listing, pages: Iterable[Asked], sieve: Sieve | None, between: Callable[[], Any]
) -> None:
    totals: set[int] = set()
    seen = 0
    for number, (page, passed) in enumerate(pages):
        if number:
            between()
        if page.total is not None:
            totals.add(page.total)
        seen += len(page.records)
        for part in page.parts(AT_ONCE):
            if not _take_page(listing, part, sieve, passed):
                listing.why_not = MOVED
    if len(totals) > 1 or (totals and totals != {seen}):
        listing.why_not = MOVED


def _take_page(
    listing: Listing, page: Page, sieve: Sieve | None, passed: Callable[[], timedelta]
) -> bool:
    """Take in a page or a part of one; whether it shows nothing that was shown before."""
    records, fresh = page.records, True
    if sieve is not None and page.digests:
        ids, records = sieve.rest_of(page)
        before = len(listing.ids)
        listing.ids.update(ids)
        fresh = len(listing.ids) == before + len(ids)
    for record in records:
        external_id = record.external_id
        if external_id is None or external_id in listing.ids:
            fresh = False
            continue
        listing.ids.add(external_id)
        if sieve is None or sieve.keeps(record, passed):
            listing.records[external_id] = record
            listing.asked[external_id] = passed
    if sieve is not None:
        sieve.page_ends()
    return fresh


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
        links = (link for link in scope.links if link.external_id not in listing.ids)
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
    agreed = [pk for pk in refused if scope.has_row(pk) and pk not in ids]
    if agreed:
        with context.lease.commit():
            outbox.close_older(context.account.pk, scope.kind, agreed)
