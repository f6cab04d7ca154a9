"""Each mail can be looked at as it was sent, by those who may have personal links."""

import pytest
from django.core import mail
from hypothesis import given
from hypothesis import strategies as st

from portal.common import clock
from portal.conferences import tasks
from portal.conferences.mails import services as mails
from portal.conferences.mails.services import copies
from portal.conferences.models import Invitation, MailCopy
from portal.identity import roles
from tests.factories import AccountFactory, ConferenceFactory, RegistrationFactory

pytestmark = pytest.mark.django_db
THERE = "https://platform.example/1"


def sent(count=1, row=None, **person):
    row = row or ConferenceFactory(title="Herbst", description="All about <autumn>")
    people = [RegistrationFactory(conference=row, join_url=THERE, **person) for _ in range(count)]
    mails.queue_invitations(row, people, None, note="See you")
    assert tasks.send_mails() == count
    return list(Invitation.objects.order_by("pk"))


def as_it_left(message):
    """What the mail server took, part by part."""
    parts = {kind: text for text, kind in message.alternatives}
    calendar = next((text for kind, text in parts.items() if "calendar" in kind), "")
    return (
        message.from_email,
        message.to,
        message.subject,
        message.body,
        parts["text/html"],
        calendar,
    )


def as_it_is_kept(letter):
    found = copies.sent_mail(Invitation.objects.select_related("copy").get(pk=letter.pk))
    return (
        found.sender,
        [found.to],
        found.subject,
        found.text,
        found.html,
        found.calendar,
    )


def test_three_hundred_are_kept_once_and_each_is_what_left():
    letters = sent(300)
    assert MailCopy.objects.count() == 1
    assert len(MailCopy.objects.get().content) < 4000
    for letter, message in zip(letters, mail.outbox, strict=True):
        assert as_it_is_kept(letter) == as_it_left(message)


@pytest.mark.parametrize(
    "name",
    ["Al", "O'Brien & <Co>", "e", "\x02", "See you", 'Ünï, "Q"', "http", "x" * 200, ""],
)
def test_whatever_somebody_is_called_it_is_what_left(name):
    (letter,) = sent(attendee__first_name=name, attendee__last_name="")
    assert as_it_is_kept(letter) == as_it_left(mail.outbox[0])


texts = st.text(st.sampled_from("ab\x01\x02<&\n") | st.characters(codec="utf-8"), max_size=40)


@given(text=texts, values=st.lists(texts, max_size=copies.MOST_VALUES))
def test_signs_give_back_what_they_stand_for(text, values):
    signs = {chr(number) for number in range(1, copies.MOST_VALUES + 1)}
    if signs & set("".join([text, *values])):
        values = []  # as `keep` does
    assert copies._with(copies._without(text, values), values) == text


def test_what_was_perhaps_sent_is_kept_as_well(monkeypatch):
    row = ConferenceFactory()
    person = RegistrationFactory(conference=row, join_url=THERE)
    mails.queue_invitations(row, [person], None)

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("portal.conferences.mails.services.sending._hand_over", killed)
    with pytest.raises(KeyboardInterrupt):
        tasks.send_mails()
    assert "You are invited" in copies.sent_mail(Invitation.objects.get()).text


def test_a_later_change_leaves_the_copy_as_it_was():
    (letter,) = sent()
    before = as_it_is_kept(letter)
    row = letter.conference
    row.title = "Winter"
    row.save()
    letter.registration.attendee.first_name = "Other"
    letter.registration.attendee.save()
    assert as_it_is_kept(letter) == before


def test_what_nobody_refers_to_is_forgotten_after_a_day(clock):
    (letter,) = sent()
    clock.advance(90_000)
    tasks.prune()
    assert MailCopy.objects.count() == 1
    letter.delete()
    tasks.prune()
    assert not MailCopy.objects.exists()


# The pages -------------------------------------------------------------------------------------


def test_staff_read_a_mail_as_it_was_sent(client_as, url):
    account = AccountFactory(reply_to="team@example.org")
    (letter,) = sent(row=ConferenceFactory(title="Herbst", account=account))
    client = client_as()
    listed = client.get(url("conference-mails", letter.conference_id)).content.decode()
    assert url("sent-mail", letter.pk) in listed
    page = client.get(url("sent-mail", letter.pk)).content.decode()
    link = f"http://testserver/join/{letter.registration.token}/"
    for words in ("Invitation: Herbst", letter.to_email, "team@example.org", link, "See you"):
        assert words in page
    frame = client.get(url("sent-mail-html", letter.pk))
    assert frame.content.decode() == as_it_left(mail.outbox[0])[4]
    policy = frame["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-" not in policy
    assert "script" not in policy
    file = client.get(url("sent-mail-calendar", letter.pk))
    assert file.content.decode() == as_it_left(mail.outbox[0])[5]
    assert file["Content-Type"].startswith("text/calendar")


def test_names_are_shown_as_people_write_them(client_as, url):
    (letter,) = sent(attendee__first_name="Zoë", attendee__last_name="Grün")
    assert "utf-8" in mail.outbox[0].to[0]
    page = client_as().get(url("sent-mail", letter.pk)).content.decode()
    assert f"Zoë Grün &lt;{letter.to_email}&gt;" in page
    assert "=?utf-8" not in page


def test_a_persons_mails_stand_on_a_page_of_theirs(client_as, url):
    (letter,) = sent()
    person = letter.registration.attendee
    client = client_as()
    assert url("person-mails", person.pk) in client.get(url("person", person.pk)).content.decode()
    page = client.get(url("person-mails", person.pk)).content.decode()
    assert url("sent-mail", letter.pk) in page
    other = RegistrationFactory().attendee
    assert "No mail yet" in client.get(url("person-mails", other.pk)).content.decode()


def test_a_viewer_reads_no_mail(client_as, url):
    (letter,) = sent()
    client = client_as(roles.VIEWER)
    for name in ("sent-mail", "sent-mail-html", "sent-mail-calendar"):
        assert client.get(url(name, letter.pk)).status_code == 403
    page = client.get(url("person-mails", letter.registration.attendee_id)).content.decode()
    assert url("sent-mail", letter.pk) not in page
    page = client.get(url("conference-mails", letter.conference_id)).content.decode()
    assert url("sent-mail", letter.pk) not in page


def test_a_mail_without_a_copy_says_so(client_as, url):
    person = RegistrationFactory()
    letter = Invitation.objects.create(
        conference=person.conference,
        registration=person,
        to_email=person.attendee.email,
        not_before=clock.now(),
    )
    client = client_as()
    assert "has not left" in client.get(url("sent-mail", letter.pk)).content.decode()
    assert client.get(url("sent-mail-html", letter.pk)).status_code == 404
    letter.sent_at = clock.now()
    letter.save()
    assert "before Lectern kept copies" in client.get(url("sent-mail", letter.pk)).content.decode()
