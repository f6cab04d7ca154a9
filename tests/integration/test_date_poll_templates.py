"""The mails of a date poll in the words of staff."""

import pytest
from django.core import mail

from portal.common import clock
from portal.conferences import tasks
from portal.conferences.mails.services import Telling, polls
from portal.conferences.models import MailTemplate
from portal.conferences.schedule.services import date_polls
from portal.identity import roles
from tests.factories import AttendeeFactory, ConferenceFactory
from tests.factories.date_polls import date_poll, led_to, says

pytestmark = pytest.mark.django_db
ASKED, SILENT = Telling(True), Telling(False)
ASK = {
    "purpose": "ask",
    "subject": "Wann? {title}",
    "text": "Guten Tag {name},\n\n{title}, {length}\n\n{times}\n\n{link}\n\n{about}\n\n{until}",
    "button": "Antworten",
}
OUTCOME = {"purpose": "outcome", "subject": "Ergebnis: {title}", "text": "{title}\n{outcome}"}


def template(language="en", **values):
    given = {"account": None, "language": language, "changed_at": clock.now()} | values
    return MailTemplate.objects.create(**given)


def sent():
    """The mails that leave now."""
    mail.outbox.clear()
    tasks.send_mails()
    return list(mail.outbox)


def html(message):
    return message.alternatives[0][0]


def test_the_question_is_in_the_words_of_staff(account):
    template(**ASK)
    poll = date_poll(account, telling=ASKED, note="Of <b>spring</b>.")
    message = sent()[0]
    assert message.subject == "Wann? Briefing for dealers"
    assert message.body.startswith("Guten Tag Speaker ")
    assert "Briefing for dealers, 60 minutes" in message.body
    assert message.body.count("(Europe/Berlin)") == 3
    tokens = {str(one) for one in poll.people.values_list("token", flat=True)}
    assert sum(f"/dates/{token}/" in message.body for token in tokens) == 1
    assert ">Antworten</a>" in html(message)
    assert "Of &lt;b&gt;spring&lt;/b&gt;." in html(message)
    assert [kind for _text, kind in message.alternatives] == ["text/html"]


def test_without_words_for_the_button_it_says_what_it_does(account):
    template(**ASK | {"button": ""})
    until = clock.now().replace(year=2094, month=3, day=5, hour=22, minute=59)
    date_poll(account, telling=ASKED, answer_until=until)
    assert ">Say when you can</a>" in html(sent()[0])
    assert "Please answer until Friday, 5 March 2094, 23:59 (Europe/Berlin)." in mail.outbox[0].body


def test_why_somebody_is_asked_again_stands_in_it_though_the_text_leaves_it_out(account):
    template(**ASK)
    poll = date_poll(account, telling=ASKED)
    assert "no answer from you" not in sent()[0].body
    date_polls.ask_again(poll, Telling(True, "Please."), None, polls.newest(poll))
    message = sent()[0]
    for words in ("no answer from you yet", "Please."):
        assert words in message.body
        assert words in html(message)
    says(poll, 0, "yes")
    values = {"title": "Other", "note": "", "duration_minutes": 60}
    date_polls.edit(poll, values, ASKED, None, date_polls.version(poll))
    message = sent()[0]
    assert "Something has changed" in message.body
    assert "Title: Briefing for dealers → Other" in message.body


def test_the_outcome_is_in_the_words_of_staff_whatever_came_of_it(account):
    template(**OUTCOME)
    poll = date_poll(account, telling=ASKED)
    sent()
    date_polls.close(poll, ASKED, None)
    assert "No date was found." in sent()[0].body
    assert mail.outbox[0].subject == "Ergebnis: Briefing for dealers"
    found = date_poll(account, telling=ASKED)
    sent()
    led_to(found, ConferenceFactory(account=account, title="Held"))
    date_polls.tell_outcome(found, ASKED, None, polls.newest(found))
    assert "Held\nThe date is set: " in sent()[0].body


def test_the_readers_language_and_the_account_choose_the_template(account, settings):
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    template("de", **ASK | {"subject": "Alle"})
    template("de", **ASK | {"subject": "Eigene", "account": account})
    AttendeeFactory(email="speaker0@example.org", language="de")
    date_poll(account, people=2, telling=ASKED)
    assert {one.subject for one in sent()} == {"Eigene", "When can you? Briefing for dealers"}


def test_the_page_before_it_is_sent_shows_it(client_as, account, url):
    template(**ASK)
    poll = date_poll(account)
    page = client_as(roles.STAFF).get(url("date-poll-ask", poll.pk)).content.decode()
    assert "Wann? Briefing for dealers" in page
    assert "Guten Tag Speaker 0" in page


@pytest.mark.parametrize("purpose", ["ask", "outcome"])
def test_they_are_written_looked_at_and_tried_like_the_others(client_as, account, url, purpose):
    ConferenceFactory(account=account, title="Coming")
    staff = client_as(roles.STAFF)
    staff.user.email = "staff@example.org"
    staff.user.save()
    new = f"{url('mail-template-new')}?purpose={purpose}"
    page = staff.get(new)
    form = page.context["form"]
    data = {name: str(form[name].value() or "") for name in form.fields}
    words = {"ask": "- ", "outcome": "The date is set: "}[purpose]
    assert words in page.context["sample"].text
    assert "Coming" in page.context["sample"].subject
    shown = staff.post(new, data | {"subject": "Mine: {title}", "preview": "yes"})
    assert "Mine: Coming" in shown.content.decode()
    mail.outbox.clear()
    staff.post(new, data | {"test": "yes"})
    assert "staff@example.org" in mail.outbox[0].to[0]
    assert words in mail.outbox[0].body
    staff.post(new, data)
    assert MailTemplate.objects.get().purpose == purpose
    listed = staff.get(url("mail-templates")).content.decode()
    assert MailTemplate.objects.get().get_purpose_display() in listed
