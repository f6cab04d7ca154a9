"""What a platform shows empty does not empty ours, where ours is told by it."""

import pytest

from integrations.base.records import Kind, Record
from portal.conferences.models import Moderator
from portal.sync.kinds import KINDS
from tests.factories import AttendeeFactory, ConferenceFactory, GroupFactory

pytestmark = pytest.mark.django_db


def row_of(kind):
    if kind is Kind.ATTENDEE:
        return AttendeeFactory(email="ann@example.org", country="DE")
    if kind is Kind.GROUP:
        return GroupFactory(name="Choir")
    conference = ConferenceFactory(title="Autumn tour")
    if kind is Kind.CONFERENCE:
        return conference
    return Moderator.objects.create(conference=conference, email="h@example.org", name="Hanna")


@pytest.mark.parametrize("nothing", ["", None])
@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (Kind.ATTENDEE, {"email"}),
        (Kind.GROUP, {"name"}),
        (Kind.CONFERENCE, {"title"}),
        (Kind.MODERATOR, {"email", "name"}),
    ],
)
def test_an_empty_key_is_never_taken(kind, names, nothing):
    mirror, row = KINDS[kind].mirror, row_of(kind)
    before = mirror.read(row)
    assert mirror.meaningful(dict.fromkeys(names, nothing)) == {}
    mirror.write(row, dict.fromkeys(names, nothing))
    row.refresh_from_db()
    assert mirror.read(row) == before


def test_a_country_that_is_no_code_is_not_cut_to_one():
    row = row_of(Kind.ATTENDEE)
    KINDS[Kind.ATTENDEE].mirror.write(row, {"country": "Deutschland", "company": "Sample"})
    row.refresh_from_db()
    assert (row.country, row.company) == ("DE", "Sample")
    KINDS[Kind.ATTENDEE].mirror.write(row, {"country": ""})
    assert row.country == "", "what is no key may be emptied there"


@pytest.mark.parametrize("kind", [Kind.MODERATOR, Kind.REGISTRATION, Kind.MEMBERSHIP])
def test_a_person_within_something_else_is_told_by_the_address(kind):
    lost = Record(kind, "1/2", {"email": None}, parent_id="1")
    assert KINDS[kind].mirror.keyless(lost)
    assert not KINDS[kind].mirror.keyless(Record(kind, "1/2", {"email": "a@example.org"}))
    assert not KINDS[kind].mirror.keyless(Record(kind, "1/2", {})), "not shown is not empty"
