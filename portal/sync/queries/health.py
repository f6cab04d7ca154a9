"""Whether the portal is well, for machines that watch it. Tells no name and no secret."""

from datetime import timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from kombu.exceptions import OperationalError

from portal.celery import app
from portal.common import clock
from portal.conferences.mails import services as mails
from portal.outbox.models import OutboxEntry
from portal.platforms import queries as platforms
from portal.platforms.models import Generation, PlatformAccount
from portal.sync.models import SyncRun

# A worker that has started nothing for this many of the longest intervals is called silent.
SILENT_AFTER = 3


def check() -> dict[str, Any]:
    """`status` is ok, degraded or down; ages are in seconds, None where there is nothing."""
    try:
        if not _takes_writes():
            return {"status": "down", "database": "refuses writes"}
        found = {
            "database": "ok",
            "oldest_waiting_seconds": _oldest_waiting(),
            **_worker(),
            **_mails(),
            "accounts_in_trouble": sum(map(platforms.in_lasting_trouble, _accounts())),
        }
    except DatabaseError:
        return {"status": "down", "database": "unreachable"}
    found["broker"] = _broker()
    well = found["broker"] == "ok" and "silent" not in (found["worker"], found["mails"])
    well = well and not found["accounts_in_trouble"]
    return {"status": "ok" if well else "degraded", **found}


def _takes_writes() -> bool:
    """Whether a page could be saved, or a sync begun; nothing is written to find out. Raises
    DatabaseError where the database is not there at all."""
    try:
        with transaction.atomic():
            Generation.objects.filter(pk=0).update(number=0)
    except DatabaseError:
        Generation.objects.exists()
        return False
    return True


def _oldest_waiting() -> int | None:
    """How long the oldest entry that is due has been due."""
    due = OutboxEntry.objects.filter(
        state=OutboxEntry.State.WAITING,
        not_before__lte=clock.now(),
        account__paused=False,
        account__state=PlatformAccount.State.CONNECTED,
    )
    oldest = due.order_by("not_before").values_list("not_before", flat=True).first()
    return int((clock.now() - oldest).total_seconds()) if oldest else None


def _accounts() -> QuerySet[PlatformAccount]:
    """Those that are meant to work; of one that was paused nobody expects anything."""
    return PlatformAccount.objects.filter(paused=False)


def _worker() -> dict[str, Any]:
    """The heartbeat is the newest run: every active account has one within its interval."""
    active = PlatformAccount.objects.filter(
        paused=False, state=PlatformAccount.State.CONNECTED, runtime__open_until=None
    )
    intervals = list(active.values_list("interval_minutes", flat=True))
    syncs = SyncRun.objects.exclude(trigger=SyncRun.DRY_RUN).exclude(finished_at=None)
    last = syncs.order_by("-started_at").values_list("started_at", flat=True).first()
    age = (clock.now() - last).total_seconds() if last else None
    if not intervals:
        state = "idle"
    elif age is None:
        state = "starting"
    else:
        patience = timedelta(minutes=max(intervals) * SILENT_AFTER).total_seconds()
        state = "ok" if age <= patience else "silent"
    return {"worker": state, "last_run_seconds": None if age is None else int(age)}


def _mails() -> dict[str, Any]:
    """Mails have a worker of their own. What waits for a platform does not count."""
    late = mails.overdue(mails.SILENT_AFTER)
    return {"mails": "ok" if late is None else "silent", "oldest_mail_seconds": late}


def _broker() -> str:
    try:
        with app.connection_for_write(connect_timeout=2) as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=2)
    except (OSError, OperationalError):
        return "unreachable"
    return "ok"
