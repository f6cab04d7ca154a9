"""Lists that are read before their turn: what is sent meanwhile makes them worthless, and they are
never believed then; `mutants` proves that these can fail."""

from datetime import timedelta

import pytest

from integrations.base.errors import RateLimited
from integrations.base.records import Kind
from portal.common import clock
from portal.conferences.models import Conference, Moderator
from portal.outbox.models import OutboxEntry
from portal.platforms.models import AccountRuntime
from portal.sync import readings, scope
from portal.sync.models import PlatformLink, SyncRun
from tests.property.stage import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage():
    """Webinars with two guests each, which both sides agree about."""
    stage = Stage()
    for _ in range(8):
        room = stage.add_there()
        stage.register_there(room.id, "one@example.com")
        stage.register_there(room.id, "two@example.com")
    stage.sync()
    return stage


def rows():
    return list(Conference.objects.order_by("pk"))


def lists(stage, before):
    return stage.world.calls[before:].count(("list", "registration"))


def test_a_complete_sync_asks_for_each_list_once(stage, read_ahead):
    before = len(stage.world.calls)
    read_ahead.clear()
    run = stage.sync()
    assert (run.outcome, run.problem) == (SyncRun.Outcome.OK, "")
    assert len(stage.world.calls) - before == run.calls == 3 + 8
    # The first list of a kind is read alone: a room may remember what it finds.
    assert read_ahead == {"asked": 7, "applied": 7}


@pytest.mark.parametrize("lines", [1, 3])
def test_it_is_as_many_as_there_are_lines(stage, lines, read_ahead):
    stage.account.options["lines"] = lines
    stage.account.save()
    read_ahead.clear()
    stage.sync()
    assert read_ahead["asked"] == (7 if lines == 3 else 0)


@pytest.mark.parametrize("place", [3, 5, 7])
@pytest.mark.parametrize("at", range(3, 11))
def test_who_is_registered_meanwhile_is_not_missed(stage, place, at):
    """A list that was asked for before that does not show them."""
    row = rows()[place]
    stage.sync(meanwhile={at: lambda: stage.invite_here(row.pk, "new@example.com")})
    assert row.registrations.count() == 3
    assert not PlatformLink.objects.exclude(misses=0).exists()
    stage.settle()
    assert row.registrations.count() == 3
    stage.check_agreement()
    stage.check_quiet()


@pytest.mark.parametrize("at", range(4, 11))
def test_what_is_renamed_meanwhile_keeps_its_new_name(at):
    """A list that was asked for before that shows the old one, as if others had changed it back."""
    stage = Stage(kinds=(Kind.CONFERENCE, Kind.MODERATOR))
    for number in range(8):
        stage.assign_there(stage.add_there().id, f"host{number}@example.com")
    stage.sync()
    moderator = Moderator.objects.get(email="host5@example.com")
    stage.sync(meanwhile={at: lambda: stage.rename_moderator(moderator.pk)})
    before = moderator.name
    moderator.refresh_from_db()
    assert moderator.name != before
    stage.settle()
    stage.check_agreement()
    stage.check_quiet()


@pytest.mark.parametrize("at", range(3, 11))
def test_what_was_read_before_something_is_sent_is_read_again(stage, at, read_ahead):
    row = rows()[0]
    before = len(stage.world.calls)
    stage.sync(meanwhile={at: lambda: stage.edit_here(row.pk, "title")})
    calls = stage.world.calls[before:]
    sent = calls.index(("update", "conference"))
    applied = read_ahead["applied"]
    assert calls[sent:].count(("list", "registration")) + applied >= 8 - 1
    assert lists(stage, before) >= 8
    stage.check_agreement()


def test_a_webinar_cancelled_meanwhile_has_no_lists_in_what_comes_later(stage, monkeypatch):
    """Its lists would have been read with those of the next ones."""
    monkeypatch.setattr(readings, "AT_ONCE", 3)
    monkeypatch.setattr(readings, "MOST_AT_ONCE", 3)
    last = rows()[-1]
    before = len(stage.world.calls)
    run = stage.sync(meanwhile={4: lambda: stage.cancel_here(last.pk)})
    assert (run.outcome, run.problem) == (SyncRun.Outcome.OK, "")
    assert ("delete", "conference") in stage.world.calls[before:]
    asked = stage.world.calls[stage.world.calls.index(("delete", "conference")) :]
    assert ("get", "conference") not in asked, "nobody wonders where it is"
    stage.settle()
    stage.check_agreement()


def test_after_something_was_sent_the_next_ones_are_read_ahead_again(
    stage, monkeypatch, read_ahead
):
    monkeypatch.setattr(readings, "AT_ONCE", 3)
    monkeypatch.setattr(readings, "MOST_AT_ONCE", 3)
    read_ahead.clear()
    seen = []
    real = scope.reload
    monkeypatch.setattr(scope, "reload", lambda *args: seen.append(args) or real(*args))
    row = rows()[0]
    stage.sync(meanwhile={4: lambda: stage.edit_here(row.pk, "title")})
    assert 0 < len(seen) < 3, "only those whose rows were read before it was sent"
    assert read_ahead["applied"] >= 5


def test_a_place_whose_rows_are_read_at_its_turn_is_asked_for_at_its_turn(stage, read_ahead):
    """A row waits to be created: all of our side is read, before the list is."""
    row = rows()[5]
    stage.invite_here(row.pk, "new@example.com")
    OutboxEntry.objects.update(not_before=clock.now() + timedelta(hours=1))
    read_ahead.clear()
    stage.sync()
    assert read_ahead == {"asked": 6, "applied": 6}


@pytest.mark.parametrize("at", range(3, 11))
def test_a_pause_that_is_asked_for_stops_all(stage, at):
    """Not one request leaves after it, though others were under way."""
    run = stage.sync({at: "slow down"})
    assert run.outcome == SyncRun.Outcome.FAILED
    assert stage.world.too_early == 0
    assert AccountRuntime.objects.get().blocked_until > clock.now() + timedelta(seconds=20)


@pytest.mark.parametrize("trouble", ["unreachable", "nonsense", "not found", "row twice"])
@pytest.mark.parametrize("at", range(3, 11))
def test_trouble_of_one_list_is_met_at_its_turn(stage, at, trouble):
    """What comes before it is applied: a guest who is new in the first list is here."""
    first = stage.world.of("conference")[0]
    stage.register_there(first.id, "three@example.com")
    run = stage.sync({at: trouble})
    assert rows()[0].registrations.count() == (2 if at == 3 and trouble != "row twice" else 3)
    assert (run.outcome == SyncRun.Outcome.FAILED) == (trouble == "unreachable")


def test_the_error_of_a_request_is_raised_once(stage, monkeypatch):
    from portal.sync import engine

    real, calls = engine._gate, []

    def gate(context, share):
        calls.append(1)
        if len(calls) > 6:
            raise RateLimited("Slow down.", retry_after=30)
        real(context, share)

    monkeypatch.setattr(engine, "_gate", gate)
    run = stage.sync()
    assert run.outcome == SyncRun.Outcome.FAILED
    assert len(calls) <= 6 + 3
