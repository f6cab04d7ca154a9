"""Schedule like last time: what an account had is offered, and fills in the next one."""

import re
from datetime import timedelta

import pytest
from django.utils.html import escape

from portal.common import clock
from portal.conferences.models import Conference
from portal.identity import roles
from tests.factories import AccountFactory, ConferenceFactory, ModeratorFactory
from tests.factories.rooms import furnish

pytestmark = pytest.mark.django_db
HTMX = {"headers": {"HX-Request": "true"}}


@pytest.fixture(autouse=True)
def rooms(monkeypatch):
    furnish(monkeypatch)


@pytest.fixture
def plenty():
    return AccountFactory(label="Plenty", platform="plenty")


@pytest.fixture
def noon():
    """Today at noon: a week before and after has the same clock in UTC, whatever the date."""
    return clock.now().replace(hour=12, minute=0, second=0, microsecond=0)


@pytest.fixture
def weekly(plenty, noon):
    """The last two of an event that is held each week."""
    rows = [
        ConferenceFactory(
            account=plenty,
            title=f"Tea & talk {number}",
            timezone="UTC",
            starts_at=noon - timedelta(days=days),
            duration_minutes=75,
            options={"seats": 20},
        )
        for number, days in ((1, 10), (2, 3))
    ]
    ModeratorFactory(conference=rows[1], name="Ada", email="ada@example.org", role="host")
    return rows


@pytest.fixture
def someone(client_as):
    return client_as(roles.STAFF)


def content(answer):
    return answer.content.decode()


def offered(page):
    return [int(pk) for pk in re.findall(r'name="like"\s+value="(\d+)"', page)]


def test_the_last_of_each_sort_is_offered(someone, url, plenty, weekly, noon):
    other = AccountFactory(label="Another", platform="plenty")
    ConferenceFactory(account=other, title="Elsewhere", starts_at=noon - timedelta(days=1))
    ConferenceFactory(account=plenty, title="Draft", starts_at=noon, draft=True)
    ConferenceFactory(account=plenty, title="Off", starts_at=noon, removed_at=noon)
    page = content(someone.get(url("schedule"), {"account": plenty.pk}))
    assert offered(page) == [weekly[1].pk]
    assert escape("Tea & talk 2") in page


def test_one_press_fills_in_all_but_leaves_what_was_typed(someone, url, plenty, weekly, noon):
    data = {
        "account": plenty.pk,
        "shown": plenty.pk,
        "title": "Tea & talk 3",
        "date": "",
        "time": "",
    }
    page = content(someone.post(url("schedule"), data | {"like": weekly[1].pk}, **HTMX))
    assert "<html" not in page
    assert escape("Filled in like Tea & talk 2.") in page
    assert f'value="{escape("Tea & talk 3")}"' in page
    assert f'value="{noon + timedelta(days=4):%Y-%m-%d}"' in page
    for value in ("12:00", "75", "20", "Ada", "ada@example.org"):
        assert f'value="{value}"' in page
    assert "The date keeps the distance" in page
    assert "Not taken over: the password" in page
    page = content(
        someone.post(url("schedule"), data | {"like": weekly[1].pk, "date": "2094-03-01"})
    )
    assert 'value="2094-03-01"' in page
    assert Conference.objects.count() == 2


def test_what_is_offered_follows_the_title(someone, url, plenty, weekly, noon):
    ConferenceFactory(account=plenty, title="Quarterly figures", starts_at=noon - timedelta(days=1))
    data = {"account": plenty.pk, "refresh": "clock"}
    part = content(someone.post(url("schedule"), data | {"title": "TEA talk 99"}, **HTMX))
    assert offered(part) == [weekly[1].pk]
    assert 'hx-swap-oob="true"' in part
    part = content(someone.post(url("schedule"), data | {"title": "Never held"}, **HTMX))
    assert offered(part) == []


def test_it_can_be_asked_for_by_an_address(someone, url, weekly):
    page = content(someone.get(url("schedule"), {"like": weekly[0].pk}))
    assert f'value="{escape("Tea & talk 1")}"' in page
    for key in ("", "x", "0", "9" * 40):
        assert "Filled in" not in content(someone.get(url("schedule"), {"like": key}))


def test_the_edit_of_one_offers_none(someone, url, weekly):
    assert offered(content(someone.get(url("conference-edit", weekly[0].pk)))) == []


def test_many_webinars_cost_no_more(someone, url, plenty, noon, django_assert_max_num_queries):
    Conference.objects.bulk_create(
        Conference(
            account=plenty,
            title=f"Event {chr(97 + n % 26)}{chr(97 + n // 26)}",
            starts_at=noon - timedelta(days=n),
        )
        for n in range(300)
    )
    someone.get(url("schedule"))
    with django_assert_max_num_queries(15):
        page = content(someone.get(url("schedule")))
    assert len(offered(page)) == 3


def test_what_is_only_planned_is_not_called_held(someone, url, plenty, weekly, noon):
    page = content(someone.get(url("schedule"), {"account": plenty.pk}))
    assert "last on" in page
    ConferenceFactory(account=plenty, title="Tea & talk 3", starts_at=noon + timedelta(days=4))
    page = content(someone.get(url("schedule"), {"account": plenty.pk}))
    assert "planned for" in page
    assert "last on" not in page
    assert "all but the password" in page
