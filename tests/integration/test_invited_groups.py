"""Groups that are invited as groups: kept, and named where they are invited to two at a time."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.common import clock
from portal.conferences.audience.services import invite, invite_series, invited_groups
from portal.conferences.jobs import services as jobs
from portal.conferences.models import AttendeeGroup, InvitedGroup, Membership
from portal.conferences.people.services.selection import gather
from portal.conferences.schedule.services import clashes
from portal.conferences.schedule.services.clashes import Planned, find, find_each, of_groups
from portal.identity import roles
from portal.sync.services import transfer
from tests.factories import (
    AccountFactory,
    AttendeeFactory,
    ConferenceFactory,
    GroupFactory,
    SeriesFactory,
)
from tests.factories.rooms import furnish

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def rooms(monkeypatch):
    furnish(monkeypatch)


@pytest.fixture
def plenty():
    return AccountFactory(label="Plenty", platform="plenty")


@pytest.fixture
def noon():
    now = clock.now().replace(hour=12, minute=0, second=0, microsecond=0)
    return now + timedelta(days=9)


@pytest.fixture
def someone(client_as):
    return client_as(roles.STAFF)


def at(account, start, title="Briefing", **more):
    more = {"timezone": "UTC", "duration_minutes": 60, **more}
    return ConferenceFactory(account=account, title=title, starts_at=start, **more)


def group_of(count, name="Sales Europe", **more):
    group = GroupFactory(name=name, **more)
    Membership.objects.bulk_create(
        Membership(group=group, attendee=one) for one in AttendeeFactory.create_batch(count)
    )
    return group


def invited(row, group, by, **more):
    plan = invite.plan(row, gather(group_ids=[group.pk]))
    how = invite.How(by, mail=False, groups=gather(group_ids=[group.pk]).groups, **more)
    return jobs.invite(row, plan, how)


def content(answer):
    return answer.content.decode()


def kept():
    return set(InvitedGroup.objects.values_list("conference", "group"))


def test_a_group_that_is_invited_is_kept_and_people_alone_are_not(plenty, noon, staff_user):
    row, group = at(plenty, noon), group_of(2)
    person = AttendeeFactory()
    jobs.invite(row, invite.plan(row, gather(person_ids=[person.pk])), invite.How(staff_user))
    assert kept() == set()
    invited(row, group, staff_user)
    invited(row, group, staff_user)
    assert kept() == {(row.pk, group.pk)}


def test_a_group_that_is_typed_by_its_name_is_one(plenty, noon):
    group = group_of(1)
    assert gather("sales europe").groups == (group.pk,)
    assert gather("somebody@example.org").groups == ()


def test_many_are_invited_by_a_job_and_kept_too(monkeypatch, plenty, noon, staff_user):
    monkeypatch.setattr(jobs, "AT_ONCE", 1)
    row, group = at(plenty, noon), group_of(3)
    invited(row, group, staff_user)
    assert kept() == {(row.pk, group.pk)}


def test_an_invitation_to_a_series_keeps_each_date(monkeypatch, plenty, noon, staff_user):
    series, group = SeriesFactory(), group_of(2)
    rows = [at(plenty, noon + timedelta(days=n), series=series) for n in range(3)]
    how = invite.How(staff_user, mail=False, groups=(group.pk,))
    plan = invite_series.plan(rows, gather(group_ids=[group.pk]))
    jobs.invite_to_series(series, plan, how)
    assert kept() == {(row.pk, group.pk) for row in rows}
    other = group_of(3, "Sales Asia")
    monkeypatch.setattr(jobs, "AT_ONCE", 1)
    plan = invite_series.plan(rows, gather(group_ids=[other.pk]))
    jobs.invite_to_series(series, plan, invite.How(staff_user, groups=(other.pk,)))
    assert kept() >= {(row.pk, other.pk) for row in rows}


def test_it_moves_with_the_webinar_and_goes_with_the_group(plenty, noon, staff_user):
    row, group = at(plenty, noon), group_of(1)
    invited(row, group, staff_user)
    elsewhere = AccountFactory(label="Elsewhere", platform="plenty")
    made = ConferenceFactory(account=elsewhere)
    transfer._bring_people(row, made)
    assert kept() == {(made.pk, group.pk)}
    group.delete()
    assert kept() == set()
    invited_groups.keep([made], [group.pk or 0, 99_999])
    assert kept() == set()


def test_a_group_at_two_at_a_time_is_named_once_with_its_size(plenty, noon, staff_user):
    one, other = at(plenty, noon), at(plenty, noon + HOUR / 2, "Other")
    group = group_of(8)
    invited(one, group, staff_user)
    assert not clashes.of(one).groups
    invited(other, group, staff_user)
    found = clashes.of(one)
    assert [(c.name, c.size, c.other.pk) for c in found.groups] == [("Sales Europe", 8, other.pk)]
    assert found.people == ()  # they are the group
    assert found
    assert found.mark == f"g{other.pk}.{group.pk}"
    later = Planned(plenty, noon + 2 * HOUR, 60, one)
    assert not find(later).groups


def test_one_by_rule_has_no_size_and_one_that_is_deleted_is_none(plenty, noon):
    one, other = at(plenty, noon), at(plenty, noon, "Other")
    group = GroupFactory(name="Dealers", rule={"join": "all", "clauses": []})
    invited_groups.keep([one, other], [group.pk])
    assert [c.size for c in clashes.of(one).groups] == [None]
    AttendeeGroup.objects.filter(pk=group.pk).update(removed_at=clock.now())
    assert not clashes.of(one).groups
    assert invited_groups.of(one) == []


def test_the_form_and_the_page_that_moves_ask_once(someone, url, plenty, noon, staff_user):
    one, other = at(plenty, noon - 3 * HOUR), at(plenty, noon, "Other")
    group = group_of(2)
    for row in (one, other):
        invited(row, group, staff_user)
    one.refresh_from_db()
    start = noon + HOUR / 2
    data = {"date": f"{start:%Y-%m-%d}", "time": f"{start:%H:%M}", "timezone": "UTC"}
    data |= {"title": one.title, "duration_minutes": "60", "version": one.version}
    data |= {"account": plenty.pk, "shown": plenty.pk, "access": "open", "room_type": "meeting"}
    page = content(someone.post(url("conference-edit", one.pk), data))
    assert "“Sales Europe” (2 people) is invited to another webinar too:" in page
    assert "Keep this time anyway" in page
    one.refresh_from_db()
    assert one.starts_at == noon - 3 * HOUR
    page = content(someone.get(url("conference-reschedule", one.pk), data))
    assert "“Sales Europe” (2 people) is invited to another webinar too:" in page
    data["anyway"] = f"g{other.pk}.{group.pk}"
    page = content(
        someone.post(url("conference-edit", one.pk), data | {"tell": "no", "asked": "y"})
    )
    one.refresh_from_db()
    assert one.starts_at == start


def test_the_review_of_an_invitation_names_it_and_the_people_page_has_it(
    someone, url, plenty, noon, staff_user
):
    one, other = at(plenty, noon), at(plenty, noon, "Other")
    group = group_of(2)
    invited(other, group, staff_user)
    data = {"group": group.pk, "action": "preview"}
    page = content(someone.post(url("invite", one.pk), data))
    assert "“Sales Europe” (2 people) is invited to another webinar too:" in page
    assert url("conference", other.pk) in page
    assert "Keep this time anyway" not in page
    page = content(
        someone.post(
            url("invite", one.pk), data | {"action": "send", "tell": "no", "switch_on": "on"}
        )
    )
    assert (one.pk, group.pk) in kept()
    page = content(someone.get(url("conference-people", one.pk)))
    assert "Groups invited:" in page
    assert url("group", group.pk) in page


def test_the_review_of_a_series_names_the_dates(someone, url, plenty, noon, staff_user):
    series, group = SeriesFactory(), group_of(2)
    rows = [at(plenty, noon + timedelta(days=n), series=series) for n in range(3)]
    other = at(plenty, noon + timedelta(days=1), "Other")
    invited(other, group, staff_user)
    found = of_groups(rows, [group.pk])
    assert [bool(one.groups) for one in found] == [False, True, False]
    data = {"group": group.pk, "action": "preview"}
    page = content(someone.post(url("series-invite", series.pk), data))
    assert "On one of these dates something else takes place" in page
    assert "“Sales Europe” (2 people)" in page


def test_dates_of_a_series_that_are_moved_are_looked_at(plenty, noon):
    group = group_of(1)
    other = at(plenty, noon, "Other")
    invited_groups.keep([other], [group.pk])
    planned = [
        Planned(plenty, noon + timedelta(days=n), 60, groups=[group.pk]) for n in range(-1, 2)
    ]
    assert [len(one.groups) for one in find_each(planned)] == [0, 1, 0]


@pytest.mark.parametrize("look", ["find", "each"])
def test_statements_do_not_grow(plenty, noon, look):
    def statements():
        with CaptureQueriesContext(
            connection,
        ) as found:
            if look == "find":
                assert clashes.of(one).groups
            else:
                assert any(c.groups for c in of_groups([one], groups))
        return len(found)

    one, groups = at(plenty, noon), []

    def more(count):
        made = [GroupFactory() for _n in range(count)]
        groups.extend(group.pk for group in made)
        rows = [one, *(at(plenty, noon, f"Other {n}") for n in range(count))]
        invited_groups.keep(rows, groups)

    more(2)
    few = statements()
    more(6)
    assert statements() == few <= 5
