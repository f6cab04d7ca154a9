"""Reminders in a browser: three clicks to remind, and everything without script."""

import pytest

from portal.conferences import tasks
from portal.conferences.models import Invitation, Reminder
from tests.factories import ConferenceFactory, RegistrationFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def conference(account):
    row = ConferenceFactory(account=account, title="Spring briefing")
    for _ in range(3):
        RegistrationFactory(conference=row, join_url="https://platform.example/1")
    return row


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_reminding_takes_three_clicks(visitor, conference, script):
    someone = visitor(javascript=script)
    page = someone.go("conference", conference.pk)
    page.click("main a:has-text('Mail')")
    page.click("text=Remind 3 people now")
    page.click("button:has-text('Send a reminder to 3 people')")
    page.wait_for_url("**/mails/")
    assert Invitation.objects.filter(purpose="remind").count() == 3
    assert tasks.send_mails() == 3
    assert someone.complaints == []


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_one_is_chosen_by_the_keyboard_alone(visitor, conference, script):
    someone = visitor(javascript=script)
    page = someone.go("conference-reminders", conference.pk)
    page.focus("[name=before]")
    page.keyboard.press("ArrowDown")  # an hour before
    page.keyboard.press("ArrowUp")  # a day before
    page.focus("button:has-text('Show who gets it')")
    page.keyboard.press("Enter")
    page.wait_for_selector("button:has-text('Have it sent to 3 people')")
    page.focus("[name=note]")
    page.keyboard.type("Bring a pen.")
    page.focus("button:has-text('Have it sent to 3 people')")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=The reminder is scheduled.")
    rule = Reminder.objects.get()
    assert (rule.minutes, rule.note) == (1440, "Bring a pen.")
    assert not Invitation.objects.exists()
    assert someone.complaints == []
