"""Read one listing and act on it: news into our rows, wishes into the outbox."""

import logging

from django.db import DataError, IntegrityError

from integrations.base.errors import RecordNotFound
from integrations.base.records import PARENTS, Kind
from portal.conferences.models import Attendee
from portal.outbox import services as outbox
from portal.sync import brake, sweeps
from portal.sync.apply import apply
from portal.sync.plan import plan, plan_unlisted
from portal.sync.scope import Scope
from portal.sync.steps import WISHES, Do, Step
from portal.sync.sweeps import Sweep
from portal.sync.work import Work

HAVE_LISTS = frozenset(PARENTS.values())
logger = logging.getLogger(__name__)


def look(work: Work, scope: Scope) -> None:
    """Read one listing and act on it; our own wishes are left in the outbox."""
    if scope.can.list.offered:
        sweep = sweeps.read(work.adapter, scope.kind, scope.parent_id)
        if sweep.orphaned and _gone_meanwhile(work, scope):
            return
        for external_id, record in sweep.records.items():
            work.observed.note(record, sweep.asked[external_id])
        if sweep.accepted:
            _miss(work, scope, sweep)
        steps = plan(scope, sweep)
        if sweep.why_not:
            work.trouble(f"The list of {scope.kind}s could not be trusted: {sweep.why_not}.")
        elif not any(step.do is Do.HOLD for step in steps):
            brake.let_go(work, scope)
    else:
        steps = plan_unlisted(scope)
    for step in steps:
        if step.do not in WISHES:
            _news(work, scope, step)
    _wish(work, scope, [step for step in steps if step.do in WISHES])


def _miss(work: Work, scope: Scope, sweep: Sweep) -> None:
    """Remember which of those that have lists of their own a complete listing has not shown."""
    if scope.kind in HAVE_LISTS:
        links = (link for link in scope.links if link.external_id not in sweep.records)
        work.missed.update(link.pk for link in links)


def _gone_meanwhile(work: Work, scope: Scope) -> bool:
    """Whether what a list belongs to was removed there after this run had seen it: then the list
    has nothing to say, and the next listing of its kind says what has become of it."""
    parent = scope.parent
    if parent is None or parent.external_id is None:
        return False
    kind = Kind(parent.kind)
    can, above = work.adapter.capabilities.kind(kind), parent.parent
    if can.get.offered:
        try:
            work.adapter.get(kind, parent.external_id, above.external_id if above else None)
        except RecordNotFound:
            work.missed.add(parent.pk)
        return parent.pk in work.missed
    again = sweeps.read(work.adapter, kind, above.external_id if above else None)
    if again.accepted and parent.external_id not in again.records:
        work.missed.add(parent.pk)
    return parent.pk in work.missed


def _news(work: Work, scope: Scope, step: Step) -> None:
    if step.do is Do.HOLD:
        brake.pull(work, scope, step)
        return
    if step.do is Do.NAMELESS:
        work.nameless += 1
        return
    try:
        if not work.dry_run and not apply(work, step, scope.parent):
            return
    except (ValueError, DataError, IntegrityError) as error:
        logger.warning("%s %s cannot be kept: %s", step.kind, step.title, type(error).__name__)
        work.trouble(_not_kept(step, work.platform))
        return
    work.note(step)


def _not_kept(step: Step, platform: str) -> str:
    """Why news of a record cannot be written here; of a shared address, what can be done."""
    taken = step.fields.get("email", [None, None])[1]
    others = Attendee.objects.filter(email=str(taken or "").lower())
    if step.kind is Kind.ATTENDEE and step.row is not None and taken and others.exists():
        return (
            f"{step.title} has the address {taken} on {platform}, which is another person's here. "
            "Give one of them another address there: then the next sync settles it."
        )
    return f"{step.title or step.kind} on {platform} cannot be kept here."


def _wish(work: Work, scope: Scope, steps: list[Step]) -> None:
    """Make sure that each wish stands in the outbox; close what failed and agrees by now."""
    if work.dry_run:
        for step in steps:
            work.note(step)
        return
    ids = [step.row.pk for step in steps]
    if ids:
        with work.lease.commit():
            outbox.ensure(work.account, scope.kind, ids)
    if work.failed is None:
        work.failed = outbox.failed_pushes(work.account.pk)
    failed = [pk for kind, pk in work.failed if kind == scope.kind]
    agreed = [pk for pk in failed if pk in scope.rows and pk not in ids]
    if agreed:
        with work.lease.commit():
            outbox.close_older(work.account.pk, scope.kind, agreed)
