"""What becomes of a row that only one of the two sides wants to keep."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from integrations.base.records import Kind
from portal.common import clock
from portal.conferences import sentences, tallies
from portal.conferences.audience.services import registrations
from portal.conferences.mails import services as mails
from portal.conferences.mails.services import Act, Telling, news
from portal.conferences.models import Conference, Invitation
from portal.conferences.schedule.services import answer_changes, platform_changes
from portal.conferences.schedule.services import cancel as calling_off
from portal.outbox import services as outbox
from portal.sync.models import Conflict, PlatformLink
from portal.sync.services.conflict_values import row_of
from portal.sync.services.recipients import Notice

State, Purpose = PlatformLink.State, Invitation.Purpose


def recreate(conflict: Conflict, by: User | None, telling: Telling) -> None:
    """Have it made on the platform again, with the people who belong to it."""
    _, row = row_of(conflict)
    if row.removed_at or not row.gone_at:
        return  # settled elsewhere meanwhile: there is nothing to make again
    _detach(conflict.link)
    if conflict.kind == Kind.CONFERENCE:
        calling_off.schedule_again(row, by, telling)
        return
    row.gone_at = None
    row.save(update_fields=["gone_at", "updated_at"])
    outbox.add(conflict.account, conflict.kind, row.pk, by=by)


def make_again(conference: Conference, by: User | None, telling: Telling) -> None:
    """The same for a conference whose question was closed some other way. Raises NotPossible."""
    lost = PlatformLink.objects.filter(
        account=conference.account_id,
        kind=Kind.CONFERENCE,
        local_id=conference.pk,
        state=State.GONE,
    )
    with transaction.atomic():
        for link in lost:
            _detach(link)
        calling_off.schedule_again(conference, by, telling)


def accept_loss(conflict: Conflict, by: User | None, telling: Telling) -> None:
    """Mark it as removed here too; people who were invited to a webinar are told."""
    _, row = row_of(conflict)
    if row.removed_at or not row.gone_at:
        return
    if conflict.kind == Kind.CONFERENCE:
        calling_off.accept_gone(row, by, telling.note, Telling(telling.tell))
    else:
        take_off(conflict, row, by, telling)


def take_off(conflict: Conflict, row: Any, by: User | None, telling: Telling) -> None:
    """Remove here what the platform does not have."""
    if conflict.kind == Kind.CONFERENCE:
        calling_off.cancel(row, by, telling.note, Telling(telling.tell))
        return
    if conflict.kind == Kind.REGISTRATION:
        registrations.withdraw(row.conference, [row.pk], by, telling)
        return
    row.removed_at = clock.now()
    row.save(update_fields=["removed_at", "updated_at"])
    if conflict.kind == Kind.MODERATOR:
        mails.tell(row.conference, Act.UNASSIGN, telling, by, moderators=[row])


def keep_here(conflict: Conflict, by: User | None, telling: Telling) -> None:
    """A group that its platform has lost stays, without a platform."""
    _, row = row_of(conflict)
    if row.removed_at or not row.gone_at:
        return
    _detach(conflict.link)
    row.account, row.gone_at = None, None
    row.save(update_fields=["account", "gone_at", "updated_at"])


def cancel(conflict: Conflict, by: User | None, telling: Telling) -> None:
    """It was kept because it had been changed there: remove it all the same."""
    _, row = row_of(conflict)
    if conflict.kind == Kind.CONFERENCE:
        calling_off.cancel(row, by, telling.note or row.cancel_reason, Telling(telling.tell))
        return
    row.removed_at = clock.now()
    row.save(update_fields=["removed_at", "updated_at"])
    _tally(conflict.kind, row)
    outbox.add(conflict.account, conflict.kind, row.pk, by=by)


def keep_edited(conflict: Conflict, by: User | None, telling: Telling) -> None:
    """It stays; people who had been told of a cancellation may hear that it takes place."""
    if conflict.kind == Kind.CONFERENCE:
        _, row = row_of(conflict)
        _call_back(row, by, telling)


def delete_again(conflict: Conflict, by: User | None, telling: Telling) -> None:
    """The platform still shows what we deleted: ask once more."""
    _, row = row_of(conflict)
    conflict.link.state = State.LIVE
    conflict.link.save(update_fields=["state"])
    outbox.add(conflict.account, conflict.kind, row.pk, by=by)


def bring_back(conflict: Conflict, by: User | None, telling: Telling) -> None:
    """The platform still shows what we deleted: have it here again too."""
    _, row = row_of(conflict)
    conflict.link.state = State.LIVE
    conflict.link.save(update_fields=["state"])
    row.removed_at = None
    row.save(update_fields=["removed_at", "updated_at"])
    _tally(conflict.kind, row)
    if conflict.kind == Kind.CONFERENCE:
        _call_back(row, by, telling)


def _tally(kind: str, row: Any) -> None:
    if kind == Kind.REGISTRATION:
        tallies.keep(conferences=[row.conference_id], people=[row.attendee_id])


def _detach(link: PlatformLink) -> None:
    """Keep what is known of the lost record, so that it is not met as new should it return, but
    free the row (and the people whose links went with it) for a new one."""
    people = Q(parent=link, kind__in=[Kind.MODERATOR, Kind.REGISTRATION, Kind.MEMBERSHIP])
    PlatformLink.objects.filter(Q(pk=link.pk) | people).update(
        local_id=None, state=State.GONE, op=PlatformLink.Op.NONE, op_sent={}, marker=""
    )


def _call_back(row: Conference, by: User | None, telling: Telling) -> None:
    """Take back cancellations that were not sent yet, and follow those that were."""
    said = row.invitations.filter(purpose=Purpose.CANCEL).exclude(act__in=mails.FOR_ONE)
    said.filter(state__in=mails.UNSENT).update(
        state=Invitation.State.DROPPED, problem=sentences.MAIL_THIS_TAKES_PLACE
    )
    row.cancel_reason = ""
    row.version, row.sequence = row.version + 1, row.sequence + 1
    row.save(update_fields=["cancel_reason", "version", "sequence", "updated_at"])
    mails.tell_after_all(row, by, telling)
    answer_changes.settled(row, telling, by)


def notice_of_cancellation(conflict: Conflict) -> Notice | None:
    """Who hears that it is over: all who take part, or the one person."""
    _, row = row_of(conflict)
    if conflict.kind == Kind.REGISTRATION:
        return Notice(row.conference, Act.WITHDRAW, registrations=[row], waits=False)
    if conflict.kind == Kind.MODERATOR:
        return Notice(row.conference, Act.UNASSIGN, moderators=[row], waits=False)
    if conflict.kind != Kind.CONFERENCE or row.removed_at:
        return None
    return Notice(row, Act.CANCEL, waits=not row.gone_at)


def notice_of_return(conflict: Conflict) -> Notice | None:
    """Who hears that a webinar takes place after all: where people had been told of its end."""
    if conflict.kind != Kind.CONFERENCE:
        return None
    _, row = row_of(conflict)
    standing = news.with_values(row, {"removed_at": None})
    return Notice(standing, Act.RESCHEDULE, recalled=True, waits=False)


def notice_of_another(conflict: Conflict) -> Notice | None:
    """Who hears of a webinar that is made anew: our links stay, the room behind them is another."""
    if conflict.kind != Kind.CONFERENCE:
        return None
    _, row = row_of(conflict)
    standing = news.with_values(row, {"gone_at": None})
    return Notice(standing, Act.RESCHEDULE, platform_changes.since(row, {}) or None)
