"""The systematic half for what happens on the platform at the wrong moment: an edit before every
call of a sync, a create whose answer was lost and that a colleague changes before we look,
somebody who was removed here and is back there, a name corrected soon after inviting."""

import pytest

from integrations.base.records import Kind
from portal.common import clock
from portal.conferences.models import Attendee, Conference
from portal.sync.models import Conflict, PlatformLink
from tests.profiles import CALLS
from tests.property.modelroom.adapter import KINDS
from tests.property.play import (
    ABLE,
    POOR,
    a_crash_at_every_step,
    an_edit_at_every_call,
    every_fault_at_every_call,
)
from tests.property.test_sync_matrix import Conferences
from tests.property.test_sync_matrix_people import Crew, LastingIds, member

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.timeout(900)]
LOST_ANSWERS = ["unknown before", "unknown after", "late"]
ONE = "one@example.com"


class LastingCrew(Crew):
    """A platform on which a moderator is named by webinar and address."""

    stage = {**Crew.stage, "lasting_ids": True}


class Invited:
    """A conference on a platform that has people; whoever is registered becomes one of them."""

    stage = {"kinds": (Kind.ATTENDEE, Kind.CONFERENCE, Kind.REGISTRATION), "adds_people": False}

    @staticmethod
    def set_up(stage):
        room = stage.add_there()
        stage.sync()
        return Conference.objects.get(), room


class Withdrawing(Invited):
    """One on which a registration is named by webinar and address, and can be withdrawn."""

    stage = {**Invited.stage, "lasting_ids": True, "withdraw": True}

    @staticmethod
    def set_up(stage):
        row, room = Invited.set_up(stage)
        stage.register_there(room.id, ONE)
        stage.sync()
        return row, room


class Everything:
    """All kinds, of each a few."""

    stage = {"kinds": tuple(KINDS)}

    @staticmethod
    def set_up(stage):
        for _ in range(2):
            stage.assign_there(stage.add_there().id, ONE)
        stage.join_there(stage.found_group_there().id, ONE)
        stage.sync()
        return Conference.objects.earliest("pk"), stage.world.of(Kind.CONFERENCE)[0]


# a create that is changed there before we look ----------------------------------------------------


def unseen(stage):
    """What we have made, and do not know of."""
    known = set(PlatformLink.objects.values_list("external_id", flat=True))
    return [i.id for i in stage.world.rooms.values() if i.made_by_us and i.id not in known]


def our_create_retitled_there(stage, row, room):
    stage.schedule()


def our_create_moved_there(stage, row, room):
    stage.schedule()


def our_create_retitled_and_moved_there(stage, row, room):
    stage.schedule()


def our_create_and_their_like(stage, row, room):
    new = stage.schedule()
    stage.add_there()
    stage.like = new.title


def _retitle(stage, row, room):
    for item_id in unseen(stage):
        stage.edit_there(item_id, "title")


def _move(stage, row, room):
    for item_id in unseen(stage):
        stage.move_there(item_id)


def _retitle_and_move(stage, row, room):
    _retitle(stage, row, room)
    _move(stage, row, room)


def _copy(stage, row, room):
    """A colleague makes another of the same title, for another day."""
    stage.world.edit(stage.add_there().id, {"title": stage.like, "duration_minutes": 60})


our_create_retitled_there.then = _retitle
our_create_moved_there.then = _move
our_create_retitled_and_moved_there.then = _retitle_and_move
our_create_and_their_like.then = _copy


# gone and back ------------------------------------------------------------------------------------


def two_syncs(stage):
    for _ in range(2):
        clock.advance(120)
        stage.sync()


def member_back_there(stage, group, there):
    stage.leave_here(member(group))
    two_syncs(stage)
    stage.join_there(there.id, ONE)


def moderator_back_there(stage, row, room):
    stage.unassign_here(row.moderators.get(email=ONE).pk)
    two_syncs(stage)
    stage.assign_there(room.id, ONE)


def registered_again_there(stage, row, room):
    stage.withdraw_here(row.registrations.get().pk)
    two_syncs(stage)
    stage.register_there(room.id, ONE)


def their_delete_of_a_parent(stage, row, room):
    stage.remove_there(room.id)


# what we sent on somebody's behalf ----------------------------------------------------------------


def invited_and_corrected_here(stage, row, room):
    new = stage.invite_here(row.pk, "new@example.com")
    stage.new = new.attendee_id


def invited_and_corrected_there(stage, row, room):
    stage.invite_here(row.pk, "new@example.com")


def _correct_here(stage, row, room):
    stage.edit_person(stage.new, "first_name")


def _correct_there(stage, row, room):
    for item in stage.world.of(Kind.ATTENDEE):
        stage.edit_there(item.id, "first_name")


invited_and_corrected_here.then = _correct_here
invited_and_corrected_there.then = _correct_there


def check_outcome(stage, scenario, row, there):
    """What staff see at the end, beyond agreement."""
    if scenario in (member_back_there, moderator_back_there, registered_again_there):
        name = {member_back_there: "memberships", moderator_back_there: "moderators"}
        rows = getattr(row, name.get(scenario, "registrations"))
        assert not rows.exclude(removed_at=None, gone_at=None).exists()
    if scenario is their_delete_of_a_parent:
        row.refresh_from_db()
        assert row.gone_at
    if scenario is invited_and_corrected_there:
        for item in stage.world.of(Kind.ATTENDEE):
            assert (
                Attendee.objects.get(email=item.fields["email"]).first_name
                == (item.fields["first_name"])
            )


SCENARIOS = [
    (Conferences, our_create_retitled_there),
    (Conferences, our_create_moved_there),
    (Conferences, our_create_retitled_and_moved_there),
    (Conferences, our_create_and_their_like),
    (LastingIds, member_back_there),
    (LastingCrew, moderator_back_there),
    (Withdrawing, registered_again_there),
    (Everything, their_delete_of_a_parent),
    (Invited, invited_and_corrected_here),
    (Invited, invited_and_corrected_there),
]
NAMES = [scenario.__name__ for _, scenario in SCENARIOS]


@pytest.mark.parametrize(("setting", "scenario"), SCENARIOS, ids=NAMES)
def test_lost_answers_at_every_call(setting, scenario):
    place = SCENARIOS.index((setting, scenario))
    others = ["unreachable", "slow down", "nonsense", "row twice", "empty list", "not found"]
    troubles = [*LOST_ANSWERS, others[place % 6]]
    assert every_fault_at_every_call(setting, scenario, place, check_outcome, troubles) > 8 // CALLS


@pytest.mark.parametrize(("setting", "scenario"), SCENARIOS, ids=NAMES)
def test_a_crash_at_every_step(setting, scenario):
    options = (ABLE, POOR)[SCENARIOS.index((setting, scenario)) % 2]
    assert a_crash_at_every_step(setting, scenario, options, check_outcome) > 3


# an edit before every call ------------------------------------------------------------------------


def our_edit(stage, row, room):
    stage.edit_here(row.pk, "title")


def our_cancel(stage, row, room):
    stage.cancel_here(row.pk)


def our_rename_of_a_moderator(stage, row, room):
    stage.rename_moderator(row.moderators.get().pk)


def our_unassignment(stage, row, room):
    stage.unassign_here(row.moderators.get().pk)


def our_rename_of_a_group(stage, row, room):
    stage.rename_group(stage.standing(Kind.GROUP)[0].pk)


def our_edit_of_a_person(stage, row, room):
    stage.edit_person(Attendee.objects.get(email=ONE).pk, "first_name")


def their_edit_of(kind, name):
    def edit(stage):
        items = stage.world.of(kind)
        if items:
            stage.edit_there(items[0].id, name)

    return edit


RACES = [
    (our_edit, Kind.CONFERENCE, "title"),
    (our_cancel, Kind.CONFERENCE, "title"),
    (our_rename_of_a_moderator, Kind.MODERATOR, "name"),
    (our_unassignment, Kind.MODERATOR, "name"),
    (our_rename_of_a_group, Kind.GROUP, "name"),
    (our_edit_of_a_person, Kind.ATTENDEE, "first_name"),
]


@pytest.mark.parametrize("options", [ABLE, POOR], ids=["able", "poor"])
@pytest.mark.parametrize(("scenario", "kind", "name"), RACES, ids=[s.__name__ for s, _, _ in RACES])
def test_an_edit_at_every_call(scenario, kind, name, options):
    edit = their_edit_of(kind, name)
    assert an_edit_at_every_call(Everything, scenario, edit, options, no_more) > 8


def no_more(stage, scenario, row, room):
    """Agreement, and no edit lost, is what is asked; nobody has deleted what was edited."""
    if scenario in (our_cancel, our_unassignment) and not Conflict.objects.exists():
        assert not stage.their_edits or stage.world.deleted, "neither side has got its way"
