"""Time passing: workers deliver what waits and read everything, until nothing is left to do."""

from django.db.models import Q

from portal.common import clock
from portal.outbox.models import OutboxEntry
from portal.sync import engine
from portal.sync.models import PlatformLink, SyncRun


def settle(account, rounds=3) -> SyncRun:
    """Deliver all that waits and read everything, as workers do within a few minutes; answers the
    last sync. A round that found nothing to do, with nothing open, is the last one: another would
    be the same again."""
    for _ in range(rounds):
        OutboxEntry.objects.filter(state="waiting").update(not_before=clock.now())
        engine.push_account(account.pk)
        run = engine.sync_account(account.pk, full=True)
        if run.outcome == SyncRun.Outcome.OK and not run.steps and not _open(account):
            break
    return run


def _open(account) -> bool:
    """Whether something waits, is not known to have been done, or was missed by a listing."""
    entries = OutboxEntry.objects.filter(account=account, state__in=["waiting", "working"])
    links = PlatformLink.objects.filter(account=account)
    doubtful = Q(misses__gt=0, state=PlatformLink.State.LIVE) | ~Q(op="")
    return entries.exists() or links.filter(doubtful).exists()
