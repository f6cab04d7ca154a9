"""The people of a series in a browser: reminded in three clicks, withdrawn, speakers assigned."""

from datetime import timedelta

import pytest

from portal.common import clock
from portal.conferences import tasks
from portal.conferences.models import Invitation, Moderator, Registration
from tests.browser.test_series_walks import clicks, counted
from tests.factories import AttendeeFactory, ConferenceFactory, RegistrationFactory, SeriesFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])


@pytest.fixture
def series(account):
    """Four dates that lie ahead; three people who were asked, and one who is registered."""
    made = SeriesFactory(title="Course")
    first = clock.now().replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=3)
    people = [AttendeeFactory(email=f"asked{number}@example.com") for number in range(3)]
    comes = AttendeeFactory(email="comes@example.com", first_name="Comes", last_name="Surely")
    for week in range(4):
        at = first + timedelta(weeks=week)
        row = ConferenceFactory(
            account=account, title="Course", starts_at=at, planned_at=at, series=made
        )
        RegistrationFactory(conference=row, attendee=comes)
        for person in people:
            RegistrationFactory(conference=row, attendee=person, stage="invited")
    return made


@SCRIPT
def test_reminding_takes_three_clicks_and_a_mail_each(visitor, series, script):
    someone = visitor(javascript=script)
    if script:
        counted(someone.page)
    page = someone.go("series", series.pk)
    page.click("main a:has-text('An answer is missing')")
    page.click("text=Remind the 3 who have not answered")
    page.click("button:has-text('Send a reminder to 3 people')")
    page.wait_for_url(f"**/series/{series.pk}/people/")
    if script:
        assert clicks(page) <= 3
    assert Invitation.objects.filter(purpose="remind").count() == 12
    assert tasks.send_mails() == 3
    assert someone.complaints == []


@SCRIPT
def test_a_person_is_found_and_withdrawn_from_all_dates(visitor, series, script):
    someone = visitor(javascript=script)
    page = someone.go("series-people", series.pk)
    page.fill("[name=q]", "surely")
    page.press("[name=q]", "Enter")
    page.wait_for_selector("tbody tr:only-child")
    page.check("[name=person]")
    page.click("button:has-text('Withdraw')")
    page.wait_for_selector("text=Withdraw Comes Surely from 4 dates?")
    page.click("button:has-text('notify nobody')")
    page.wait_for_url(f"**/series/{series.pk}/people/")
    assert not Registration.objects.filter(attendee__email="comes@example.com", removed_at=None)
    assert Registration.objects.filter(removed_at=None).count() == 12
    assert someone.complaints == []


@SCRIPT
def test_a_speaker_is_assigned_to_all_dates_and_who_cannot_be_taken_off_is_said(
    visitor, series, script
):
    someone = visitor(javascript=script)
    page = someone.go("series-people", series.pk)
    page.click("text=Assign a moderator")
    assert page.is_checked("#id_extent_following")
    page.fill("[name=name]", "Ida Example")
    page.fill("[name=email]", "ida@example.org")
    page.click("main form button:has-text('Assign')")
    page.wait_for_selector("text=Assign Ida Example to 4 dates?")
    page.click("button:has-text('notify nobody')")
    page.wait_for_url("**/people/")
    assert Moderator.objects.filter(removed_at=None).count() == 4
    page = someone.go("series-people", series.pk)
    page.click("main a:has-text('Unassign')")
    page.wait_for_selector("h1:has-text('Take Ida Example off?')")
    page.wait_for_selector("[aria-disabled=true]:has-text('Take off')")
    assert someone.complaints == []


def test_the_pages_fit_a_narrow_screen(visitor, series):
    someone = visitor(width=320)
    for name in ("series", "series-people", "series-remind"):
        page = someone.go(name, series.pk)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, name
