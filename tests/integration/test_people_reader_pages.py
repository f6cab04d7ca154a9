"""The reader on the pages: what was guessed can be chosen, one bad line blocks nobody."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.conferences.models import Attendee, AttendeeGroup, Conference, Moderator
from portal.conferences.people import queries as queries_people
from portal.conferences.people.services import groups, people, selection
from portal.conferences.people.services.imports import Known, apply, load, prepare
from portal.identity import roles
from portal.outbox import services as outbox
from tests.factories import (
    AccountFactory,
    AttendeeFactory,
    ConferenceFactory,
    GroupFactory,
)
from tests.support.workbooks import SHEET, row, xlsx

pytestmark = pytest.mark.django_db
FILES = Path(__file__).parent.parent / "fixtures" / "people"


@pytest.fixture(autouse=True)
def elsewhere(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def staff(client_as):
    return client_as(roles.STAFF)


def upload(name, content=None):
    content = (FILES / name).read_bytes() if content is None else content
    return SimpleUploadedFile(name, content)


def preview(staff, url, name, content=None, **data):
    return staff.post(url("people-import"), {"file": upload(name, content)} | data).url


def how(staff, page):
    """The values of the form that says how the list was read."""
    form = staff.get(page).context["how"]
    return {name: form[name].value() for name in form.fields}


def test_a_guessed_encoding_is_said_and_can_be_changed(staff, url):
    page = preview(staff, url, "01-polish-cp1250.csv")
    shown = staff.get(page).content.decode()
    assert "was guessed from its letters" in shown
    assert "Żółkiewska" in shown
    staff.post(page, how(staff, page) | {"action": "reread", "codec": "cp1252"})
    assert "¯ó³kiewska" in staff.get(page).content.decode()
    staff.post(page, how(staff, page) | {"action": "reread", "codec": "cp1250"})
    staff.post(page, {"action": "import", "known": "keep"})
    assert Attendee.objects.filter(last_name="Żółkiewska").exists()


def test_what_a_column_holds_can_be_changed_and_is_kept(staff, url):
    content = b"Foo;Bar;Qux\nZeta;North;z9@x.org\n"
    page = preview(staff, url, "people.csv", content)
    assert "Guessed, please look" in staff.get(page).content.decode()
    data = how(staff, page) | {"action": "reread", "column_0": "last_name"}
    staff.post(page, data)
    staff.post(page, how(staff, page) | {"action": "reread", "column_1": "company"})
    person = load(page.split("/")[-2], staff.user).candidates[0]
    assert person.values == {"last_name": "Zeta", "company": "North"}
    staff.post(page, how(staff, page) | {"action": "reread", "heading": "0"})
    assert load(page.split("/")[-2], staff.user).choices.columns == {}


def test_another_sheet_can_be_chosen(staff, url):
    page = preview(staff, url, "08-hidden-first-sheet.xlsx")
    shown = staff.get(page).content.decode()
    assert "Old 2024" in shown
    staff.post(page, how(staff, page) | {"action": "reread", "sheet": "0"})
    assert "sheet Old 2024" in staff.get(page).content.decode()


def test_a_choice_that_cannot_be_read_leaves_the_preview_as_it_was(staff, url):
    page = preview(staff, url, "04-dutch-headings.csv")
    before = how(staff, page)
    answer = staff.post(page, before | {"action": "reread", "codec": "utf-16-le"}, follow=True)
    assert b"No e-mail address stands in it" in answer.content
    staff.post(page, how(staff, page) | {"action": "reread", "codec": "rubbish"})
    staff.post(page, {"action": "reread", "column_0": "rubbish", "heading": "x"})
    assert staff.get(page).status_code == 200
    emails = {one.email for one in load(page.split("/")[-2], staff.user).candidates}
    assert "anna@example.org" in emails


def test_what_we_export_changes_nothing_when_it_comes_back(staff, url):
    AttendeeFactory(email="ann@example.org", phone="+49 30 1234", company="-ish Ltd")
    AttendeeFactory(email="bob@example.org", first_name="\u200b=1", last_name="'=2", company="'Q'")
    AttendeeFactory(
        email="eve@example.org", first_name="Eve  Two", company="A\u00a0B", country="DE"
    )
    before = list(Attendee.objects.order_by("pk").values())
    content = b"".join(staff.get(url("people-export")).streaming_content)
    draft = load(prepare(by=staff.user, content=content, name="people.csv"), staff.user)
    assert not [one for one in draft.candidates if one.problem]
    done = apply(draft, staff.user, Known.TAKE)
    assert (done.created, done.updated) == (0, 0)
    assert list(Attendee.objects.order_by("pk").values()) == before


def test_a_name_is_found_however_its_accents_are_written(staff):
    content = (FILES / "15-decomposed-names.csv").read_bytes()
    apply(load(prepare(by=staff.user, content=content), staff.user), staff.user)
    assert Attendee.objects.get().last_name == "M\u00fcller", "kept in NFC"
    for typed in ("Müller", "müller", "MÜLLER", "Mu\u0308ller", "muller", "JÜRGEN müller"):
        assert selection.search(typed)[0], typed
        assert queries_people.people(search=typed).exists(), typed
    assert selection.gather("JÜRGEN MÜLLER").people, "a whole name in the box"


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("ŁUCJA", "łucja"),
        ("Straße", "STRASSE"),
        ("Ольга", "ОЛЬГА"),
        ("Όλγα", "όλγα"),
        ("İbrahim", "ibrahim"),
        ("Søren", "SOREN"),
        ("Đorđe", "đorđe"),
    ],
)
def test_search_knows_the_letters_of(name, typed):
    person = people.create({"email": "p@example.org", "first_name": name}, None)
    group = GroupFactory(name=f"{name} und alle")
    ConferenceFactory(title=f"{name} spricht")
    assert selection.search(typed) == ([person], [group])
    found = queries_people.groups(search=typed)
    assert list(found) == [group]


def test_names_stand_where_a_reader_looks_for_them():
    names = (
        "van den Berg|Žižka|Zander|Özil|Osman|Ångström|Abel|Łuk|Lund|müller|Muller|Müllers|Ärger|"
        "de la Cruz|de|Яковлев|Абрамов"
    )
    for number, name in enumerate(names.split("|")):
        email = f"p{number:02}@example.org"
        AttendeeFactory(email=email, first_name="A", last_name=name)
    shown = [row.last_name for row in queries_people.people()]
    assert shown == [
        "Abel",
        "Ångström",
        "Ärger",
        "de",
        "de la Cruz",
        "Łuk",
        "Lund",
        "müller",
        "Muller",
        "Müllers",
        "Osman",
        "Özil",
        "van den Berg",
        "Zander",
        "Žižka",
        "Абрамов",
        "Яковлев",
    ]


def test_the_keys_follow_every_way_of_saving(staff):
    person = people.create({"email": "p@example.org", "last_name": "Ähre"}, staff.user)
    people.update(person, {"last_name": "Öhr", "company": "Ünlü"}, staff.user)
    assert selection.search("ohr")[0] == selection.search("UNLU")[0] == [person]
    person.refresh_from_db()
    person.first_name = "Éva"
    person.save(update_fields=["first_name"])
    assert selection.search("eva")[0] == [person]
    text = "E-Mail;Nachname;Firma\np@example.org;Çelik;Şirket\n"
    apply(load(prepare(by=staff.user, text=text), staff.user), staff.user, Known.TAKE)
    assert selection.search("celik")[0] == selection.search("şirket")[0] == [person]
    assert not selection.search("ohr")[0]


def test_a_group_of_another_case_is_the_same_group(staff):
    group = groups.create("Zürich", "", staff.user)
    text = "ann@example.org"
    token = prepare(by=staff.user, text=text, new_group="ZU\u0308RICH")
    assert apply(load(token, staff.user), staff.user).group == group
    assert groups.create("Zurich", "", staff.user) != group, "an accent makes another name"
    assert selection.gather("zürich").people, "and each is meant by its own"


def test_a_list_for_a_group_that_was_deleted_makes_a_new_one(staff, url):
    """The old row waits, out of sight, until its platform agrees."""
    group = GroupFactory(name="Spring", account=AccountFactory(platform="myownconference"))
    outbox.add(group.account, "group", group.pk, by=staff.user)
    groups.delete(group, staff.user)
    assert AttendeeGroup.with_deleted.filter(pk=group.pk).exists()
    assert not AttendeeGroup.objects.filter(pk=group.pk).exists()
    assert group.pk not in [row.pk for row in group.account.groups.all()]
    assert not staff.get(url("people-import")).context["form"].fields["group"].queryset.exists()
    token = prepare(by=staff.user, text="ann@example.org", new_group="Spring")
    made = staff.post(url("people-import-preview", token), {"known": "keep"})
    fresh = AttendeeGroup.objects.get(name="Spring")
    assert fresh.pk != group.pk
    assert made.url == url("group", fresh.pk)
    assert staff.get(made.url).status_code == 200
    gone = prepare(by=staff.user, text="bob@example.org", group=group)
    answer = staff.post(url("people-import-preview", gone), {"known": "keep"}, follow=True)
    assert b"was deleted meanwhile" in answer.content
    assert not Attendee.objects.filter(email="bob@example.org").exists()


def test_one_line_that_means_nobody_is_left_out_and_the_rest_goes_on(staff, url):
    webinar = ConferenceFactory()
    lines = "\n".join(f"Person {n} <p{n}@example.org>" for n in range(300))
    who = f"{lines}\nMax Mustre\nAnn ann@x.org Bob bob@y.org"
    answer = staff.post(url("invite", webinar.pk), {"who": who, "action": "preview"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Leave out the 2 that cannot be used" in page
    assert "There is more than one address in it" in page
    rest = staff.post(url("invite", webinar.pk), {"who": who, "action": "leave_out"})
    assert rest.status_code == 200
    assert rest.context["plan"].fresh == 300
    assert rest.context["selection"].chosen.newcomers[7].name == "Person 7"
    group = GroupFactory()
    kept = staff.post(url("group-members", group.pk), {"who": who, "action": "leave_out"})
    assert "Max Mustre" not in kept.context["selection_form"]["who"].value()
    assert len(kept.context["selection"].chosen) == 300


def test_a_table_that_is_pasted_into_the_box_is_a_table(staff, url):
    webinar = ConferenceFactory()
    who = "Nachname\tVorname\tE-Mail\nMuster\tAnna\tanna@example.org\nProbe\tBernd\tb@example.org\n"
    answer = staff.post(url("invite", webinar.pk), {"who": who, "action": "preview"})
    assert [one.name for one in answer.context["plan"].newcomers] == ["Anna Muster", "Bernd Probe"]


def test_a_file_is_dropped_on_the_invitation_and_leads_back_to_it(staff, url):
    webinar = ConferenceFactory(title="Spring launch")
    assert url("invite-list", webinar.pk) in staff.get(url("invite", webinar.pk)).content.decode()
    page = staff.post(
        url("invite-list", webinar.pk), {"file": upload("06-note-with-address.csv")}
    ).url
    shown = staff.get(page).content.decode()
    assert "Spring launch" in shown
    assert "Import and go on with 2 people" in shown
    back = staff.post(page, {"action": "import", "known": "keep"}).url
    assert back.startswith(url("invite", webinar.pk))
    box = staff.get(back)
    assert {row.email for row in box.context["selection"].chosen.people} == {
        "ann@example.org",
        "carla@example.org",
    }
    assert not webinar.registrations.exists(), "nobody was invited by it"


def test_a_file_that_cannot_be_read_is_said_beside_the_field(staff, url):
    webinar = ConferenceFactory()
    for content in (b"", b"%PDF-1.7", b"no address"):
        answer = staff.post(url("invite-list", webinar.pk), {"file": upload("x.csv", content)})
        assert answer.status_code == 422
        assert answer.context["form"].errors["file"]
    assert staff.post(url("invite-list", webinar.pk)).status_code == 422


def test_a_group_and_the_end_of_an_import_offer_to_invite(staff, url):
    webinar = ConferenceFactory()
    group = GroupFactory()
    assert "Nobody is in it yet" in staff.get(url("group", group.pk)).content.decode()
    group.memberships.create(attendee=AttendeeFactory())
    choose = f"{url('people-invite')}?group={group.pk}"
    assert choose in staff.get(url("group", group.pk)).content.decode()
    page = staff.get(choose).content.decode()
    assert f"{url('invite', webinar.pk)}?group={group.pk}" in page
    token = prepare(by=staff.user, text="ann@example.org\nbob@example.org")
    end = staff.post(url("people-import-preview", token), {"known": "keep"}).url
    assert end == f"{url('people-invite')}?import={token}"
    assert f"?import={token}" in staff.get(end).content.decode()
    box = staff.get(url("invite", webinar.pk), {"import": token})
    assert len(box.context["selection"].chosen.people) == 2


@pytest.mark.parametrize("token", ["x", "../../x", "a" * 32, "é" * 30])
def test_a_list_that_nobody_imported_invites_nobody(staff, url, token):
    webinar = ConferenceFactory()
    answer = staff.get(url("invite", webinar.pk), {"import": token})
    assert answer.status_code == 200
    assert not len(answer.context["selection"].chosen)
    assert staff.get(url("people-invite"), {"group": token}).status_code == 200


def test_an_imported_list_is_its_importers_alone(staff, client_as, url):
    token = prepare(by=staff.user, text="ann@example.org")
    staff.post(url("people-import-preview", token), {"known": "keep"})
    other = client_as(roles.ADMINISTRATOR)
    page = other.get(url("invite", ConferenceFactory().pk), {"import": token})
    assert page.status_code in (200, 403)
    assert b"ann@example.org" not in page.content


UNSEEN = [
    "\u200bann@example.org",
    "ann@example.org\u200e",
    "\u202aann@example.org\u202c",
    "\ufeffann@example.org",
    "ann@exam\u00adple.org",
    "\u00a0ann@example.org\u2009",
    "mailto:ann@example.org",
    "<ann@example.org>",
    "ann＠example.org",
]


@pytest.mark.parametrize("typed", UNSEEN)
def test_every_box_for_an_address_reads_alike(staff, url, typed):
    staff.post(url("person-new"), {"email": typed})
    assert Attendee.objects.get().email == "ann@example.org"
    draft = ConferenceFactory(draft=True)
    data = {"email": typed, "name": "An\u200bn  Exam\u0308ple", "role": "presenter"}
    answer = staff.post(url("moderator-assign", draft.pk), data)
    assert answer.status_code == 302, answer.content.decode()
    found = Moderator.objects.get()
    assert (found.email, found.name) == ("ann@example.org", "Ann Exam\u0308ple")
    assert Conference.objects.count() == 1


@pytest.mark.parametrize(
    "typed", ["Ann <ann@example.org>", "ann@x.org, bob@x.org", "a@x.org b@y.org"]
)
def test_a_box_for_one_address_takes_no_more(staff, url, typed):
    for page, data in (
        (url("person-new"), {}),
        (url("moderator-assign", ConferenceFactory(draft=True).pk), {"name": "A", "role": "host"}),
    ):
        answer = staff.post(page, data | {"email": typed})
        assert answer.status_code == 422
        assert answer.context["form"].errors["email"]
    assert not Attendee.objects.exists()
    assert not Moderator.objects.exists()


def test_hidden_columns_are_named_on_the_preview_and_can_be_taken(staff, url):
    cells = row(1, "Name", "E-mail", "Notes") + row(2, "Example Ann", "ann@example.org", "Reads")
    sheet = SHEET.replace(
        "<sheetData>", '<cols><col min="3" max="3" hidden="1"/></cols><sheetData>'
    )
    book = xlsx("", **{"xl/worksheets/sheet1.xml": sheet.format(cells)})
    page = preview(staff, url, "people.xlsx", book)
    shown = staff.get(page).content.decode()
    assert "Hidden columns were passed over" in shown
    assert "“Notes”" in shown
    chosen = {"column_2": "notes", "column_0": "name_last"}
    staff.post(page, how(staff, page) | {"action": "reread"} | chosen)
    staff.post(page, {"action": "import", "known": "keep"})
    person = Attendee.objects.get()
    assert (person.first_name, person.last_name, person.notes) == ("Ann", "Example", "Reads")


@pytest.mark.parametrize("known", [Known.TAKE, Known.FILL])
@pytest.mark.parametrize(
    ("first", "last"),
    [("Maria", "Lopez Garcia"), ("Ann Example", ""), ("", "Ann Example"), ("Ann Bo", "Example")],
)
def test_a_whole_name_in_a_list_divides_nobody_anew(staff, first, last, known):
    AttendeeFactory(email="ann@example.org", first_name=first, last_name=last)
    for text in (
        f"Name,E-mail\n{first} {last},ann@example.org\n",
        f"{first} {last} <ann@example.org>\nbob@example.org",
    ):
        apply(load(prepare(by=staff.user, text=text), staff.user), staff.user, known)
        person = Attendee.objects.get(email="ann@example.org")
        assert (person.first_name, person.last_name) == (first, last)


def test_names_in_columns_of_their_own_are_taken_as_they_are_divided(staff):
    AttendeeFactory(email="ann@example.org", first_name="Ann Bo", last_name="Example")
    text = "First name,Last name,E-mail\nAnn,Bo Example,ann@example.org\n"
    apply(load(prepare(by=staff.user, text=text), staff.user), staff.user, Known.TAKE)
    person = Attendee.objects.get(email="ann@example.org")
    assert (person.first_name, person.last_name) == ("Ann", "Bo Example")
