"""How many calls some workers make over many accounts; in a process of its own: see `workers`."""

import time
from typing import Any

from tests.bench.background import begin_sync, wait, workers
from tests.bench.canned import Served


def run(
    *, site: str, account: dict[str, Any], accounts: int, latency: float, processes: list[int]
) -> dict[str, Any]:
    """Calls a second of complete syncs in which nothing has changed, for each number of workers."""
    from portal.platforms.models import PlatformAccount
    from portal.sync import engine

    platform = Served(site)
    rows = []
    for number in range(accounts):
        given = {"label": f"Bench {number}", "requests_per_minute": 1_000_000}
        rows.append(PlatformAccount.objects.create(**given, **account))
        engine.sync_account(rows[-1].pk)
    platform.latency(latency)
    return {"speeds": [_speed(rows, count) for count in processes]}


def _speed(rows: list[Any], processes: int) -> float:
    from portal.sync.models import SyncRun

    with workers(rows[0].platform, processes=processes, threads=1):
        _all_awake(rows, processes)
        before = SyncRun.objects.count()
        begun = time.monotonic()
        for row in rows:
            begin_sync(row)
        _done(SyncRun.objects.all(), before + len(rows))
        seconds = time.monotonic() - begun
    runs = SyncRun.objects.order_by("-pk")[: len(rows)]
    return sum(run.calls for run in runs) / seconds


def _all_awake(rows: list[Any], processes: int) -> None:
    """Have each worker do something first: they take seconds to start."""
    from portal.sync.models import SyncRun

    before = SyncRun.objects.order_by("-pk").values_list("pk", flat=True)[0]
    asked = SyncRun.objects.filter(pk__gt=before)
    some, rounds = rows[:processes], 0
    while asked.values("worker").distinct().count() < processes:
        rounds += len(some)
        for row in some:
            begin_sync(row)
        _done(asked, rounds)


def _done(runs: Any, count: int) -> None:
    """Wait for so many of these runs to end."""
    wait(lambda: runs.exclude(finished_at=None).count() >= count)
