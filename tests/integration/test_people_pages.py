"""The pages about people: every role, without script, with nasty input, and nothing lost."""

import pytest

from portal.conferences.models import Attendee, AttendeeGroup, Change
from portal.identity import roles
from tests.factories import (
    AccountFactory,
    AttendeeFactory,
    ConferenceFactory,
    GroupFactory,
    RegistrationFactory,
)

pytestmark = pytest.mark.django_db

NASTY = [
    "",
    " ",
    "'",
    '"',
    "<script>alert(1)</script>",
    "=1+1",
    "%00",
    "\u202e",
    "🦊" * 50,
    "a" * 5000,
    "../../etc/passwd",
    "-1",
    "9" * 40,
    "1e9",
    "None",
    "' OR 1=1 --",
    "{{ 7*7 }}",
    "\\",
    "%",
]


@pytest.fixture
def staff(client_as):
    return client_as(roles.STAFF)


@pytest.fixture
def world():
    group = GroupFactory(name="Partners <b>")
    person = AttendeeFactory(first_name="<b>Ann</b>", last_name="Example", company="=1+1")
    group.memberships.create(attendee=person)
    registration = RegistrationFactory(attendee=person)
    return {"group": group, "person": person, "registration": registration}


def reading_pages(world, url):
    conference = world["registration"].conference
    return [
        url("people"),
        url("person", world["person"].pk),
        url("groups"),
        url("group", world["group"].pk),
        url("registrations", conference.pk),
        url("invite-progress", conference.pk),
    ]


def acting_pages(world, url):
    conference, person, group = (
        world["registration"].conference,
        world["person"],
        world["group"],
    )
    return [
        url("person-new"),
        url("person-edit", person.pk),
        url("person-delete", person.pk),
        url("people-import"),
        url("people-merge"),
        url("people-export"),
        url("group-new"),
        url("group-edit", group.pk),
        url("group-delete", group.pk),
        url("invite", conference.pk),
        url("registration-withdraw", world["registration"].pk),
        url("registrations-export", conference.pk),
        url("people-merge-pair", person.pk, AttendeeFactory().pk),
    ]


def test_staff_open_every_page(staff, world, url):
    for page in reading_pages(world, url) + acting_pages(world, url):
        assert staff.get(page).status_code == 200, page


def test_viewers_read_and_do_not_act(client_as, world, url):
    viewer = client_as(roles.VIEWER)
    for page in reading_pages(world, url):
        assert viewer.get(page).status_code == 200, page
    for page in acting_pages(world, url):
        assert viewer.get(page).status_code == 403, page
        assert viewer.post(page, {"keep": world["person"].pk}).status_code in (403, 405), page
    conference = world["registration"].conference
    data = {"registration": world["registration"].pk, "action": "withdraw", "do": "yes"}
    assert viewer.post(url("registrations", conference.pk), data).status_code == 403
    group = world["group"]
    data = {"action": "remove", "member": world["person"].pk}
    assert viewer.post(url("group-members", group.pk), data).status_code == 403
    assert group.memberships.filter(removed_at=None).exists()
    world["registration"].refresh_from_db()
    assert world["registration"].removed_at is None


def test_nobody_reads_without_signing_in(client, world, url):
    for page in reading_pages(world, url) + acting_pages(world, url):
        assert client.get(page).status_code == 302, page


@pytest.mark.parametrize("text", NASTY)
def test_nasty_addresses_of_pages(staff, world, url, text):
    conference = world["registration"].conference
    for page in (url("people"), url("groups"), url("group", world["group"].pk)):
        query = {"q": text, "group": text, "sort": text, "page": text}
        answer = staff.get(page, query)
        assert answer.status_code == 200
        assert b"<script>alert" not in answer.content
    query = {"rq": text, "rstate": text, "rpage": text}
    assert staff.get(url("registrations", conference.pk), query).status_code == 200
    assert staff.get(url("people-export"), {"q": text, "group": text}).status_code == 200


def test_what_people_typed_is_shown_escaped(staff, world, url):
    for page in reading_pages(world, url)[:5]:
        assert b"<b>" not in staff.get(page).content, page


def test_search_filter_sort_and_pages(staff, url):
    group = GroupFactory()
    for number in range(60):
        AttendeeFactory(first_name="Kim", last_name=f"Number{number:02}", company="Example Press")
    odd = AttendeeFactory(first_name="Zoe", last_name="Zebra", email="zoe@example.org")
    group.memberships.create(attendee=odd)
    first = staff.get(url("people"))
    assert b"51" not in first.content.split(b"Number50")[0][-50:]
    assert len(first.context["page"]) == 50
    assert first.context["page"].paginator.count == 61
    assert len(staff.get(url("people"), {"page": 2}).context["page"]) == 11
    found = staff.get(url("people"), {"q": "zeb zoe@"}).context["page"]
    assert [row.pk for row in found] == [odd.pk]
    assert [row.pk for row in staff.get(url("people"), {"group": group.pk}).context["page"]] == [
        odd.pk
    ]
    assert staff.get(url("people"), {"group": "none"}).context["page"].paginator.count == 60
    assert staff.get(url("people"), {"sort": "-name"}).context["page"][0] == odd
    part = staff.get(url("people"), {"q": "zebra"}, headers={"HX-Request": "true"})
    assert b"<html" not in part.content
    assert b"zoe@example.org" in part.content


def test_list_costs_a_fixed_number_of_queries(staff, url, django_assert_max_num_queries):
    group = GroupFactory()
    for _ in range(50):
        person = AttendeeFactory()
        group.memberships.create(attendee=person)
        RegistrationFactory(attendee=person)
    with django_assert_max_num_queries(14):
        staff.get(url("people"))


def test_add_mend_and_history(staff, url):
    data = {"email": "ANN@Example.COM", "first_name": " Ann ", "last_name": "Example"}
    answer = staff.post(url("person-new"), data)
    person = Attendee.objects.get()
    assert answer.url == url("person", person.pk)
    assert (person.email, person.first_name) == ("ann@example.com", "Ann")
    staff.post(url("person-edit", person.pk), data | {"company": "Example Press"})
    person.refresh_from_db()
    assert person.company == "Example Press"
    changed = Change.objects.get(kind="attendee", action="changed")
    assert (changed.before, changed.after) == ({"company": ""}, {"company": "Example Press"})
    assert changed.actor == staff.user
    assert b"Example Press" in staff.get(url("person", person.pk)).content


def test_a_known_address_is_said_beside_its_field(staff, url):
    person = AttendeeFactory(email="ann@example.com")
    other = AttendeeFactory(email="bob@example.com")
    for page in (url("person-new"), url("person-edit", other.pk)):
        answer = staff.post(page, {"email": "Ann@example.com", "first_name": "A"})
        assert answer.status_code == 422
        assert "email" in answer.context["form"].errors
    assert Attendee.objects.count() == 2
    assert person.first_name == Attendee.objects.get(pk=person.pk).first_name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("email", "no address"),
        ("email", "a@b"),
        ("email", "x" * 300 + "@example.com"),
        ("email", "a\x00b@example.com"),
        ("first_name", "x" * 300),
        ("last_name", "a\x00b"),
        ("last_name", "\ue000gnp.exe"),
        ("country", "Germany"),
        ("country", "1"),
        ("company", "x" * 201),
        ("phone", "1" * 61),
        ("email", "ann@exa mple.com"),
        ("email", "a@example.com\nBcc: x@example.com"),
    ],
)
def test_what_cannot_be_kept_is_said(staff, url, name, value):
    data = {"email": "ann@example.com"} | {name: value}
    answer = staff.post(url("person-new"), data)
    assert answer.status_code == 422
    assert name in answer.context["form"].errors
    assert not Attendee.objects.exists()


@pytest.mark.parametrize("name", ["שרה לוי", "محمد", "Łucja Żółć", "Jürgen", "李小龍", "O'Neil"])
def test_names_of_the_world_are_kept(staff, url, name):
    staff.post(url("person-new"), {"email": "one@example.com", "first_name": name})
    assert Attendee.objects.get().first_name == name


def test_only_somebody_on_whom_nothing_depends_is_deleted(staff, url, world):
    page = url("person-delete", world["person"].pk)
    assert b"the record of one webinar" in staff.get(page).content
    staff.post(page)
    assert Attendee.objects.filter(pk=world["person"].pk).exists()
    free = AttendeeFactory()
    world["group"].memberships.create(attendee=free)
    staff.post(url("person-delete", free.pk))
    assert not Attendee.objects.filter(pk=free.pk).exists()
    assert Change.objects.filter(action="deleted", local_id=free.pk, actor=staff.user).exists()


def test_csv_holds_nothing_that_a_spreadsheet_runs(staff, url, world):
    for sign in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"):
        AttendeeFactory(company=sign)
    text = b"".join(staff.get(url("people-export")).streaming_content).decode("utf-8-sig")
    import csv
    import io

    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert "'=1+1" in cells
    assert not [cell for cell in cells if cell.strip()[:1] in ("=", "+", "-", "@", "＝")]


def test_a_new_group_asks_in_plain_words_where_it_is_synced(staff, url):
    AccountFactory(platform="myownconference")
    assert "Sync it with" in staff.get(url("group-new")).content.decode()


def test_groups_make_rename_delete(staff, url):
    staff.post(url("group-new"), {"name": "  Spring  customers ", "description": "x"})
    group = AttendeeGroup.objects.get()
    assert group.name == "Spring customers"
    again = staff.post(url("group-new"), {"name": "spring CUSTOMERS"})
    assert again.status_code == 422
    assert "name" in again.context["form"].errors
    staff.post(url("group-edit", group.pk), {"name": "Summer", "description": ""})
    group.refresh_from_db()
    assert group.name == "Summer"
    person = AttendeeFactory()
    group.memberships.create(attendee=person)
    asked = staff.get(url("group-delete", group.pk))
    assert b"Its 1 member stays" in asked.content
    staff.post(url("group-delete", group.pk))
    assert not AttendeeGroup.objects.exists()
    assert Attendee.objects.get() == person


@pytest.mark.parametrize("name", ["", " ", "x" * 201, "a\x00b", "\ue000abc", "\u202e"])
def test_groups_refuse_what_is_no_name(staff, url, name):
    assert staff.post(url("group-new"), {"name": name}).status_code == 422


def test_members_come_by_name_by_tick_and_by_address(staff, url):
    group, ann, bob = GroupFactory(), AttendeeFactory(first_name="Ann"), AttendeeFactory()
    who = f"{bob.first_name} {bob.last_name}\nNew One <new@example.com>, {ann.email}"
    data = {"action": "add", "who": who, "person": [ann.pk]}
    assert staff.post(url("group-members", group.pk), data).status_code == 302
    emails = set(group.memberships.values_list("attendee__email", flat=True))
    assert emails == {ann.email, bob.email, "new@example.com"}
    data = {"action": "remove", "member": [ann.pk, bob.pk, "x", 10**30]}
    staff.post(url("group-members", group.pk), data)
    left = group.memberships.filter(removed_at=None)
    assert [row.attendee.email for row in left] == ["new@example.com"]
    staff.post(url("group-members", group.pk), {"action": "add", "who": ann.email})
    assert group.memberships.filter(removed_at=None).count() == 2
    assert group.memberships.count() == 3


def test_the_box_asks_back_when_it_is_not_clear_who_is_meant(staff, url):
    group = GroupFactory()
    for words in ("nobody at all", "", "Kim"):
        AttendeeFactory(first_name="Kim", last_name="Kim")
        answer = staff.post(url("group-members", group.pk), {"action": "add", "who": words})
        assert answer.status_code == 422
    assert not group.memberships.exists()


def test_the_box_finds_people_and_groups_while_typing(staff, url):
    conference = ConferenceFactory()
    group = GroupFactory(name="Spring customers")
    person = AttendeeFactory(first_name="Springer", last_name="Example")
    answer = staff.post(
        url("invite", conference.pk),
        {"who": "spring", "action": "find"},
        headers={"HX-Request": "true"},
    )
    assert b"<html" not in answer.content
    page = " ".join(answer.content.decode().split())
    assert f'name="group" value="{group.pk}"' in page
    assert f'name="person" value="{person.pk}"' in page
    ticked = staff.post(
        url("invite", conference.pk), {"who": "spring", "action": "find", "group": group.pk}
    )
    page = " ".join(ticked.content.decode().split())
    assert f'value="{group.pk}" id="group-{group.pk}" checked' in page
