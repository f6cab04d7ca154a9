"""Which value of one field holds."""

from typing import Any

from integrations.base.records import SECRET_FIELDS, Kind, parse_instant
from portal.common.errors import NotPossible
from portal.conferences.services import schedule
from portal.outbox import services as outbox
from portal.sync.mirror import Mirror
from portal.sync.mirrors import MIRRORS
from portal.sync.models import Conflict


def put_ours(conflict: Conflict, by: Any) -> None:
    """Write the kept value back into our row and tell the platform."""
    mirror, row = row_of(conflict)
    _require_readable(conflict)
    name, value = conflict.field, conflict.ours
    if mirror.kind is Kind.CONFERENCE:
        # The same verb as in the form: it checks, tells the platform and the people.
        moment = parse_instant(value) if name in mirror.instants and value else value
        schedule.reschedule(row, {name: moment}, by, row.version)
        return
    mirror.write(row, {name: value})
    outbox.add(conflict.account, conflict.kind, row.pk, by=by)


def send_again(conflict: Conflict, by: Any) -> None:
    """Stop refusing to push the value, and push it."""
    _, row = row_of(conflict)
    _forget_flips(conflict)
    outbox.add(conflict.account, conflict.kind, row.pk, by=by)


def take_theirs(conflict: Conflict, by: Any) -> None:
    """Write the platform's value into our row; the next comparison finds both agreed."""
    mirror, row = row_of(conflict)
    _require_readable(conflict)
    mirror.write(row, {conflict.field: conflict.theirs})
    _forget_flips(conflict)


def row_of(conflict: Conflict) -> tuple[Mirror, Any]:
    """Our side of a conflict. Raises NotPossible where the row is no longer here."""
    mirror = MIRRORS.get(conflict.kind)  # type: ignore[call-overload]
    row = mirror.row(conflict.local_id) if mirror and conflict.local_id is not None else None
    if mirror is None or row is None:
        raise NotPossible("What this is about is no longer here. It can only be left as it is.")
    return mirror, row


def _require_readable(conflict: Conflict) -> None:
    if conflict.field in SECRET_FIELDS:
        raise NotPossible("A password is not kept in the open. Set it in the webinar's own form.")


def _forget_flips(conflict: Conflict) -> None:
    link = conflict.link
    link.flips = {name: count for name, count in link.flips.items() if name != conflict.field}
    link.save(update_fields=["flips"])
