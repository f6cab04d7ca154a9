"""The schedule form as a page: settings of the platform by topic, what it lacks, the cursor."""

import re

import pytest

from integrations import registry
from integrations.base.capabilities import SETTING_TOPICS, SettingTopic
from portal.common import clock as portal_clock
from portal.identity import roles
from tests.factories import AccountFactory, ConferenceFactory
from tests.factories.rooms import furnish

pytestmark = pytest.mark.django_db
YEAR = portal_clock.now().year + 1


@pytest.fixture(autouse=True)
def rooms(monkeypatch):
    furnish(monkeypatch)


@pytest.fixture
def plenty():
    return AccountFactory(label="Plenty", platform="plenty")


def wish(account, **changes):
    values = {
        "account": account.pk,
        "title": "A new one",
        "room_type": "webinar",
        "access": "open",
        "timezone": "Europe/Berlin",
        "date": f"{YEAR}-11-30",
        "time": "14:30",
        "duration_minutes": "45",
        "shown": account.pk,
    }
    return {key: str(value) for key, value in (values | changes).items()}


def focused(page):
    return re.findall(r'<(?:input|select|textarea)[^>]*\bname="([^"]+)"[^>]* autofocus', page)


def folded(page):
    """Each group of settings: whether it is open."""
    found = re.findall(
        r'<details class="card"\s*(open)?\s*>\s*<summary class="card-body">([^<]*)', page
    )
    return {label.strip(): bool(is_open) for is_open, label in found}


@pytest.mark.parametrize("slug", registry.slugs())
def test_every_setting_of_a_platform_says_what_it_is_about(slug):
    """Many settings under the general heading would be a heap again."""
    options = registry.room(slug).capabilities.options
    general = [one for one in options if one.topic is SettingTopic.GENERAL]
    assert len(general) <= 8
    assert {one.topic for one in options} <= set(SETTING_TOPICS)


def test_settings_are_folded_by_topic(client_as, url):
    trueconf = AccountFactory(label="Server", platform="trueconf")
    page = client_as(roles.STAFF).get(f"{url('schedule')}?account={trueconf.pk}").content.decode()
    groups = folded(page)
    assert {"Entry", "Sound and picture", "Recording and broadcast"} <= groups.keys()
    assert not any(groups.values())


def test_a_group_is_open_where_something_was_chosen_or_is_wrong(client_as, url, plenty):
    client = client_as(roles.STAFF)
    group = "The webinar as a whole"
    page = client.post(url("schedule"), wish(plenty, refresh="all")).content.decode()
    assert not folded(page)[group]
    page = client.post(url("schedule"), wish(plenty, refresh="all", option_seats="20"))
    assert folded(page.content.decode())[group]
    page = client.post(url("schedule"), wish(plenty, option_seats="1"))
    assert folded(page.content.decode())[group]
    held = ConferenceFactory(account=plenty, options={"seats": 20})
    page = client.get(url("conference-edit", held.pk)).content.decode()
    assert not folded(page)[group]
    assert "1 of 4 is set" in page
    draft = ConferenceFactory(account=plenty, options={"seats": 20}, draft=True)
    assert folded(client.get(url("conference-edit", draft.pk)).content.decode())[group]


def test_what_a_platform_lacks_is_said_once_and_not_asked_for(client_as, url):
    narrow = AccountFactory(label="Narrow", platform="narrow")
    page = client_as(roles.STAFF).get(f"{url('schedule')}?account={narrow.pk}").content.decode()
    said = re.findall(r"Narrow has no setting for: ([^<]*)\.", page)
    assert len(said) == 1
    assert {"Password", "Kind of room", "Who can enter"} <= set(said[0].split(", "))
    assert 'name="password"' not in page.split("session-ended")[0]
    assert 'name="room_type"' not in page


def test_what_a_platform_takes_later_is_named_with_its_reason(client_as, url):
    myown = AccountFactory(label="Own", platform="myownconference")
    page = client_as(roles.STAFF).get(f"{url('schedule')}?account={myown.pk}").content.decode()
    assert page.count("takes this once the webinar stands there") == 1
    assert 'name="option_chat"' not in page
    held = ConferenceFactory(account=myown)
    page = client_as(roles.STAFF).get(url("conference-edit", held.pk)).content.decode()
    assert 'name="option_chat"' in page


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"title": ""}, "title"),
        ({"title": "", "time": "", "option_seats": "1"}, "title"),
        ({"time": ""}, "time"),
        ({"option_seats": "1"}, "option_seats"),
        ({"moderators-count": "1", "moderators-0-name": "Ada"}, "moderators-0-email"),
    ],
)
def test_the_cursor_is_where_something_is_to_be_typed(client_as, url, plenty, changes, name):
    client = client_as(roles.STAFF)
    assert focused(client.get(url("schedule")).content.decode()) == ["title"]
    page = client.post(url("schedule"), wish(plenty, **changes)).content.decode()
    assert focused(page) == [name]
    part = client.post(url("schedule"), wish(plenty, refresh="all"), headers={"HX-Request": "true"})
    assert focused(part.content.decode()) == []


def test_all_that_is_wrong_is_said_at_once_with_links(client_as, url, plenty):
    data = wish(plenty, title="", time="", option_seats="1") | {
        "moderators-count": "1",
        "moderators-0-name": "Ada",
    }
    page = client_as(roles.STAFF).post(url("schedule"), data).content.decode()
    top = page.split("Something needs a change")[1].split("</ul>")[0]
    for name in ("id_title", "id_time", "id_option_seats", "id_moderators-0-email"):
        assert f'href="#{name}"' in top, top
        assert f'id="{name}"' in page
