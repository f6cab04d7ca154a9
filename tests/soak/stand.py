"""What the soak runs on: database, broker, sandbox and workers, and what only time and staff do."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import django

from integrations import registry
from integrations.sandbox import Sandbox
from integrations.sandbox.journal import Journal
from tests.house import HOME

KEPT = ("PATH", "HOME", "LANG", "DATABASE_URL", "CELERY_BROKER_URL")
# Seconds. A lease outlasts the longest request by far, and a lost request lands within the grace.
LEASE, GRACE, SLOW, RETRY_AFTER = 12, 8, 1.0, 3
FAULTS = {
    "rate_limited": {"retry_after": RETRY_AFTER},
    "server_error": {},
    "cut_before": {},
    "server_error and acts": {"acts": True},
    "unavailable": {"retry_after": None},
    "cut_after": {},
    "html": {},
    "truncated": {},
    "short_body": {},
    "empty_list": {},
    "slow": {"seconds": SLOW},
}
# A lost answer to the creation of a webinar is what the most guards are for; by the general share
# alone a run of some minutes would meet hardly one. (MyOwnConference tells its calls by the body.)
CREATES = ("*/conferences", "*/conferences.json", "*widgets")
LOST_CREATES = 0.25
# Others are answered so slowly that the worker can be killed after the platform has made it, and
# before it knows. Seconds between two such kills.
SLOW_CREATES, SLOW_ANSWER, AIMED_KILL = 0.5, 2.5, 12.0
A_WHILE = 5.0  # seconds; what lies so far back lay an interval back


class Stand:
    """Everything that runs. As a context manager it starts all, and ends what it started."""

    def __init__(
        self, folder: Path, slugs, workers: int, faults: float, guard_off: str = ""
    ) -> None:
        self.guard_off = guard_off
        self.folder, self.workers_wanted, self.fault_share = folder, workers, faults
        self.slugs = slugs or registry.slugs()
        self.sandbox = Sandbox(seed=False)
        self.sandbox.world.requests = Journal(keep=10_000_000)
        self.workers = []
        self.kills, self.died = [], 0  # moments of kills; how many ended by themselves
        self._aimed = 0.0
        self.unrest = "nothing was settled"
        self.fences = {}

    def __enter__(self) -> "Stand":
        self.sandbox.start()
        self._set_environment()
        django.setup()
        self._prepare()
        for kind, options in FAULTS.items():
            share = self.fault_share / len(FAULTS)
            self.sandbox.faults.add(kind.split()[0], probability=share, **options)
        for path in CREATES if self.fault_share else ():
            self.sandbox.faults.add("cut_after", method="POST", path=path, probability=LOST_CREATES)
            self.sandbox.faults.add(
                "drip", method="POST", path=path, probability=SLOW_CREATES, seconds=SLOW_ANSWER
            )
        for _ in range(self.workers_wanted):
            self.workers.append(self._start_worker())
        return self

    def __exit__(self, *_) -> None:
        self.stop_workers()
        self.sandbox.stop()

    def _set_environment(self) -> None:
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        self.environment = (
            {
                "DATABASE_URL": f"sqlite:///{self.folder}/lectern.sqlite3",
                "CELERY_BROKER_URL": "filesystem://localhost",
            }
            | kept
            | {
                "DJANGO_SETTINGS_MODULE": "portal.settings",
                "DEBUG": "true",
                "DEMO_MODE": "true",
                "BROKER_DIR": str(self.folder / "broker"),
                "SANDBOX_URL": self.sandbox.url,
                "EMAIL_URL": f"filemail://{self.folder}/mail",
                "LEASE_SECONDS": str(LEASE),
                "SYNC_GRACE_SECONDS": str(GRACE),
                "LOG_LEVEL": "INFO",
                "SYNC_GUARD_OFF": self.guard_off,
                "GENERATION_FILE": str(self.folder / "generation.json"),
            }
        )
        os.environ |= self.environment

    def _prepare(self) -> None:
        from django.conf import settings
        from django.core.management import call_command

        from portal.celery import app
        from portal.platforms import services
        from portal.platforms.models import PlatformAccount

        self.database = settings.DATABASES["default"]["ENGINE"].rsplit(".", 1)[1]
        self.broker = settings.CELERY_BROKER_URL.partition(":")[0]
        call_command("migrate", interactive=False, verbosity=0)
        if PlatformAccount.objects.exists():
            raise SystemExit("The soak needs a database of its own, and this one holds accounts.")
        app.control.purge()
        for slug in self.slugs:
            services.connect(
                platform=slug,
                label=slug,
                by=None,
                base_url=self.sandbox.base_url(slug),
                credentials=self.sandbox.credentials(slug),
                requests_per_minute=self.sandbox.pace(slug),
            )

    # workers ------------------------------------------------------------------------------------

    def _start_worker(self) -> subprocess.Popen:
        queues = ",".join(["default", "mail", *self.slugs])
        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "portal",
            "worker",
            "--pool",
            "threads",
            "--concurrency",
            "2",
            "--queues",
            queues,
            "--loglevel",
            "INFO",
            "--without-mingle",
            "--without-gossip",
            "--hostname",
            f"soak{time.monotonic_ns()}@%h",
            "--include",
            "tests.soak.guard_off",
        ]
        with (self.folder / "workers.log").open("a") as log:
            return subprocess.Popen(
                command,
                env=self.environment,
                cwd=HOME,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill_one(self, chance) -> None:
        """As hard as it can be; another takes its place at once."""
        self._kill(chance.randrange(len(self.workers)))

    def kill_a_creator(self) -> None:
        """Kill a worker whose webinar the platform has made, and who does not know it yet: the
        worst moment of all."""
        if time.monotonic() - self._aimed > AIMED_KILL and (creating := self._creating()):
            self._aimed = time.monotonic()
            self._kill(creating[0])

    def _kill(self, at: int) -> None:
        self.kills.append(self.sandbox.now())
        self._end(self.workers[at], signal.SIGKILL)
        self.workers[at] = self._start_worker()

    def _creating(self) -> list[int]:
        """The workers whose create was carried out and is being answered; a lease names the process
        that holds it."""
        from portal.platforms.models import AccountRuntime

        since = self.sandbox.now() - timedelta(seconds=SLOW_ANSWER - 0.5)
        slugs = {
            entry.platform
            for entry in self.sandbox.world.requests[-50:]
            if entry.at > since and entry.acted and "drip" in entry.faults
        }
        running = AccountRuntime.objects.filter(account__platform__in=slugs)
        owners = running.exclude(lease_owner="")
        pids = {int(owner.split(":")[1]) for owner in owners.values_list("lease_owner", flat=True)}
        return [at for at, worker in enumerate(self.workers) if worker.pid in pids]

    def keep_workers(self) -> None:
        """Start those again that ended by themselves, which none should: it is counted."""
        for at, worker in enumerate(self.workers):
            if worker.poll() is not None:
                self.died += 1
                self.workers[at] = self._start_worker()

    def stop_workers(self) -> None:
        for worker in self.workers:
            self._end(worker, signal.SIGKILL)
        self.workers = []

    @staticmethod
    def _end(worker: subprocess.Popen, how: int) -> None:
        if worker.poll() is None:
            os.killpg(worker.pid, how)
        worker.wait(20)

    # time and staff -----------------------------------------------------------------------------

    def beat(self) -> None:
        """Ring for what is due, and look at the leases."""
        from portal.platforms.models import AccountRuntime
        from portal.sync import tasks

        tasks.enqueue_due()
        tasks.enqueue_waiting()
        for pk, fence in AccountRuntime.objects.values_list("pk", "lease_fence"):
            self.fences.setdefault(pk, []).append(fence)

    def ask_for_syncs(self) -> None:
        """What is due in minutes is due now."""
        from django.db.models import F

        from portal.common import clock
        from portal.outbox.models import OutboxEntry
        from portal.platforms.models import AccountRuntime
        from portal.sync.models import PlatformLink

        seconds, day = timedelta(seconds=A_WHILE), timedelta(days=1)
        seen = PlatformLink.objects.filter(absent_at__lt=clock.now() - seconds)
        seen.update(absent_at=F("absent_at") - day)
        AccountRuntime.objects.update(next_sync_at=None)
        waiting = OutboxEntry.objects.filter(state="waiting", not_before__gt=clock.now())
        waiting.update(not_before=clock.now())

    def settle(self, seconds: float, answer) -> float | None:
        """Let time pass until nothing is under way; answers how long that took, None: never."""
        from portal.platforms.models import AccountRuntime

        self.sandbox.faults.clear()
        self.calm_since = self.sandbox.now()
        # What refusals have taught would be unlearned in half an hour.
        AccountRuntime.objects.update(pace=None)
        start = time.monotonic()
        while time.monotonic() < start + seconds:
            self.keep_workers()
            self.ask_for_syncs()
            answer()
            self.beat()
            time.sleep(3)
            self.unrest = self._under_way(start)
            if not self.unrest:
                break
        self.stop_workers()
        # What they held, nobody holds now: the verdict syncs by itself.
        AccountRuntime.objects.update(lease_until=None)
        return None if self.unrest else time.monotonic() - start

    @staticmethod
    def _creates_open(links) -> bool:
        """Whether it is still to be found out if something was created; some platforms cannot
        show it, and then staff were asked."""
        from portal.outbox.models import OutboxEntry

        asked = OutboxEntry.objects.filter(state__in=["failed", "unknown"])
        known = set(asked.values_list("account_id", "kind", "local_id"))
        open_ops = links.exclude(op="").values_list("account_id", "kind", "local_id")
        return bool(set(open_ops) - known)

    def _under_way(self, start: float) -> str:
        """What is not at rest; empty: all is."""
        from portal.outbox.models import OutboxEntry
        from portal.platforms.models import PlatformAccount
        from portal.sync.models import Hold, PlatformLink, SyncRun

        if time.monotonic() - start < 2 * GRACE:
            return "it is too early to tell"
        waiting = OutboxEntry.objects.filter(state__in=["waiting", "working"])
        if entry := waiting.first():
            return f"{waiting.count()} entries wait, one on {entry.account}: {entry.problem}"
        links = PlatformLink.objects.filter(state="live")
        if link := links.filter(misses__gt=0).first():
            return f"{link} is missed"
        if self._creates_open(links):
            return "an answer is lost, and not settled"
        if Hold.objects.filter(ended_at=None).exists():
            return "an account is held"
        for account in PlatformAccount.objects.all():
            runs = SyncRun.objects.filter(account=account).exclude(trigger="push")
            if (last := runs.first()) is None or last.outcome != "ok" or last.steps:
                return f"the last sync of {account}: {last and last.problem}"
        return ""
