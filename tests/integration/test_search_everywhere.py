"""Whatever is searched or sorted knows every alphabet and case, on each database alike."""

import pytest
from django.db import connection

from portal.conferences import tasks
from portal.conferences.admin.people import AttendeeAdmin
from portal.conferences.models import Attendee, AttendeeGroup, Moderator
from portal.conferences.people.queries import people
from portal.conferences.schedule import queries
from portal.sync.kinds import KINDS
from tests.factories import (
    AccountFactory,
    AttendeeFactory,
    ConferenceFactory,
    GroupFactory,
    RegistrationFactory,
)

pytestmark = pytest.mark.django_db
DECOMPOSED = "Ju\u0308rgen Mu\u0308ller"


@pytest.mark.parametrize("typed", ["MÜLLER", "müller", "jürgen mü", DECOMPOSED, "MULLER"])
def test_a_webinar_is_found_by_its_speaker_and_its_description(typed):
    speaks, tells, other = (ConferenceFactory(title=t) for t in ("One", "Two", "Three"))
    speaks.moderators.create(name="Jürgen Müller", email="jm@example.org")
    tells.description = f"With {DECOMPOSED}, live"
    tells.save()
    found = queries.listing({"q": typed}, span=False)
    assert set(found) == {speaks, tells}
    assert other not in found
    assert list(queries.listing({"q": "JM@example.org"}, span=False)) == [speaks]


def test_a_speakers_new_name_is_found():
    row = ConferenceFactory().moderators.create(name="A", email="jm@example.org")
    row.name = "Ołena"
    row.save(update_fields=["name"])
    assert Moderator.objects.get().search_key == "olena jm@example.org"


def test_people_are_sorted_by_company_in_every_alphabet():
    for name in ("Zeta", "ähre", "Beta", "alpha", "Ödland", "omega"):
        AttendeeFactory(company=name)
    in_order = [row.company for row in people(sort="company")]
    assert in_order == ["ähre", "alpha", "Beta", "Ödland", "omega", "Zeta"]


def test_the_admin_finds_people_in_every_case(rf):
    row = AttendeeFactory(first_name="Łucja", last_name="Żółkiewska")
    admin = AttendeeAdmin(Attendee, None)
    for typed in ("łucja", "ŻÓŁKIEWSKA", "zolkiewska lucja"):
        found, _ = admin.get_search_results(rf.get("/"), Attendee.objects.all(), typed)
        assert list(found) == [row]


def test_a_group_of_a_platform_does_not_take_a_name_in_another_case():
    AttendeeGroup.objects.create(name="Ärzte")
    mirror = KINDS["group"].mirror
    assert mirror._free_name("ÄRZTE", AccountFactory(label="Ours")) == "ÄRZTE (Ours)"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("people", "Nobody matches"),
        ("groups", "No group matches"),
        ("conferences", "No webinar matches these filters"),
    ],
)
def test_more_than_anybody_types_finds_nothing_and_not_everything(client_as, url, name, said):
    ConferenceFactory(title="Ann in March")
    AttendeeFactory(first_name="Ann", last_name="Known")
    AttendeeGroup.objects.create(name="Ann and others")
    client = client_as()
    assert said not in client.get(url(name), {"q": "Ann"}).content.decode()
    for typed in ("x" * 301, "ann " * 100):
        answer = client.get(url(name), {"q": typed})
        assert said in answer.content.decode(), typed


def test_a_long_text_in_a_groups_and_a_webinars_search_finds_nobody(client_as, url):
    group, place = GroupFactory(), RegistrationFactory()
    group.members.add(place.attendee)
    client = client_as()
    for address, name in (
        (url("group", group.pk), "q"),
        (url("registrations", place.conference_id), "rq"),
    ):
        assert place.attendee.email in client.get(address, {name: ""}).content.decode()
        assert place.attendee.email not in client.get(address, {name: "x" * 301}).content.decode()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has trigrams")
def test_sqlite_reads_no_row_of_a_person_who_does_not_fit():
    AttendeeFactory.create_batch(30)
    tasks.recount()
    keys = people("ann").values_list("pk", flat=True)[:51]
    assert "COVERING INDEX attendee_by_search" in keys.explain()
