"""A schedule form that is sent again: the same makes nothing more, and another one says so."""

from uuid import uuid4

import pytest

from portal.conferences.models import Conference
from portal.identity import roles
from tests.factories import AccountFactory, staff_url
from tests.support.pages import schedule_form, text

pytestmark = pytest.mark.django_db
WEEKLY = {"repeat-repeats": "WEEKLY", "repeat-count": 3, "repeat-shape": "each"}
ROOM = WEEKLY | {"repeat-shape": "permanent"}
ADA = {"moderators-0-name": "Ada", "moderators-0-email": "ada@example.org", "tell": "no"}


@pytest.fixture
def send(client_as):
    client, account = client_as(roles.STAFF), AccountFactory(label="Main")
    given = schedule_form(account, uid=str(uuid4()), description="Of spring.", schedule="yes")
    return lambda **more: client.post(staff_url("schedule"), given | more)


@pytest.mark.parametrize("rule", [{}, WEEKLY, ROOM])
def test_the_same_form_makes_nothing_more(send, rule):
    first = send(**rule, **ADA)
    number = Conference.objects.count()
    again = send(**rule, **ADA)
    assert (again.status_code, again.url) == (302, first.url)
    assert Conference.objects.count() == number


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ({}, {"description": "Of autumn."}),
        ({}, {"duration_minutes": 90}),
        ({}, ADA),
        (WEEKLY, {"repeat-count": 5}),
        (WEEKLY, {"repeat-interval": 2}),
        (WEEKLY, {"title": "Another"}),
        (WEEKLY, {"description": "Of autumn."}),
        (WEEKLY, ADA),
        (ROOM, {"repeat-count": 5}),
        (ROOM, {"duration_minutes": 90}),
    ],
)
def test_a_form_that_says_something_else_now_is_not_called_saved(send, rule, changes):
    assert send(**rule).status_code == 302
    held = list(Conference.objects.order_by("pk").values())
    again = send(**rule | changes)
    assert again.status_code == 422
    assert "This form has made a webinar already: Course" in text(again)
    assert list(Conference.objects.order_by("pk").values()) == held
