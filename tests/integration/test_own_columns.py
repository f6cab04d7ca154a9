"""Columns of one's own on people: who makes them, the values on a person, in lists and files."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from portal.common.errors import NotAllowed, NotPossible
from portal.common.reader.own import OwnColumn
from portal.conferences.models import Attendee, Change, PersonField, Tag
from portal.conferences.people import queries
from portal.conferences.people.services import fields as service
from portal.conferences.people.services import imports, merging, people
from portal.conferences.people.services import tags as tagging
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from tests.factories import AttendeeFactory, RegistrationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client_as):
    return client_as(roles.STAFF)


@pytest.fixture
def columns(db):
    made = (
        service.create("Customer no.", "text", [], None),
        service.create("Seats", "number", [], None),
        service.create("Member since", "date", [], None),
        service.create("Level", "choice", ["Gold", "Silver"], None),
        service.create("Dealer", "yes_no", [], None),
    )
    return {field.name: str(field.pk) for field in made}


VALUES = {
    "Customer no.": "K-17 =1+1",
    "Seats": 2.5,
    "Member since": "2026-03-01",
    "Level": "Gold",
    "Dealer": False,
}


def with_values(columns, **given):
    person = AttendeeFactory(**given)
    people.update(person, {"own": {columns[name]: one for name, one in VALUES.items()}}, None)
    person.refresh_from_db()
    return person


def test_an_administrator_makes_orders_and_deletes_columns(client_as, url):
    boss = client_as(roles.ADMINISTRATOR)
    boss.post(
        url("column-new"), {"name": " Region ", "kind": "choice", "choices": "North\nSouth\nnorth"}
    )
    boss.post(url("column-new"), {"name": "Seats", "kind": "number"})
    region, seats = PersonField.objects.all()
    assert (region.name, region.choices) == ("Region", ["North", "South"])
    boss.post(url("column-move", seats.pk), {"way": "up"})
    assert [one.name for one in PersonField.objects.all()] == ["Seats", "Region"]
    boss.post(url("column-move", seats.pk), {"way": "up"})  # it is the first already
    boss.post(url("column-edit", region.pk), {"name": "Area", "choices": "North"})
    region.refresh_from_db()
    assert (region.name, region.choices) == ("Area", ["North"])
    assert b"0 people have something in it" in boss.get(url("column-delete", region.pk)).content
    boss.post(url("column-delete", region.pk))
    assert [one.name for one in PersonField.objects.all()] == ["Seats"]


@pytest.mark.parametrize(
    "sent",
    [
        {"name": "", "kind": "text"},
        {"name": "x" * 61, "kind": "text"},
        {"name": "a\x00b", "kind": "text"},
        {"name": "E-Mail", "kind": "text"},  # a list's column of this name is the address
        {"name": "Vorname", "kind": "text"},
        {"name": "Tags", "kind": "text"},
        {"name": "12", "kind": "text"},
        {"name": "Level", "kind": "choice", "choices": " \n "},
        {"name": "Level", "kind": "choice", "choices": "x" * 101},
        {"name": "Level", "kind": "nonsense"},
    ],
)
def test_what_is_no_column_is_refused(client_as, url, sent):
    answer = client_as(roles.ADMINISTRATOR).post(url("column-new"), sent)
    assert answer.status_code == 422
    assert not PersonField.objects.exists()


def test_no_two_of_one_name_and_not_too_many(monkeypatch):
    service.create("Región", "text", [], None)
    with pytest.raises(NotPossible, match="Another column"):
        service.create("REGION", "text", [], None)
    monkeypatch.setattr(service, "MOST_FIELDS", 1)
    with pytest.raises(NotPossible, match="There are 1 columns"):
        service.create("Other", "text", [], None)


def test_event_staff_read_the_columns_and_change_none(staff, url, columns, staff_user):
    field = PersonField.objects.first()
    assert b"Customer no." in staff.get(url("columns")).content
    for page in ("column-edit", "column-delete"):
        assert staff.get(url(page, field.pk)).status_code == 403
        assert staff.post(url(page, field.pk), {"name": "x"}).status_code == 403
    assert staff.post(url("column-new"), {"name": "x", "kind": "text"}).status_code == 403
    assert staff.post(url("column-move", field.pk), {"way": "up"}).status_code == 403
    for act in (
        lambda: service.create("x", "text", [], staff_user),
        lambda: service.change(field, "x", [], staff_user),
        lambda: service.move(field, staff_user, up=True),
        lambda: service.delete(field, staff_user),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_values_are_typed_on_the_form_of_a_person_and_shown(staff, url, columns):
    person = AttendeeFactory()
    sent = {
        "email": person.email,
        f"own_{columns['Customer no.']}": " K-17 ",
        f"own_{columns['Seats']}": "2,5",
        f"own_{columns['Member since']}": "2026-03-01",
        f"own_{columns['Level']}": "Gold",
        f"own_{columns['Dealer']}": "no",
    }
    staff.post(url("person-edit", person.pk), sent)
    person.refresh_from_db()
    assert person.own == {columns[name]: one for name, one in VALUES.items()} | {
        columns["Customer no."]: "K-17"
    }
    page = staff.get(url("person", person.pk)).content.decode()
    for words in ("Customer no.", "K-17", "2.5", "Sun 1 Mar 2026", "Gold", "Dealer"):
        assert words in page
    form = staff.get(url("person-edit", person.pk)).context["form"]
    assert form[f"own_{columns['Seats']}"].value() == "2.5"
    assert form[f"own_{columns['Dealer']}"].value() == "no"
    staff.post(url("person-edit", person.pk), {"email": person.email})
    person.refresh_from_db()
    assert (person.own, person.own_key) == ({}, "")


def test_what_cannot_stand_there_is_refused_beside_the_field(staff, url, columns):
    person = AttendeeFactory()
    wrong = {"Seats": "many", "Member since": "soon", "Level": "Bronze", "Customer no.": "x" * 501}
    for name, text in wrong.items():
        sent = {"email": person.email, "first_name": "New", f"own_{columns[name]}": text}
        answer = staff.post(url("person-edit", person.pk), sent)
        assert answer.status_code == 422
        assert answer.context["form"].errors[f"own_{columns[name]}"]
    person.refresh_from_db()
    assert (person.own, person.first_name == "New") == ({}, False)


def test_a_choice_that_is_offered_no_more_stays_until_somebody_changes_it(staff, url, columns):
    person = with_values(columns)
    level = PersonField.objects.get(name="Level")
    service.change(level, "Level", ["Silver"], None)
    sent = {"email": person.email, f"own_{level.pk}": "Gold"}
    assert staff.post(url("person-edit", person.pk), sent).status_code == 302
    person.refresh_from_db()
    assert person.own == {str(level.pk): "Gold"}


def test_history_keeps_the_columns_name_and_platforms_hear_nothing(staff, url, columns):
    person = RegistrationFactory(conference__account__platform="trueconf").attendee
    OutboxEntry.objects.all().delete()
    people.update(person, {"own": {columns["Level"]: "Gold"}}, None)
    people.update(person, {"own": {columns["Level"]: "Silver"}}, None)
    line = Change.objects.filter(kind="attendee").first()
    assert (line.before, line.after) == ({"own:Level": "Gold"}, {"own:Level": "Silver"})
    assert not OutboxEntry.objects.exists()
    page = staff.get(url("person", person.pk)).content.decode()
    assert "own:" not in page
    lines = Change.objects.count()
    people.update(person, {"own": {columns["Level"]: "Silver"}}, None)
    assert Change.objects.count() == lines


def test_the_list_is_filtered_by_a_column(staff, url, columns):
    one = with_values(columns)
    AttendeeFactory()
    asks = {
        "Customer no.": ("k-17", "K-18"),
        "Seats": ("2,50", "2"),
        "Member since": ("1.3.2026", "2026-03-02"),
        "Level": ("GOLD", "Silver"),
        "Dealer": ("nein", "yes"),
    }
    for name, (fits, fails) in asks.items():
        for value, number in ((fits, 1), ("", 1), (fails, 0)):
            asked = {"column": columns[name], "value": value}
            page = staff.get(url("people"), asked).context["page"]
            assert [row.pk for row in page] == [one.pk][:number], asked
    for junk in ({"column": "x"}, {"column": columns["Seats"], "value": "x" * 600}):
        assert staff.get(url("people"), junk).status_code == 200


@pytest.mark.parametrize(
    ("name", "kind", "held", "asked", "found"),
    [
        ("Seats", "number", [-3, 0.5, 9, 10, 100], "9..", [9, 10, 100]),
        ("Seats", "number", [-3, 0.5, 9, 10, 100], "..0,5", [-3, 0.5]),
        ("Seats", "number", [-3, 0.5, 9, 10, 100], "0.5 .. 10", [0.5, 9, 10]),
        ("Seats", "number", [-3, 9], "9..-3", []),
        ("Seats", "number", [-3, 9], "..", []),
        ("Seats", "number", [-3, 9], "1..2..3", []),
        (
            "Seats",
            "number",
            [999999999999999, 999999999999998],
            "999999999999999..",
            [999999999999999],
        ),
        ("Since", "date", ["1999-12-31", "2026-03-01"], "2000-01-01..", ["2026-03-01"]),
        ("Since", "date", ["1999-12-31", "2026-03-01"], "..31.12.1999", ["1999-12-31"]),
        ("Since", "date", ["1999-12-31"], "2000-13-01..", []),
        ("Slot", "text", ["1..2", "1"], "1..", ["1..2"]),
    ],
)
def test_what_lies_in_a_range_is_found(name, kind, held, asked, found):
    column = service.create(name, kind, [], None).column
    service.create("Other", "text", [], None)
    AttendeeFactory()
    for value in held:
        AttendeeFactory(own={column.key: value})
    rows = queries.found(own=service.holding(column, asked))
    assert [row.own[column.key] for row in rows.order_by("pk")] == found


def test_the_list_shows_the_columns_that_an_administrator_put_there(client_as, url, columns):
    with_values(columns, first_name="Ann")
    AttendeeFactory()
    boss = client_as(roles.ADMINISTRATOR)
    page = boss.get(url("people")).content.decode()
    assert 'data-label="Member since"' not in page
    for name in ("Member since", "Dealer", "Level"):
        field = PersonField.objects.get(pk=columns[name])
        choices = {"choices": "Gold"} if name == "Level" else {}
        form = {"name": name, "listed": "on"} | choices
        assert boss.post(url("column-edit", field.pk), form).status_code == 302
    page = boss.get(url("people")).content.decode()
    assert page.count('data-label="Member since"') == 2
    assert "1 Mar 2026" in page
    assert ">No</td>" in page
    field = PersonField.objects.get(pk=columns["Seats"])
    refused = boss.post(url("column-edit", field.pk), {"name": "Seats", "listed": "on"})
    assert refused.status_code == 422
    assert "The list has room for 3 of them." in refused.content.decode()
    other = PersonField.objects.get(pk=columns["Dealer"])
    boss.post(url("column-edit", other.pk), {"name": "Dealer"})
    assert not PersonField.objects.get(pk=other.pk).listed
    assert boss.post(url("column-edit", field.pk), {"name": "Seats", "listed": "on"})
    history = boss.get(url("columns")).content.decode()
    assert "In the list" in history
    change = Change.objects.filter(kind="personfield", action="changed").latest("pk")
    assert change.after == {"listed": True}


def test_a_key_is_not_found_in_another_columns_text():
    first, second = OwnColumn("1", "A"), OwnColumn("2", "B")
    AttendeeFactory(own={"1": "x 2:y"})
    assert queries.found(own=service.holding(first, "x 2:y")).exists()
    assert not queries.found(own=service.holding(second, "y")).exists()
    assert not queries.found(own=service.holding(second, "")).exists()


def test_a_deleted_column_leaves_nothing_behind(columns):
    person, other = with_values(columns), with_values(columns)
    for name in ("Seats", "Customer no.", "Dealer", "Level", "Member since"):
        service.delete(PersonField.objects.get(name=name), None)
        person.refresh_from_db()
        assert columns[name] not in person.own
        assert person.own_key == person._own_key()
    other.refresh_from_db()
    assert (other.own, other.own_key) == ({}, "")


def test_who_was_merged_keeps_what_the_other_lacked(columns):
    keep, drop = AttendeeFactory(own={columns["Level"]: "Silver"}), with_values(columns)
    merging.merge(keep, drop, None, False)
    keep.refresh_from_db()
    assert keep.own == {columns[name]: one for name, one in VALUES.items()} | {
        columns["Level"]: "Silver"
    }


# Files ----------------------------------------------------------------------------------------


def exported(client, url, form="people-export"):
    return b"".join(client.get(url(form)).streaming_content)


def imported(content, known=imports.Known.TAKE, by=None):
    token = imports.prepare(by=by, content=content, name="people.csv")
    draft = imports.load(token, by)
    return draft, imports.apply(draft, by, known)


@pytest.mark.parametrize("form", ["people-export", "people-export-xlsx"])
def test_what_is_saved_can_be_read_again_and_changes_nothing(staff, url, columns, staff_user, form):
    one = with_values(columns, first_name="Ann", last_name="=Example", company='+Co; "A"')
    tagging.change(one, ["VIP", "=Press"], None)
    AttendeeFactory(first_name="", last_name="Bare")
    content = exported(staff, url, form)
    heading, row, *_ = csv.reader(io.StringIO(exported(staff, url).decode("utf-8-sig")))
    assert heading[-6:] == ["Tags", *columns]
    assert row[-6:] == ["'=Press; VIP", "K-17 =1+1", "2.5", "2026-03-01", "Gold", "no"]
    before = list(Attendee.objects.order_by("pk").values())
    draft, done = imported(content, by=staff_user)
    assert (done.created, done.updated, done.unchanged, done.left_out) == (0, 0, 2, 0)
    assert not [one.remarks for one in draft.candidates if one.remarks]
    assert list(Attendee.objects.order_by("pk").values()) == before
    Attendee.objects.all().delete()
    Tag.objects.all().delete()
    _draft, done = imported(content, by=staff_user)
    assert done.created == 2
    again = Attendee.objects.get(email=one.email)
    assert (again.own, again.own_key) == (one.own, one.own_key)
    assert [tag.name for tag in again.tags.all()] == ["=Press", "VIP"]
    assert exported(staff, url, form) == content


def test_a_webinars_lists_are_saved_as_xlsx_too(staff, url):
    place = RegistrationFactory(attendee__first_name="=Ann")
    session = place.conference.sessions.create(starts_at=place.conference.starts_at)
    session.attendances.create(name="-Bob", email="bob@example.com")
    for name, args, text in (
        ("registrations-export-xlsx", [place.conference_id], place.attendee.email),
        ("conference-attendance-xlsx", [place.conference_id, session.pk], "-Bob"),
    ):
        answer = staff.get(url(name, *args))
        assert answer["Content-Disposition"].endswith('.xlsx"')
        assert "no-store" in answer["Cache-Control"]
        book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
        assert text in book.get_sheet_by_index(0).to_python()[1]


def test_an_import_fills_up_or_takes_and_only_adds_tags(columns, staff_user):
    person = with_values(columns)
    tagging.change(person, ["Old"], None)
    text = f"E-mail,Level,Customer no.,Tags\n{person.email},Silver,K-99,New\n".encode()
    _draft, done = imported(text, imports.Known.KEEP, staff_user)
    assert (done.updated, done.unchanged) == (0, 1)
    _draft, done = imported(text, imports.Known.FILL, staff_user)
    person.refresh_from_db()
    assert person.own[columns["Level"]] == "Gold"
    assert [tag.name for tag in person.tags.all()] == ["New", "Old"]
    imported(text, imports.Known.TAKE, staff_user)
    person.refresh_from_db()
    assert (person.own[columns["Level"]], person.own[columns["Customer no."]]) == ("Silver", "K-99")
    line = Change.objects.filter(kind="attendee", local_id=person.pk).first()
    assert line.after == {"own:Level": "Silver", "own:Customer no.": "K-99"}


def test_the_preview_offers_own_columns_and_shows_what_differs(staff, url, columns):
    person = with_values(columns)
    text = f"Mail;Stufe;Tags\n{person.email};Silver;VIP\n"
    answer = staff.post(url("people-import"), {"text": text}, follow=True)
    how = answer.context["how"]
    offered = dict(how.fields["column_1"].choices)
    assert offered[f"own:{columns['Level']}"] == "Level"
    sent = {"action": "reread", "column_1": f"own:{columns['Level']}"}
    chosen = {name: field.initial for name, field in how.fields.items()} | sent
    page = staff.post(answer.request["PATH_INFO"], chosen, follow=True).content.decode()
    assert "Silver" in page
    assert "VIP" in page


def test_a_column_that_goes_before_the_import_is_confirmed_is_passed_over(columns, staff_user):
    text = b"E-mail,Level,Seats\nnew@example.com,Gold,5\n"
    token = imports.prepare(by=staff_user, content=text, name="x.csv")
    service.delete(PersonField.objects.get(name="Level"), None)
    imports.apply(imports.load(token, staff_user), staff_user)
    assert Attendee.objects.get().own == {columns["Seats"]: 5}


def test_many_rows_take_the_statements_of_few(columns, staff_user, url, staff):
    def statements(number):
        lines = [f"p{number}-{n}@example.com,Gold,VIP;T{n % 5}" for n in range(number)]
        text = "\n".join(["E-mail,Level,Tags", *lines]).encode()
        draft = imports.load(imports.prepare(by=staff_user, content=text, name="x"), staff_user)
        with CaptureQueriesContext(connection) as seen:
            imports.apply_part(draft.candidates, None, staff_user, imports.Known.FILL)
        return len(seen)

    statements(6)
    assert statements(200) < statements(10) + 10  # a batch holds so many values
    with CaptureQueriesContext(connection) as seen:
        exported(staff, url)
    assert len(seen) < 10
