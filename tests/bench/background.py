"""Real workers, and waiting for what they do."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

from tests.house import HOME

AGAIN = 3.0  # seconds after which a sync that did not begin is asked for once more
PATIENCE = 300.0  # seconds that anything may take before the bench gives up


@contextmanager
def workers(queue: str, *, processes: int = 1, threads: int = 4) -> Iterator[None]:
    """Worker processes of a queue, as the runbook and the demo start them."""
    command = [sys.executable, "-m", "celery", "--quiet", "-A", "portal", "worker", "--queues"]
    command += [queue, "--pool", "threads", "--concurrency", str(threads), "--loglevel", "ERROR"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with ExitStack() as running:
        for number in range(processes):
            named = [*command, "--hostname", f"bench{number}@localhost"]
            process = running.enter_context(subprocess.Popen(named, cwd=HOME, **quiet))
            running.callback(process.terminate)
        yield


def wait(happened: Callable[[], Any], seconds: float = PATIENCE) -> None:
    """Until it has happened; NothingHappened where it does not."""
    begun = time.monotonic()
    while not happened():
        if time.monotonic() - begun > seconds:
            raise NothingHappened(f"nothing happened within {seconds:.0f} s")
        time.sleep(0.02)


class NothingHappened(RuntimeError):
    """What was waited for did not happen."""


def begin_sync(account: Any) -> None:
    """Ask a worker for a complete sync."""
    from portal.sync import tasks

    tasks.sync.apply_async([account.pk, "beat", True], queue=account.platform)


def sync_begun(account: Any) -> None:
    """A complete sync has begun. A worker that still delivers turns one away; then it is asked for
    again, as beat does it."""
    from portal.sync.models import SyncRun

    runs = SyncRun.objects.filter(account=account, trigger="beat")
    before, begun = runs.count(), False
    while not begun:
        begin_sync(account)
        with suppress(NothingHappened):
            wait(lambda: runs.count() > before, AGAIN)
            begun = True


def unfinished(*accounts: Any) -> bool:
    """Whether a worker is at a sync of one of them."""
    from portal.sync.models import SyncRun

    runs = SyncRun.objects.filter(account__in=accounts, finished_at=None, fence__isnull=False)
    return runs.filter(trigger="beat").exists()
