"""Forms of actions, of copying and moving, of groups on an account, and what consent sends back."""

from urllib.parse import parse_qs, quote, urlsplit

import pytest

from integrations import registry
from integrations.base.records import FLAG
from portal.common.reader.characters import tidy
from portal.conferences.models import AttendeeGroup, Conference
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from portal.platforms.models import PlatformAccount
from portal.staff.urls import urlpatterns
from portal.sync import engine
from tests.factories import AccountFactory, ConferenceFactory
from tests.fixtures import nasty
from tests.fixtures.nasty_pages import get, look, played, rows, send, squeezed
from tests.profiles import spread

pytestmark = pytest.mark.django_db
each = pytest.mark.parametrize


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


@pytest.fixture
def room(account, sandbox):
    sandbox.clickmeeting().add_room("Quarterly results")
    engine.sync_account(account.pk, full=True)
    return Conference.objects.get()


def asked():
    """Every action with something to fill in, on an account as it is connected at first."""
    for slug in registry.slugs():
        for action in AccountFactory.build(platform=slug).capabilities.actions.values():
            if action.fields and action.of == "conference" and action.ability.offered:
                yield pytest.param(slug, action, id=f"{slug} {action.name}")


@each(("slug", "action"), list(asked()))
def test_a_form_of_an_action_takes_nothing_that_breaks_it(staff, url, slug, action):
    """It stands nowhere, so nothing leaves: what was typed is kept, and the reason is said."""
    account = AccountFactory(platform=slug, base_url="http://127.0.0.1:1")
    conference = ConferenceFactory(account=account)
    address = url("ask", "conference", conference.pk, action.name)
    typed = [one.name for one in action.fields if one.type != FLAG and not one.rule.choices]
    for name in ("script", "NUL", "out of an attribute", "template expression", "lines"):
        data = dict.fromkeys((one.name for one in action.fields), nasty.TEXTS[name])
        taken = send(staff, address, data | {"row": nasty.TEXTS[name]}, name)
        assert not taken, name
        page = look(staff.post(address, data | {"row": "1"}), name)
        assert all(page.holds(field, nasty.TEXTS[name]) for field in typed), name
    assert not OutboxEntry.objects.exists()


def test_an_action_takes_any_text(staff, url, room):
    address = url("ask", "conference", room.pk, "join_link")
    for name, text in played(nasty.TEXTS, 6).items():
        given = {"email": "ann@example.com", "name": text, "role": "listener", "password": text}
        send(staff, address, given, name, "name", "password")
        given |= {"email": text, "role": text}
        send(staff, address, given, name, "email", blamed=("email", "role"))
        look(staff.get(address, {"row": text}), name)


def test_addresses_of_actions_take_any_text(staff, url, room):
    file = url("ask-file", "conference", room.pk, "download_file")
    for name, text in played(nasty.TEXTS, 7).items():
        word = quote(text, safe="") or "x"
        for path in (
            f"/ask/conference/{room.pk}/{word}/",
            f"/ask/{word}/{room.pk}/join_link/",
            f"/ask/{word}/{room.pk}/",
        ):
            look(staff.get(path), f"{name} at {path[:80]}")
        for page in ("conference-live", "conference-content"):
            look(staff.get(url(page, room.pk), {"read": text}), f"{name} to {page}")
        look(staff.get(url("account-ask", room.account_id), {"read": text}), name)
        look(staff.get(file, {"row": text}), name)


def test_a_number_that_an_action_asks_for_is_due(staff, url, sandbox, account):
    sandbox.clickmeeting().add_room("By token", access_type=3)
    engine.sync_account(account.pk, full=True)
    address = url("ask", "conference", Conference.objects.get().pk, "generate_access_tokens")
    for name, number in nasty.NUMBERS.items():
        send(staff, address, {"how_many": number}, name, "how_many")


@each(("name", "text"), rows(nasty.TEXTS, 8))
def test_a_move_takes_any_text(staff, url, name, text):
    here, there = AccountFactory(), AccountFactory()
    conference = ConferenceFactory(account=here, title="Moving day")
    address = url("conference-move", conference.pk)
    given = {"account": there.pk, "how": "move", "note": text}
    look(staff.post(address, given | {"preview": "yes"}), f"{name}, looked at")
    assert Conference.objects.count() == 1, "a look does nothing"
    for field in ("account", "how", "people"):
        data = {"account": there.pk, "how": "copy", "people": "on"} | {field: text}
        send(staff, address, data, f"{name} as {field}", blamed=(field,))
        look(staff.post(address, data | {"preview": text}), f"{name} as {field}, looked at")
    send(staff, address, given, name, "note")
    for row in Conference.objects.all():
        for page in ("conference", "conference-history"):
            get(staff, url(page, row.pk), name)


@each(("name", "number"), rows(nasty.NUMBERS, 1, every=3))
def test_a_move_to_an_account_that_is_none(staff, url, name, number):
    conference = ConferenceFactory()
    given = {"account": number, "how": "copy", "do": "yes"}
    send(staff, url("conference-move", conference.pk), given, name, blamed=("account",))
    assert Conference.objects.count() == 1, name


@each(("name", "text"), rows(nasty.TEXTS | nasty.NUMBERS, 9))
def test_a_group_on_an_account_takes_any_text(staff, url, name, text):
    kept = AccountFactory(platform="myownconference", base_url="http://127.0.0.1:1")
    given = {"name": text, "description": text, "account": kept.pk}
    if send(staff, url("group-new"), given, name, "name", "description"):
        row = AttendeeGroup.objects.get()
        assert row.account == kept
        assert row.name == squeezed(tidy(text)), name
        for page in ("group", "group-edit", "group-delete"):
            get(staff, url(page, row.pk), name)
    made = AttendeeGroup.objects.count()
    given = {"name": "Another", "account": text}
    if send(staff, url("group-new"), given, name, "name", blamed=("account",)):
        assert not text.strip(" \x00") or text.strip() == str(kept.pk), f"{name}: no account"
        made += 1
    assert AttendeeGroup.objects.count() == made


@pytest.fixture
def by_consent(db, sandbox):
    return AccountFactory(
        platform="livewebinar",
        base_url=sandbox.base_url("livewebinar"),
        credentials=sandbox.credentials("livewebinar"),
        options={"login": "consent", "app_url": f"{sandbox.url}/livewebinar"},
    )


def test_what_consent_sends_back_may_be_anything(admin, url, by_consent):
    begin, back = url("account-consent", by_consent.pk), url("account-consent-back")
    for name, text in played(nasty.TEXTS, 10).items():
        for query in ({"state": text, "code": text}, {"error": text, "state": text}, {text: text}):
            admin.get(begin)
            look(admin.get(back, query, follow=True), name)
        state = parse_qs(urlsplit(admin.get(begin)["Location"]).query)["state"][0]
        look(admin.get(back, {"state": state, "code": text}, follow=True), f"{name} as the code")
    by_consent.refresh_from_db()
    assert by_consent.runtime.tokens == {}


def test_consent_for_an_account_that_logs_in_otherwise_by_now(admin, url, by_consent):
    begun = admin.get(url("account-consent", by_consent.pk))
    state = parse_qs(urlsplit(begun["Location"]).query)["state"][0]
    PlatformAccount.objects.filter(pk=by_consent.pk).update(options={"login": "server"})
    answer = admin.get(url("account-consent-back"), {"state": state, "code": "x"}, follow=True)
    assert answer.status_code == 200
    assert "does not log in by consent" in answer.content.decode()


@each(("name", "part"), rows(nasty.IN_PATHS, 0, every=3))
def test_any_address_of_ours_is_answered(admin, name, part):
    with_parts = [pattern for pattern in urlpatterns if pattern.pattern.converters]
    for pattern in spread(with_parts, list(nasty.IN_PATHS).index(name)):
        parts = pattern.pattern.converters
        route = pattern.pattern._route
        for key in parts:
            kind = type(parts[key]).__name__.removesuffix("Converter").lower()
            route = route.replace(f"<{kind}:{key}>", part)
        for ask in (admin.get, admin.post):
            look(ask(f"/{route}"), f"{name} at /{route[:120]}")
