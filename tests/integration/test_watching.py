"""Whoever opens a webinar's page has its lists read: once a minute, however many look."""

import re
from datetime import timedelta

import pytest

from portal.common import clock
from portal.conferences.models import Conference
from portal.identity import roles
from portal.platforms import lease
from portal.platforms.models import AccountRuntime
from portal.sync import engine, live, readings, tasks
from portal.sync.models import PlatformLink, SyncRun, Watched
from portal.sync.queries.watching import watching
from portal.sync.services import ask_for_lists, runs
from tests.factories import AccountFactory, ConferenceFactory

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def room(account, sandbox):
    """A webinar of last month, that no sync reads soon."""
    start = (clock.now() - timedelta(days=30)).replace(second=0, microsecond=0)
    room = sandbox.clickmeeting("demo").add_room("Last month", starts_at=start)
    engine.sync_account(account.pk)
    clock.advance(300)
    return room


@pytest.fixture
def row(room):
    return Conference.objects.get()


@pytest.fixture
def told(monkeypatch):
    """The accounts of which a worker is told."""
    found = []
    monkeypatch.setattr(
        runs, "_enqueue", lambda task, account, *arguments: found.append((task, *arguments))
    )
    return found


@pytest.fixture
def asks(client_as, url, told, django_capture_on_commit_callbacks):
    """Do what a page does once it is open; answers what stands there then."""

    def ask(browser, row):
        with django_capture_on_commit_callbacks(execute=True):
            answer = browser.post(url("conference-lists", row.pk), **HTMX)
        return answer.content.decode()

    return ask


@pytest.mark.parametrize("tab", ["conference", "conference-people", "conference-sessions"])
def test_a_page_asks_once_it_is_open_and_not_by_being_fetched(
    row, told, client_as, url, tab, sandbox
):
    page = client_as(roles.VIEWER).get(url(tab, row.pk)).content.decode()
    (form,) = re.findall(r'<form[^>]*hx-trigger="load, submit"[^>]*>', page)
    assert f'action="{url("conference-lists", row.pk)}"' in form
    assert "Read them now" in page
    assert told == []
    assert not Watched.objects.exists()


def test_what_somebody_looks_at_is_read_and_shown(row, room, asks, told, client_as, url, sandbox):
    platform, browser = sandbox.clickmeeting("demo"), client_as(roles.VIEWER)
    platform.add_registration(room["id"], "new@example.com", "Ne", "W")
    part = asks(browser, row)
    assert 'hx-trigger="every 3s"' in part
    assert "being read now" in part
    assert told == [("read_live", row.account_id)]
    tasks.read_live(row.account_id)
    part = browser.get(url("conference-lists", row.pk), **HTMX).content.decode()
    assert "every 3s" not in part
    assert "Something has changed" in part
    assert row.registrations.filter(attendee__email="new@example.com").exists()
    page = browser.get(url("conference", row.pk)).content.decode()
    assert "Something has changed" not in page, "it stands on the page by now"
    assert "load, submit" not in page, "and is not asked for again"


def test_without_news_nothing_is_said_and_no_run_is_kept(row, asks, client_as, url):
    browser, before = client_as(roles.VIEWER), SyncRun.objects.count()
    asks(browser, row)
    tasks.read_live(row.account_id)
    part = browser.get(url("conference-lists", row.pk), **HTMX).content.decode()
    assert "Something has changed" not in part
    assert SyncRun.objects.count() == before


def test_however_many_look_it_is_read_once_a_minute(row, asks, told, client_as):
    for _ in range(3):
        asks(client_as(roles.STAFF), row)
    assert len(told) == 1
    tasks.read_live(row.account_id)
    first = Watched.objects.get()
    for _ in range(3):
        asks(client_as(roles.VIEWER), row)
    assert (len(told), Watched.objects.get().wanted_at) == (1, None)
    clock.advance(61)
    asks(client_as(roles.VIEWER), row)
    assert len(told) == 2
    tasks.read_live(row.account_id)
    assert Watched.objects.get().read_at > first.read_at


def test_a_message_that_was_lost_is_told_again_by_the_clock(row, asks, told, client_as):
    asks(client_as(roles.VIEWER), row)
    told.clear()
    tasks.enqueue_live()
    assert told == [], "a worker may be about to begin"
    clock.advance(61)
    tasks.enqueue_live()
    assert told == [("read_live", row.account_id)]


def test_what_is_asked_for_waits_for_the_pace(row, asks, told, client_as):
    later = clock.now() + timedelta(seconds=40)
    AccountRuntime.objects.update(live_at=later)
    assert "being read now" in asks(client_as(roles.VIEWER), row)
    assert told == []
    clock.advance(41)
    tasks.enqueue_live()
    assert len(told) == 1


def test_what_is_asked_for_comes_before_what_is_live(row, asks, client_as, account, monkeypatch):
    start = (clock.now() - timedelta(minutes=5)).replace(second=0, microsecond=0)
    others = [ConferenceFactory(account=account, starts_at=start) for _ in range(2)]
    for other in others:
        PlatformLink.objects.create(
            account=account, kind="conference", local_id=other.pk, external_id=f"x{other.pk}"
        )
    asks(client_as(roles.VIEWER), row)
    monkeypatch.setattr(readings, "live_room", lambda per_minute, used: 1.0)
    assert [link.local_id for link in live.now_due(account)] == [row.pk]


def test_a_sync_under_way_reads_what_is_asked_for(row, asks, client_as, room, sandbox, monkeypatch):
    asks(client_as(roles.VIEWER), row)
    monkeypatch.setattr(engine, "LIVE_WAITS", -1.0)
    engine.sync_account(row.account_id)
    assert Watched.objects.get().wanted_at is None


def test_no_worker_is_kept_waiting_by_a_lease(row, asks, told, client_as):
    taken = lease.claim(row.account_id)
    asks(client_as(roles.VIEWER), row)
    tasks.read_live(row.account_id)
    lease.release(taken)
    tasks.enqueue_live()
    assert len(told) == 2
    assert Watched.objects.get().wanted_at is not None, "and it is still to be done"


@pytest.mark.parametrize(
    "column", [{"open_until": timedelta(minutes=5)}, {"blocked_until": timedelta(minutes=5)}]
)
def test_an_account_that_is_left_alone_is_not_asked(row, asks, told, client_as, column):
    AccountRuntime.objects.update(**{name: clock.now() + far for name, far in column.items()})
    part = asks(client_as(roles.VIEWER), row)
    assert "being read now" not in part
    assert "Read them now" not in part
    assert told == []


def test_a_paused_account_is_not_asked(row, asks, told, client_as, account):
    account.paused = True
    account.save()
    assert "Read them now" not in asks(client_as(roles.VIEWER), row)
    assert told == []


def test_who_has_no_role_reads_and_asks_nothing(row, told, client, user_as, url):
    person = user_as(roles.VIEWER)
    person.groups.clear()
    client.force_login(person)
    client.post(url("conference-lists", row.pk), **HTMX)
    assert told == []
    assert not Watched.objects.exists()


def test_without_script_a_button_does_it(row, told, client_as, url):
    answer = client_as(roles.VIEWER).post(url("conference-lists", row.pk))
    assert (answer.status_code, answer.url) == (302, url("conference", row.pk))
    assert Watched.objects.get().wanted_at is not None
    assert client_as(roles.VIEWER).get(url("conference-lists", row.pk)).status_code == 302


def test_what_nobody_can_list_is_not_spoken_of(client_as, url, told):
    assert watching(ConferenceFactory(account=AccountFactory(), draft=True)) is None
    row = ConferenceFactory(account=AccountFactory())
    assert (
        "last read" not in client_as(roles.VIEWER).get(url("conference", row.pk)).content.decode()
    )
    assert ask_for_lists(row, None) is False


def test_what_was_asked_for_long_ago_is_not_called_under_way(row, asks, client_as, url):
    browser = client_as(roles.VIEWER)
    asks(browser, row)
    clock.advance(121)
    part = browser.get(url("conference-lists", row.pk), **HTMX).content.decode()
    assert "being read now" not in part
    assert "Read them now" in part
