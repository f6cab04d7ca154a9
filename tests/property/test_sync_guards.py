"""One test for what each guard of the sync is there to prevent; `mutants` proves that they can
fail."""

import pytest

from portal.common import clock
from portal.conferences.models import Conference
from portal.sync import engine
from portal.sync.models import Conflict, Hold, PlatformLink
from tests.property.modelroom.adapter import ModelAdapter
from tests.property.modelroom.world import Crash
from tests.property.stage import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage():
    made = Stage()
    for _ in range(5):
        made.add_there()
    made.sync()
    return made


@pytest.fixture
def poor_stage():
    """A platform without a get, without a field for our marker, that answers nothing."""
    made = Stage(get=False, marker=False, echo=False)
    for _ in range(5):
        made.add_there()
    made.sync()
    return made


def first(stage):
    row = Conference.objects.order_by("pk").first()
    link = PlatformLink.objects.get(kind="conference", local_id=row.pk)
    return row, stage.world.rooms[link.external_id]


def calls_of(stage, verb):
    return sum(1 for call in stage.world.calls if call[0] == verb)


def next_sync(stage, troubles=None, seconds=120):
    clock.advance(seconds)
    stage.calm()
    return stage.sync(troubles)


def test_an_unknown_create_is_not_repeated_at_once(stage):
    stage.schedule()
    stage.sync({"create": "unknown before"})
    before = calls_of(stage, "create")
    next_sync(stage, seconds=5)
    next_sync(stage, seconds=5)
    assert before == calls_of(stage, "create") == 1


def test_a_create_that_a_crash_cut_off_is_known_by_its_marker(stage, monkeypatch):
    """What is about to be sent is written down first: the marker tells whose the record is, so
    that nothing is made again and nobody has to be asked."""
    row = stage.schedule()
    real = ModelAdapter.create

    def die_with_the_answer(self, draft):
        real(self, draft)
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(ModelAdapter, "create", die_with_the_answer)
        stage.sync()
    assert stage.crashes == 1
    next_sync(stage)
    assert len(stage.world.creates) == 1
    assert not Conflict.objects.exists()
    assert PlatformLink.objects.get(kind="conference", local_id=row.pk).external_id


def test_one_lying_list_does_not_repeat_a_create(stage):
    stage.schedule()
    stage.sync({"create": "unknown after"})
    lies = dict.fromkeys(range(8), "short list")
    next_sync(stage, lies)
    stage.settle()
    assert len(stage.world.creates) == 1
    stage.check_agreement()


def test_what_the_platform_rewrites_is_not_sent_to_and_fro(stage):
    row, _ = first(stage)
    stage.edit_here(row.pk, "description")
    typed = stage.our_edits["conference", row.pk, "description"]
    for _ in range(4):
        next_sync(stage)
    assert calls_of(stage, "update") == 1
    row.refresh_from_db()
    assert row.description == typed


def test_an_incomplete_list_proves_no_absence(stage):
    stage.remove_there(next(iter(stage.world.rooms)))
    for _ in range(3):
        next_sync(stage, dict.fromkeys(range(4), "row twice"))
    assert not Conference.objects.exclude(gone_at=None).exists()


def test_one_short_list_takes_nothing_away(poor_stage):
    next_sync(poor_stage, {0: "short list", 1: "short list"})
    assert not Conference.objects.exclude(gone_at=None).exists()


def test_a_delete_looks_first(stage):
    row, room = first(stage)
    stage.sync()
    stage.cancel_here(row.pk)
    stage.edit_there(room.id, "title")
    engine.push_account(stage.account.pk)  # at once, without a listing before it
    assert room.id in stage.world.rooms
    row.refresh_from_db()
    assert row.removed_at is None


def test_only_the_changed_field_is_sent(stage):
    """Another field is changed there between our look and our update."""
    row, room = first(stage)
    stage.edit_here(row.pk, "title")
    real = stage.world.edit

    def meanwhile(room_id, changes):
        stage.world.edit = real
        stage.edit_there(room.id, "description")
        real(room_id, changes)

    stage.world.edit = meanwhile
    stage.sync()
    stage.settle()
    stage.check_agreement()
    assert room.fields["description"] == stage.their_edits[room.id, "description"]


def test_an_empty_list_pulls_the_brake(poor_stage):
    for _ in range(3):
        poor_stage.sync({0: "empty list"})
        clock.advance(300)
    assert not Conference.objects.exclude(gone_at=None).exists()
    assert Hold.objects.filter(ended_at=None).exists()


def test_a_get_confirms_what_two_lists_miss(stage):
    for _ in range(3):
        next_sync(stage, {0: "short list", 1: "short list"})
    assert not Conference.objects.exclude(gone_at=None).exists()


def test_what_is_moved_before_we_have_seen_it_is_found_by_its_title(poor_stage):
    """No marker, the answer was lost, and somebody was quicker than our next look."""
    row = poor_stage.schedule()
    poor_stage.sync({"create": "unknown after"})
    room = next(item for item in poor_stage.world.rooms.values() if item.made_by_us)
    poor_stage.world.edit(room.id, {"starts_at": "2031-05-01T10:00:00Z"})
    poor_stage.settle()
    poor_stage.check_agreement()
    assert len(poor_stage.world.creates) == 1
    assert PlatformLink.objects.get(kind="conference", local_id=row.pk).external_id == room.id
    assert Conflict.objects.filter(field="starts_at", local_id=row.pk).exists(), "ours is kept"
