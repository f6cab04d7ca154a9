"""What happens on the platform while a sync runs, and between two looks; `mutants` proves that
these can fail."""

from io import StringIO

import pytest
from django.core.management import call_command

from portal.common import clock
from portal.conferences.models import Attendee, Change, Conference
from portal.outbox import services as outbox
from portal.outbox.models import OutboxEntry
from portal.sync import engine
from portal.sync.models import Conflict, PlatformLink, SyncRun
from tests.property.stage import CREW, PEOPLE, Stage

pytestmark = pytest.mark.django_db
WHO = "who@example.com"
EVERYTHING = ("attendee", "group", "membership", "conference", "moderator", "registration")


def next_sync(stage, **kwargs):
    clock.advance(120)
    stage.calm()
    return stage.sync(**kwargs)


def settled(stage):
    stage.settle()
    stage.check_agreement()
    stage.check_quiet()


def listings(stage):
    """The number of the call at which, in a quiet sync, the last list is begun."""
    return stage.world.pages(stage.kinds) - 1


def staged(kinds, **options):
    """One of each kind of theirs, synced."""
    stage = Stage(kinds=kinds, **options)
    if "conference" in stage.kinds:
        for _ in range(4):
            stage.add_there()
        room = next(iter(stage.world.rooms.values()))
        if "moderator" in stage.kinds:
            stage.assign_there(room.id, WHO)
        if "registration" in stage.kinds:
            stage.register_there(room.id, WHO)
    if "group" in stage.kinds:
        stage.join_there(stage.found_group_there().id, WHO)
    stage.sync()
    stage.sync()
    return stage


def first(stage, kind):
    link = PlatformLink.objects.filter(kind=kind).exclude(local_id=None).earliest("pk")
    return link.local_id, stage.world.items[link.external_id]


OUR_EDITS = {
    "conference": lambda stage, pk: stage.edit_here(pk, "title"),
    "attendee": lambda stage, pk: stage.edit_person(pk, "first_name"),
    "group": lambda stage, pk: stage.rename_group(pk),
    "moderator": lambda stage, pk: stage.rename_moderator(pk),
}
NAMED = {"conference": "title", "attendee": "first_name", "group": "name", "moderator": "name"}
OUR_DELETES = {
    "conference": lambda stage, pk: stage.cancel_here(pk),
    "group": lambda stage, pk: stage.delete_group(pk),
    "moderator": lambda stage, pk: stage.unassign_here(pk),
}


def both_at_once(stage, ours, kind, pk, item):
    """Before the last list of a sync is read, long after the record was listed, somebody here and
    somebody there change it. What is changed here before leaves between the lists."""

    def act():
        ours[kind](stage, pk)
        stage.edit_there(item.id, NAMED[kind])

    return {listings(stage): act}


EDITS = [(kind, get) for kind in OUR_EDITS for get in (True, False)]
DELETES = [(kind, get) for kind in OUR_DELETES for get in (True, False)]


@pytest.mark.parametrize(("kind", "get"), EDITS)
def test_an_edit_in_the_panel_while_a_sync_runs_is_not_overwritten(kind, get):
    stage = staged(EVERYTHING, get=get)
    pk, item = first(stage, kind)
    run = stage.sync(meanwhile=both_at_once(stage, OUR_EDITS, kind, pk, item))
    assert run.outcome == SyncRun.Outcome.OK
    assert item.fields[NAMED[kind]] == stage.their_edits[item.id, NAMED[kind]]
    settled(stage)
    kept = Conflict.objects.filter(kind=kind, field=NAMED[kind]).values_list("ours", flat=True)
    assert stage.our_edits[kind, pk, NAMED[kind]] in kept


@pytest.mark.parametrize(("kind", "get"), DELETES)
def test_what_is_edited_in_the_panel_while_a_sync_runs_is_not_deleted(kind, get):
    stage = staged(EVERYTHING, get=get)
    pk, item = first(stage, kind)
    stage.sync(meanwhile=both_at_once(stage, OUR_DELETES, kind, pk, item))
    assert item.id in stage.world.items
    settled(stage)
    assert Conflict.objects.filter(kind=kind, sort=Conflict.Sort.DELETE, local_id=pk).exists()


def test_one_look_serves_an_update_that_leaves_at_once():
    """What was listed seconds ago is not asked for again."""
    stage = staged(("conference", "registration"))
    pk, _ = first(stage, "conference")
    stage.edit_here(pk, "title")
    before = len(stage.world.calls)
    stage.sync()
    assert "get" not in {verb for verb, _ in stage.world.calls[before:]}


# what is deleted in the panel ---------------------------------------------------------------------


@pytest.mark.parametrize("get", [True, False])
@pytest.mark.parametrize("kind", ["conference", "group"])
def test_what_is_deleted_in_the_panel_is_no_trouble(kind, get):
    stage = staged(EVERYTHING, get=get)
    stage.found_group_there()
    stage.sync()
    _, item = first(stage, kind)
    stage.remove_there(item.id)
    runs = [next_sync(stage) for _ in range(3)]
    assert {run.outcome for run in runs} == {SyncRun.Outcome.OK}
    assert not any(run.problem for run in runs)
    settled(stage)


@pytest.mark.parametrize("kind", ["conference", "group"])
def test_the_lists_of_what_is_missed_are_not_asked_for(kind):
    stage = staged(EVERYTHING)
    stage.found_group_there()
    stage.sync()
    stage.remove_there(first(stage, kind)[1].id)
    before = len(stage.world.calls)
    next_sync(stage)
    assert len(stage.world.calls) - before == stage.world.pages(stage.kinds)


@pytest.mark.parametrize("get", [True, False])
@pytest.mark.parametrize("kind", ["conference", "group"])
def test_what_is_deleted_while_a_sync_runs_is_no_trouble(kind, get):
    stage = staged(EVERYTHING, get=get)
    stage.found_group_there()
    stage.sync()
    _, item = first(stage, kind)
    number = next(
        n
        for n, call in enumerate(_calls_of_a_sync(stage))
        if call == ("list", {"conference": "moderator", "group": "membership"}[kind])
    )
    run = next_sync(stage, meanwhile={number: lambda: stage.remove_there(item.id)})
    assert (run.outcome, run.problem) == (SyncRun.Outcome.OK, "")
    settled(stage)


def _calls_of_a_sync(stage):
    before = len(stage.world.calls)
    stage.sync()
    return stage.world.calls[before:]


def test_the_command_ends_well_after_a_deletion_in_the_panel():
    stage = staged(EVERYTHING)
    stage.remove_there(first(stage, "conference")[1].id)
    call_command("sync", account=stage.account.label, dry_run=True, stdout=StringIO())
    call_command("sync", account=stage.account.label, stdout=StringIO())


def test_a_list_that_is_refused_although_its_parent_stands_is_told():
    stage = staged(CREW)
    listed = next(
        n for n, call in enumerate(_calls_of_a_sync(stage)) if call == ("list", "moderator")
    )
    run = next_sync(stage, troubles={listed: "not found"})
    assert run.outcome == SyncRun.Outcome.PARTIAL
    assert "could not be trusted" in run.problem


# gone and back with the same id -------------------------------------------------------------------


def taken_out(stage, kind):
    """Somebody is removed here; answers the row, and what puts them back there."""
    pk, item = first(stage, kind)
    row_of = {"membership": stage.leave_here, "moderator": stage.unassign_here}
    row = next(row for row in stage.standing(kind) if row.pk == pk)
    if kind == "registration":
        stage.withdraw_here(pk)
    else:
        row_of[kind](row if kind == "membership" else pk)
    again = {
        "membership": stage.join_there,
        "moderator": stage.assign_there,
        "registration": stage.register_there,
    }[kind]
    return row, lambda: again(item.parent, WHO)


@pytest.mark.parametrize("kind", ["membership", "moderator", "registration"])
def test_who_was_removed_here_and_is_back_there_stands_here_again(kind):
    stage = staged(EVERYTHING, lasting_ids=True, withdraw=True)
    row, put_back_there = taken_out(stage, kind)
    next_sync(stage)
    next_sync(stage)
    put_back_there()
    next_sync(stage)
    row.refresh_from_db()
    assert row.removed_at is None
    assert not Conflict.objects.filter(sort=Conflict.Sort.DELETE).exists()
    assert Change.objects.filter(kind=kind, local_id=row.pk, action="back there").exists()
    settled(stage)


def test_what_a_platform_goes_on_showing_was_not_made_anew(monkeypatch):
    stage = staged(EVERYTHING, lasting_ids=True, withdraw=True)
    monkeypatch.setattr(stage.world, "remove", lambda item_id: stage.world.items[item_id])
    row, _ = taken_out(stage, "registration")
    for _ in range(3):
        next_sync(stage)
    row.refresh_from_db()
    assert row.removed_at
    assert Conflict.objects.filter(sort=Conflict.Sort.DELETE, kind="registration").exists()


def test_somebody_deleted_here_who_comes_back_there_is_a_person_again():
    """Forgotten here, removed there, and registered there again under the same id."""
    stage = Stage(kinds=PEOPLE, lasting_ids=True)
    stage.add_person_there(WHO)
    stage.sync()
    Attendee.objects.get().delete()
    stage.remove_there(stage.world.of("attendee")[0].id)
    for _ in range(3):
        next_sync(stage)
    stage.add_person_there(WHO)
    settled(stage)
    assert Attendee.objects.get().email == WHO


# what we sent on somebody's behalf ----------------------------------------------------------------


def invited(**options):
    """Somebody whom our registration has brought to the platform, and no list has shown."""
    stage = Stage(kinds=EVERYTHING, **options)
    stage.add_there()
    stage.sync()
    row = stage.invite_here(Conference.objects.get().pk, WHO)
    engine.push_account(stage.account.pk)  # at once, without a list before it
    assert [item.fields["email"] for item in stage.world.of("attendee")] == [WHO]
    assert not PlatformLink.objects.filter(kind="attendee").exclude(external_id=None).exists()
    return stage, row.attendee


@pytest.mark.parametrize("adds_people", [True, False])
@pytest.mark.parametrize("name", ["first_name", "last_name"])
def test_a_name_corrected_here_soon_after_inviting_reaches_the_platform(name, adds_people):
    stage, person = invited(adds_people=adds_people)
    stage.edit_person(person.pk, name)
    typed = stage.our_edits["attendee", person.pk, name]
    settled(stage)
    person.refresh_from_db()
    assert getattr(person, name) == typed
    assert stage.world.of("attendee")[0].fields[name] in (typed.strip()[:20], typed.strip().upper())


@pytest.mark.parametrize("adds_people", [True, False])
@pytest.mark.parametrize("name", ["first_name", "last_name"])
def test_a_name_corrected_there_soon_after_inviting_comes_here(name, adds_people):
    stage, person = invited(adds_people=adds_people)
    item = stage.world.of("attendee")[0]
    stage.edit_there(item.id, name)
    settled(stage)
    person.refresh_from_db()
    assert getattr(person, name) == item.fields[name] == stage.their_edits[item.id, name]


def test_a_note_about_somebody_who_is_not_shown_yet_waits():
    stage, person = invited(adds_people=False)
    hidden = stage.world.items.pop(stage.world.of("attendee")[0].id)
    stage.edit_person(person.pk, "first_name")
    stage.sync()
    entry = OutboxEntry.objects.get(kind="attendee", local_id=person.pk)
    assert entry.state == OutboxEntry.State.WAITING
    stage.world.items[hidden.id] = hidden
    settled(stage)
    assert (
        hidden.fields["first_name"]
        == stage.our_edits["attendee", person.pk, "first_name"].strip()[:20]
    )


def test_who_is_brought_along_in_this_round_is_met_by_their_own_note():
    """A note about somebody, after another about a person has had the list of people read, and a
    registration has brought this one along meanwhile: no second link, and no end of the round."""
    stage = staged(EVERYTHING)
    other = Attendee.objects.create(email="other@example.com", first_name="Otto")
    outbox.add(stage.account, "attendee", other.pk)
    room = Conference.objects.first()
    person = stage.invite_here(room.pk, "brought@example.com").attendee
    outbox.ensure(stage.account, "attendee", [person.pk])
    engine.push_account(stage.account.pk)
    assert PlatformLink.objects.filter(kind="attendee", local_id=person.pk).count() == 1
    settled(stage)


def test_somebody_who_is_never_shown_does_not_keep_a_note_waiting_for_ever():
    """A guest who is invited by address alone is nobody on the platform."""
    stage, person = invited(adds_people=False)
    stage.world.items.pop(stage.world.of("attendee")[0].id)
    stage.edit_person(person.pk, "first_name")
    for _ in range(4):
        next_sync(stage)
    assert not OutboxEntry.objects.exclude(state="done").exists()
    stage.check_quiet()
