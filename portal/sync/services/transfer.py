"""Copy a conference to an account, or move it there with its people.

A move keeps what people outside hold: their `/join/<token>` and their calendar entry. The old room
is deleted only when everybody has a way into the new one.
"""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from integrations.base.records import Kind
from portal.common import clock
from portal.common.errors import NotPossible
from portal.common.texts import Text
from portal.conferences import history, repeating, rules, tallies
from portal.conferences import sentences as reasons
from portal.conferences.audience.services import page_answers
from portal.conferences.fields import locked, put
from portal.conferences.mails import services as mails
from portal.conferences.models import (
    Conference,
    DatePoll,
    Invitation,
    InvitedGroup,
    Moderator,
    Registration,
    RegistrationPage,
    Reminder,
)
from portal.conferences.models.conference import new_uid
from portal.conferences.schedule.services import answer_changes, schedule, transfer_preview
from portal.identity import roles
from portal.outbox import services as outbox
from portal.platforms.models import PlatformAccount
from portal.sync import sentences
from portal.sync.models import PlatformLink

CONFERENCE = Kind.CONFERENCE
REGISTERED = Registration.Stage.REGISTERED
# The dates of a permanent room, which are kept here alone.
_OF_ROOM = ("dates", "dates_rule", "dates_from", "starts_at", "duration_minutes")


@transaction.atomic
def copy(
    conference: Conference, account: PlatformAccount, by: User | None, *, people: bool = False
) -> Conference:
    """A draft on an account with what fits there, without a date; nobody is notified.

    Moderators come along where the platform takes them, registered people with `people`.
    Raises NotPossible, NotAllowed.
    """
    roles.require(by)
    _require_place(account)
    values = transfer_preview.preview(conference, account).values | {"starts_at": None}
    made = _make(conference, account, values, by, draft=True)
    if not transfer_preview.reason_against(account, Kind.MODERATOR):
        for one in conference.moderators.filter(removed_at=None):
            role = transfer_preview.role_for(account, one.role)
            Moderator.objects.create(conference=made, email=one.email, name=one.name, role=role)
    if people:
        standing = conference.registrations.filter(removed_at=None, stage=REGISTERED)
        people_ids = list(standing.values_list("attendee_id", flat=True))
        Registration.objects.bulk_create(
            Registration(conference=made, attendee_id=pk) for pk in people_ids
        )
        tallies.keep(conferences=[made.pk], people=people_ids)
    _note("copied", made, by, sentences.COPIED_FROM(account=conference.account.label))
    return made


@transaction.atomic
def move(
    conference: Conference,
    account: PlatformAccount,
    by: User | None,
    note: str = "",
    notify: mails.Telling | bool = True,
) -> Conference:
    """Have it take place on another account: people keep our links, and are told by mail.

    Raises NotPossible (also with field_errors, where the other platform would not take it), and
    NotAllowed.
    """
    roles.require(by)
    row = locked(conference)
    if reason := reason_against_moving(row, account):
        raise NotPossible(reason)
    values = transfer_preview.preview(row, account).values
    if not row.draft:
        rules.check_values(account, values, on_update=False, required=True)
    telling = mails.Telling.of(notify, note)
    answer_changes.settled(row, telling, by)  # whoever hears of the move reads what had changed
    uid, row.calendar_uid = row.calendar_uid, new_uid()
    of_series = {"series_id": row.series_id, "planned_at": row.planned_at}
    row.series_id, row.planned_at = None, None  # the date goes on where it takes place
    row.save(update_fields=["calendar_uid", "series", "planned_at"])
    of_room = {name: getattr(row, name) for name in _OF_ROOM} if row.permanent else {}
    made = _make(
        row, account, values, by, draft=row.draft, calendar_uid=uid, **of_series, **of_room
    )
    _bring_people(row, made)
    _close_down(row, made, by)
    _note("moved here", made, by, sentences.MOVED_FROM(account=row.account.label))
    schedule.tell(made, by)
    if not made.draft:
        mails.tell(made, mails.Act.RESCHEDULE, telling, by)
    return made


def reason_against_moving(conference: Conference, account: PlatformAccount | None = None) -> str:
    """Why it cannot be moved (to that account); empty where it can."""
    if conference.removed_at:
        return _("This webinar was cancelled. Copy it to run it again.")
    if conference.state == Conference.State.ENDED:
        return _("This webinar is over. Copy it to run it again.")
    if account is None:
        return ""
    if account.pk == conference.account_id:
        return _("It stands on this account already.")
    if needed := rules.labels_needed(account):
        said = _(
            "%(account)s asks for more at each webinar (%(fields)s). Copy it there and fill that "
            "in, or have an administrator set it for the account."
        )
        return said % {"account": account.label, "fields": ", ".join(needed)}
    if repeating.kept(conference) and rules.reason_off(account, "permanent", on_update=False):
        return _(
            "It is a permanent room with dates, and %(platform)s has no permanent rooms. Schedule "
            "its dates there as a series."
        ) % {"platform": account.platform_name}
    return rules.reason_against(account, CONFERENCE, "create")


def _require_place(account: PlatformAccount) -> None:
    if reason := rules.reason_against(account, CONFERENCE, "create"):
        raise NotPossible(reason, {"account": [reason]})


def _make(
    old: Conference, account: PlatformAccount, values: dict[str, Any], by: User | None, **more: Any
) -> Conference:
    made = Conference(account=account, created_by=by, sequence=old.sequence + 1, **more)
    put(made, values)
    if not made.draft:
        rules.check_whole(made)
    made.save()
    return made


def _bring_people(old: Conference, made: Conference) -> None:
    """The rows themselves move, so that their tokens and what they were sent move with them.

    A registration keeps its old link until the new one has come; without `registered_at`, mails
    wait until then.
    """
    ids = {
        Kind.MODERATOR: list(old.moderators.values_list("pk", flat=True)),
        Kind.REGISTRATION: list(
            old.registrations.filter(stage=REGISTERED).values_list("pk", flat=True)
        ),
    }
    Registration.objects.filter(conference=old).update(
        conference=made, registered_at=None, gone_at=None, updated_at=clock.now()
    )
    tallies.keep(conferences=[old.pk, made.pk])
    for one in Moderator.objects.filter(conference=old):
        one.conference, one.join_url, one.gone_at = made, "", None
        one.role = transfer_preview.role_for(made.account, one.role)
        one.save()
    Invitation.objects.filter(conference=old).update(conference=made)
    Reminder.objects.filter(conference=old).update(conference=made)
    InvitedGroup.objects.filter(conference=old).update(conference=made)
    DatePoll.objects.filter(conference=old).update(conference=made)
    RegistrationPage.objects.filter(conference=old).update(conference=made)
    page_answers.keep_here(made)
    Conference.objects.filter(pk=made.pk).update(own_reminders=old.own_reminders)
    for kind, some in ids.items():
        _forget(old.account, kind, some)


def _forget(account: PlatformAccount, kind: Kind, ids: list[int]) -> None:
    """The old account has nothing to do with these rows any more; what stands there is known
    still, so that it is not met as new."""
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        PlatformLink.objects.filter(account=account, kind=kind, local_id__in=some).update(
            local_id=None,
            state=PlatformLink.State.GONE,
            op=PlatformLink.Op.NONE,
            op_sent={},
            marker="",
        )
        outbox.drop(account.pk, kind, some)


def _close_down(row: Conference, made: Conference, by: User | None) -> None:
    row.removed_at, row.moved_to = clock.now(), made
    row.cancel_reason = reasons.TAKES_PLACE_ON(account=made.account.label)
    row.version, row.sequence = row.version + 1, row.sequence + 1
    row.save()
    _note("moved away", row, by, sentences.MOVED_TO(account=made.account.label))
    if (
        not row.draft
        and not row.gone_at
        and rules.reaches_platform(row.account, CONFERENCE, "delete")
    ):
        outbox.add(row.account, CONFERENCE, row.pk, by=by)


def _note(action: str, row: Conference, by: User | None, sentence: Text) -> None:
    history.record(action, CONFERENCE, row.pk, actor=by, conference_id=row.pk, sentence=sentence)
