"""Lists of one account are read over several lines: real HTTP, and threads that must not touch the
database."""

import threading

import pytest
from django.db.utils import ConnectionHandler

from integrations.base import http
from portal.common import clock
from portal.conferences.models import Conference, Registration
from portal.platforms.models import AccountRuntime
from portal.sync import ahead, engine
from portal.sync.ahead import NAME
from portal.sync.models import SyncRun
from tests.integration.test_five_platforms import connect, sync

pytestmark = pytest.mark.django_db
WEBINARS = 12
CREDENTIALS = "client_credentials"


@pytest.fixture(autouse=True)
def no_database(monkeypatch):
    """No other thread opens a connection to the database, and none outlives its run. That answers
    here come quickly keeps nobody from reading ahead."""
    opened = []
    monkeypatch.setattr(ahead, "WORTH_A_THREAD", -1.0)
    real = ConnectionHandler.create_connection

    def create(self, alias):
        opened.append(threading.current_thread().name)
        return real(self, alias)

    monkeypatch.setattr(ConnectionHandler, "create_connection", create)
    yield
    assert NAME not in opened
    assert not [thread for thread in threading.enumerate() if thread.name == NAME]


@pytest.fixture
def there(sandbox):
    """The platform's side, with webinars and somebody who is invited to each."""
    side = sandbox.account("trueconf")
    for number in range(WEBINARS):
        row = side.add_conference(f"Webinar {number}")
        side.register(row["id"], f"guest{number}@example.com")
    return side


def test_each_list_is_asked_for_once_whatever_the_lines(there, sandbox, monkeypatch):
    account = connect(sandbox, "trueconf")
    sync(account)
    assert Registration.objects.count() >= WEBINARS
    calls = set()
    for per_minute in (60_000, 100):
        account.requests_per_minute = per_minute
        account.save()
        AccountRuntime.objects.update(rate_tat=0)
        monkeypatch.setattr("time.sleep", lambda seconds: clock.advance(seconds))
        before = len(sandbox.requests)
        run = sync(account)
        calls.add(run.calls)
        assert len(sandbox.requests) - before == run.calls
        assert run.steps == []
    assert len(calls) == 1


def test_three_requests_are_under_way_at_a_time(there, sandbox, monkeypatch):
    account = connect(sandbox, "trueconf")
    sync(account)
    meeting, real, alone = threading.Barrier(3, timeout=30), http.Http._send, threading.local()

    def send(self, *args, **more):
        if threading.current_thread().name == NAME and not hasattr(alone, "met"):
            alone.met = meeting.wait()
        return real(self, *args, **more)

    monkeypatch.setattr(http.Http, "_send", send)
    sync(account)
    assert not meeting.broken


def test_a_token_that_ends_is_renewed_once(there, sandbox, monkeypatch):
    account = connect(sandbox, "trueconf", login=CREDENTIALS)
    sync(account)
    sent, real = [], http.Http._send

    def send(self, *args, **more):
        sent.append(threading.current_thread().name)
        if len(sent) == 20:
            there.expire_tokens()
        return real(self, *args, **more)

    monkeypatch.setattr(http.Http, "_send", send)
    before = len(sandbox.requests)
    run = sync(account)
    assert run.problem == ""
    asked = [entry.path for entry in list(sandbox.requests)[before:]]
    assert asked.count("/oauth2/v1/token") == 1
    assert NAME in sent


@pytest.mark.parametrize("skip", [14, 20, 27])
def test_a_pause_stops_all_lines(there, sandbox, monkeypatch, skip):
    account = connect(sandbox, "trueconf")
    sync(account)
    said, leave, send = [], ahead.ReadAhead._leave, http.Http._send

    def left(self, act):
        leave(self, act)
        said.append("pause")

    def sent(self, *args, **more):
        said.append("request")
        return send(self, *args, **more)

    monkeypatch.setattr(ahead.ReadAhead, "_leave", left)
    monkeypatch.setattr(http.Http, "_send", sent)
    sandbox.faults.add("rate_limited", skip=skip, count=1, retry_after=30)
    run = engine.sync_account(account.pk, full=True)
    assert run.outcome == SyncRun.Outcome.FAILED
    assert len(said[said.index("pause") + 1 :]) <= 2, "what had been let go before"
    assert AccountRuntime.objects.get().blocked_until > clock.now()
    assert Conference.objects.filter(gone_at=None).count() == WEBINARS


@pytest.mark.parametrize("kind", ["html", "truncated", "server_error", "empty_list", "cut_before"])
def test_a_list_that_is_not_whole_proves_nothing(there, sandbox, kind):
    account = connect(sandbox, "trueconf")
    sync(account)
    before = Registration.objects.filter(removed_at=None).count()
    sandbox.faults.add(kind, skip=20, count=2)
    engine.sync_account(account.pk, full=True)
    sandbox.faults.clear()
    assert Registration.objects.filter(removed_at=None).count() == before
    AccountRuntime.objects.update(open_until=None, fail_count=0)
    assert sync(account).problem == ""
