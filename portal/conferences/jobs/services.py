"""Ask for long work, do it part by part, cancel it.

What is due stands in the database: a message only notifies a worker, and may be lost or doubled. A
worker holds a job by a lease that ends, and counts its fence up; each part is one short transaction
together with how far the job has come. Whoever lost the lease can commit nothing more.
"""

import logging
import time
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import User
from django.db import DatabaseError, DataError, IntegrityError, connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as NoBroker

from integrations.base.records import Kind as Synced
from portal.celery import app
from portal.common import clock
from portal.common.batches import PART
from portal.common.errors import NotPossible
from portal.common.texts import Text
from portal.conferences import history, sentences
from portal.conferences.audience.services import invite as inviting
from portal.conferences.audience.services import invite_series, invited_groups
from portal.conferences.jobs import kinds
from portal.conferences.models import AttendeeGroup, Conference, Job, Series
from portal.conferences.models.job import OPEN
from portal.conferences.people.services import groups, imports
from portal.conferences.people.services.selection import Selection
from portal.identity import roles
from portal.platforms import generation

AT_ONCE = 50  # so many people are done while somebody waits; more are a job
DATES_AT_ONCE = 4  # of a series, for so many people
LEASE = timedelta(seconds=60)  # far longer than one part takes
KEPT = timedelta(days=30)
MOST_PROBLEMS = 100  # people named of whom it could not be done; the rest is counted
TASK = "portal.conferences.tasks.carry_out"
logger = logging.getLogger(__name__)


class JobLost(Exception):
    """Another worker has it, or somebody has cancelled it: what was begun must not be kept."""


def invite(
    conference: Conference,
    plan: inviting.Plan,
    how: inviting.How,
    *,
    switch_on: bool = True,
    token: str = "",
) -> inviting.Done | Job:
    """Invite whom a plan names: at once, or by a job where they are many.

    Raises NotPossible, NotAllowed.
    """
    roles.require(how.by)
    some = inviting.wanted(plan, how)
    if len(some) <= AT_ONCE:
        return inviting.send(
            conference,
            some,
            by=how.by,
            note=how.note,
            mail=how.mail,
            again=how.again,
            register=how.register,
            switch_on=switch_on,
            groups=how.groups,
        )
    note = how.note[: inviting.NOTE_LENGTH]
    with transaction.atomic():
        inviting.begin(conference, how.by, switch_on)
        invited_groups.keep([conference], how.groups)
        return _ask(
            token,
            what=Job.What.INVITE,
            asked_by=how.by,
            conference=conference,
            arguments={
                "note": note,
                "mail": how.mail,
                "again": how.again,
                "register": how.register,
            },
            people=kinds.kept(some),
        )


def invite_to_series(
    series: Series,
    plan: invite_series.SeriesPlan,
    how: inviting.How,
    *,
    switch_on: bool = True,
    token: str = "",
) -> inviting.Done | Job:
    """Invite whom a plan names to its dates: at once, or by a job where it is much. Each person
    gets one message about all of them. Raises NotPossible, NotAllowed.
    """
    roles.require(how.by)
    some, how = invite_series.wanted(plan, how), invite_series.together(how)
    if not len(some):
        return inviting.Done()
    # Twice as many in two dates are as much.
    if len(some) * len(plan.dates) <= AT_ONCE * DATES_AT_ONCE and len(some) <= AT_ONCE:
        return invite_series.send(plan.dates, some, how, PART, switch_on=switch_on)
    note = how.note[: inviting.NOTE_LENGTH]
    with transaction.atomic():
        invite_series.begin(plan.dates, how.by, switch_on)
        invited_groups.keep(plan.dates, how.groups)
        return _ask(
            token,
            what=Job.What.INVITE,
            asked_by=how.by,
            conference=plan.dates[0],
            arguments={
                "note": note,
                "mail": how.mail,
                "again": how.again,
                "register": how.register,
                "series": series.pk,
                "dates": [date.pk for date in plan.dates],
                "together": str(how.together),
            },
            people=kinds.kept(some),
        )


def import_people(
    draft: imports.Draft, token: str, by: User, known: imports.Known
) -> imports.Result | Job:
    """Import the list of a preview: at once, or by a job where they are many.

    Raises NotPossible, NotAllowed.
    """
    roles.require(by)
    rows = imports.usable(draft)
    done: imports.Result | Job
    if len(rows) <= AT_ONCE:
        done = imports.apply(draft, by, known)
    else:
        with transaction.atomic():
            group = imports.group_of(draft, by)
            done = _ask(
                token,
                what=Job.What.IMPORT,
                asked_by=by,
                conference=Conference.objects.filter(pk=draft.conference_id or 0).first(),
                arguments={"group": group.pk if group else None, "known": known},
                people=kinds.kept_to_import(row.candidate for row in rows),
                counts={"left_out": len(draft.candidates) - len(rows)},
            )
    imports.keep_people(token, draft, imports.emails_of(rows))
    return done


def put_into(
    group: AttendeeGroup, some: Selection, by: User, token: str = ""
) -> tuple[int, int] | Job:
    """Put people into a group: at once, which answers how many joined and how many are new here,
    or by a job where they are many. Raises NotAllowed.
    """
    roles.require(by)
    groups.require_list(group)
    if len(some) <= AT_ONCE:
        return groups.add(group, some, by)
    with transaction.atomic():
        return _ask(
            token,
            what=Job.What.JOIN,
            asked_by=by,
            arguments={"group": group.pk, "name": group.name},
            people=kinds.kept(some),
        )


def _ask(token: str, *, people: list[Any], **given: Any) -> Job:
    """Keep a job and notify a worker after commit; one form that is sent twice is one job."""
    asked = {"people": people, "total": len(people), "created_at": clock.now(), **given}
    job, made = Job.objects.get_or_create(token=token or uuid4().hex, defaults=asked)
    if made:
        transaction.on_commit(lambda: enqueue(job.pk))
    return job


def enqueue(job_id: int) -> None:
    """Notify a worker; if that is lost, beat notices within a minute."""
    try:
        app.send_task(TASK, [job_id], retry=False, ignore_result=True)
    except (OSError, NoBroker):
        return


def enqueue_due() -> None:
    """Enqueue whatever no worker is at: a message was lost, or a worker died."""
    for job_id in Job.objects.filter(_free(clock.now())).values_list("pk", flat=True):
        enqueue(job_id)


def done_of(job: Job) -> inviting.Done:
    """What a job that invites has done so far."""
    names = ("registered", "asked", "again", "created", "mails")
    return inviting.Done(**{name: job.counts.get(name, 0) for name in names})


def result_of(job: Job) -> imports.Result:
    """What a job that imports has done so far."""
    names = ("created", "updated", "unchanged", "left_out", "joined")
    return imports.Result(**{name: job.counts.get(name, 0) for name in names}, group=group_of(job))


def joined_of(job: Job) -> tuple[int, int]:
    """How many a job has put into its group so far, and how many of them were new here."""
    return job.counts.get("joined", 0), job.counts.get("created", 0)


def group_of(job: Job) -> AttendeeGroup | None:
    """The group that a job puts people into, as long as there is one."""
    return AttendeeGroup.objects.filter(pk=job.arguments["group"] or 0).first()


def cancel(job: Job, by: User) -> None:
    """Do no more of it; what is done stays. Raises NotPossible where it had ended, NotAllowed."""
    roles.require(by)
    with transaction.atomic():
        row = _rows().filter(pk=job.pk, state__in=OPEN).first()
        if row is None:
            raise NotPossible(_("This had ended already. Nothing was cancelled."))
        if row.what == Job.What.INVITE and row.conference_id:
            history.record(
                "cancelled",
                Synced.CONFERENCE,
                row.conference_id,
                actor=by,
                conference_id=row.conference_id,
                sentence=sentences.INVITING_CANCELLED(count=row.total - row.done),
            )
        _end(row, Job.State.CANCELLED, by=by)


def stop_restored() -> int:
    """After a restore nobody knows how far anything had come: no job goes on by itself."""
    found = 0
    with transaction.atomic():
        for row in _rows().filter(state__in=OPEN):
            _end(row, Job.State.FAILED, sentences.JOB_RESTORED)
            found += 1
    return found


def prune() -> None:
    """Forget jobs that ended long ago; the history of changes is kept."""
    Job.objects.filter(ended_at__lt=clock.now() - KEPT).delete()


def carry_out(job_id: int) -> None:
    """What a worker does with a job that nobody is at: part by part, to its end."""
    if not generation.tick():
        return  # the database was restored: the sync's clock stops what waits
    job = _claim(job_id)
    if job is None:
        return
    try:
        _parts(job)
    except JobLost:
        return
    except Exception:
        # It goes on soon, from the part that was not kept.
        _mine(job).update(lease_until=clock.now())
        raise


def _free(moment: datetime) -> Q:
    """Jobs that no worker is at."""
    left = Q(lease_until=None) | Q(lease_until__lte=moment)
    return Q(state=Job.State.WAITING) | Q(left, state=Job.State.RUNNING)


def _claim(job_id: int) -> Job | None:
    """Take the job in one statement; None where another worker has it, or nothing is to be done."""
    moment = clock.database_now()
    taken = Job.objects.filter(_free(moment), pk=job_id).update(
        state=Job.State.RUNNING,
        fence=F("fence") + 1,
        lease_until=moment + LEASE,
        started_at=Coalesce(F("started_at"), moment),
    )
    # Nobody can claim between the two statements: the lease is ours.
    return Job.objects.select_related("conference__account").get(pk=job_id) if taken else None


def _parts(job: Job) -> None:
    while job.state == Job.State.RUNNING:
        # Asked anew each time: the right may be taken away while it goes on.
        by = User.objects.filter(pk=job.asked_by_id or 0, is_active=True).first()
        if by is None or not roles.may(by, roles.STAFF):
            _stop(job, sentences.JOB_RIGHT_GONE)
            break
        began = time.monotonic()
        try:
            _some(job, job.people[job.done : job.done + PART], by)
        except NotPossible as error:
            _stop(job, error.sentence)
            break
        _give_way(time.monotonic() - began)


def _give_way(seconds: float) -> None:
    """On SQLite one writer holds up all others, and who waits looks seldom: leave them as long."""
    if connection.vendor == "sqlite":
        time.sleep(min(seconds, 0.1))


def _some(job: Job, people: list[Any], by: User) -> None:
    """Do some people; one by one where they cannot be kept together, so that one who cannot be
    kept at all keeps nobody else out."""
    kind = kinds.KINDS[Job.What(job.what)]
    try:
        _keep(job, len(people), lambda: kind.part(job, people, by))
    except (NotPossible, JobLost):
        raise
    except Exception as error:
        if isinstance(error, DatabaseError) and not isinstance(error, IntegrityError | DataError):
            raise  # the database, not the people
        if len(people) == 1:
            logger.warning("job %s: one person left out: %s", job.pk, type(error).__name__)
            problem = (kind.name(people[0]), sentences.JOB_NOT_SAVED)
            _keep(job, 1, lambda: kinds.Part({}, (problem,)))
            return
        for one in people:
            _some(job, [one], by)


def _keep(job: Job, number: int, act: Any) -> None:
    """A part and how far the job has come with it, in one transaction."""
    with transaction.atomic():
        held = _mine(job).filter(state=Job.State.RUNNING, lease_until__gt=clock.now())
        row = held.select_for_update(of=("self",)).first()
        if row is None:
            raise JobLost
        part: kinds.Part = act()
        row.done += number
        row.counts = {
            name: row.counts.get(name, 0) + part.counts.get(name, 0)
            for name in (row.counts | part.counts)
        }
        if part.problems:
            row.counts["failed"] = row.counts.get("failed", 0) + len(part.problems)
            row.problems = [*row.problems, *map(list, part.problems)][:MOST_PROBLEMS]
        row.moved_at = clock.now()
        row.lease_until = row.moved_at + LEASE
        row.save(update_fields=["done", "counts", "problems", "moved_at", "lease_until"])
        if row.done >= row.total:
            _end(row, Job.State.DONE)
    job.done, job.state = row.done, row.state


def _stop(job: Job, why: Text | str) -> None:
    """It cannot go on: say why, and keep what is done."""
    with transaction.atomic():
        row = _mine(job).filter(state=Job.State.RUNNING).select_for_update(of=("self",)).first()
        if row is not None:
            _end(row, Job.State.FAILED, why)


def _end(row: Job, state: str, why: Text | str = "", by: User | None = None) -> None:
    """Whatever comes last, once, within a transaction that holds the row. Who was to be done is
    forgotten with it."""
    row.state, row.problem, row.ended_by, row.ended_at = state, why, by, clock.now()
    row.people, row.lease_until = [], None
    row.arguments = {name: one for name, one in row.arguments.items() if name != "note"}
    row.save(
        update_fields=[
            "state",
            "problem",
            "ended_by",
            "ended_at",
            "people",
            "lease_until",
            "arguments",
        ]
    )
    if dates := kinds.dates_of(row):
        how = kinds.how_of(row, row.asked_by)
        invite_series.record(dates, kinds.reached_at(row), how)
    elif row.what == Job.What.INVITE and row.conference:
        inviting.record(row.conference, done_of(row), row.asked_by)


def _mine(job: Job) -> Any:
    return Job.objects.defer("people").filter(pk=job.pk, fence=job.fence)


def _rows() -> Any:
    return Job.objects.defer("people").select_for_update(of=("self",)).order_by("pk")
