"""The brake: what a person does about a listing that lost too much at once."""

from django.contrib.auth.models import User
from django.db import transaction

from portal.common import clock
from portal.common.texts import Text
from portal.conferences import history
from portal.identity import roles
from portal.sync import sentences
from portal.sync.models import Hold
from portal.sync.services.entries import settled_meanwhile
from portal.sync.services.runs import enqueue_sync


@transaction.atomic
def release(hold: Hold, by: User | None) -> None:
    """Believe it: what is listed as missing may be marked as gone. Raises NotPossible."""
    row = _open(hold, by)
    row.released, row.released_by, row.ended_at = True, by, clock.now()
    row.save()
    accepted = sentences.ABSENCES_ACCEPTED(count=len(row.missing))
    _record(row, by, "brake released", accepted)


@transaction.atomic
def keep(hold: Hold, by: User | None) -> None:
    """Do not believe it: look again. If as much is missing then, the brake is pulled again."""
    row = _open(hold, by)
    row.ended_at = clock.now()
    row.save()
    _record(row, by, "brake kept", sentences.NOT_BELIEVED)


def _open(hold: Hold, by: User | None) -> Hold:
    roles.require(by)
    rows = Hold.objects.select_for_update(of=("self",)).select_related("account", "parent")
    row = rows.get(pk=hold.pk)
    if row.ended_at or row.released:
        raise settled_meanwhile()
    return row


def _record(row: Hold, by: User | None, action: str, sentence: Text) -> None:
    """A line for each row on the list, so that its own history tells of it; then a sync."""
    conference = row.parent.local_id if row.parent and row.parent.kind == "conference" else None
    for missing in row.missing:
        if missing.get("local_id"):
            own = missing["local_id"] if row.kind == "conference" else conference
            history.record(
                action,
                row.kind,
                missing["local_id"],
                actor=by,
                sentence=sentence,
                conference_id=own,
            )
    transaction.on_commit(lambda: enqueue_sync(row.account))
