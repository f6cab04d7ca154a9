"""The same group, invited to the same webinars by two people in the same moment, each on a
connection of its own: it is kept once, and nobody meets an error or hears twice."""

from functools import partial

import pytest
from django.db import transaction

from portal.conferences.audience.services import invite, invited_groups
from portal.conferences.jobs import services as jobs
from portal.conferences.models import Invitation, InvitedGroup, Membership, Registration
from portal.conferences.people.services import groups as deleting
from portal.conferences.people.services.selection import gather
from tests.factories import AccountFactory, AttendeeFactory, ConferenceFactory, GroupFactory
from tests.factories.rooms import furnish
from tests.support.racing import refused_at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 3


@pytest.fixture(autouse=True)
def rooms(monkeypatch):
    furnish(monkeypatch)


@pytest.fixture
def coming():
    return ConferenceFactory(account=AccountFactory(platform="plenty"))


@pytest.fixture
def group():
    made = GroupFactory(name="Sales Europe")
    Membership.objects.bulk_create(
        Membership(group=made, attendee=one) for one in AttendeeFactory.create_batch(3)
    )
    return made


def kept():
    return sorted(InvitedGroup.objects.values_list("conference", "group"))


def test_invited_by_two_at_once_it_is_kept_once_and_nobody_hears_twice(coming, group, staff_user):
    found = gather(group_ids=[group.pk])
    how = invite.How(staff_user, register=False, groups=found.groups)

    def act():
        jobs.invite(coming, invite.plan(coming, found), how)

    assert refused_at_once(act, act) == []
    assert kept() == [(coming.pk, group.pk)]
    assert Registration.objects.filter(conference=coming).count() == 3
    letters = Invitation.objects.values_list("registration", flat=True)
    assert len(letters) == len(set(letters)) == 3


def test_the_rows_alone_meet_in_no_error_whatever_their_order(coming, group):
    """Also where no lock of a webinar keeps the two apart."""
    rows = [coming, *(ConferenceFactory(account=coming.account) for _ in range(5))]
    groups = [group.pk, *(GroupFactory(name=f"Group {n}").pk for n in range(5))]

    def keep(some, ids):
        with transaction.atomic():
            invited_groups.keep(some, ids)

    for _ in range(ROUNDS):
        InvitedGroup.objects.all().delete()
        ways = (rows, groups), (rows[::-1], groups[::-1])
        assert refused_at_once(*(partial(keep, *way) for way in ways)) == []
        assert kept() == sorted((row.pk, pk) for row in rows for pk in groups)


def test_deleted_in_that_moment_it_goes_and_nobody_meets_an_error(coming, staff_user):
    def keep(pk):
        with transaction.atomic():
            invited_groups.keep([coming], [pk])

    for n in range(ROUNDS):
        made = GroupFactory(name=f"Group {n}")
        invites = partial(keep, made.pk)
        wrong = refused_at_once(invites, partial(deleting.delete, made, staff_user), invites)
        assert wrong == []
        assert kept() == []
