"""What signed-in people see is kept nowhere; sessions end; a platform's page stays in its frame."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from integrations.base.records import Kind
from portal.common.tasks import forget_sessions
from portal.identity import roles
from portal.staff.webinars.views.embed import origin_of
from portal.sync.models import PlatformLink
from tests.factories import ConferenceFactory, RegistrationFactory

pytestmark = pytest.mark.django_db


def test_pages_with_people_are_not_stored(client_as, url, client):
    person = RegistrationFactory()
    staff = client_as()
    pages = [
        url("home"),
        url("people"),
        url("person", person.attendee_id),
        url("people-export"),
        url("conference-people", person.conference_id),
        url("conferences"),
        url("conference-history", person.conference_id),
        url("attention"),
        url("registrations-export", person.conference_id),
        "/no-such-page/",
        url("personal-link", "registration", person.pk),
        "/password/",
    ]
    for page in pages:
        for headers in ({}, {"HX-Request": "true"}):
            answer = staff.get(page, headers=headers)
            assert "no-store" in answer.headers.get("Cache-Control", ""), page
    assert "no-store" in client.get("/login/").headers["Cache-Control"]


def sessions_end(client):
    return Session.objects.get(pk=client.session.session_key).expire_date


def test_a_session_ends_when_nobody_is_there(client_as, url, clock, settings):
    assert settings.SESSION_COOKIE_AGE == 120 * 60
    staff = client_as()
    staff.get(url("home"))
    key = staff.session.session_key
    late = timezone.now() - timedelta(seconds=1)
    Session.objects.filter(pk=key).update(expire_date=late)
    assert staff.get(url("home")).status_code == 302
    forget_sessions()
    assert not Session.objects.filter(pk=key).exists()


def test_opening_pages_moves_the_end_and_polling_does_not(client_as, url, clock):
    staff = client_as()
    staff.get(url("home"))
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=5))
    clock.advance(120)
    before = sessions_end(staff)
    staff.get(url("home"), headers={"HX-Request": "true"})
    assert sessions_end(staff) == before, "what a page asks by itself is no sign of a person"
    staff.get(url("home"))
    assert sessions_end(staff) > before + timedelta(minutes=100)
    again = sessions_end(staff)
    clock.advance(10)
    staff.get(url("home"))
    assert sessions_end(staff) == again, "not written at each page"


def test_forgetting_leaves_sessions_that_go_on(client_as, url):
    staff = client_as()
    forget_sessions()
    assert staff.get(url("home")).status_code == 200


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://rooms.example.org/x?y=1", "https://rooms.example.org"),
        ("https://ROOMS.example.org:8443/x", "https://rooms.example.org:8443"),
        ("http://10.0.0.5/c/1", "http://10.0.0.5"),
        ("https://b\u00fccher.example.org/", "https://xn--bcher-kva.example.org"),
        ("https://x.example.org;script-src *", ""),
        ("https://x.example.org; script-src 'unsafe-inline'/", ""),
        ("https://*.example.org/", ""),
        ("https://*/", ""),
        ("https://x.example.org,https://evil.example.org/", ""),
        ("https://'self'/", ""),
        ("https://user:pass@x.example.org/", ""),
        ("https://x.example.org:nonsense/", ""),
        ("https://x.example.org:99999/", ""),
        ("https:///x", ""),
        ("https://[::1", ""),
        ("https://x.example.org\r\nSet-Cookie: a=b", ""),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//x.example.org", ""),
        ("", ""),
        ("http://testserver/webinars/", ""),
        ("http://testserver:80/webinars/", ""),
        ("https://testserver:443/webinars/", ""),
        ("https://another-name.example.com/webinars/", ""),
        ("http://testserver:8010/room", "http://testserver:8010"),
        ("https://" + "a" * 300 + ".example.org/", ""),
    ],
)
def test_only_a_well_formed_origin_enters_the_policy(address, origin, settings):
    settings.ALLOWED_HOSTS = ["testserver", "another-name.example.com"]
    assert origin_of(address) == origin


@pytest.mark.parametrize(
    "address", ["https://rooms.example.org/r/1", "https://x.example.org; script-src *"]
)
def test_the_rooms_frame_is_sandboxed(address, client_as, url):
    row = ConferenceFactory()
    PlatformLink.objects.create(
        account=row.account,
        kind=Kind.CONFERENCE,
        local_id=row.pk,
        external_id="9",
        facts={"embed_room_url": address},
    )
    answer = client_as(roles.VIEWER).get(url("conference-room", row.pk))
    if ";" in address:
        assert answer.status_code == 302
        return
    page, policy = answer.content.decode(), answer.headers["Content-Security-Policy"]
    assert "frame-src https://rooms.example.org;" in policy + ";"
    frame = page[page.index("<iframe") : page.index("</iframe>")]
    assert 'sandbox="allow-scripts' in frame
    assert "allow-top-navigation" not in frame
