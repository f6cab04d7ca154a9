"""Remove a recording."""

from django.contrib.auth.models import User
from django.db import transaction

from integrations.base.records import Kind
from portal.common import clock
from portal.conferences import history, rules
from portal.conferences.models import Recording
from portal.identity import roles
from portal.outbox import services as outbox


@transaction.atomic
def remove(recording: Recording, by: User | None) -> Recording:
    """Delete it on the platform too. Raises NotPossible where the platform cannot, NotAllowed."""
    roles.require(by)
    row = Recording.objects.select_for_update().get(pk=recording.pk)
    if row.removed_at:
        return row
    account = row.conference.account
    rules.require_ability(account, Kind.RECORDING, "delete")
    row.removed_at = clock.now()
    row.save(update_fields=["removed_at", "updated_at"])
    history.record(
        "recording deleted", Kind.RECORDING, row.pk, actor=by, conference_id=row.conference_id
    )
    if not row.gone_at and rules.reaches_platform(account, Kind.RECORDING, "delete"):
        outbox.add(account, Kind.RECORDING, row.pk, by=by)
    return row
