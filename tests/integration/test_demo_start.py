"""`make demo`: everything starts together, the seeded world is there, Ctrl-C ends all of it."""

import os
import signal
import socket

import pytest

from tests import migrated
from tests.integration.demo import Demo, processes_of, running, until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
SYNCED = "SELECT count(*) FROM platforms_accountruntime WHERE synced_at IS NOT NULL"
WEBINAR = "Service update: firmware 4.2"


def test_a_first_and_a_second_start(tmp_path):
    with running(tmp_path) as demo:
        until(lambda: demo.rows(SYNCED) == [(1,)], 60)
        page = demo.log_in("staff")
        assert WEBINAR in page("webinars/")
        assert "Spring customers" in page("groups/")
        members = demo.rows(
            "SELECT count(*) FROM conferences_membership m JOIN conferences_attendeegroup g "
            "ON g.id = m.group_id WHERE g.name = 'Spring customers'"
        )
        assert members == [(300,)]
        first_sandbox = demo.sandbox
        demo.rows("UPDATE conferences_attendee SET notes = 'kept' WHERE id = 1")
        assert demo.stop() < 10
    assert processes_of(tmp_path) == []

    with running(tmp_path) as demo:
        assert demo.rows("SELECT notes FROM conferences_attendee WHERE id = 1") == [("kept",)]
        assert demo.rows("SELECT count(*) FROM auth_user") == [(3,)]
        (address,) = demo.rows("SELECT base_url FROM platforms_platformaccount")[0]
        assert address.startswith(demo.sandbox), "the account follows the sandbox's port"
        assert demo.sandbox != first_sandbox
        assert WEBINAR in demo.log_in("viewer")("webinars/")
        second = Demo(tmp_path, "--port", "0")
        assert second.process.wait(30) == 1
        assert "running already" in second.said


def test_taken_ports_are_said_and_a_worker_that_dies_starts_again(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        migrated.copy(tmp_path / "lectern.sqlite3")
        with running(tmp_path, "--port", str(port), "--sandbox-port", "0") as demo:
            assert f"The port {port} is taken" in demo.said
            assert f":{port}/" not in demo.url
            worker = until(lambda: [p for p in processes_of(tmp_path) if _is_worker(p)], 30)[0]
            os.kill(worker, signal.SIGKILL)
            until(lambda: "worker  | ended (-9); starts again" in demo.said, 10)
            again = until(lambda: [p for p in processes_of(tmp_path) if _is_worker(p)], 20)
            assert again != [worker]


def test_reset_forgets_and_starts_nothing(tmp_path):
    for name in ("lectern.sqlite3", "lectern.sqlite3-wal", "sandbox.json", "beat-schedule"):
        (tmp_path / name).write_text("x")
    (tmp_path / "mail").mkdir()
    (tmp_path / "mine.txt").write_text("not the demo's")
    reset = Demo(tmp_path, "--reset")
    assert reset.process.wait(30) == 0, reset.said
    assert {p.name for p in tmp_path.iterdir()} == {"mine.txt", "demo.lock", "output.txt"}


def _is_worker(pid):
    try:
        with open(f"/proc/{pid}/cmdline") as file:
            said = file.read()
            return "\0worker\0" in said and "default," in said
    except OSError:
        return False
