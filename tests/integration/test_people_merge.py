"""Two entries become one person: everything moves, nothing is lost, platforms keep their peace."""

import pytest
from django.utils import timezone

from portal.common.errors import NotAllowed, NotPossible
from portal.conferences.models import (
    Attendance,
    Attendee,
    Change,
    Invitation,
    Registration,
    Session,
)
from portal.conferences.people import queries as queries_people
from portal.conferences.people.services.merging import merge
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from tests.factories import (
    AttendeeFactory,
    ConferenceFactory,
    GroupFactory,
    RegistrationFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    keep = AttendeeFactory(email="ann@example.com", first_name="Ann", last_name="", company="")
    drop = AttendeeFactory(
        email="a.nn@example.com", first_name="Anne", last_name="Example", company="Press"
    )
    return keep, drop


def pairs():
    return {(pair.one, pair.other) for pair in queries_people.likely_duplicates()}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"email": "ann.example@example.com"}, {"email": "annexample@example.com"}),
        ({"email": "ann+news@example.com"}, {"email": "ann@example.com"}),
        (
            {"first_name": "Ann", "last_name": "Example"},
            {"first_name": "ANN", "last_name": "example"},
        ),
    ],
)
def test_likely_doubles_are_found(one, other):
    first, second = AttendeeFactory(**one), AttendeeFactory(**other)
    AttendeeFactory()
    assert pairs() == {(first.pk, second.pk)}


def test_people_who_only_share_a_first_name_are_two():
    AttendeeFactory(first_name="Ann", last_name="")
    AttendeeFactory(first_name="Ann", last_name="")
    assert not pairs()


def test_everything_moves(two, staff_user):
    keep, drop = two
    row = RegistrationFactory(attendee=drop)
    Invitation.objects.create(
        conference=row.conference,
        registration=row,
        to_email=drop.email,
        state="waiting",
        not_before=timezone.now(),
    )
    common, own = GroupFactory(), GroupFactory()
    for group in (common, own):
        group.memberships.create(attendee=drop)
    common.memberships.create(attendee=keep)
    session = Session.objects.create(conference=row.conference)
    Attendance.objects.create(session=session, attendee=drop, email=drop.email)
    outcome = merge(keep, drop, staff_user)
    keep.refresh_from_db()
    row.refresh_from_db()
    assert row.attendee == keep
    assert Invitation.objects.get().to_email == keep.email
    assert {m.group for m in keep.memberships.all()} == {common, own}
    assert Attendance.objects.get().attendee == keep
    assert (keep.first_name, keep.last_name, keep.company) == ("Ann", "Example", "Press")
    assert not Attendee.objects.filter(pk=drop.pk).exists()
    assert not outcome.both
    line = Change.objects.get(action="merged away", local_id=drop.pk)
    assert line.before["email"] == "a.nn@example.com"


def test_both_at_one_webinar_one_registration_is_kept_and_it_is_said(two, staff_user):
    keep, drop = two
    conference = ConferenceFactory(title="Spring news")
    kept = RegistrationFactory(conference=conference, attendee=keep, join_url="https://x/1")
    spare = RegistrationFactory(conference=conference, attendee=drop, join_url="https://x/2")
    outcome = merge(keep, drop, staff_user)
    kept.refresh_from_db()
    spare.refresh_from_db()
    assert kept.removed_at is None
    assert spare.removed_at
    assert "Spring news" in outcome.sentence
    assert "stays" in outcome.sentence
    assert Attendee.objects.count() == 2
    assert not pairs()
    # ClickMeeting can neither change nor remove a registration: nothing is asked of it.
    assert not OutboxEntry.objects.exists()


def test_the_registration_that_stands_wins_with_its_link_and_its_mails(two, staff_user):
    keep, drop = two
    conference = ConferenceFactory()
    old = RegistrationFactory(conference=conference, attendee=keep, removed_at=timezone.now())
    stands = RegistrationFactory(conference=conference, attendee=drop, join_url="https://x/2")
    letter = Invitation.objects.create(
        conference=conference,
        registration=old,
        to_email=keep.email,
        state="sent",
        not_before=timezone.now(),
    )
    merge(keep, drop, staff_user)
    assert Registration.objects.get(pk=stands.pk).attendee == keep
    assert Registration.objects.get(pk=stands.pk).removed_at is None
    assert Registration.objects.get(pk=old.pk).attendee == drop
    assert Invitation.objects.filter(pk=letter.pk).exists()
    assert not Attendee.objects.filter(email__endswith="exchange.invalid").exists()


@pytest.mark.parametrize("stands", ["keep", "drop"])
def test_in_a_draft_nobody_else_knows_and_one_goes(two, staff_user, stands):
    keep, drop = two
    conference = ConferenceFactory(draft=True)
    ended = timezone.now()
    rows = {
        "keep": RegistrationFactory(
            conference=conference, attendee=keep, removed_at=None if stands == "keep" else ended
        ),
        "drop": RegistrationFactory(conference=conference, attendee=drop),
    }
    merge(keep, drop, staff_user)
    left = Registration.objects.get()
    assert left.pk == rows[stands].pk
    assert left.attendee == keep
    assert Attendee.objects.get() == keep


def test_one_person_is_not_merged_and_a_viewer_merges_nobody(two, staff_user, viewer_user):
    keep, drop = two
    with pytest.raises(NotPossible):
        merge(keep, keep, staff_user)
    with pytest.raises(NotAllowed):
        merge(keep, drop, viewer_user)
    assert Attendee.objects.count() == 2


def test_the_pages_show_both_and_merge_the_chosen(client_as, url, two):
    keep, drop = two
    RegistrationFactory(attendee=drop)
    staff = client_as(roles.STAFF)
    assert b"a.nn@example.com" in staff.get(url("people-merge")).content
    page = url("people-merge-pair", keep.pk, drop.pk)
    shown = staff.get(page)
    assert b"Press" in shown.content
    assert staff.post(page, {"keep": "x"}).status_code == 200
    answer = staff.post(page, {"keep": keep.pk})
    assert answer.url == url("person", keep.pk)
    assert Attendee.objects.get() == keep
    assert staff.get(page).status_code == 404
    assert staff.get(url("people-merge-pair", keep.pk, keep.pk)).status_code == 404
