"""After a restore: what the database still means to do may have been done since the backup.

Nothing is repeated on doubt. Every account is paused until an administrator has looked; creates are
looked for before they are sent; of one-shot actions and mails nobody knows whether they left.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from integrations.base.records import PARENTS, Kind
from portal.common import clock
from portal.conferences.jobs import services as jobs
from portal.conferences.models import Invitation, Reminder
from portal.outbox.models import PUSH, SETTLED, OutboxEntry
from portal.platforms import generation
from portal.platforms.models import AccountRuntime, PlatformAccount
from portal.sync import kinds, sentences
from portal.sync.models import PlatformLink
from portal.sync.sending import as_sent

State = OutboxEntry.State
logger = logging.getLogger(__name__)
PAUSED, NOW_ASKS = sentences.RESTORED, sentences.RESTORED_ASKS
ACTION, MAIL = sentences.RESTORED_ACTION, sentences.RESTORED_MAIL
FENCES = 1_000_000  # further than any worker that outlived the restore can have come
UNSENT = ("waiting", "held", "sending")


@dataclass(frozen=True, slots=True)
class Restored:
    """How much there was to be doubted."""

    accounts: int
    creates: int
    actions: int
    mails: int


def noticed() -> bool:
    """Whether the database is older than what has happened; then everything is put in doubt.
    Call it before anything leaves."""
    if generation.tick():
        return False
    with transaction.atomic():
        if not generation.behind():
            return False  # another worker has drawn what follows, and accounts may run again
        found = after_restore()
    logger.error("the database is older than what has happened: it was restored. %s", found)
    return True


def after_restore() -> Restored:
    """Put in doubt what the database means to do. Doing it twice does no harm."""
    with transaction.atomic():
        accounts = PlatformAccount.objects.update(paused=True)
        AccountRuntime.objects.update(
            lease_until=None, lease_owner="", lease_fence=F("lease_fence") + FENCES
        )
        _say_why()
        counted = Q(misses__gt=0) | Q(op_absences__gt=0)
        PlatformLink.objects.filter(counted).update(misses=0, op_absences=0)
        _edits()
        jobs.stop_restored()
        found = Restored(accounts, _creates(), _actions(), _mails())
    generation.accept()
    return found


def _say_why() -> None:
    """Why the accounts are paused. What staff did here since the backup, and told people, looks
    like a change made on the platform now: no account tells of these by itself."""
    rows, asks = PlatformAccount.objects, PlatformAccount.ChangesThere.ASK
    rows.exclude(paused_why=NOW_ASKS).update(paused_why=PAUSED)
    tells = rows.filter(changes_there=PlatformAccount.ChangesThere.TELL)
    tells.update(changes_there=asks, paused_why=NOW_ASKS)


def _creates() -> int:
    """Have what is still to be made looked for first, as after a lost answer. What was looked for
    already may have been found since, or sent again: no more is known of it than of the rest."""
    doubtful = 0
    for link in PlatformLink.objects.filter(external_id=None).exclude(op="").iterator(500):
        row = kinds.row_of(link.kind, link.local_id)
        link.op, link.op_at = PlatformLink.Op.UNKNOWN, getattr(row, "created_at", link.op_at)
        link.save(update_fields=["op", "op_at"])
        doubtful += 1
    open_ = OutboxEntry.objects.filter(verb=PUSH).exclude(state__in=SETTLED)
    for entry in open_.select_related("account").order_by("pk").iterator(500):
        for link in _to_be_made(entry):
            link.op, link.op_absences = PlatformLink.Op.UNKNOWN, 0
            link.save()
            doubtful += 1
    return doubtful


def _to_be_made(entry: OutboxEntry) -> Iterator[PlatformLink]:
    """The link of a row that is still to be made, if it may stand there already."""
    kind, can = Kind(entry.kind), entry.account.capabilities.kind(Kind(entry.kind))
    row = kinds.row_of(kind, entry.local_id)
    # What is known by its address is looked for before each create, or said again without harm.
    by_key = can.upsert or (can.unique_key and can.list.offered)
    if row is None or by_key or not can.create.offered:
        return
    if getattr(row, "draft", False) or getattr(row, "removed_at", None):
        return
    mirror = kinds.mirror_of(kind)
    links = PlatformLink.objects.filter(account=entry.account, kind=kind, local_id=row.pk)
    link, parent = links.first(), _parent(entry.account, kind, mirror.parent_of(row))
    if link is None:
        link = PlatformLink(account=entry.account, kind=kind, local_id=row.pk, parent=parent)
    if not (link.made or link.op or link.state != PlatformLink.State.LIVE):
        link.op_sent = as_sent(mirror, row, can)
        # Not before the row was made; until when, nobody knows (see `matching`).
        link.op_at = getattr(row, "created_at", None) or clock.now()
        yield link


def _edits() -> None:
    """What waits to be changed on a webinar may have been sent since, and changed back: of these
    values nothing is agreed: what the platform holds is taken, ours is kept, and staff say."""
    open_ = OutboxEntry.objects.filter(verb=PUSH, kind=Kind.CONFERENCE).exclude(state__in=SETTLED)
    mirror = kinds.mirror_of(Kind.CONFERENCE)
    for account_id, local_id in open_.values_list("account_id", "local_id"):
        row = mirror.row(local_id)
        link = (
            PlatformLink.objects.filter(
                account=account_id,
                kind=Kind.CONFERENCE,
                local_id=local_id,
                state=PlatformLink.State.LIVE,
                op="",
            )
            .exclude(external_id=None)
            .first()
        )
        if link is None or row is None or row.removed_at:
            continue
        ours, both = mirror.read(row), link.base_ours.keys() & link.base_theirs.keys()
        for name in both & ours.keys():
            if ours[name] != link.base_ours[name]:
                del link.base_ours[name], link.base_theirs[name]
        link.save(update_fields=["base_ours", "base_theirs"])


def _parent(account: PlatformAccount, kind: Kind, local_id: Any) -> PlatformLink | None:
    if local_id is None:
        return None
    links = PlatformLink.objects.filter(account=account, kind=PARENTS[kind], local_id=local_id)
    return links.first()


def _actions() -> int:
    waiting = OutboxEntry.objects.filter(state__in=(State.WAITING, State.WORKING))
    return waiting.exclude(verb=PUSH).update(state=State.UNKNOWN, problem=ACTION)


def _mails() -> int:
    # What was due before may have been sent, by a worker of whom this database knows nothing.
    Reminder.objects.update(set_at=clock.now())
    waiting = Invitation.objects.filter(state__in=UNSENT)
    return waiting.update(state=Invitation.State.UNKNOWN, problem=MAIL)
