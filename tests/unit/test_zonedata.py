"""Zone data come from the pinned package, whatever this machine has."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from importlib import resources

import pytest

from integrations import zonedata
from portal.conferences import walltime
from tests.house import HOME

# Laws of 2026 that the files of an older system do not know.
NEW = {
    "America/Vancouver": 17,
    "America/Edmonton": 16,
    "America/Winnipeg": 15,
    "Africa/Casablanca": 10,
    "Africa/El_Aaiun": 10,
    "America/Havana": 14,
}
ASK = """
from datetime import datetime, UTC
from zoneinfo import ZoneInfo
print(datetime(2026, 12, 10, 10, tzinfo=ZoneInfo("America/Vancouver")).astimezone(UTC).hour)
"""
STARTS = [
    "import portal.settings",
    "import portal.celery",
    "import portal.wsgi",
    "import manage, portal",
    "import integrations.sandbox.__main__",
    "import integrations.base.reading",
    "from integrations import registry",
]


@pytest.mark.parametrize(("zone", "hour"), NEW.items())
def test_a_wall_time_is_the_packages_instant(zone, hour):
    wall = datetime(2026, 12, 10, 10)  # noqa: DTZ001 - the clock on the wall
    assert walltime.instants(wall, zone) == [datetime(2026, 12, 10, hour, tzinfo=UTC)]


@pytest.fixture(scope="module")
def old_machine(tmp_path_factory):
    """A machine whose Vancouver still is what Los Angeles is."""
    home = tmp_path_factory.mktemp("zoneinfo")
    (home / "America").mkdir()
    data = resources.files("tzdata.zoneinfo.America").joinpath("Los_Angeles").read_bytes()
    (home / "America" / "Vancouver").write_bytes(data)
    return str(home)


def ask(code, machine):
    env = {"PATH": os.environ["PATH"], "PYTHONTZPATH": machine}
    done = subprocess.run(
        [sys.executable, "-c", code + "\n" + ASK],
        env=env,
        cwd=HOME,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def test_such_a_machine_would_be_an_hour_off(old_machine):
    assert ask("", old_machine) == 18


@pytest.mark.parametrize("start", STARTS)
def test_every_entrance_takes_the_package(start, old_machine):
    assert ask(start, old_machine) == 17


def test_a_child_process_takes_it_too(old_machine):
    code = "import integrations, subprocess, sys\n"
    code += f"subprocess.run([sys.executable, '-c', {ASK!r}], check=True); sys.exit(0)"
    assert ask(code, old_machine) == 17


def test_the_source_is_told(monkeypatch):
    assert zonedata.source().startswith("tzdata 20")
    monkeypatch.setattr("zoneinfo.TZPATH", ("/usr/share/zoneinfo",))
    assert zonedata.source() == ""
