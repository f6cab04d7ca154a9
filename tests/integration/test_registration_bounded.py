"""What the internet may send to a registration page and to links: how much, and of what letters."""

import re
from urllib.parse import urlencode

import pytest

from portal.conferences.audience.services import registering
from portal.conferences.audience.services.registering import Given
from portal.conferences.models import (
    Invitation,
    Registration,
    RegistrationPage,
    UnconfirmedRegistration,
)
from tests.factories import ConferenceFactory, RegistrationFactory
from tests.factories.date_polls import date_poll

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    conference = ConferenceFactory(registration_enabled=True)
    return RegistrationPage.objects.create(conference=conference, open=True)


def signed_up(page):
    registering.ask(page, Given("new@example.com", "New", "One"), "here")
    return UnconfirmedRegistration.objects.latest("pk")


def stamp_of(answer):
    return re.search(r'name="shown" value="([^"]+)"', answer.content.decode())[1]


@pytest.mark.parametrize("name", ["register", "confirm", "answer"])
def test_what_is_far_too_long_is_not_even_read(page, client, url, name):
    """Two million signs took seconds, and were sent back fourfold."""
    row = RegistrationFactory(conference=page.conference)
    of = {"register": page.slug, "confirm": signed_up(page).token, "answer": row.token}
    answer = client.post(url(name, of[name]), {"email": "<" * 2_000_000, "answer": "no"})
    assert answer.status_code == 400
    assert len(answer.content) < 100_000
    row.refresh_from_db()
    assert row.removed_at is None
    assert UnconfirmedRegistration.objects.filter(registration=None).count() == 1


def test_a_remark_about_dates_is_bounded_and_read_like_an_answer(staff_user, account, client, url):
    person = date_poll(account, by=staff_user).people.first()
    address = url("dates", person.token)
    assert client.post(address, {"remark": "<" * 2_000_000}).status_code == 400
    assert client.post(address, {"remark": "a\x1bb", "none": "1"}).status_code == 422
    assert client.post(address, {"remark": "a\u202eb\x0bc", "none": "1"}).status_code == 302
    person.refresh_from_db()
    assert person.remark == "ab\nc"


def test_twenty_long_answers_in_any_alphabet_are_read(page, client, url):
    questions = [page.questions.create(label=f"Q{n}", kind="long") for n in range(20)]
    data = {f"q{one.pk}": "\U0001f600" * 2000 for one in questions}
    data |= {"email": "n@example.com", "first_name": "N", "last_name": "X"}
    data["shown"] = stamp_of(client.get(url("register", page.slug)))
    sent = client.post(
        url("register", page.slug), urlencode(data), "application/x-www-form-urlencoded"
    )
    assert sent.status_code == 302
    assert len(UnconfirmedRegistration.objects.get().given) == 20


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        *((f"a{sign}b", "a\nb") for sign in "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"),
        *((f"a{sign}b", "ab") for sign in "\u202e\u2066\u200b\u00ad\U000e0041"),
        *((f"a{sign}b", None) for sign in "\x00\x01\x1b\x7f\ufffe\ue000"),
    ],
)
def test_an_answer_holds_nothing_that_ends_turns_or_hides_what_is_read(
    page, client, url, typed, kept
):
    for kind in ("text", "long"):
        question = page.questions.create(label=kind, kind=kind)
        data = {
            "email": "n@example.com",
            "first_name": "N",
            "last_name": "X",
            f"q{question.pk}": typed,
        }
        data["shown"] = stamp_of(client.get(url("register", page.slug)))
        answer = client.post(url("register", page.slug), data)
        assert answer.status_code == (422 if kept is None else 302)
        found = [one.given.get(str(question.pk)) for one in UnconfirmedRegistration.objects.all()]
        assert [one[2] for one in found if one] == ([] if kept is None else [kept])


def test_an_address_is_the_same_in_whatever_case_it_is_typed(page, client, url):
    """Else each way to write it would be written to twice an hour."""
    for typed in ("n@example.com", "N@Example.com", "<n@EXAMPLE.com>", "\uff2e@example.com "):
        data = {"email": typed, "first_name": "N", "last_name": "X"}
        data["shown"] = stamp_of(client.get(url("register", page.slug)))
        assert client.post(url("register", page.slug), data).status_code == 302
    assert Invitation.objects.filter(purpose="confirm").count() == registering.ABOUT_ONE


@pytest.mark.parametrize("method", ["get", "head", "options", "put"])
def test_programs_that_look_at_links_confirm_and_answer_nothing(page, client, url, method):
    pending, row = signed_up(page), RegistrationFactory(conference=page.conference)
    for address in (url("confirm", pending.token), f"{url('answer', row.token)}?answer=no"):
        getattr(client, method)(address, headers={"sec-purpose": "prefetch"})
    row.refresh_from_db()
    pending.refresh_from_db()
    assert (row.removed_at, row.answer, pending.confirmed_at) == (None, "", None)
    assert Registration.objects.count() == 1


def test_a_stamp_of_another_page_is_none(page, client, url):
    other = RegistrationPage.objects.create(conference=ConferenceFactory(), open=True)
    data = {"email": "n@example.com", "first_name": "N", "last_name": "X"}
    data["shown"] = stamp_of(client.get(url("register", other.slug)))
    assert client.post(url("register", page.slug), data).status_code == 422
    assert not UnconfirmedRegistration.objects.exists()
