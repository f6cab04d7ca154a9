"""What thousands are told is written part by part: nobody is lost, nobody hears twice, and
whatever happens in between comes to what it would have come to at once."""

import json
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import DataError, connection
from django.test.utils import CaptureQueriesContext

from portal.common import clock
from portal.conferences import tasks
from portal.conferences.audience import queries
from portal.conferences.audience.services import registrations
from portal.conferences.mails import services as mails
from portal.conferences.mails.services import announcing
from portal.conferences.models import Announcement, Invitation, Registration
from portal.conferences.schedule.services import cancel, schedule
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from portal.sync import restoring
from portal.sync.services import transfer
from tests.factories import (
    AccountFactory,
    ConferenceFactory,
    ModeratorFactory,
    RegistrationFactory,
)
from tests.support.mails import written_to

pytestmark = pytest.mark.django_db
THERE = "https://platform.example/room/1"
MANY = 7


@pytest.fixture(autouse=True)
def small(monkeypatch, settings, tmp_path):
    """More than two are many."""
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(announcing, "AT_ONCE", 2)
    monkeypatch.setattr(announcing, "give_way", lambda seconds: None)


@pytest.fixture
def staff(client_as):
    return client_as(roles.STAFF)


@pytest.fixture
def conference():
    return ConferenceFactory(title="First")


@pytest.fixture
def people(conference):
    """A speaker, and six who are registered; two of them were never written to."""
    speaker = ModeratorFactory(conference=conference, join_url=THERE)
    guests = [RegistrationFactory(conference=conference, join_url=THERE) for _ in range(MANY - 1)]
    mails.queue_invitations(conference, [speaker, *guests[2:]], None)
    assert tasks.send_mails() == MANY - 2
    mail.outbox.clear()
    return [speaker, *guests]


def accepted():
    """The platform takes all that it was asked for."""
    OutboxEntry.objects.all().delete()


def sent():
    """Address -> subjects of what a round of the mail worker has sent."""
    mail.outbox.clear()
    clock.advance(120)
    tasks.send_mails()
    return written_to()


def rename(conference, title, by):
    conference.refresh_from_db()
    schedule.reschedule(conference, {"title": title}, by, conference.version)


def everybody(people):
    return {getattr(one, "attendee", one).email for one in people}


def test_many_hear_once_and_the_pages_say_so_meanwhile(conference, people, staff, url):
    rename(conference, "Second", staff.user)
    one = Announcement.objects.get()
    assert (one.total, one.done, one.created_by) == (MANY, 0, staff.user)
    assert not Invitation.objects.filter(purpose="update").exists()
    page = staff.get(url("conference-mails", conference.pk)).content.decode()
    assert f"{MANY} more mails are being prepared" in page
    progress = queries.progress(conference)
    assert (progress.queued, progress.busy) == (MANY, True)
    accepted()
    found = sent()
    assert found.keys() == everybody(people)
    assert all(len(subjects) == 1 and "Second" in subjects[0] for subjects in found.values())
    assert not Announcement.objects.exists()
    assert (
        "being prepared" not in staff.get(url("conference-mails", conference.pk)).content.decode()
    )
    assert Invitation.objects.filter(purpose="update", created_by=staff.user).count() == MANY
    assert sent() == {}


def test_few_are_written_to_within_the_act(conference, staff_user):
    for _ in range(2):
        RegistrationFactory(conference=conference, join_url=THERE)
    rename(conference, "Second", staff_user)
    assert not Announcement.objects.exists()
    assert Invitation.objects.filter(state="waiting").count() == 2


@pytest.mark.parametrize("part", [1, 2, 3, 4])
def test_a_worker_that_dies_in_any_part_loses_nobody(
    conference, people, staff_user, monkeypatch, part
):
    cancel.cancel(conference, staff_user)
    real, written = announcing._write, []

    def write(*given):
        real(*given)
        written.append(given)
        if len(written) == part:
            raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(announcing, "_write", write)
        with pytest.raises(SystemExit):
            announcing.write_due()
    assert Announcement.objects.get().done == 2 * (part - 1)
    assert Invitation.objects.filter(purpose="cancel").count() == 2 * (part - 1)
    accepted()
    found = sent()
    assert {email: len(some) for email, some in found.items()} == dict.fromkeys(
        everybody(people), 1
    )


def test_what_cannot_be_written_keeps_no_other_mail_waiting(
    conference, people, staff_user, monkeypatch
):
    other = RegistrationFactory(join_url=THERE)
    cancel.cancel(conference, staff_user)
    mails.queue_invitations(other.conference, [other], None)
    accepted()

    def fails(*given):
        raise DataError

    with monkeypatch.context() as patch:
        patch.setattr(announcing, "_write", fails)
        assert sent().keys() == {other.attendee.email}
    assert sent().keys() == everybody(people)


def written_in_between():
    announcing.write_due()


def not_written():
    pass


BETWEEN = pytest.mark.parametrize("between", [written_in_between, not_written])


@BETWEEN
def test_two_changes_are_one_mail_with_the_first_and_the_last_value(
    conference, people, staff_user, between
):
    rename(conference, "Second", staff_user)
    between()
    rename(conference, "Third", staff_user)
    accepted()
    found = sent()
    assert {email: len(some) for email, some in found.items()} == dict.fromkeys(
        everybody(people), 1
    )
    for message in mail.outbox:
        assert "First" in message.body
        assert "Third" in message.body
        assert "Second" not in message.body


@BETWEEN
def test_what_is_changed_back_is_asked_of_nobody_and_told_nobody(
    conference, people, staff_user, between
):
    rename(conference, "Second", staff_user)
    between()
    conference.refresh_from_db()
    back = {"title": ("Second", "First")}
    assert mails.must_hear(conference, mails.Act.RESCHEDULE, changes=back) == []
    rename(conference, "First", staff_user)
    accepted()
    assert sent() == {}


@BETWEEN
def test_a_preview_says_what_the_mail_will_say(conference, people, staff_user, between):
    conference.refresh_from_db()
    rename(conference, "Second", staff_user)
    between()
    conference.refresh_from_db()
    later = conference.starts_at + timedelta(hours=1)
    changes = {"starts_at": (conference.starts_at, later)}
    found = mails.preview(conference, mails.Act.RESCHEDULE, changes=changes)
    assert found.count == MANY
    assert [line.name for line in found.lines] == ["title", "time"]
    assert found.lines[0].old == "First"


@BETWEEN
def test_who_was_never_written_to_reads_the_value_of_before_both_changes(
    conference, staff_user, between
):
    for _ in range(3):
        RegistrationFactory(conference=conference, join_url=THERE)
    rename(conference, "Second", staff_user)
    between()
    conference.refresh_from_db()
    changes = {"title": ("Second", "Third")}
    found = mails.preview(conference, mails.Act.RESCHEDULE, changes=changes)
    assert [(line.old, line.new) for line in found.lines] == [("First", "Third")]
    ends = mails.preview(conference, mails.Act.CANCEL).sample
    assert "First" in ends.subject, "what ends is what they know"
    rename(conference, "Third", staff_user)
    accepted()
    assert len(sent()) == 3
    assert all("First" in message.body for message in mail.outbox)


@BETWEEN
def test_a_cancellation_leaves_nothing_of_the_change_before(
    conference, people, staff_user, between
):
    rename(conference, "Second", staff_user)
    between()
    conference.refresh_from_db()
    cancel.cancel(conference, staff_user)
    accepted()
    found = sent()
    assert found.keys() == everybody(people)
    assert Invitation.objects.filter(purpose="update", state="sent").count() == 0
    assert Invitation.objects.filter(purpose="cancel", state="sent").count() == MANY


@BETWEEN
def test_who_is_withdrawn_meanwhile_hears_of_that_alone(conference, people, staff_user, between):
    rename(conference, "Second", staff_user)
    between()
    leaves = people[-1]
    registrations.withdraw(conference, [leaves.pk], staff_user, notify=False)
    accepted()
    assert sent().keys() == everybody(people[:-1])


def test_who_is_no_longer_here_is_passed_over(conference, people, staff_user):
    rename(conference, "Second", staff_user)
    Registration.objects.filter(pk=people[-1].pk).delete()
    accepted()
    assert sent().keys() == everybody(people[:-1])


def test_a_cancellation_that_is_taken_back_is_told_nobody(conference, people, staff_user):
    cancel.cancel(conference, staff_user)
    conference.refresh_from_db()
    conference.removed_at = None
    conference.save()
    assert mails.tell_after_all(conference, staff_user, mails.Telling()) == 0
    accepted()
    assert sent() == {}


def test_what_is_announced_goes_along_where_a_webinar_is_moved(conference, people, staff_user):
    rename(conference, "Second", staff_user)
    conference.refresh_from_db()
    made = transfer.move(conference, AccountFactory(), staff_user, notify=False)
    accepted()
    Registration.objects.update(registered_at=clock.now(), join_url=THERE)
    assert sent().keys() == everybody(people)
    assert set(Invitation.objects.values_list("conference", flat=True)) == {made.pk}


def test_after_a_restore_nobody_knows_whom_it_has_reached(
    conference, people, staff_user, settings, tmp_path
):
    settings.GENERATION_FILE = str(tmp_path / "generation.json")
    rename(conference, "Second", staff_user)
    assert mails.unwritten() == MANY
    restoring.after_restore()
    accepted()
    assert sent() == {}
    assert Invitation.objects.filter(purpose="update", state="unknown").count() == MANY


def test_that_nobody_writes_them_is_said(conference, people, staff_user, clock):
    rename(conference, "Second", staff_user)
    clock.advance(14 * 60)
    assert mails.trouble(conference) == ""
    clock.advance(2 * 60)
    assert "16 minutes" in mails.trouble(conference)
    assert "16 minutes" in mails.trouble()


def test_nothing_is_announced_where_nobody_is_to_hear(conference, people, staff_user):
    conference.refresh_from_db()
    schedule.reschedule(conference, {"title": "Second"}, staff_user, conference.version, False)
    conference.refresh_from_db()
    cancel.cancel(conference, staff_user, notify=False)
    accepted()
    assert sent() == {}
    assert not Announcement.objects.exists()


@pytest.mark.parametrize("act", ["cancel", "change", "change again"])
def test_an_act_and_a_part_cost_the_same_for_any_number(staff, url, monkeypatch, act):
    monkeypatch.setattr(announcing, "AT_ONCE", 20)
    acts, parts = [], []
    for number in (60, 240):
        row = ConferenceFactory(title="First")
        guests = [RegistrationFactory(conference=row, join_url=THERE) for _ in range(number)]
        mails.queue_invitations(row, guests, None)
        Invitation.objects.update(state="sent", subject="x")
        if act == "change again":
            rename(row, "Second", staff.user)
            announcing.write_due()
        with CaptureQueriesContext(connection) as counted:
            if act == "cancel":
                cancel.cancel(row, staff.user)
            else:
                rename(row, "Third", staff.user)
        acts.append(len(counted))
        with CaptureQueriesContext(connection) as counted:
            announcing.write_due()
        parts.append((len(counted), number // 20))
    assert acts[1] <= acts[0], acts
    assert parts[1][0] - parts[0][0] <= 10 * (parts[1][1] - parts[0][1]), parts


@pytest.mark.django_db(transaction=True)
def test_two_workers_write_each_part_once(conference, staff_user):
    for _ in range(MANY):
        RegistrationFactory(conference=conference, join_url=THERE)
    cancel.cancel(conference, staff_user)
    start = threading.Barrier(3)

    def work():
        start.wait(20)
        try:
            announcing.write_due()
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert Invitation.objects.count() == MANY
    assert Invitation.objects.values("registration").distinct().count() == MANY
    assert not Announcement.objects.exists()


def test_an_announcement_keeps_ids_alone(conference, people, staff_user):
    rename(conference, "Second", staff_user)
    kept = Announcement.objects.get().people
    assert kept[0] == ["moderator", people[0].pk]
    assert kept[1:] == [["registration", one.pk] for one in people[1:]]
    assert "@" not in json.dumps(kept)
