"""The link that people outside get: it leads on, or says in a plain sentence why not yet."""

import uuid

import pytest
from django.utils import timezone

from tests.factories import ConferenceFactory, ModeratorFactory, RegistrationFactory

pytestmark = pytest.mark.django_db
THERE = "https://platform.example/room/1?token=secret"


@pytest.fixture(params=[RegistrationFactory, ModeratorFactory])
def make(request):
    return request.param


def assert_careful(answer):
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]
    assert not answer.cookies


def test_it_leads_to_the_personal_link(client, url, make, django_assert_max_num_queries):
    person = make(join_url=THERE)
    with django_assert_max_num_queries(2):
        answer = client.get(url("join", person.token))
    assert (answer.status_code, answer.url) == (302, THERE)
    assert_careful(answer)


def test_it_says_when_while_the_place_is_prepared(client, url, make):
    person = make(conference=ConferenceFactory(title="Spring <b>news</b>"))
    client.cookies["zone"] = "Asia/Tokyo"
    answer = client.get(url("join", person.token))
    assert answer.status_code == 200
    assert b"being prepared" in answer.content
    assert b"<b>news" not in answer.content
    assert b"in Berlin" in answer.content  # beside the viewer's own clock
    assert person.email not in answer.content.decode() if hasattr(person, "email") else True
    assert_careful(answer)


def test_it_says_that_the_time_was_changed(client, url, make):
    person = make(conference=ConferenceFactory(sequence=1))
    assert b"The time was changed" in client.get(url("join", person.token)).content


@pytest.mark.parametrize(
    ("values", "status", "words"),
    [
        ({"conference__removed_at": timezone.now()}, 410, b"was cancelled"),
        ({"removed_at": timezone.now()}, 410, b"no longer on the list"),
        ({"conference__gone_at": timezone.now()}, 200, b"not there at the moment"),
        ({"gone_at": timezone.now()}, 200, b"not there at the moment"),
    ],
)
def test_a_plain_sentence_and_no_way_on(client, url, make, values, status, words):
    person = make(join_url=THERE, **values)
    answer = client.get(url("join", person.token))
    assert answer.status_code == status
    assert words in answer.content
    assert b"secret" not in answer.content
    assert_careful(answer)


def test_the_reason_of_a_cancellation_is_shown_escaped(client, url, make):
    conference = ConferenceFactory(
        removed_at=timezone.now(), cancel_reason="The <i>host</i> is ill"
    )
    answer = client.get(url("join", make(conference=conference).token))
    assert b"The &lt;i&gt;host" in answer.content


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//x.example",
        "ftp://x.example",
        "http://",
        "https://x.example/\r\nSet-Cookie: a=b",
        "https://[",
        " ",
    ],
)
def test_only_web_addresses_are_followed(client, url, make, link):
    answer = client.get(url("join", make(join_url=link).token))
    assert answer.status_code == 200
    assert b"being prepared" in answer.content


def test_what_nobody_gave_out(client, url):
    answer = client.get(url("join", uuid.uuid4()))
    assert answer.status_code == 404
    assert b"not known" in answer.content
    assert client.get("/join/nonsense/").status_code in (302, 404)
    assert client.post(url("join", uuid.uuid4())).status_code == 405
