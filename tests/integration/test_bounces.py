"""Mails that came back are read from a mailbox and noted; nothing else in it is believed."""

import logging
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.core import mail
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.conferences import tasks
from portal.conferences.mails import services as mails
from portal.conferences.mails.services import bounces, letters, lost
from portal.conferences.mails.services import mailbox as reading
from portal.conferences.models import Invitation, Registration
from portal.conferences.people.services import people
from tests.factories import AccountFactory, ConferenceFactory, RegistrationFactory
from tests.support.imap import Mailbox

pytestmark = pytest.mark.django_db
THERE = "https://platform.example/1"
REPORT = """From: MAILER-DAEMON@mx.example.com
To: lectern@example.com
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com
Arrival-Date: Tue, 1 Dec 2026 06:00:00 +0000

Final-Recipient: rfc822; ann@example.com
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <ann@example.com>: No such <b>user</b>

--b
Content-Type: {kind}

From: Lectern <lectern@example.com>
To: ann@example.com
X-Lectern-Mail: {mark}
Subject: Invitation

{body}
--b--
"""


@pytest.fixture
def mailbox(settings):
    box = Mailbox()
    settings.BOUNCE_MAILBOX = box.url
    yield box
    box.close()


@pytest.fixture
def letter():
    person = RegistrationFactory(join_url=THERE, attendee__email="ann@example.com")
    mails.queue_invitations(person.conference, [person], None)
    assert tasks.send_mails() == 1
    return Invitation.objects.get()


def report(mark, **values):
    given = {"action": "failed", "status": "5.1.1", "kind": "text/rfc822-headers", "body": ""}
    return REPORT.format(mark=mark, **(given | values)).encode()


def mark_of(message):
    return message.message()[letters.MARK]


@pytest.mark.parametrize(
    "values", [{}, {"kind": "message/rfc822", "body": "Hello"}, {"status": "5.7.1"}]
)
def test_a_mail_that_came_back_has_failed_and_says_why(mailbox, letter, values):
    mailbox.add(b"Subject: a person's answer\r\n\r\nThank you")
    mailbox.add(report(mark_of(mail.outbox[0]), **values))
    assert tasks.read_bounces() == 1
    letter.refresh_from_db()
    assert letter.state == Invitation.State.FAILED
    assert letter.bounced_at
    assert "550 5.1.1" in str(letter.problem)
    assert mailbox.seen == {2}, "what is not ours is left as it was"
    assert tasks.read_bounces() == 0


@pytest.mark.parametrize(
    ("mark", "values"),
    [
        ("own", {"action": "delayed", "status": "4.4.1"}),
        ("own", {"action": "delivered", "status": "2.0.0"}),
        ("own", {"action": "failed", "status": "4.2.2"}),
        ("{pk}-1", {}),  # nobody has signed it
        ("{pk}-1:forged", {}),
        ("", {}),
        ("other", {}),
    ],
)
def test_what_says_something_else_or_is_not_signed_changes_nothing(mailbox, letter, mark, values):
    own = mark_of(mail.outbox[0])
    if mark == "other":  # signed, but of a mail that a restored database does not have
        mark = letters.SIGNER.sign(f"{letter.pk}-{int(letter.created_at.timestamp()) - 60}")
    mailbox.add(report(own if mark == "own" else mark.format(pk=letter.pk), **values))
    assert tasks.read_bounces() == 0
    letter.refresh_from_db()
    assert letter.state == Invitation.State.SENT
    assert letter.bounced_at is None
    assert mailbox.seen == {1}


def test_a_report_on_what_is_still_being_sent_is_read_again_later(mailbox, letter):
    Invitation.objects.update(state="sending")
    mailbox.add(report(mark_of(mail.outbox[0])))
    assert tasks.read_bounces() == 0
    assert not mailbox.seen
    Invitation.objects.update(state="sent")
    assert tasks.read_bounces() == 1


def test_one_mail_about_several_dates_came_back_as_a_whole(mailbox):
    account, party = AccountFactory(), uuid4()
    people = [
        RegistrationFactory(conference=ConferenceFactory(account=account), join_url=THERE)
        for _ in range(3)
    ]
    Registration.objects.update(attendee=people[0].attendee)
    for person in Registration.objects.all():
        mails.queue_invitations(person.conference, [person], None)
    Invitation.objects.filter(registration__in=people[:2]).update(together=party)
    assert tasks.send_mails() == 2
    several = next(one for one in mail.outbox if "2 dates" in one.subject)
    mailbox.add(report(mark_of(several)))
    assert tasks.read_bounces() == 1
    found = dict(Invitation.objects.values_list("registration", "state"))
    assert found == {people[0].pk: "failed", people[1].pk: "failed", people[2].pk: "sent"}


def test_no_more_is_read_than_is_prudent(mailbox, letter, monkeypatch):
    monkeypatch.setattr(reading, "MOST", 3)
    for _ in range(5):
        mailbox.add(report("", body="x" * 400_000))
    assert tasks.read_bounces() == 0
    assert mailbox.seen == {3, 4, 5}, "the newest"
    assert all("<0.256000>" in line for line in mailbox.asked if "FETCH" in line)


def test_a_slow_mailbox_holds_up_no_mails(mailbox, letter, monkeypatch):
    monkeypatch.setattr(reading, "LONGEST_ROUND", -1.0)
    mailbox.add(report(mark_of(mail.outbox[0])))
    assert tasks.read_bounces() == 0
    assert not mailbox.seen, "it is read in a later round"


@pytest.mark.parametrize("command", ["LOGIN", "SELECT", "UID SEARCH"])
def test_a_mailbox_that_says_no_is_tried_again_and_its_password_is_nowhere(
    mailbox, letter, caplog, command
):
    mailbox.fails = command
    mailbox.add(report(mark_of(mail.outbox[0])))
    with caplog.at_level(logging.WARNING):
        assert tasks.read_bounces() == 0
    assert "secret" not in caplog.text
    mailbox.fails = ""
    assert tasks.read_bounces() == 1


def test_without_a_mailbox_or_with_one_that_is_down_nothing_happens(settings):
    settings.BOUNCE_MAILBOX = ""
    assert tasks.read_bounces() == 0
    settings.BOUNCE_MAILBOX = "imap://a:b@127.0.0.1:1/INBOX"
    assert tasks.read_bounces() == 0


nasty = st.binary(max_size=300) | st.sampled_from(
    [b"--b\n", b"Content-Type: multipart/report; boundary=b\n\n", b"X-Lectern-Mail: 1:x\n"]
)


@given(parts=st.lists(nasty, max_size=8))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_comes_it_is_read_without_a_fault(parts):
    assert bounces.note(b"".join(parts)) is False


@pytest.mark.parametrize(
    "content",
    [
        b"Content-Type: message/rfc822\n\n" * 8000,
        b"Content-Type: multipart/report; boundary=b\n\n" + b"--b\n" * 60_000,
        b"Content-Type: multipart/report; charset=x-unknown; boundary=b\n\n--b\n"
        b"Content-Type: text/rfc822-headers; charset=nonsense\n\n\xff\xfe\n--b--",
        b"Content-Type: multipart/report; " + b"a*0*=;" * 20_000 + b"\n\nx",
        b"".join(
            b"Content-Type: multipart/report; boundary=b%d\n\n--b%d\n" % (depth, depth)
            for depth in range(900)
        )
        + b"x\n" * 60_000,
    ],
    ids=["nested", "parts", "charset", "parameters", "boundaries"],
)
def test_a_report_that_is_meant_to_hurt_does_not(mailbox, content):
    mailbox.add(b"X: multipart/report\n" + content)
    begun = datetime.now(UTC)
    assert tasks.read_bounces() == 0
    assert (datetime.now(UTC) - begun).total_seconds() < 5
    assert mailbox.seen == {1}, "it is not read again and again"


def test_it_stands_in_the_list_under_a_filter_and_is_mended_by_the_address(
    mailbox, letter, client_as, url, staff_user
):
    mailbox.add(report(mark_of(mail.outbox[0])))
    tasks.read_bounces()
    client, page = client_as(), url("conference-mails", letter.conference_id)
    listed = client.get(page, {"state": "bounced"}).content.decode()
    assert "No such &lt;b&gt;user&lt;/b&gt;" in listed
    assert "It came back" in client.get(url("attention")).content.decode()
    person = letter.registration.attendee
    people.update(person, {"email": "anna@example.com"}, staff_user, notify=True)
    assert tasks.send_mails() == 1
    assert "anna@example.com" in mail.outbox[-1].to[0]
    letter.refresh_from_db()
    assert letter.state == Invitation.State.DROPPED


def test_one_that_is_sent_again_has_not_come_back(mailbox, letter, client_as, url):
    mailbox.add(report(mark_of(mail.outbox[0])))
    tasks.read_bounces()
    lost.send_again(letter, None)
    assert tasks.send_mails() == 1
    letter.refresh_from_db()
    assert letter.bounced_at is None
