"""Numbers that pages show and that cost too much to be counted for each: kept by the runs.

A run that changed something counts its account anew, and one without news asks nothing. Nothing
is added up: what was missed once is right after the next run with news.
"""

from datetime import UTC, datetime, timedelta

from django.db.models import Count, QuerySet

from portal.conferences import tallies
from portal.platforms.models import AccountRuntime, PlatformAccount
from portal.sync.models import PlatformLink, SyncRun

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
CLOCKS_APART = timedelta(minutes=15)


def after_run(run: SyncRun) -> None:
    """Count what stands on the run's account, and who is registered there, where this sync has
    brought something, or deliveries since the last one have sent something. A delivery itself
    counts nothing: somebody waits for it."""
    if run.trigger == SyncRun.PUSH or not (_brought(run) or _delivered_before(run)):
        return
    tallies.after_run(run.account, _since(run))
    keep(run.account)


def _brought(run: SyncRun) -> bool:
    return bool(run.steps or run.created or run.updated or run.removed)


def _delivered_before(run: SyncRun) -> bool:
    """Whether the run before was a delivery, or came to no end."""
    last = _before(run).values_list("trigger", "finished_at").first()
    return last is not None and (last[0] == SyncRun.PUSH or last[1] is None)


def _since(run: SyncRun) -> datetime:
    """The beginning of the last sync that came to its end: what came after it was not counted. The
    clock of another worker may be wrong by as much as is allowed for."""
    ended = _before(run).exclude(trigger=SyncRun.PUSH).exclude(finished_at=None)
    since = ended.values_list("started_at", flat=True).first()
    return (since or LONG_AGO) - CLOCKS_APART


def _before(run: SyncRun) -> QuerySet[SyncRun]:
    runs = SyncRun.objects.filter(account=run.account, pk__lt=run.pk).order_by("-pk")
    return runs.exclude(trigger=SyncRun.DRY_RUN)


def keep(account: PlatformAccount) -> None:
    """Store how many records of each kind are mirrored from an account."""
    found = mirrored(account)
    rows = AccountRuntime.objects.filter(account=account)
    if rows.values_list("mirrored", flat=True).first() != found:
        rows.update(mirrored=found)


def mirrored(account: PlatformAccount) -> dict[str, int]:
    """Kind -> how many records of an account stand here."""
    links = PlatformLink.objects.filter(
        account=account, state=PlatformLink.State.LIVE, external_id__isnull=False
    )
    return dict(links.order_by().values_list("kind").annotate(number=Count("pk")))


def wrong() -> list[PlatformAccount]:
    """The accounts whose stored numbers do not agree with their links."""
    return [one for one in PlatformAccount.objects.all() if one.runtime.mirrored != mirrored(one)]
