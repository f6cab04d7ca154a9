"""How long complete syncs of one account take; in a process of its own: see `lines`."""

import time
from typing import Any
from unittest import mock

from tests.bench.canned import Served


def run(
    *, site: str, account: dict[str, Any], latency: float, connections: list[int]
) -> dict[str, Any]:
    """Seconds and calls of a sync in which nothing has changed, for each number of connections."""
    from portal.platforms.models import PlatformAccount
    from portal.sync import engine

    platform = Served(site)
    row = PlatformAccount.objects.create(label="Bench", requests_per_minute=1_000_000, **account)
    engine.sync_account(row.pk, full=True)
    platform.latency(latency)
    return {"found": [_read(row.pk, count) for count in connections]}


def _read(account_id: int, connections: int) -> dict[str, Any]:
    from portal.sync import ahead, engine

    with mock.patch.object(ahead, "lines", return_value=connections):
        begun = time.monotonic()
        run = engine.sync_account(account_id, full=True)
        seconds = time.monotonic() - begun
    if run.outcome != "ok" or run.steps:
        raise RuntimeError(f"the sync is {run.outcome}: {run.problem} {run.steps[:1]}")
    return {"seconds": seconds, "calls": run.calls}
