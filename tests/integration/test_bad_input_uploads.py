"""Files and lists that break careless programs: refused beside the field, or read and harmless."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.conferences.models import Attendee, AttendeeGroup, Conference
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from portal.sync import engine
from tests.fixtures import nasty
from tests.fixtures.nasty_pages import get, look, played, rows, send, table

pytestmark = pytest.mark.django_db
each = pytest.mark.parametrize
TABS = ("new", "known", "doubled", "invalid")


@pytest.fixture(autouse=True)
def imports_go_elsewhere(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def staff(client_as):
    client = client_as(roles.STAFF)
    client.raise_request_exception = False
    return client


def file(content, name="people.csv"):
    return SimpleUploadedFile(name, content)


def to_the_end(staff, url, what):
    """Look at the preview's tabs, confirm, and look at what came of it."""
    token = staff.session_token
    for tab in TABS:
        get(staff, url("people-import-preview", token), what, {"show": tab})
    answer = staff.post(url("people-import-preview", token), {"known": "take"})
    assert answer.status_code in (302, 422), what
    get(staff, url("people"), what)
    table(staff, url("people-export"), what)
    for person in Attendee.objects.all():
        assert person.email.isascii(), what
        assert person.email.count("@") == 1, what


def bring(staff, url, data, what, *fields):
    """Import it: refused beside the field, or previewed, confirmed and shown."""
    address = url("people-import")
    if not send(staff, address, data, what, *fields, blamed=("file", "text", "new_group")):
        assert not Attendee.objects.exists(), what
        return
    token = max(imports_folder(staff).iterdir(), key=lambda path: path.stat().st_mtime).stem
    staff.session_token = token
    to_the_end(staff, url, what)


def imports_folder(staff):
    from django.conf import settings

    return settings.VAR_DIR / "imports"


@each(("name", "text"), rows(nasty.LISTS, 0, every=3))
def test_a_list_is_pasted_or_comes_as_a_file(staff, url, name, text):
    bring(staff, url, {"text": text}, name, "text")
    Attendee.objects.all().delete()
    bring(staff, url, {"file": file(text.encode())}, f"{name} as a file")


@each(("name", "content"), rows(nasty.FILES, 0, every=3))
def test_a_file_that_is_no_list(staff, url, name, content):
    for called in ("people.xlsx", f"{nasty.TEXTS['script']}.csv"):
        bring(staff, url, {"file": file(content, called)}, f"{name} called {called}")


@each(("name", "text"), rows(nasty.TEXTS, 11))
def test_any_text_stands_in_a_cell_or_names_the_group(staff, url, name, text):
    quoted = text.replace('"', '""')
    content = f'email,first name,company\nann@example.com,"{quoted}","{quoted}"'
    bring(staff, url, {"file": file(content.encode(errors="replace"))}, name)
    Attendee.objects.all().delete()
    given = {"text": "ann@example.com", "new_group": text}
    if send(staff, url("people-import"), given, name, "text", "new_group"):
        assert not AttendeeGroup.objects.exists(), "nothing is saved before it is confirmed"


@pytest.fixture
def room(account, sandbox):
    sandbox.clickmeeting().add_room("Quarterly results")
    engine.sync_account(account.pk, full=True)
    return Conference.objects.get()


def test_any_file_is_passed_on_to_a_platform_or_refused(staff, url, room):
    address = url("ask", "conference", room.pk, "upload_file")
    for name, content in nasty.FILES.items():
        given = {"file": file(content, "slides.pdf")}
        taken = send(staff, address, given, name, blamed=("file",))
        assert taken == bool(content), f"{name}: an empty file is refused, any other is passed on"
    get(staff, url("conference-content", room.pk) + "?read=files", "the list")
    assert not OutboxEntry.objects.filter(state="unknown").exists()


def test_a_file_with_any_name_is_passed_on_or_refused(staff, url, room):
    """One room for all names: they stand together in its list, which stays harmless."""
    address = url("ask", "conference", room.pk, "upload_file")
    for name, text in played(nasty.TEXTS, 1).items():
        send(staff, address, {"file": file(b"First", text or "x")}, name, blamed=("file",))
        look(staff.post(address, {"file": text}), f"{name} where a file should be")
    page = get(staff, url("conference-content", room.pk) + "?read=files", "the list")
    assert nasty.MARK in page.text
