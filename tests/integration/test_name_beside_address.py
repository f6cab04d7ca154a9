"""A name directly before a bare address in one line is that address's person, and nobody else."""

import pytest

from portal.conferences.models import Attendee, AttendeeGroup
from portal.conferences.people.services import groups, selection

pytestmark = pytest.mark.django_db
NEW = "ann@new.org"


@pytest.fixture(autouse=True)
def known(staff_user):
    """Another Ann Example, a Bob Sample and a group, all known here."""
    Attendee.objects.create(email="other@example.org", first_name="Ann", last_name="Example")
    bob = Attendee.objects.create(email="bob@example.org", first_name="Bob", last_name="Sample")
    group = AttendeeGroup.objects.create(name="Customers")
    groups.put_in(group, [bob.pk], staff_user)


def meant(text):
    found = selection.gather(text)
    new = {one.email: one.name for one in found.newcomers}
    return {row.email for row in found.people}, new, found.words, len(found.invalid)


@pytest.mark.parametrize(
    "line",
    [
        f"Ann Example, {NEW}",
        f"Ann Example; {NEW}",
        f"Ann Example\t{NEW}",
        f"Ann Example, <{NEW}>",
        f'"Ann Example", {NEW}',
        f"Example, Ann; {NEW}",
        f"Example, Ann\t{NEW}",
        f"Ann Example, {NEW},",
        f"1. Ann Example, {NEW}",
        f"To: Ann Example; {NEW}",
    ],
)
def test_the_name_is_the_address_s(line):
    assert meant(line) == (set(), {NEW: "Ann Example"}, [], 0)


def test_several_pairs_in_one_line():
    line = f"Ann Example, {NEW}, Bob Sample; b@new.org; carla@new.org"
    everybody = {NEW: "Ann Example", "b@new.org": "Bob Sample", "carla@new.org": ""}
    assert meant(line) == (set(), everybody, [], 0)


@pytest.mark.parametrize(
    ("line", "new"),
    [
        (f"Example, Ann, {NEW}", {}),
        (f"Example; Ann; {NEW}", {}),
        (f"Ann Example, Bob Sample, {NEW}", {}),
        (f"Ann Example, Bob Sample; {NEW}", {}),
        (f"Example, Ann, <{NEW}>", {}),
        (f"Ann Example, {NEW} b@new.org", {}),
        (f"Please come, {NEW}", {}),
        (f"Customers, {NEW}", {}),
        (f"customers; {NEW}", {}),
        (f"{NEW}, Ann Example", {NEW: ""}),
        (f"{NEW}; Customers", {NEW: ""}),
        (f"{NEW}, Ann Example, b@new.org", {NEW: ""}),
        (f"Ann Example, {NEW}, Customers", {NEW: "Ann Example"}),
    ],
)
def test_what_is_not_clear_is_refused_with_the_reason(line, new):
    assert meant(line) == (set(), new, [], 1)
    (_, why), *_ = selection.gather(line).invalid
    assert "line of its own" in why or "Write it as: Ann Example <ann@…>" in why
    assert meant(selection.without_unusable(line)) == (set(), new, [], 0)


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Ann Example", {"other@example.org"}),
        ("Ann Example\nCustomers", {"other@example.org", "bob@example.org"}),
        ("Customers; Ann Example", {"other@example.org", "bob@example.org"}),
        ("Customers\nAnn Example\ndora@new.org", {"other@example.org", "bob@example.org"}),
        ("Dora Muster <dora@new.org>, Customers", {"bob@example.org"}),
    ],
)
def test_names_on_their_own_still_mean_who_is_known(text, people):
    found, _, words, invalid = meant(text)
    assert (found, invalid) == (people, 0)
    assert "Customers" not in words
