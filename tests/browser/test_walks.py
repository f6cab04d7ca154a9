"""The ways that event staff go, in a real browser."""

import time
from datetime import timedelta

import pytest
from django.core import mail

from portal.common import clock
from portal.conferences import tasks
from portal.conferences.models import Conference, Invitation, Job, Membership, Registration
from portal.outbox import services as outbox
from portal.sync.models import Conflict
from tests.factories import AttendeeFactory, ConferenceFactory, GroupFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def platform(sandbox):
    return sandbox.clickmeeting("demo")


@pytest.fixture
def conference(account, work):
    row = ConferenceFactory(account=account, title="Spring briefing", registration_enabled=True)
    outbox.add(account, "conference", row.pk)
    work.push()
    return row


def fill_schedule(page, title):
    page.fill("[name=title]", title)
    page.fill("[name=date]", (clock.now() + timedelta(days=9)).strftime("%Y-%m-%d"))
    page.fill("[name=time]", "14:30")


def test_schedule(visitor, account, work, platform):
    someone = visitor()
    page = someone.go("schedule")
    fill_schedule(page, "Autumn briefing")
    page.wait_for_timeout(800)
    page.click("button[name=schedule]")
    page.wait_for_load_state("networkidle")
    row = Conference.objects.get()
    assert page.url.endswith(f"/webinars/{row.pk}/")
    work.push()
    (room,) = platform.rooms()
    assert room["name"] == "Autumn briefing"
    someone.go("conference", row.pk)
    assert "Synced" in someone.text()
    assert someone.complaints == []


def test_invite_a_group_of_300(visitor, account, work, platform, conference):
    group = GroupFactory(name="Customers")
    people = [AttendeeFactory(email=f"guest{n}@example.com") for n in range(300)]
    Membership.objects.bulk_create(Membership(group=group, attendee=p) for p in people)
    someone = visitor()
    page = someone.go("invite", conference.pk)
    page.fill("[name=who]", "Customers")
    page.click("button[value=preview]")
    page.wait_for_selector("main:has-text('Will be asked')")
    page.check("[name=register]")
    page.wait_for_selector("main:has-text('Will be registered')")
    assert "300" in someone.text()
    started = time.monotonic()
    page.click("button[name=tell][value=yes]")
    page.wait_for_selector("h1:has-text('People are being invited')")
    tasks.carry_out(Job.objects.get().pk)
    page.wait_for_selector("main:has-text('300 people are invited.')")
    work.push()
    took = time.monotonic() - started
    print(f"\n300 people invited and registered on the platform in {took:.1f} s")  # noqa: T201 - a figure to read
    assert Registration.objects.exclude(join_url="").count() == 300
    assert len(platform.registrations(platform.rooms()[0]["id"])) == 300
    assert Invitation.objects.count() == 300
    someone.go("conference-people", conference.pk)
    assert "300" in someone.text()
    assert someone.complaints == []


def test_reschedule_with_300_people_from_the_form_to_the_inbox(visitor, work, conference):
    people = [AttendeeFactory(email=f"guest{n}@example.com") for n in range(300)]
    rows = Registration.objects.bulk_create(
        Registration(conference=conference, attendee=one, registered_at=clock.now())
        for one in people
    )
    Invitation.objects.bulk_create(
        Invitation(
            conference=conference,
            registration=row,
            to_email=row.attendee.email,
            state="sent",
            act="invite",
            not_before=clock.now(),
            sent_at=clock.now(),
        )
        for row in rows
    )
    someone = visitor()
    page = someone.go("conference-edit", conference.pk)
    page.fill("[name=time]", "21:45")
    page.keyboard.press("Tab")
    page.wait_for_selector("#form-buttons button[name=tell]")
    assert "Save and notify 300 people" in page.inner_text("#form-buttons")
    page.focus("[name=title]")
    page.keyboard.press("Enter")  # saves, without an answer: the page asks
    page.wait_for_selector("h1:has-text('Save the changes?')")
    conference.refresh_from_db()
    assert conference.version == 0
    page.fill("[name=note]", "We are sorry.")
    page.wait_for_selector("#send-preview:has-text('We are sorry.')")
    assert someone.axe() == []
    page.click("button[name=tell][value=yes]")
    page.wait_for_selector("#toasts:has-text('300 people will be notified once ClickMeeting has')")
    tasks.send_mails()
    assert mail.outbox == [], "the platform has not heard of it yet"
    work.push()
    tasks.send_mails()
    assert len({one.to[0] for one in mail.outbox}) == len(mail.outbox) == 300
    assert "We are sorry." in mail.outbox[0].body
    assert someone.complaints == []


def test_an_edit_on_the_platform_comes_back(visitor, work, platform, conference):
    platform.edit_room(platform.rooms()[0]["id"], name="Renamed over there")
    work.sync()
    someone = visitor()
    page = someone.go("conference", conference.pk)
    assert page.inner_text("h1") == "Renamed over there"
    someone.go("conference-history", conference.pk)
    assert "Spring briefing" in someone.text()


def test_a_conflict_is_resolved_with_one_click(visitor, work, platform, conference):
    room = platform.rooms()[0]["id"]
    platform.edit_room(room, name="Theirs")
    Conference.objects.filter(pk=conference.pk).update(title="Ours")
    work.sync()
    someone = visitor()
    page = someone.go("attention")
    assert "Ours" in someone.text()
    assert "Theirs" in someone.text()
    page.click("button[name=choice][value=ours]")
    page.wait_for_load_state("networkidle")
    assert Conflict.objects.get().resolved_at
    work.push()
    assert platform.room(room)["name"] == "Ours"


def test_the_platform_is_down_and_recovers(visitor, sandbox, account, work, platform, conference):
    sandbox.faults.add("503")
    Conference.objects.filter(pk=conference.pk).update(title="Edited while it was down")
    outbox.add(account, "conference", conference.pk)
    work.push()
    someone = visitor()
    someone.go("conference", conference.pk)
    assert "Synced" not in someone.text()
    sandbox.faults.clear()
    clock.advance(120)
    work.sync()
    someone.go("conference", conference.pk)
    assert "Synced" in someone.text()
    assert platform.rooms()[0]["name"] == "Edited while it was down"


def test_without_javascript(visitor, account, work, platform):
    someone = visitor(javascript=False)
    page = someone.go("schedule")
    fill_schedule(page, "Without script")
    page.click("button[name=schedule]")
    row = Conference.objects.get(title="Without script")
    work.push()
    page = someone.go("invite", row.pk)
    page.fill("[name=who]", "ann@example.com, bob@example.org")
    page.click("button[value=preview]")
    for box in page.locator("[name=switch_on]").all():
        box.check()
    page.click("button[name=tell][value=yes]")
    assert Registration.objects.count() == 2
    work.push()
    page = someone.go("conference-cancel", row.pk)
    page.click("main form button.btn-danger")
    work.push()
    row.refresh_from_db()
    assert row.removed_at
    assert platform.rooms() == []


def test_the_keyboard_reaches_what_matters(visitor, conference):
    someone = visitor()
    page = someone.go("conferences")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") in ("search", "text")
