"""Every form takes every nasty input: kept as it is, or refused with what was typed still there."""

import pytest

from portal.common.reader.characters import tidy
from portal.conferences.models import Attendee, AttendeeGroup, Conference, Moderator
from portal.identity import roles
from portal.platforms.models import PlatformAccount
from tests.factories import (
    AccountFactory,
    AttendeeFactory,
    ConferenceFactory,
    GroupFactory,
    ModeratorFactory,
    RegistrationFactory,
)
from tests.fixtures import nasty
from tests.fixtures.nasty_pages import Page, get, look, rows, send, squeezed

pytestmark = pytest.mark.django_db
each = pytest.mark.parametrize


@pytest.fixture(autouse=True)
def imports_go_elsewhere(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def staff(client_as):
    client = client_as(roles.STAFF)
    client.raise_request_exception = False
    return client


@pytest.fixture
def admin(client_as):
    client = client_as(roles.ADMINISTRATOR)
    client.raise_request_exception = False
    return client


def webinar(account, **changes):
    return {
        "account": account.pk,
        "title": "A title",
        "room_type": "webinar",
        "access": "open",
        "timezone": "Europe/Berlin",
        "date": "2094-11-30",
        "time": "14:30",
        "duration_minutes": "45",
        "action": "schedule",
    } | changes


def same(stored, typed, what):
    assert stored == squeezed(typed), f"{what}: stored as {stored[:80]!r}"


def tidied(stored, typed, what):
    """Names and what else is said of people are kept without signs that nobody sees, in NFC."""
    same(stored, tidy(typed), what)


def test_the_table_is_long_and_its_reader_sees_what_runs():
    values = {repr(value) for table in nasty.TABLES for value in table.values()}
    assert len(values) >= 200
    for name in ("script", "image with an error", "drawing that loads", "style", "frame"):
        assert Page(f"<p>{nasty.TEXTS[name]}</p>").live, name
    for name in ("new attribute", "out of an attribute"):
        assert Page(f'<input value="{nasty.TEXTS[name]}">').live, name
    assert Page(f'<a href="{nasty.TEXTS["address that runs"]}">x</a>').live
    assert not Page("<p>&lt;script&gt;nasty7()&lt;/script&gt;</p>").live


@each(("name", "text"), rows(nasty.TEXTS, 0))
def test_a_webinar_takes_any_text(staff, url, name, text):
    account = AccountFactory()
    data = webinar(account, title=text, description=text)
    if send(staff, url("schedule"), data, name, "title", "description"):
        row = Conference.objects.get()
        same(row.title, text, name)
        assert squeezed(row.description) == squeezed(text)
        shown = get(staff, url("conference", row.pk), name)
        assert squeezed(text) in shown.text, f"{name} is not on the page"
        for page in ("conferences", "calendar", "home"):
            get(staff, url(page), name)
        for page in ("conference-edit", "conference-cancel", "invite", "conference-history"):
            get(staff, url(page, row.pk), name)
    else:
        assert not Conference.objects.exists(), name
    held = ConferenceFactory(account=account)
    data = webinar(account, title=text, version=0)
    if send(staff, url("conference-edit", held.pk), data, name, "title"):
        held.refresh_from_db()
        same(held.title, text, name)
    send(staff, url("conference-cancel", held.pk), {"reason": text}, name, "reason")
    for page in ("conference", "conference-history"):
        get(staff, url(page, held.pk), name)


@each(("name", "text"), rows(nasty.TEXTS, 1))
def test_a_person_takes_any_text(staff, url, name, text):
    given = {"email": "ann@example.com", "first_name": text, "last_name": text, "notes": text}
    if send(staff, url("person-new"), given, name, "first_name", "last_name", "notes"):
        row = Attendee.objects.get()
        tidied(row.first_name, text, name)
        tidied(row.last_name, text, name)
        shown = get(staff, url("person", row.pk), name)
        assert squeezed(tidy(text)) in shown.text, f"{name} is not on the page"
        get(staff, url("people"), name)
        get(staff, url("person-delete", row.pk), name)
    else:
        assert not Attendee.objects.exists(), name
    held = AttendeeFactory()
    given = {"email": held.email, "company": text, "phone": text, "country": text}
    address = url("person-edit", held.pk)
    if send(staff, address, given, name, "company", "phone", "country"):
        held.refresh_from_db()
        tidied(held.company, text, name)
        tidied(held.phone, text, name)
        tidied(held.country, text.upper(), name)


@each(("name", "text"), rows(nasty.TEXTS, 2))
def test_a_group_and_a_moderator_take_any_text(staff, url, name, text):
    made = send(
        staff, url("group-new"), {"name": text, "description": text}, name, "name", "description"
    )
    if made:
        row = AttendeeGroup.objects.get()
        tidied(row.name, text, name)
        shown = get(staff, url("group", row.pk), name)
        assert squeezed(tidy(text)) in shown.text, f"{name} is not on the page"
        get(staff, url("group-delete", row.pk), name)
        for page in ("groups", "people", "people-import"):
            get(staff, url(page), name)
    else:
        assert not AttendeeGroup.objects.exists(), name
    conference = ConferenceFactory()
    given = {"name": text, "email": "speaker@example.com", "role": "presenter"}
    address = url("moderator-assign", conference.pk)
    if send(staff, address, given, name, "name"):
        tidied(Moderator.objects.get().name, text, name)
        get(staff, url("conference-people", conference.pk), name)
    given = webinar(conference.account) | {
        "moderators-count": text,
        "moderators-0-name": text,
        "moderators-0-role": text,
        "moderators-0-email": "speaker@example.com",
    }
    send(staff, url("schedule"), given, name, "moderators-0-name", blamed=("moderators-0-role",))


@each(("name", "text"), rows(nasty.TEXTS, 3))
def test_an_invitation_takes_any_text(staff, url, name, text):
    conference = ConferenceFactory(registration_enabled=True)
    address = url("invite", conference.pk)
    send(staff, address, {"action": "preview", "who": text}, name, "who")
    data = {"action": "send", "who": "ann@example.com", "note": text, "tell": "yes"}
    if send(staff, address, data, name, "note"):
        assert conference.registrations.count() == 1
        for page in ("invite-progress", "registrations"):
            get(staff, url(page, conference.pk), name)
    ids = {"action": "send", "who": "", "person": text, "group": text}
    send(staff, address, ids, name)
    row = RegistrationFactory(conference=conference)
    for action in ("resend", "withdraw", text):
        data = {"registration": [text, str(row.pk)], "action": action, "back": text}
        look(staff.post(url("registrations", conference.pk), data), name)
    group = GroupFactory()
    for action in ("remove", "add", text):
        data = {"action": action, "who": text, "member": text, "person": text, "group": text}
        look(staff.post(url("group-members", group.pk), data), name)


@each(("name", "text"), rows(nasty.TEXTS, 4))
def test_an_account_takes_any_text(admin, url, name, text):
    data = {
        "label": text,
        "base_url": "http://127.0.0.1:1/v1",
        "interval_minutes": "5",
        "credential_api_key": text,
        "untested": "1",
    }
    blamed = ("label", "credential_api_key")
    if send(admin, url("account-connect", "clickmeeting"), data, name, "label", blamed=blamed):
        row = PlatformAccount.objects.get()
        same(row.label, text, name)
        shown = get(admin, url("account", row.pk), name)
        assert squeezed(text) in shown.text, f"{name} is not on the page"
        for page in ("accounts", "home", "conferences", "schedule", "attention"):
            get(admin, url(page), name)
    else:
        assert not PlatformAccount.objects.exists(), name
    held = AccountFactory()
    for field in ("base_url", "ca_bundle", "interval_minutes", "requests_per_minute"):
        given = {"label": held.label, "interval_minutes": "5", "untested": "1"} | {field: text}
        send(admin, url("account-edit", held.pk), given, f"{name} as {field}", field)


@each(("name", "text"), rows(nasty.TEXTS, 5))
def test_login_cookies_and_buttons_take_any_text(client, admin, url, name, text):
    client.raise_request_exception = False
    answer = client.post("/login/", {"username": text, "password": text, "next": text})
    page = look(answer, name)
    assert answer.status_code == 200, f"{name} at /login/"
    assert page.holds("username", text), f"{name} at /login/"
    for page in ("zone", "theme"):
        answer = client.post(url(page), {page: text, "next": text})
        look(answer, name)
        assert answer.status_code == 302, name
        assert answer.url == url("home"), name
    conference = ConferenceFactory()
    moderator = ModeratorFactory(conference=conference)
    one, other = AttendeeFactory(), AttendeeFactory()
    for address, data in (
        (url("conference-open", conference.pk), {"open": text}),
        (url("conference-gone", conference.pk), {"choice": text}),
        (url("conference-publish", conference.pk), {"x": text}),
        (url("moderator-edit", conference.pk, moderator.pk), {"name": text, "role": text}),
        (url("people-merge-pair", one.pk, other.pk), {"keep": text}),
        (url("account-pause", conference.account.pk), {"paused": text}),
    ):
        look(admin.post(address, data, follow=True), f"{name} to {address}")


@each(("name", "email"), rows(nasty.ADDRESSES))
def test_any_address_is_kept_as_one_or_refused(staff, url, name, email):
    for given, field in ((url("person-new"), "email"),):
        if send(staff, given, {"email": email, "first_name": "Ann"}, name, field):
            stored = Attendee.objects.get().email
            assert stored.isascii(), stored
            assert stored.isprintable(), stored
            assert stored.count("@") == 1, stored
            get(staff, url("people"), name)
    conference = ConferenceFactory(registration_enabled=True)
    data = {"name": "Ann", "email": email, "role": "presenter"}
    if send(staff, url("moderator-assign", conference.pk), data, name, "email"):
        assert "\n" not in Moderator.objects.get().email
        get(staff, url("conference-people", conference.pk), name)
    send(staff, url("invite", conference.pk), {"action": "preview", "who": email}, name, "who")


@each(("name", "number"), rows(nasty.NUMBERS, 0, every=3))
def test_a_number_is_due(admin, url, name, number):
    account = AccountFactory()
    data = webinar(account, duration_minutes=number)
    if send(admin, url("schedule"), data, name, "duration_minutes"):
        assert 0 < Conference.objects.get().duration_minutes < 100_000
    for field in ("account", "version", "uid", "fold", "permanent", "moderators-count"):
        send(admin, url("schedule"), webinar(account) | {field: number}, f"{name} as {field}")
    for field in ("interval_minutes", "requests_per_minute"):
        given = {"label": account.label, "interval_minutes": "5", "untested": "1", field: number}
        send(admin, url("account-edit", account.pk), given, f"{name} as {field}", field)
    group = GroupFactory()
    given = {"text": "ann@example.com", "group": number}
    send(admin, url("people-import"), given, name, "text", blamed=("group",))
    look(admin.post(url("group-members", group.pk), {"action": "remove", "member": number}), name)


@each(("name", "moment"), rows(nasty.MOMENTS))
def test_a_moment_that_does_not_exist_or_comes_twice(staff, url, name, moment):
    zone, day, clock, _ = moment
    data = webinar(AccountFactory(), timezone=zone, date=day, time=clock)
    fields = ("timezone", "date", "time", "fold")
    taken = send(staff, url("schedule"), data, name, "date", "time", blamed=fields)
    assert not taken, f"{name} was taken"
    assert not Conference.objects.exists()


@each("chosen", ["first", "second"])
def test_a_moment_that_comes_twice_is_taken_once_it_was_chosen(staff, url, chosen):
    zone, day, clock, _ = nasty.MOMENTS["overlap in Berlin"]
    data = webinar(AccountFactory(), timezone=zone, date=day, time=clock, fold=chosen)
    assert send(staff, url("schedule"), data, chosen)
    assert Conference.objects.get().starts_at.hour == {"first": 0, "second": 1}[chosen]
