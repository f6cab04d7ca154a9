"""A session that ends while somebody works: no part is led astray, and nothing typed is lost."""

import re
from html import unescape

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import NoReverseMatch, reverse

from portal.common import kept_forms
from portal.conferences.models import Attendee
from portal.identity import roles
from portal.staff.urls import urlpatterns

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough one"
HTMX = {"HTTP_HX_REQUEST": "true"}
OWN = {"HTTP_SEC_FETCH_SITE": "same-origin"}
PERSON = {
    "email": "ann@example.org",
    "first_name": "Ann",
    "last_name": "Example",
    "notes": "Two lines,\nand <b>signs</b> & more",
}


def stranger(**values):
    return Client(**values)


def fields_of(page, name="textarea"):
    found = re.findall(r'<textarea[^>]* name="([^"]+)">\n(.*?)</textarea>', page, re.DOTALL)
    return [(key, unescape(value)) for key, value in found]


@pytest.fixture
def eva(user_as):
    user = user_as(roles.STAFF, username="eva")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def after_end(eva):
    """Send a form from a page that was shown to eva, whose session has ended since."""

    def send(address, given=(), **headers):
        client = stranger()
        client.login(username="eva", password=PASSWORD)
        send.token = token_of(client.get("/people/new/"))
        Session.objects.all().delete()
        form = dict(given) | {"csrfmiddlewaretoken": send.token}
        return client, client.post(address, form, **(headers or OWN))

    return send


def token_of(answer):
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', answer.content.decode())[1]


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_part_gets_401_and_no_sign_in_page(method):
    client, asked = stranger(), 0
    for pattern in urlpatterns:
        try:
            arguments = dict.fromkeys(pattern.pattern.converters, 1)
            address = reverse(f"staff:{pattern.name}", kwargs=arguments)
        except NoReverseMatch:
            continue
        answer = getattr(client, method)(address, **HTMX)
        if getattr(pattern.callback, "login_required", True) is False:
            continue
        assert answer.status_code == 401, address
        assert answer.content == b"", address
        asked += 1
    assert asked > 50


def test_a_plain_page_leads_to_the_sign_in_page_and_back(url):
    answer = stranger().get(url("people"))
    assert answer.status_code == 302
    assert answer.url == "/login/?next=/people/"


def test_what_was_typed_is_sent_after_signing_in(url, after_end):
    client, page = after_end(url("person-new"), PERSON)
    assert page.status_code == 401
    assert "What you typed is kept" in page.content.decode()
    wrong = {"username": "eva", "password": "wrong", "kept": page.context["kept"]}
    again = client.post("/login/", wrong)
    assert again.context["kept"] == page.context["kept"], "a slip of the finger loses nothing"
    right = wrong | {"password": PASSWORD, "next": url("person-new")}
    offered = client.post("/login/", right)
    assert offered.status_code == 200
    assert "no-store" in offered["Cache-Control"]
    assert not Attendee.objects.exists(), "signing in saves nothing"
    fields = fields_of(offered.content.decode())
    assert dict(fields) == PERSON
    assert f'action="{url("person-new")}"' in offered.content.decode()
    client.post(url("person-new"), dict(fields))
    assert Attendee.objects.get().notes.replace("\r\n", "\n") == PERSON["notes"]


def test_a_button_that_was_pressed_is_kept_as_well(url, after_end, account):
    address = url("account-sync", account.pk)
    client, page = after_end(address)
    signed_in = {"username": "eva", "password": PASSWORD, "kept": page.context["kept"]}
    offered = client.post("/login/", signed_in | {"next": address})
    assert offered.status_code == 200, "its address answers no GET: leading there would be a fault"
    assert f'action="{address}"' in offered.content.decode()


def test_another_person_gets_nothing_of_what_was_typed(url, user_as, after_end):
    bob = user_as(roles.STAFF, username="bob")
    bob.set_password(PASSWORD)
    bob.save()
    client, page = after_end(url("person-new"), PERSON)
    kept = page.context["kept"]
    assert kept
    assert b"ann@example.org" not in page.content, "nor in what the page carries"
    given = {"username": "bob", "password": PASSWORD, "kept": kept, "next": url("person-new")}
    answer = client.post("/login/", given, follow=True)
    assert answer.redirect_chain == [("/", 302)]
    assert "Somebody else was signed in here" in answer.content.decode()
    assert "ann@example.org" not in answer.content.decode()
    # The page stands open in another window, and bob presses its button.
    client.handler.enforce_csrf_checks = True
    answer = client.post(
        url("person-new"), PERSON | {"csrfmiddlewaretoken": after_end.token}, **OWN
    )
    assert answer.status_code == 403
    assert "ann@example.org" not in answer.content.decode()
    assert not Attendee.objects.exists()


def test_a_page_of_nobody_known_is_not_kept(url, eva):
    page = stranger().post(url("person-new"), PERSON, **OWN)
    assert page.status_code == 401
    assert page.context["kept"] == ""
    client = stranger()
    client.login(username="eva", password=PASSWORD)
    client.get(url("person-new"))
    forged = PERSON | {"csrfmiddlewaretoken": "a" * 64}
    Session.objects.all().delete()
    assert client.post(url("person-new"), forged, **OWN).context["kept"] == ""


def test_another_sites_form_is_not_kept(url, after_end):
    for sent in (
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_ORIGIN": "https://evil.example"},
        {"HTTP_X_NOTHING": ""},
    ):
        assert after_end(url("person-new"), PERSON, **sent)[1].context["kept"] == "", sent


def test_secrets_and_files_are_not_kept(after_end):
    form = {"label": "Marketing", "credential_api_key": "s3cret", "password": "x", "api-token": "y"}
    page = after_end("/accounts/connect/clickmeeting/", form)[1]
    kept = kept_forms.read(page.context["kept"])
    assert kept.fields == [("label", "Marketing")]
    assert kept.left_out


def test_a_form_that_is_too_large_is_not_kept(after_end):
    import random

    letters = random.Random(1)
    text = "".join(chr(letters.randrange(0x4E00, 0x9FFF)) for _ in range(400_000))
    assert after_end("/people/import/", {"text": text})[1].context["kept"] == ""


@pytest.mark.parametrize("text", ["", "nonsense", "a:b:c", "x" * 600_000])
def test_what_nobody_signed_is_nothing(text):
    assert kept_forms.read(text) is None


def test_an_old_token_offers_the_form_once_more(url, eva):
    client = Client(enforce_csrf_checks=True)
    client.login(username="eva", password=PASSWORD)
    old = token_of(client.get(url("person-new")))
    # Signing in again in another window, by the page itself: the token is another one.
    Session.objects.all().delete()
    again = {"username": "eva", "password": PASSWORD, "csrfmiddlewaretoken": old}
    assert client.post("/login/", again).status_code == 302
    page = client.post(url("person-new"), PERSON | {"csrfmiddlewaretoken": old}, **OWN)
    assert page.status_code == 403
    assert dict(fields_of(page.content.decode())) == PERSON
    elsewhere = client.post(url("person-new"), PERSON, HTTP_SEC_FETCH_SITE="cross-site")
    assert elsewhere.status_code == 403
    assert "ann@example.org" not in elsewhere.content.decode()


def test_an_old_token_in_a_part_is_answered_by_401(url, client_as):
    client = Client(enforce_csrf_checks=True)
    client.cookies = client_as(roles.STAFF).cookies
    answer = client.post(url("person-new"), PERSON, **HTMX, **OWN)
    assert answer.status_code == 401


def test_the_session_says_who_is_signed_in(client_as):
    assert Client().get("/session/").json()["user"] == ""
    client = client_as(roles.VIEWER)
    answer = client.get("/session/")
    assert answer.json()["user"] == client.user.get_username()
    assert "no-cache" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("name", "page"), [("conference-chips", "conferences"), ("conference-sync", "conference")]
)
def test_a_part_opened_by_itself_leads_to_its_page(client_as, url, account, name, page):
    from tests.factories import ConferenceFactory

    row = ConferenceFactory(account=account)
    pk = (row.pk,) if page == "conference" else ()
    answer = client_as(roles.STAFF).get(url(name, *pk))
    assert answer.status_code == 302
    assert answer.url == url(page, *pk)


def test_what_was_typed_in_the_administration_is_kept_too(after_end, eva):
    client, answer = after_end("/admin/conferences/attendee/add/", PERSON)
    assert answer.status_code == 401
    page = answer.content.decode()
    assert "What you typed is kept" in page
    kept = re.search(r'name="kept" value="([^"]+)"', page)[1]
    sign_in = {"username": "eva", "password": PASSWORD, "kept": kept}
    again = client.post("/login/", sign_in, **OWN).content.decode()
    assert dict(fields_of(again))["notes"] == PERSON["notes"]
    assert not Attendee.objects.exists()


@pytest.mark.parametrize("address", ["/logout/", "/admin/logout/"])
def test_nobody_has_to_sign_in_to_leave(after_end, address):
    _, answer = after_end(address)
    assert (answer.status_code, answer.url) == (302, "/login/")
