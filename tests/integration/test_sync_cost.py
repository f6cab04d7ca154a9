"""What a sync costs the database, and what may happen while our side waits in memory."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.common import clock
from portal.conferences.models import Conference, Registration
from portal.sync import engine, listing, scope
from portal.sync.models import SyncRun

pytestmark = pytest.mark.django_db
WEBINARS, PEOPLE = 12, 4
# What a sync costs beside its calls, however many listings it reads.
FRAME = 32
# One statement takes a call from the budget, one asks whether something is to be sent by now.
EACH = 2


@pytest.fixture
def account(account):
    """Nobody waits for its pace: what is measured is Lectern."""
    account.requests_per_minute = 1_000_000
    account.save()
    return account


@pytest.fixture
def platform(sandbox):
    platform = sandbox.clickmeeting("demo")
    for number in range(WEBINARS):
        add_webinar(platform, number)
    return platform


def add_webinar(platform, number):
    start = (clock.now() + timedelta(days=3, hours=number)).replace(second=0, microsecond=0)
    room = platform.add_room(f"Webinar {number}", starts_at=start, registration_enabled=True)
    for person in range(PEOPLE):
        address = f"p{number}-{person}@example.com"
        platform.add_registration(room["id"], address, "First", "Last")


def sync(account, **kwargs):
    return engine.sync_account(account.pk, trigger="command", full=True, **kwargs)


def counted(account):
    with CaptureQueriesContext(connection) as statements:
        run = sync(account)
    assert (run.outcome, run.steps) == (SyncRun.Outcome.OK, [])
    return run, statements


def test_a_sync_without_news_costs_two_statements_per_call(account, platform):
    sync(account)
    run, statements = counted(account)
    assert run.calls > 2 * WEBINARS
    assert len(statements) <= EACH * run.calls + FRAME


def test_more_webinars_cost_no_more_than_their_calls(account, platform):
    sync(account)
    before, few = counted(account)
    for number in range(WEBINARS, 2 * WEBINARS):
        add_webinar(platform, number)
    sync(account)
    after, many = counted(account)
    assert after.calls > before.calls
    assert len(many) - len(few) <= EACH * (after.calls - before.calls)


def test_our_side_is_read_in_parts_that_fit_into_memory(account, platform, monkeypatch):
    sync(account)
    whole, _ = counted(account)
    monkeypatch.setattr(scope, "LINKS_AT_ONCE", 2 * (PEOPLE + 1))
    parts, statements = counted(account)
    assert parts.calls == whole.calls
    rows = [q["sql"] for q in statements if 'FROM "conferences_registration"' in q["sql"]]
    assert len(rows) == WEBINARS / 2


def test_each_listing_is_compared_with_its_own_rows(account, platform):
    sync(account)
    for conference in Conference.objects.all():
        people = conference.registrations.values_list("attendee__email", flat=True)
        number = conference.title.split()[-1]
        assert sorted(people) == [f"p{number}-{person}@example.com" for person in range(PEOPLE)]
    last = Conference.objects.order_by("pk").last()
    platform.add_registration(platform.rooms()[-1]["id"], "late@example.com", "Late", "Comer")
    assert sync(account).created == 1
    assert Registration.objects.filter(attendee__email="late@example.com").count() == 1
    assert last.registrations.count() in (PEOPLE, PEOPLE + 1)


def test_what_is_typed_while_the_platform_answers_is_not_overwritten(
    account, platform, monkeypatch
):
    sync(account)
    row = Conference.objects.order_by("pk").first()
    room = next(r for r in platform.rooms() if r["name"] == row.title)
    platform.edit_room(room["id"], lobby_description="Their words")
    real = listing._read_once

    def meanwhile(*args):
        found = real(*args)
        monkeypatch.setattr(listing, "_read_once", real)
        Conference.objects.filter(pk=row.pk).update(title="Typed meanwhile")
        return found

    monkeypatch.setattr(listing, "_read_once", meanwhile)
    assert sync(account).steps == []
    row.refresh_from_db()
    assert (row.title, row.description) == ("Typed meanwhile", "")
    sync(account)
    row.refresh_from_db()
    assert (row.title, row.description) == ("Typed meanwhile", "Their words")
    assert platform.room(room["id"])["name"] == "Typed meanwhile"


def test_a_note_of_ours_survives_their_news(account, platform, monkeypatch):
    """What no platform knows is not part of the comparison, and is not written back old."""
    sync(account)
    row = Conference.objects.order_by("pk").first()
    room = next(r for r in platform.rooms() if r["name"] == row.title)
    platform.edit_room(room["id"], name="Their title")
    real = listing._read_once

    def meanwhile(*args):
        Conference.objects.filter(pk=row.pk).update(sequence=row.sequence + 40)
        return real(*args)

    monkeypatch.setattr(listing, "_read_once", meanwhile)
    sync(account)
    row.refresh_from_db()
    assert row.title == "Their title"
    assert row.sequence > 40
