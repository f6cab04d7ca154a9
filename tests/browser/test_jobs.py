"""Long work, as whoever asked for it sees it: it moves by itself, and can be ended."""

import pytest

from portal.common.batches import PART
from portal.conferences import tasks
from portal.conferences.jobs import services
from portal.conferences.models import Conference, Job
from tests.factories import AttendeeFactory, ConferenceFactory, GroupFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MANY = 120
SHOWN = "#job-progress:has-text('{} of 120 people')"


@pytest.fixture
def conference(account):
    group = GroupFactory(name="Customers")
    group.members.add(*AttendeeFactory.create_batch(MANY))
    return ConferenceFactory(account=account, title="Spring briefing", registration_enabled=True)


def ask(someone, conference):
    page = someone.go("invite", conference.pk)
    page.fill("[name=who]", "Customers")
    page.click("button[value=preview]")
    page.click("button[name=tell][value=yes]")
    page.wait_for_selector("h1:has-text('People are being invited')")
    return page


def do_one_part(job):
    services._some(job, job.people[job.done : job.done + PART], job.asked_by)


def test_120_are_invited_while_somebody_watches(visitor, conference):
    someone = visitor()
    page = ask(someone, conference)
    page.wait_for_selector(SHOWN.format(0))
    job = services._claim(Job.objects.get().pk)
    do_one_part(job)
    page.wait_for_selector(SHOWN.format(PART))
    assert "left." in page.inner_text("#job-progress")
    assert someone.axe() == []
    page.reload()
    do_one_part(job)
    page.wait_for_selector(SHOWN.format(2 * PART))
    services._parts(job)
    page.wait_for_selector("h1:has-text('Inviting people')")
    assert "120 people are invited." in someone.text()
    page.wait_for_timeout(1500)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(1500)
    assert asked == [], "it asks no more"
    page.click("main a:has-text('To the webinar')")
    assert "120" in someone.text()
    assert conference.registrations.count() == MANY
    assert someone.complaints == []


def test_it_is_cancelled_half_way(visitor, conference):
    someone = visitor(width=320)
    page = ask(someone, conference)
    job = services._claim(Job.objects.get().pk)
    do_one_part(job)
    someone.go("conference-people", conference.pk)
    page.click("main a:has-text('Watch it')")
    page.click("main a:has-text('Cancel')")
    assert "25 people are invited and stay invited. The other 95 are not" in someone.text()
    assert someone.axe() == []
    page.click("main button:has-text('Invite nobody else')")
    page.wait_for_selector("h1:has-text('Inviting people')")
    assert "Cancelled by" in someone.text()
    with pytest.raises(services.JobLost):
        services._parts(job)
    assert conference.registrations.count() == PART
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 320
    assert someone.complaints == []


def test_without_script_a_link_shows_how_far_it_is(visitor, conference, account):
    someone = visitor(javascript=False)
    page = someone.go("invite", conference.pk)
    page.fill("[name=who]", "Customers")
    page.click("button[value=preview]")
    page.click("button[name=tell][value=yes]")
    assert "0 of 120 people" in someone.text()
    tasks.carry_out(Job.objects.get().pk)
    page.click("main a:has-text('Refresh')")
    assert "120 people are invited." in someone.text()
    assert Conference.objects.get().registrations.count() == MANY
