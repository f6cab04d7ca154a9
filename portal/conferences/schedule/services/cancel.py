"""Cancel a conference, close or open its room, and settle one that is gone on its platform."""

from dataclasses import replace

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.base.records import Kind
from portal.common import clock
from portal.common.errors import NotPossible
from portal.common.texts import Text
from portal.conferences import history, rules
from portal.conferences.fields import locked
from portal.conferences.mails import services as mails
from portal.conferences.models import Conference
from portal.conferences.schedule.services import (
    answer_changes,
    date_polls,
    platform_changes,
    schedule,
)
from portal.identity import roles

CONFERENCE = Kind.CONFERENCE
REASON_LENGTH = 500  # characters of somebody's own words
ALREADY = gettext_lazy("It is cancelled already. Nothing was done now.")


@transaction.atomic
def cancel(
    conference: Conference,
    by: User | None,
    reason: Text | str = "",
    notify: mails.Telling | bool = True,
) -> Conference:
    """Call it off: the platform deletes it, and once it has, all who take part are told.

    `notify` says whether, and in which words beside the reason.

    A draft is only discarded. Raises NotPossible (also where it is cancelled already: whoever did
    that has said who hears of it), NotAllowed.
    """
    roles.require(by)
    row = locked(conference)
    if row.removed_at:
        raise NotPossible(ALREADY)
    if not row.draft and not row.gone_at:
        rules.require_ability(row.account, CONFERENCE, "delete")
    draft, gone = row.draft, row.gone_at
    _close_down(row, by, reason, "discarded" if draft else "cancelled")
    if draft:
        date_polls.discarded(row)
    if not draft and not gone:
        schedule.tell(row, by, "delete")
    telling = mails.Telling.of(notify)
    words = "\n\n".join(filter(None, (str(row.cancel_reason), telling.note)))
    mails.tell(row, mails.Act.CANCEL, replace(telling, note=words), by)
    return row


def _close_down(row: Conference, by: User | None, reason: Text | str, action: str) -> None:
    row.removed_at = clock.now()
    row.cancel_reason = reason if isinstance(reason, Text) else reason.strip()[:REASON_LENGTH]
    row.version, row.sequence = row.version + 1, row.sequence + 1
    row.save()
    history.record(
        action, CONFERENCE, row.pk, actor=by, conference_id=row.pk, sentence=row.cancel_reason
    )


@transaction.atomic
def set_open(conference: Conference, is_open: bool, by: User | None) -> Conference:
    """Let participants into the room, or keep them out, without cancelling anything."""
    roles.require(by)
    row = locked(conference)
    if reason := reason_against_closing(row):
        raise NotPossible(reason)
    if row.open == is_open:
        return row
    row.open, row.version = is_open, row.version + 1
    row.save()
    history.record(
        "opened" if is_open else "closed",
        CONFERENCE,
        row.pk,
        actor=by,
        conference_id=row.pk,
        before={"open": not is_open},
        after={"open": is_open},
    )
    schedule.tell(row, by, "update")
    return row


def reason_against_closing(conference: Conference) -> str:
    """Why the room cannot be closed or opened now; empty where it can."""
    if conference.draft:
        return _("A draft has no room yet.")
    account = conference.account
    return (
        rules.reason_frozen(conference)
        or rules.reason_against(account, CONFERENCE, "update")
        or rules.reason_off(account, "open", on_update=True)
    )


@transaction.atomic
def schedule_again(
    conference: Conference, by: User | None, notify: mails.Telling | bool = False
) -> Conference:
    """Have a conference that is gone on its platform made there anew, with all its people.

    Our links stay as they are, so nobody has to hear of it unless `notify` says so.
    """
    roles.require(by)
    row = locked(conference)
    _require_gone(row)
    rules.require_ability(row.account, CONFERENCE, "create")
    row.gone_at, row.version = None, row.version + 1
    row.save()
    for people in (row.moderators, row.registrations):
        # Their links went with the room: the new ones come with the new room.
        people.filter(removed_at=None).update(gone_at=None, join_url="")
    history.record("scheduled again", CONFERENCE, row.pk, actor=by, conference_id=row.pk)
    schedule.tell(row, by)
    telling = mails.Telling.of(notify)
    changes = platform_changes.since(row, {}) or None
    mails.tell(row, mails.Act.RESCHEDULE, telling, by, changes=changes)
    answer_changes.settled(row, telling, by)
    return row


@transaction.atomic
def accept_gone(
    conference: Conference,
    by: User | None,
    reason: Text | str = "",
    notify: mails.Telling | bool = True,
) -> Conference:
    """Mark a conference that is gone on its platform as cancelled here."""
    roles.require(by)
    _require_gone(locked(conference))
    return cancel(conference, by, reason, notify)


def _require_gone(row: Conference) -> None:
    if row.removed_at or not row.gone_at:
        raise NotPossible(not_gone(row))


def not_gone(conference: Conference) -> str:
    """Why nothing is to be settled about one that is not gone (any more)."""
    if conference.removed_at:
        return _("This webinar was cancelled: nothing is left to decide.")
    name = conference.account.platform_name
    return _("This webinar is not missing on %(platform)s: there is nothing to decide.") % {
        "platform": name
    }
