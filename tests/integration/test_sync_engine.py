"""The real engine against the ClickMeeting sandbox over real HTTP."""

from datetime import timedelta

import pytest

from integrations.base.records import Kind
from integrations.sandbox import Sandbox
from portal.common import clock
from portal.conferences.models import Attendance, Conference, Recording, Registration, Session
from portal.outbox import services as outbox
from portal.outbox.models import OutboxEntry
from portal.sync import engine
from portal.sync.models import Conflict, Hold, PlatformLink, SyncRun
from tests.factories import AttendeeFactory, ConferenceFactory, ModeratorFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def platform(sandbox):
    return sandbox.clickmeeting("demo")


def soon(days=3):
    return (clock.now() + timedelta(days=days)).replace(minute=0, second=0, microsecond=0)


def sync(account, **kwargs):
    return engine.sync_account(account.pk, trigger="command", full=True, **kwargs)


def scheduled(account, **values):
    row = ConferenceFactory(account=account, starts_at=soon(), **values)
    outbox.add(account, "conference", row.pk)
    return row


def invited(conference, *addresses):
    rows = [
        Registration.objects.create(conference=conference, attendee=AttendeeFactory(email=a))
        for a in addresses
    ]
    outbox.add_many(conference.account, "registration", [r.pk for r in rows])
    return rows


def writes(sandbox):
    return [r for r in sandbox.requests if r.method != "GET"]


def test_a_seeded_platform_is_mirrored_and_the_second_sync_is_quiet(
    db, account, running_sandbox, django_assert_num_queries
):
    running_sandbox.reset(seeded=True)
    run = sync(account)
    assert run.outcome == SyncRun.Outcome.OK, run.problem
    platform = running_sandbox.clickmeeting("demo")
    assert Conference.objects.count() == len(platform.rooms()) > 10
    assert Registration.objects.exists()
    assert Session.objects.exists()
    assert Attendance.objects.exists()
    assert Recording.objects.exists()
    running_sandbox.requests.clear()
    before = list(PlatformLink.objects.order_by("pk").values())
    again = sync(account)
    assert (again.outcome, again.steps) == (SyncRun.Outcome.OK, [])
    assert list(PlatformLink.objects.order_by("pk").values()) == before
    assert writes(running_sandbox) == []
    assert not OutboxEntry.objects.exists()


def test_a_conference_is_created_there_and_stays_synced(account, sandbox, platform):
    row = scheduled(account, title="Spring briefing", description="What is new")
    run = engine.push_account(account.pk)
    assert run.outcome == SyncRun.Outcome.OK, run.problem
    (room,) = platform.rooms()
    assert room["name"] == "Spring briefing"
    link = PlatformLink.objects.get(kind="conference", local_id=row.pk)
    assert link.external_id == str(room["id"])
    sandbox.requests.clear()
    assert sync(account).steps == []
    assert writes(sandbox) == []


def test_changes_travel_both_ways_and_only_the_changed_field_is_sent(account, sandbox, platform):
    row = scheduled(account, title="Briefing", description="Old words")
    sync(account)
    (room,) = platform.rooms()
    platform.edit_room(room["id"], lobby_description="New words")
    Conference.objects.filter(pk=row.pk).update(title="Spring briefing")
    sandbox.requests.clear()
    sync(account)
    row.refresh_from_db()
    assert (row.title, row.description) == ("Spring briefing", "New words")
    assert platform.room(room["id"])["name"] == "Spring briefing"
    (sent,) = writes(sandbox)
    assert dict(sent.form) == {"name": "Spring briefing"}
    assert not Conflict.objects.exists()


def test_a_new_time_reaches_the_platform(account, sandbox, platform):
    row = scheduled(account)
    sync(account)
    row.refresh_from_db()
    row.starts_at += timedelta(days=1)
    row.duration_minutes = 95
    row.save()
    sync(account)
    (room,) = platform.rooms()
    shown = engine.open_adapter(account).get(Kind.CONFERENCE, str(room["id"]))
    assert shown.fields["duration_minutes"] == 95
    assert sync(account).steps == []


def test_both_changed_differently_keeps_both_values(account, platform):
    row = scheduled(account, title="A")
    sync(account)
    (room,) = platform.rooms()
    platform.edit_room(room["id"], name="Theirs")
    Conference.objects.filter(pk=row.pk).update(title="Ours")
    sync(account)
    row.refresh_from_db()
    assert row.title == "Theirs"
    conflict = Conflict.objects.get()
    assert (conflict.ours, conflict.theirs, conflict.base) == ("Ours", "Theirs", "A")
    assert sync(account).steps == []


def test_a_lost_answer_to_a_create_makes_no_double(account, sandbox, platform):
    sandbox.faults.add("cut_after", method="POST", path="/v1/conferences", count=1)
    row = scheduled(account, title="Once only")
    run = engine.push_account(account.pk)
    assert run.outcome == SyncRun.Outcome.PARTIAL
    assert PlatformLink.objects.get(local_id=row.pk).op == PlatformLink.Op.UNKNOWN
    clock.advance(30)
    sync(account)
    assert len(platform.rooms()) == 1
    link = PlatformLink.objects.get(local_id=row.pk)
    assert (link.op, link.external_id) == ("", str(platform.rooms()[0]["id"]))
    assert Conference.objects.count() == 1


def test_a_create_that_never_arrived_is_repeated_after_two_looks(account, sandbox, platform):
    sandbox.faults.add("cut_before", method="POST", path="/v1/conferences", count=1)
    scheduled(account)
    engine.push_account(account.pk)
    for _ in range(2):
        clock.advance(40)
        sync(account)
        assert platform.rooms() == []
    for _ in range(2):
        clock.advance(100)
        sync(account)
        assert platform.rooms() == [], "two looks within one interval are one"
    clock.advance(60 * account.interval_minutes)
    sync(account)
    assert len(platform.rooms()) == 1
    assert Conference.objects.count() == 1


def test_people_are_registered_once_and_get_their_links(account, sandbox, platform):
    row = scheduled(account, registration_enabled=True)
    sync(account)
    rows = invited(row, "a@example.com", "b@example.com", "c@example.com")
    engine.push_account(account.pk)
    for registration in rows:
        registration.refresh_from_db()
        assert registration.join_url
    sync(account)
    sync(account)
    (room,) = platform.rooms()
    assert len(platform.registrations(room["id"])) == 3
    assert PlatformLink.objects.filter(kind="registration", external_id=None).count() == 0
    assert Registration.objects.count() == 3


def test_somebody_who_registers_there_comes_here(account, platform):
    row = scheduled(account, registration_enabled=True)
    sync(account)
    platform.add_registration(platform.rooms()[0]["id"], "New@Example.com", "New", "Person")
    sync(account)
    registration = Registration.objects.get()
    assert registration.attendee.email == "new@example.com"
    assert registration.conference == row


def test_a_lost_answer_to_a_registration_makes_no_double_and_finds_its_link(
    account, sandbox, platform
):
    row = scheduled(account, registration_enabled=True)
    sync(account)
    sandbox.faults.add("cut_after", method="POST", path="*/registration", count=1)
    (registration,) = invited(row, "a@example.com")
    engine.push_account(account.pk)
    clock.advance(60)
    engine.push_account(account.pk)
    registration.refresh_from_db()
    assert registration.join_url
    assert len(platform.registrations(platform.rooms()[0]["id"])) == 1


def test_a_moderator_gets_a_personal_link(account):
    row = scheduled(account)
    sync(account)
    moderator = ModeratorFactory(conference=row, role="host")
    outbox.add(account, "moderator", moderator.pk)
    engine.push_account(account.pk)
    moderator.refresh_from_db()
    assert "?l=" in moderator.join_url
    first = moderator.join_url
    moderator.name = "Another Name"
    moderator.save()
    sync(account)
    moderator.refresh_from_db()
    assert moderator.join_url != first


def test_a_cancelled_conference_is_deleted_there(account, platform):
    row = scheduled(account)
    other = scheduled(account)
    sync(account)
    Conference.objects.filter(pk=row.pk).update(removed_at=clock.now())
    outbox.add(account, "conference", row.pk)
    engine.push_account(account.pk)
    assert [r["name"] for r in platform.rooms()] == [other.title]
    assert sync(account).steps == []


def test_an_edit_there_beats_a_cancellation_here(account, platform):
    row = scheduled(account)
    sync(account)
    platform.edit_room(platform.rooms()[0]["id"], lobby_description="Do not delete me")
    Conference.objects.filter(pk=row.pk).update(removed_at=clock.now())
    outbox.add(account, "conference", row.pk)
    engine.push_account(account.pk)
    row.refresh_from_db()
    assert row.removed_at is None
    assert row.description == "Do not delete me"
    assert len(platform.rooms()) == 1
    assert Conflict.objects.get().sort == Conflict.Sort.DELETE


def test_what_is_gone_there_is_kept_here_after_two_listings(account, platform):
    rows = [scheduled(account) for _ in range(4)]
    sync(account)
    platform.delete_room(platform.rooms()[0]["id"])
    sync(account)
    assert not Conference.objects.exclude(gone_at=None).exists()
    run = sync(account)
    assert run.removed == 1
    gone = Conference.objects.exclude(gone_at=None).get()
    assert gone in rows
    assert Conflict.objects.get().sort == Conflict.Sort.GONE
    assert sync(account).steps == []


def test_an_empty_listing_pulls_the_brake_and_ends_by_itself(account, sandbox):
    for _ in range(4):
        scheduled(account)
    sync(account)
    sandbox.faults.add("empty_list")
    for _ in range(5):
        run = sync(account)
        assert run.outcome == SyncRun.Outcome.HELD
    assert not Conference.objects.exclude(gone_at=None).exists()
    hold = Hold.objects.get(kind="conference")
    assert len(hold.missing) == 4
    sandbox.faults.clear()
    assert sync(account).outcome == SyncRun.Outcome.OK
    assert not Hold.objects.filter(ended_at=None).exists()


def test_a_released_hold_lets_the_absences_through(account, platform, staff_user):
    for _ in range(5):
        scheduled(account)
    sync(account)
    for room in platform.rooms()[:4]:
        platform.delete_room(room["id"])
    assert sync(account).outcome == SyncRun.Outcome.HELD
    hold = Hold.objects.get()
    hold.released, hold.ended_at, hold.released_by = True, clock.now(), staff_user
    hold.save()
    sync(account)
    sync(account)
    assert Conference.objects.exclude(gone_at=None).count() == 4


@pytest.mark.parametrize(
    "fault", ["rate_limited", "server_error", "unavailable", "cut_before", "html", "truncated"]
)
def test_trouble_is_told_and_healed(account, sandbox, platform, fault):
    rows = [scheduled(account) for _ in range(3)]
    sync(account)
    sandbox.faults.add(fault)
    Conference.objects.filter(pk=rows[0].pk).update(title="Edited meanwhile")
    run = sync(account)
    assert run.problem
    assert run.outcome in (SyncRun.Outcome.FAILED, SyncRun.Outcome.PARTIAL)
    assert not Conference.objects.exclude(gone_at=None).exists()
    sandbox.faults.clear()
    clock.advance(3600)
    assert sync(account).outcome == SyncRun.Outcome.OK
    assert "Edited meanwhile" in [r["name"] for r in platform.rooms()]


def test_refused_credentials_pause_the_account(account, sandbox):
    account.credentials = {"api_key": "wrong"}
    account.save()
    run = sync(account)
    account.refresh_from_db()
    assert run.outcome == SyncRun.Outcome.FAILED
    assert account.state == "rejected"
    sandbox.requests.clear()
    sync(account)
    assert len(sandbox.requests) == 0


def test_a_dry_run_shows_the_plan_and_does_nothing(account, sandbox, platform):
    row = scheduled(account)
    sync(account)
    platform.edit_room(platform.rooms()[0]["id"], name="Theirs")
    Conference.objects.filter(pk=row.pk).update(description="Ours")
    scheduled(account, title="Not there yet")
    sandbox.requests.clear()
    run = sync(account, dry_run=True)
    assert {s["do"] for s in run.steps} == {"take", "update there", "create there"}
    assert writes(sandbox) == []
    row.refresh_from_db()
    assert row.title != "Theirs"
    assert run.pk is None


def test_a_listing_that_misses_something_proves_nothing(account, sandbox):
    """A sandbox of its own, whose clock and rooms nobody else touches."""
    with Sandbox(seed=False).start() as alone:
        account.base_url = alone.base_url("clickmeeting")
        account.save()
        platform = alone.clickmeeting("demo")
        for number in range(4):
            platform.add_room(f"Room {number}", starts_at=soon(), minutes=60)
        sync(account)
        alone.faults.add("truncated", path="*/inactive*")
        platform.delete_room(platform.rooms()[0]["id"])
        for _ in range(3):
            assert sync(account).outcome == SyncRun.Outcome.PARTIAL
        assert not Conference.objects.exclude(gone_at=None).exists()


def test_a_mail_by_the_platform_is_never_sent_twice_on_doubt(account, sandbox, platform):
    row = scheduled(account)
    sync(account)
    sandbox.faults.add("cut_after", path="*/invitation/*", count=1)
    arguments = {"attendees": [{"email": "a@example.com"}], "lang": "en"}
    entry = outbox.add(
        account, "conference", row.pk, verb="invite_by_platform", arguments=arguments
    )
    engine.push_account(account.pk)
    clock.advance(3600)
    engine.push_account(account.pk)
    entry.refresh_from_db()
    assert entry.state == OutboxEntry.State.UNKNOWN
    assert len(sandbox.requests.matching("POST", "*/invitation/*")) == 1


def test_an_action_whose_worker_died_is_not_repeated(account, sandbox):
    row = scheduled(account)
    sync(account)
    arguments = {"attendees": [{"email": "a@example.com"}], "lang": "en"}
    entry = outbox.add(
        account, "conference", row.pk, verb="invite_by_platform", arguments=arguments
    )
    OutboxEntry.objects.filter(pk=entry.pk).update(state="working", attempts=1)
    engine.push_account(account.pk)
    entry.refresh_from_db()
    assert entry.state == OutboxEntry.State.UNKNOWN
    assert sandbox.requests.matching("POST", "*/invitation/*") == []
