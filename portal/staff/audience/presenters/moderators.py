"""Moderators as a table: role, personal link, sync state, and what can be done with each."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User

from integrations.base.records import Kind
from portal.common.texts import shown
from portal.conferences.audience.queries import Mailed, last_mails
from portal.conferences.audience.services import moderators
from portal.conferences.models import Conference, Moderator
from portal.staff.platform_actions.presenters import about
from portal.staff.webinars.presenters.buttons import reason_of_role
from portal.sync.queries import SyncLine
from portal.sync.services.actions import Subject


def table(
    conference: Conference, rows: Sequence[Moderator], marks: Mapping[int, SyncLine], user: User
) -> dict[str, Any]:
    """Who runs it, each with the sync line, and why assigning, changing or taking off is not
    possible where it is not."""
    letters = last_mails(rows, "moderator")
    role = reason_of_role(user)
    return {
        "moderators": [
            {
                "row": row,
                "mark": marks[row.pk],
                "unassign_reason": role or moderators.reason_against_unassigning(row),
                "mailed": Mailed(letters.get(row.pk), row.email),
                "ask": about(Subject(conference.account, Kind.MODERATOR, row.pk)),
            }
            for row in rows
        ],
        "assign_reason": role or moderators.reason_against_assigning(conference),
        "change_reason": role or moderators.reason_against_change(conference),
        "unassign_reason": role or moderators.reason_against_removal(conference),
        "moderator_note": shown(
            conference.account.capabilities.kind(Kind.MODERATOR).create.sentence
        ),
    }
