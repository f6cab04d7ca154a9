"""Mails: who gets which, once, as it is now; a crash or a doubt never sends twice."""

import smtplib
import socket
import threading
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from portal.celery import app
from portal.common import clock
from portal.common.errors import NotAllowed
from portal.conferences import sentences, tasks
from portal.conferences.audience.services import registrations
from portal.conferences.mails import services as mails
from portal.conferences.mails.services import lost, sending
from portal.conferences.models import Invitation
from portal.identity import roles
from portal.staff import demo_mailbox
from tests.factories import ConferenceFactory, ModeratorFactory, RegistrationFactory

pytestmark = pytest.mark.django_db
THERE = "https://platform.example/room/1"


class Server(EmailBackend):
    """A mail server that can be told to misbehave; what it took stands in `mail.outbox`."""

    down = None
    answers: dict = {}
    after = None

    def open(self):
        if type(self).down:
            raise type(self).down

    def send_messages(self, messages):
        for message in messages:
            error = type(self).answers.get(message.to[0].split("<")[-1].strip("<>"))
            if error and not type(self).after:
                raise error
            super().send_messages([message])
            if error:
                raise error
        return len(messages)


@pytest.fixture(autouse=True)
def server(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Server"
    Server.down, Server.answers, Server.after = None, {}, None
    return Server


@pytest.fixture
def conference():
    return ConferenceFactory(title="Spring news")


@pytest.fixture
def person(conference):
    return RegistrationFactory(
        conference=conference,
        join_url=THERE,
        attendee__email="ann@example.com",
        attendee__first_name="Ann",
        attendee__last_name="Example",
    )


def states():
    return sorted(Invitation.objects.values_list("purpose", "state"))


def invite(row, **values):
    mails.queue_invitations(row.conference, [row], None, **values)


def tell(row, act="reschedule", note="", **more):
    return mails.tell(row, act, mails.Telling(note=note), None, **more)


def move(conference, title):
    """A new title that the platform has taken."""
    old, conference.title = conference.title, title
    conference.sequence += 1
    conference.save()
    return tell(conference, changes={"title": (old, title)})


def parts(message, kind):
    return [p for p in message.message().walk() if p.get_content_type() == kind]


def test_an_invitation_carries_link_time_note_and_calendar(person):
    invite(person, note="See you <there>")
    assert tasks.send_mails() == 1
    message = mail.outbox[0]
    link = f"http://testserver/join/{person.token}/"
    local = person.conference.starts_at.astimezone(timezone.zoneinfo.ZoneInfo("Europe/Berlin"))
    offset = "UTC" + local.isoformat()[-6:]
    assert message.subject == "Invitation: Spring news"
    assert message.to == ["Ann Example <ann@example.com>"]
    for text in (message.body, parts(message, "text/html")[0].get_payload(decode=True).decode()):
        assert link in text
        assert offset in text
        assert "Europe/Berlin" in text
    assert "See you <there>" in message.body
    assert b"See you &lt;there&gt;" in parts(message, "text/html")[0].get_payload(decode=True)
    assert THERE not in message.message().as_string()
    calendar = parts(message, "text/calendar")[0]
    assert calendar.get_param("method") == "REQUEST"
    event = Calendar.from_ical(calendar.get_payload(decode=True)).walk("VEVENT")[0]
    assert event["UID"] == person.conference.calendar_uid
    assert event["DTSTART"].dt == person.conference.starts_at
    assert parts(message, "application/ics")
    letter = Invitation.objects.get()
    assert (letter.state, letter.subject) == ("sent", message.subject)
    assert letter.sent_at


def test_a_message_bears_the_time_of_the_one_clock(person):
    """Not that of the machine that sends it, which may be ten minutes off."""
    clock.advance(-600)
    invite(person)
    tasks.send_mails()
    said = parsedate_to_datetime(mail.outbox[0].message()["Date"])
    assert abs(said - clock.now()) < timedelta(seconds=60)


def test_an_invitation_waits_until_the_platform_has_the_person(conference):
    row = RegistrationFactory(conference=conference)
    invite(row)
    assert tasks.send_mails() == 0
    row.registered_at = timezone.now()
    row.save()
    assert tasks.send_mails() == 1


def test_a_draft_and_a_room_that_is_gone_hold_the_mail(person):
    invite(person)
    for values in ({"draft": True}, {"gone_at": timezone.now(), "draft": False}):
        for name, value in values.items():
            setattr(person.conference, name, value)
        person.conference.save()
        assert tasks.send_mails() == 0
    assert states() == [("invite", "waiting")]


def test_two_runs_send_once(person):
    invite(person)
    invite(person)
    tasks.send_mails()
    tasks.send_mails()
    assert len(mail.outbox) == 1


def test_a_crash_between_claim_and_answer_is_never_repeated(person, server, clock):
    invite(person)

    class Crash(BaseException):
        """As a killed worker: nothing after it runs."""

    server.answers, server.after = {"ann@example.com": Crash()}, True
    with pytest.raises(Crash):
        tasks.send_mails()
    server.answers = {}
    assert states() == [("invite", "sending")]
    assert tasks.send_mails() == 0
    clock.advance(sending.CLAIM.total_seconds() + 1)
    assert tasks.send_mails() == 0
    assert states() == [("invite", "unknown")]
    assert len(mail.outbox) == 1


def test_a_change_notice_says_the_same_at_every_attempt(person, server, clock, staff_user):
    """By itself after "later", and by a person after a doubt."""
    person.origin = "platform"
    person.save()
    move(person.conference, "Autumn news")
    server.answers = {"ann@example.com": smtplib.SMTPDataError(451, b"later")}
    tasks.send_mails()
    server.answers = {"ann@example.com": TimeoutError()}
    clock.advance(3600)
    tasks.send_mails()
    assert states() == [("update", "unknown")]
    server.answers = {}
    lost.send_again(Invitation.objects.get(), staff_user)
    tasks.send_mails()
    message = mail.outbox[0]
    assert message.subject == "Changed: Autumn news (was: Spring news)"
    assert message.body.count("before:") == 1


def test_the_message_id_is_the_same_at_every_attempt(person, server, clock):
    invite(person)
    letter = Invitation.objects.get()
    first = sending.letters.message_id(letter)
    server.answers = {"ann@example.com": smtplib.SMTPDataError(451, b"later")}
    tasks.send_mails()
    server.answers = {}
    clock.advance(3600)
    assert tasks.send_mails() == 1
    assert mail.outbox[0].message()["Message-ID"] == first


@pytest.mark.parametrize(
    ("error", "state", "words"),
    [
        (smtplib.SMTPRecipientsRefused({"a": (550, b"No such user")}), "failed", "No such user"),
        (smtplib.SMTPRecipientsRefused({"a": (450, b"Greylisted")}), "waiting", "Greylisted"),
        (smtplib.SMTPDataError(554, b"Spam\r\nX: y"), "failed", "554 Spam X: y"),
        (smtplib.SMTPDataError(452, b"Full"), "waiting", "Full"),
        (smtplib.SMTPSenderRefused(530, b"auth", "x"), "waiting", "does not take"),
        (smtplib.SMTPServerDisconnected("cut"), "unknown", "may have arrived"),
        (TimeoutError(), "unknown", "may have arrived"),
        (ConnectionRefusedError(), "waiting", "cannot be reached"),
    ],
)
def test_what_the_server_answers_decides(person, server, clock, error, state, words):
    other = RegistrationFactory(conference=person.conference, join_url=THERE)
    invite(person)
    invite(other)
    server.answers = {"ann@example.com": error}
    assert tasks.send_mails() == 1
    letter = Invitation.objects.get(registration=person)
    assert letter.state == state
    assert words in letter.problem
    server.answers = {}
    clock.advance(7200)
    tasks.send_mails()
    assert len(mail.outbox) == (2 if state == "waiting" else 1)


def test_a_server_that_is_down_costs_only_time(person, server, clock):
    invite(person)
    server.down = ConnectionRefusedError()
    for _ in range(3):
        assert tasks.send_mails() == 0
    letter = Invitation.objects.get()
    assert (letter.state, letter.attempts) == ("waiting", 1)
    assert "cannot be reached" in letter.problem
    server.down = None
    clock.advance(61)
    assert tasks.send_mails() == 1


def test_three_timeouts_in_a_row_end_the_round_and_put_off_what_waits(conference, server, clock):
    rows = [RegistrationFactory(conference=conference, join_url=THERE) for _ in range(8)]
    mails.queue_invitations(conference, rows, None)
    server.answers = {row.attendee.email: TimeoutError() for row in rows}
    assert tasks.send_mails() == 0
    assert states() == [("invite", "unknown")] * 3 + [("invite", "waiting")] * 5
    later = Invitation.objects.filter(state="waiting")
    assert {(one.attempts, one.problem) for one in later} == {(1, sentences.MAIL_SERVER_SLOW)}
    server.answers = {}
    assert tasks.send_mails() == 0, "it is left alone for a while"
    clock.advance(61)
    assert tasks.send_mails() == 5
    assert len(mail.outbox) == 5


class Silent(threading.Thread):
    """A real mail server that falls silent at a word of the dialogue, for ever."""

    def __init__(self, at):
        super().__init__(daemon=True)
        self.at, self.said = at, []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.start()

    def run(self):
        while True:
            try:
                line, _ = self.listening.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=(line,), daemon=True).start()

    def talk(self, line):
        line.sendall(b"220 here\r\n")
        with line, line.makefile("rb") as lines:
            for word in lines:
                said = word[:4].strip().upper().decode()
                self.said.append(said)
                if said == self.at:
                    lines.read()  # until the other side gives up
                    return
                if said in ("EHLO", "MAIL", "RCPT", "RSET"):
                    line.sendall(b"250 yes\r\n")
                elif said == "DATA":
                    line.sendall(b"354 go on\r\n")

    def stop(self):
        self.listening.close()


@pytest.mark.parametrize(
    ("at", "states_after"),
    [
        ("MAIL", [("invite", "waiting")] * 5),
        ("RCPT", [("invite", "waiting")] * 5),
        (".", [("invite", "unknown")] * 3 + [("invite", "waiting")] * 2),
    ],
)
def test_a_server_that_falls_silent_is_left_alone_after_three(
    conference, settings, at, states_after
):
    server = Silent(at)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_TIMEOUT = 0.3
    rows = [RegistrationFactory(conference=conference, join_url=THERE) for _ in range(5)]
    mails.queue_invitations(conference, rows, None)
    assert tasks.send_mails() == 0
    server.stop()
    assert server.said.count("MAIL") == 3
    assert states() == states_after, "only a text that was handed over has perhaps arrived"
    assert Invitation.objects.filter(state="waiting", attempts=1).count() >= 2


def test_a_cancellation_goes_before_invitations(conference, person):
    invite(person)
    tasks.send_mails()
    mail.outbox.clear()
    fresh = [RegistrationFactory(join_url=THERE) for _ in range(3)]
    for row in fresh:
        invite(row)
    conference.removed_at = timezone.now()
    conference.save()
    tell(conference, "cancel")
    tasks.send_mails()
    assert [message.subject.split(":")[0] for message in mail.outbox] == [
        "Cancelled",
        "Invitation",
        "Invitation",
        "Invitation",
    ]


def test_what_waits_for_a_platform_is_not_counted_against_the_mail_server(
    conference, person, server
):
    invite(person)
    invite(RegistrationFactory(conference=conference))
    server.down = ConnectionRefusedError()
    tasks.send_mails()
    assert sorted(Invitation.objects.values_list("attempts", flat=True)) == [0, 1]


def test_each_is_put_off_once_in_a_round(conference, server):
    rows = [RegistrationFactory(conference=conference, join_url=THERE) for _ in range(3)]
    mails.queue_invitations(conference, rows, None)
    for attempts, letter in enumerate(Invitation.objects.order_by("id")):
        Invitation.objects.filter(pk=letter.pk).update(attempts=attempts)
    server.down = ConnectionRefusedError()
    tasks.send_mails()
    found = Invitation.objects.order_by("id").values_list("attempts", flat=True)
    assert list(found) == [1, 2, 3]


def test_a_timeout_now_and_then_does_not_end_the_round(conference, server):
    rows = [RegistrationFactory(conference=conference, join_url=THERE) for _ in range(8)]
    mails.queue_invitations(conference, rows, None)
    slow = [row for number, row in enumerate(rows) if number % 4 != 3]
    server.answers = {row.attendee.email: TimeoutError() for row in slow[:2] + slow[3:5]}
    assert tasks.send_mails() == 4


def test_a_connection_that_cannot_be_opened_again_leaves_no_doubt(person, server, monkeypatch):
    """After a failure the connection is opened anew: where that fails, nothing has left."""
    others = [RegistrationFactory(conference=person.conference, join_url=THERE) for _ in range(5)]
    invite(person)
    for row in others:
        invite(row)
    server.answers = {"ann@example.com": smtplib.SMTPServerDisconnected("cut")}
    opened = []

    def open_once(self):
        opened.append(1)
        if len(opened) > 2:  # at the beginning, and before the first message
            raise TimeoutError

    monkeypatch.setattr(Server, "open", open_once)
    assert tasks.send_mails() == 0
    assert states() == [("invite", "unknown")] + [("invite", "waiting")] * 5
    assert len(opened) == 4, "with the line that was cut, three in a row end the round"


def test_a_round_ends_after_its_time_and_rings_for_the_next(conference, monkeypatch):
    rows = [RegistrationFactory(conference=conference, join_url=THERE) for _ in range(5)]
    mails.queue_invitations(conference, rows, None)
    rung, moments = [], iter([0.0, 1.0, 100.0, sending.LONGEST_RUN + 1])
    monkeypatch.setattr(sending.time, "monotonic", lambda: next(moments))
    monkeypatch.setattr(sending.queue, "notify_worker", lambda: rung.append(1))
    assert tasks.send_mails() == 2, "the time is looked at before each message"
    assert rung == [1]


def test_mails_have_a_queue_of_their_own():
    name = "portal.conferences.tasks.send_mails"
    assert app.amqp.router.route({}, name)["queue"].name == "mail"
    assert app.amqp.router.route({}, "portal.sync.tasks.enqueue_due")["queue"].name == "default"


def test_what_was_perhaps_sent_is_settled_together(conference, staff_user, viewer_user):
    rows = [RegistrationFactory(conference=conference, join_url=THERE) for _ in range(4)]
    mails.queue_invitations(conference, rows, None)
    Invitation.objects.update(state="unknown", subject="x")
    ids = list(Invitation.objects.order_by("id").values_list("pk", flat=True))
    with pytest.raises(NotAllowed):
        lost.settle_doubtful(ids, viewer_user, arrived=True)
    assert lost.settle_doubtful(ids[:3], staff_user, arrived=True) == 3
    assert lost.settle_doubtful(ids, staff_user, arrived=False) == 1, "the others are settled"
    assert states() == [("invite", "sent")] * 3 + [("invite", "waiting")]
    assert tasks.send_mails() == 1
    assert len(mail.outbox) == 1


def test_doubtful_mails_about_what_is_off_are_not_sent_again(person, staff_user):
    invite(person)
    Invitation.objects.update(state="unknown")
    person.conference.removed_at = timezone.now()
    person.conference.save()
    ids = Invitation.objects.values_list("pk", flat=True)
    assert lost.settle_doubtful(ids, staff_user, arrived=False) == 1
    assert states() == [("invite", "sent")]


def test_looking_at_what_may_leave_costs_the_same_for_many(
    conference, django_assert_max_num_queries
):
    """While a platform is down, thousands of mails wait: a round must not ask about each."""
    rows = [RegistrationFactory(conference=conference) for _ in range(40)]
    mails.queue_invitations(conference, rows, None)
    with django_assert_max_num_queries(14):
        assert tasks.send_mails() == 0
    assert states() == [("invite", "waiting")] * 40


def test_sending_costs_the_same_for_each_of_many(conference, django_assert_max_num_queries):
    rows = [RegistrationFactory(conference=conference, join_url=THERE) for _ in range(40)]
    mails.queue_invitations(conference, rows, None)
    with django_assert_max_num_queries(40 * 16 + 17):
        assert tasks.send_mails() == 40


def test_an_update_tells_everyone_who_heard_with_a_higher_sequence(person):
    invite(person)
    tasks.send_mails()
    conference = person.conference
    assert move(conference, "Spring news, later") == 1
    tasks.send_mails()
    assert [m.subject for m in mail.outbox] == [
        "Invitation: Spring news",
        "Changed: Spring news, later (was: Spring news)",
    ]
    assert "Title: Spring news, later\nbefore: Spring news\n" in mail.outbox[1].body
    event = Calendar.from_ical(
        parts(mail.outbox[1], "text/calendar")[0].get_payload(decode=True)
    ).walk("VEVENT")[0]
    assert event["SEQUENCE"] == 1
    assert event["UID"] == conference.calendar_uid


def test_who_never_had_an_invitation_gets_a_change_notice(person):
    invite(person)
    move(person.conference, "Autumn news")
    never = RegistrationFactory(conference=person.conference, join_url=THERE)
    move(person.conference, "Winter news")
    tasks.send_mails()
    assert {m.to[0].split("<")[-1].strip(">"): m.subject for m in mail.outbox} == {
        "ann@example.com": "Invitation: Winter news",
        never.attendee.email: "Changed: Winter news (was: Autumn news)",
    }


def test_the_latest_state_wins_when_the_mail_leaves(person):
    invite(person)
    person.conference.title = "Autumn news"
    person.conference.save()
    tasks.send_mails()
    assert mail.outbox[0].subject == "Invitation: Autumn news"


def test_a_cancellation_reaches_everybody_who_can_know_of_it(person):
    invite(person)
    tasks.send_mails()
    there = RegistrationFactory(
        conference=person.conference,
        join_url=THERE,
        attendee__email="there@example.com",
        origin="platform",
    )
    late = RegistrationFactory(conference=person.conference, join_url=THERE)
    invite(late)
    conference = person.conference
    conference.removed_at, conference.sequence = timezone.now(), 1
    conference.save()
    assert tell(conference, "cancel", "The room burnt down") == 2
    tasks.send_mails()
    assert [m.subject for m in mail.outbox] == [
        "Invitation: Spring news",
        "Cancelled: Spring news",
        "Cancelled: Spring news",
    ]
    assert there.attendee.email in mail.outbox[2].to[0]
    assert "The room burnt down" in mail.outbox[1].body
    calendar = parts(mail.outbox[1], "text/calendar")[0]
    assert calendar.get_param("method") == "CANCEL"
    assert states() == [
        ("cancel", "sent"),
        ("cancel", "sent"),
        ("invite", "dropped"),
        ("invite", "sent"),
    ]


def test_a_doubtful_invitation_is_followed_by_its_cancellation(person):
    invite(person)
    Invitation.objects.update(state="unknown")
    assert tell(person.conference, "cancel") == 1


def test_a_mail_for_a_webinar_that_is_over_or_off_is_dropped(person, clock):
    invite(person)
    clock.advance(5 * 24 * 3600)
    assert tasks.send_mails() == 0
    assert states() == [("invite", "dropped")]


@pytest.mark.parametrize(
    ("stage", "said"),
    [("invited", "You are no longer invited to this webinar:"), ("approval", "on the list of")],
)
def test_who_was_never_registered_is_not_told_that_they_no_longer_are(
    person, staff_user, stage, said
):
    invite(person)
    tasks.send_mails()
    type(person).objects.filter(pk=person.pk).update(stage=stage)
    person.refresh_from_db()
    shown = mails.preview(person.conference, mails.Act.WITHDRAW, registrations=[person]).sample
    registrations.withdraw(person.conference, [person.pk], staff_user, notify=True)
    tasks.send_mails()
    for text in (shown.text, mail.outbox[1].body):
        assert said in text
        assert "no longer registered" not in text
        assert "\n\n\n" not in text


def test_who_is_withdrawn_is_told_once_when_asked(person, staff_user):
    invite(person)
    tasks.send_mails()
    registrations.withdraw(person.conference, [person.pk], staff_user, notify=True)
    tasks.send_mails()
    assert "no longer registered" in mail.outbox[1].body
    assert tell(person.conference, "cancel") == 0


def test_a_moderator_hears_too(conference):
    moderator = ModeratorFactory(conference=conference, join_url=THERE)
    move(conference, "Autumn news")
    tasks.send_mails()
    assert moderator.email in mail.outbox[0].to[0]
    assert str(moderator.token) in mail.outbox[0].body


def test_a_permanent_room_has_no_calendar(person):
    person.conference.starts_at = person.conference.duration_minutes = None
    person.conference.permanent = True
    person.conference.save()
    invite(person)
    tasks.send_mails()
    assert not parts(mail.outbox[0], "text/calendar")
    assert "always open" in mail.outbox[0].body


@pytest.mark.parametrize(
    "text",
    [
        "a\r\nBcc: x@example.com",
        "a\nb",
        "x" * 500,
        "🦊 Ünïcödé שלום",
        "<script>alert(1)</script>",
        "a\x0bb",
        "\u2028Bcc: x@example.com",
        "=?utf-8?q?=0ABcc?=",
        "{{ 7|add:7 }}",
        '"<x@y.z>"',
    ],
)
def test_no_title_and_no_name_breaks_out_of_its_header(person, text):
    person.conference.title = text
    person.conference.save()
    person.attendee.first_name = text[:200]
    person.attendee.save()
    invite(person)
    assert tasks.send_mails() == 1
    message = mail.outbox[0].message()
    assert message["Bcc"] is None
    assert [k for k, _ in message.items()].count("To") == 1
    assert "\n" not in mail.outbox[0].subject
    html = parts(mail.outbox[0], "text/html")[0].get_payload(decode=True)
    assert b"<script>" not in html


def test_an_address_that_no_header_takes_fails_alone(person):
    other = RegistrationFactory(conference=person.conference, join_url=THERE)
    person.attendee.__class__.objects.filter(pk=person.attendee_id).update(email="a\nb@example.com")
    invite(person)
    invite(other)
    assert tasks.send_mails() == 1
    assert states() == [("invite", "failed"), ("invite", "sent")]


def test_the_mailbox_of_the_demo(client_as, person, settings, tmp_path, url):
    staff = client_as(roles.STAFF)
    assert staff.get(url("mail")).status_code == 404
    settings.DEMO_MODE, settings.DEMO_MAIL_DIR = True, tmp_path
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    assert b"No mail yet" in staff.get(url("mail")).content
    assert client_as(roles.VIEWER).get(url("mail")).status_code == 403
    other = RegistrationFactory(
        conference=person.conference, join_url=THERE, attendee__email="bob@example.com"
    )
    invite(person, note=f"Hi\n{'-' * 79}\nthere <script>alert(1)</script>")
    invite(other)
    assert tasks.send_mails() == 2
    listed = staff.get(url("mail"))
    assert [m.to.split("<")[-1] for m in listed.context["page"]] == [
        "bob@example.com>",
        "ann@example.com>",
    ]
    assert len(staff.get(url("mail"), {"q": "ann spring"}).context["page"]) == 1
    one = listed.context["page"][1]
    page = staff.get(url("mail-message", one.name, one.number))
    assert f"/join/{person.token}/" in page.content.decode()
    assert b"BEGIN:VCALENDAR" in page.content
    assert b"<script>alert" not in page.content
    framed = staff.get(url("mail-html", one.name, one.number))
    assert "sandbox" in framed["Content-Security-Policy"]
    assert "default-src 'none'" in framed["Content-Security-Policy"]
    assert "allow-scripts" not in framed["Content-Security-Policy"]
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    for name, number in (("nothing", 0), (one.name, 99), ("settings", 0)):
        assert staff.get(url("mail-message", name, number)).status_code == 404


@pytest.mark.parametrize("act", ["invite", "reschedule", "cancel", "withdraw"])
def test_queueing_costs_hardly_more_statements_for_many(conference, act):
    counts = []
    for number in (15, 60):
        rows = [RegistrationFactory(conference=conference, join_url=THERE) for _ in range(number)]
        of_people = {"registrations": rows} if act in ("invite", "withdraw") else {}
        changes = {"changes": {"title": ("A", "B")}} if act == "reschedule" else {}
        with CaptureQueriesContext(connection) as counted:
            mails.preview(conference, act, **of_people, **changes)
            tell(conference, act, **of_people, **changes)
        counts.append(len(counted))
    assert counts[1] <= counts[0] + 3, "SQLite takes many rows in several parts"


def test_a_purpose_that_nobody_has_called_urgent_leaves_after_those_that_are():
    """A survey, say: what is sorted is everything, so that a new purpose cannot be forgotten."""
    row = ConferenceFactory()
    for purpose in ("survey", "cancel"):
        Invitation.objects.create(
            conference=row,
            registration=RegistrationFactory(conference=row),
            purpose=purpose,
            not_before=clock.now(),
        )
    ids = list(Invitation.objects.order_by("pk").values_list("pk", flat=True))
    with_ids = [[one.pk for one in batch] for batch in sending._batches()]
    assert with_ids == [[ids[1]], [ids[0]]]


def test_the_demos_list_takes_apart_no_more_mails_than_it_shows(settings, tmp_path, monkeypatch):
    settings.DEMO_MAIL_DIR = tmp_path
    line = "-" * 79
    for number in range(12):
        one = f"Subject: Größe {number}\nTo: p{number}@example.com\n\nText\n{line}\n"
        (tmp_path / f"{number:02d}.log").write_text(one + one.replace("Größe", "Second"), "utf-8")
    parsed = []
    whole = demo_mailbox.email.message_from_bytes
    monkeypatch.setattr(
        demo_mailbox.email,
        "message_from_bytes",
        lambda raw, policy: parsed.append(raw) or whole(raw, policy=policy),
    )
    found = demo_mailbox.mails()
    assert len(found) == 24
    assert parsed == []
    assert found[0].subject.startswith("Second")
    assert found[0].to
    assert found[0].text == "Text\n"
    assert len(parsed) == 2, "its head, and then the whole"
    assert [one.to for one in demo_mailbox.mails("second p7@")] == ["p7@example.com"]
    assert demo_mailbox.mail("07", 1).subject == "Second 7"
    (tmp_path / "07.log").write_text("Subject: Another\n\nx\n" + line + "\n", "utf-8")
    assert demo_mailbox.mail("07", 1) is None, "what was read before is not kept for another file"
    assert [one.subject for one in demo_mailbox.mails("another")] == ["Another"]
