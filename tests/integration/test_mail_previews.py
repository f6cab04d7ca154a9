"""What a card shows is the mail that arrives, also where something else waits for the platform."""

import re
import smtplib
from datetime import timedelta

import pytest
from django.core import mail

from portal.conferences.audience.services import invite, moderators
from portal.conferences.mails import services as mails
from portal.conferences.mails.services import lost
from portal.conferences.models import Attendee, Invitation, Registration
from portal.conferences.people.services import selection
from portal.conferences.schedule.services import cancel, schedule
from tests.factories import AccountFactory, ConferenceFactory
from tests.factories.rooms import furnish
from tests.integration.test_mail_people import accept
from tests.support.mails import address_of, send

pytestmark = pytest.mark.django_db
ANN, BOB = "ann@example.org", "bob@example.org"


@pytest.fixture(autouse=True)
def rooms(monkeypatch):
    furnish(monkeypatch)


@pytest.fixture
def row(staff_user):
    """A webinar with two who have their invitation."""
    made = ConferenceFactory(account=AccountFactory(platform="plenty"), title="Autumn tour")
    invite.send(made, selection.gather(f"{ANN}\n{BOB}"), by=staff_user)
    arrive()
    mail.outbox.clear()
    return made


def arrive():
    accept()
    send()


def move(row, by, **values):
    row.refresh_from_db()
    return schedule.reschedule(row, values, by, row.version, notify=True)


def later(row, hours=24):
    return row.starts_at + timedelta(hours=hours)


def text(body):
    """Without the links: a card shows none of a person."""
    return re.sub(r"/(join|answer)/[^/]+/", r"/\1/…/", body)


def as_shown(card):
    """Whether exactly those got a mail whom the card counts, and its sample is one of them."""
    arrive()
    found = {address_of(one): (one.subject, text(one.body)) for one in mail.outbox}
    assert len(mail.outbox) == card.count
    assert found[card.sample.to] == (card.sample.subject, card.sample.text)


def test_a_cancellation_speaks_of_the_time_that_people_know(row, staff_user):
    known = mails.news.when(row)
    move(row, staff_user, starts_at=later(row))
    row.refresh_from_db()
    card = mails.preview(row, "cancel")
    assert card.lines == [], "nobody hears of the time that never came"
    assert known in card.sample.text
    cancel.cancel(row, staff_user, notify=True)
    as_shown(card)


def test_a_second_change_joins_the_one_that_waits(row, staff_user):
    move(row, staff_user, starts_at=later(row))
    row.refresh_from_db()
    card = mails.preview(row, "reschedule", changes={"title": (row.title, "Winter tour")})
    assert [line.label for line in card.lines] == ["Title", "Time"], "they are one mail"
    move(row, staff_user, title="Winter tour")
    as_shown(card)


def test_what_waits_and_holds_no_more_is_not_shown(row, staff_user):
    move(row, staff_user, starts_at=later(row), title="Winter tour")
    row.refresh_from_db()
    changes = {"starts_at": (row.starts_at, later(row)), "title": ("Winter tour", "Spring tour")}
    card = mails.preview(row, "reschedule", changes=changes)
    move(row, staff_user, starts_at=later(row), title="Spring tour")
    as_shown(card)


def test_a_speaker_who_is_invited_too_reads_the_speakers_mail(row, staff_user):
    moderators.assign(
        row, email="dora@example.org", name="Dora Host", role="host", by=staff_user, notify=True
    )
    arrive()
    mail.outbox.clear()
    whom = selection.gather("Dora Host <dora@example.org>")
    rows = [
        Registration(
            conference=row,
            attendee=Attendee(email="dora@example.org", first_name="Dora", last_name="Host"),
        )
    ]
    card = mails.preview(row, "invite", registrations=rows)
    assert "You are one of those who run this webinar" in card.sample.text
    invite.send(row, whom, by=staff_user)
    as_shown(card)


def test_a_change_notice_that_perhaps_arrived_is_shown_before_it_is_sent_again(
    row, staff_user, monkeypatch
):
    def cut(*args):
        raise smtplib.SMTPServerDisconnected("gone")

    move(row, staff_user, starts_at=later(row))
    accept()
    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", cut)
        send()
    doubtful = Invitation.objects.filter(state="unknown").select_related("conference__account")
    assert doubtful.count() == 2
    card = mails.preview_queued(doubtful)
    assert [line.label for line in card.lines] == ["Time"]
    assert doubtful.count() == 2, "looking changes nothing"
    ids = list(doubtful.values_list("pk", flat=True))
    lost.settle_doubtful(ids, staff_user, arrived=False)
    as_shown(card)


def test_mails_that_have_nothing_to_say_any_more_are_not_counted(row, staff_user):
    move(row, staff_user, starts_at=later(row))
    Invitation.objects.filter(purpose="update").update(state="held")
    move(row, staff_user, starts_at=row.starts_at)
    waiting = Invitation.objects.filter(purpose="update", state__in=mails.UNSENT)
    card = mails.preview_queued(waiting.select_related("conference__account"))
    assert (card.count, card.sample) == (0, None)
    arrive()
    assert not mail.outbox
