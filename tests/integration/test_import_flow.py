"""Importing people: the preview saves nothing, the confirmation does what it showed."""

import os
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.conferences import tasks
from portal.conferences.models import Attendee, AttendeeGroup, Change, Job
from portal.conferences.people.services import imports
from portal.conferences.people.services.imports import drafts
from portal.identity import roles
from tests import profiles
from tests.factories import AttendeeFactory, GroupFactory

pytestmark = pytest.mark.django_db
LIST = (
    "email,first name,last name,company\nann@example.com,Ann,Example,Example Press\n"
    "bob@example.com,Bob,Other,=1+1\nANN@example.com,Ann,Twice,\nno address,Carl,C,\n"
)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return tmp_path / "imports"


@pytest.fixture
def staff(client_as):
    return client_as(roles.STAFF)


def start(staff, url, **data):
    return staff.post(url("people-import"), {"text": LIST} | data)


def test_the_preview_tells_everything_and_saves_nothing(staff, url):
    AttendeeFactory(email="bob@example.com", first_name="Bob", last_name="Known")
    page = start(staff, url).url
    shown = staff.get(page)
    assert b"1 new, 1 known (with 1 with differences)" not in shown.content
    assert b"1 new, 1 known" in shown.content
    assert b"1 twice in the list, 1 cannot be used" in shown.content
    assert b"Known" in staff.get(page, {"show": "known"}).content
    assert b"The same address as in line 2" in staff.get(page, {"show": "doubled"}).content
    assert b"no address" in staff.get(page, {"show": "invalid"}).content
    part = staff.get(page, {"show": "invalid"}, headers={"HX-Request": "true"})
    assert b"<html" not in part.content
    assert Attendee.objects.count() == 1


@pytest.mark.parametrize(
    ("known", "last", "company"),
    [("fill", "Known", "=1+1"), ("take", "Other", "=1+1"), ("keep", "Known", "")],
)
def test_known_people_are_treated_as_chosen(staff, url, known, last, company):
    bob = AttendeeFactory(email="bob@example.com", first_name="Bob", last_name="Known")
    page = start(staff, url, new_group="Spring").url
    answer = staff.post(page, {"action": "import", "known": known})
    group = AttendeeGroup.objects.get(name="Spring")
    assert answer.url == url("group", group.pk)
    bob.refresh_from_db()
    assert (bob.last_name, bob.company) == (last, company)
    emails = set(group.memberships.values_list("attendee__email", flat=True))
    assert emails == {"ann@example.com", "bob@example.com"}
    assert Attendee.objects.get(email="ann@example.com").last_name == "Example"
    assert Change.objects.filter(action="added", actor=staff.user).count() == 1
    assert Change.objects.filter(action="changed", local_id=bob.pk).count() == (known != "keep")
    assert staff.get(page).url == url("people-import")


def test_a_confirmation_is_judged_against_who_is_here_by_then(staff, url):
    page = start(staff, url).url
    AttendeeFactory(email="ann@example.com", first_name="Ann", last_name="Meanwhile")
    staff.post(page, {"action": "import", "known": "keep"})
    assert Attendee.objects.get(email="ann@example.com").last_name == "Meanwhile"
    assert Attendee.objects.count() == 2


def test_thrown_away_nothing_stays(staff, url, folder):
    page = start(staff, url).url
    assert {file.suffix for file in folder.iterdir()} == {".json", ".upload"}
    staff.post(page, {"action": "discard"})
    assert not list(folder.iterdir())
    assert not Attendee.objects.exists()


def test_a_preview_belongs_to_whoever_made_it(staff, client_as, url, folder):
    page = start(staff, url).url
    other = client_as(roles.ADMINISTRATOR)
    assert other.get(page).url == url("people-import")
    other.post(page, {"action": "import", "known": "keep"})
    assert not Attendee.objects.exists()
    assert all(file.stat().st_mode & 0o077 == 0 for file in folder.iterdir())


def test_old_previews_are_forgotten(staff, url, folder):
    start(staff, url)
    old = list(folder.iterdir())
    for file in old:
        os.utime(file, (time.time() - drafts.KEPT_SECONDS - 60,) * 2)
    start(staff, url)
    assert not set(old) & set(folder.iterdir())
    assert len(list(folder.iterdir())) == 2


@pytest.mark.parametrize("token", ["x", "..", "-" * 300, "%2e%2e%2fsettings"])
def test_a_token_that_nobody_gave_out(staff, url, token):
    assert staff.get(f"{url('people-import')}{token}/").status_code in (302, 404)


def test_a_file_and_a_group(staff, url):
    group = GroupFactory()
    file = SimpleUploadedFile("list.csv", LIST.replace(",", ";").encode("cp1252"))
    page = start(staff, url, text="", file=file, group=group.pk).url
    shown = staff.get(page)
    assert b"list.csv, read as UTF-8, columns by semicolon" in shown.content
    staff.post(page, {"action": "import", "known": "keep"})
    assert group.memberships.count() == 2


@pytest.mark.parametrize(
    "data",
    [
        {"text": ""},
        {"text": "   \n\n"},
        {"text": "only words"},
        {"text": "a\x00b"},
        {"text": LIST, "group": "999"},
        {"text": LIST, "new_group": "x" * 201},
        {"text": LIST, "new_group": "a\x00b"},
        {"text": '"' * 300_000},
        {"text": "", "file": SimpleUploadedFile("x.xlsx", b"PK\x03\x04no")},
        {"text": "", "file": SimpleUploadedFile("x.csv", b"")},
        {"text": "", "file": SimpleUploadedFile("x.csv", b"a" * (10 * 1024 * 1024 + 1))},
        {"text": "", "file": SimpleUploadedFile("../../x.csv", b"\xff\xfe")},
    ],
)
def test_what_cannot_be_read_is_said_on_the_form(staff, url, data):
    answer = staff.post(url("people-import"), data)
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert not Attendee.objects.exists()


def test_ten_megabytes_pasted_do_not_break_it(staff, url):
    answer = staff.post(url("people-import"), {"text": "x@example.com\n" * 700_000})
    assert answer.status_code == 422
    assert b"more than 50000" in answer.content
    assert staff.post(url("people-import"), {"text": "x" * (13 * 1024 * 1024)}).status_code == 400


def test_rows_that_break_others_break_only_themselves(staff, url):
    text = (
        "email,first name\nann@example.com,<script>alert(1)</script>\nb\x00b@example.com,B\n"
        f"carl@example.com,{'x' * 300}\ndora@example.com,\u202eD\neve@example.com,שרה\n"
    )
    page = start(staff, url, text=text).url
    for verdict in imports.Verdict:
        answer = staff.get(page, {"show": verdict})
        assert answer.status_code == 200
        assert b"<script>alert" not in answer.content
    assert staff.get(page, {"show": "rubbish", "page": "x"}).status_code == 200
    staff.post(page, {"action": "import", "known": "keep"})
    assert set(Attendee.objects.values_list("email", flat=True)) == {
        "ann@example.com",
        "dora@example.com",
        "eve@example.com",
    }
    assert Attendee.objects.get(email="dora@example.com").first_name == "D", "turned round no more"


def test_thousands_of_people_are_shown_and_imported(staff, url):
    many = profiles.of(ci=2_500 if profiles.AGAIN else 5_000, nightly=20_000)
    rows = "\n".join(f"p{n}@example.com,First{n},Last{n}" for n in range(many))
    began = time.perf_counter()
    page = start(staff, url, text=f"email,first name,last name\n{rows}").url
    assert f"{many:,} new".encode() in staff.get(page).content
    shown = time.perf_counter()
    staff.post(page, {"action": "import", "known": "keep"})
    tasks.carry_out(Job.objects.get().pk)
    done = time.perf_counter()
    print(f"{many:,} rows: preview {shown - began:.1f} s, import {done - shown:.1f} s")  # noqa: T201 - a measurement
    assert Attendee.objects.count() == many
