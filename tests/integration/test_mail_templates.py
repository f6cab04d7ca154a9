"""What staff wrote for mails: who gets it, what stays in the mail, and the page for writing it."""

import smtplib
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from portal.common import clock
from portal.common.errors import NotAllowed, NotPossible
from portal.conferences import tasks
from portal.conferences.audience.services import registrations
from portal.conferences.mails import services as mails
from portal.conferences.mails.services import templates
from portal.conferences.models import Invitation, MailTemplate
from portal.identity import roles
from tests.factories import AccountFactory, ConferenceFactory, ModeratorFactory, RegistrationFactory

pytestmark = pytest.mark.django_db
THERE = "https://platform.example/1"
GERMAN = {
    "purpose": "invite",
    "language": "de",
    "account": None,
    "subject": "Einladung: {title}",
    "text": "Guten Tag {name},\n\n{title}\n{when}\n\n{link}\n\nIhre {account}",
    "button": "Teilnehmen",
}


def template(**values):
    return MailTemplate.objects.create(changed_at=clock.now(), **(GERMAN | values))


def guest(reads="de", **account):
    row = ConferenceFactory(title="Herbst", account=AccountFactory(**account))
    return RegistrationFactory(
        conference=row,
        join_url=THERE,
        attendee__language=reads,
        attendee__first_name="Ann",
        attendee__last_name="Example",
    )


def invite(row):
    mails.queue_invitations(row.conference, [row], None)
    assert tasks.send_mails() == 1
    return mail.outbox[-1]


def html(message):
    return next(text for text, kind in message.alternatives if kind == "text/html")


def test_an_invitation_is_in_the_words_of_staff():
    template()
    person = guest(sender_name="Akademie")
    message = invite(person)
    assert message.subject == "Einladung: Herbst"
    assert message.body.startswith("Guten Tag Ann Example,\n\nHerbst\n")
    assert f"http://testserver/join/{person.token}/" in message.body
    assert "Ihre Akademie" in message.body
    assert ">Teilnehmen</a>" in html(message)
    assert '<html lang="de">' in html(message)
    assert any(kind.startswith("text/calendar") for _text, kind in message.alternatives)
    assert Invitation.objects.get().subject == "Einladung: Herbst"


@pytest.mark.parametrize(
    ("language", "account", "subject"),
    [
        ("de", "", "Alle"),
        ("de-at", "", "Alle"),
        ("", "de", "Alle"),
        ("fr", "de", "Alle"),  # nothing in French
        ("en", "de", "Invitation: Herbst"),  # Lectern's own words are in their language
        ("", "", "Invitation: Herbst"),
    ],
)
def test_whoever_reads_that_language_gets_it(language, account, subject):
    template(subject="Alle")
    template(subject="Absage", purpose="cancel", text="Es fällt aus.")
    assert invite(guest(language, language=account)).subject == subject


def test_an_accounts_own_goes_before_that_for_all():
    person, other = guest(), guest()
    template(subject="Alle")
    template(subject="Eigene", account=person.conference.account)
    assert invite(person).subject == "Eigene"
    assert invite(other).subject == "Alle"


def test_speakers_have_a_template_of_their_own():
    template(subject="Gast")
    row = ConferenceFactory(account=AccountFactory(language="de"))
    speaker = ModeratorFactory(conference=row, join_url=THERE)
    assert invite(speaker).subject.startswith("Invitation:")
    template(subject="Rednerin", purpose="speaker")
    other = ModeratorFactory(conference=row, join_url=THERE)
    assert invite(other).subject == "Rednerin"


def test_old_and_new_and_the_words_before_sending_stay_in_the_mail():
    template(purpose="update", subject="Neu", text="Guten Tag,\n\n{link}\n\nTschüss")
    person = guest()
    invite(person)
    row = person.conference
    old, row.title = row.title, "Winter <b>"
    row.save()
    told = {"changes": {"title": (old, row.title)}}
    sample = mails.preview(row, "reschedule", note="Sorry <i>", **told).sample
    mails.tell(row, "reschedule", mails.Telling(note="Sorry <i>"), None, **told)
    assert tasks.send_mails() == 1
    message = mail.outbox[-1]
    for words in ("Herbst → Winter <b>", "Sorry <i>", "/join/"):
        assert words in message.body
        assert words in sample.text
    assert "Winter &lt;b&gt;" in html(message)
    assert "Sorry &lt;i&gt;" in html(message)


def test_who_is_withdrawn_alone_does_not_read_that_all_is_cancelled(staff_user):
    template(purpose="cancel", subject="Fällt aus", text="Es fällt aus.")
    person = guest()
    invite(person)
    registrations.withdraw(person.conference, [person.pk], staff_user, notify=True)
    tasks.send_mails()
    assert mail.outbox[-1].subject == "Cancelled: Herbst"
    assert "no longer registered" in mail.outbox[-1].body


def test_a_template_sends_nothing_that_is_not_in_it():
    """What people are called cannot end a header, or be read as a template."""
    template(subject="{title} {name}")
    person = guest()
    person.conference.title = "{link}\r\nBcc: x@example.com"
    person.conference.save()
    message = invite(person)
    assert message.subject == "{link} Bcc: x@example.com Ann Example"
    assert "Bcc" not in message.message()


# The page --------------------------------------------------------------------------------------

FORM = {**GERMAN, "account": ""}


def test_staff_write_one_and_go_back_to_our_words(client_as, url):
    client = client_as()
    page = client.get(url("mail-template-new"), {"purpose": "cancel"}).content.decode()
    assert "This webinar will not take place" in page
    answer = client.post(url("mail-template-new"), FORM, follow=True)
    assert "from now on" in answer.content.decode()
    row = MailTemplate.objects.get()
    assert (row.language, row.account, row.changed_by) == ("de", None, client.user)
    assert "Einladung: {title}" in client.get(url("mail-templates")).content.decode()
    client.post(url("mail-template", row.pk), FORM | {"subject": "Neu"})
    assert MailTemplate.objects.get().subject == "Neu"
    page = client.get(url("mail-template-remove", row.pk)).content.decode()
    assert "is deleted" in page
    client.post(url("mail-template-remove", row.pk))
    assert not MailTemplate.objects.exists()
    assert LogEntry.objects.filter(user=client.user).count() == 3


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"text": "Hallo"}, "text", "{link} is missing"),
        ({"text": "{link} {secret}"}, "text", "does not know {secret}"),
        ({"subject": "{link}"}, "subject", "does not know {link}"),
        ({"subject": " "}, "subject", "required"),
        ({"language": "xx"}, "language", "Select a valid choice"),
        ({"purpose": "xx"}, "purpose", "Select a valid choice"),
        ({"account": "99"}, "account", "Select a valid choice"),
        ({"text": "{link}" + "x" * 20_000}, "text", "At most 10000"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(client_as, url, given, field, words):
    answer = client_as().post(url("mail-template-new"), FORM | given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in page
    assert words.replace("{", "&#123;") in page or words in page
    assert not MailTemplate.objects.exists()


def test_the_same_template_twice_is_refused(client_as, url):
    template()
    answer = client_as().post(url("mail-template-new"), FORM)
    assert answer.status_code == 422
    assert "such a template already" in answer.content.decode()


def test_the_preview_follows_what_is_typed_and_says_nothing_of_faults(client_as, url):
    ConferenceFactory(title="Herbst <b>", starts_at=clock.now() + timedelta(days=3))
    typed = FORM | {"preview": "yes", "text": "Hallo {title} {nonsense}", "subject": "S {title}"}
    answer = client_as().post(url("mail-template-new"), typed)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Hallo Herbst &lt;b&gt; {nonsense}" in page
    assert "S Herbst &lt;b&gt;" in page
    assert "id_text_error" not in page
    assert not MailTemplate.objects.exists()
    assert not mail.outbox


def test_a_test_goes_to_oneself_and_changes_nothing(client_as, url):
    client = client_as()
    client.user.email = "me@example.com"
    client.user.save()
    answer = client.post(url("mail-template-new"), FORM | {"test": "yes"})
    assert "on its way to me@example.com" in answer.content.decode()
    message = mail.outbox[0]
    assert [one.split("<")[-1] for one in message.to] == ["me@example.com>"] or message.to == [
        "me@example.com"
    ]
    assert message.subject.startswith("Einladung: ")
    assert not MailTemplate.objects.exists()
    assert not Invitation.objects.exists()
    client.post(url("mail-template-new"), FORM | {"test": "yes", "text": "{oops}"})
    assert len(mail.outbox) == 1


class Down(EmailBackend):
    def send_messages(self, messages):
        raise smtplib.SMTPServerDisconnected("gone\r\naway")


def test_what_the_mail_server_says_to_a_test_is_shown(client_as, url, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Down"
    client = client_as()
    client.user.email = "me@example.com"
    client.user.save()
    answer = client.post(url("mail-template-new"), FORM | {"test": "yes"})
    assert "did not take the test: gone away" in answer.content.decode()


def test_who_has_no_address_cannot_send_one_to_themselves(client_as, url, staff_user):
    client = client_as()
    client.user.email = ""
    client.user.save()
    assert "no e-mail address" in client.get(url("mail-template-new")).content.decode()
    staff_user.email = ""
    with pytest.raises(NotPossible):
        templates.send_test(MailTemplate(**GERMAN), staff_user)


def test_a_viewer_reads_the_list_and_writes_nothing(client_as, url, viewer_user):
    row = template()
    client = client_as(roles.VIEWER)
    assert client.get(url("mail-templates")).status_code == 200
    for address in (
        url("mail-template-new"),
        url("mail-template", row.pk),
        url("mail-template-remove", row.pk),
    ):
        assert client.get(address).status_code == 403
        assert client.post(address, FORM).status_code == 403
    for act in (
        lambda: templates.save(GERMAN, viewer_user),
        lambda: templates.remove(row, viewer_user),
        lambda: templates.send_test(row, viewer_user),
    ):
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.parametrize("purpose", MailTemplate.Purpose)
def test_each_kind_has_a_sample_also_without_webinars(purpose):
    text = "{title} {when} {name}" + ("" if purpose == "cancel" else " {link}")
    row = MailTemplate(**(GERMAN | {"purpose": purpose, "text": text}))
    found = templates.sample(row, "Ann", "ann@example.com")
    assert "Example of a webinar" in found.subject
    assert "Ann" in found.text
