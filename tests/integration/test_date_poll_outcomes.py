"""What came of a date poll: what its page says, and what is told of it, and when."""

from datetime import timedelta

import pytest
from django.core import mail

from portal.common import clock
from portal.common.errors import NotPossible
from portal.conferences import tasks
from portal.conferences.mails.services import Telling, lost, polls
from portal.conferences.models import Change, Conference, DatePoll, Invitation
from portal.conferences.schedule.services import date_polls
from portal.identity import roles
from portal.outbox.models import PUSH, OutboxEntry
from portal.outbox.services import add
from tests.factories import ConferenceFactory, ModeratorFactory
from tests.factories.date_polls import date_poll, led_to

pytestmark = pytest.mark.django_db
ASKED = Telling(True)
State, Purpose, Outcome = Invitation.State, Invitation.Purpose, DatePoll.Outcome


@pytest.fixture
def staff(client_as):
    return client_as(roles.STAFF)


@pytest.fixture
def found(account):
    """A poll of which a webinar came; three people were asked, and nobody has heard of it."""
    poll = date_poll(account, telling=ASKED)
    sent()
    led_to(poll, ConferenceFactory(account=account, title="Dealers"))
    return poll


def sent():
    """The mails that leave now."""
    mail.outbox.clear()
    tasks.send_mails()
    return list(mail.outbox)


def refused(conference, state=OutboxEntry.State.FAILED):
    """The platform does not take a webinar."""
    add(conference.account, "conference", conference.pk)
    entry = OutboxEntry.objects.get(kind="conference", local_id=conference.pk, verb=PUSH)
    OutboxEntry.objects.filter(pk=entry.pk).update(state=state, problem="The title is too long.")
    entry.refresh_from_db()
    return entry


def tell(poll):
    return date_polls.tell_outcome(poll, ASKED, None, polls.newest(poll))


def change(poll, **values):
    Conference.objects.filter(pk=poll.conference_id).update(**values)
    poll.refresh_from_db()
    return poll


@pytest.mark.parametrize(
    ("made", "words", "subject"),
    [
        ({}, "The date is set", "The date is set: Dealers"),
        ({"starts_at": None}, "Scheduled without a date", "No fixed date: Briefing"),
        ({"removed_at": clock.now()}, "was cancelled", "It does not take place: Briefing"),
    ],
    ids=["date", "room", "cancelled"],
)
def test_the_page_and_the_mail_say_what_came_of_it(staff, found, url, made, words, subject):
    change(found, **made)
    assert words in staff.get(url("date-poll", found.pk)).content.decode()
    page = staff.get(url("date-poll-tell", found.pk)).content.decode()
    assert subject in page
    tell(found)
    assert all(subject in one.subject for one in sent())
    assert len(mail.outbox) == 3


def test_closed_by_hand_it_has_no_date(staff, account, url):
    poll = date_poll(account, telling=ASKED)
    date_polls.close(poll, Telling(False), None)
    assert "It was closed without a date" in staff.get(url("date-poll", poll.pk)).content.decode()


def test_of_a_webinar_whose_row_is_gone_the_page_says_so_and_nobody_is_told(staff, found, url):
    tell(found)
    Conference.objects.filter(pk=found.conference_id).delete()
    found.refresh_from_db()
    assert found.outcome == Outcome.DELETED
    text = staff.get(url("date-poll", found.pk)).content.decode()
    assert "its webinar is not in Lectern any more" in text
    assert "without a date" not in text
    assert "who have not heard" not in text
    assert sent() == [], "what waited would say that none was found"
    assert not date_polls.to_tell(found)
    with pytest.raises(NotPossible):
        tell(found)


def test_a_date_that_is_cancelled_before_it_is_told_is_not_told(found):
    tell(found)
    change(found, removed_at=clock.now() + timedelta(seconds=1))
    assert sent() == []
    assert set(Invitation.objects.filter(purpose="outcome").values_list("state", flat=True)) == {
        State.DROPPED
    }
    assert len(date_polls.to_tell(found)) == 3, "staff may still tell them that it is off"


def test_what_the_platform_has_not_taken_is_told_later_and_the_card_says_so(staff, found, url):
    add(found.account, "conference", found.conference_id)
    text = staff.get(url("date-poll-tell", found.pk)).content.decode()
    assert "3 people will be notified once ClickMeeting has the webinar as it stands here." in text
    assert "notified now" not in text
    OutboxEntry.objects.all().delete()
    text = staff.get(url("date-poll-tell", found.pk)).content.decode()
    assert "3 people will be notified now." in text


def test_outcomes_that_are_held_back_are_counted_wherever_somebody_can_tell_anyway(
    staff, found, url
):
    entry = refused(found.conference)
    tell(found)
    assert sent() == []
    assert lost.waiting_for(entry).count() == 3
    assert lost.waiting_counts([entry]) == {entry.pk: 3}
    counted = OutboxEntry.objects.annotate(mails=lost.waiting_number()).get(pk=entry.pk)
    assert counted.mails == 3
    assert "3 mails wait for this" in staff.get(url("attention")).content.decode()
    for page in (url("conference-mails", found.conference_id), url("date-poll", found.pk)):
        text = staff.get(page).content.decode()
        assert "3 mails held back" in text, page
        assert url("entry-tell", entry.pk) in text, page


def test_a_question_waits_for_no_platform_and_is_not_counted(account):
    poll = date_poll(account, telling=ASKED)
    draft = ConferenceFactory(account=account, draft=True)
    DatePoll.objects.filter(pk=poll.pk).update(conference=draft)
    entry = refused(draft)
    assert lost.waiting_counts([entry]) == {entry.pk: 0}
    assert not lost.waiting_for(entry).exists()
    assert len(sent()) == 3


def test_told_anyway_they_leave_with_those_of_the_webinar(staff, found, url):
    ModeratorFactory(
        conference=found.conference, email="hanna@example.org", join_url="https://x.test/"
    )
    host = found.conference.moderators.get()
    Invitation.objects.create(
        conference=found.conference,
        moderator=host,
        to_email=host.email,
        not_before=clock.now(),
        act="assign",
    )
    entry = refused(found.conference)
    tell(found)
    assert sent() == []
    page = staff.get(url("entry-tell", entry.pk)).content.decode()
    assert "Notify 4 people?" in page
    done = staff.post(url("entry-tell", entry.pk), {"tell": "yes", "note": "", "counted": "4"})
    assert done.status_code == 302
    assert len(sent()) == 4
    assert sent() == []
    told = Change.objects.filter(action="told anyway")
    assert set(told.values_list("kind", flat=True)) == {"conference", "date_poll"}


def test_outcomes_alone_are_told_anyway_too(staff, found, url):
    entry = refused(found.conference)
    tell(found)
    page = staff.get(url("entry-tell", entry.pk)).content.decode()
    assert "Notify 3 people?" in page
    assert "The date is set: Dealers" in page
    staff.post(url("entry-tell", entry.pk), {"tell": "yes", "note": "", "counted": "3"})
    assert len(sent()) == 3


def test_removed_on_the_platform_it_waits_until_somebody_decides(found):
    tell(found)
    change(found, gone_at=clock.now())
    assert sent() == []
    assert Invitation.objects.filter(purpose="outcome", state=State.WAITING).count() == 3
