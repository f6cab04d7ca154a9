"""A month with more than its agenda holds goes on in the list."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from portal.staff.webinars.presenters.month import MOST_IN_AGENDA
from tests.factories import AccountFactory, ConferenceFactory

pytestmark = pytest.mark.django_db
FIRST = datetime(2094, 3, 1, 9, tzinfo=UTC)
LARGEST = 95_000


def fill(number):
    account = AccountFactory()
    for place in range(number):
        ConferenceFactory(
            account=account,
            title=f"What to do about the hedge, part {place + 1}, and who may cut it",
            starts_at=FIRST + timedelta(days=place % 30, minutes=place),
        )


def test_what_there_is_no_room_for_is_one_press_away(client_as, url):
    fill(MOST_IN_AGENDA + 30)
    client = client_as()
    page = client.get(url("calendar"), {"view": "agenda", "month": "2094-03"})
    text = page.content.decode()
    assert len(page.content) < LARGEST
    assert text.count("What to do about the hedge") == MOST_IN_AGENDA
    assert "30 more webinars in the list" in " ".join(text.split())
    (address,) = re.findall(r'href="([^"]*since=[^"]*until=2094-03-30[^"]*)"', text)
    rest = client.get(address.replace("&amp;", "&"))
    shown = len(set(re.findall(r"the hedge, part (\d+),", rest.content.decode())))
    assert shown >= 30


def test_a_month_that_fits_says_nothing_of_that(client_as, url):
    fill(MOST_IN_AGENDA)
    page = client_as().get(url("calendar"), {"view": "agenda", "month": "2094-03"})
    text = page.content.decode()
    assert text.count("What to do about the hedge") == MOST_IN_AGENDA
    assert "in the list" not in text
