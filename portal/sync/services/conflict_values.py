"""Which value of one field holds."""

from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from integrations.base.records import SECRET_FIELDS, Kind, parse_instant
from portal.common.errors import NotPossible
from portal.conferences.mails import services as mails
from portal.conferences.mails.services import Act, Telling
from portal.conferences.schedule.services import answer_changes, platform_changes, schedule
from portal.outbox import services as outbox
from portal.sync import kinds
from portal.sync.mirrors.base import Mirror
from portal.sync.models import Conflict
from portal.sync.services.recipients import NOT_ASKED, Notice


def put_ours(conflict: Conflict, by: User | None, telling: Telling) -> None:
    """Write the kept value back into our row and tell the platform."""
    mirror, row = row_of(conflict)
    _require_readable(conflict)
    name, value = conflict.field, conflict.ours
    if mirror.kind is Kind.CONFERENCE:
        # The same verb as in the form: it checks, tells the platform and the people.
        held = _held(mirror, name, value)
        schedule.reschedule(row, {name: held}, by, row.version, notify=telling)
        return
    mirror.write(row, {name: value})
    outbox.add(conflict.account, conflict.kind, row.pk, by=by)


def notice_of_ours(conflict: Conflict) -> Notice | None:
    """Who hears that our value holds after all."""
    return _notice(conflict, conflict.ours)


def keep_theirs(conflict: Conflict, by: User | None, telling: Telling) -> None:
    """Their value is in use already; whether people hear of it may still be open, and stays so
    where nobody was asked."""
    if conflict.kind == Kind.CONFERENCE and telling is not NOT_ASKED:
        _, row = row_of(conflict)
        if change := platform_changes.undecided(row):
            answer_changes.answer(change, telling, by)


def notice_of_kept(conflict: Conflict) -> Notice | None:
    """Who hears of their value, where that is still open."""
    if conflict.kind != Kind.CONFERENCE:
        return None
    _, row = row_of(conflict)
    if platform_changes.undecided(row) is None:
        return None
    return Notice(row, Act.RESCHEDULE, platform_changes.since(row, {}), waits=False)


def notice_of_theirs(conflict: Conflict) -> Notice | None:
    """Who hears that their value is taken."""
    return _notice(conflict, conflict.theirs, waits=False)


def _notice(conflict: Conflict, value: Any, *, waits: bool = True) -> Notice | None:
    if conflict.kind != Kind.CONFERENCE:
        return None
    mirror, row = row_of(conflict)
    changes = platform_changes.since(row, {conflict.field: _held(mirror, conflict.field, value)})
    return Notice(row, Act.RESCHEDULE, changes, waits=waits) if changes else None


def _held(mirror: Mirror, name: str, value: Any) -> Any:
    """A value of a conflict as our rows hold it."""
    return parse_instant(value) if name in mirror.instants and value else value


def send_again(conflict: Conflict, by: User | None, telling: Telling) -> None:
    """Stop refusing to push the value, and push it."""
    _, row = row_of(conflict)
    _forget_flips(conflict)
    outbox.add(conflict.account, conflict.kind, row.pk, by=by)


def take_theirs(conflict: Conflict, by: User | None, telling: Telling) -> None:
    """Write the platform's value into our row; the next comparison finds both agreed."""
    mirror, row = row_of(conflict)
    _require_readable(conflict)
    notice = notice_of_theirs(conflict)
    mirror.write(row, {conflict.field: conflict.theirs})
    _forget_flips(conflict)
    if notice:
        mails.tell(row, notice.act, telling, by, changes=notice.changes)
        answer_changes.settled(row, telling, by)


def row_of(conflict: Conflict) -> tuple[Mirror, Any]:
    """Our side of a conflict. Raises NotPossible where the row is no longer here."""
    row = kinds.row_of(conflict.kind, conflict.local_id)
    if row is None:
        raise NotPossible(_("What this is about is no longer here. It can only be left as it is."))
    return kinds.mirror_of(conflict.kind), row


def _require_readable(conflict: Conflict) -> None:
    if conflict.field in SECRET_FIELDS:
        raise NotPossible(
            _("A password is not kept in the open. Set it in the webinar's own form.")
        )


def _forget_flips(conflict: Conflict) -> None:
    link = conflict.link
    link.flips = {name: count for name, count in link.flips.items() if name != conflict.field}
    link.save(update_fields=["flips"])
