"""A worker that is killed hard, in the middle of a request: nothing lost, nothing doubled.

A real Celery worker on the filesystem broker, which forgets what a killed worker had taken, and a
real HTTP server that goes on with a request whose sender is dead.
"""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from integrations.sandbox import Sandbox
from tests import migrated
from tests.house import HOME
from tests.integration.demo import KEPT, until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

TITLE = "Killed in the middle"
SCHEDULE = f"""
from datetime import timedelta
from portal.common import clock
from portal.conferences.schedule.services.schedule import schedule
from portal.platforms.models import PlatformAccount
schedule(account=PlatformAccount.objects.get(platform="clickmeeting"), by=None, values={{
    "title": {TITLE!r}, "starts_at": clock.now().replace(second=0, microsecond=0)
    + timedelta(days=3), "duration_minutes": 60, "timezone": "Europe/Berlin",
    "registration_enabled": True}})
"""
PEOPLE = 12
CONNECT = f"""
from portal.conferences.models import Attendee
from portal.platforms.models import PlatformAccount
PlatformAccount.objects.create(label="ClickMeeting", platform="clickmeeting",
    base_url={{!r}}, credentials={{!r}}, requests_per_minute=600)
Attendee.objects.bulk_create(
    Attendee(email=f"person{{{{n}}}}@example.com", first_name="Ann", last_name=f"No. {{{{n}}}}")
    for n in range({PEOPLE}))
"""
REGISTER = f"""
from portal.conferences.models import Attendee, Conference
from portal.conferences.audience.services.registrations import register
register(Conference.objects.get(title={TITLE!r}), Attendee.objects.all()[:{PEOPLE}], by=None)
"""
SYNC = """
from portal.platforms.models import PlatformAccount
from portal.sync import engine
engine.sync_account(PlatformAccount.objects.get().pk)
"""
DUE = """
from portal.celery import app
app.send_task("portal.sync.tasks.enqueue_due")
app.send_task("portal.sync.tasks.enqueue_waiting")
"""
# A process that does what each line tells it: starting Django anew for each would take longer than
# what is done. Nothing stays open, since a test may put another database in the place of this one.
HAND = """
import json, sys
from django.db import connections
for line in sys.stdin:
    exec(json.loads(line), {})
    connections.close_all()
    print("done", flush=True)
"""
# Stands still between the budget and the request, as long as it is told to.
STOPPED = """
import os, signal
from portal.platforms import budget
from portal.platforms.lease import LeaseLost
from portal.sync import engine
from portal.platforms.models import PlatformAccount
take = budget.Share.take
def stopped(*args, **kwargs):
    take(*args, **kwargs)
    os.kill(os.getpid(), signal.SIGSTOP)
budget.Share.take = stopped
try:
    engine.push_account(PlatformAccount.objects.get(platform="clickmeeting").pk)
except LeaseLost:
    print("lost")
"""
LEASE, GRACE = 6, 8  # seconds; what takes minutes in earnest


class Scene:
    """A portal of its own in a directory, without pages, on the sandbox."""

    def __init__(self, var, sandbox):
        self.var, self.sandbox = var, sandbox
        self.env = {name: os.environ[name] for name in KEPT if name in os.environ} | {
            "DEBUG": "true",
            "DEMO_MODE": "true",
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "DATABASE_URL": f"sqlite:///{var}/lectern.sqlite3",
            "SANDBOX_URL": sandbox.url,
            "CELERY_BROKER_URL": "filesystem://localhost",
            "BROKER_DIR": str(var / "broker"),
            "EMAIL_URL": f"filemail:///{var}/mail",
            "LEASE_SECONDS": str(LEASE),
            "SYNC_GRACE_SECONDS": str(GRACE),
            "GENERATION_FILE": str(var / "generation.json"),
        }
        self.worker = None
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", HAND]
        self.hand = subprocess.Popen(
            command,
            env=self.env,
            cwd=HOME,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def do(self, code):
        """Have it done in the portal's own process."""
        self.hand.stdin.write(json.dumps(code) + "\n")
        self.hand.stdin.flush()
        assert self.hand.stdout.readline() == "done\n"

    def end(self):
        if self.worker and self.worker.poll() is None:
            self.kill_worker()
        self.hand.communicate(timeout=30)

    def start_worker(self):
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
            "default,clickmeeting",
            "--loglevel",
            "INFO",
        ]
        with (self.var / "worker.log").open("a") as log:
            self.worker = subprocess.Popen(
                command, env=self.env, cwd=HOME, stdout=log, stderr=log, start_new_session=True
            )

    def kill_worker(self):
        os.killpg(self.worker.pid, signal.SIGKILL)
        self.worker.wait(10)

    def sql(self, query):
        with sqlite3.connect(self.var / "lectern.sqlite3", timeout=30) as connection:
            return connection.execute(query).fetchall()

    def time_passes(self):
        """What is due in minutes is due now, and beat rings."""
        self.sql("UPDATE platforms_accountruntime SET next_sync_at = NULL")
        self.sql("UPDATE outbox_outboxentry SET not_before = '2020-01-01' WHERE state = 'waiting'")
        # Two absences prove something if they lie an interval apart.
        self.sql("UPDATE sync_platformlink SET absent_at = '2020-01-01' WHERE absent_at > ''")
        self.do(DUE)

    def settle(self, seconds=120):
        """Let time pass until nothing is under way any more."""
        deadline = time.monotonic() + seconds
        while self.is_busy():
            assert time.monotonic() < deadline, (self.open_entries(), self.open_creates())
            assert self.worker.poll() is None, "no worker ends by itself"
            self.time_passes()
            for _ in range(20):
                if self.is_busy():
                    time.sleep(0.1)

    def is_busy(self):
        return bool(self.open_entries() or self.open_creates())

    def open_entries(self):
        return self.sql(
            "SELECT kind, state, problem FROM outbox_outboxentry"
            " WHERE state NOT IN ('done', 'superseded')"
        )

    def open_creates(self):
        return self.sql("SELECT kind, op FROM sync_platformlink WHERE op != ''")

    def rooms(self):
        return [r for r in self.sandbox.clickmeeting().rooms() if TITLE in r["name"]]

    def requests(self, path, *, acted=None):
        found = self.sandbox.requests.matching("POST", path)
        return [entry for entry in found if acted is None or entry.acted == acted]


@pytest.fixture
def scene(tmp_path):
    with Sandbox(seed=False).start() as sandbox:
        migrated.copy(tmp_path / "lectern.sqlite3")
        stage = Scene(tmp_path, sandbox)
        where = sandbox.base_url("clickmeeting"), sandbox.credentials("clickmeeting")
        try:
            stage.do(CONNECT.format(*where))
            yield stage
        finally:
            stage.end()


# What the platform does with the request whose sender has died.
WAYS = {
    "acts before the kill": [("drip", {"seconds": 0.05})],
    "acts after the kill": [("slow", {"seconds": 3})],
    "never acts": [("slow", {"seconds": 3}), ("cut_before", {})],
}


@pytest.mark.parametrize("way", WAYS)
def test_killed_while_a_webinar_is_created(scene, way):
    for kind, options in WAYS[way]:
        scene.sandbox.faults.add(kind, method="POST", path="/v1/conferences*", count=1, **options)
    scene.do(SCHEDULE)
    scene.start_worker()
    until(lambda: scene.requests("/v1/conferences*"), 30)
    scene.kill_worker()
    assert scene.open_creates() == [("conference", "in flight")], "killed in mid-task"
    assert len(scene.open_entries()) == 1, "the ledger still has it"

    scene.start_worker()
    scene.settle()
    assert len(scene.rooms()) == 1
    twice = way == "never acts"
    assert len(scene.requests("/v1/conferences*")) == (2 if twice else 1)
    links = scene.sql("SELECT external_id, state FROM sync_platformlink WHERE kind = 'conference'")
    assert links == [(str(scene.rooms()[0]["id"]), "live")]
    assert scene.sql("SELECT count(*) FROM conferences_conference") == [(1,)]
    assert scene.sql("SELECT sentence FROM sync_conflict") == []


def test_killed_while_a_group_is_registered(scene):
    scene.do(SCHEDULE)
    scene.start_worker()
    scene.settle()
    scene.sandbox.faults.add("slow", method="POST", path="*/registration*", seconds=1.0)
    scene.do(REGISTER)
    until(lambda: len(scene.requests("*/registration*", acted=True)) >= PEOPLE // 3, 60)
    scene.kill_worker()
    scene.sandbox.faults.clear()
    room = scene.rooms()[0]["id"]
    assert len(scene.sandbox.clickmeeting().registrations(room)) < PEOPLE, "killed in mid-task"

    scene.start_worker()
    scene.settle()
    there = [r["email"] for r in scene.sandbox.clickmeeting().registrations(room)]
    assert len(there) == len(set(there)) == PEOPLE
    ours = scene.sql("SELECT count(*) FROM conferences_registration WHERE join_url != ''")
    assert ours == [(PEOPLE,)], "each has the personal link"
    assert scene.sql("SELECT sentence FROM sync_conflict") == []


def test_a_half_written_message_costs_time_only(scene):
    scene.do(SCHEDULE)
    queue = scene.var / "broker" / "queue"
    for number, text in enumerate(("", '{"body": "abc')):
        (queue / f"{number:020}_half.clickmeeting.msg").write_text(text)
    scene.start_worker()
    scene.settle()
    assert len(scene.rooms()) == 1
    assert (scene.var / "worker.log").read_text().count("was not whole") == 2


def test_stopped_between_budget_and_request_until_the_lease_is_another_s(scene):
    scene.do(SCHEDULE)
    command = [sys.executable, "manage.py", "shell", "-c", STOPPED]
    stopped = subprocess.Popen(command, env=scene.env, cwd=HOME, stdout=subprocess.PIPE)
    _, status = os.waitpid(stopped.pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status)
    time.sleep(LEASE + 1)
    scene.start_worker()
    scene.settle()
    assert len(scene.rooms()) == 1
    before = len(scene.sandbox.requests)
    scene.kill_worker()
    os.kill(stopped.pid, signal.SIGCONT)
    told, _ = stopped.communicate(timeout=60)
    assert b"lost" in told
    assert len(scene.sandbox.requests) == before, "not a byte left"
    assert len(scene.rooms()) == 1


def test_the_backup_of_the_database_is_put_back(scene):
    """Made while a webinar waited; the webinar was made since."""
    scene.do(SYNC)
    scene.do(SCHEDULE)
    with (
        sqlite3.connect(scene.var / "lectern.sqlite3") as now,
        sqlite3.connect(scene.var / "backup.sqlite3") as backup,
    ):
        now.backup(backup)
    scene.start_worker()
    scene.settle()
    assert len(scene.rooms()) == 1
    scene.kill_worker()

    for file in scene.var.glob("lectern.sqlite3*"):
        file.unlink()
    (scene.var / "backup.sqlite3").rename(scene.var / "lectern.sqlite3")
    scene.start_worker()
    scene.do(DUE)
    until(lambda: scene.sql("SELECT min(paused) FROM platforms_platformaccount") == [(1,)], 30)
    assert len(scene.rooms()) == 1
    scene.sql("UPDATE platforms_platformaccount SET paused = 0")
    scene.settle()
    assert len(scene.rooms()) == 1
    links = scene.sql("SELECT external_id, op FROM sync_platformlink WHERE kind = 'conference'")
    assert links == [(str(scene.rooms()[0]["id"]), "")]
