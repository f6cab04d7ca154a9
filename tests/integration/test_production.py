"""A production as the runbook sets it up: settings from the environment, static files collected."""

import json
import os
import subprocess
import sys

import pytest

from tests import migrated
from tests.house import HOME
from tools.check_deploy import KEPT, PRODUCTION

HOST = PRODUCTION["ALLOWED_HOSTS"]
VISIT = f"""
import json, django
django.setup()
from django.test import Client
plain = Client(SERVER_NAME="{HOST}").get("/login/")
page = Client(SERVER_NAME="{HOST}").get("/login/", secure=True)
stranger = Client(SERVER_NAME="elsewhere.example.org", raise_request_exception=False)
print(json.dumps({{
    "plain": plain.status_code, "to": plain.headers.get("Location"),
    "page": page.status_code, "headers": dict(page.headers), "html": page.content.decode(),
    "cookie": page.cookies["csrftoken"].OutputString(),
    "stranger": stranger.get("/login/", secure=True).status_code,
}}))
"""


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    """Run a command in a production's environment; the database is migrated."""
    home = tmp_path_factory.mktemp("production")
    env = (
        {name: os.environ[name] for name in KEPT if name in os.environ}
        | PRODUCTION
        | {
            "DATABASE_URL": f"sqlite:///{home}/lectern.sqlite3",
            "STATIC_ROOT": str(home / "static"),
            "DJANGO_SETTINGS_MODULE": "portal.settings",
        }
    )

    def run(*words):
        done = subprocess.run(
            [sys.executable, *words], env=env, cwd=HOME, timeout=120, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    migrated.copy(home / "lectern.sqlite3")
    return run


@pytest.fixture(scope="module")
def visit(production):
    """What somebody gets who opens the portal; every static file that a page names must exist."""
    production("manage.py", "collectstatic", "--noinput", "--verbosity", "0")
    return json.loads(production("-c", VISIT))


def test_only_https(visit):
    assert (visit["plain"], visit["to"]) == (301, f"https://{HOST}/login/")
    assert visit["headers"]["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "Secure" in visit["cookie"]


def test_page_is_served_with_fingerprinted_files(visit):
    assert visit["page"] == 200
    assert "/static/css/" in visit["html"]
    assert ".css?" not in visit["html"]
    policy = visit["headers"]["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy


def test_demo_is_not_there(visit, production):
    assert "lectern-demo" not in visit["html"]
    with pytest.raises(AssertionError) as done:
        production("manage.py", "seed_demo")
    assert "DEMO_MODE" in str(done.value)


def test_another_host_name_is_refused(visit):
    assert visit["stranger"] == 400
