"""Try again, or leave it: outbox entries that wait for a person."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from integrations.base.records import PARENTS, Kind
from portal.common.errors import NotPossible
from portal.common.texts import Text, own_words
from portal.conferences import history
from portal.identity import roles
from portal.outbox import services as outbox
from portal.outbox.models import PUSH, OutboxEntry
from portal.sync import sentences
from portal.sync.kinds import KINDS
from portal.sync.models import PlatformLink


def settled_meanwhile() -> NotPossible:
    """The refusal where somebody else was quicker."""
    return NotPossible(_("This was settled meanwhile."))


@transaction.atomic
def retry(entry: OutboxEntry, by: User | None) -> None:
    """Tell the platform again, now. Raises NotPossible where the entry was settled meanwhile."""
    roles.require(by)
    row = (
        OutboxEntry.objects.select_for_update(of=("self",))
        .select_related("account")
        .get(pk=entry.pk)
    )
    doubtful = row.verb == PUSH and row.state == OutboxEntry.State.UNKNOWN
    if not outbox.retry(row):
        raise settled_meanwhile()
    if doubtful:
        # The person takes it upon themselves that a second one may come of it.
        PlatformLink.objects.filter(
            account=row.account, kind=row.kind, local_id=row.local_id, external_id=None
        ).update(op=PlatformLink.Op.NONE, op_sent={}, op_absences=0)
    _record(row, by, "tried again", _tried_again(row))


@transaction.atomic
def dismiss(entry: OutboxEntry, by: User | None) -> None:
    """Leave a one-shot action as it is.

    Raises NotPossible for an edit: while both sides differ, the next sync would ask for it again.
    """
    roles.require(by)
    row = (
        OutboxEntry.objects.select_for_update(of=("self",))
        .select_related("account")
        .get(pk=entry.pk)
    )
    if row.state not in (OutboxEntry.State.FAILED, OutboxEntry.State.UNKNOWN):
        raise settled_meanwhile()
    if row.verb == PUSH:
        raise NotPossible(_("Both sides still differ. Change what was refused, or try again."))
    outbox.done(row, result=row.result | {"dismissed": True})
    _record(row, by, "left as it is", sentences.ACTION_LEFT(action=_action(row)))


def _tried_again(row: OutboxEntry) -> Text:
    if row.verb == PUSH:
        return sentences.CHANGE_TRIED_AGAIN(account=row.account.label)
    return sentences.ACTION_TRIED_AGAIN(action=_action(row), account=row.account.label)


def _action(row: OutboxEntry) -> Text | str:
    action = row.account.capabilities.actions.get(row.verb)
    return own_words(action.label) if action else row.verb


def _record(row: OutboxEntry, by: User | None, action: str, sentence: Text) -> None:
    history.record(
        action,
        row.kind,
        row.local_id,
        actor=by,
        sentence=sentence,
        conference_id=conference_of(row.kind, row.local_id),
    )


def conference_of(kind: str, local_id: int | None) -> int | None:
    """The conference in whose history a row's lines stand, if the row is still there."""
    if local_id is None or kind not in KINDS:
        return None
    if kind == Kind.CONFERENCE:
        return local_id
    mirror = KINDS[Kind(kind)].mirror
    row = mirror.row(local_id) if PARENTS.get(Kind(kind)) is Kind.CONFERENCE else None
    return mirror.parent_of(row) if row else None
