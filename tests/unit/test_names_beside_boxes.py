"""A name and an address that were pasted into one box go into the two where they belong."""

import pytest

from portal.conferences.people.forms.address import AddressField, NameField
from portal.conferences.people.forms.beside import NameBesideAddress, taken_apart

ANN = ("Ann Example", "ann@example.org")


@pytest.mark.parametrize(
    ("name", "address", "found"),
    [
        ("Ann Example <ann@example.org>", "", ANN),
        ("", "Ann Example <Ann@Example.org>", ANN),
        ("", '"Example, Ann" <ann@example.org>', ANN),
        ("Ann Example", "Ann Example <ann@example.org>", ANN),
        ("Ann Example <ann@example.org>", "ann@example.org", ANN),
        ("ann@example.org", "", ("", "ann@example.org")),
        # Each has its own, or it is not clear who is meant.
        ("Ann Example", "ann@example.org", None),
        ("", "ann@example.org", None),
        ("", "", None),
        ("Ann", "Bob Sample <bob@example.org>", None),
        ("Ann Example <ann@example.org>", "bob@example.org", None),
        ("Ann <ann@example.org>, Bob <bob@example.org>", "", None),
        ("Please invite <ann@example.org> soon", "", None),
        ("", "Ann Example <ann@>", None),
    ],
)
def test_taken_apart(name, address, found):
    assert taken_apart(name, address) == found


class Form(NameBesideAddress):
    name = NameField(label="Name", required=False)
    email = AddressField(label="E-mail", required=False)


def test_a_form_is_checked_and_shown_with_each_in_its_box():
    form = Form({"row-name": "Ann Example <ann@example.org>", "row-email": ""}, prefix="row")
    assert form.is_valid()
    assert form.cleaned_data == {"name": ANN[0], "email": ANN[1]}
    assert (form["name"].value(), form["email"].value()) == ANN
    shown = Form(initial={"name": "", "email": "Ann Example <ann@example.org>"})
    assert (shown["name"].value(), shown["email"].value()) == ANN


def test_what_is_not_clear_stays_as_it_was_typed_and_is_refused():
    typed = {"name": "Ann Example <ann@example.org>", "email": "bob@example.org"}
    form = Form(typed)
    assert not form.is_valid()
    assert "An e-mail address stands in the name" in str(form.errors["name"])
    assert form["name"].value() == typed["name"]


def test_where_the_address_cannot_be_changed_none_is_taken_from_the_name():
    form = Form({"name": "Bob Sample <bob@example.org>"}, initial={"email": "ann@example.org"})
    form.fields["email"].disabled = True
    assert form.is_valid()
    assert form.cleaned_data["email"] == "ann@example.org"
