"""People who are known are offered while somebody types who is meant."""

import pytest

from portal.conferences.models import Attendee
from portal.identity import roles
from tests.factories import AttendeeFactory, ConferenceFactory
from tests.factories.date_polls import date_poll

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true"}


@pytest.fixture
def staff(client_as):
    return client_as(roles.STAFF)


def offered(client, url, typed, box="people-0-name"):
    return client.post(url("people-known"), {box: typed}, headers=PART).content.decode()


def test_who_fits_is_offered_by_name_and_address_and_nobody_else(staff, url):
    AttendeeFactory(first_name="Jörg", last_name="Muster", email="jm@example.org")
    AttendeeFactory(first_name="Ann", last_name="Example", email="ann@example.org")
    for typed in ("jorg", "Must", "jm@exam"):
        text = offered(staff, url, typed)
        assert 'value="Jörg Muster &lt;jm@example.org&gt;"' in text
        assert "ann@" not in text
    assert offered(staff, url, "j").strip() == ""
    assert offered(staff, url, "").strip() == ""


def test_what_people_are_called_is_text(staff, url):
    AttendeeFactory(first_name='"><script>', last_name="Example", email="x@example.org")
    assert "<script>" not in offered(staff, url, "Example")


def test_no_name_stands_in_an_address_and_whoever_reads_only_is_offered_nobody(
    staff, client_as, url
):
    assert staff.get(url("people-known")).status_code == 405
    assert staff.post(url("people-known"), {"q": "Ann"}).url == url("people")
    refused = client_as(roles.VIEWER).post(url("people-known"), {"q": "Ann"}, headers=PART)
    assert refused.status_code == 403


def test_each_box_for_somebody_offers_them(staff, account, url):
    poll, coming = date_poll(account), ConferenceFactory(account=account)
    pages = {
        url("date-poll-new"): ("people-0-name", "people-1-email"),
        url("date-poll-people", poll.pk): ("people-0-name", "people-1-email"),
        url("schedule"): ("moderators-0-name", "moderators-0-email"),
        url("moderator-assign", coming.pk): ("name", "email"),
    }
    for page, boxes in pages.items():
        text = staff.get(page).content.decode()
        assert text.count('<datalist id="known-people">') == 1, page
        for box in boxes:
            assert f'hx-params="{box},csrfmiddlewaretoken"' in text, page


def test_a_pasted_entry_in_the_rows_of_a_poll_is_one_person(staff, account, url):
    poll = date_poll(account)
    data = {
        "people-count": "2",
        "people-0-name": "Ann Example <ann@example.org>",
        "people-0-email": "",
        "people-1-name": "",
        "people-1-email": "Bob Sample <bob@example.org>",
    }
    more = staff.post(url("date-poll-people", poll.pk), data | {"more-people": "yes"})
    for words in ('value="Ann Example"', 'value="ann@example.org"', 'value="Bob Sample"'):
        assert words in more.content.decode()
    staff.post(url("date-poll-people", poll.pk), data | {"tell": "no", "counted": "2"})
    people = {one.email: one.name for one in poll.people.all()}
    assert people["ann@example.org"] == "Ann Example"
    assert people["bob@example.org"] == "Bob Sample"
    assert not Attendee.objects.filter(email="ann@example.org").exists()
