"""Whatever tags and own columns are called, a list that is saved is read again as it was."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.common.errors import NotPossible
from portal.conferences.models import Attendee, Tag
from portal.conferences.people.forms.tags import RenameForm
from portal.conferences.people.services import fields, tags
from tests.factories import AttendeeFactory

pytestmark = pytest.mark.django_db
NAMES = [
    "=1+1",
    "'quoted'",
    "' OR 1=1 --",
    "<b>bold</b>",
    "{{ x }}",
    "+1a",
    "😀a",
    "own:1",
    "ß\u200b",
]


def held():
    return {
        one.email: (one.first_name, one.company, one.own, sorted(one.tags.values_list("name")))
        for one in Attendee.objects.all()
    }


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_is_saved_is_read_again(client_as, url, staff_user, form):
    client = client_as()
    ann = AttendeeFactory(email="ann@example.com", first_name="Ann", company="=Firm")
    AttendeeFactory(email="bob@example.com")
    column = fields.create("=Level", "text", [], None)
    ann.own = {str(column.pk): "-1 or so"}
    ann.save()
    tags.change(ann, tags.names_in("\n".join(NAMES)), staff_user)
    before = held()
    answer = client.get(url("people-export" if form == "csv" else "people-export-xlsx"))
    file = SimpleUploadedFile(f"people.{form}", b"".join(answer.streaming_content))
    Attendee.objects.all().delete()
    preview = client.post(url("people-import"), {"file": file})
    client.post(preview["Location"], {"known": "keep", "action": "import"})
    assert held() == before


@pytest.mark.parametrize("text", ["Sales|EMEA", "Sales;EMEA", "Sales:::EMEA", "Sales\nEMEA"])
def test_no_tag_is_two_in_a_list(text):
    assert tags.names_in(text) == ["Sales", "EMEA"]
    if "\n" not in text:
        assert not RenameForm({"name": text}).is_valid()
    assert not Tag.objects.exists()


def test_a_column_with_an_address_in_its_name_is_refused():
    """A line that holds one is taken for people, and all its other headings with it."""
    with pytest.raises(NotPossible, match="has no @"):
        fields.create("Name @work", "text", [], None)
