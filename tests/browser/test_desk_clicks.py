"""How many clicks a working day takes: schedule, invite three hundred, remind, register."""

from datetime import timedelta

import pytest

from portal.common import clock
from portal.conferences import tasks
from portal.conferences.jobs import services as jobs
from portal.conferences.models import Conference, Invitation, Job, Membership, RegistrationPage
from tests.browser.test_series_walks import clicks, counted, day
from tests.factories import (
    AttendeeFactory,
    ConferenceFactory,
    GroupFactory,
    RegistrationFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def three_hundred():
    group = GroupFactory(name="Dealers")
    Membership.objects.bulk_create(
        Membership(group=group, attendee=one) for one in AttendeeFactory.create_batch(300)
    )
    return group


def test_scheduling_and_inviting_three_hundred_takes_six_clicks(
    visitor, account, three_hundred, monkeypatch
):
    asked = []
    monkeypatch.setattr(jobs, "enqueue", asked.append)
    someone = visitor()
    counted(someone.page)
    page = someone.go("home")
    page.click("text=Schedule a webinar")
    page.fill("[name=title]", "Autumn tour")
    page.fill("[name=date]", day())
    page.fill("[name=time]", "10:00")
    page.press("[name=time]", "Tab")
    page.wait_for_load_state("networkidle")
    page.click("button[name=schedule]")
    page.wait_for_url("**/webinars/*/")
    assert clicks(page) <= 4, "to schedule"
    row = Conference.objects.get()
    page.click("main >> text=Invite people")
    page.fill("[name=who]", "Dealers")
    page.click("button[value=preview]")
    page.wait_for_selector("text=Invite and notify 300 people")
    if page.is_visible("text=Switch registration on"):
        assert page.is_checked("[name=switch_on]"), "no click of its own"
    page.click("text=Invite and notify 300 people")
    page.wait_for_url("**/jobs/*/")
    assert clicks(page) <= 6
    for job in Job.objects.all():
        jobs.carry_out(job.pk)
    assert row.registrations.filter(stage="invited").count() == 300
    assert Invitation.objects.filter(state="waiting").count() == 300
    assert someone.complaints == []


def test_reminding_those_who_have_not_answered_takes_three_clicks(visitor, account):
    row = ConferenceFactory(account=account, starts_at=clock.now() + timedelta(days=9))
    for number in range(3):
        RegistrationFactory(
            conference=row, stage="invited", invited_at=clock.now(), answer="yes" * (number == 2)
        )
    someone = visitor()
    counted(someone.page)
    page = someone.go("conference", row.pk)
    page.click("main .tabs >> text=People")
    page.click("text=Remind the 2 who have not answered")
    page.click("button[name=tell][value=yes]")
    page.wait_for_load_state("networkidle")
    assert clicks(page) <= 3
    assert Invitation.objects.filter(purpose="remind", state="waiting").count() == 2
    assert someone.complaints == []


def test_somebody_outside_registers_confirms_and_withdraws(visitor, account, mailoutbox):
    row = ConferenceFactory(
        account=account, starts_at=clock.now() + timedelta(days=9), registration_enabled=True
    )
    own = RegistrationPage.objects.create(conference=row, open=True)
    own.questions.create(label="I agree.", kind="consent", required=True)
    someone = visitor(role=None, width=320)
    page = someone.go("register", own.slug)
    page.click("button[type=submit]")
    assert page.is_visible("[aria-invalid=true]")
    someone.complaints.clear()  # of the answer 422, as the console says
    page.fill("[name=email]", "eva@example.org")
    page.fill("[name=first_name]", "Eva")
    page.fill("[name=last_name]", "Example")
    page.check("main input[type=checkbox]")
    page.click("button[type=submit]")
    page.wait_for_url("**/sent/")
    tasks.send_mails()
    link = next(word for word in mailoutbox[0].body.split() if "/confirm/" in word)
    page.goto(f"{someone.base}{link[link.index('/confirm/') :]}")
    page.click("text=Yes, register me")
    page.wait_for_selector("text=You are registered.")
    page.click("text=You cannot come after all?")
    page.click("text=No, I cannot come")
    page.wait_for_selector("text=You have said that you cannot come.")
    assert row.registrations.get().has_declined
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert someone.complaints == []
