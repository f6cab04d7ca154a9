"""Two workers, two presses, and whoever cancels, at the same moment, each with a connection."""

import threading

import pytest
from django.db import connection, transaction

from portal.common.batches import PART
from portal.common.errors import NotPossible
from portal.conferences import tasks
from portal.conferences.audience.services import invite
from portal.conferences.jobs import services
from portal.conferences.models import Change, Invitation, Job
from portal.conferences.people.services.selection import gather
from portal.outbox.models import OutboxEntry
from tests.factories import ConferenceFactory
from tests.support.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 3 * PART


@pytest.fixture
def conference():
    return ConferenceFactory(registration_enabled=True)


def ask(conference, by, token=""):
    text = "\n".join(f"p{n}@example.com" for n in range(MANY))
    plan = invite.plan(conference, gather(text))
    return services.invite(conference, plan, invite.How(by), token=token)


def test_two_workers_do_each_part_once(conference, staff_user):
    job = ask(conference, staff_user)
    assert at_once(*[lambda: tasks.carry_out(job.pk)] * 3) == [None] * 3
    job.refresh_from_db()
    assert (job.state, job.fence, job.counts["registered"]) == (Job.State.DONE, 1, MANY)
    assert conference.registrations.count() == Invitation.objects.count() == MANY
    assert OutboxEntry.objects.filter(kind="registration").count() == MANY


def test_a_double_click_is_one_job(conference, staff_user):
    jobs = at_once(*[lambda: ask(conference, staff_user, "form")] * 3)
    assert len({job.pk for job in jobs}) == Job.objects.count() == 1


def test_a_cancellation_waits_for_the_part_and_ends_the_rest(conference, staff_user, monkeypatch):
    """The part that is under way is kept whole; what the page says afterwards is true."""
    job = ask(conference, staff_user)
    real, inside, cancelling = invite.send_part, threading.Event(), threading.Event()

    def part(*given):
        inside.set()
        cancelling.wait(20)
        return real(*given)

    monkeypatch.setattr(invite, "send_part", part)

    def locking(execute, sql, *rest):
        """The part goes on when what cancels asks for the row, which is locked until its end."""
        if sql.startswith("BEGIN") or "FOR UPDATE" in sql:
            threading.Timer(0.3, cancelling.set).start()
        return execute(sql, *rest)

    def cancel():
        inside.wait(20)
        with connection.execute_wrapper(locking):
            services.cancel(Job.objects.get(), staff_user)

    assert at_once(lambda: tasks.carry_out(job.pk), cancel) == [None, None]
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED
    assert conference.registrations.count() == job.done == job.counts["registered"]
    assert job.done < MANY
    said = {str(line) for line in Change.objects.filter(kind="conference")}
    assert f"Cancelled inviting: {MANY - job.done} people were not invited" in said


def test_two_cancel_it_once(conference, staff_user):
    job = ask(conference, staff_user)
    found = at_once(*[lambda: services.cancel(job, staff_user)] * 2)
    assert sorted(type(one).__name__ for one in found) == ["NoneType", "NotPossible"]
    assert isinstance(next(one for one in found if one), NotPossible)
    assert Change.objects.filter(action="cancelled").count() == 1


def test_a_part_and_an_edit_of_the_webinar_do_not_lock_each_other(conference, staff_user):
    """Both take the job's row, or none, before the webinar's."""
    job = ask(conference, staff_user)

    def edits():
        for _ in range(10):
            with transaction.atomic():
                row = invite.locked(conference)
                row.title += "!"
                row.save()

    assert at_once(lambda: tasks.carry_out(job.pk), edits) == [None, None]
    job.refresh_from_db()
    assert job.state == Job.State.DONE
