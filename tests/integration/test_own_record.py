"""What is live or looked at is read with its own record, on each platform that shows one."""

from datetime import timedelta

import pytest

from integrations import registry
from integrations.base.errors import CredentialsRejected, RecordNotFound, UnexpectedAnswer
from integrations.base.records import Kind
from integrations.clickmeeting.adapter import ClickMeeting
from integrations.sandbox import Sandbox
from portal.common import clock
from portal.conferences.models import Conference
from portal.conferences.schedule.services import schedule
from portal.outbox.models import OutboxEntry
from portal.sync import engine, tasks
from portal.sync.models import PlatformLink, SyncRun, Watched
from tests.factories import AccountFactory
from tests.support.syncing import settle

pytestmark = pytest.mark.django_db
MINUTE = 60


@pytest.fixture
def seeded():
    with Sandbox(seed=True).start() as running:
        yield running


def connect(sandbox, slug):
    sandbox.account(slug).rate_limit = None
    account = AccountFactory(
        platform=slug,
        base_url=sandbox.base_url(slug),
        credentials=sandbox.credentials(slug),
        options=sandbox.options(slug),
        requests_per_minute=6000,
    )
    engine.sync_account(account.pk, full=True)
    assert engine.sync_account(account.pk, full=True).steps == []
    return account


def look_at(account, *links):
    """Have these webinars read as if somebody looked at them."""
    now = clock.now()
    Watched.objects.all().delete()
    Watched.objects.bulk_create([Watched(link=link, wanted_at=now) for link in links])
    tasks.read_live(account.pk)


def webinars(account):
    return PlatformLink.objects.filter(account=account, kind=Kind.CONFERENCE, state="live")


@pytest.mark.parametrize("slug", registry.slugs())
def test_a_record_that_is_as_it_was_is_no_news(slug, seeded):
    account = connect(seeded, slug)
    runs = SyncRun.objects.count()
    before = dict(webinars(account).values_list("pk", "row_digest"))
    look_at(account, *webinars(account))
    assert Watched.objects.exclude(read_at=None).count() == len(before)
    assert not Watched.objects.filter(news=True).exists()
    assert SyncRun.objects.count() == runs
    assert dict(webinars(account).values_list("pk", "row_digest")) == before, "nothing is written"
    assert engine.sync_account(account.pk, full=True).steps == []
    assert not OutboxEntry.objects.exists()


@pytest.mark.parametrize("slug", registry.slugs())
def test_a_webinar_that_was_renamed_there_is_seen_within_a_minute(slug, seeded):
    account, side = connect(seeded, slug), seeded.account(slug)
    platform = seeded.world.platform(slug)
    edit = next(one for one in platform.edits if one.name == "rename")
    known = webinars(account).values("local_id")
    shown = Conference.objects.filter(pk__in=known).values_list("title", flat=True)
    thing = next(one for one in platform.things(side) if one.title in shown)
    edit.apply(side, thing.id, {"name": "Called otherwise", "title": "Called otherwise"})
    look_at(account, *webinars(account))
    assert Conference.objects.filter(title="Called otherwise").count() == 1
    assert Watched.objects.filter(news=True).count() == 1
    assert engine.sync_account(account.pk, full=True).steps == []
    assert not OutboxEntry.objects.exists(), "news never echo"


@pytest.fixture
def one(sandbox):
    """A webinar of ClickMeeting's, on both sides."""
    start = clock.now() + timedelta(days=2)
    sandbox.clickmeeting("demo").add_room("Plain", starts_at=start.replace(microsecond=0))
    account = connect(sandbox, "clickmeeting")
    return account, webinars(account).get()


def answer(monkeypatch, error):
    """Have the platform answer a question for one record so; answers how often it was asked."""
    asked = []

    def get(adapter, kind, external_id, parent_id=None):
        asked.append(kind)
        raise error

    monkeypatch.setattr(ClickMeeting, "get", get)
    return asked


def test_that_it_is_not_found_means_nothing(one, monkeypatch):
    account, link = one
    asked = answer(monkeypatch, RecordNotFound("no such room", platform="ClickMeeting"))
    look_at(account, link)
    link.refresh_from_db()
    assert asked == [Kind.CONFERENCE]
    assert (link.state, link.misses, link.absent_at) == ("live", 0, None)
    assert not SyncRun.objects.exclude(problem="").exists()


@pytest.mark.parametrize(
    "error",
    [
        UnexpectedAnswer("It is no room.", platform="ClickMeeting"),
        CredentialsRejected("It is no room.", platform="ClickMeeting", status=403),
    ],
)
def test_one_that_cannot_be_read_is_said_and_its_lists_are_read(one, monkeypatch, sandbox, error):
    account, link = one
    platform = sandbox.clickmeeting("demo")
    platform.add_registration(int(link.external_id), "new@example.com", "Ne", "W")
    answer(monkeypatch, error)
    look_at(account, link)
    assert "It is no room." in str(SyncRun.objects.first().problem)
    assert Conference.objects.get().registrations.count() == 1
    account.refresh_from_db()
    assert account.state == account.State.CONNECTED


def test_credentials_that_are_refused_are_refused_for_all(one, monkeypatch):
    account, link = one
    answer(monkeypatch, CredentialsRejected("Who?", platform="ClickMeeting", status=401))
    look_at(account, link)
    account.refresh_from_db()
    assert account.state != account.State.CONNECTED


@pytest.mark.parametrize("doubt", [{"misses": 1}, {"op": "create"}, {"unlisted": True}])
def test_one_of_which_the_next_listing_has_to_decide_is_left_to_it(one, doubt, monkeypatch):
    account, link = one
    PlatformLink.objects.filter(pk=link.pk).update(**doubt)
    asked = answer(monkeypatch, RecordNotFound("no such room", platform="ClickMeeting"))
    look_at(account, link)
    assert asked == []


def test_what_was_changed_back_is_seen_where_the_list_does_not_show_it(sandbox):
    """The list's row is as it was before both changes, and says nothing of the duration."""
    platform = sandbox.account("myownconference")
    start = clock.now() + timedelta(hours=1)
    alias = platform.add_webinar("Before", start=start, duration=60)["alias"]
    account = connect(sandbox, "myownconference")
    platform.edit_webinar(alias, name="Longer", duration=90)
    look_at(account, *webinars(account))
    row = Conference.objects.get()
    assert (row.title, row.duration_minutes) == ("Longer", 90)
    platform.edit_webinar(alias, name="Before", duration=60)
    engine.sync_account(account.pk)
    row.refresh_from_db()
    assert (row.title, row.duration_minutes) == ("Before", 60)


def test_nothing_is_taken_while_the_brake_is_on(sandbox):
    platform = sandbox.clickmeeting("demo")
    rooms = [platform.add_room(f"Room {number}", permanent=True) for number in range(6)]
    account = connect(sandbox, "clickmeeting")
    for room in rooms[1:]:
        platform.delete_room(room["id"])
    assert engine.sync_account(account.pk).outcome == SyncRun.Outcome.HELD
    platform.edit_room(rooms[0]["id"], name="Another account's")
    link = webinars(account).get(external_id=str(rooms[0]["id"]))
    look_at(account, link)
    assert engine.sync_account(account.pk).outcome == SyncRun.Outcome.HELD
    assert Conference.objects.get(pk=link.local_id).title == "Room 0"


def test_an_edit_of_ours_that_waits_is_sent_and_not_taken_back(one, staff_user):
    account, link = one
    row = Conference.objects.get()
    schedule.reschedule(row, {"title": "Ours"}, staff_user, row.version)
    look_at(account, link)
    row.refresh_from_db()
    assert row.title == "Ours"
    settle(account)
    assert not OutboxEntry.objects.exclude(state="done").exists()
    assert engine.sync_account(account.pk, full=True).steps == []
    row.refresh_from_db()
    assert row.title == "Ours"


def test_what_is_to_be_sent_is_left_to_the_next_listing(one, staff_user):
    account, link = one
    row = Conference.objects.get()
    schedule.reschedule(row, {"title": "Ours"}, staff_user, row.version)
    OutboxEntry.objects.all().delete()
    look_at(account, link)
    assert not OutboxEntry.objects.exists()
    engine.sync_account(account.pk, full=True)
    settle(account)
    assert OutboxEntry.objects.filter(state="done").exists()
    assert engine.sync_account(account.pk, full=True).steps == []
