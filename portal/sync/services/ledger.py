"""Try again, or leave it: entries and mails that wait for a person."""

from typing import Any

from django.db import transaction

from integrations.base.records import PARENTS, Kind
from portal.common import clock, roles
from portal.common.errors import NotPossible
from portal.conferences import history
from portal.conferences.models import Invitation
from portal.conferences.services import mails
from portal.outbox import services as outbox
from portal.outbox.models import PUSH, OutboxEntry
from portal.sync.mirrors import MIRRORS

SETTLED = "This was settled meanwhile."


@transaction.atomic
def retry(entry: OutboxEntry, by: Any) -> None:
    """Tell the platform again, now. Raises NotPossible where the entry was settled meanwhile."""
    roles.require(by)
    row = OutboxEntry.objects.select_for_update().select_related("account").get(pk=entry.pk)
    if not outbox.retry(row):
        raise NotPossible(SETTLED)
    _record(row, by, "tried again", f"{_wish(row)} is tried again on {row.account.label}.")


@transaction.atomic
def dismiss(entry: OutboxEntry, by: Any) -> None:
    """Leave a one-shot wish as it is.

    Raises NotPossible for an edit: while both sides differ, the next sync would ask for it again.
    """
    roles.require(by)
    row = OutboxEntry.objects.select_for_update().select_related("account").get(pk=entry.pk)
    if row.state not in (OutboxEntry.State.FAILED, OutboxEntry.State.UNKNOWN):
        raise NotPossible(SETTLED)
    if row.verb == PUSH:
        raise NotPossible("Both sides still differ. Change what was refused, or try again.")
    outbox.done(row, result=row.result | {"dismissed": True})
    _record(row, by, "left as it is", f"{_wish(row)} is not asked for again.")


@transaction.atomic
def retry_mail(mail: Invitation, by: Any) -> None:
    """Send a mail again that failed, or perhaps did. Raises NotPossible."""
    row = _lost(mail, by)
    _require_of_use(row)
    row.state, row.not_before, row.problem = Invitation.State.WAITING, clock.now(), ""
    row.save(update_fields=["state", "not_before", "problem"])
    mails.ring()
    _record_mail(row, by, "mail tried again")


@transaction.atomic
def dismiss_mail(mail: Invitation, by: Any) -> None:
    """Leave a mail unsent. Raises NotPossible where it was settled meanwhile."""
    row = _lost(mail, by)
    # One that was perhaps sent counts as sent: the person may know of it and must hear of changes.
    perhaps = row.state == Invitation.State.UNKNOWN
    row.state = Invitation.State.SENT if perhaps else Invitation.State.DROPPED
    row.save(update_fields=["state"])
    _record_mail(row, by, "mail left as it is")


def _lost(mail: Invitation, by: Any) -> Invitation:
    roles.require(by)
    row = Invitation.objects.select_for_update().select_related("conference").get(pk=mail.pk)
    if row.state not in (Invitation.State.FAILED, Invitation.State.UNKNOWN):
        raise NotPossible(SETTLED)
    return row


def _require_of_use(row: Invitation) -> None:
    if row.conference.removed_at and row.purpose != Invitation.Purpose.CANCEL:
        raise NotPossible("The webinar was cancelled since: nobody needs this mail any more.")


def _wish(row: OutboxEntry) -> str:
    if row.verb == PUSH:
        return "The change"
    action = row.account.room.capabilities.actions.get(row.verb)
    return f"“{action.label}”" if action else row.verb


def _record(row: OutboxEntry, by: Any, action: str, sentence: str) -> None:
    history.record(
        action, row.kind, row.local_id, actor=by, sentence=sentence,
        conference_id=conference_of(row.kind, row.local_id),
    )  # fmt: skip


def _record_mail(row: Invitation, by: Any, action: str) -> None:
    history.record(
        action, Kind.CONFERENCE, row.conference_id, actor=by, sentence=str(row),
        conference_id=row.conference_id,
    )  # fmt: skip


def conference_of(kind: str, local_id: int | None) -> int | None:
    """The conference in whose history a row's lines stand, if the row is still there."""
    if local_id is None or kind not in MIRRORS:
        return None
    if kind == Kind.CONFERENCE:
        return local_id
    mirror = MIRRORS[Kind(kind)]
    row = mirror.row(local_id) if PARENTS.get(Kind(kind)) is Kind.CONFERENCE else None
    return mirror.parent_of(row) if row else None
