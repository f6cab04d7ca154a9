"""A link is a button beside which one icon copies it, never a box as wide as the page."""

import pytest
from playwright.sync_api import expect

from integrations.base.records import Kind
from portal.sync.models import PlatformLink
from tests.factories import ConferenceFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROOM = "https://platform.example/a-room-with-a-long-address/and-more-of-it/1234567890"


@pytest.fixture
def conference(account):
    row = ConferenceFactory(account=account)
    PlatformLink.objects.create(
        account=account,
        kind=Kind.CONFERENCE,
        local_id=row.pk,
        external_id="1",
        facts={"room_url": ROOM},
    )
    return row


def test_one_icon_copies_and_says_so(visitor, conference):
    someone = visitor()
    page = someone.go("conference", conference.pk)
    box = page.locator(".copy-link").first
    assert box.locator("a").get_attribute("href") == ROOM
    assert box.locator("input").count() == 0
    button = box.locator("[data-copy-button]")
    button.click()
    expect(button).to_contain_text("Copied")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<textarea id=here></textarea>')")
    page.focus("#here")
    page.keyboard.press("Control+V")
    assert page.input_value("#here") == ROOM
    assert someone.complaints == []


def test_without_script_the_link_is_still_there(visitor, conference):
    page = visitor(javascript=False).go("conference", conference.pk)
    assert page.locator(".copy-link a").first.get_attribute("href") == ROOM
    assert not page.locator("[data-copy-button]").first.is_visible()
