"""How far long work has come, for pages."""

from datetime import timedelta

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import QuerySet

from portal.common import clock
from portal.conferences.jobs.services import LEASE
from portal.conferences.models import AttendeeGroup, Conference, Job
from portal.conferences.models.job import OPEN


def jobs() -> QuerySet[Job]:
    """Jobs without the people that are still to be done."""
    return Job.objects.defer("people").select_related("conference", "asked_by", "ended_by")


def asked(token: str | None, by: User | AnonymousUser) -> Job | None:
    """The job that a form has led to already."""
    if not token or not token.isprintable() or by.pk is None:
        return None
    return jobs().filter(token=token, asked_by=by.pk).first()


def running(conference: Conference) -> Job | None:
    """What goes on with the people of a webinar, the oldest of it."""
    return jobs().filter(conference=conference, state__in=OPEN).order_by("pk").first()


def running_imports() -> Job | None:
    """The oldest import that goes on."""
    return jobs().filter(what=Job.What.IMPORT, state__in=OPEN).order_by("pk").first()


def running_into(group: AttendeeGroup) -> Job | None:
    """What goes on with the members of a group, the oldest of it."""
    return jobs().filter(arguments__group=group.pk, state__in=OPEN).order_by("pk").first()


def time_left(job: Job) -> timedelta | None:
    """How long the rest takes at its own pace so far; None where nobody can know."""
    if not job.open or not job.done or job.started_at is None or job.moved_at is None:
        return None
    taken = job.moved_at - job.started_at
    return taken * (job.total - job.done) / job.done


def stands_still(job: Job) -> bool:
    """Whether nothing has happened for longer than it should take until a worker is at it."""
    since = job.moved_at or job.started_at or job.created_at
    return job.open and clock.now() > since + LEASE
