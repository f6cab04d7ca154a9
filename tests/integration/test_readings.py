"""Lists are read in turn: each sync reads a slice, and one that is cut loses nothing."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db.models import fields
from django.utils import timezone

from integrations.base.errors import PlatformUnavailable
from integrations.base.records import Kind
from integrations.clickmeeting.capabilities import CAPABILITIES
from portal.common import clock
from portal.conferences.models import Attendance, Conference, Recording, Registration, Session
from portal.identity import roles
from portal.platforms.models import AccountRuntime, PlatformAccount
from portal.sync import context as contexts
from portal.sync import engine, readings
from portal.sync.models import PlatformLink, SyncRun
from portal.sync.queries.reading_plan import reading_plan
from tests.integration.test_five_platforms import connect

pytestmark = pytest.mark.django_db
PAST = 30


@pytest.fixture
def account(account):
    account.requests_per_minute = 100_000
    account.interval_minutes = 60
    account.save()
    return account


@pytest.fixture
def platform(sandbox):
    platform = sandbox.clickmeeting("demo")
    for number in range(PAST):
        start = (clock.now() - timedelta(days=30, hours=number)).replace(second=0, microsecond=0)
        platform.add_room(f"Past {number}", starts_at=start, registration_enabled=True)
    return platform


@pytest.fixture
def read(monkeypatch):
    """The webinars whose registrations are read, in their order."""
    found = []
    observe = engine.observe

    def watched(context, place, **how):
        if place.kind == "registration":
            found.append(place.parent.pk)
        return observe(context, place, **how)

    monkeypatch.setattr(engine, "observe", watched)
    return found


def sync(account, **how):
    return engine.sync_account(account.pk, trigger="beat", **how)


def test_the_first_sync_reads_everything_and_the_next_ones_a_slice(account, platform, read):
    assert sync(account).full
    assert len(read) == PAST
    everything, seen = sorted(read), []
    for _ in range(24):
        clock.advance(3600)
        read.clear()
        assert not sync(account).full
        assert 0 < len(read) <= 2
        seen += read
    assert sorted(set(seen)) == everything, "each within a day"


@pytest.fixture
def eight(monkeypatch):
    """A run is cut once it has read the lists of eight webinars."""
    done = []
    has_read, is_time_up = readings.Rounds.has_read, contexts.SyncContext.is_time_up

    def counted(self, kind, turn, calls=None):
        done.append(turn.link.pk)
        has_read(self, kind, turn, calls)

    def cut(self):
        self.cut_short = self.cut_short or len(done) >= 8
        return is_time_up(self)

    with monkeypatch.context() as patched:
        patched.setattr(readings.Rounds, "has_read", counted)
        patched.setattr(contexts.SyncContext, "is_time_up", cut)
        yield done


def test_a_run_that_is_cut_goes_on_where_it_was(account, platform, read, eight):
    for _ in range(4):
        eight.clear()
        run = sync(account)
        due = AccountRuntime.objects.get(account=account).next_sync_at
        if len(read) < PAST:
            assert (run.full, due <= clock.now()) == (False, True), "it goes on at once"
    assert sorted(read) == sorted(set(read)), "nothing twice before all were read"
    assert len(read) == PAST


def test_everything_that_somebody_asks_for_is_read_over_several_runs(
    account, platform, read, eight
):
    sync(account)
    read.clear()
    eight.clear()
    engine.sync_account(account.pk, trigger="command", full=True)
    for _ in range(4):
        eight.clear()
        sync(account)
    assert len(set(read)) == PAST


def test_one_list_that_cannot_be_read_holds_up_no_others(account, platform, read, monkeypatch):
    account.interval_minutes = 60
    observe, broken = engine.observe, []

    def breaks(context, place, **how):
        if place.kind == "session":
            broken.append(place.parent.pk)
            if place.parent.pk == broken[0]:
                raise PlatformUnavailable("It is gone.")
        return observe(context, place, **how)

    monkeypatch.setattr(engine, "observe", breaks)
    for _ in range(4):
        AccountRuntime.objects.update(open_until=None)
        sync(account)
    assert len(set(broken)) == PAST


def test_what_is_sent_meanwhile_is_no_cost_of_a_list(account, platform, monkeypatch):
    observe = engine.observe

    def sends(context, place, **how):
        context.run.calls += 500
        context.delivery_calls += 500
        return observe(context, place, **how)

    monkeypatch.setattr(engine, "observe", sends)
    sync(account)
    kept = AccountRuntime.objects.get(account=account).readings
    assert kept["conference"]["calls"] < 500
    assert kept["conference:each"]["each"] < 10


def test_what_was_found_before_the_platform_went_away_is_kept(account, platform, monkeypatch):
    """The next round comes to it after a day: what counts as read must be written."""
    for room in platform.rooms():
        platform.add_registration(room["id"], f"guest{room['id']}@example.com", "Gue", "St")
    monkeypatch.setattr(readings, "AT_ONCE", 5)
    monkeypatch.setattr(readings, "MOST_AT_ONCE", 5)
    observe, read = engine.observe, []

    def goes_away(context, place, **how):
        read.append(place)
        if place.kind == "registration" and len(read) > 40:
            raise PlatformUnavailable("It is gone.")
        return observe(context, place, **how)

    monkeypatch.setattr(engine, "observe", goes_away)
    assert sync(account).outcome == SyncRun.Outcome.FAILED
    seen = sum(place.kind == "registration" for place in read) - 1
    assert seen > 5
    assert Registration.objects.count() == seen


def test_what_is_near_is_read_at_each_sync(account, platform, read):
    near = platform.add_room("Near", starts_at=clock.now() + timedelta(hours=3))
    sync(account)
    for _ in range(3):
        clock.advance(3600)
        read.clear()
        sync(account)
        assert len(read) <= 1 + 2
    assert Conference.objects.filter(title=near["name"]).exists()


def test_what_is_new_is_read_at_once(account, platform, read):
    """Its turn would be after all the others, a day later."""
    sync(account)
    for number in range(3):
        start = clock.now() - timedelta(days=20, hours=number)
        platform.add_room(f"Late {number}", starts_at=start, registration_enabled=True)
    clock.advance(3600)
    read.clear()
    sync(account)
    late = Conference.objects.filter(title__startswith="Late").values_list("pk", flat=True)
    links = PlatformLink.objects.filter(kind="conference", local_id__in=late)
    assert {link.pk for link in links} <= set(read)
    clock.advance(3600)
    read.clear()
    sync(account)
    assert len(read) <= 2, "and then in turn"


def test_what_is_new_is_read_once_where_it_has_its_turn_as_well(account, sandbox, read):
    """Read twice, each session would become two rows, and no registration could be kept."""
    platform = sandbox.clickmeeting("demo")
    platform.add_room("First", permanent=True)
    sync(account)
    late = platform.add_room("Late", permanent=True)
    platform.add_registration(late["id"], "new@example.com", "Ne", "W")
    platform.start_session(late["id"], ["new@example.com"], started_at=clock.now())
    platform.add_recording(late["id"])
    clock.advance(3600)
    read.clear()
    run = sync(account)
    assert len(read) == len(set(read))
    assert not run.problem
    assert [m.objects.count() for m in (Registration, Session, Recording)] == [1, 1, 1]


def test_lists_that_are_read_twice_all_the_same_leave_no_second_row(account, sandbox, monkeypatch):
    platform = sandbox.clickmeeting("demo")
    room = platform.add_room("Twice", permanent=True)
    platform.add_registration(room["id"], "new@example.com", "Ne", "W")
    platform.start_session(room["id"], started_at=clock.now())
    platform.add_recording(room["id"])
    in_turn = readings.in_turn

    def twice(*about, **more):
        for part in in_turn(*about, **more):
            yield part
            yield part

    monkeypatch.setattr(readings, "in_turn", twice)
    assert not sync(account).problem
    kept = {
        kind: PlatformLink.objects.exclude(local_id=None).filter(kind=kind).count()
        for kind in ("registration", "session", "recording")
    }
    assert kept == dict.fromkeys(kept, 1)
    assert [m.objects.count() for m in (Registration, Session, Recording)] == [1, 1, 1]


def test_a_sync_that_somebody_asks_for_reads_everything(account, platform, read):
    sync(account)
    read.clear()
    engine.sync_account(account.pk, trigger="command", full=True)
    assert len(read) == PAST


def test_the_account_s_page_says_what_is_read_when(account, platform, client_as):
    sync(account)
    page = client_as(roles.STAFF).get(f"/accounts/{account.pk}/").content.decode()
    assert "What is read when" in page
    assert str(PAST) in page.split("What is read when")[1]


def test_the_plan_says_what_the_account_s_own_lists_cost(account, platform):
    sync(account)
    account = PlatformAccount.objects.get(pk=account.pk)
    (webinars,) = [line for line in reading_plan(account) if line.part is Kind.CONFERENCE]
    assert (webinars.number, webinars.minutes, webinars.slow) == (PAST, 60, False)
    assert webinars.calls >= 2, "active and inactive ones"
    assert clock.now() - webinars.oldest < timedelta(minutes=1)
    rounds = readings.rounds_of(AccountRuntime.objects.get(account=account))
    rounds.cost(Kind.CONFERENCE, 5 * readings.room(100_000, 60))
    AccountRuntime.objects.update(readings=rounds.kept)
    account = PlatformAccount.objects.get(pk=account.pk)
    (webinars,) = [line for line in reading_plan(account) if line.part is Kind.CONFERENCE]
    assert (webinars.minutes, webinars.slow) == (10 * 60, True)


def test_the_plan_tells_of_people_groups_and_their_members(sandbox):
    account = connect(sandbox, "myownconference")
    platform = sandbox.account("myownconference", "demo")
    for number in range(3):
        platform.add_group(f"Group {number}")
    engine.sync_account(account.pk)
    account = PlatformAccount.objects.get(pk=account.pk)
    lines = {line.part: line for line in reading_plan(account)}
    assert {Kind.ATTENDEE, Kind.GROUP, Kind.MEMBERSHIP, Kind.CONFERENCE} < lines.keys()
    members = lines[Kind.MEMBERSHIP]
    assert (lines[Kind.GROUP].number, members.number) == (3, 3)
    assert members.calls >= 1
    assert lines[Kind.GROUP].minutes == account.interval_minutes
    assert members.minutes <= 30 + account.interval_minutes
    assert members.oldest is not None


def test_the_plan_says_how_old_each_part_can_be(account, platform):
    account.requests_per_minute = 10
    account.interval_minutes = 5
    account.save()
    assert [line.oldest for line in reading_plan(account)] == [None] * 5
    Conference.objects.bulk_create(
        Conference(
            account=account,
            title=f"Past {number}",
            starts_at=clock.now() - timedelta(days=9),
            duration_minutes=60,
        )
        for number in range(300)
    )
    (past,) = [line for line in reading_plan(account) if line.part is readings.Tier.PAST]
    lists = 3
    share = readings.room(10, 5)
    assert past.minutes >= 300 * lists / share * 5 - 5, "it cannot be sooner than the pace allows"
    assert past.slow == (past.minutes > 24 * 60 + 5)


@pytest.fixture
def sessions(account, sandbox):
    """A permanent room's past sessions, with somebody in each."""
    account.interval_minutes = 720
    account.save()
    platform = sandbox.clickmeeting("demo")
    room = platform.add_room("Always open", permanent=True)
    start = clock.now() - timedelta(days=40)
    return [
        platform.start_session(
            room["id"], [f"guest{n}@example.com"], started_at=start + timedelta(days=n)
        )
        for n in range(14)
    ]


@pytest.fixture
def attended(monkeypatch):
    """The sessions whose attendance is read."""
    found = []
    observe = engine.observe

    def watched(context, place, **how):
        if place.kind == "attendance":
            found.append(place.parent.external_id.split(":")[-1].split("/")[-1])
        return observe(context, place, **how)

    monkeypatch.setattr(engine, "observe", watched)
    return found


def test_who_was_in_a_past_session_is_read_once_a_week(account, sessions, attended):
    """Its numbers would tell if there were more; an edit that leaves them is seen all the same."""
    for _ in range(3):
        sync(account)
        clock.advance(12 * 3600)
    assert len(set(attended)) == 14, "each once at first"
    attended.clear()
    for _ in range(16):
        sync(account)
        clock.advance(12 * 3600)
    assert len(set(attended)) == 14
    assert len(attended) <= 2 * 14, "where it was seven at each sync"


def test_whose_numbers_change_is_read_at_once(account, sessions, attended, sandbox, monkeypatch):
    own_time = SimpleNamespace(**vars(timezone) | {"now": clock.now})
    monkeypatch.setattr(fields, "timezone", own_time)  # rows are written by the clock that moves
    for _ in range(6):
        sync(account)
        clock.advance(12 * 3600)
    before = Attendance.objects.count()
    store = sandbox.clickmeeting("demo").store
    for session in sessions:
        (visit,) = session["visits"]
        late = {**visit, "id": visit["id"] + 1000, "email": f"late{visit['id']}@example.com"}
        store.change("sessions", session["id"], visits=[visit, late])
    for _ in range(3):
        sync(account)
        clock.advance(12 * 3600)
    assert Attendance.objects.count() == before + 14


def test_where_nothing_tells_all_is_read_each_day(account, sessions, attended, monkeypatch):
    silent = replace(CAPABILITIES.kind(Kind.SESSION), tells=())
    monkeypatch.setitem(CAPABILITIES.kinds, Kind.SESSION, silent)
    for _ in range(3):
        sync(account)
        clock.advance(12 * 3600)
    attended.clear()
    for _ in range(2):
        sync(account)
        clock.advance(12 * 3600)
    assert len(set(attended)) == 14
