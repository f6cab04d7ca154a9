"""What a person or a platform can make large costs in proportion to it, counted in steps."""

import sys

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.common.errors import NotPossible
from portal.common.reader.reading import read_text
from portal.conferences.audience.services import registrations
from portal.conferences.models import Attendee, Change, Membership, Registration
from portal.conferences.people.services import people, selection
from portal.outbox.models import OutboxEntry
from tests.factories import (
    AccountFactory,
    AttendeeFactory,
    ConferenceFactory,
    GroupFactory,
    RegistrationFactory,
)

SMALL = 400
TIMES = 4
MOST = TIMES * 1.6  # four times as much may cost little more than four times as many steps


def steps_of(act):
    """How many lines of our code run."""
    count = 0

    def inside(frame, event, argument):
        nonlocal count
        count += event == "line"
        return inside

    before = sys.gettrace()
    sys.settrace(inside)
    try:
        act()
    finally:
        sys.settrace(before)
    return count


LISTS = {
    "addresses": lambda n: "\n".join(f"p{i}@example.org" for i in range(n)),
    "words between commas": lambda n: "a," * n + " b@example.org",
    "commas before brackets": lambda n: ", ".join(f"L{i}, F{i} <p{i}@x.org>" for i in range(n)),
    "open brackets": lambda n: "a@x.org <" * n,
    "quotation marks": lambda n: 'a@x.org "' * n,
    "lines of a quotation": lambda n: 'email,name\n"' + 'a"b,"\n' * n + "a@x.org,Ann",
    "people in one line": lambda n: " / ".join(f"p{i}@x.org" for i in range(n)),
    "columns": lambda n: "email" + ",x" * n + "\na@x.org",
    "names": lambda n: "\n".join(f"Name {i}" for i in range(n)) + "\na@x.org",
    "table": lambda n: "Name;E-Mail\n" + "\n".join(f"N {i};p{i}@x.org" for i in range(n)),
    "bullets": lambda n: "- " * n + "a@x.org",
    "ats": lambda n: "a@" * n,
}


@pytest.mark.parametrize("name", LISTS)
def test_reading_a_list_grows_with_the_list(name):
    few, many = (
        steps_of(lambda n=n: read_text(f"ann@example.org\n{LISTS[name](n)}"))
        for n in (SMALL, SMALL * TIMES)
    )
    assert many < few * MOST, (few, many)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["addresses", "words between commas", "names", "table"])
def test_understanding_a_box_grows_with_its_text(name):
    few, many = (
        steps_of(lambda n=n: selection.gather(LISTS[name](n))) for n in (SMALL, SMALL * TIMES)
    )
    assert many < few * MOST, (few, many)


@pytest.mark.django_db
def test_words_that_nobody_is_called_by_cost_no_statement_each(django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        selection.gather("\n".join(f"Nobody {n}" for n in range(5000)))


@pytest.mark.django_db
def test_more_lines_than_a_box_is_for_are_not_read_at_all():
    with pytest.raises(NotPossible, match="too much text"):
        selection.gather("a@\n" * 50_000)


class Machine:
    """How many instructions SQLite carries out, in hundreds."""

    def __enter__(self):
        self.count = 0

        def tick():
            self.count += 1
            return 0

        connection.ensure_connection()
        connection.connection.set_progress_handler(tick, 100)
        return self

    def __exit__(self, *exc):
        connection.connection.set_progress_handler(None, 0)


def crowd(number):
    """One person among `number` who are registered at one webinar and in one group."""
    account = AccountFactory(platform="myownconference")
    conference, group = ConferenceFactory(account=account), GroupFactory(account=account)
    Attendee.objects.bulk_create(
        Attendee(email=f"c{number}-{n}@example.org", last_name=f"L{n}") for n in range(number)
    )
    rows = list(Attendee.objects.filter(email__startswith=f"c{number}-"))
    Registration.objects.bulk_create(Registration(conference=conference, attendee=r) for r in rows)
    Membership.objects.bulk_create(Membership(group=group, attendee=row) for row in rows)
    return rows


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="counts SQLite's instructions")
def test_one_edit_costs_the_same_in_any_crowd():
    costs = []
    for number in (200, 800):
        person = crowd(number)[0]
        with Machine() as machine:
            people.tell_platforms([person.pk], None)
        costs.append(machine.count)
    assert costs[1] < max(costs[0], 20) * 2, costs
    assert OutboxEntry.objects.filter(kind="attendee").count() == 2


@pytest.mark.django_db
def test_telling_of_many_costs_few_statements(django_assert_max_num_queries):
    rows = crowd(1200)
    with django_assert_max_num_queries(45):
        people.tell_platforms([row.pk for row in rows], None)
    assert OutboxEntry.objects.filter(kind="attendee").count() == 1200


@pytest.mark.django_db
def test_a_platform_learns_of_nobody_who_is_not_on_it():
    account = AccountFactory(platform="myownconference")
    there, elsewhere = AttendeeFactory(), AttendeeFactory()
    Registration.objects.create(conference=ConferenceFactory(account=account), attendee=there)
    people.tell_platforms([there.pk, elsewhere.pk], None)
    found = OutboxEntry.objects.filter(kind="attendee")
    assert list(found.values_list("account_id", "local_id")) == [(account.pk, there.pk)]


@pytest.mark.django_db
@pytest.mark.parametrize("act", [registrations.withdraw, registrations.resend])
def test_what_is_done_to_ticked_people_costs_few_statements(act, staff_user):
    counts = []
    for number in (15, 60):
        conference = ConferenceFactory()
        rows = [RegistrationFactory(conference=conference) for _ in range(number)]
        with CaptureQueriesContext(connection) as counted:
            act(conference, [row.pk for row in rows], staff_user)
        counts.append(len(counted))
        said = Change.objects.filter(conference=conference, kind="registration")
        assert {str(rows[0].attendee) in str(line.sentence) for line in said} == {True, False}
        assert said.values("local_id").distinct().count() == number
    assert counts[1] <= counts[0] + 3, "SQLite takes many rows in several parts"
