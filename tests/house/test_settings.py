"""A production that is not safe does not start, and one that is gives Django nothing to say."""

import os
import runpy
import subprocess
import sys
from unittest import mock

import pytest
from cryptography.fernet import Fernet
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from portal import settings
from tests import migrated
from tests.house import HOME
from tools.check_deploy import KEPT, PRODUCTION

DEMO = {
    "SECRET_KEY": settings.DEMO_SECRET_KEY,
    "CREDENTIALS_KEYS": settings.DEMO_CREDENTIALS_KEY,
    "ALLOWED_HOSTS": "*",
}


def environment(changes):
    """A production's environment with some changes; None takes a name away."""
    env = {n: os.environ[n] for n in KEPT if n in os.environ} | PRODUCTION | changes
    return {n: value for n, value in env.items() if value is not None}


def start(**changes):
    """Start in a process of its own, as a production does."""
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(
        command, env=environment(changes), cwd=HOME, capture_output=True, text=True, timeout=60
    )


def read(**changes):
    """What settings.py makes of a production's environment, read in this process."""
    with mock.patch.dict(os.environ, environment(changes), clear=True):
        return runpy.run_path(str(HOME / "portal/settings.py"))


def complaints(**changes):
    """What Django's checks of a deployment and ours find, down to warnings, in this process."""
    values = {
        name: value
        for name, value in read(**changes).items()
        # The connection to the database and the time of this process stay the tests' own.
        if name.isupper() and name not in ("DATABASES", "INSTALLED_APPS", "TIME_ZONE", "VAR_DIR")
    }
    with override_settings(**values):
        found = checks.run_checks(tags=[checks.Tags.security], include_deployment_checks=True)
    return [f"{one.msg} {one.hint}" for one in found if one.level >= checks.WARNING]


def test_safe_production_starts_and_is_clean():
    done = start()
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stdout + done.stderr
    assert "Time zones are those of tzdata" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY"),
        ({"CREDENTIALS_KEYS": DEMO["CREDENTIALS_KEYS"]}, "CREDENTIALS_KEYS"),
        ({"DATABASE_URL": "postgres://a:hidden@b:xx/c"}, "DATABASE_URL"),
        ({"LEASE_SECONDS": "134"}, "LEASE_SECONDS"),
        ({"EMAIL_URL": "dummymail://"}, "EMAIL_URL"),
    ],
)
def test_what_is_refused_ends_the_start_with_a_sentence(changes, said):
    """In a process of its own: what the settings refuse, and what the checks find."""
    done = start(**changes)
    assert done.returncode != 0
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "hidden" not in done.stderr
    assert DEMO["CREDENTIALS_KEYS"] not in done.stderr


@pytest.mark.parametrize("name", DEMO)
@pytest.mark.parametrize("given", ["missing", "demo"])
def test_unsafe_production_does_not_start(name, given):
    value = None if given == "missing" else DEMO[name]
    with pytest.raises(ImproperlyConfigured) as refused:
        read(**{name: value})
    assert name in str(refused.value)
    assert value is None or value == "*" or value not in str(refused.value)


def test_a_short_secret_is_refused():
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY"):
        read(SECRET_KEY="short")


def test_demo_is_never_on_in_production_by_itself():
    env = {n: os.environ[n] for n in KEPT if n in os.environ} | PRODUCTION
    code = "from portal import settings; print(settings.DEMO_MODE, settings.HTTPS)"
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, cwd=HOME, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.split() == ["False", "True"], done.stderr


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"DEMO_MODE": "true"}, "DEMO_MODE"),
        ({"CREDENTIALS_KEYS": "nonsense"}, "CREDENTIALS_KEYS"),
        ({"CREDENTIALS_KEYS": f"{PRODUCTION['CREDENTIALS_KEYS']},nonsense"}, "CREDENTIALS_KEYS"),
    ],
)
def test_what_production_must_not_have_is_refused(changes, said):
    with pytest.raises(ImproperlyConfigured, match=said):
        read(**changes)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"EMAIL_URL": None}, "EMAIL_URL"),
        ({"EMAIL_URL": ""}, "EMAIL_URL"),
        ({"EMAIL_URL": "consolemail://"}, "EMAIL_URL"),
        ({"EMAIL_URL": "dummymail://"}, "EMAIL_URL"),
        ({"EMAIL_URL": "smtp://"}, "EMAIL_URL"),
        ({"DEFAULT_FROM_EMAIL": "Lectern"}, "DEFAULT_FROM_EMAIL"),
        ({"PUBLIC_URL": None}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "https://0.0.0.0"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "http://lectern.example.com"}, "PUBLIC_URL"),
        ({"LEASE_SECONDS": "60"}, "LEASE_SECONDS"),
        ({"LEASE_SECONDS": "134"}, "LEASE_SECONDS"),
        ({"SYNC_GRACE_SECONDS": "30"}, "SYNC_GRACE_SECONDS"),
        ({"BEHIND_PROXY": "true"}, "PROXY_COUNT"),
        ({"PROXY_COUNT": "1"}, "PROXY_COUNT without BEHIND_PROXY"),
        ({"OUTBOUND_PROXY": "http://"}, "OUTBOUND_PROXY"),
        ({"SESSION_IDLE_MINUTES": "0"}, "SESSION_IDLE_MINUTES"),
        ({"SESSION_IDLE_MINUTES": "-5"}, "SESSION_IDLE_MINUTES"),
        ({"SESSION_IDLE_MINUTES": "9999999"}, "SESSION_IDLE_MINUTES"),
    ],
)
def test_what_would_go_wrong_in_production_is_said(changes, said):
    found = complaints(**changes)
    assert any(said in one for one in found), found


@pytest.mark.django_db
def test_a_safe_production_leaves_the_checks_nothing_to_say():
    """Else what the test above finds would prove nothing."""
    assert complaints() == []


def test_a_key_that_reads_nothing_is_said(tmp_path):
    """The database was written with another key."""
    at = {"DATABASE_URL": f"sqlite:///{tmp_path}/lectern.sqlite3"}
    env = {n: os.environ[n] for n in KEPT if n in os.environ} | PRODUCTION | at
    migrated.copy(tmp_path / "lectern.sqlite3")
    code = (
        "import django; django.setup();"
        "from portal.platforms.models import PlatformAccount as A;"
        "A.objects.create(label='x', platform='clickmeeting', credentials={'api_key': 'k'})"
    )
    env["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    subprocess.run([sys.executable, "-c", code], env=env, cwd=HOME, check=True, timeout=120)
    assert start(**at).returncode == 0
    done = start(CREDENTIALS_KEYS=Fernet.generate_key().decode(), **at)
    assert done.returncode != 0
    assert "CREDENTIALS_KEYS cannot read 2 stored rows" in done.stderr


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("LEASE_SECONDS", ("abc", "", "1.5")),
        ("SYNC_GRACE_SECONDS", ("ninety", "")),
        ("PROXY_COUNT", ("one", "")),
        ("SESSION_IDLE_MINUTES", ("2h", "")),
        ("DEBUG", ("maybe",)),
        ("DEMO_MODE", ("flase",)),
        ("HTTPS", ("ture",)),
        ("BEHIND_PROXY", ("nginx",)),
        ("CELERY_TASK_ALWAYS_EAGER", ("nope",)),
        ("LOG_LEVEL", ("LOUD", "")),
        ("LOG_FORMAT", ("xml", "")),
        ("TIME_ZONE", ("Berlin", "", "../x")),
        ("DATABASE_URL", ("nonsense", "", "postgres://a:hidden@b:xx/c")),
        ("EMAIL_URL", ("mail.example.com", "smtp://a:hidden@h:abc")),
        ("CELERY_BROKER_URL", ("localhost", "")),
        ("REPLY_MAILBOX", ("imap.example.com", "imaps://", "imaps://a:hidden@h:abc")),
        ("REPLY_ADDRESS", ("lectern@example.com",)),  # without a mailbox
        ("MAIL_SERVICE", ("nobody", "amazon")),
        ("BOUNCE_MAILBOX", ("imap.example.com", "imaps://", "imaps://a:hidden@h:abc", "pop://h")),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(name, values):
    """A slip of the pen is a sentence that names the setting, and means nothing else in silence."""
    for value in values:
        # The command line makes a sentence of this error, and of no other.
        with pytest.raises(ImproperlyConfigured) as refused:
            read(**{name: value})
        assert f"{name} " in str(refused.value), value
        assert "hidden" not in str(refused.value)


@pytest.mark.parametrize("password", [None, "hidden", "a:hidden", ":hidden-and-long-enough"])
def test_a_mail_service_without_a_password_is_refused(password):
    with pytest.raises(ImproperlyConfigured, match="MAIL_SERVICE_PASSWORD") as refused:
        read(MAIL_SERVICE="postmark", MAIL_SERVICE_PASSWORD=password)
    assert "hidden" not in str(refused.value)
    whole = {"MAIL_SERVICE_PASSWORD": "a:long-enough-to-be-one"}
    with pytest.raises(ImproperlyConfigured, match="MAIL_SERVICE_KEY"):
        read(MAIL_SERVICE="mailgun", **whole)
    assert read(MAIL_SERVICE="Postmark", **whole)["MAIL_SERVICE"] == "postmark"


@pytest.mark.parametrize("address", ["x", "a+b@example.org", f"{'x' * 31}@example.org", "a@b c"])
def test_an_address_for_answers_has_room_for_what_marks_a_person(address):
    mailbox = {"REPLY_MAILBOX": "imaps://a:hidden@mail.example.com/INBOX"}
    with pytest.raises(ImproperlyConfigured, match="REPLY_ADDRESS has to be an address") as refused:
        read(REPLY_ADDRESS=address, **mailbox)
    assert "hidden" not in str(refused.value)
    assert read(REPLY_ADDRESS="lectern@example.org", **mailbox)["REPLY_MAILBOX"]


@pytest.mark.parametrize(("text", "on"), [("True", True), ("ON", True), ("no", False), ("", False)])
def test_a_switch_has_the_usual_words(text, on, monkeypatch):
    monkeypatch.setenv("A_SWITCH", text)
    assert settings.switch("A_SWITCH", default=not on) is on


def test_a_database_that_cannot_be_reached_is_said():
    """Else nobody would know that what is stored was not looked at."""
    done = start(DATABASE_URL="postgres://postgres@127.0.0.1:1/lectern")
    assert done.returncode != 0
    assert "cannot be reached" in done.stderr
    assert "CREDENTIALS_KEYS" in done.stderr


@pytest.mark.parametrize("command", ["sync", "after_restore", "rotate_credentials"])
@pytest.mark.parametrize(
    "database",
    ["postgres://postgres@127.0.0.1:1/lectern", "sqlite:///:memory:"],
    ids=["not there", "without tables"],
)
def test_a_command_without_a_database_ends_with_a_sentence(command, database):
    env = {n: os.environ[n] for n in KEPT if n in os.environ} | PRODUCTION
    env["DATABASE_URL"] = database
    done = subprocess.run(
        [sys.executable, "manage.py", command],
        env=env,
        cwd=HOME,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "The database cannot be used" in done.stderr
    assert "Traceback" not in done.stderr
    assert "SELECT" not in done.stderr
