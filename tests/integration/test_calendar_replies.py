"""What people answer by their calendar counts as by the link; nobody can answer for another."""

import base64
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from django.core import mail
from django.db import OperationalError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from portal.common import clock
from portal.conferences import tasks
from portal.conferences.audience.services import answers, calendar_replies, registrations
from portal.conferences.mails import services as mails
from portal.conferences.mails.services import calendar_reply, copies, reply_address
from portal.conferences.mails.services import mailbox as reading
from portal.conferences.models import Attendee, Change, Invitation, Registration, RegistrationPage
from portal.conferences.schedule.services import cancel
from portal.outbox.models import OutboxEntry
from portal.staff.presenters import history
from tests.factories import ConferenceFactory, ModeratorFactory, RegistrationFactory
from tests.support import calendars
from tests.support.imap import Mailbox

pytestmark = pytest.mark.django_db
Stage = Registration.Stage
ADDRESS = "lectern@example.org"
HUGE = 400_000


@pytest.fixture
def mailbox(settings):
    box = Mailbox()
    settings.REPLY_MAILBOX, settings.REPLY_ADDRESS = box.url, ADDRESS
    yield box
    box.close()


@pytest.fixture
def asked(mailbox):
    return RegistrationFactory(
        conference=ConferenceFactory(registration_enabled=True),
        attendee__email="ann@example.com",
        stage=Stage.INVITED,
        invited_at=clock.now(),
    )


def stamp(after=0):
    return f"{clock.now() + timedelta(seconds=after):%Y%m%dT%H%M%SZ}"


def answer_of(row, said="ACCEPTED", client=calendars.google, after=0, **values):
    """A mail in which a calendar answers, so many seconds from now."""
    given = {
        "uid": row.conference.calendar_uid,
        "to": reply_address.reply_address(row),
        "email": row.attendee.email,
        "stamp": stamp(after),
        "said": said,
    }
    return client(**(given | values))


def entry_of(message):
    content = next(one[0] for one in message.alternatives if one[1].startswith("text/calendar"))
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    return event


def invited(row):
    mails.queue_invitations(row.conference, [row], None)
    assert tasks.send_mails() == 1
    return mail.outbox[-1]


def stands(row):
    row.refresh_from_db()
    return row.stage, row.answer, row.removed_at is not None


def lines(row):
    return [str(one.sentence) for one in Change.objects.filter(action="answered").order_by("pk")]


# What is sent -------------------------------------------------------------------------------------


def test_an_invitation_asks_in_the_calendar_and_names_where_to_answer(asked):
    message = invited(asked)
    event = entry_of(message)
    organizer = str(event["organizer"])
    assert organizer == f"mailto:{reply_address.reply_address(asked)}"
    assert organizer.startswith(f"mailto:lectern+r{asked.pk}-")
    assert len(organizer.removeprefix("mailto:").partition("@")[0]) <= 64
    assert event["attendee"].params["RSVP"] == "TRUE"
    assert event["attendee"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert any("method=REQUEST" in kind for _text, kind in message.alternatives)


def test_without_a_mailbox_all_stays_as_it_is(asked, settings):
    settings.REPLY_MAILBOX = settings.REPLY_ADDRESS = ""
    event = entry_of(invited(asked))
    assert "+r" not in str(event["organizer"])
    assert event["attendee"].params["RSVP"] == "FALSE"
    assert "PARTSTAT" not in event["attendee"].params
    assert tasks.read_replies() == 0


def test_who_is_registered_is_not_asked_as_if_they_had_not_answered(asked):
    answers.answer(asked.token, "yes")
    OutboxEntry.objects.all().delete()
    Registration.objects.update(join_url="https://platform.example/1", registered_at=clock.now())
    asked.refresh_from_db()
    assert entry_of(invited(asked))["attendee"].params["PARTSTAT"] == "ACCEPTED"


def test_who_speaks_is_not_asked(asked):
    speaker = ModeratorFactory(conference=asked.conference, join_url="https://platform.example/1")
    mails.queue_invitations(asked.conference, [speaker], None)
    assert tasks.send_mails() == 1
    event = entry_of(mail.outbox[-1])
    assert "+r" not in str(event["organizer"])
    assert event["attendee"].params["RSVP"] == "FALSE"


def test_what_hundreds_are_sent_is_still_kept_once(asked):
    other = RegistrationFactory(conference=asked.conference, stage=Stage.INVITED)
    for row in (asked, other):
        invited(row)
    letters = list(Invitation.objects.select_related("copy"))
    assert letters[0].copy_id == letters[1].copy_id
    for letter in letters:
        address = reply_address.reply_address(letter.registration)
        assert address in copies.sent_mail(letter).calendar.replace("\r\n ", "")


# What is answered ---------------------------------------------------------------------------------


@pytest.mark.parametrize("client", calendars.CLIENTS, ids=lambda one: one.__name__)
def test_each_calendars_yes_and_no_are_taken(mailbox, asked, client):
    mailbox.add(b"To: lectern@example.org\nSubject: a person's mail\n\nHello lectern+r1-")
    mailbox.add(answer_of(asked, "ACCEPTED", client, after=-60))
    assert tasks.read_replies() == 1
    assert stands(asked) == (Stage.REGISTERED, "yes", False)
    assert OutboxEntry.objects.filter(kind="registration", local_id=asked.pk).count() == 1
    mailbox.add(answer_of(asked, "DECLINED", client, after=-30))
    assert tasks.read_replies() == 1
    assert stands(asked) == (Stage.REGISTERED, "no", True)
    assert mailbox.seen == {2, 3}
    assert not mailbox.flagged
    assert lines(asked) == [
        f"{asked.attendee} answered by their calendar: yes",
        f"{asked.attendee} answered by their calendar: no",
    ]
    shown = history.entries(Change.objects.filter(action="answered"), asked.conference)
    assert {one["what"] for one in shown} == {"Invitation answered"}


def test_perhaps_is_perhaps(mailbox, asked):
    mailbox.add(answer_of(asked, "TENTATIVE"))
    assert tasks.read_replies() == 1
    assert stands(asked) == (Stage.INVITED, "maybe", False)


def test_who_was_registered_at_once_and_accepts_stays_as_they_are(mailbox, asked):
    Registration.objects.update(
        stage=Stage.REGISTERED, join_url="https://platform.example/1", registered_at=clock.now()
    )
    mailbox.add(answer_of(asked))
    assert tasks.read_replies() == 1
    asked.refresh_from_db()
    assert (asked.answer, asked.join_url) == ("yes", "https://platform.example/1")
    assert asked.registered_at
    assert not OutboxEntry.objects.exists()


def test_the_same_answer_again_does_nothing_and_an_older_one_is_passed_over(mailbox, asked):
    yes = answer_of(asked, "ACCEPTED", after=-300)
    mailbox.add(answer_of(asked, "DECLINED", after=-200))
    mailbox.add(yes)
    mailbox.add(answer_of(asked, "DECLINED", after=-200))
    assert tasks.read_replies() == 1
    assert stands(asked)[1:] == ("no", True)
    assert len(lines(asked)) == 1
    assert mailbox.seen == {1, 2, 3}


def test_an_answer_by_the_link_is_newer_than_one_that_was_on_its_way(mailbox, asked):
    mailbox.add(answer_of(asked, "DECLINED", after=-60))
    answers.answer(asked.token, "yes")
    assert tasks.read_replies() == 0
    assert stands(asked) == (Stage.REGISTERED, "yes", False)
    clock.advance(60)
    mailbox.add(answer_of(asked, "DECLINED"))
    assert tasks.read_replies() == 1
    assert stands(asked)[1:] == ("no", True)


def test_a_calendar_that_repeats_the_invitations_stamp_is_dated_by_its_mail(mailbox, asked):
    sent = stamp()
    for said in ("ACCEPTED", "DECLINED"):
        clock.advance(600)
        date = format_datetime(clock.now())
        mailbox.add(answer_of(asked, said, stamp=sent, date=date))
        assert tasks.read_replies() == 1
    assert stands(asked)[1:] == ("no", True)


def test_a_calendar_whose_clock_is_ahead_cannot_shut_out_later_answers(mailbox, asked):
    mailbox.add(answer_of(asked, "ACCEPTED", after=86_400 * 365))
    assert tasks.read_replies() == 1
    clock.advance(60)
    answers.answer(asked.token, "no")
    assert stands(asked)[1:] == ("no", True)
    clock.advance(60)
    mailbox.add(answer_of(asked, "ACCEPTED"))
    assert tasks.read_replies() == 1
    assert stands(asked)[1:] == ("yes", False)


def test_yes_to_what_is_full_waits_and_is_told(mailbox, asked):
    page = RegistrationPage.objects.create(conference=asked.conference, open=True, limit=1)
    RegistrationFactory(conference=asked.conference)
    mailbox.add(answer_of(asked, after=-60))
    assert tasks.read_replies() == 1
    assert stands(asked)[0] == Stage.WAITLISTED
    tasks.send_mails()
    assert mail.outbox[-1].subject.startswith("On the waiting list: ")
    RegistrationPage.objects.filter(pk=page.pk).update(limit=None)
    tasks.send_mails()
    assert stands(asked)[0] == Stage.REGISTERED


@pytest.mark.parametrize("why", ["full", "over", "cancelled", "withdrawn"])
def test_what_cannot_be_taken_stands_in_the_history_once(mailbox, asked, staff_user, why):
    row = asked.conference
    if why == "full":
        RegistrationPage.objects.create(conference=row, open=True, limit=1, waitlist=False)
        RegistrationFactory(conference=row)
    elif why == "over":
        type(row).objects.update(starts_at=clock.now() - timedelta(days=2))
    elif why == "cancelled":
        cancel.cancel(row, staff_user, "")
    else:
        registrations.withdraw(row, [asked.pk], staff_user)
    before = stands(asked)
    for _ in range(2):
        mailbox.add(answer_of(asked, "ACCEPTED", stamp="20250101T000000Z"))
    assert tasks.read_replies() == 0
    assert stands(asked) == before
    assert len(lines(asked)) == 1
    assert "which could not be taken: " in lines(asked)[0]
    assert mailbox.seen == {1, 2}


# What is not --------------------------------------------------------------------------------------


def forged(row):
    """Who knows all that can be guessed, but not what is signed."""
    to = reply_address.reply_address(row)
    mark, domain = to.rpartition("@")[0], to.rpartition("@")[2]
    letter = "a" if mark[-1] != "a" else "b"
    return {
        "unsigned": {"to": ADDRESS},
        "another signature": {"to": f"{mark[:-1]}{letter}@{domain}"},
        "no signature": {"to": f"lectern+r{row.pk}-@{domain}"},
        "another row": {"to": to.replace(f"+r{row.pk}-", f"+r{row.pk + 1}-")},
    }


@pytest.mark.parametrize("name", ["unsigned", "another signature", "no signature", "another row"])
def test_nobody_answers_for_another_whatever_they_say_to_be(mailbox, asked, name):
    RegistrationFactory(pk=asked.pk + 1, conference=asked.conference, stage=Stage.INVITED)
    headers = {"sender": "Ann <ann@example.com>"}
    mailbox.add(answer_of(asked, client=calendars.outlook, **headers, **forged(asked)[name]))
    assert tasks.read_replies() == 0
    assert stands(asked) == (Stage.INVITED, "", False)
    assert not mailbox.seen
    assert mailbox.flagged == {1}
    assert tasks.read_replies() == 0
    assert len([line for line in mailbox.asked if "BODY.PEEK[]" in line]) == 1, "a person reads it"


def test_one_persons_address_answers_for_no_other_webinar_and_no_other_person(mailbox, asked):
    other = RegistrationFactory(attendee=asked.attendee, stage=Stage.INVITED)
    third = RegistrationFactory(conference=asked.conference, stage=Stage.INVITED)
    mailbox.add(answer_of(asked, uid=other.conference.calendar_uid))
    mailbox.add(answer_of(asked, email=third.attendee.email))  # the invitation was passed on
    both = f"{reply_address.reply_address(asked)}, {reply_address.reply_address(third)}"
    mailbox.add(answer_of(asked, to=both))
    assert tasks.read_replies() == 0
    for row in (asked, other, third):
        assert stands(row) == (Stage.INVITED, "", False)
    assert mailbox.flagged == {1, 2, 3}


def test_an_answer_to_the_address_that_was_invited_counts_after_it_was_corrected(mailbox, asked):
    invited(asked)
    Attendee.objects.filter(pk=asked.attendee_id).update(email="anna@example.com")
    mailbox.add(answer_of(asked, email="Ann@Example.com"))
    assert tasks.read_replies() == 1


def test_capital_letters_and_what_servers_rewrite_do_not_matter(mailbox, asked):
    to = reply_address.reply_address(asked)
    mailbox.add(answer_of(asked, to=f'"Lectern" <{to.upper()}>'))
    assert tasks.read_replies() == 1
    clock.advance(60)
    # Exchange writes to the sender; the organizer in the calendar has the mark.
    late = answer_of(asked, "DECLINED", calendars.outlook)
    mailbox.add(late.replace(f"To: {to}".encode(), b"To: lectern@example.org"))
    assert tasks.read_replies() == 1
    assert stands(asked)[1:] == ("no", True)


@pytest.mark.parametrize(
    "values",
    [
        {"method": "REQUEST"},
        {"method": "COUNTER"},
        {"said": "NEEDS-ACTION"},
        {"said": "DELEGATED"},
        {"said": ""},
        {"event": "RECURRENCE-ID:20940601T100000Z\n"},
        {"attendee": "X-NOBODY:1"},
        {"attendee": "ATTENDEE;PARTSTAT=ACCEPTED:invalid:nomail"},
        {"attendee": calendars.ATTENDEE + "\nATTENDEE;PARTSTAT=DECLINED:mailto:{email}"},
        {"uid": ""},
        {"more": "BEGIN:VEVENT\n"},
    ],
    ids=str,
)
def test_what_says_nothing_that_could_be_an_answer_is_left_to_a_person(mailbox, asked, values):
    mailbox.add(answer_of(asked, **values))
    assert tasks.read_replies() == 0
    assert stands(asked) == (Stage.INVITED, "", False)
    assert not Change.objects.filter(action="answered").exists()
    assert (mailbox.seen, mailbox.flagged) == (set(), {1})


def test_one_that_was_deleted_is_left_to_a_person(mailbox, asked):
    content = answer_of(asked)
    asked.conference.delete()
    mailbox.add(content)
    assert tasks.read_replies() == 0
    assert mailbox.flagged == {1}


def test_a_mailbox_that_is_down_or_says_no_is_tried_again(mailbox, asked, caplog):
    mailbox.add(answer_of(asked))
    mailbox.fails = "UID SEARCH"
    assert tasks.read_replies() == 0
    assert "secret" not in caplog.text
    mailbox.fails = ""
    assert tasks.read_replies() == 1


def test_a_database_that_is_away_loses_no_answer(mailbox, asked, monkeypatch):
    mailbox.add(answer_of(asked))

    def away(*given):
        raise OperationalError

    with monkeypatch.context() as patched:
        patched.setattr(answers, "answer", away)
        with pytest.raises(OperationalError):
            tasks.read_replies()
    assert (mailbox.seen, mailbox.flagged) == (set(), set())
    assert tasks.read_replies() == 1


@pytest.mark.parametrize("place", [1, 8, 21])
def test_many_other_mails_hide_no_answer(mailbox, asked, monkeypatch, place):
    monkeypatch.setattr(reading, "MOST", 5)
    for number in range(1, 22):
        other = b"To: lectern@example.org\nSubject: a person's mail\n\nHello"
        mailbox.add(answer_of(asked) if number == place else other)
    assert tasks.read_replies() == 1
    assert mailbox.seen == {place}


# Hostile ------------------------------------------------------------------------------------------

LINES = [
    "BEGIN:VCALENDAR",
    "END:VCALENDAR",
    "BEGIN:VEVENT",
    "END:VEVENT",
    "METHOD:REPLY",
    "UID:x",
    "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ann@example.com",
    "ATTENDEE;PARTSTAT=",
    "DTSTAMP:99999999T999999Z",
    "RRULE:FREQ=SECONDLY",
    "ORGANIZER;CN=\x00:mailto:x",
    "BEGIN:VTIMEZONE",
    " folded",
    "=\x7f;:,",
]
TEXT = st.lists(st.sampled_from(LINES) | st.text(max_size=40), max_size=40).map("\r\n".join)
HEADS = ["text/calendar; method=REPLY", "application/ics", "multipart/mixed; boundary=b", "x/y"]


@given(
    text=TEXT, head=st.sampled_from(HEADS), coding=st.sampled_from(["8bit", "base64", "x", "7bit"])
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_comes_it_is_read_without_a_fault(text, head, coding):
    raw = text.encode(errors="replace")
    body = base64.b64encode(raw) if coding == "base64" else raw
    content = f"Content-Type: {head}\nContent-Transfer-Encoding: {coding}\n\n".encode() + body
    assert calendar_replies._handle(content) == ("\\Flagged", False)


@given(content=st.binary(max_size=400))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_so_are_any_bytes(content):
    assert calendar_replies._handle(content) == ("\\Flagged", False)


@pytest.mark.parametrize(
    "content",
    [
        b"Content-Type: message/rfc822\n\n" * 8000,
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n" * 60_000,
        b"Content-Type: text/calendar\n\n" + b"BEGIN:VEVENT\n" * 20_000,
        b"Content-Type: text/calendar\n\n" + b"ATTENDEE;A=" + b"x" * HUGE,
        b"Content-Type: text/calendar\n\nBEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VTIMEZONE\n"
        b"TZID:x\nBEGIN:STANDARD\nDTSTART:19000101T000000\nRRULE:FREQ=SECONDLY\n"
        b"END:STANDARD\nEND:VTIMEZONE\nEND:VCALENDAR",
        b"Content-Type: text/calendar; charset=nonsense\n\n\xff\xfe",
        b'Content-Type: text/calendar; a="' + b";" * 200_000 + b"\n\nx",
        b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (depth, depth)
            for depth in range(900)
        )
        + b"x\n" * 90_000,
    ],
    ids=["nested", "parts", "events", "line", "zone", "charset", "parameters", "boundaries"],
)
def test_a_mail_that_is_meant_to_hurt_does_not(mailbox, asked, content):
    to = reply_address.reply_address(asked).encode()
    mailbox.add(b"To: " + to + b"\n" + content)
    begun = datetime.now(UTC)
    assert tasks.read_replies() == 0
    assert (datetime.now(UTC) - begun).total_seconds() < 5
    assert mailbox.flagged == {1}, "it is not read again and again"
    assert all("<0.256000>" in line for line in mailbox.asked if "BODY.PEEK[]" in line)


def test_many_marks_in_one_mail_ask_the_database_nothing(asked, django_assert_num_queries):
    many = [f"lectern+r{number}-{'a' * 20}@example.org" for number in range(100)]
    with django_assert_num_queries(0):
        assert reply_address.whose(many) is None
    assert calendar_reply.parse(b"") is None
