"""What the worker does for people: mails that are due, long work of staff, numbers kept right."""

from celery import shared_task
from django.db import connection

from portal.conferences import tallies
from portal.conferences.audience.services import calendar_replies, places, registering
from portal.conferences.jobs import services as jobs
from portal.conferences.mails import services as mails
from portal.conferences.mails.services import bounces, reminders
from portal.conferences.schedule.services import room_dates, unsaved
from portal.platforms import generation


@shared_task(name="portal.conferences.tasks.send_mails")  # type: ignore[untyped-decorator]
def send_mails() -> int:
    """Send what is due; the message only notifies, and may be lost or doubled."""
    if not generation.tick():
        return 0  # the database was restored: the sync's clock puts what waits in doubt
    room_dates.move_on()
    reminders.queue_due()
    places.move_up_due()
    return mails.send_due()


@shared_task(name="portal.conferences.tasks.read_bounces")  # type: ignore[untyped-decorator]
def read_bounces() -> int:
    """Read which mails came back."""
    return bounces.read()


@shared_task(name="portal.conferences.tasks.read_replies")  # type: ignore[untyped-decorator]
def read_replies() -> int:
    """Read what calendars answer to invitations."""
    return calendar_replies.read() if generation.tick() else 0


@shared_task(name="portal.conferences.tasks.recount")  # type: ignore[untyped-decorator]
def recount() -> None:
    """Mend the numbers by which lists are sorted, should one of them have been missed, and tell the
    database what it holds."""
    tallies.recount()
    _analyse()


@shared_task(name=jobs.TASK)  # type: ignore[untyped-decorator]
def carry_out(job_id: int) -> None:
    """Do long work that staff asked for; doubled messages find that somebody is at it."""
    jobs.carry_out(job_id)


@shared_task(name="portal.conferences.tasks.enqueue_jobs")  # type: ignore[untyped-decorator]
def enqueue_jobs() -> None:
    """Enqueue long work that no worker is at."""
    jobs.enqueue_due()


@shared_task(name="portal.conferences.tasks.prune")  # type: ignore[untyped-decorator]
def prune() -> None:
    """Forget old jobs, what nobody confirmed or saved, and what no mail refers to any more."""
    jobs.prune()
    registering.prune()
    unsaved.prune()
    mails.forget_unused()


def _analyse() -> None:
    """Tell SQLite how its tables are filled, so that it chooses the right index; PostgreSQL looks
    by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit = 1000")
            cursor.execute("ANALYZE")
