"""Mails that were not sent, or perhaps not: send them again, or leave them."""

from typing import Any

from django.db import transaction

from integrations.base.records import Kind
from portal.common import clock, roles
from portal.common.errors import NotPossible
from portal.conferences import history
from portal.conferences.models import Invitation
from portal.conferences.services import mails

State = Invitation.State


@transaction.atomic
def send_again(mail: Invitation, by: Any) -> None:
    """Send it again. Raises NotPossible where it was settled, or where nobody needs it."""
    row = _lost(mail, by)
    if row.conference.removed_at and row.purpose != Invitation.Purpose.CANCEL:
        raise NotPossible("The webinar was cancelled since: nobody needs this mail any more.")
    row.state, row.not_before, row.problem, row.attempts = State.WAITING, clock.now(), "", 0
    row.save(update_fields=["state", "not_before", "problem", "attempts"])
    mails.ring()
    _record(row, by, "mail tried again")


@transaction.atomic
def leave(mail: Invitation, by: Any) -> None:
    """Leave it unsent. Raises NotPossible where it was settled meanwhile."""
    row = _lost(mail, by)
    # One that was perhaps sent counts as sent: who got it must hear of changes.
    row.state = State.SENT if row.state == State.UNKNOWN else State.DROPPED
    row.save(update_fields=["state"])
    _record(row, by, "mail left as it is")


def _lost(mail: Invitation, by: Any) -> Invitation:
    roles.require(by)
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("conference")
    row = rows.get(pk=mail.pk)
    if row.state not in (State.FAILED, State.UNKNOWN):
        raise NotPossible("This was settled meanwhile.")
    return row


def _record(row: Invitation, by: Any, action: str) -> None:
    history.record(
        action, Kind.CONFERENCE, row.conference_id, actor=by, sentence=str(row),
        conference_id=row.conference_id,
    )  # fmt: skip
