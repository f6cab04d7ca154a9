"""Ask for a sync now, or for what it would do."""

from typing import Any

from kombu.exceptions import OperationalError

from portal.celery import app
from portal.common import clock, roles
from portal.common.errors import NotPossible
from portal.platforms.lease import LeaseTaken
from portal.platforms.models import PlatformAccount
from portal.sync import engine
from portal.sync.models import SyncRun

# A person waits for a dry run in the browser: beyond this many calls they would wait too long.
DRY_RUN_CALLS = 200


def sync_now(account: PlatformAccount, by: Any) -> None:
    """Have the account synced completely as soon as a worker is free.

    The poke may be lost; what counts is that the sync is due now. Raises NotPossible, NotAllowed.
    """
    roles.require(by)
    _require_active(account)
    PlatformAccount.objects.filter(pk=account.pk).update(next_sync_at=clock.now())
    poke(account)


def poke(account: PlatformAccount) -> None:
    """Ring for a complete sync; a broker that is down only costs time."""
    try:
        app.send_task(
            "portal.sync.tasks.sync", [account.pk, "staff", True],
            queue=account.platform, retry=False, ignore_result=True,
        )  # fmt: skip
    except (OSError, OperationalError):
        return


def dry_run(account: PlatformAccount, by: Any) -> SyncRun:
    """What a complete sync would do now, in a run that is not saved and changes nothing.

    Raises NotPossible while a worker is at the account, or where it would take too long.
    """
    roles.require(by)
    _require_active(account)
    last = SyncRun.objects.filter(account=account, full=True).order_by("-id").first()
    if last and last.calls > DRY_RUN_CALLS:
        raise NotPossible(
            f"A complete look at {account.label} takes {last.calls} requests: too long for a page. "
            f'An administrator can run: manage.py sync --account "{account.label}" --dry-run'
        )
    try:
        return engine.sync_account(account.pk, trigger="staff", full=True, dry_run=True)
    except LeaseTaken:
        raise NotPossible(
            f"{account.label} is being synced at this moment. Try again when that has ended."
        ) from None


def _require_active(account: PlatformAccount) -> None:
    if account.paused:
        raise NotPossible(f"{account.label} is paused. An administrator can resume it.")
    if not account.active:
        raise NotPossible(
            f"{account.platform_name} refuses the credentials of {account.label}. "
            "An administrator has to enter new ones first."
        )
