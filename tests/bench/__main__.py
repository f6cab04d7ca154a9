"""`make bench`: how long the common things take on this machine. Figures, not verdicts.

The platform is the sandbox, and the account's pace is lifted: what is measured is Lectern.
"""

import os
import sys
import time
from contextlib import contextmanager
from datetime import timedelta

import django

WEBINARS, PEOPLE, GROUP = 40, 50, 300


def main() -> None:
    """Measure in a database of its own, and print a table."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    # Django's models can be imported only from here on.
    from django.test.utils import (
        setup_databases,
        setup_test_environment,
        teardown_databases,
        teardown_test_environment,
    )

    from integrations.sandbox import Sandbox

    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        with Sandbox(seed=False).start() as sandbox:
            measure(sandbox)
    finally:
        teardown_databases(databases, verbosity=0)
        teardown_test_environment()


def measure(sandbox) -> None:
    from django.db import connection

    from tests.factories import AccountFactory

    say(f"on {connection.vendor}, {WEBINARS} webinars with {PEOPLE} registrations each")
    account = AccountFactory(
        base_url=sandbox.base_url("clickmeeting"),
        credentials=sandbox.credentials("clickmeeting"),
        requests_per_minute=1_000_000,
    )
    fill(sandbox.clickmeeting())
    for words in ("first sync", "sync, nothing changed", "sync, nothing changed, whole"):
        with timed(words) as note:
            note.append(sync(account, full=words.endswith("whole")))
    push_a_group(account)
    pages(account)


def fill(platform) -> None:
    """The platform's side: what others have made there."""
    from portal.common import clock

    for number in range(WEBINARS):
        start = (clock.now() + timedelta(days=1 + number)).replace(second=0, microsecond=0)
        room = platform.add_room(f"Bench {number}", starts_at=start, registration_enabled=True)
        for person in range(PEOPLE):
            address = f"bench{number * 7 + person}@example.com"
            platform.add_registration(room["id"], address, f"First{person}", f"Last{person}")


def sync(account, *, full: bool) -> str:
    from portal.sync import engine

    with counted() as statements:
        run = engine.sync_account(account.pk, full=full)
    asked = f"{len(statements)} statements, {len(statements) - run.calls} beside the calls"
    made = f"{run.created} rows made, {asked}"
    return f"{run.calls} calls, {made} {run.problem}"


def push_a_group(account) -> None:
    """Invite a group: register everybody here, then tell the platform."""
    from portal.conferences.audience.services import registrations
    from portal.conferences.models import Conference
    from portal.sync import engine
    from tests.factories import AttendeeFactory

    people = AttendeeFactory.create_batch(GROUP)
    conference = Conference.objects.filter(account=account).last()
    with timed(f"register {GROUP} people here") as note:
        registrations.register(conference, people, by=None)
    with timed(f"tell the platform of {GROUP} people") as note:
        run = engine.push_account(account.pk)
        note.append(f"{run.calls} calls")


def pages(account) -> None:
    from django.test import Client
    from django.urls import reverse

    from portal.conferences.models import Conference
    from tests.factories import UserFactory

    client = Client()
    client.force_login(UserFactory())
    busiest = Conference.objects.filter(account=account).last()
    asked = {
        "home": [],
        "conferences": [],
        "calendar": [],
        "people": [],
        "accounts": [],
        "conference": [busiest.pk],
        "conference-people": [busiest.pk],
    }
    for name, words in asked.items():
        address = reverse(f"staff:{name}", args=words)
        client.get(address)  # templates are compiled at the first time
        with timed(f"page {name}") as note, counted() as statements:
            size = len(client.get(address).content)
            note.append(f"{len(statements)} statements, {size // 1024} KB")


@contextmanager
def counted():
    """A list that gets one entry for each statement that the block sends to the database."""
    from django.db import connection

    statements: list[str] = []

    def count(execute, sql, params, many, context):
        statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield statements


@contextmanager
def timed(words: str):
    """Print how long the block took, and what it noted."""
    note: list[str] = []
    start = time.perf_counter()
    yield note
    seconds = time.perf_counter() - start
    say(f"{words:<32}{seconds * 1000:>8.0f} ms  {' '.join(note)}")


def say(text: str) -> None:
    sys.stdout.write(text.rstrip() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
