"""At LOG_LEVEL=DEBUG a process does everything once; its log holds no key and nobody's address."""

import os
import re
import subprocess
import sys
import textwrap

import pytest

from integrations import registry
from tests import migrated
from tests.house import HOME
from tools.check_deploy import KEPT

WORK = textwrap.dedent("""
    import logging, sys
    from datetime import timedelta
    import django
    django.setup()
    from django.contrib.auth.models import Group, User
    from django.test import Client
    from integrations.sandbox import Sandbox
    from portal.common import clock
    from portal.identity import roles
    from portal.conferences import tasks as mails
    from portal.conferences.models import Conference, Registration
    from portal.conferences.audience.services import invite
    from portal.conferences.people.services import selection
    from portal.conferences.schedule.services import schedule
    from portal.outbox.models import OutboxEntry
    from portal.platforms import services
    from portal.platforms.models import PlatformAccount
    from portal.sync import engine, tasks
    from portal.sync.services import actions as operations
    from portal.sync.services.actions import Subject
    from integrations.base.records import Kind

    planted = []
    root = User.objects.create_superuser("planted-boss", "planted-boss@example.org",
                                         "planted-password-1")
    root.groups.add(Group.objects.get(name=roles.ADMINISTRATOR))
    with Sandbox(seed=False).start() as sandbox:
        for slug in sys.argv[1:]:
            made = sandbox.credentials(slug)
            planted += [v for v in made.values() if len(v) > 5]
            account = services.connect(platform=slug, label=slug, by=root, credentials=made,
                                       base_url=sandbox.base_url(slug),
                                       options=sandbox.options(slug))
            services.test_connection(account, root)
            engine.sync_account(account.pk, full=True)
            try:
                start = (clock.now() + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
                row = schedule.schedule(account=account, by=root, values={
                    "title": "Planted", "starts_at": start, "duration_minutes": 45,
                    "timezone": "Europe/Berlin", "password": "planted-room-1"})
                invite.send(row, selection.gather("Ann <planted-ann@example.org>"), by=root)
            except Exception as error:
                logging.getLogger("portal.x").warning("could not: %s", error, exc_info=True)
            for _ in range(3):
                OutboxEntry.objects.filter(state="waiting").update(not_before=clock.now())
                tasks.push(account.pk)
                tasks.sync(account.pk)
            sandbox.faults.add("unavailable")
            tasks.sync(account.pk, full=True)
            sandbox.faults.clear()
            for name in account.capabilities.actions:
                for conference in Conference.objects.filter(account=account):
                    try:
                        operations.read(Subject(account, Kind.CONFERENCE, conference.pk), name,
                                        {"email": "planted-ann@example.org"}, root)
                    except Exception:
                        pass
        mails.send_mails()
        client = Client()
        for password in ("planted-password-0", "planted-password-1"):
            client.post("/login/", {"username": "planted-boss", "password": password})
        for page in ("/", "/people/?q=planted-ann@example.org", "/accounts/", "/mail/",
                     "/no/planted-ann@example.org/", "/webinars/", "/attention/"):
            client.get(page)
        for person in Registration.objects.all():
            planted.append(str(person.token))
            Client().get(f"/join/{person.token}/")
            Registration.objects.filter(pk=person.pk).update(removed_at=clock.now())
            Client().get(f"/join/{person.token}/")
        for account in PlatformAccount.objects.all():
            tokens = account.runtime.tokens.values()
            planted += [v for v in tokens if isinstance(v, str) and len(v) > 5]
            planted += [str(v) for t in tokens if isinstance(t, dict)
                        for v in t.values() if len(str(v)) > 12]
    print("\\n".join(planted))
""")


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """(what was planted, what stands in the log)."""
    home = tmp_path_factory.mktemp("debug")
    migrated.copy(home / "lectern.sqlite3")
    env = {name: os.environ[name] for name in KEPT if name in os.environ} | {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "LOG_LEVEL": "DEBUG",
        "DEBUG": "true",
        "DEMO_MODE": "true",
        "DATABASE_URL": f"sqlite:///{home}/lectern.sqlite3",
        "DEMO_MAIL_DIR": str(home / "mail"),
        "BROKER_DIR": str(home / "broker"),
        "ALLOWED_HOSTS": "testserver",
        "HTTPS": "false",
    }
    done = subprocess.run(
        [sys.executable, "-c", WORK, *registry.slugs()],
        env=env,
        cwd=HOME,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.split("\n"), done.stderr


def test_no_key_and_nobodys_address_stands_in_the_log(told):
    planted, log = told
    secrets = {one.strip() for one in planted if one.strip()}
    assert len(secrets) > 5
    assert len(log.splitlines()) > 5, "something was logged at all"
    for secret in secrets | {"planted-password", "planted-room", "planted-ann"}:
        at = log.find(secret)
        assert at < 0, log[max(at - 300, 0) : at + 100]
    assert not re.search(r"[\w.]+@example\.org", log)


def test_every_line_is_dated_in_utc(told):
    lines = [one for one in told[1].splitlines() if re.match(r"\d{4}-", one)]
    assert lines
    assert all(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00 [A-Z]+ ", one) for one in lines)
