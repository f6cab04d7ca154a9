"""Trying passwords, through the real middleware, behind as many proxies as are said to be there."""

from urllib.parse import quote_plus

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.urls import reverse

from portal.common.client_address import client_address
from portal.identity.throttle import LONGEST_NAME
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PROXY = "10.1.1.1"
RIGHT = "a-password-for-tests"


@pytest.fixture(autouse=True)
def awake(settings):
    settings.AXES_ENABLED = True


@pytest.fixture
def person(db):
    return UserFactory(username="ann")


def sign_in(name, password="wrong", peer=PROXY, forwarded=None, page="login"):
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    given = {"username": name, "password": password}
    answer = Client().post(reverse(page), given, headers=headers, REMOTE_ADDR=peer)
    return answer.status_code


def fail(times, name="ann", **how):
    return [sign_in(name, **how) for _ in range(times)][-1]


@pytest.mark.parametrize(
    ("count", "forwarded", "address"),
    [
        (0, None, PROXY),
        (0, "198.51.100.7", PROXY),
        (1, None, PROXY),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "1.1.1.1, 198.51.100.7", "198.51.100.7"),
        (1, "nonsense", PROXY),
        (1, "1.1.1.1,", PROXY),
        (1, "198.51.100.7:5000", "198.51.100.7"),
        (1, "::ffff:198.51.100.7", "198.51.100.7"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (1, "[2001:db8:1:2:ffff::1]:443", "2001:db8:1:2::"),
        (2, "198.51.100.7", PROXY),
        (2, "198.51.100.7, 10.1.1.2", "198.51.100.7"),
        (2, "1.1.1.1, 198.51.100.7, 10.1.1.2", "198.51.100.7"),
    ],
)
def test_the_address_is_what_our_own_proxies_saw(count, forwarded, address, settings, rf):
    settings.PROXY_COUNT = count
    headers = {"X-Forwarded-For": forwarded} if forwarded is not None else {}
    assert client_address(rf.get("/", headers=headers, REMOTE_ADDR=PROXY)) == address


def test_a_socket_file_has_no_address(settings, rf, person):
    assert client_address(rf.get("/", REMOTE_ADDR="")) is None
    assert sign_in("ann", RIGHT, peer="") == 302


@pytest.mark.parametrize("page", ["login", "admin:login"])
def test_a_name_is_locked_for_the_address_that_guesses_alone(page, settings, person):
    settings.PROXY_COUNT = 1
    assert fail(settings.AXES_FAILURE_LIMIT, forwarded="198.51.100.7", page=page) == 429
    assert sign_in("ann", RIGHT, forwarded="198.51.100.7") == 429
    assert sign_in("ann", RIGHT, forwarded="198.51.100.8") == 302, "ann herself gets in"


@pytest.mark.parametrize("count", [0, 1, 2])
def test_spoofed_headers_buy_no_further_try(count, settings, person):
    settings.PROXY_COUNT = count
    behind = {0: "", 1: "198.51.100.7", 2: "198.51.100.7, 10.1.1.2"}[count]
    for number in range(settings.AXES_FAILURE_LIMIT):
        status = sign_in("ann", forwarded=f"203.0.113.{number}, {behind}".rstrip(", "))
    assert status == 429


@pytest.mark.parametrize("count", [0, 1])
def test_spoofed_headers_lock_out_nobody_else(count, settings, person):
    settings.PROXY_COUNT = count
    attacker, ann = ("198.51.100.9", "198.51.100.7") if count else (None, None)
    peer = "198.51.100.9" if count == 0 else PROXY
    said = "198.51.100.7" if attacker is None else f"198.51.100.7, {attacker}"
    fail(settings.AXES_FAILURE_LIMIT, forwarded=said, peer=peer)
    mine = "198.51.100.7" if count == 0 else PROXY
    assert sign_in("ann", RIGHT, forwarded=ann, peer=mine) == 302


def test_one_address_does_not_try_one_name_after_the_other(settings, person):
    settings.PROXY_COUNT = 1
    answers = [
        sign_in(f"name{number}", forwarded="198.51.100.7")
        for number in range(settings.ADDRESS_FAILURE_LIMIT)
    ]
    assert answers[-1] == 429
    assert 429 not in answers[: settings.ADDRESS_FAILURE_LIMIT // 2], "an office mistypes too"
    assert sign_in("ann", RIGHT, forwarded="198.51.100.7") == 429
    assert sign_in("ann", RIGHT, forwarded="198.51.100.8") == 302


def test_a_network_of_ipv6_counts_as_one(settings, person):
    settings.PROXY_COUNT = 1
    for number in range(settings.AXES_FAILURE_LIMIT):
        status = sign_in("ann", forwarded=f"2001:db8:1:2::{number:x}")
    assert status == 429
    assert sign_in("ann", RIGHT, forwarded="2001:db8:1:3::1") == 302


def test_an_office_that_mistypes_is_not_kept_out(settings, person):
    settings.PROXY_COUNT = 1
    for number in range(8):
        sign_in(f"colleague{number}", forwarded="198.51.100.7")
        sign_in(f"colleague{number}", forwarded="198.51.100.7")
    assert sign_in("ann", RIGHT, forwarded="198.51.100.7") == 302


@pytest.mark.parametrize("page", ["password_change", "admin:password_change"])
def test_ones_own_password_is_not_guessed_in_an_open_session(page, settings, person):
    """Somebody sits down at a machine that was left open, and tries to make it theirs."""
    client = Client()
    client.force_login(person)
    new = {"new_password1": "another-long-word-77", "new_password2": "another-long-word-77"}

    def guess(old):
        given = new | {"old_password": old}
        return client.post(reverse(page), given, REMOTE_ADDR=PROXY, follow=True)

    if page.startswith("admin"):
        person.is_staff = True
        person.save()
        assert client.get(reverse(page), follow=True).request["PATH_INFO"] == "/password/"
        assert guess("wrong").status_code == 200, "led to the form, not taken"
        page = "password_change"
    answers = [guess(f"wrong {n}").status_code for n in range(settings.AXES_FAILURE_LIMIT)]
    assert answers[0] == 200
    assert answers[-1] == 429
    assert guess(RIGHT).status_code == 429
    person.refresh_from_db()
    assert person.check_password(RIGHT)
    assert sign_in("ann", RIGHT) == 429, "and it counts with signing in"
    assert sign_in("ann", RIGHT, peer="198.51.100.8") == 302
    kept = "\n".join(AccessAttempt.objects.values_list("post_data", flat=True))
    assert "wrong 1" not in kept
    assert "another-long-word-77" not in kept


@pytest.mark.parametrize("name", ["x" * 256, "x" * 100_000, "\ud800", "a\x00b"])
def test_any_name_can_be_tried(name, settings):
    raw = quote_plus(name.encode("utf-8", "surrogatepass"))
    kind = "application/x-www-form-urlencoded"
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = Client().post("/login/", f"username={raw}&password=x", content_type=kind)
        assert answer.status_code in (200, 429)
    assert all(len(one.username) <= LONGEST_NAME for one in AccessAttempt.objects.all())
