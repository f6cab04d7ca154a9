"""An account whose lists cannot be read is not called healthy: over real HTTP, with answers that
are no JSON, or half of it."""

from datetime import timedelta

import pytest

from integrations.base.records import Kind
from portal.common import clock
from portal.conferences.models import Conference
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from portal.platforms import breaker
from portal.platforms import queries as platforms
from portal.sync import engine, queries, sentences
from portal.sync.models import Hold, SyncRun
from tests.integration.test_five_platforms import connect
from tests.support.mails import planned
from tests.support.syncing import settle

pytestmark = pytest.mark.django_db
Outcome = SyncRun.Outcome
UNREADABLE = [
    ("clickmeeting", "html"),
    ("webinarfuel", "truncated"),
    ("livewebinar", "truncated"),
    ("myownconference", "html"),
    ("trueconf", "truncated"),
]


@pytest.fixture
def account(db, sandbox, request):
    """Connected to the platform that the test names, or to ClickMeeting."""
    named = getattr(request.node, "callspec", None)
    return connect(sandbox, named.params.get("slug", "clickmeeting") if named else "clickmeeting")


@pytest.fixture
def row(account, staff_user, sandbox):
    """A webinar that stands on both sides; WebinarFuel's are made in its own panel alone."""
    if account.platform == "webinarfuel":
        sandbox.reset(seeded=True)
        sandbox.account("webinarfuel").rate_limit = None
        assert settle(account).outcome == Outcome.OK
        account.refresh_from_db()
        return Conference.objects.filter(account=account).first()
    row = planned(account, staff_user)
    assert settle(account).outcome == Outcome.OK
    account.refresh_from_db()
    return row


def sync(account, **options):
    run = engine.sync_account(account.pk, **options)
    account.refresh_from_db()
    return run


def text(client, address):
    return client.get(address).content.decode()


def watched(client_as, url):
    """What the monitoring hears: a single mishap is no news for it."""
    found = client_as(roles.VIEWER).get(url("healthz")).json()
    return found["status"], found["accounts_in_trouble"]


@pytest.mark.parametrize(("slug", "fault"), UNREADABLE)
def test_an_account_that_cannot_be_read_is_in_trouble(
    row, account, sandbox, client_as, url, slug, fault
):
    synced_at = account.runtime.synced_at
    sandbox.faults.add(fault)
    clock.advance(300)
    assert watched(client_as, url) == ("ok", 0)
    for count in range(1, breaker.FAILURES + 1):
        run = sync(account)
        assert (run.outcome, account.runtime.fail_count) == (Outcome.FAILED, count), run.problem
        assert "could not be trusted" in run.problem
        assert account.runtime.synced_at == synced_at
        assert platforms.health(account).state in ("trouble", "left_alone")
        assert "no list can be read" in platforms.health(account).sentence
        assert queries.line(Kind.CONFERENCE, row.pk).state == "stale"
        engine.push_account(account.pk)
    assert breaker.is_open(account)
    assert watched(client_as, url) == ("degraded", 1)
    client = client_as(roles.STAFF)
    for page in (url("home"), url("attention"), url("account", account.pk)):
        assert "no list can be read" in text(client, page), page
    assert "Last checked just now" not in text(client, url("conference", row.pk))
    sandbox.faults.clear()
    clock.advance(3600)
    run = sync(account)
    assert (run.outcome, account.runtime.fail_count) == (Outcome.OK, 0), run.problem
    assert platforms.health(account).well
    assert account.runtime.synced_at > synced_at
    assert watched(client_as, url) == ("ok", 0)


@pytest.mark.parametrize("fault", ["html", "truncated"])
def test_what_is_sent_meanwhile_proves_no_list(account, row, sandbox, staff_user, fault):
    sandbox.faults.add(fault, method="GET")
    sync(account)
    assert account.runtime.fail_count == 1
    planned(account, staff_user, title="Another one")
    sandbox.faults.add(fault)
    engine.push_account(account.pk)
    account.refresh_from_db()
    assert account.runtime.fail_count == 1, "nothing was understood"
    sandbox.faults.clear()
    OutboxEntry.objects.update(not_before=clock.now())
    clock.advance(60)
    engine.push_account(account.pk)
    account.refresh_from_db()
    assert platforms.health(account).state == "trouble", "no list has been read since"


def test_an_unread_answer_does_not_close_the_breaker(account, row, sandbox, staff_user):
    breaker.failed(account, "The server cannot be reached.")
    planned(account, staff_user, title="Another one")
    sandbox.faults.add("html")
    assert engine.push_account(account.pk).calls
    account.refresh_from_db()
    assert account.runtime.fail_count == 1
    sandbox.faults.clear()
    clock.advance(600)
    assert engine.push_account(account.pk).calls
    account.refresh_from_db()
    assert account.runtime.fail_count == 0, "something was understood"


@pytest.mark.parametrize(
    ("slug", "path"), [("clickmeeting", "*/conferences/*active*"), ("webinarfuel", "*/webinars*")]
)
def test_webinars_that_cannot_be_read_are_said_though_other_lists_can(
    row, account, sandbox, client_as, url, slug, path
):
    del row
    synced_at = account.runtime.synced_at
    sandbox.faults.add("truncated", path=path, method="GET")
    clock.advance(300)
    run = sync(account, full=True)
    assert run.outcome == Outcome.PARTIAL, run.problem
    assert (account.runtime.synced_at, account.runtime.fail_count) == (synced_at, 0)
    assert watched(client_as, url) == ("ok", 0)
    clock.advance(600)
    assert sync(account, full=True).outcome == Outcome.PARTIAL
    assert watched(client_as, url) == ("degraded", 1)
    said = "The list of webinars could not be trusted."
    assert said in text(client_as(roles.STAFF), url("account", account.pk))
    assert said in text(client_as(roles.STAFF), url("home"))
    sandbox.faults.clear()
    clock.advance(300)
    assert sync(account).outcome == Outcome.OK
    assert platforms.health(account).well
    assert account.runtime.synced_at > synced_at


def test_another_list_that_cannot_be_read_leaves_the_sync_partly_done(account, row, sandbox):
    del row
    synced_at = account.runtime.synced_at
    sandbox.faults.add("truncated", path="*/registrations*")
    clock.advance(300)
    assert sync(account, full=True).outcome == Outcome.PARTIAL
    assert account.runtime.synced_at > synced_at
    assert platforms.health(account).well


def test_a_dry_run_that_reads_nothing_has_failed(account, row, sandbox):
    del row
    sandbox.faults.add("html")
    assert sync(account, dry_run=True).outcome == Outcome.FAILED


def test_a_brake_does_not_hide_that_nothing_can_be_read(account, row, sandbox):
    del row
    Hold.objects.create(account=account, kind=Kind.CONFERENCE, since=clock.now())
    sandbox.faults.add("html")
    assert sync(account).outcome == Outcome.FAILED


def test_what_a_hold_kept_leaves_as_soon_as_it_ends_by_itself(account, sandbox, staff_user):
    for number in range(4):
        planned(account, staff_user, title=f"Webinar {number}")
    settle(account)
    sandbox.faults.add("empty_list")
    assert sync(account).outcome == Outcome.HELD
    planned(account, staff_user, title="Planned meanwhile")
    engine.push_account(account.pk)
    waiting = OutboxEntry.objects.get(state="waiting")
    assert waiting.problem == sentences.ACCOUNT_HELD
    assert waiting.not_before > clock.now() + timedelta(minutes=4)
    sandbox.faults.clear()
    assert sync(account).outcome == Outcome.OK
    waiting.refresh_from_db()
    assert (waiting.state, waiting.problem) == ("done", "")
    assert "Planned meanwhile" in {one["name"] for one in sandbox.clickmeeting("demo").rooms()}
