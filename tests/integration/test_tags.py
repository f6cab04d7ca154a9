"""Tags on people: one and many, in every role, renamed, merged and deleted, at no cost by size."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.common.errors import NotAllowed, NotPossible
from portal.conferences.models import Attendee, Change, Tag
from portal.conferences.people import queries
from portal.conferences.people.queries import tags as queries_tags
from portal.conferences.people.services import merging
from portal.conferences.people.services import tags as service
from portal.identity import roles
from tests.factories import AttendeeFactory, GroupFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client_as):
    return client_as(roles.STAFF)


def names(person):
    return [tag.name for tag in person.tags.all()]


def crowd(number, mark="c"):
    Attendee.objects.bulk_create(
        Attendee(email=f"{mark}{n}@example.com", last_name=f"{mark}{n}") for n in range(number)
    )
    return Attendee.standing.filter(email__startswith=mark)


def test_names_are_read_with_commas_and_each_once():
    assert service.names_in(" VIP ; Presse,presse\n,, Café ") == ["VIP", "Presse", "Café"]
    assert service.names_in("  ,;") == []
    for wrong in ("x" * 61, "\u0301", "a\x00b", ",".join(f"t{n}" for n in range(21))):
        with pytest.raises(NotPossible):
            service.names_in(wrong)


def test_case_and_accents_make_no_other_tag(staff_user):
    one, other = AttendeeFactory(), AttendeeFactory()
    service.change(one, ["Café"], staff_user)
    service.change(other, ["CAFE"], staff_user)
    assert names(one) == names(other) == ["Café"]


def test_tagging_on_the_page_of_a_person_and_back(staff, url):
    person = AttendeeFactory()
    page = url("person-tags", person.pk)
    answer = staff.post(page, {"tags": "VIP, Press"}, follow=True)
    assert names(person) == ["Press", "VIP"]
    assert b"Tagged: VIP, Press" in answer.content or b"Tagged: Press, VIP" in answer.content
    staff.post(page, {"tags": "vip", "way": "take"})
    assert names(person) == ["Press"]
    assert b"Tag taken off: VIP" in staff.get(url("person", person.pk)).content
    lines = Change.objects.filter(kind="attendee", local_id=person.pk).count()
    staff.post(page, {"tags": "press"})  # it is there already: nothing happened
    assert Change.objects.filter(kind="attendee", local_id=person.pk).count() == lines


@pytest.mark.parametrize("text", ["", " , ", "x" * 61, "a\x00", "x" * 3000])
def test_what_is_no_tag_is_refused_with_a_sentence(staff, url, text):
    person = AttendeeFactory()
    answer = staff.post(url("person-tags", person.pk), {"tags": text}, follow=True)
    assert [str(one) for one in answer.context["messages"]]
    assert not Tag.objects.exists()


def test_the_ticked_and_all_found_are_tagged_in_one_go(staff, url):
    people = list(crowd(3))
    other = AttendeeFactory(company="Elsewhere")
    asked = {"which": "ticked", "person": [people[0].pk, people[1].pk], "q": "example"}
    page = staff.get(url("people-tag"), asked)
    assert b"Tag 2 people" in page.content
    sent = dict(page.context["fields"]) | {"person": asked["person"], "tags": "VIP", "way": "put"}
    answer = staff.post(url("people-tag"), sent)
    assert answer["Location"] == url("people") + "?q=example"
    assert [names(one) for one in people] == [["VIP"], ["VIP"], []]
    lines = Change.objects.filter(kind="tag")
    assert [str(line.sentence) for line in lines] == ["Put on 2 people"]
    staff.post(
        url("people-tag"), {"which": "all", "q": "Elsewhere", "tags": "Far, VIP", "way": "put"}
    )
    assert names(other) == ["Far", "VIP"]
    assert names(people[2]) == []
    staff.post(url("people-tag"), {"which": "all", "tag": "vip", "tags": "VIP", "way": "take"})
    assert Tag.objects.get(name="VIP").people.count() == 0
    assert names(other) == ["Far"]


def test_nobody_ticked_leads_back(staff, url):
    AttendeeFactory()
    for asked in ({}, {"which": "ticked"}, {"person": "0"}, {"person": "9" * 40}):
        assert staff.get(url("people-tag"), asked)["Location"] == url("people")


def test_a_tag_that_is_none_cannot_be_taken_off(staff, url):
    person = AttendeeFactory()
    sent = {"person": person.pk, "tags": "Nothing", "way": "take"}
    answer = staff.post(url("people-tag"), sent)
    assert answer.status_code == 422
    assert b"There is no tag of this name: Nothing." in answer.content


def test_the_list_is_filtered_by_a_tag(staff, url, staff_user):
    tagged = AttendeeFactory()
    AttendeeFactory()
    service.change(tagged, ["Presse-Club"], staff_user)
    page = staff.get(url("people"), {"tag": "PRESSE-club"}).context["page"]
    assert [row.pk for row in page] == [tagged.pk]
    nobody = staff.get(url("people"), {"tag": "no such"})
    assert b"Nobody matches" in nobody.content


def test_a_tag_is_renamed_and_another_ones_name_is_refused(staff, url, staff_user):
    person = AttendeeFactory()
    service.change(person, ["Old", "Other"], staff_user)
    tag = Tag.objects.get(name="Old")
    staff.post(url("tag-rename", tag.pk), {"name": "New"})
    assert names(person) == ["New", "Other"]
    answer = staff.post(url("tag-rename", tag.pk), {"name": "OTHER"})
    assert answer.status_code == 422
    assert b"Merge the two instead" in answer.content
    assert staff.post(url("tag-rename", tag.pk), {"name": "a, b"}).status_code == 422
    staff.post(url("tag-rename", tag.pk), {"name": "NEW"})  # the same key: only the case
    assert names(person) == ["NEW", "Other"]


def test_two_tags_become_one(staff, url, staff_user):
    both, first, second = AttendeeFactory.create_batch(3)
    service.change(both, ["A", "B"], staff_user)
    service.change(first, ["A"], staff_user)
    service.change(second, ["B"], staff_user)
    drop, keep = Tag.objects.get(name="A"), Tag.objects.get(name="B")
    assert b"2 people" in staff.get(url("tag-merge", drop.pk)).content
    assert staff.post(url("tag-merge", drop.pk), {"into": "a"}).status_code == 422
    assert staff.post(url("tag-merge", drop.pk), {"into": "none"}).status_code == 422
    answer = staff.post(url("tag-merge", drop.pk), {"into": "b"})
    assert answer["Location"] == url("tag", keep.pk)
    assert [names(one) for one in (both, first, second)] == [["B"]] * 3
    assert b"Took in the tag A, which was on 2 people" in staff.get(url("tag", keep.pk)).content


def test_a_tag_is_deleted_after_its_consequence_was_named(staff, url, staff_user):
    person = AttendeeFactory()
    service.change(person, ["Gone"], staff_user)
    tag = Tag.objects.get()
    asked = staff.get(url("tag-delete", tag.pk))
    assert b"It is taken off 1 person" in asked.content
    assert Tag.objects.exists()
    staff.post(url("tag-delete", tag.pk))
    assert not Tag.objects.exists()
    assert Attendee.objects.filter(pk=person.pk).exists()
    with pytest.raises(NotPossible):
        service.rename(tag, "Back", staff_user)


def test_who_was_merged_keeps_the_tags_of_both(staff_user):
    keep, drop = AttendeeFactory(), AttendeeFactory()
    service.change(keep, ["A"], staff_user)
    service.change(drop, ["A", "B"], staff_user)
    merging.merge(keep, drop, staff_user, False)
    assert names(keep) == ["A", "B"]


def test_viewers_read_tags_and_change_none(client_as, url, staff_user, viewer_user):
    person = AttendeeFactory()
    service.change(person, ["VIP"], staff_user)
    tag, viewer = Tag.objects.get(), client_as(roles.VIEWER)
    for page in (url("tags"), url("tag", tag.pk), url("person", person.pk), url("people")):
        answer = viewer.get(page)
        assert answer.status_code == 200
        assert b"VIP" in answer.content
        assert b'name="person"' not in answer.content
    for page in ("tag-rename", "tag-merge", "tag-delete"):
        assert viewer.post(url(page, tag.pk), {"name": "x"}).status_code == 403
    assert viewer.post(url("people-tag"), {"person": person.pk}).status_code == 403
    assert viewer.post(url("person-tags", person.pk), {"tags": "x"}).status_code == 403
    rows = Attendee.standing.all()
    for act in (
        lambda: service.put_on(rows, ["x"], viewer_user),
        lambda: service.take_off(rows, ["VIP"], viewer_user),
        lambda: service.change(person, ["x"], viewer_user),
        lambda: service.rename(tag, "x", viewer_user),
        lambda: service.merge(tag, tag, viewer_user),
        lambda: service.delete(tag, viewer_user),
        lambda: service.create("x", viewer_user),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_there_is_an_end_to_tags(staff_user, monkeypatch):
    monkeypatch.setattr(service, "MOST_TAGS", 2)
    person = AttendeeFactory()
    service.change(person, ["A", "B"], staff_user)
    with pytest.raises(NotPossible, match="There are 2 tags"):
        service.change(person, ["C"], staff_user)
    service.change(AttendeeFactory(), ["a"], staff_user)  # one that is there


def test_many_people_take_the_statements_of_few(staff_user):
    def statements(act):
        with CaptureQueriesContext(connection) as seen:
            assert act() > 0
        return len(seen)

    few, many = crowd(3, "few"), crowd(1200, "many")
    service.put_on(few, ["first"], staff_user)  # whose role is known from here on
    service.take_off(few, ["first"], staff_user)
    assert statements(lambda: service.put_on(few, ["A", "B"], staff_user)) == statements(
        lambda: service.put_on(many, ["C", "D"], staff_user)
    )
    assert {tag.name: tag.size for tag in queries_tags.tags()} == {
        "A": 3,
        "B": 3,
        "C": 1200,
        "D": 1200,
        "first": 0,
    }
    assert service.put_on(many, ["C"], staff_user) == 0
    assert statements(lambda: service.take_off(few, ["A", "B"], staff_user)) == statements(
        lambda: service.take_off(many, ["C", "D"], staff_user)
    )
    assert service.put_on(many, ["A", "B"], staff_user) == 1200


def test_all_found_are_those_of_the_list(staff_user):
    group = GroupFactory()
    inside = AttendeeFactory(company="Müller & Co")
    AttendeeFactory(company="Muller & Co")
    group.memberships.create(attendee=inside)
    rows = queries.found("müller", str(group.pk))
    assert service.put_on(rows, ["One"], staff_user) == 1
    assert [row.pk for row in queries.people(tag="one")] == [inside.pk]
