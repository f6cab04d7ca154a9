"""From a day of the calendar to a form that has that day filled in."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.common import clock
from portal.identity import roles
from portal.staff.webinars.presenters import month
from tests.factories import AccountFactory, ConferenceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def coming():
    return month.today() + timedelta(days=1)


def shown(client, url, day, **query):
    page = client.get(url("calendar"), {"month": f"{day:%Y-%m}"} | query)
    return page.content.decode()


def test_each_day_to_come_has_a_link_and_the_past_has_none(client_as, url, coming):
    ConferenceFactory(starts_at=clock.now() + timedelta(days=1))
    for view in ("month", "agenda"):
        page = shown(client_as(), url, coming, view=view)
        assert f'href="{url("schedule")}?date={coming}"' in page, view
        assert f"Schedule a webinar on {coming.day} {coming:%B}" in page, view
        assert f"?date={coming - timedelta(days=2)}" not in page, view
    assert "?date=" not in shown(client_as(roles.VIEWER), url, coming), "a viewer schedules nothing"


def test_the_account_that_is_looked_at_comes_along(client_as, url, coming):
    AccountFactory(label="First")
    looked_at = AccountFactory(label="Second")
    page = shown(client_as(), url, coming, account=looked_at.pk)
    assert f"?date={coming}&amp;account={looked_at.pk}" in page
    query = {"date": f"{coming}", "account": looked_at.pk}
    form = client_as().get(url("schedule"), query).context["form"]
    assert form["account"].value() == looked_at.pk


def test_the_form_takes_the_day(client_as, url, coming):
    AccountFactory()
    page = client_as().get(url("schedule"), {"date": f"{coming}"})
    assert f'value="{coming}"' in str(page.context["form"]["date"])
    assert "People tab" in page.content.decode(), "moderators can come later, and where"


@pytest.mark.parametrize("text", ["", "tomorrow", "2027-02-30", "0001-01-01", "9999-12-31", "é"])
def test_a_day_that_is_none_leaves_the_field_empty(client_as, url, text):
    AccountFactory()
    page = client_as().get(url("schedule"), {"date": text})
    assert page.status_code == 200
    assert page.context["form"]["date"].value() is None


def test_editing_says_where_moderators_are_assigned(client_as, url):
    conference = ConferenceFactory()
    page = client_as().get(url("conference-edit", conference.pk), {"date": "2027-03-01"})
    day = timezone.localtime(conference.starts_at).date()
    assert page.context["form"]["date"].value() == day, "the day of whoever looks, not that of UTC"
    assert "Moderators can be assigned" in page.content.decode()
    assert url("conference-people", conference.pk) in page.content.decode()
