"""Messages about several dates of a series reach a person as one, once, when all may leave."""

import smtplib
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from portal.common import clock
from portal.conferences.mails import services as mails
from portal.conferences.mails.services import lost, sending
from portal.conferences.models import Invitation
from portal.identity import roles
from portal.outbox import services as outbox
from portal.outbox.models import OutboxEntry
from tests.factories import (
    AttendeeFactory,
    ConferenceFactory,
    ModeratorFactory,
    RegistrationFactory,
    staff_url,
)

pytestmark = pytest.mark.django_db
THERE = "https://platform.example/room"
State = Invitation.State


@pytest.fixture
def dates():
    first = ConferenceFactory(title="Course")
    later = [first.starts_at + timedelta(days=7 * week) for week in (1, 2)]
    return [first, *(ConferenceFactory(title="Course", starts_at=at) for at in later)]


@pytest.fixture
def ann():
    return AttendeeFactory(email="ann@example.com", first_name="Ann", last_name="Example")


def register(dates, person, **values):
    there = {"join_url": THERE, "attendee": person} | values
    return [RegistrationFactory(conference=date, **there) for date in dates]


def tell(dates, act=mails.Act.INVITE, together=None, **concerned):
    telling = mails.Telling(note="See you there.", together=together or uuid4())
    for number, date in enumerate(dates):
        mine = {name: [rows[number]] for name, rows in concerned.items()}
        mails.tell(date, act, telling, None, **mine)


def states():
    return list(Invitation.objects.order_by("pk").values_list("state", flat=True))


def invited(dates, *people):
    """Registered on all dates, and told of it."""
    together = uuid4()
    for person in people:
        tell(dates, together=together, registrations=register(dates, person))
    sending.send_due()
    mail.outbox.clear()


def calendar(message):
    (file,) = [part for part in message.attachments if part[0] == "dates.ics"]
    return Calendar.from_ical(file[1])


def test_one_person_gets_one_message_with_all_dates_and_links(dates, ann):
    rows = register(dates, ann)
    tell(dates, registrations=rows)
    assert sending.send_due() == 1
    (message,) = mail.outbox
    assert message.subject == "Invitation: Course (3 dates)"
    html = message.alternatives[0][0]
    for row in rows:
        assert message.body.count(f"/join/{row.token}/") == 1
        assert html.count(f"/join/{row.token}/") == 1
    assert message.body.count("See you there.") == 1
    assert states() == [State.SENT] * 3
    assert set(Invitation.objects.values_list("subject", flat=True)) == {message.subject}
    read = calendar(message)
    assert read["method"] == "PUBLISH"
    events = read.walk("VEVENT")
    assert [event["uid"] for event in events] == [date.calendar_uid for date in dates]
    assert not any("attendee" in event for event in events)
    assert sending.send_due() == 0


def test_each_person_gets_one_and_nobody_that_of_another(dates, ann):
    bob = AttendeeFactory(email="bob@example.com")
    together = uuid4()
    mine, his = register(dates, ann), register(dates, bob)
    tell(dates, together=together, registrations=mine)
    tell(dates, together=together, registrations=his)
    assert sending.send_due() == 2
    to = {message.to[0]: message.body for message in mail.outbox}
    assert len(to) == 2
    body = next(body for address, body in to.items() if "bob@" in address)
    assert str(his[2].token) in body
    assert not any(str(row.token) in body for row in mine)


def test_it_waits_until_all_dates_are_accepted(dates, ann):
    rows = register(dates, ann)
    entry = outbox.add(dates[2].account, "registration", rows[2].pk)
    tell(dates, registrations=rows)
    assert sending.send_due() == 0
    assert states() == [State.WAITING] * 3
    assert sending.overdue(0) is None  # that one has to wait is nobody's fault
    OutboxEntry.objects.filter(pk=entry.pk).update(state=OutboxEntry.State.DONE)
    assert sending.send_due() == 1
    assert states() == [State.SENT] * 3


def test_one_that_was_refused_stays_behind_and_leaves_by_itself(dates, ann):
    rows = register(dates, ann)
    rows[0].registered_at, rows[0].join_url = None, ""
    rows[0].save()
    entry = outbox.add(dates[0].account, "registration", rows[0].pk)
    OutboxEntry.objects.filter(pk=entry.pk).update(state=OutboxEntry.State.FAILED)
    tell(dates, registrations=rows)
    assert sending.send_due() == 1
    assert states() == [State.HELD, State.SENT, State.SENT]
    assert mail.outbox[0].subject == "Invitation: Course (2 dates)"
    OutboxEntry.objects.filter(pk=entry.pk).update(state=OutboxEntry.State.DONE)
    rows[0].registered_at = clock.now()
    rows[0].save()
    assert sending.send_due() == 1
    assert mail.outbox[1].subject == "Invitation: Course"
    assert states() == [State.SENT] * 3


def test_a_date_that_was_cancelled_meanwhile_is_left_out(dates, ann):
    tell(dates, registrations=register(dates, ann))
    dates[1].removed_at = clock.now()
    dates[1].save()
    assert sending.send_due() == 1
    assert states() == [State.SENT, State.DROPPED, State.SENT]
    assert mail.outbox[0].subject == "Invitation: Course (2 dates)"


def test_a_speaker_who_is_registered_reads_each_date_once(dates, ann):
    speaking = [
        ModeratorFactory(conference=date, email=ann.email, join_url=THERE) for date in dates
    ]
    together = uuid4()
    tell(dates, together=together, moderators=speaking)
    tell(dates, together=together, registrations=register(dates, ann))
    assert sending.send_due() == 1
    (message,) = mail.outbox
    assert "You are one of those who run this series of webinars." in message.body
    assert message.body.count("/join/") == 3
    assert sorted(states()) == sorted([State.DROPPED] * 3 + [State.SENT] * 3)
    assert sending.send_due() == 0


def test_changes_of_several_dates_are_one_message_with_the_old_times(dates, ann):
    invited(dates, ann)
    together = uuid4()
    for date in dates[1:]:
        old, date.starts_at = date.starts_at, date.starts_at + timedelta(hours=1)
        date.save()
        changes = {"starts_at": (old, date.starts_at)}
        telling = mails.Telling(together=together)
        assert mails.tell(date, mails.Act.RESCHEDULE, telling, None, changes=changes) == 1
    assert sending.send_due() == 1
    (message,) = mail.outbox
    assert message.subject == "Changed: Course (2 dates)"
    assert message.body.count("before:") == 2
    assert [event["sequence"] for event in calendar(message).walk("VEVENT")] == [1, 1]


def test_cancelled_dates_are_one_message_that_takes_them_out_of_the_calendar(dates, ann):
    invited(dates, ann)
    for date in dates:
        date.removed_at = clock.now()
        date.save()
    tell(dates, mails.Act.CANCEL)
    assert sending.send_due() == 1
    (message,) = mail.outbox
    assert message.subject == "Cancelled: Course (3 dates)"
    assert "/join/" not in message.body
    assert {event["status"] for event in calendar(message).walk("VEVENT")} == {"CANCELLED"}


def test_a_change_after_it_is_told_of_that_date_alone(dates, ann):
    invited(dates, ann)
    old, dates[1].starts_at = dates[1].starts_at, dates[1].starts_at + timedelta(hours=1)
    dates[1].save()
    changes = {"starts_at": (old, dates[1].starts_at)}
    mails.tell(dates[1], mails.Act.RESCHEDULE, mails.Telling(), None, changes=changes)
    assert sending.send_due() == 1
    read = Calendar.from_ical(mail.outbox[0].attachments[0][1])
    (event,) = read.walk("VEVENT")
    assert (event["uid"], event["sequence"]) == (dates[1].calendar_uid, 1)
    assert read["method"] == "REQUEST"


def test_what_the_server_did_not_take_waits_as_a_whole(dates, ann, monkeypatch, clock):
    tell(dates, registrations=register(dates, ann))
    refused = smtplib.SMTPRecipientsRefused({ann.email: (451, b"later")})

    def refuse(*_):
        raise refused

    backend = "django.core.mail.backends.locmem.EmailBackend.send_messages"
    with monkeypatch.context() as patch:
        patch.setattr(backend, refuse)
        assert sending.send_due() == 0
    assert states() == [State.WAITING] * 3
    assert set(Invitation.objects.values_list("attempts", flat=True)) == {1}
    assert sending.send_due() == 0
    clock.advance(61)
    assert sending.send_due() == 1
    assert states() == [State.SENT] * 3


def test_a_sender_that_dies_leaves_all_of_it_perhaps_sent(dates, ann, monkeypatch, clock):
    tell(dates, registrations=register(dates, ann))

    def die(*_):
        raise KeyboardInterrupt

    backend = "django.core.mail.backends.locmem.EmailBackend.send_messages"
    with monkeypatch.context() as patch:
        patch.setattr(backend, die)
        with pytest.raises(KeyboardInterrupt):
            sending.send_due()
    assert states() == [State.SENDING] * 3
    clock.advance(sending.CLAIM.total_seconds() + 1)
    assert sending.send_due() == 0
    assert states() == [State.UNKNOWN] * 3


def test_judging_does_not_ask_for_each_date_or_person(dates):
    def statements(number):
        people = [AttendeeFactory() for _ in range(number)]
        together = uuid4()
        for person in people:
            tell(dates, together=together, registrations=register(dates, person))
        with CaptureQueriesContext(
            connection,
        ) as found:
            list(sending._sortings())
        return len(found)

    few = statements(3)
    assert statements(12) <= few


@pytest.fixture
def perhaps(dates, ann):
    """A message about three dates that perhaps arrived."""
    tell(dates, registrations=register(dates, ann))
    Invitation.objects.update(state=State.UNKNOWN, attempts=1, subject="Invitation: Course")
    return list(Invitation.objects.order_by("pk"))


def test_what_perhaps_arrived_is_sent_again_as_a_whole(perhaps, client_as):
    page = client_as(roles.STAFF).get(staff_url("mail-retry", perhaps[1].pk))
    assert b"Send it again?" in page.content
    assert b"Notify one person?" in page.content
    assert b"(3 dates)" in page.content
    lost.send_again(perhaps[1], client_as(roles.STAFF).user)
    assert states() == [State.WAITING] * 3
    assert sending.send_due() == 1
    assert mail.outbox[0].subject == "Invitation: Course (3 dates)"


def test_a_date_that_was_cancelled_since_is_not_sent_again(perhaps, dates, staff_user):
    dates[1].removed_at = clock.now()
    dates[1].save()
    lost.send_again(perhaps[0], staff_user)
    assert states() == [State.WAITING, State.UNKNOWN, State.WAITING]


@pytest.mark.parametrize("way", ["leave", "arrived", "again"])
def test_it_is_settled_as_a_whole(perhaps, staff_user, way):
    if way == "leave":
        lost.leave(perhaps[2], staff_user)
    else:
        number = lost.settle_doubtful([perhaps[2].pk], staff_user, arrived=way == "arrived")
        assert number == 1
    assert states() == [State.WAITING if way == "again" else State.SENT] * 3
