"""An entry that was merged away but has to stay: hidden, and whoever meets it finds the kept."""

import pytest

from integrations.base.records import Kind, Record
from portal.common.errors import NotPossible
from portal.common.reader.addresses import Person
from portal.common.reader.people import Candidate
from portal.conferences.models import Attendee, Membership, Registration
from portal.conferences.people import queries as queries_people
from portal.conferences.people.services import groups, people, selection
from portal.conferences.people.services.imports.judging import Verdict, judge
from portal.conferences.people.services.merging import merge
from portal.identity import roles
from portal.sync import engine
from portal.sync.mirrors.people import person_of
from portal.sync.models import PlatformLink, SyncRun
from tests.factories import AttendeeFactory, ConferenceFactory, GroupFactory, RegistrationFactory

pytestmark = pytest.mark.django_db
OTHER = "a.nn@example.com"


@pytest.fixture
def keep():
    return AttendeeFactory(email="ann@example.com", first_name="Ann", last_name="Example")


@pytest.fixture
def drop(keep, staff_user):
    """The entry that a platform knows: both were registered at one webinar there."""
    drop = AttendeeFactory(email=OTHER, first_name="Ann", last_name="Example")
    conference = ConferenceFactory()
    for person in (keep, drop):
        RegistrationFactory(conference=conference, attendee=person)
    merge(keep, drop, staff_user)
    drop.refresh_from_db()
    return drop


def test_it_says_into_whom_and_is_in_no_list(keep, drop):
    assert drop.merged_into == keep
    assert list(queries_people.people()) == [keep]
    assert selection.search("a.nn")[0] == []
    assert queries_people.likely_duplicates() == []
    assert set(queries_people.by_id({keep.pk, drop.pk})) == {keep.pk}


def test_a_name_in_the_invitation_box_means_the_kept_one(keep, drop):
    assert selection.gather("Ann Example").people == [keep]


def test_a_pasted_address_and_a_ticked_entry_mean_the_kept_one(keep, drop):
    found = selection.gather(f"{OTHER}, new@example.com", person_ids=[drop.pk])
    assert found.people == [keep]
    assert [one.email for one in found.newcomers] == ["new@example.com"]


def test_an_import_knows_the_person_by_either_address(keep, drop, staff_user):
    rows = judge([Candidate(1, OTHER), Candidate(2, "ann@example.com"), Candidate(3, "b@x.com")])
    assert [row.verdict for row in rows] == [Verdict.KNOWN, Verdict.DOUBLED, Verdict.NEW]
    assert rows[0].person == keep
    assert "person" in rows[1].reason
    assert people.add_many([Person(OTHER), Person("ann@example.com")], staff_user) == [keep]


def test_a_group_gets_the_kept_one(keep, drop, staff_user):
    group = GroupFactory()
    groups.add(group, selection.gather(OTHER), staff_user)
    assert Membership.objects.get(group=group).attendee == keep


def test_its_page_leads_on_and_it_cannot_be_edited(client_as, url, keep, drop):
    staff = client_as(roles.STAFF)
    assert staff.get(url("person", drop.pk)).url == url("person", keep.pk)
    assert staff.get(url("person-edit", drop.pk)).status_code == 404
    assert staff.get(url("person-delete", drop.pk)).status_code == 404
    assert OTHER in staff.get(url("person", keep.pk)).content.decode()
    assert f"/{drop.pk}/" not in staff.get(url("people")).content.decode()


def test_merging_on_leads_to_the_last_one(keep, drop, staff_user):
    last = AttendeeFactory(email="last@example.com")
    merge(last, keep, staff_user)
    drop.refresh_from_db()
    assert drop.merged_into == last
    with pytest.raises(NotPossible):
        merge(last, drop, staff_user)


def test_what_a_platform_says_of_the_address_is_said_of_the_kept_one(keep, drop):
    assert person_of(Record(Kind.ATTENDEE, "1", {"email": OTHER.upper()})) == keep


def test_a_sync_takes_a_registration_with_the_other_address(keep, drop, account, sandbox):
    platform = sandbox.clickmeeting("demo")
    start = ConferenceFactory.build().starts_at
    for title in ("Both there", "One there"):
        room = platform.add_room(title, starts_at=start, registration_enabled=True)
        platform.add_registration(room["id"], OTHER, "Ann", "Example")
        if title == "Both there":
            platform.add_registration(room["id"], keep.email, "Ann", "Example")
    for _ in range(2):
        run = engine.sync_account(account.pk, full=True)
        assert (run.outcome, run.problem) == (SyncRun.Outcome.OK, "")
    assert run.steps == []
    rows = Registration.objects.filter(conference__account=account)
    assert [row.attendee for row in rows] == [keep, keep]
    links = PlatformLink.objects.filter(account=account, kind="registration")
    assert sorted(links.values_list("state", flat=True)) == ["duplicate", "live", "live"]
    assert not Attendee.objects.filter(pk=drop.pk, merged_into=None).exists()
