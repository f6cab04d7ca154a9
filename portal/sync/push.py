"""Tell a platform what we wish: create, update, delete, and one-shot actions.

The intention is committed before a request leaves. What was not observed in this very run is
observed first. An unknown outcome is looked up, never repeated on doubt.
"""

import logging
import uuid
from contextlib import suppress
from typing import Any

from integrations.base.capabilities import KindCapability
from integrations.base.errors import (
    CredentialsRejected,
    PlatformUnavailable,
    RateLimited,
    RecordNotFound,
    RequestRejected,
    UnsupportedByPlatform,
)
from integrations.base.records import SECRET_FIELDS, Draft, Record
from portal.common import clock
from portal.conferences import history
from portal.sync import apply, compare
from portal.sync.binding import bind, bring_along, differ, not_brought
from portal.sync.mirrors.base import Mirror
from portal.sync.mirrors.conferences import fingerprint
from portal.sync.models import Conflict, PlatformLink
from portal.sync.scope import Scope
from portal.sync.steps import Do, Step
from portal.sync.work import Work

logger = logging.getLogger(__name__)
Op, State = PlatformLink.Op, PlatformLink.State
# After these a create surely made nothing.
NOT_MADE = (
    RequestRejected,
    PlatformUnavailable,
    RateLimited,
    CredentialsRejected,
    RecordNotFound,
    UnsupportedByPlatform,
)


def create(work: Work, scope: Scope, step: Step) -> None:
    """Make the row's record; `OutcomeUnknown` leaves the link in the state "checking"."""
    draft = _intend(work, scope, step)
    link = step.link
    assert link is not None  # noqa: S101 - made by _intend
    try:
        record = work.adapter.create(draft)
    except NOT_MADE:
        with work.lease.commit():
            link.op, link.op_sent = Op.NONE, {}
            link.save()
            not_brought(work, scope.mirror, step.row, link)
        raise
    except Exception:
        # Whatever else went wrong, it may stand there now.
        with work.lease.commit():
            link.op = Op.UNKNOWN
            link.save()
        raise
    with work.lease.commit():
        sent = link.op_sent
        _forget_namesake(work, link, record)
        bind(work, link, sent, record)
        if scope.mirror.agrees_to_differ:
            # Whoever was there already has a name there, and may have another here.
            differ(work, link, scope.mirror, sent, {}, record)
        _settle(work, scope, step, record, "created there", f"create {scope.kind}")


def _forget_namesake(work: Work, link: PlatformLink, record: Record) -> None:
    """A record told by an address has the id of the one that was lost: that one, which has no row
    here any more, is this one now."""
    if record.external_id:
        lost = PlatformLink.objects.filter(account=work.account, kind=link.kind, local_id=None)
        lost.filter(external_id=record.external_id).exclude(pk=link.pk).delete()


def _intend(work: Work, scope: Scope, step: Step) -> Draft:
    """Commit what is about to be sent, so that a crash leaves a trace to look for."""
    row, mirror = step.row, scope.mirror
    fields = {n: v for n, v in mirror.draft(row).items() if n in _creatable(scope)}
    link = step.link or PlatformLink(
        account=work.account, kind=scope.kind, local_id=row.pk, parent=scope.parent
    )
    if link.state != State.LIVE:
        # Somebody is put back: what was removed has nothing to do with what is made now.
        link.state, link.external_id, link.marker = State.LIVE, None, ""
        link.base_ours, link.base_theirs = {}, {}
    if scope.can.marked and not link.marker:
        link.marker = f"lx{uuid.uuid4().hex[:10]}"
    link.op, link.op_at, link.op_absences = Op.IN_FLIGHT, clock.now(), 0
    link.op_sent = as_sent(mirror, row, scope.can)
    step.link = link
    if compare.GUARDS.intent_before_create:
        with work.lease.commit():
            link.save()
            bring_along(work, mirror, row, link)
    return Draft(scope.kind, fields, scope.parent_id, link.marker if scope.can.marked else "")


def as_sent(mirror: Mirror, row: Any, can: KindCapability) -> dict[str, Any]:
    """What a create of the row sends, and all that it holds beside; secrets as fingerprints."""
    sent = can.sendable(on_update=False)
    fields = {name: value for name, value in mirror.draft(row).items() if name in sent}
    return _without_secrets(mirror.read(row) | fields)


def _creatable(scope: Scope) -> frozenset[str]:
    return scope.can.sendable(on_update=False)


def update(work: Work, scope: Scope, step: Step) -> None:
    """Send the changed fields, and those alone."""
    link, record = step.link, step.record
    assert link is not None  # noqa: S101 - an update has both
    assert record is not None  # noqa: S101 - an update has both
    ours, clear = scope.mirror.read(step.row), scope.mirror.draft(step.row)
    names = [name for name in step.fields if not _give_up(work, step, link, name, ours)]
    if not names:
        return
    if not compare.GUARDS.changed_fields_only:
        names = [n for n in ours if n in scope.can.sendable(on_update=True)]
    sent = [*names, *(scope.mirror.companions(set(names)) & clear.keys())]
    answer = work.adapter.update(record, {name: clear[name] for name in sent})
    shown = answer.fields if answer is not None else {}
    with work.lease.commit():
        for name in names:
            before = record.fields.get(name)
            link.flips = link.flips | {name: compare.flip(link.flips, name, ours[name], before)}
            link.base_ours = link.base_ours | {name: ours[name]}
            theirs = {n: v for n, v in link.base_theirs.items() if n != name}
            link.base_theirs = theirs | ({name: shown[name]} if name in shown else {})
        _settle(work, scope, step, answer, "changed there", f"update {scope.kind}")


def _give_up(work: Work, step: Step, link: PlatformLink, name: str, ours: dict[str, Any]) -> bool:
    """Stop pushing a value that something over there keeps undoing; staff are told once."""
    record = step.record
    before = record.fields.get(name) if record else None
    if not compare.frozen(link.flips, name, ours[name], before):
        return False
    work.kept_back.setdefault((step.kind, step.row.pk), {})[name] = _hidden(name, ours[name])
    if not link.conflicts.filter(sort=Conflict.Sort.FLIP, field=name, resolved_at=None).exists():
        with work.lease.commit():
            Conflict.objects.create(
                account=work.account,
                link=link,
                kind=step.kind,
                local_id=link.local_id,
                sort=Conflict.Sort.FLIP,
                field=name,
                ours=_hidden(name, ours[name]),
                theirs=before,
                at=clock.now(),
                sentence=f"{step.title}: {name} was sent to {work.platform} several times and "
                "is put back there each time. It is not sent any more until you choose.",
            )
    return True


def delete(work: Work, scope: Scope, step: Step) -> None:
    """Delete what staff want gone; a record that is gone already is done."""
    link = step.link
    assert link is not None  # noqa: S101 - a delete has one
    with suppress(RecordNotFound):
        work.adapter.delete(scope.kind, link.external_id or "", scope.parent_id)
    with work.lease.commit():
        link.state, link.op_at, link.misses = State.DELETED, clock.now(), 0
        _settle(work, scope, step, None, "deleted there", f"delete {scope.kind}")


def withdraw_old(work: Work, scope: Scope, step: Step) -> None:
    """Take off what stands there under an address that was corrected here. The row stays, and is
    put there anew; until it is, the platform has not accepted it."""
    link = step.link
    assert link is not None  # noqa: S101 - what is withdrawn has one
    with suppress(RecordNotFound):
        work.adapter.delete(scope.kind, link.external_id or "", scope.parent_id)
    work.observed.take_any(scope.kind, link.external_id or "")
    with work.lease.commit():
        not_brought(work, scope.mirror, step.row, link)
        link.state, link.op_at, link.misses = State.DELETED, clock.now(), 0
        step.row.join_url, step.row.registered_at = "", None
        step.row.save(update_fields=["join_url", "registered_at", "updated_at"])
        _settle(work, scope, step, None, "deleted there", f"delete {scope.kind}")


def deleted_by_others(work: Work, scope: Scope, step: Step) -> None:
    """What staff want gone was not there any more when it was asked for."""
    link = step.link
    assert link is not None  # noqa: S101 - what was asked for has one
    with work.lease.commit():
        link.state, link.op_at, link.misses = State.DELETED, clock.now(), 0
        link.save()
        history.record(
            "gone there",
            scope.kind,
            step.row.pk,
            source=work.source,
            sentence=f"{step.title} was not on {work.platform} any more.",
            conference_id=apply.conference_of(step),
        )


def upsert(work: Work, scope: Scope, step: Step) -> None:
    """For a kind that cannot be shown: say it again, which replaces what was said before."""
    link = step.link
    assert link is not None  # noqa: S101 - an update has one
    fields = {n: v for n, v in scope.mirror.draft(step.row).items() if n in _creatable(scope)}
    record = work.adapter.create(Draft(scope.kind, fields, scope.parent_id))
    with work.lease.commit():
        link.base_ours = scope.mirror.read(step.row)
        _settle(work, scope, step, record, "changed there", f"create {scope.kind}")


def _settle(
    work: Work, scope: Scope, step: Step, record: Record | None, action: str, call: str
) -> None:
    """After a success, inside its transaction: link, row, history, the run's report."""
    link = step.link
    assert link is not None  # noqa: S101 - what succeeded has one
    if record is not None:
        link.facts = link.facts | dict(record.facts)
        link.volatile = dict(record.volatile)
    link.save()
    if record is not None:
        scope.mirror.learn(step.row, record)
    before = {n: _hidden(n, p[0]) for n, p in step.fields.items()}
    after = {n: _hidden(n, p[1]) for n, p in step.fields.items()}
    words = {
        Do.CREATE: "was created on",
        Do.UPDATE: "was changed on",
        Do.DELETE: "was deleted on",
        Do.READDRESS: "was withdrawn at the old address on",
    }
    history.record(
        action,
        scope.kind,
        step.row.pk,
        source=work.source,
        before=before,
        after=after,
        sentence=f"{step.title} {words[step.do]} {work.platform}.",
        conference_id=apply.conference_of(step),
        calls=[call],
    )
    work.note(step)


def personal_link(work: Work, scope: Scope, row: Any) -> None:
    """Ask for a personal link that the create did not give us, or whose answer was lost."""
    person = row.attendee
    arguments = {"email": person.email, "name": person.name, "role": "listener"}
    if row.conference.password:
        arguments["password"] = row.conference.password
    answer = work.adapter.perform("join_link", scope.parent_id or "", arguments)
    with work.lease.commit():
        row.join_url = str(answer.get("join_url") or "")[:2000]
        row.registered_at = row.registered_at or clock.now()
        row.save(update_fields=["join_url", "registered_at", "updated_at"])


def _without_secrets(fields: dict[str, Any]) -> dict[str, Any]:
    return {n: fingerprint(v) if n in SECRET_FIELDS and v else v for n, v in fields.items()}


def _hidden(name: str, value: Any) -> Any:
    return "(not shown)" if name in SECRET_FIELDS and value else value
