"""Who mails come from: each account's own sender, and the installation's where it names none."""

import smtplib

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from icalendar import Calendar

from portal.common.errors import NotPossible
from portal.conferences import tasks
from portal.conferences.mails import services as mails
from portal.conferences.models import Invitation
from portal.identity import roles
from portal.platforms import services
from tests.factories import AccountFactory, ConferenceFactory, RegistrationFactory

pytestmark = pytest.mark.django_db
OWN = {
    "sender_name": "Academy, Köln",
    "sender_address": "academy@example.org",
    "reply_to": "team@example.org",
}


@pytest.fixture(autouse=True)
def installation(settings):
    settings.DEFAULT_FROM_EMAIL = "Lectern <lectern@example.com>"


def invited(**account):
    row = ConferenceFactory(account=AccountFactory(**account))
    person = RegistrationFactory(conference=row, join_url="https://platform.example/1")
    mails.queue_invitations(row, [person], None)
    assert tasks.send_mails() == 1
    return mail.outbox[-1]


def organizer(message):
    parts = message.message().walk()
    part = next(one for one in parts if one.get_content_type() == "text/calendar")
    return Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")[0]["ORGANIZER"]


def test_an_account_without_a_sender_has_that_of_the_installation():
    message = invited()
    assert message.from_email == "Lectern <lectern@example.com>"
    assert message.message()["Reply-To"] is None
    assert str(organizer(message)) == "mailto:lectern@example.com"


def test_mails_and_calendar_entries_come_from_the_account():
    message = invited(**OWN)
    headers = message.message()
    assert "<academy@example.org>" in headers["From"]
    assert "K=C3=B6ln" in headers["From"]
    assert headers["Reply-To"] == "team@example.org"
    found = organizer(message)
    assert str(found) == "mailto:academy@example.org"
    assert found.params["CN"] == "Academy, Köln"
    assert headers["Message-ID"].endswith("@testserver>"), "known by it, whoever sends"


@pytest.mark.parametrize(
    ("given", "sender"),
    [
        ({"sender_name": "Academy"}, "Academy <lectern@example.com>"),
        ({"sender_address": "academy@example.org"}, "Lectern <academy@example.org>"),
        ({"sender_address": "a@bücher.example"}, "Lectern <a@xn--bcher-kva.example>"),
        (
            {"sender_name": "A\r\nBcc: x@example.com"},
            '"A Bcc: x@example.com" <lectern@example.com>',
        ),
    ],
)
def test_what_an_account_leaves_out_is_the_installations(given, sender):
    message = invited(**given)
    assert message.from_email == sender
    assert message.message()["Bcc"] is None


def test_an_administrator_sets_it_and_the_account_says_so(client_as, account, url):
    client = client_as(roles.ADMINISTRATOR)
    page = client.get(url("account-edit", account.pk)).content.decode()
    assert "Leave it empty for lectern@example.com" in page
    values = {
        "label": account.label,
        "base_url": account.base_url,
        "interval_minutes": "15",
        "untested": "1",
        **OWN,
    }
    wrong = client.post(
        url("account-edit", account.pk), values | {"sender_address": "academy", "reply_to": "x"}
    )
    assert wrong.status_code == 422
    assert "id_sender_address_error" in wrong.content.decode()
    assert "id_reply_to_error" in wrong.content.decode()
    assert client.post(url("account-edit", account.pk), values).status_code == 302
    account.refresh_from_db()
    assert {name: getattr(account, name) for name in OWN} == OWN
    page = client.get(url("account", account.pk)).content.decode()
    assert "academy@example.org" in page
    assert "team@example.org" in page
    assert "Changed: " in page


@pytest.mark.parametrize(
    "given",
    [
        {"sender_address": "a@example.com\nBcc: b@example.com"},
        {"sender_address": "a@example.com, b@example.com"},
        {"reply_to": "Team <team@example.org>"},
        {"sender_name": "x" * 81},
    ],
)
def test_what_no_header_takes_is_refused(user_as, account, given):
    with pytest.raises(NotPossible) as refused:
        services.connect(
            platform=account.platform,
            account=account,
            label=account.label,
            credentials={},
            by=user_as(roles.ADMINISTRATOR),
            **given,
        )
    assert set(refused.value.field_errors) == set(given)


class Strict(EmailBackend):
    """A mail server that lets nobody else send from an address."""

    def send_messages(self, messages):
        raise smtplib.SMTPSenderRefused(550, b"not yours", messages[0].from_email)


def test_a_sender_that_the_mail_server_refuses_is_named(settings):
    row = ConferenceFactory(account=AccountFactory(**OWN))
    person = RegistrationFactory(conference=row, join_url="https://platform.example/1")
    mails.queue_invitations(row, [person], None)
    settings.EMAIL_BACKEND = f"{__name__}.Strict"
    assert tasks.send_mails() == 0
    letter = Invitation.objects.get()
    assert letter.state == Invitation.State.WAITING
    assert "takes no mail from academy@example.org" in str(letter.problem)
