"""Write the platforms' news into our rows. It must not know the outbox: news never echoes.

Each step is one short transaction, committed only while the lease is ours.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from integrations.base.records import PARENTS, Fields, Kind, Record
from portal.common import clock
from portal.conferences import history
from portal.conferences.mails import queries as written_to
from portal.conferences.schedule.services import platform_changes
from portal.sync import compare
from portal.sync.binding import bind, brought, differ, doubt, first_bases, meets, said
from portal.sync.fresh import overtaken
from portal.sync.kinds import KINDS
from portal.sync.models import Conflict, PlatformLink
from portal.sync.steps import Do, Step
from portal.sync.work import Work

State, Op = PlatformLink.State, PlatformLink.Op


def apply(work: Work, step: Step, parent: PlatformLink | None) -> bool:
    """Carry out one step of news; False where a person was quicker: the next listing sees both."""
    with work.lease.commit():
        if overtaken(step):
            return False
        NEWS[step.do](work, step, parent)
    return True


def _import(work: Work, step: Step, parent: PlatformLink | None) -> None:
    mirror, record = KINDS[step.kind].mirror, _record(step)
    told = replace(record, fields=said(work, record))
    step.row = mirror.make(work.account, parent.local_id if parent else None, told)
    if _met_already(work, step):
        step.do = Do.EXTRA
        _extra(work, step, parent)
        return
    step.link = _new_link(work, step, parent)
    bases = first_bases(work, mirror, mirror.read(step.row), record)
    step.link.base_ours, step.link.base_theirs = bases
    _remember(step)
    mirror.learn(step.row, record)
    _history(work, step, "found there")


def _new_link(work: Work, step: Step, parent: PlatformLink | None) -> PlatformLink:
    """A link for a row and a record that meet. The record's old one belonged to a row that was
    deleted here outright."""
    external_id = _record(step).external_id
    if external_id:
        old = PlatformLink.objects.filter(account=work.account, kind=step.kind)
        old.filter(external_id=external_id).delete()
    return PlatformLink(account=work.account, kind=step.kind, local_id=step.row.pk, parent=parent)


def _met_already(work: Work, step: Step) -> bool:
    """Whether the row has its record: somebody who was merged is known by two addresses."""
    if "email" not in KINDS[step.kind].mirror.needed:
        return False
    links = PlatformLink.objects.filter(account=work.account, kind=step.kind)
    return links.filter(local_id=step.row.pk).exists()


def _take(work: Work, step: Step, parent: PlatformLink | None) -> None:
    mirror, link, merged = KINDS[step.kind].mirror, _link(step), step.merged
    assert merged is not None  # noqa: S101 - a TAKE is made from a comparison
    kept = {clash.name for clash in merged.clashes if _kept(step, clash)}
    step.fields = {name: pair for name, pair in step.fields.items() if name not in kept}
    mirror.write(step.row, {name: v for name, v in merged.take.items() if name not in kept})
    ours = mirror.read(step.row)
    if step.kind is Kind.CONFERENCE:
        platform_changes.keep(step.row, _known_to_people(step), work.source)
    for name, theirs in merged.take.items():
        merged.base_ours[name] = ours.get(name)
        merged.base_theirs[name] = theirs
    for clash in merged.clashes:
        _clash(work, step, clash)
    if "email" in step.fields:
        _readdressed(work, step)
    _agree(work, step, parent)
    if step.fields or not kept:
        _history(work, step, "changed there")
    _answered(link, Conflict.Sort.GONE)


def _kept(step: Step, clash: compare.Clash) -> bool:
    """Whether ours stays in use though the platform takes no change of it."""
    return clash.refused and clash.name in KINDS[step.kind].mirror.ours_if_refused


def _over(registration: Any) -> bool:
    end = registration.conference.over_at
    return end is not None and end <= clock.now()


def _stands_there(work: Work, person_id: int) -> bool:
    people = PlatformLink.objects.filter(account=work.account, kind=Kind.ATTENDEE)
    return people.filter(local_id=person_id).exclude(external_id=None).exists()


def _readdressed(work: Work, step: Step) -> None:
    """Somebody has another address now, and was written to at the old one: staff say whether the
    invitation follows. Back at an address that was written to, there is nothing to ask."""
    link, (old, new) = _link(step), step.fields["email"]
    _answered(link, Conflict.Sort.ADDRESS, "changed again")
    speaks = step.kind is Kind.MODERATOR
    missed = written_to.speaker_missed if speaks else written_to.missed
    never = work.account.changes_there == work.account.ChangesThere.NEVER
    if step.kind in (Kind.ATTENDEE, Kind.MODERATOR) and not never and missed(step.row):
        Conflict.objects.create(
            account=work.account,
            link=link,
            kind=step.kind,
            local_id=link.local_id,
            sort=Conflict.Sort.ADDRESS,
            ours=old,
            theirs=new,
            at=clock.now(),
            sentence=f"{step.title}: the address was changed from {old} to {new} on "
            f"{work.platform}. The invitation went to another one so far."[:500],
        )


def _known_to_people(step: Step) -> Fields:
    """What held before their change, of the fields on which both had agreed. An edit of ours that
    theirs overruled never came true, so people know what held before it; where nothing held (our
    create was lost, and changed there before we looked), they know of nothing."""
    link = _link(step)
    ours = {name: pair[0] for name, pair in step.fields.items()}
    ours |= {clash.name: clash.base for clash in step.merged.clashes} if step.merged else {}
    agreed = link.base_theirs.keys() & link.base_ours.keys()
    return {name: ours[name] for name in ours.keys() & agreed}


def _agree(work: Work, step: Step, parent: PlatformLink | None) -> None:
    link = _link(step)
    if step.merged is not None:
        ours = {n: v for n, v in step.merged.base_ours.items() if n not in step.merged.take}
        reached = {n: [link.base_ours[n], v] for n, v in ours.items() if n in link.base_ours}
        link.base_ours, link.base_theirs = step.merged.base_ours, step.merged.base_theirs
        _reached(work, step, {n: pair for n, pair in reached.items() if pair[0] != pair[1]})
    link.misses, link.unlisted = 0, False
    _remember(step)
    KINDS[step.kind].mirror.learn(step.row, _record(step))


def _reached(work: Work, step: Step, fields: dict[str, list[Any]]) -> None:
    """What we had still to send stands there: its answer was lost, or others set the same."""
    if not fields or not compare.GUARDS.lost_answers_are_told:
        return
    names = ", ".join(sorted(fields))
    _history(
        work,
        replace(step, fields=fields),
        "changed there",
        [f"update {step.kind}"],
        f"{step.title}: {work.platform} holds ours by now ({names}). The answer to sending it was "
        "lost, or others have set the same there.",
    )


def _adopt(work: Work, step: Step, parent: PlatformLink | None) -> None:
    """Bind a record to the row that it is: one that we made, or one that we have too."""
    mirror, record = KINDS[step.kind].mirror, _record(step)
    sent: Fields = {}
    met, awaited = meets(step.link, record), bool(step.link and step.link.op)
    came_along = step.link is not None and step.link.brought
    restored = step.link is not None and step.link.restored(step.row)
    others_made = _made_by_others(work, step)
    if step.link is not None and step.link.state in (State.GONE, State.DELETED):
        _here_again(work, step)
    if step.link is None:
        step.link = _new_link(work, step, parent)
    elif step.link.op or came_along:
        sent = step.link.op_sent
    else:
        sent = step.link.base_ours
    before = step.link.base_ours
    bind(work, step.link, sent, record)
    if came_along:
        brought(work, step.link, mirror, mirror.read(step.row), record)
    elif met and mirror.agrees_to_differ:
        differ(work, step.link, mirror, mirror.read(step.row), before, record)
    elif awaited and not record.marker:
        doubt(work, step.link, record)
    _remember(step)
    if others_made and getattr(step.row, "removed_at", None):
        _here_again(work, step)
    if step.row is not None:
        mirror.learn(step.row, record)
    _answered(step.link, Conflict.Sort.WHICH, "found")
    if awaited and step.row is not None and compare.GUARDS.lost_answers_are_told:
        _history(
            work,
            replace(step, fields={n: [None, v] for n, v in sent.items()}),
            "created there",
            [f"create {step.kind}"],
            f"{step.row} was created on {work.platform}. "
            f"{'The backup did not know of it' if restored else 'The answer was lost'}; it was "
            "found by looking, and was not made a second time.",
        )


def _made_by_others(work: Work, step: Step) -> bool:
    """Whether ours never reached the platform, which shows somebody told by an address: what was
    taken off here before it was sent is not what stands there."""
    unsent = step.link is None or not (step.link.op or step.link.made)
    return unsent and work.adapter.capabilities.kind(step.kind).unique_key


def _anew(work: Work, step: Step, parent: PlatformLink | None) -> None:
    """Under its old id, but not what we deleted: a person is told by their address."""
    _here_again(work, step)
    _answered(_link(step), Conflict.Sort.DELETE)
    _agree(work, step, parent)


def _here_again(work: Work, step: Step) -> None:
    """Others have put back there what was removed: it is no news of the record that was."""
    if getattr(step.row, "removed_at", None):
        step.row.removed_at = None
        step.row.save(update_fields=["removed_at", "updated_at"])
        if step.kind is Kind.CONFERENCE:
            platform_changes.keep(step.row, {platform_changes.CANCELLED: True}, work.source)
    _back(work, step, None)


def _back(work: Work, step: Step, parent: PlatformLink | None) -> None:
    link = _link(step)
    link.state, link.misses, link.unlisted = State.LIVE, 0, False
    link.save()
    _mark_gone(step.row, None)
    _answered(link, Conflict.Sort.GONE)
    _history(work, step, "back there")


def _answered(link: PlatformLink, sort: str, how: str = "back again") -> None:
    """What was asked about a record has answered itself."""
    link.conflicts.filter(sort=sort, resolved_at=None).update(
        resolved_at=clock.now(), resolution=how
    )


def _mark_gone(row: Any, moment: datetime | None) -> None:
    """A person stays a person, whichever platform still knows them: their row has no such mark."""
    if hasattr(row, "gone_at"):
        row.gone_at = moment
        row.save(update_fields=["gone_at", "updated_at"])


def _gone(work: Work, step: Step, parent: PlatformLink | None) -> None:
    link = _link(step)
    link.state, link.misses = State.GONE, link.misses + 1
    link.save()
    if step.row is None:
        return
    if getattr(step.row, "removed_at", None) is None:
        # A base may hold more than is read here: what was sent along for a person's sake.
        ours = KINDS[step.kind].mirror.read(step.row)
        edited = any(link.base_ours.get(name, ours[name]) != ours[name] for name in ours)
        words = " It had been edited here." if edited else ""
        _mark_gone(step.row, clock.now())
        if KINDS[step.kind].asked_when_gone:
            _conflict(work, step, Conflict.Sort.GONE, words)
    _history(work, step, "gone there")


def _edit_wins(work: Work, step: Step, parent: PlatformLink | None) -> None:
    """The delete is called off: the row stays, their edit is taken, staff are told."""
    step.row.removed_at = None
    step.row.save(update_fields=["removed_at", "updated_at"])
    _conflict(work, step, Conflict.Sort.DELETE)
    _take(work, step, parent)


def _twin(work: Work, step: Step, parent: PlatformLink | None) -> None:
    """A late double is reported and never imported; its link keeps it from being met as new."""
    original = _link(step)
    step.link = PlatformLink(
        account=work.account, kind=step.kind, local_id=None, parent=parent, state=State.TWIN
    )
    _remember(step)
    step.title = str(step.row or step.title)
    _conflict(work, step, Conflict.Sort.TWIN, local_id=original.local_id)


def _extra(work: Work, step: Step, parent: PlatformLink | None) -> None:
    """Another listing of a person whom we have already: known from now on, and nothing more."""
    step.link = PlatformLink(
        account=work.account, kind=step.kind, local_id=None, parent=parent, state=State.TWIN
    )
    _remember(step)


def _still(work: Work, step: Step, parent: PlatformLink | None) -> None:
    if not _link(step).conflicts.filter(sort=Conflict.Sort.DELETE).exists():
        _conflict(work, step, Conflict.Sort.DELETE)


def _miss(work: Work, step: Step, parent: PlatformLink | None) -> None:
    link = _link(step)
    link.misses, link.absent_at = link.misses + 1, clock.now()
    link.save(update_fields=["misses", "absent_at"])


def _unlisted(work: Work, step: Step, parent: PlatformLink | None) -> None:
    link = _link(step)
    link.misses, link.unlisted = 0, True
    link.save(update_fields=["misses", "unlisted"])


def _absent(work: Work, step: Step, parent: PlatformLink | None) -> None:
    link = _link(step)
    link.op_absences, link.absent_at = link.op_absences + 1, clock.now()
    link.save(update_fields=["op_absences", "absent_at"])
    _answered(link, Conflict.Sort.WHICH, "no longer there")


def _again(work: Work, step: Step, parent: PlatformLink | None) -> None:
    link = _link(step)
    link.op, link.op_sent, link.op_absences = Op.NONE, {}, 0
    link.save(update_fields=["op", "op_sent", "op_absences"])
    _answered(link, Conflict.Sort.WHICH, "no longer there")


def _ask(work: Work, step: Step, parent: PlatformLink | None) -> None:
    """Put the records of which one may be ours before staff; the newest list replaces an older.
    Where the list is empty, the absence that was counted stays so."""
    link = _link(step)
    link.op_absences = 0 if step.missing else link.op_absences
    link.save()
    asked = link.conflicts.filter(sort=Conflict.Sort.WHICH, resolved_at=None)
    if asked.update(theirs=step.missing, sentence=_question(work, step)):
        return
    _conflict(work, step, Conflict.Sort.WHICH)
    asked.update(ours=link.op_sent, theirs=step.missing)


def _equal(work: Work, step: Step, parent: PlatformLink | None) -> None:
    """Ours was never sent, as far as we know; yet the platform shows the very same. A database that
    was restored knows no better, so it is neither made nor taken for another before staff say."""
    step.link = step.link or PlatformLink(
        account=work.account, kind=step.kind, local_id=step.row.pk, parent=parent
    )
    step.link.op, step.link.op_at = Op.UNKNOWN, None
    step.link.op_sent = KINDS[step.kind].mirror.read(step.row)
    _ask(work, step, parent)


Handler = Callable[[Work, Step, PlatformLink | None], None]
NEWS: dict[Do, Handler] = {
    Do.IMPORT: _import,
    Do.TAKE: _take,
    Do.AGREE: _agree,
    Do.ADOPT: _adopt,
    Do.BACK: _back,
    Do.ANEW: _anew,
    Do.GONE: _gone,
    Do.TWIN: _twin,
    Do.EXTRA: _extra,
    Do.STILL: _still,
    Do.EDIT_WINS: _edit_wins,
    Do.MISS: _miss,
    Do.UNLISTED: _unlisted,
    Do.ABSENT: _absent,
    Do.AGAIN: _again,
    Do.ASK: _ask,
    Do.ASK_RESTORED: _ask,
    Do.ASK_MISSING: _ask,
    Do.EQUAL: _equal,
}


def _remember(step: Step) -> None:
    """Keep what the record shows beside its fields, and save the link."""
    link, record = _link(step), _record(step)
    link.external_id = record.external_id or link.external_id
    link.facts = link.facts | dict(record.facts)
    link.volatile = dict(record.volatile)
    if step.listed:
        link.listed, link.detailed_at = step.listed, clock.now()
    if record.marker and not link.marker and link.state != State.TWIN:
        link.marker = record.marker
    link.save()


def _clash(work: Work, step: Step, clash: compare.Clash) -> None:
    if not compare.GUARDS.keep_conflicts:
        return
    link, sort = _link(step), Conflict.Sort.REFUSED if clash.refused else Conflict.Sort.FIELD
    words = "cannot be told" if clash.refused else "was changed on both sides"
    if clash.name not in link.base_ours:
        words = "is not the same on both sides, and who changed it last is not known"
    outcome = f"The value of {work.platform} is used; ours is kept here."
    if kept := _kept(step, clash):
        if step.kind is Kind.REGISTRATION and (
            _over(step.row) or _stands_there(work, step.row.attendee_id)
        ):
            return  # it matters no more, or is said of the person, once for all they take part in
        outcome = f"{clash.theirs} still stands there, and a link that was sent there still opens. "
        outcome += f"{work.platform} keeps its own; ours is used here."
    Conflict.objects.create(
        account=work.account,
        link=link,
        kind=step.kind,
        local_id=link.local_id,
        sort=sort,
        field=clash.name,
        ours=clash.ours,
        theirs=clash.theirs,
        base=clash.base,
        winner="ours" if kept else "theirs",
        at=clock.now(),
        sentence=f"{step.title}: {clash.name} {words}. {outcome}",
    )


def _conflict(
    work: Work, step: Step, sort: str, words: str = "", local_id: int | None = None
) -> None:
    link = _link(step)
    Conflict.objects.create(
        account=work.account,
        link=link,
        kind=step.kind,
        local_id=local_id or link.local_id,
        sort=sort,
        at=clock.now(),
        sentence=_question(work, step, words),
    )


def _question(work: Work, step: Step, words: str = "") -> str:
    return str(step.shown(work.platform)["sentence"] + words)[:500]


def _history(
    work: Work, step: Step, action: str, calls: Sequence[str] = (), sentence: str = ""
) -> None:
    before = {name: pair[0] for name, pair in step.fields.items()}
    after = {name: pair[1] for name, pair in step.fields.items()}
    history.record(
        action,
        step.kind,
        step.row.pk,
        source=work.source,
        before=before,
        after=after,
        sentence=sentence or step.shown(work.platform)["sentence"],
        calls=calls,
        conference_id=conference_of(step),
    )


def conference_of(step: Step) -> int | None:
    """The conference in whose history a step belongs."""
    if step.kind is Kind.CONFERENCE:
        return int(step.row.pk)
    if PARENTS.get(step.kind) is Kind.CONFERENCE:
        return KINDS[step.kind].mirror.parent_of(step.row)
    return None


def _link(step: Step) -> PlatformLink:
    assert step.link is not None  # noqa: S101 - every step but an import comes with its link
    return step.link


def _record(step: Step) -> Record:
    assert step.record is not None  # noqa: S101 - news are told by a record
    return step.record
