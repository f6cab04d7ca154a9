"""Creates whose answer was lost: what is found, what is asked, what is made again; `mutants`
proves that these can fail."""

from datetime import timedelta

import pytest

from portal.common import clock
from portal.common.errors import NotPossible
from portal.conferences.models import Change, Conference, PlatformChange
from portal.outbox.models import OutboxEntry
from portal.platforms.models import AccountRuntime
from portal.sync import engine, matching
from portal.sync.models import Conflict, PlatformLink
from portal.sync.services import choices, resolve
from tests.property.stage import Stage

pytestmark = pytest.mark.django_db
ELSEWHEN = "2031-05-01T10:00:00Z"


def next_sync(stage, seconds=120, troubles=None):
    clock.advance(seconds)
    OutboxEntry.objects.filter(state="waiting").update(not_before=clock.now())
    return stage.sync(troubles)


def lost(trouble="unknown after", **options):
    """Two webinars of theirs that agree, and one of ours whose create got no answer."""
    stage = Stage(**{"get": False, "marker": False, "echo": False} | options)
    for _ in range(2):
        stage.add_there()
    stage.sync()
    clock.advance(120)
    row = stage.schedule()
    stage.sync({"create": trouble})
    assert link_of(row).op == PlatformLink.Op.UNKNOWN
    return stage, row


def link_of(row):
    return PlatformLink.objects.get(kind="conference", local_id=row.pk)


def ours_there(stage):
    return next(item for item in stage.world.rooms.values() if item.made_by_us)


def another(stage, like, **values):
    """A colleague's webinar, made at the same time as ours."""
    return stage.world.add("conference", {**like.fields, **values})


def questions():
    return Conflict.objects.filter(sort=Conflict.Sort.WHICH, resolved_at=None)


def at_rest(stage):
    stage.settle()
    stage.check_agreement()
    stage.check_quiet()


CHANGES = {
    "retitled": {"title": "Quite another"},
    "moved": {"starts_at": ELSEWHEN},
    "retitled, and described": {"title": "Quite another", "description": "Their words"},
}


@pytest.mark.parametrize("dated", [True, False])
@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_what_was_changed_before_we_looked_is_found(changes, dated):
    stage, row = lost(dated=dated)
    stage.world.edit(ours_there(stage).id, changes)
    next_sync(stage)
    assert link_of(row).external_id == ours_there(stage).id
    assert not questions()
    at_rest(stage)
    assert stage.world.creates == [ours_there(stage).made_by_us]
    for name in changes.keys() - {"description"}:
        assert Conflict.objects.filter(field=name, local_id=row.pk).exists(), "ours is kept"


@pytest.mark.parametrize("changes", list(CHANGES.values())[:2], ids=list(CHANGES)[:2])
def test_changed_before_the_first_whole_listing_it_is_asked_about(changes):
    """No listing has been read to its end so far: what stands there may be old, or ours."""
    stage, row = lost(dated=False)
    AccountRuntime.objects.update(synced_at=None)
    stage.world.edit(ours_there(stage).id, changes)
    next_sync(stage)
    assert questions()
    assert link_of(row).external_id is None
    at_rest(stage)
    assert link_of(row).external_id == ours_there(stage).id
    assert stage.world.creates == [ours_there(stage).made_by_us]


def test_what_was_lost_and_changed_there_is_no_news_to_people():
    """They never heard of ours, which has not been true for a moment: there is no old value."""
    stage, row = lost()
    stage.invite_here(row.pk)
    stage.world.edit(ours_there(stage).id, {"title": "Quite another"})
    at_rest(stage)
    assert Conference.objects.get(pk=row.pk).title == "Quite another"
    assert not PlatformChange.objects.filter(conference=row).exists()


def test_a_marker_that_the_platform_did_not_keep_is_not_relied_on():
    """A plan may not take the field, or the platform cuts what stands in it."""
    stage, row = lost(marker=True)
    item = ours_there(stage)
    item.marker = ""
    stage.world.edit(item.id, {"title": "Quite another"})
    next_sync(stage)
    assert link_of(row).external_id == item.id
    at_rest(stage)
    assert stage.world.creates == [item.made_by_us]


def test_before_the_grace_is_over_nothing_is_taken_for_ours():
    """Our own may land a little later."""
    stage, row = lost("unknown before")
    room = stage.world.add(
        "conference",
        {"title": row.title, "description": "", "starts_at": ELSEWHEN, "duration_minutes": 60},
    )
    next_sync(stage, seconds=10)
    assert link_of(row).external_id is None
    assert not PlatformLink.objects.filter(external_id=room.id).exists(), "nor for a new one"


@pytest.mark.parametrize("dated", [True, False])
def test_retitled_and_moved_it_is_asked_about_and_never_made_twice(dated):
    stage, row = lost(dated=dated)
    item = ours_there(stage)
    stage.world.edit(item.id, {"title": "Quite another", "starts_at": ELSEWHEN})
    for _ in range(4):
        next_sync(stage)
    assert len(stage.world.creates) == 1
    assert Conference.objects.count() == 3, "it was not taken up as a new one either"
    question = questions().get()
    this, none = choices(question)
    assert "Quite another" in this.label
    assert none.value == "none"
    resolve(question, this.value, None)
    assert link_of(row).external_id == item.id
    at_rest(stage)
    row.refresh_from_db()
    assert (row.title, len(stage.world.creates)) == ("Quite another", 1)


def test_two_that_may_be_it_are_put_before_staff():
    stage, row = lost()
    item = ours_there(stage)
    other = another(stage, item, starts_at="2031-06-01T10:00:00Z")
    stage.world.edit(item.id, {"starts_at": ELSEWHEN})
    for _ in range(3):
        next_sync(stage)
    question = questions().get()
    assert {one["id"] for one in question.theirs} == {item.id, other.id}
    assert len(choices(question)) == 3
    stage.calm()  # where staff answer
    at_rest(stage)
    assert link_of(row).external_id == item.id
    assert PlatformLink.objects.get(external_id=other.id).local_id not in (None, row.pk)
    assert len(stage.world.creates) == 1


def test_two_that_are_the_very_same_are_put_before_staff():
    stage, _ = lost()
    another(stage, ours_there(stage))
    next_sync(stage)
    assert len(choices(questions().get())) == 3
    at_rest(stage)
    assert len(stage.world.creates) == 1


def test_none_of_them_has_it_made_and_the_other_taken_up():
    stage, row = lost("unknown before")
    room = stage.add_there()
    stage.world.edit(room.id, {"duration_minutes": row.duration_minutes})
    for _ in range(3):
        next_sync(stage)
    assert stage.world.creates == []
    resolve(questions().get(), "none", None)
    at_rest(stage)
    assert len(stage.world.creates) == 1
    assert PlatformLink.objects.get(external_id=room.id).local_id not in (None, row.pk)


def test_a_question_ends_when_what_it_is_about_has_gone():
    stage, row = lost("unknown before")
    room = stage.add_there()
    stage.world.edit(room.id, {"duration_minutes": row.duration_minutes})
    next_sync(stage)
    question = questions().get()
    stage.remove_there(room.id)
    at_rest(stage)
    assert not questions()
    assert len(stage.world.creates) == 1
    with pytest.raises(NotPossible):
        resolve(question, "none", None)


@pytest.mark.parametrize("made", [-3600, 3600])
def test_what_was_made_at_another_time_is_not_ours(made):
    """Where a platform says when a record was made, an old or a late one is none of ours."""
    stage, row = lost("unknown before", dated=True)
    room = stage.add_there()
    stage.world.edit(room.id, {"duration_minutes": row.duration_minutes})
    room.made_at = link_of(row).op_at + timedelta(seconds=made)
    next_sync(stage)
    assert not questions()
    assert PlatformLink.objects.get(external_id=room.id).local_id != row.pk
    at_rest(stage)
    assert len(stage.world.creates) == 1


def test_two_looks_within_one_sync_do_not_allow_a_second_create():
    """The sync lists, and then looks once more for the note that waits."""
    stage, row = lost("unknown before")
    clock.advance(120)
    OutboxEntry.objects.update(not_before=clock.now())
    before = sum(call == ("list", "conference") for call in stage.world.calls)
    stage.sync()
    assert sum(call == ("list", "conference") for call in stage.world.calls) == before + 2
    assert link_of(row).op_absences == 1
    assert stage.world.creates == []
    at_rest(stage)
    assert len(stage.world.creates) == 1


def test_two_looks_within_one_sync_do_not_prove_that_something_has_gone(monkeypatch):
    """Of what a platform shows by a list alone; the list lies twice within a minute."""
    stage = Stage(get=False)
    rooms = [stage.add_there() for _ in range(5)]
    stage.sync()
    row = Conference.objects.earliest("pk")
    hidden = stage.world.items.pop(rooms[0].id)
    clock.advance(120)
    stage.edit_here(row.pk, "title")
    stage.sync()
    stage.world.items[hidden.id] = hidden
    row.refresh_from_db()
    assert row.gone_at is None
    at_rest(stage)


def test_a_lost_answer_leaves_a_line_when_it_is_settled():
    stage, row = lost()
    next_sync(stage)
    (line,) = Change.objects.filter(kind="conference", local_id=row.pk, action="created there")
    assert line.calls == ["create conference"]
    assert line.after["title"] == row.title
    assert "answer was lost" in line.sentence


def test_a_lost_answer_to_an_update_leaves_a_line_too():
    stage = Stage()
    stage.add_there()
    stage.sync()
    row = Conference.objects.get()
    clock.advance(120)
    stage.edit_here(row.pk, "duration_minutes")
    stage.sync({"update": "unknown after"})
    assert not Change.objects.filter(calls=["update conference"]).exists()
    next_sync(stage)
    (line,) = Change.objects.filter(calls=["update conference"])
    assert line.after == {
        "duration_minutes": stage.our_edits["conference", row.pk, "duration_minutes"]
    }


def test_a_question_survives_a_push_on_its_own():
    stage, row = lost("unknown before")
    room = stage.add_there()
    stage.world.edit(room.id, {"duration_minutes": row.duration_minutes})
    next_sync(stage)
    for _ in range(3):
        clock.advance(120)
        OutboxEntry.objects.filter(state="waiting").update(not_before=clock.now())
        engine.push_account(stage.account.pk)
    assert questions().count() == 1
    assert stage.world.creates == []
    entry = OutboxEntry.objects.get(kind="conference", state="waiting")
    assert "somebody" in entry.problem


@pytest.mark.parametrize("op", ["", "unknown"])
def test_many_without_an_id_are_found_by_their_key_and_not_by_trying_each(op, monkeypatch):
    """Registrations are often answered by a link alone: the work grows as they do, not faster."""

    stage = Stage()

    def compared(people):
        room = stage.add_there()
        stage.sync()
        link = PlatformLink.objects.get(kind="conference", external_id=room.id)
        for _ in range(people):
            made = stage.invite_here(link.local_id)
            sent = {"email": made.attendee.email}
            PlatformLink.objects.create(
                account=stage.account,
                kind="registration",
                local_id=made.pk,
                parent=link,
                op=op,
                op_at=clock.now(),
                op_sent=sent if op else {},
                base_ours={} if op else sent,
            )
            stage.register_there(room.id, made.attendee.email)
        tried = []
        real = matching._likeness
        monkeypatch.setattr(matching, "_likeness", lambda *a, **k: tried.append(a) or real(*a, **k))
        stage.sync()
        monkeypatch.setattr(matching, "_likeness", real)
        links = PlatformLink.objects.filter(parent=link, kind="registration")
        assert links.exclude(external_id=None).count() == people
        return len(tried)

    assert 0 < compared(24) <= 4 * compared(6)
