"""Copy a webinar to another account, or move it there with its people."""

from datetime import timedelta

import pytest
from django.core import mail

from portal.common import clock
from portal.conferences.audience.services import invite
from portal.conferences.mails.services import sending
from portal.conferences.models import Conference, Invitation, Registration
from portal.conferences.people.services.selection import Selection
from portal.conferences.schedule.services import schedule
from portal.outbox.models import OutboxEntry
from portal.sync import engine
from portal.sync.models import PlatformLink
from portal.sync.services import transfer
from tests.factories import AccountFactory, AttendeeFactory
from tests.factories.date_polls import date_poll, led_to

PEOPLE = 3
SECOND = "academy"


@pytest.fixture
def other(account, sandbox):
    return AccountFactory(
        label="Second",
        base_url=sandbox.base_url("clickmeeting"),
        credentials=sandbox.credentials("clickmeeting", SECOND),
    )


@pytest.fixture
def held(account, staff_user):
    """A webinar that stands on its platform, with a moderator and invited people."""
    start = clock.now().replace(minute=0, second=0, microsecond=0)
    row = schedule.schedule(
        account=account,
        by=staff_user,
        values={
            "title": "Moving day",
            "starts_at": start + timedelta(days=2),
            "duration_minutes": 60,
            "timezone": "Europe/Berlin",
            "options.thank_you_emails_enabled": True,
        },
        people=[{"email": "host@example.com", "name": "Host", "role": "host"}],
    )
    people = [AttendeeFactory() for _ in range(PEOPLE)]
    invite.send(row, Selection(people=people), by=staff_user)
    settle(account)
    sending.send_due()
    mail.outbox.clear()
    row.refresh_from_db()
    return row


def settle(*accounts):
    for row in accounts:
        engine.push_account(row.pk)
        engine.sync_account(row.pk, full=True)
        OutboxEntry.objects.filter(state="waiting").update(not_before=clock.now())
        engine.push_account(row.pk)


def rooms(sandbox, label):
    return [r["name"] for r in sandbox.clickmeeting(label).rooms()]


def test_people_keep_their_links_and_are_told_once(held, other, account, sandbox, staff_user):
    tokens = set(held.registrations.values_list("token", flat=True))
    uid, sequence = held.calendar_uid, held.sequence
    old_links = dict(held.registrations.values_list("pk", "join_url"))

    made = transfer.move(held, other, staff_user, "We changed the platform.")

    assert (made.calendar_uid, made.sequence) == (uid, sequence + 1)
    assert set(made.registrations.values_list("token", flat=True)) == tokens
    assert not sending.send_due(), "nobody is told before there is a way in"
    settle(other, account)
    made.refresh_from_db()
    for row in made.registrations.all():
        assert row.registered_at
        assert row.join_url not in ("", old_links[row.pk])
    assert made.moderators.get().join_url
    sending.send_due()
    assert len(mail.outbox) == PEOPLE + 1
    assert all("We changed the platform." in m.body for m in mail.outbox)
    assert rooms(sandbox, SECOND) == ["Moving day"]
    settle(account)
    assert rooms(sandbox, "demo") == []


def test_the_date_poll_that_led_to_it_follows(held, other, account, staff_user):
    poll = date_poll(account)
    led_to(poll, held)
    made = transfer.move(held, other, staff_user)
    poll.refresh_from_db()
    assert poll.conference == made
    assert poll.has_date


def test_the_old_room_outlives_a_new_platform_that_is_down(
    held, other, account, sandbox, staff_user
):
    sandbox.faults.add("500", account=SECOND)
    transfer.move(held, other, staff_user)
    settle(other, account)
    assert rooms(sandbox, "demo") == ["Moving day"], "people still come in there"
    sandbox.faults.clear()
    for _ in range(4):  # whether the new room was made is looked up before it is made again
        clock.advance(600)
        settle(other, account)
    assert rooms(sandbox, "demo") == []
    assert rooms(sandbox, SECOND) == ["Moving day"]


def test_moved_there_and_back_makes_no_double(held, other, account, sandbox, staff_user):
    there = transfer.move(held, other, staff_user)
    settle(other, account)
    back = transfer.move(there, account, staff_user)
    settle(account, other, account)
    assert rooms(sandbox, "demo") == ["Moving day"]
    assert rooms(sandbox, SECOND) == []
    assert back.registrations.exclude(join_url="").count() == PEOPLE
    assert not PlatformLink.objects.exclude(op="").exists()
    assert not OutboxEntry.objects.exclude(state="done").exists()
    assert Conference.objects.filter(removed_at=None).count() == 1


def test_a_copy_is_a_draft_and_tells_nobody(held, other, staff_user):
    sent = Invitation.objects.count()
    made = transfer.copy(held, other, staff_user, people=True)
    assert made.draft
    assert made.starts_at is None
    assert made.registrations.count() == PEOPLE
    assert not set(made.registrations.values_list("token")) & set(
        held.registrations.values_list("token")
    )
    assert made.moderators.count() == 1
    assert Invitation.objects.count() == sent
    assert held.registrations.count() == PEOPLE


def test_the_page_previews_and_does(held, other, client_as, url):
    browser = client_as()
    page = url("conference-move", held.pk)
    assert b"Choose an account" in browser.get(page).content
    asked = {"account": other.pk, "how": "move"}
    looked = browser.post(page, asked | {"preview": "yes"})
    assert b"3 people are registered there" in looked.content
    assert b"Move it and notify 4 people" in looked.content
    assert Registration.objects.filter(conference=held).count() == PEOPLE, "a look does nothing"
    browser.post(page, asked | {"do": "yes"})
    assert Registration.objects.filter(conference=held).count() == PEOPLE, "nobody has answered"
    answer = browser.post(page, asked | {"tell": "yes"}, follow=True)
    assert answer.status_code == 200
    assert b"Moved to Second. ClickMeeting is being told now." in answer.content
    old = browser.get(url("conference", held.pk))
    assert old.content.count(b"It takes place on Second.") == 1
    assert browser.post(page, asked | {"tell": "no"}).status_code == 422


def test_viewers_may_not(held, client_as, url):
    assert client_as("Viewer").get(url("conference-move", held.pk)).status_code == 403
