"""Remind people of a conference now."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.utils.translation import gettext as _

from portal.common.errors import NotPossible
from portal.conferences import sentences
from portal.conferences.mails.services import participants, queue
from portal.conferences.mails.services.participants import Participant
from portal.conferences.mails.services.recipients import Act
from portal.conferences.mails.services.reminders.rules import (
    in_segment,
    locked,
    reason_against,
    record,
)
from portal.conferences.mails.services.told import UNSENT
from portal.conferences.models import Conference, Invitation, Reminder
from portal.identity import roles

State, Purpose, Segment = Invitation.State, Invitation.Purpose, Reminder.Segment


@transaction.atomic
def remind_now(
    conference: Conference,
    telling: queue.Telling,
    by: User | None,
    seen: int | None = None,
    segment: str = Segment.REGISTERED,
) -> int:
    """Write to those who are in a segment now; answers to how many. `seen` is `newest` as the page
    knew it that asked: the same answer twice reminds once. Raises NotPossible, NotAllowed."""
    roles.require(by)
    row = locked(conference)
    if why := reason_against(row):
        raise NotPossible(why)
    if seen is not None and seen != newest(row):
        raise NotPossible(_("People were reminded meanwhile. Look again who still should be."))
    people = to_remind(row, segment)
    count = queue.tell(row, Act.REMIND, telling, by, registrations=people)
    if count:
        record(row, "reminded", sentences.REMINDED(count=count), by)
    return count


def newest(conference: Conference) -> int:
    """The newest reminder of a conference, by its id; 0 where there was none."""
    found = conference.invitations.filter(purpose=Purpose.REMIND).aggregate(newest=Max("pk"))
    return found["newest"] or 0


def to_remind(conference: Conference, segment: str = Segment.REGISTERED) -> list[Participant]:
    """Whom staff would remind by hand: everybody in the segment for whom no reminder waits."""
    waiting = Invitation.objects.filter(
        registration=OuterRef("pk"), purpose=Purpose.REMIND, state__in=(*UNSENT, State.SENDING)
    )
    return participants.registered(in_segment(conference, segment).exclude(Exists(waiting)))
