"""A production that is not safe does not start, and one that is gives Django nothing to say."""

import os
import subprocess
import sys

import pytest

from portal import settings
from tests.house import HOME
from tools.check_deploy import KEPT, PRODUCTION

DEMO = {
    "SECRET_KEY": settings.DEMO_SECRET_KEY,
    "CREDENTIALS_KEYS": settings.DEMO_CREDENTIALS_KEY,
    "ALLOWED_HOSTS": "*",
}


def start(**changes):
    """Start in a process of its own, as a production does; None takes a name away."""
    env = {n: os.environ[n] for n in KEPT if n in os.environ} | PRODUCTION | changes
    env = {n: value for n, value in env.items() if value is not None}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, env=env, cwd=HOME, capture_output=True, text=True, timeout=60)


def test_safe_production_starts_and_is_clean():
    done = start()
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize("name", DEMO)
@pytest.mark.parametrize("given", ["missing", "demo"])
def test_unsafe_production_does_not_start(name, given):
    value = None if given == "missing" else DEMO[name]
    done = start(**{name: value})
    assert done.returncode != 0
    assert name in done.stderr
    assert value is None or value == "*" or value not in done.stderr


def test_a_short_secret_is_refused():
    assert "SECRET_KEY" in start(SECRET_KEY="short").stderr


def test_demo_is_never_on_in_production_by_itself():
    env = {n: os.environ[n] for n in KEPT if n in os.environ} | PRODUCTION
    code = "from portal import settings; print(settings.DEMO_MODE, settings.HTTPS)"
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, cwd=HOME, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.split() == ["False", "True"], done.stderr
