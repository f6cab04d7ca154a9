"""State outlives the process; the program starts, says where it is, and ends at once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from integrations.sandbox import Sandbox, StateUnreadable
from integrations.sandbox.__main__ import main
from tests.sandbox_client import RawClient

ROOT = Path(__file__).parents[3]


def test_state_comes_back_whole(tmp_path):
    path = tmp_path / "kept" / "state.json"
    with Sandbox(seed=True, state=path).start() as first:
        first.add_account("clickmeeting", "third", api_key="third-key")
        owner = first.clickmeeting("third")
        room = owner.add_room("Kept", lobby_description="ü")
        owner.add_registration(room["id"], "ann@example.com", "Ann", "Ivory")
        before = {label: first.store("clickmeeting", label).dump() for label in ("demo", "third")}
        before = json.loads(json.dumps(before))
    with Sandbox(seed=True, state=path).start() as second:
        after = {label: second.store("clickmeeting", label).dump() for label in ("demo", "third")}
        assert json.loads(json.dumps(after)) == before
        owner = second.clickmeeting("third")
        assert owner.find_registration(room["id"], "ANN@example.com")["first_name"] == "Ann"
        assert owner.add_room("Next")["id"] == room["id"] + 1
        line = RawClient(second.base_url("clickmeeting"), "third-key")
        assert len(line.get("/conferences/active").json) == 2


def test_changes_are_saved_while_it_runs(tmp_path):
    path = tmp_path / "state.json"
    with Sandbox(seed=False, state=path).start() as sandbox:
        sandbox.clickmeeting().add_room("Saved at once")
        deadline = time.monotonic() + 5
        while "Saved at once" not in (path.read_text() if path.exists() else ""):
            assert time.monotonic() < deadline
            time.sleep(0.02)
    assert [file.name for file in tmp_path.iterdir()] == ["state.json"]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"version": 99, "platforms": {}}', "\udcff"]
)
def test_a_broken_file_is_named_and_left_alone(tmp_path, text):
    path = tmp_path / "state.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    before = path.read_bytes()
    with pytest.raises(StateUnreadable, match=r"state\.json"):
        Sandbox(state=path)
    assert path.read_bytes() == before


def test_a_taken_port_is_said_plainly(capsys):
    with Sandbox(seed=False).start() as sandbox:
        assert main(["--port", str(sandbox.port), "--empty"]) == 1
    assert "is it taken?" in capsys.readouterr().err


def test_it_can_be_stopped_and_started_again():
    sandbox = Sandbox(seed=False)
    with sandbox.start():
        sandbox.clickmeeting().add_room("Still here")
    with sandbox.start():
        line = RawClient(sandbox.base_url("clickmeeting"), sandbox.api_key())
        assert len(line.get("/conferences/active").json) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_program(tmp_path, number):
    state = tmp_path / "state.json"
    command = [sys.executable, "-m", "integrations.sandbox", "--port", "0", "--state", str(state)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        said = process.stdout.readline()
        line = RawClient(said.split()[-1] + "clickmeeting/v1", "demo-clickmeeting-key")
        assert len(line.get("/conferences/active").json) > 10
        started = time.monotonic()
        process.send_signal(number)
        out, errors = process.communicate(timeout=10)
    assert time.monotonic() - started < 3
    assert (process.returncode, out, errors) == (0, "", "")
    assert "Open office hour" in state.read_text()
