"""Two-way sync of one account: read the listings, apply the news, send what is ours.

Nothing here names a platform. A level drives everything, so a lost message, a crash or a second
worker costs time and nothing else.
"""

import os
import socket
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from random import uniform
from typing import Any

from celery import current_task

from integrations.base.errors import (
    CredentialsRejected,
    PlatformError,
    PlatformUnavailable,
    RateLimited,
)
from portal.common import clock
from portal.common.texts import Text, own_words, several
from portal.conferences.schedule.services import automatic
from portal.outbox import services as outbox
from portal.platforms import breaker, budget, lease, pace
from portal.platforms.connections import open_adapter
from portal.platforms.models import AccountRuntime, PlatformAccount
from portal.sync import (
    addresses,
    ahead,
    counted,
    imports,
    live,
    outbound,
    readings,
    restoring,
    scope,
    sentences,
)
from portal.sync.context import SyncContext
from portal.sync.listing import observe, observe_one
from portal.sync.models import PlatformLink, SyncRun

# Runs that nobody waits for leave others the part of the budget that is kept for them.
IN_BACKGROUND = ("beat", SyncRun.LIVE)
LIVE_WAITS = 15.0  # seconds after which a sync looks whether something live is to be read


def sync_account(
    account_id: int,
    *,
    trigger: str = "beat",
    full: bool = False,
    dry_run: bool = False,
    run: SyncRun | None = None,
) -> SyncRun:
    """Sync one account and answer its run; a dry run plans and writes nothing but its own run,
    and that only where somebody has asked for it in advance (`run`).

    Raises `LeaseTaken` while another worker is at it. Errors of the platform end up in the run.
    """

    def job(context: SyncContext) -> None:
        context.run.full = full or dry_run or not context.rounds.kept
        if full:
            context.rounds.start_over()
        try:
            _read(context)
        except PlatformError:
            imports.flush(context)  # that these lists were read is kept
            raise
        imports.flush(context)
        if not dry_run:
            outbound.push_due(context)

    return _run(account_id, trigger, job, dry_run=dry_run, run=run)


def _read(context: SyncContext) -> None:
    """Go through the listings that are due; between them what staff have done meanwhile leaves, and
    what is live is read where this takes long."""
    context.live_again = time.monotonic() + LIVE_WAITS
    before = context.run.calls
    for place in scope.due_scopes(context, full=context.run.full):
        if time.monotonic() > context.live_again and not context.dry_run:
            _read_live(context)
        # What was done since may have changed what was read for many listings at once.
        current = scope.reload(context, place) if context.told > place.told else place
        if current is None:
            continue
        observe(context, current, gather=True)
        if context.run.calls > before:
            outbound.push_urgent(context)
            before = context.run.calls


def _read_live(context: SyncContext) -> None:
    """Read the lists of what is live or looked at, as many as the pace leaves. What is to be sent
    leaves first. That our own pace is used up ends it: the rest comes next.

    One webinar whose lists cannot be read holds up no others, and ends no sync: of two of them the
    platform itself is to be blamed."""
    context.live_again = time.monotonic() + LIVE_WAITS
    links = live.now_due(context.account)
    if not links:
        return
    imports.flush(context)
    context.ahead.rest()
    began, before = clock.now(), context.reading_calls
    tried: dict[PlatformLink, bool | None] = {}
    failed: PlatformError | None = None
    try:
        for link in links:
            tried[link] = None
            try:
                tried[link] = _read_webinar(context, link)
            except PlatformUnavailable as error:
                if failed is not None:
                    break
                failed = error
    except budget.NotNow:
        tried.popitem()
    finally:
        calls = context.reading_calls - before
        context.live_calls += calls
        context.told += 1  # what was read of our side before that is old
        rest = live.were_read(context.lease, context.account, tried, began, calls)
        context.live_again = time.monotonic() + max(LIVE_WAITS, rest.total_seconds())
    alone = context.run.trigger == SyncRun.LIVE
    if failed is not None and alone and not any(one is not None for one in tried.values()):
        raise failed


def _read_webinar(context: SyncContext, webinar: PlatformLink) -> bool:
    """Read one webinar's own record and all its lists; whether something was found."""
    steps = len(context.run.steps)
    outbound.push_urgent(context)
    observe_one(context, webinar)
    for place in scope.lists_of(context, webinar):
        outbound.push_urgent(context)
        current = scope.reload(context, place) if context.told > place.told else place
        if current is not None:
            observe(context, current)
    return len(context.run.steps) > steps


def read_live(account_id: int) -> SyncRun:
    """Read the lists of what is live or looked at on one account, and nothing else: no sync.

    An account that is left alone, or whose platform asked us to wait, is asked for nothing.
    """

    def job(context: SyncContext) -> None:
        if not breaker.is_open(context.account) and not budget.blocked(context.account):
            _read_live(context)

    return _run(account_id, SyncRun.LIVE, job)


def push_account(account_id: int) -> SyncRun:
    """Send what waits for one account, without listing what need not be listed.

    An account that is left alone, or whose platform asked us to wait, is asked for nothing.
    """

    def job(context: SyncContext) -> None:
        if not breaker.is_open(context.account) and not budget.blocked(context.account):
            outbound.push_due(context)

    return _run(account_id, SyncRun.PUSH, job)


def _run(
    account_id: int,
    trigger: str,
    job: Callable[[SyncContext], None],
    *,
    dry_run: bool = False,
    run: SyncRun | None = None,
) -> SyncRun:
    """The frame of every job: lease, adapter, budget, breaker, and the run's end."""
    restoring.noticed()  # then the account is paused, and nothing leaves
    with lease.hold(account_id) as mine:
        account = PlatformAccount.objects.get(pk=account_id)
        run = run or SyncRun(account=account, trigger=trigger, started_at=clock.now())
        run.worker, run.fence = _worker(), mine.fence
        if run.pk or not (dry_run or trigger in SyncRun.BRIEF):
            run.save()  # so that a run whose worker stops is known of
        try:
            share = budget.Share(account)
            reader = ahead.ReadAhead(ahead.lines(account), lambda: share.waits)
            adapter = open_adapter(account, lambda: _gate(context, share), reader.over)
        except PlatformUnavailable as error:
            return _not_opened(run, error.message, dry_run=dry_run)
        context = SyncContext(account, adapter, mine, run, dry_run=dry_run, ahead=reader)
        context.waiting = partial(outbox.waiting_rows, account_id)
        context.page_read = partial(outbound.push_urgent, context)
        context.before_children = partial(imports.flush, context)
        context.holds = scope.brakes_on(account)
        context.rounds = readings.rounds_of(account.runtime)
        try:
            if account.active:
                job(context)
                _judge(context)
                if not dry_run:
                    automatic.tell(account)
                    addresses.by_itself(account)
            else:
                run.outcome = SyncRun.Outcome.FAILED
                context.trouble(sentences.INACTIVE)
        except PlatformError as error:
            _in_trouble(context, error)
        finally:
            context.close()
        _finish(context)
    return run


def _gate(context: SyncContext, share: budget.Share) -> None:
    """Before each request: it is taken from the budget, and counted."""
    run, dry_run = context.run, context.dry_run
    share.take(for_staff=context.for_staff or run.trigger not in IN_BACKGROUND)
    # Only now: the wait may have been long, and nothing leaves once the lease is another's.
    context.lease.renew()
    run.calls += 1
    if run.pk is None and not dry_run and (run.trigger != SyncRun.LIVE or context.delivering):
        run.save()
    if dry_run and run.pk:  # somebody watches how far it has come
        SyncRun.objects.filter(pk=run.pk).update(calls=run.calls)


def _worker() -> str:
    """Who is at it: the Celery worker's name, or the machine's, and the process."""
    name = current_task.request.hostname if current_task else socket.gethostname()
    return f"{str(name)[:100]}, process {os.getpid()}"


def _not_opened(run: SyncRun, problem: str, *, dry_run: bool) -> SyncRun:
    """Close a run that could not even begin: the account's secrets cannot be read here."""
    run.problem = own_words(problem)
    run.outcome, run.finished_at = SyncRun.Outcome.FAILED, clock.now()
    if run.pk or not (dry_run or run.trigger in SyncRun.BRIEF):
        run.save()
    return run


def _judge(context: SyncContext) -> None:
    """What a job that came to its end says of the account: an answer alone is not yet health, for
    a login page in the place of every list is an answer too."""
    account, run = context.account, context.run
    brief = run.trigger in SyncRun.BRIEF
    if context.nothing_read and not brief:
        run.outcome = SyncRun.Outcome.FAILED
        said = sentences.NOTHING_READ(platform=context.platform, why=_unread(context))
        with context.lease.commit():
            breaker.failed(account, said)
    elif context.conferences_unread and not brief:
        said = sentences.CONFERENCES_UNREAD(platform=context.platform, which=_unread(context))
        with context.lease.commit():
            breaker.partly(account, said)
    elif run.calls and breaker.troubled(account) and _disproved(context):
        with context.lease.commit():
            breaker.worked(account)


def _disproved(context: SyncContext) -> bool:
    """Whether the trouble that is told of the account is over: of lists, only a sync can say so,
    and of the rest no answer that nobody can read."""
    if context.run.trigger not in SyncRun.BRIEF:
        return True
    code = getattr(context.account.runtime.problem, "code", "")
    if code in (sentences.NOTHING_READ.code, sentences.CONFERENCES_UNREAD.code):
        return False
    return context.understood or any(context.lists.values())


def _unread(context: SyncContext) -> Text:
    """Which lists could not be believed, each kind once."""
    return several(*(sentences.list_not_trusted(kind) for kind in context.unread))


def _in_trouble(context: SyncContext, error: PlatformError) -> None:
    """The one place that decides what an error means for the whole account."""
    context.trouble(error.message, error)
    context.run.outcome = SyncRun.Outcome.FAILED
    pace.learn(context.account, error)
    if isinstance(error, RateLimited):
        if not isinstance(error, budget.NotNow):
            budget.block(context.account, error.retry_after)
        return
    with context.lease.commit():
        if isinstance(error, CredentialsRejected):
            breaker.rejected(context.account, error.message)
        elif isinstance(error, PlatformUnavailable):
            breaker.failed(context.account, error.message)


def _finish(context: SyncContext) -> None:
    """Close the run and say when the next one is due. A job that did nothing leaves no row."""
    run = context.run
    if context.cut_short:
        run.full = False
        context.trouble(sentences.GOES_ON)
    run.finished_at = clock.now()
    run.problem, run.nameless = context.problem, context.nameless
    if run.outcome == SyncRun.Outcome.RUNNING:
        held = SyncRun.Outcome.HELD if context.held or run.held else None
        run.outcome = held or (SyncRun.Outcome.PARTIAL if run.problem else SyncRun.Outcome.OK)
    if context.dry_run:
        if run.pk:
            run.save()
        return
    if run.trigger in SyncRun.BRIEF and not run.steps and not run.problem:
        if run.pk:
            run.delete()
        return
    with context.lease.commit():
        run.save()
        if run.trigger not in SyncRun.BRIEF:
            AccountRuntime.objects.filter(pk=context.account.pk).update(**_next_sync(context))
    counted.after_run(run)


def _next_sync(context: SyncContext) -> dict[str, Any]:
    """When the next sync is due, how far what is read in turn has come, and whether this one has
    gone through all that it was to read."""
    run, moment = context.run, clock.now()
    if run.went_through and context.rounds.kept:
        took = timedelta(minutes=context.account.interval_minutes) + (moment - run.started_at)
        context.rounds.has_used(context.reading_calls, took / timedelta(minutes=1))
    kept: dict[str, Any] = {"readings": context.rounds.kept} if context.rounds.changed else {}
    if context.cut_short and run.went_through:
        return kept | {"next_sync_at": moment}
    jitter = uniform(0.9, 1.1)  # noqa: S311 - nothing secret depends on it
    pause = timedelta(minutes=context.account.interval_minutes) * jitter
    kept |= {"next_sync_at": moment + pause}
    seen = run.went_through and not context.conferences_unread
    return kept | ({"synced_at": run.finished_at} if seen else {})
