"""The registration page of a series in a browser, with and without script: from the staff's choice
to somebody who registers for two dates, confirms once, and withdraws from one of them."""

from datetime import timedelta

import pytest

from portal.common import clock
from portal.conferences.models import Registration, RegistrationPage, UnconfirmedRegistration
from tests.factories import ConferenceFactory, SeriesFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def dates(account):
    series, start = SeriesFactory(title="Course"), clock.now() + timedelta(days=3)
    return [
        ConferenceFactory(
            account=account,
            title="Course",
            series=series,
            starts_at=start + timedelta(weeks=week),
            registration_enabled=True,
        )
        for week in range(3)
    ]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_from_the_staffs_choice_to_a_withdrawal(visitor, dates, script):
    someone = visitor(width=320, javascript=script)
    page = someone.go("series", dates[0].series_id)
    page.click("main a:has-text('Registration page')")
    page.check("[name=open]")
    page.check("text=Those that they choose, one at least")
    page.click("button:has-text('Save')")
    page.wait_for_selector("text=Saved. The page is open.")
    found = RegistrationPage.objects.get()
    assert (found.series_id, found.dates) == (dates[0].series_id, "chosen")
    page = someone.go("register", found.slug)
    page.fill("[name=email]", "new@example.org")
    page.fill("[name=first_name]", "New")
    page.fill("[name=last_name]", "One")
    page.click("button:has-text('Register')")
    page.wait_for_selector("text=Please choose one date at least.")
    page.focus(f"#id_dates_{dates[0].pk}")
    page.keyboard.press("Space")
    page.focus(f"#id_dates_{dates[2].pk}")
    page.keyboard.press("Space")
    page.click("button:has-text('Register')")
    page.wait_for_selector("text=One more step")
    page = someone.go("confirm", UnconfirmedRegistration.objects.get().token)
    page.click("button:has-text('Yes, register me')")
    page.wait_for_selector("text=You are registered.")
    page.click("text=You cannot come to one date, or to any?")
    page.click("button:has-text('No, I cannot come')")
    page.wait_for_selector("text=You have said that you cannot come.")
    standing = Registration.objects.filter(removed_at=None)
    assert [row.conference_id for row in standing] == [dates[2].pk]
    # The form without a date was answered with 422, which the browser notes.
    assert [one for one in someone.complaints if "422" not in one] == []
