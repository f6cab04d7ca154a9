"""Bind a link to its record: what both sides agree on from then."""

from typing import Any

from integrations.base.records import FIELDS, Fields, Kind, Record
from portal.sync import compare
from portal.sync.mirrors.base import Mirror
from portal.sync.models import PlatformLink
from portal.sync.work import Work

State, Op = PlatformLink.State, PlatformLink.Op


def meets(link: PlatformLink | None, record: Record) -> bool:
    """Whether row and record know nothing of each other: neither was made from the other."""
    if link is None:
        return True
    return not link.op and bool(link.external_id) and link.external_id != record.external_id


def said(work: Work, record: Record) -> dict[str, Any]:
    """A record's fields without what only stands for something missing."""
    none = work.adapter.placeholders(record.kind, record.fields)
    return {name: "" if name in none else value for name, value in record.fields.items()}


def first_bases(
    work: Work, mirror: Mirror, ours: Fields, record: Record
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both bases for a record and a row that meet for the first time. A name that only stands for
    a missing one is no name to take, yet it is what the record held."""
    base_ours, base_theirs = mirror.first_bases(ours, mirror.told(said(work, record)))
    return base_ours, {name: record.fields[name] for name in base_theirs}


def differ(
    work: Work, link: PlatformLink, mirror: Mirror, ours: Fields, before: Fields, record: Record
) -> None:
    """Agree on what either side holds at first sight. What was edited here since the last time
    that both agreed is still to be sent."""
    edited = {n: old for n, old in before.items() if n in ours and ours[n] != old}
    base_ours, base_theirs = first_bases(work, mirror, ours, record)
    link.base_ours = link.base_ours | base_ours | edited
    link.base_theirs = base_theirs | {n: v for n, v in record.fields.items() if n in edited}


def brought(work: Work, link: PlatformLink, mirror: Mirror, ours: Fields, record: Record) -> None:
    """Of what was not sent along, either side keeps what it holds at first sight."""
    base_ours, base_theirs = first_bases(work, mirror, ours, record)
    link.base_ours = base_ours | link.base_ours
    link.base_theirs = base_theirs | link.base_theirs


def bring_along(work: Work, mirror: Mirror, row: Any, made: PlatformLink) -> None:
    """With a create (`made`), before it leaves: what it says of somebody whom the platform has not
    shown us is the base of that person there, so that neither side's next correction looks like a
    first sight, whatever becomes of the answer. The first to bring somebody tells who they are."""
    along = mirror.brings(row)
    if along is None:
        return
    kind, local_id = along
    told = {name: made.op_sent[name] for name in FIELDS[kind] if name in made.op_sent}
    if len(told) < 2 or not work.adapter.capabilities.kind(kind).list.offered:
        return
    link = PlatformLink.objects.filter(account=work.account, kind=kind, local_id=local_id).first()
    link = link or PlatformLink(account=work.account, kind=kind, local_id=local_id)
    if link.op or link.awaited or (link.external_id is not None and link.state != State.GONE):
        return
    link.op_sent, link.op_at, link.op_absences = told, made.op_at, 0
    link.save()


def not_brought(work: Work, mirror: Mirror, row: Any, made: PlatformLink) -> None:
    """The create was refused: nobody came along with it."""
    along = mirror.brings(row)
    if along is None:
        return
    links = PlatformLink.objects.filter(account=work.account, kind=along[0], local_id=along[1])
    mine = links.filter(op="", op_at=made.op_at).exclude(op_sent={})
    mine.filter(external_id=None, base_ours={}).delete()
    mine.update(op_sent={})


def doubt(work: Work, link: PlatformLink, record: Record) -> None:
    """A record that is found after a create whose answer was lost may be somebody else's. Where it
    holds something else than we sent, nothing was agreed: theirs is taken, ours is kept."""
    sent = work.adapter.capabilities.kind(Kind(link.kind)).sendable(on_update=False)
    shown = {name: record.fields.get(name) for name in link.base_theirs}
    unlike = {n for n in sent & shown.keys() if link.base_theirs[n] != shown[n]}
    link.base_ours = {n: v for n, v in link.base_ours.items() if n not in unlike or not v}


def bind(work: Work, link: PlatformLink, sent: Fields, record: Record) -> None:
    """Set both bases after a create: what we sent, and what the platform made of it.

    A value that could not have come from ours was changed there since: its base stays what we
    expected, so that the next comparison takes it.
    """
    kind = Kind(link.kind)
    expected, shown = work.adapter.expected(kind, sent), record.fields
    one = [name for name in work.adapter.capabilities.kind(kind).together if name in shown]
    whole = set(one) if compare.one_resembles(one, expected, shown) else set()
    link.base_ours = dict(sent)
    link.base_theirs = {
        name: theirs
        if name in whole or compare.resembles(expected.get(name), theirs)
        else expected.get(name)
        for name, theirs in shown.items()
        if name in sent
    }
    link.op, link.op_sent, link.op_absences = Op.NONE, {}, 0
    link.state, link.misses = State.LIVE, 0
    link.external_id = record.external_id or link.external_id
