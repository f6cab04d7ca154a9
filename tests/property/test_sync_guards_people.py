"""What the rules about people and groups are there to prevent; `mutants` proves that these can
fail."""

import pytest

from portal.common import clock
from portal.conferences.models import Attendee, AttendeeGroup
from portal.conferences.people.services import people
from portal.sync.models import Conflict, Hold
from tests.property.stage import CREW, PEOPLE, Stage

pytestmark = pytest.mark.django_db
ONE = "one@example.com"


@pytest.fixture
def stage():
    """A group of theirs with one member, synced."""
    made = Stage(kinds=PEOPLE)
    made.add_person_there(ONE)
    made.join_there(made.found_group_there().id, ONE)
    made.sync()
    return made


def member(stage):
    return AttendeeGroup.objects.get().memberships.get()


def members_there(stage):
    return [item.fields["email"] for item in stage.world.of("membership")]


def next_sync(stage, troubles=None):
    clock.advance(120)
    stage.calm()
    return stage.sync(troubles)


def test_who_is_reinstated_here_is_put_there_anew(stage):
    stage.leave_here(member(stage))
    next_sync(stage)
    assert members_there(stage) == []
    stage.join_here(AttendeeGroup.objects.get().pk, ONE)
    next_sync(stage)
    assert members_there(stage) == [ONE]


def test_who_comes_back_there_is_not_removed_again(stage):
    group = stage.world.of("group")[0]
    stage.leave_here(member(stage))
    next_sync(stage)
    stage.join_there(group.id, ONE)
    for _ in range(3):
        next_sync(stage)
    assert members_there(stage) == [ONE]
    assert member(stage).removed_at is None


def test_who_joins_there_after_leaving_here_unsent_stays():
    """Put in and taken out here before the platform heard of it: there is nothing of ours there to
    be removed, and who joins there then was put in by others."""
    stage = Stage(kinds=PEOPLE)
    stage.add_person_there(ONE)
    there = stage.found_group_there().id
    stage.join_there(there, "other@example.com")
    stage.sync()
    stage.join_here(AttendeeGroup.objects.get().pk, ONE)
    row = AttendeeGroup.objects.get().memberships.get(attendee__email=ONE)
    stage.leave_here(row)
    next_sync(stage)
    stage.join_there(there, ONE)
    for _ in range(3):
        next_sync(stage)
    assert ONE in members_there(stage)
    row.refresh_from_db()
    assert row.removed_at is None


def test_who_registers_there_after_being_withdrawn_here_unsent_stays():
    stage = Stage(withdraw=True)
    room = stage.add_there()
    stage.sync()
    row = stage.invite_here(stage.rows()[0].pk)
    stage.withdraw_here(row.pk)
    next_sync(stage)
    stage.register_there(room.id, row.attendee.email)
    for _ in range(3):
        next_sync(stage)
    assert stage.world.of("registration", room.id)
    row.refresh_from_db()
    assert row.removed_at is None


def test_nobody_is_made_of_two_names(stage):
    """Each side has a name of its own at first sight: neither half goes over to the other."""
    Attendee.objects.create(email="two@example.com", first_name="Björk")
    stage.add_person_there("two@example.com")
    item = next(one for one in stage.world.of("attendee") if one.fields["email"][:3] == "two")
    item.fields |= {"first_name": "Bob", "last_name": "Brown"}
    stage.join_there(stage.world.of("group")[0].id, "two@example.com")
    for _ in range(3):
        next_sync(stage)
    assert Attendee.objects.get(email="two@example.com").name == "Björk"
    assert (item.fields["first_name"], item.fields["last_name"]) == ("Bob", "Brown")


def test_who_comes_back_there_without_a_name_keeps_theirs(stage):
    person = Attendee.objects.get()
    assert person.first_name
    stage.remove_there(stage.world.of("attendee")[0].id)
    for _ in range(3):
        next_sync(stage)
    stage.join_there(stage.world.of("group")[0].id, ONE)  # and so becomes a person there again
    stage.settle()
    person.refresh_from_db()
    assert person.first_name == stage.world.of("attendee")[0].fields["first_name"] != ""
    assert not Conflict.objects.filter(kind="attendee", sort=Conflict.Sort.FIELD).exists()


def test_a_group_whose_name_is_rewritten_is_found_again(stage):
    stage.found_group("  A   new group ")
    stage.sync({"create": "unknown after"})
    assert stage.world.creates, "the fault has hit the create"
    stage.settle()
    assert len(stage.world.of("group")) == 2
    stage.check_agreement()


def test_no_platform_learns_of_others():
    """Many are changed at once, as by an import: each platform hears of its own people alone."""
    stage = Stage(kinds=PEOPLE, accounts=2)
    rows = []
    for account, email in zip(stage.accounts, (ONE, "two@example.com"), strict=True):
        stage.account = account
        stage.join_here(stage.found_group().pk, email)
        rows.append(Attendee.objects.get(email=email))
    people.tell_platforms([row.pk for row in rows], None)
    stage.settle()
    there = [[item.fields["email"] for item in world.of("attendee")] for world in stage.worlds]
    assert there == [[ONE], ["two@example.com"]]


def test_moderators_without_an_address_are_passed_over():
    stage = Stage(kinds=CREW)
    room = stage.add_there()
    for email in ("", "", "host@example.com"):
        stage.assign_there(room.id, email)
    run = stage.sync()
    assert run.nameless == 2
    assert not run.problem
    row = stage.rows()[0]
    assert [one.email for one in row.moderators.all()] == ["host@example.com"]


def test_what_others_made_meanwhile_does_not_swallow_what_we_typed():
    """Our create died on the way, and somebody made the same moderator under another name."""
    stage = Stage(kinds=CREW)
    room = stage.add_there()
    stage.sync()
    row = stage.rows()[0]
    stage.assign_here(row.pk, "new@example.com")
    stage.sync({"create": "unknown before"})
    stage.assign_there(room.id, "new@example.com")
    stage.settle()
    assert row.moderators.get().name == "There new@example.com"
    kept = Conflict.objects.filter(kind="moderator", field="name").values_list("ours", flat=True)
    assert list(kept) == ["M new@example.com"]


def test_a_list_that_shows_others_instead_has_lost_nobody(stage):
    """The group's only member has left there, and another has joined: the list is no empty one."""
    group = stage.world.of("group")[0]
    (there,) = stage.world.of("membership")
    stage.remove_there(there.id)
    stage.join_there(group.id, "other@example.com")
    for _ in range(3):
        next_sync(stage)
    assert not Hold.objects.exists()
    assert [
        row.attendee.email
        for row in AttendeeGroup.objects.get().memberships.filter(gone_at=None, removed_at=None)
    ] == ["other@example.com"]


def test_an_absence_that_was_accepted_does_not_pull_the_brake_again():
    """Made by us, and removed there before a listing has told us its id."""
    stage = Stage()
    room = stage.add_there()
    stage.sync()
    row = stage.rows()[0]
    registration = stage.invite_here(row.pk)
    stage.sync()
    stage.remove_there(stage.world.of("registration", room.id)[0].id)
    stage.settle()
    registration.refresh_from_db()
    assert registration.gone_at
    stage.check_quiet()
