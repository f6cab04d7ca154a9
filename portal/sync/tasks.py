"""Celery's door into the sync. Tasks carry ids; losing or doubling one is harmless."""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from celery import shared_task
from django.db.models import Q

from portal.common import clock
from portal.outbox import services as outbox
from portal.platforms.lease import LeaseLost, LeaseTaken
from portal.platforms.models import AccountRuntime, PlatformAccount
from portal.sync import engine, live, restoring, services
from portal.sync.services import clocks

logger = logging.getLogger(__name__)


@shared_task  # type: ignore[untyped-decorator]
def enqueue_due() -> None:
    """Enqueue each account whose next sync is due; the interval is jittered by the engine."""
    restoring.noticed()
    moment = clock.now()
    quiet = Q(runtime__open_until__gt=moment) | Q(runtime__blocked_until__gt=moment)
    due = PlatformAccount.objects.filter(paused=False, state=PlatformAccount.State.CONNECTED)
    for account in due.exclude(quiet):
        if _comes_due(account, moment) and _claimed(account, moment):
            sync.apply_async([account.pk], queue=account.platform)


@shared_task  # type: ignore[untyped-decorator]
def enqueue_live() -> None:
    """Enqueue each account on which the lists of something live, or looked at, are to be read."""
    moment = clock.now()
    for account in live.accounts_due(moment):
        if live.claimed(account.pk, moment):
            services.enqueue_live(account)


@shared_task  # type: ignore[untyped-decorator]
def enqueue_waiting() -> None:
    """Enqueue again whatever waits in the outbox: the broker may have lost the first message."""
    for account_id in outbox.accounts_with_due(clock.now()):
        outbox.enqueue(account_id)


@shared_task  # type: ignore[untyped-decorator]
def enqueue_dry_runs() -> None:
    """Enqueue dry runs that wait: a message was lost, or a sync was going on."""
    services.give_up_dry_runs()
    for run in services.waiting_dry_runs().select_related("account"):
        services.enqueue_dry_run(run)


@shared_task  # type: ignore[untyped-decorator]
def sync(account_id: int, trigger: str = "beat", full: bool = False) -> None:
    """Sync one account; while another worker is at it, the sync stays due."""

    def job() -> bool:
        return engine.sync_account(account_id, trigger=trigger, full=full).went_through

    if not _run(account_id, job):
        # If that worker is syncing, the end of its run says anew when the next one is due.
        AccountRuntime.objects.filter(pk=account_id).update(next_sync_at=clock.now())


@shared_task  # type: ignore[untyped-decorator]
def push(account_id: int) -> None:
    """Send what waits for one account. While it is being synced, the sync sends it at its end."""
    _run(account_id, lambda: engine.push_account(account_id).went_through)


@shared_task  # type: ignore[untyped-decorator]
def read_live(account_id: int) -> None:
    """Read the lists of what is live or looked at on one account. A sync that is going on reads it
    by itself."""

    def job() -> bool:
        return engine.read_live(account_id).went_through

    if live.due(clock.now(), account_id) and not _run(account_id, job):
        live.found_no_room(account_id)


@shared_task  # type: ignore[untyped-decorator]
def dry_run(run_id: int) -> None:
    """Find out what a sync would do, for somebody who waits for the plan."""
    with suppress(LeaseTaken, LeaseLost, PlatformAccount.DoesNotExist):
        services.carry_out_dry_run(run_id)


@shared_task  # type: ignore[untyped-decorator]
def prune() -> None:
    """Forget old runs and settled entries; the history of changes is kept."""
    services.prune_runs()
    live.forget()
    outbox.prune()


@shared_task  # type: ignore[untyped-decorator]
def check_clocks() -> None:
    """Ask about planned webinars that new zone data move."""
    clocks.check()


def _run(account_id: int, job: Callable[[], bool]) -> bool:
    """Run a job, which answers whether it went through, and enqueue what is due at its end; False
    where another worker is at the account."""
    try:
        went_through = job()
    except LeaseTaken:
        return False
    except PlatformAccount.DoesNotExist:
        return True
    except LeaseLost:
        logger.warning("account %s: the lease ran out during a job", account_id)
        return True
    if went_through and outbox.has_due(account_id):
        _enqueue_next(account_id)
    return True


def _enqueue_next(account_id: int) -> None:
    """Enqueue the next job: a sync that is due comes before the next round of deliveries, some
    of which may wait for what it finds."""
    account = PlatformAccount.objects.get(pk=account_id)
    moment = clock.now()
    if _comes_due(account, moment) and _claimed(account, moment):
        sync.apply_async([account_id], queue=account.platform)
    else:
        outbox.enqueue(account_id)


def _comes_due(account: PlatformAccount, moment: datetime) -> bool:
    """Whether the next sync is due, or lies further ahead than an interval can: that was written by
    a clock that was wrong."""
    due, interval = account.runtime.next_sync_at, timedelta(minutes=account.interval_minutes)
    return due is None or due <= moment or due > moment + 1.2 * interval


def _claimed(account: PlatformAccount, moment: datetime) -> bool:
    """Take the due sync, so that nobody enqueues it again while it waits in a queue; whether it was
    still there to be taken."""
    pause = moment + timedelta(minutes=account.interval_minutes)
    due = account.runtime.next_sync_at
    mine = AccountRuntime.objects.filter(pk=account.pk, next_sync_at=due)
    return bool(mine.update(next_sync_at=pause))
