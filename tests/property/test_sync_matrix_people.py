"""The systematic half for people, groups, members and moderators: a few scenarios, faults at every
call, and a crash at every step."""

import pytest

from portal.common import clock
from portal.conferences.models import Attendee, AttendeeGroup, Conference
from portal.sync.models import Conflict, PlatformLink
from tests.profiles import CALLS
from tests.property.play import (
    ABLE,
    POOR,
    READ_TROUBLES,
    a_crash_at_every_step,
    every_fault_at_every_call,
)
from tests.property.stage import CREW, PEOPLE, Stage

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.timeout(900)]


def record_of(stage, kind, row):
    link = PlatformLink.objects.get(account=stage.account, kind=kind, local_id=row.pk)
    return stage.world.items[link.external_id]


class Groups:
    """Three people there, one of them without an address, and a group with two members."""

    stage = {"kinds": PEOPLE}

    @staticmethod
    def set_up(stage):
        for email in ("one@example.com", "two@example.com", ""):
            stage.add_person_there(email)
        there = stage.found_group_there("The group")
        for email in ("one@example.com", "two@example.com"):
            stage.join_there(there.id, email)
        stage.sync()
        group = AttendeeGroup.objects.get()
        return group, record_of(stage, "group", group)


class LastingIds(Groups):
    """A platform on which a member is named by group and address."""

    stage = {"kinds": PEOPLE, "lasting_ids": True}


class Crew:
    """A conference with two moderators and one without an address, and what a run left behind."""

    stage = {"kinds": CREW}

    @staticmethod
    def set_up(stage):
        room = stage.add_there()
        for email in ("one@example.com", "two@example.com", "", ""):
            stage.assign_there(room.id, email)
        stage.run_there(room.id)
        stage.sync()
        return Conference.objects.get(), room


def member(group, email="one@example.com"):
    return group.memberships.get(attendee__email=email)


def member_there(stage, room, email="one@example.com"):
    return next(i for i in stage.world.of("membership", room.id) if i.fields["email"] == email)


def our_new_group(stage, group, there):
    made = stage.found_group("  A new   group ")
    stage.join_here(made.pk, "new@example.com")


def members_come_and_go(stage, group, there):
    stage.join_here(group.pk, "new@example.com")
    stage.join_there(there.id, "new@example.com")
    stage.leave_here(member(group))
    stage.world.remove(member_there(stage, there, "two@example.com").id)


def back_here(stage, group, there):
    stage.leave_here(member(group))
    stage.sync()
    stage.join_here(group.pk, "one@example.com")


def back_there(stage, group, there):
    stage.leave_here(member(group))
    stage.sync()
    stage.join_there(there.id, "one@example.com")


def gone_and_back_there(stage, group, there):
    stage.world.remove(member_there(stage, there).id)
    for _ in range(3):
        clock.advance(60)
        stage.sync()
        stage.calm()
    assert member(group).gone_at
    stage.join_there(there.id, "one@example.com")


def our_delete_their_rename(stage, group, there):
    stage.delete_group(group.pk)
    stage.edit_there(there.id, "name")


def their_delete_our_rename(stage, group, there):
    stage.rename_group(group.pk)
    stage.remove_there(there.id)


def a_person_edited_twice(stage, group, there):
    person = Attendee.objects.get(email="one@example.com")
    stage.edit_person(person.pk, "first_name")
    stage.edit_there(record_of(stage, "attendee", person).id, "last_name")


def a_person_removed_there(stage, group, there):
    person = Attendee.objects.get(email="one@example.com")
    stage.remove_there(record_of(stage, "attendee", person).id)


def moderators_change(stage, row, room):
    stage.assign_here(row.pk, "new@example.com")
    stage.assign_there(room.id, "new@example.com")
    stage.unassign_here(row.moderators.get(email="one@example.com").pk)
    stage.rename_moderator(row.moderators.get(email="two@example.com").pk)


def check_outcome(stage, scenario, row, there):
    """What staff see at the end, beyond agreement."""
    row.refresh_from_db()
    sorts = set(Conflict.objects.values_list("sort", flat=True))
    if scenario in (back_here, back_there, gone_and_back_there):
        assert member(row).removed_at is None
        assert member(row).gone_at is None
    if scenario is our_delete_their_rename:
        assert row.removed_at is None
        assert Conflict.Sort.DELETE in sorts
    if scenario is their_delete_our_rename:
        assert row.gone_at
        assert Conflict.Sort.GONE in sorts
    if scenario is a_person_removed_there:
        assert Attendee.objects.filter(email="one@example.com").exists()
        assert member(row).gone_at
    if scenario is moderators_change:
        assert not row.moderators.filter(email="").exists()


SCENARIOS = [
    (Groups, our_new_group),
    (Groups, members_come_and_go),
    (LastingIds, back_here),
    (Groups, back_there),
    (Groups, gone_and_back_there),
    (Groups, our_delete_their_rename),
    (Groups, their_delete_our_rename),
    (Groups, a_person_edited_twice),
    (Groups, a_person_removed_there),
    (Crew, moderators_change),
]
# Lost answers for all of them; of the other faults each has two in turn.
LOST_ANSWERS = ["unknown before", "unknown after", "late"]
NAMES = [scenario.__name__ for _, scenario in SCENARIOS]


@pytest.mark.parametrize(("setting", "scenario"), SCENARIOS, ids=NAMES)
def test_faults_at_every_call(setting, scenario):
    place = SCENARIOS.index((setting, scenario))
    others = ["unreachable", "slow down", *READ_TROUBLES]
    troubles = [*LOST_ANSWERS, others[place % 7], others[(place + 3) % 7]]
    assert (
        every_fault_at_every_call(setting, scenario, place, check_outcome, troubles) > 12 // CALLS
    )


@pytest.mark.parametrize(("setting", "scenario"), SCENARIOS, ids=NAMES)
def test_a_crash_at_every_step(setting, scenario):
    options = (ABLE, POOR)[SCENARIOS.index((setting, scenario)) % 2]
    assert a_crash_at_every_step(setting, scenario, options, check_outcome) > 5


def two_accounts(**options):
    """One person whom two platforms know, synced with both."""
    stage = Stage(kinds=PEOPLE, accounts=2, **options)
    for world in stage.worlds:
        stage.add_person_there("both@example.com", world)
    stage.sync_all()
    return stage, Attendee.objects.get()


def records(stage):
    return [world.of("attendee")[0] for world in stage.worlds]


@pytest.mark.parametrize("options", [ABLE, POOR], ids=["able", "poor"])
@pytest.mark.parametrize("name", ["first_name", "last_name"])
@pytest.mark.parametrize("where", ["here", "on the first", "on the second", "on both"])
def test_an_edit_of_a_person_reaches_all_accounts_once(where, name, options):
    with clock.moved():
        stage, person = two_accounts(**options)
        one, two = records(stage)
        if where == "here":
            stage.edit_person(person.pk, name)
        if where in ("on the first", "on both"):
            stage.edit_there(one.id, name)
        if where in ("on the second", "on both"):
            stage.edit_there(two.id, name)
        before = [world.writes for world in stage.worlds]
        stage.settle()
        stage.check_agreement()
        stage.check_quiet()
        writes = [w.writes - b for w, b in zip(stage.worlds, before, strict=True)]
        expected = {"here": [1, 1], "on the first": [0, 1], "on the second": [1, 0]}
        assert writes == expected.get(where, [1, 0]), "the later one wins, and is sent once"


def test_what_one_account_lacks_the_other_gives():
    with clock.moved():
        stage, _ = two_accounts()
        one, two = records(stage)
        stage.edit_there(one.id, "last_name")
        stage.settle()
        assert two.fields["last_name"] == one.fields["last_name"] != ""
