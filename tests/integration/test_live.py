"""What is live is read once a minute beside the syncs: as much as the pace leaves, and nothing that
it lacks means anything."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.base.errors import PlatformUnavailable
from portal.common import clock
from portal.conferences.audience.services import registrations
from portal.conferences.models import Conference, Registration, Session
from portal.outbox.models import OutboxEntry
from portal.platforms import budget, lease
from portal.platforms.models import AccountRuntime
from portal.sync import engine, live, readings, services, tasks
from portal.sync.models import Hold, PlatformLink, SyncRun, Watched
from portal.sync.queries.reading_plan import reading_plan
from tests.factories import AccountFactory, AttendeeFactory, ConferenceFactory

pytestmark = pytest.mark.django_db
MINUTE = 60


@pytest.fixture
def platform(sandbox):
    return sandbox.clickmeeting("demo")


def add_live(platform, number=1):
    """Webinars that began ten minutes ago, with somebody in each."""
    start = (clock.now() - timedelta(minutes=10)).replace(second=0, microsecond=0)
    rooms = [platform.add_room(f"Live {n}", starts_at=start) for n in range(number)]
    for room in rooms:
        platform.add_registration(room["id"], f"first{room['id']}@example.com", "Fir", "St")
    return rooms


@pytest.fixture
def read(monkeypatch):
    """What is read, each as kind and parent, in its order."""
    found = []
    observe = engine.observe

    def watched(context, place, **how):
        found.append((str(place.kind), place.parent.pk if place.parent else None))
        return observe(context, place, **how)

    monkeypatch.setattr(engine, "observe", watched)
    return found


@pytest.fixture
def enqueued(monkeypatch):
    """The accounts whose live run is enqueued."""
    found = []
    monkeypatch.setattr(services, "enqueue_live", lambda account: found.append(account.pk))
    return found


def parents(read, kind="registration"):
    return [parent for what, parent in read if what == kind]


def runtime(account):
    return AccountRuntime.objects.get(account=account)


def test_who_registers_there_while_it_is_live_stands_here_a_minute_later(account, platform, read):
    (room,) = add_live(platform)
    engine.sync_account(account.pk)
    before = runtime(account)
    platform.add_registration(room["id"], "late@example.com", "La", "Te")
    platform.start_session(room["id"])
    read.clear()
    clock.advance(MINUTE)
    tasks.read_live(account.pk)
    assert Registration.objects.filter(attendee__email="late@example.com").exists()
    assert "conference" not in {kind for kind, _ in read}, "the account's own lists are left alone"
    assert "attendance" in {kind for kind, _ in read}, "the session that goes on is read along"
    run = SyncRun.objects.first()
    assert (run.trigger, run.outcome, run.full) == ("live", "ok", False)
    after = runtime(account)
    assert (after.next_sync_at, after.synced_at) == (before.next_sync_at, before.synced_at)
    assert after.readings == before.readings, "nobody's turn comes later"


def test_a_live_run_without_news_leaves_no_row(account, platform, read):
    add_live(platform)
    engine.sync_account(account.pk)
    runs = SyncRun.objects.count()
    read.clear()
    tasks.read_live(account.pk)
    assert read
    assert SyncRun.objects.count() == runs


def test_it_is_read_once_a_minute(account, platform, read):
    add_live(platform)
    engine.sync_account(account.pk)
    read.clear()
    for _ in range(12):  # three minutes, as the clock looks
        tasks.read_live(account.pk)
        clock.advance(15)
    assert len(parents(read)) == 3


def test_where_nothing_is_live_nothing_is_asked_or_written(account, platform, read, enqueued):
    platform.add_room("Tomorrow", starts_at=clock.now() + timedelta(days=1))
    platform.add_room("Over", starts_at=clock.now() - timedelta(hours=6))
    engine.sync_account(account.pk)
    runs, before = SyncRun.objects.count(), runtime(account)
    read.clear()
    tasks.enqueue_live()
    tasks.read_live(account.pk)
    assert (enqueued, read) == ([], [])
    assert SyncRun.objects.count() == runs
    assert runtime(account).lease_fence == before.lease_fence, "not even the lease was taken"


def test_a_claim_is_taken_once_and_given_back(account, platform, enqueued):
    add_live(platform)
    engine.sync_account(account.pk)
    tasks.enqueue_live()
    tasks.enqueue_live()
    assert enqueued == [account.pk]
    taken = lease.claim(account.pk)
    tasks.read_live(account.pk)
    tasks.enqueue_live()
    assert enqueued == [account.pk], "whoever is at it reads it"
    lease.release(taken)
    tasks.enqueue_live()
    assert enqueued == [account.pk] * 2


@pytest.mark.parametrize("column", ["open_until", "blocked_until"])
def test_an_account_that_is_left_alone_is_left_alone(account, platform, read, enqueued, column):
    add_live(platform)
    engine.sync_account(account.pk)
    later = clock.now() + timedelta(minutes=5)
    AccountRuntime.objects.filter(account=account).update(**{column: later})
    read.clear()
    tasks.enqueue_live()
    tasks.read_live(account.pk)  # the message came before
    assert (enqueued, read) == ([], [])


def test_many_are_read_in_turn_as_the_pace_allows(account, platform, read, monkeypatch):
    rooms = add_live(platform, 9)
    engine.sync_account(account.pk)
    monkeypatch.setattr(readings, "live_room", lambda per_minute, used: 8.0)
    some, turns = readings.live_at_once(*live.room_and_cost(account)), []
    assert some == 2
    for _ in range(-(-9 // some)):
        read.clear()
        tasks.read_live(account.pk)
        assert len(set(parents(read))) <= some
        turns += sorted(set(parents(read)))
    assert len(turns) == len(set(turns)) == len(rooms), "nobody a second time before all were read"
    rest = runtime(account).live_at - clock.now()
    assert rest > timedelta(seconds=10), "and what they took is waited for"


def test_our_own_pace_is_no_trouble(account, platform, monkeypatch):
    add_live(platform, 2)
    engine.sync_account(account.pk)
    runs = SyncRun.objects.count()

    def used_up(*args, **how):
        raise budget.NotNow("Later.", retry_after=20)

    monkeypatch.setattr(budget.Share, "take", used_up)
    tasks.read_live(account.pk)
    assert SyncRun.objects.count() == runs
    assert not Watched.objects.exclude(read_at=None).exists()


def test_what_a_live_run_lacks_means_nothing(account, platform):
    """A platform that shows too little does so for a while: two minutes are no two absences."""
    rooms = add_live(platform)
    for number in range(9):
        address = f"guest{number}@example.com"
        platform.add_registration(rooms[0]["id"], address, "Gue", "St")
    engine.sync_account(account.pk)
    for row in platform.registrations(rooms[0]["id"])[:8]:
        platform.remove_registration(row["id"])
    for _ in range(3):
        clock.advance(MINUTE)
        tasks.read_live(account.pk)
    assert not Registration.objects.exclude(gone_at=None).exists()
    assert not PlatformLink.objects.exclude(misses=0).exists()
    assert not Hold.objects.exists()
    engine.sync_account(account.pk)
    assert Hold.objects.filter(ended_at=None).exists(), "a sync pulls the brake"
    clock.advance(MINUTE)
    tasks.read_live(account.pk)
    assert Hold.objects.filter(ended_at=None).exists(), "and a live run does not let it go"


def test_a_long_sync_reads_what_is_live_between_its_lists(account, platform, read, monkeypatch):
    (room,) = add_live(platform)
    for number in range(5):
        start = clock.now() - timedelta(days=30 + number)
        platform.add_room(f"Past {number}", starts_at=start)
    engine.sync_account(account.pk)
    cost = runtime(account).readings["conference:each"]
    clock.advance(3600 * 24)
    platform.edit_room(room["id"], starts_at=clock.now().replace(second=0, microsecond=0))
    engine.sync_account(account.pk)
    read.clear()
    clock.advance(MINUTE)
    monkeypatch.setattr(engine, "LIVE_WAITS", -1.0)
    engine.sync_account(account.pk, full=True)
    link = PlatformLink.objects.get(kind="conference", external_id=str(room["id"]))
    assert parents(read).count(link.pk) == 2, "once in its turn, and once beside"
    assert runtime(account).readings["conference:each"] == cost, "it is no cost of another's lists"


def test_what_a_sync_has_read_beforehand_is_read_anew_after_a_live_run(
    account, platform, monkeypatch
):
    """Our side is read for many listings at once: what is live has changed it since."""
    (room,) = add_live(platform)
    engine.sync_account(account.pk)
    observe, late = engine.observe, []

    def meanwhile(context, place, **how):
        observe(context, place, **how)
        if place.kind == "conference":
            clock.advance(MINUTE)
            late.append(platform.add_registration(room["id"], "late@example.com", "La", "Te"))

    monkeypatch.setattr(engine, "observe", meanwhile)
    monkeypatch.setattr(engine, "LIVE_WAITS", -1.0)
    run = engine.sync_account(account.pk)
    assert late
    assert (run.outcome, run.problem, run.created) == ("ok", "", 1)
    assert Registration.objects.count() == 2


def test_what_staff_do_leaves_between_the_lists(account, platform, staff_user, monkeypatch):
    add_live(platform, 2)
    engine.sync_account(account.pk)
    monkeypatch.setattr(engine.outbound, "ASK_EVERY", 0.0)
    observe, waiting = engine.observe, []

    def meanwhile(context, place, **how):
        if not waiting:
            people = AttendeeFactory.create_batch(1)
            registrations.register(Conference.objects.latest("pk"), people, staff_user)
        waiting.append(OutboxEntry.objects.filter(state="waiting").count())
        return observe(context, place, **how)

    monkeypatch.setattr(engine, "observe", meanwhile)
    tasks.read_live(account.pk)
    assert waiting[0] > 0
    assert waiting[1] == 0, "it did not wait for the other lists"


def test_a_platform_that_is_gone_is_noticed(account, platform, monkeypatch):
    add_live(platform)
    engine.sync_account(account.pk)

    def gone(context, place, **how):
        raise PlatformUnavailable("It is gone.")

    monkeypatch.setattr(engine, "observe", gone)
    tasks.read_live(account.pk)
    run = SyncRun.objects.first()
    assert (run.trigger, run.outcome) == ("live", "failed")
    assert runtime(account).fail_count == 1
    assert not Watched.objects.exclude(read_at=None).exists(), "it was not read"


def test_a_list_that_nobody_can_read_is_no_trouble_of_the_account(account, platform, sandbox):
    add_live(platform)
    engine.sync_account(account.pk)
    sandbox.faults.add("html", platform="clickmeeting")
    tasks.read_live(account.pk)
    sandbox.faults.clear()
    run = SyncRun.objects.first()
    assert (run.trigger, run.outcome) == ("live", "partial")
    assert "registrations" in str(run.problem)
    assert not runtime(account).problem, "what a sync says of it stands"


def test_a_permanent_room_is_live_while_a_session_goes_on(account):
    room = ConferenceFactory(account=account, permanent=True, starts_at=None)
    moment = clock.now()
    assert live.running(moment) == []
    session = Session.objects.create(conference=room, starts_at=moment - timedelta(hours=2))
    assert live.running(moment) == [room.pk]
    assert live.running(moment, account.pk) == [room.pk]
    assert live.running(moment, AccountFactory().pk) == []
    session.ends_at = moment
    session.save()
    assert live.running(moment) == []


def test_what_is_cancelled_a_draft_or_gone_is_not_live(account):
    now = {"account": account, "starts_at": clock.now()}
    ConferenceFactory(**now, draft=True)
    ConferenceFactory(**now, removed_at=clock.now())
    ConferenceFactory(**now, gone_at=clock.now())
    row = ConferenceFactory(**now)
    assert live.running(clock.now()) == [row.pk]


def test_the_newest_session_is_the_one_that_is_read(account, platform, read):
    (room,) = add_live(platform)
    for _ in range(3):
        platform.end_session(platform.start_session(room["id"])["id"])
    platform.start_session(room["id"])
    engine.sync_account(account.pk)
    read.clear()
    tasks.read_live(account.pk)
    (parent,) = parents(read, "attendance")
    newest = Session.objects.get(ends_at=None)
    assert PlatformLink.objects.get(pk=parent).local_id == newest.pk


def test_looking_for_what_is_due_costs_the_same_for_any_number(account, platform):
    counts = []
    for number in (3, 12):
        add_live(platform, number)
        engine.sync_account(account.pk)
        with CaptureQueriesContext(connection) as seen:
            assert live.due(clock.now())
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 4
    (asked,) = [one["sql"] for one in seen if "wanted_at" in one["sql"]]
    assert "INNER JOIN" in asked, "it goes by the few that are watched, not by all webinars"


def test_each_live_one_costs_as_much_as_any_other(account, platform):
    counts = {}
    for number in (2, 6):
        add_live(platform, number)
        engine.sync_account(account.pk)
        Watched.objects.all().delete()
        with CaptureQueriesContext(connection) as seen:
            tasks.read_live(account.pk)
        counts[Conference.objects.count()] = len(seen)
    (few, some), (many, more) = counts.items()
    assert (few, many) == (2, 8)
    assert more <= 4 * some, "a straight line"


def test_the_plan_says_how_often_what_is_live_is_read(account, platform):
    add_live(platform, 3)
    engine.sync_account(account.pk)
    (line,) = [line for line in reading_plan(account) if line.part is readings.Tier.LIVE]
    assert (line.number, line.minutes, line.slow, line.oldest) == (3, 1, False, None)
    tasks.read_live(account.pk)
    (line,) = [line for line in reading_plan(account) if line.part is readings.Tier.LIVE]
    assert line.oldest is not None


def test_what_nobody_needs_any_more_is_forgotten(account, platform):
    add_live(platform)
    engine.sync_account(account.pk)
    tasks.read_live(account.pk)
    live.forget()
    assert Watched.objects.exists()
    clock.advance(3600 * 25)
    live.forget()
    assert not Watched.objects.exists()


@pytest.mark.parametrize("asked", [False, True])
def test_one_whose_lists_cannot_be_read_ends_no_long_sync(
    account, sandbox, platform, staff_user, monkeypatch, asked
):
    """It is of the past and has no turn, but somebody looks at it."""
    past = platform.add_room("Last month", starts_at=clock.now() - timedelta(days=30))
    soon = platform.add_room("Soon", starts_at=clock.now() + timedelta(hours=5))
    engine.sync_account(account.pk)
    monkeypatch.setattr(readings, "slices", lambda sizes, **how: dict.fromkeys(sizes, 0))
    clock.advance(5 * MINUTE)
    platform.add_registration(soon["id"], "late@example.com", "La", "Te")
    sandbox.faults.add("server_error", platform="clickmeeting", path=f"*conferences/{past['id']}/*")
    if asked:
        assert services.ask_for_lists(Conference.objects.get(title="Last month"), staff_user)
    monkeypatch.setattr(engine, "LIVE_WAITS", -1.0)
    for _ in range(3):
        run = engine.sync_account(account.pk)
        clock.advance(5 * MINUTE)
    assert (run.outcome, Registration.objects.count()) == ("ok", 1), run.problem
    assert not Watched.objects.exclude(wanted_at=None).exists(), "it was tried"


def test_one_whose_lists_cannot_be_read_holds_up_no_other(account, sandbox, platform):
    """It is not tried again before ten minutes are over, and is no trouble of the account."""
    bad, good = (platform.add_room(title, starts_at=clock.now()) for title in ("Bad", "Good"))
    engine.sync_account(account.pk)
    clock.advance(MINUTE)
    path = f"*conferences/{bad['id']}/*"
    sandbox.faults.add("server_error", platform="clickmeeting", path=path)
    platform.add_registration(good["id"], "late@example.com", "La", "Te")
    before = len(sandbox.requests)
    for _ in range(9):
        clock.advance(MINUTE)
        tasks.read_live(account.pk)
    assert Registration.objects.filter(attendee__email="late@example.com").exists()
    asked = [entry.path for entry in list(sandbox.requests)[before:]]
    assert sum(f"conferences/{bad['id']}/" in path for path in asked) == 1
    assert runtime(account).fail_count == 0
