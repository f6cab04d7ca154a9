"""Home as a queue of work, and the small things around every page."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, OperationalError, connection
from django.test import Client
from django.urls import reverse

import portal
from portal.common import clock
from portal.conferences.mails import services as mails
from portal.identity import demo_users, roles
from portal.outbox.models import OutboxEntry
from portal.platforms.models import PlatformAccount
from portal.sync.models import Conflict, PlatformLink, SyncRun
from portal.sync.queries import health
from tests.factories import AccountFactory, ConferenceFactory, RegistrationFactory

pytestmark = pytest.mark.django_db


def text(response):
    """A page without the white space that its layout leaves around tags."""
    words = " ".join(response.content.decode().split())
    return re.sub(r" ?([<>]) ?", r"\1", words)


@pytest.fixture
def account(db):
    return AccountFactory(label="Main", synced_at=clock.now())


def at(hours, account, title, **values):
    start = clock.now() + timedelta(hours=hours)
    return ConferenceFactory(account=account, title=title, starts_at=start, **values)


def refused(account, row, **values):
    return OutboxEntry.objects.create(
        account=account,
        kind="conference",
        local_id=row.pk,
        state="failed",
        problem="No.",
        created_at=clock.now(),
        not_before=clock.now(),
        **values,
    )


def test_a_fresh_portal_says_what_comes_first(client_as, url):
    page = text(client_as(roles.ADMINISTRATOR).get(url("home")))
    assert url("account-connect") in page
    for role in (roles.VIEWER, roles.STAFF):
        page = text(client_as(role).get(url("home")))
        assert "An administrator has to connect one" in page
        assert url("account-connect") not in page


def test_now_next_and_what_is_neither(client_as, url, account):
    at(-0.5, account, "Runs now")
    today = at(0.01, account, "Comes soon")
    at(60, account, "Comes later")
    at(24 * 9, account, "Far away")
    at(-5, account, "Over")
    at(5, account, "Only a draft", draft=True)
    at(5, account, "Called off", removed_at=clock.now())
    at(5, account, "Lost there", gone_at=clock.now())
    RegistrationFactory(conference=today)
    RegistrationFactory(conference=today, removed_at=clock.now())
    page = text(client_as().get(url("home")))
    for title in ("Runs now", "Comes soon", "Comes later"):
        assert title in page
    for title in ("Far away", "Over<", "Only a draft", "Called off", "Lost there"):
        assert title not in page
    assert page.index("Runs now") < page.index("Comes soon") < page.index("Comes later")
    assert "Main, 1 registered" in page
    assert "Live now" in page


def test_days_are_the_viewers_own(client_as, url, account):
    # The evening in Berlin is the next morning in Auckland.
    moment = clock.now().replace(hour=20, minute=30, second=0, microsecond=0) + timedelta(days=2)
    ConferenceFactory(account=account, starts_at=moment)
    client = client_as()
    for zone, day in (("Europe/Berlin", moment), ("Pacific/Auckland", moment + timedelta(days=1))):
        client.cookies["zone"] = zone
        heading = f'<h3><time datetime="{day:%Y-%m-%d}">'
        assert heading in text(client.get(url("home")))


def test_what_waits_has_the_button_that_mends_it(client_as, url, account):
    row = at(30, account, "Refused")
    again = refused(account, row)
    change = refused(account, at(31, account, "Wrong"), field_errors={"title": ["Too long."]})
    link = PlatformLink.objects.create(account=account, kind="conference", local_id=row.pk)
    Conflict.objects.create(
        account=account,
        link=link,
        kind="conference",
        local_id=row.pk,
        field="title",
        ours="a",
        theirs="b",
        sentence="x",
        at=clock.now(),
    )
    AccountFactory(label="Locked", state="rejected")
    page = text(client_as().get(url("home")))
    assert url("entry-retry", again.pk) in page
    assert url("conference-edit", change.local_id) in page
    assert "sort=conflict" in page
    viewer = text(client_as(roles.VIEWER).get(url("home")))
    assert "This needs the role Event staff." in viewer
    assert url("entry-retry", again.pk) not in viewer
    boss = text(client_as(roles.ADMINISTRATOR).get(url("home")))
    assert "New credentials" in boss


def test_nothing_planned_and_nothing_waiting(client_as, url, account):
    page = text(client_as().get(url("home")))
    assert "Nothing in the next seven days" in page
    assert "Nothing needs your attention." in page
    assert url("schedule") in page
    assert url("schedule") not in text(client_as(roles.VIEWER).get(url("home")))


def test_the_accounts_health_is_told(client_as, url, account):
    AccountFactory(label="Resting", paused=True, synced_at=clock.now())
    page = text(client_as().get(url("home")))
    assert "Connected" in page
    assert "Paused" in page


def test_a_full_day_costs_no_more_queries(client_as, url, django_assert_max_num_queries):
    accounts = [AccountFactory(synced_at=clock.now()) for _ in range(5)]
    for number in range(20):
        row = at(number - 0.5, accounts[number % 5], f"Webinar {number}", duration_minutes=30)
        RegistrationFactory(conference=row)
        refused(row.account, row)
    client = client_as()
    with django_assert_max_num_queries(34):
        assert client.get(url("home")).status_code == 200


# The shell --------------------------------------------------------------------------------------


def test_the_zone_is_kept_for_this_browser(client, url):
    answer = client.post(url("zone"), {"zone": "Asia/Tokyo", "next": "/login/"})
    assert answer["Location"] == "/login/"
    assert client.cookies["zone"].value == "Asia/Tokyo"
    client.post(url("zone"), {"zone": "Nowhere/Land"})
    assert client.cookies["zone"].value == ""
    assert "Time zone" in text(client.get(url("zone")))


def test_the_theme_is_kept_for_this_browser(client, url):
    client.post(url("theme"), {"theme": "dark"})
    assert client.cookies["lectern_theme"].value == "dark"
    assert 'data-bs-theme="dark"' in text(client.get(reverse("login")))
    client.post(url("theme"), {"theme": "purple<script>"})
    assert client.cookies["lectern_theme"].value == ""
    assert client.get(url("theme")).status_code == 405


@pytest.mark.parametrize("wanted", ["https://evil.example.com", "//evil.example.com", "x", "/\\e"])
def test_zone_and_theme_lead_to_our_own_pages_alone(client, url, wanted):
    for name in ("zone", "theme"):
        assert client.post(url(name), {"next": wanted})["Location"] == url("home")


def test_zone_and_theme_want_a_token(url):
    strict = Client(enforce_csrf_checks=True)
    for name in ("zone", "theme"):
        assert strict.post(url(name)).status_code == 403


def test_the_demo_says_how_to_log_in_and_nothing_else_does(client, settings):
    assert demo_users.PASSWORD not in text(client.get(reverse("login")))
    settings.DEMO_MODE = True
    assert demo_users.PASSWORD in text(client.get(reverse("login")))


# Health -----------------------------------------------------------------------------------------


def test_health_is_public_and_tells_no_name(client, url, account):
    account.runtime.next_sync_at = clock.now()
    account.save()
    SyncRun.objects.create(account=account, started_at=clock.now(), trigger="beat")
    answer = client.get(url("healthz"))
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    assert set(answer.json()) == {
        "status",
        "database",
        "broker",
        "worker",
        "last_run_seconds",
        "oldest_waiting_seconds",
        "mails",
        "oldest_mail_seconds",
        "accounts_in_trouble",
        "version",
    }
    assert "no-store" in answer["Cache-Control"]
    for hidden in ("Main", account.credentials["api_key"], account.base_url, "sqlite", "postgres"):
        assert hidden not in text(answer)


def test_a_silent_worker_is_told_of(client, url, account):
    old = clock.now() - timedelta(hours=2)
    assert client.get(url("healthz")).json()["worker"] == "starting"
    SyncRun.objects.create(account=account, started_at=old, finished_at=old, trigger="beat")
    refused(account, at(3, account, "x"))
    OutboxEntry.objects.update(state="waiting", not_before=clock.now() - timedelta(seconds=90))
    found = client.get(url("healthz")).json()
    assert (found["status"], found["worker"]) == ("degraded", "silent")
    assert 85 < found["oldest_waiting_seconds"] < 200
    PlatformAccount.objects.update(paused=True)
    found = client.get(url("healthz")).json()
    assert (found["worker"], found["oldest_waiting_seconds"]) == ("idle", None)


def test_mails_that_nobody_sends_are_told_of(client, url, account):
    person = RegistrationFactory(conference__account=account)
    mails.queue_invitations(person.conference, [person], None)
    clock.advance(20 * 60)
    assert client.get(url("healthz")).json()["mails"] == "ok", "it waits for the platform"
    person.registered_at = clock.now()
    person.save()
    found = client.get(url("healthz")).json()
    assert (found["status"], found["mails"]) == ("degraded", "silent")
    assert found["oldest_mail_seconds"] >= 20 * 60


def test_a_broker_that_is_down_degrades(client, url, monkeypatch):
    monkeypatch.setattr(health, "_broker", lambda: "unreachable")
    answer = client.get(url("healthz"))
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")


def down(database):
    return {"status": "down", "database": database, "version": portal.__version__}


def test_without_a_database_it_is_down(client, url, monkeypatch):
    def fail():
        raise DatabaseError("secret server name")

    monkeypatch.setattr(health, "_oldest_waiting", fail)
    answer = client.get(url("healthz"))
    assert answer.status_code == 503
    assert answer.json() == down("unreachable")


def test_a_database_that_refuses_writes_is_not_well(client, url):
    """A standby, or one whose disk is full: no page could be saved."""
    with connection.cursor() as cursor:
        sqlite = connection.vendor == "sqlite"
        cursor.execute("PRAGMA query_only = ON" if sqlite else "SET TRANSACTION READ ONLY")
        try:
            answer = client.get(url("healthz"))
        finally:
            if sqlite:
                cursor.execute("PRAGMA query_only = OFF")
    assert answer.status_code == 503
    assert answer.json() == down("refuses writes")


def test_a_database_that_went_away_is_not_said_to_refuse_writes(client, url, monkeypatch):
    def gone(*_, **__):
        raise OperationalError("secret server name")

    monkeypatch.setattr(health.Generation, "objects", SimpleNamespace(filter=gone, exists=gone))
    assert client.get(url("healthz")).json() == down("unreachable")


def test_the_version_is_told(client_as, url):
    """At the foot of each page and to the monitoring: whoever reports something can name it."""
    page = text(client_as().get(url("home")))
    assert f"Lectern {portal.__version__}</footer>" in page
    assert Client().get(url("healthz")).json()["version"] == portal.__version__


def test_where_registrations_are_not_read_nobody_is_said_to_be_missing(client_as, url):
    """LiveWebinar's registrants are read only where the account says so: 0 would be a guess."""
    soon = clock.now() + timedelta(hours=5)
    for slug in ("livewebinar", "clickmeeting"):
        ConferenceFactory(account=AccountFactory(platform=slug, label=slug), starts_at=soon)
    page = client_as().get(url("home")).content.decode()
    assert page.count("0 registered") == 1
