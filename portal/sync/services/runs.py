"""Ask for a sync now, or for what it would do."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from portal.celery import app
from portal.common import clock
from portal.common.errors import NotPossible
from portal.identity import roles
from portal.platforms.models import AccountRuntime, PlatformAccount
from portal.sync import engine, sentences
from portal.sync.models import SyncRun

DRY_RUN_PATIENCE = timedelta(hours=1)
RUNS_KEPT = timedelta(days=30)


def sync_now(account: PlatformAccount, by: User | None) -> None:
    """Have the account synced completely as soon as a worker is free.

    The message may be lost; what counts is that the sync is due now. Raises NotPossible and
    NotAllowed.
    """
    roles.require(by)
    _require_active(account)
    AccountRuntime.objects.filter(pk=account.pk).update(next_sync_at=clock.now())
    enqueue_sync(account)


def enqueue_sync(account: PlatformAccount) -> None:
    """Ask a worker for a complete sync."""
    _enqueue("sync", account, account.pk, "staff", True)


def enqueue_live(account: PlatformAccount) -> None:
    """Ask a worker to read what is live or looked at."""
    _enqueue("read_live", account, account.pk)


def dry_run(account: PlatformAccount, by: User | None) -> SyncRun:
    """Have a worker find out what a complete sync would do now, changing nothing.

    Answers the run in which the plan will stand; one that is under way already is that one.
    Raises NotPossible, NotAllowed.
    """
    roles.require(by)
    _require_active(account)
    waiting = waiting_dry_runs().filter(account=account).first()
    run = waiting or SyncRun.objects.create(
        account=account, trigger=SyncRun.DRY_RUN, full=True, started_at=clock.now()
    )
    enqueue_dry_run(run)
    return run


def waiting_dry_runs() -> QuerySet[SyncRun]:
    """Dry runs that were asked for and are not done."""
    return SyncRun.objects.filter(trigger=SyncRun.DRY_RUN, outcome=SyncRun.Outcome.RUNNING)


def enqueue_dry_run(run: SyncRun) -> None:
    """Tell a worker that somebody waits for it."""
    _enqueue("dry_run", run.account, run.pk)


def carry_out_dry_run(run_id: int) -> None:
    """What the worker does: plan, and keep the plan. Raises LeaseTaken while a sync goes on."""
    run = waiting_dry_runs().filter(pk=run_id).select_related("account").first()
    if run is not None:
        engine.sync_account(
            run.account_id, trigger=SyncRun.DRY_RUN, full=True, dry_run=True, run=run
        )


def give_up_dry_runs() -> None:
    """Dry runs for which no worker came, or whose worker died."""
    old = waiting_dry_runs().filter(started_at__lt=clock.now() - DRY_RUN_PATIENCE)
    old.update(
        outcome=SyncRun.Outcome.FAILED,
        finished_at=clock.now(),
        problem=sentences.NO_WORKER,
    )


def prune_runs() -> None:
    """Forget old runs; the history of changes is kept."""
    SyncRun.objects.filter(started_at__lt=clock.now() - RUNS_KEPT).delete()


def _enqueue(task: str, account: PlatformAccount, *arguments: int | str) -> None:
    """Tell a worker; a message that is lost only costs time, as does a broker that is down: what
    waits is told again by the clock."""
    try:
        app.send_task(
            f"portal.sync.tasks.{task}",
            list(arguments),
            queue=account.platform,
            retry=False,
            ignore_result=True,
        )
    except (OSError, OperationalError):
        return


def _require_active(account: PlatformAccount) -> None:
    if account.paused:
        said = _("%(account)s is paused. An administrator can resume it.")
        raise NotPossible(said % {"account": account.label})
    if not account.active:
        said = _(
            "%(platform)s refuses the credentials of %(account)s. An administrator has to enter "
            "new ones first."
        )
        raise NotPossible(said % {"platform": account.platform_name, "account": account.label})
