"""The editor of mails: what is typed shows in the mail beside it."""

import pytest
from playwright.sync_api import expect

from portal.conferences.models import MailTemplate
from tests.factories import ConferenceFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_mail_follows_what_is_typed(visitor, account):
    ConferenceFactory(account=account, title="Spring briefing")
    someone = visitor()
    page = someone.go("mail-template-new")
    preview = page.locator("#template-preview")
    expect(preview).to_contain_text("Invitation: Spring briefing")
    page.fill("[name=subject]", "Come to {title}")
    expect(preview).to_contain_text("Come to Spring briefing")
    page.fill("[name=text]", "All about {title}: {link}")
    expect(preview).to_contain_text("All about Spring briefing: http")
    page.click("button:has-text('Save')")
    page.wait_for_load_state("networkidle")
    assert MailTemplate.objects.get().subject == "Come to {title}"
    assert someone.complaints == []
