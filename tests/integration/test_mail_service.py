"""What a mail service posts of mails that came back is noted as what the mailbox brings."""

import hashlib
import hmac
import json
from base64 import b64encode
from uuid import uuid4

import pytest
from django.conf import settings as portal_settings
from django.core import mail
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal import settings as read
from portal.conferences import tasks
from portal.conferences.mails import services as mails
from portal.conferences.mails.services import letters, mail_service
from portal.conferences.models import Invitation
from portal.staff.mails import mail_service as page
from tests.factories import ConferenceFactory, RegistrationFactory

pytestmark = pytest.mark.django_db
THERE = "https://platform.example/1"
PASSWORD, KEY = "mailer:long-enough-to-be-one", "a-signing-key"
WHY = "550 5.1.1 <ann@example.com>: No such <b>user</b>"
State = Invitation.State


def brevo(mark, why=WHY, event="hard_bounce"):
    return {
        "event": event,
        "email": "ann@example.com",
        "id": 123,
        "date": "2026-12-01 10:00:00",
        "ts_epoch": 1_796_119_200_000,
        "message-id": "<x@example.org>",
        "subject": "Invitation",
        "reason": why,
        "X-Mailin-custom": json.dumps({"lectern": mark}),
    }


def mailgun(mark, why=WHY, event="failed"):
    token, at = uuid4().hex, "1796119200"
    signed = hmac.new(KEY.encode(), f"{at}{token}".encode(), hashlib.sha256).hexdigest()
    return {
        "signature": {"token": token, "timestamp": at, "signature": signed},
        "event-data": {
            "event": event,
            "severity": "permanent",
            "timestamp": 1796119200.5,
            "recipient": "ann@example.com",
            "reason": "bounce",
            "delivery-status": {"code": 550, "message": why, "description": ""},
            "message": {"headers": {"message-id": "x@example.org"}},
            "user-variables": {"lectern": mark},
            "tags": [],
        },
    }


def mailjet(mark, why=WHY, event="bounce"):
    return [
        {
            "event": event,
            "time": 1796119200,
            "MessageID": 19421777835146490,
            "email": "ann@example.com",
            "hard_bounce": True,
            "error_related_to": "recipient",
            "error": "user unknown",
            "comment": why,
            "smtp_reply": why,
            "CustomID": mark,
            "Payload": "",
        }
    ]


def postmark(mark, why=WHY, event="HardBounce"):
    return {
        "RecordType": "Bounce" if event == "HardBounce" else event,
        "Type": event,
        "TypeCode": 1,
        "MessageID": "00000000-0000-0000-0000-000000000000",
        "Metadata": {"lectern": mark},
        "Description": "The server was unable to deliver your message.",
        "Details": why,
        "Email": "ann@example.com",
        "BouncedAt": "2026-12-01T10:00:00Z",
        "Tag": "",
    }


def sendgrid(mark, why=WHY, event="bounce"):
    return [
        {
            "email": "ann@example.com",
            "event": event,
            "timestamp": 1796119200,
            "smtp-id": "<x@example.org>",
            "sg_event_id": "a",
            "sg_message_id": "b.c",
            "reason": why,
            "status": "5.1.1",
            "type": "bounce",
            "lectern": mark,
        }
    ]


def sparkpost(mark, why=WHY, event="bounce"):
    return [
        {
            "msys": {
                "message_event": {
                    "type": event,
                    "bounce_class": "10",
                    "event_id": "92356927693813856",
                    "message_id": "000443ee14578172be22",
                    "raw_rcpt_to": "ann@example.com",
                    "rcpt_to": "ann@example.com",
                    "raw_reason": why,
                    "reason": why,
                    "rcpt_meta": {"lectern": mark},
                    "timestamp": "1796119200",
                }
            }
        }
    ]


SHAPES = {one.__name__: one for one in (brevo, mailgun, mailjet, postmark, sendgrid, sparkpost)}
# What each says of a mail that has arrived, or is tried on.
ELSE = {
    "brevo": ("delivered", "deferred"),
    "mailgun": ("delivered", "opened"),
    "mailjet": ("sent", "open"),
    "postmark": ("Delivery", "Open"),
    "sendgrid": ("delivered", "deferred"),
    "sparkpost": ("delivery", "delay"),
}


@pytest.fixture(params=SHAPES)
def service(request, settings):
    settings.MAIL_SERVICE = request.param
    settings.MAIL_SERVICE_PASSWORD, settings.MAIL_SERVICE_KEY = PASSWORD, KEY
    return request.param


@pytest.fixture
def letter(service):
    person = RegistrationFactory(join_url=THERE, attendee__email="ann@example.com")
    mails.queue_invitations(person.conference, [person], None)
    assert tasks.send_mails() == 1
    return Invitation.objects.get()


def basic(password):
    return {"authorization": f"Basic {b64encode(password.encode()).decode()}"}


def post(client, url, data, password=PASSWORD, **more):
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    headers = basic(password) if password else {}
    return client.post(
        url("mail-service"), body, content_type="application/json", headers=headers | more
    )


def test_a_mail_carries_its_mark_where_the_service_reads_it(letter, service):
    message = mail.outbox[0].message()
    name, _written = mail_service._HEADERS[service]
    assert letters.mark(letter) in message[name]
    assert len(letters.mark(letter)) <= 80, "Postmark takes no longer one"


def test_what_came_back_has_failed_and_says_why(client, url, letter, service):
    data = SHAPES[service](letters.mark(letter))
    assert post(client, url, data).status_code == 200
    letter.refresh_from_db()
    assert letter.state == State.FAILED
    assert letter.bounced_at
    assert "It came back: " in str(letter.problem)
    again = letter.bounced_at
    assert post(client, url, data).status_code == 200
    letter.refresh_from_db()
    assert letter.bounced_at == again


def test_what_arrived_or_is_tried_on_changes_nothing(client, url, letter, service):
    for event in ELSE[service]:
        data = SHAPES[service](letters.mark(letter), "250 OK", event)
        assert post(client, url, data).status_code == 200
    for_now = "452 4.2.2 The mailbox is full"
    assert post(client, url, SHAPES[service](letters.mark(letter), for_now)).status_code == 200
    letter.refresh_from_db()
    assert letter.state == State.SENT


def test_what_nobody_has_signed_changes_nothing(client, url, letter, service):
    made = int(letter.created_at.timestamp())
    marks = [f"{letter.pk}-{made}:{'x' * 43}", f"{letter.pk}-{made}", "", "x" * 5000]
    # Signed, but of a mail that a restored database does not have.
    marks.append(letters.SIGNER.sign(f"{letter.pk}-{made - 60}"))
    for mark in marks:
        assert post(client, url, SHAPES[service](mark)).status_code == 200
    letter.refresh_from_db()
    assert letter.state == State.SENT


def test_what_is_still_being_sent_is_posted_once_more(client, url, letter, service):
    Invitation.objects.update(state=State.SENDING)
    data = SHAPES[service](letters.mark(letter))
    assert post(client, url, data).status_code == 503
    Invitation.objects.update(state=State.SENT)
    assert post(client, url, data).status_code == 200
    letter.refresh_from_db()
    assert letter.state == State.FAILED


@pytest.mark.parametrize(
    "password", ["", "mailer:", "mailer:long-enough-to-be-one ", "x", f"{PASSWORD}x", "\u00e9:x"]
)
def test_who_does_not_know_the_password_is_not_heard(client, url, letter, service, password):
    answer = post(client, url, SHAPES[service](letters.mark(letter)), password)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Basic")
    letter.refresh_from_db()
    assert letter.state == State.SENT


@pytest.mark.parametrize("given", ["Basic !!!", "Bearer x", "Basic", "Basic " + "A" * 100_000])
def test_nonsense_in_place_of_a_password_is_none(client, url, letter, service, given):
    assert post(client, url, {}, "", authorization=given).status_code == 401


def test_mailgun_has_to_sign_besides(client, url, settings):
    settings.MAIL_SERVICE = "mailgun"
    settings.MAIL_SERVICE_PASSWORD, settings.MAIL_SERVICE_KEY = PASSWORD, "another"
    assert post(client, url, mailgun("x")).status_code == 401


def test_without_a_service_there_is_no_such_address(client, url):
    assert post(client, url, {}).status_code == 404
    assert client.get(url("mail-service")).status_code == 405
    assert mail_service.headers("1-2:x") == {}


def test_no_more_is_read_than_is_prudent(client, url, service, monkeypatch):
    huge = b" " * (page.LARGEST + 1)
    assert post(client, url, huge).status_code == 413
    seen = []
    monkeypatch.setattr(page.bounces, "came_back", lambda *given: seen.append(given) or False)
    if service in ("mailjet", "sendgrid", "sparkpost"):
        monkeypatch.setattr(page, "MOST", 3)
        many = [SHAPES[service](letters.SIGNER.sign(f"{n}-1"))[0] for n in range(1, 9)]
        assert post(client, url, many).status_code == 200
        assert len(seen) == 3


nasty = st.recursive(
    st.none() | st.integers() | st.text(max_size=20),
    lambda some: (
        st.lists(some)
        | st.dictionaries(
            st.sampled_from(["event", "Type", "RecordType", "msys", "event-data", "signature"]),
            some,
        )
    ),
    max_leaves=8,
)


@given(data=nasty)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_posted_it_is_read_without_a_fault(client, url, service, data):
    assert post(client, url, data).status_code in (200, 400, 401)


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 50_000])
def test_what_is_no_json_is_refused(client, url, service, body):
    assert post(client, url, body).status_code in (400, 401)


def test_one_mail_about_several_dates_came_back_as_a_whole(client, url, service):
    first = RegistrationFactory(join_url=THERE)
    other = ConferenceFactory(account=first.conference.account)
    second = RegistrationFactory(conference=other, attendee=first.attendee, join_url=THERE)
    for person in (first, second):
        mails.queue_invitations(person.conference, [person], None)
    Invitation.objects.update(together=uuid4())
    assert tasks.send_mails() == 1
    mark = mail.outbox[0].message()[letters.MARK]
    assert post(client, url, SHAPES[service](mark)).status_code == 200
    assert set(Invitation.objects.values_list("state", flat=True)) == {State.FAILED}


def test_each_service_is_known_everywhere():
    assert set(read.MAIL_SERVICES) == set(page.VIEWS) == set(mail_service._HEADERS) == set(SHAPES)
    assert portal_settings.MAIL_SERVICE == ""
