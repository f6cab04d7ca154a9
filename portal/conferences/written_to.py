"""Who was written to at an address that is no longer theirs. It must not know the outbox."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from portal.common import clock
from portal.conferences import states
from portal.conferences.models import Attendee, Conference, Invitation, Moderator, Registration

State = Invitation.State


def missed(person: Attendee) -> list[Registration]:
    """Where somebody takes part, in what lies ahead, and was written to, but never at the address
    of today."""
    letters = Invitation.objects.filter(registration=OuterRef("pk"))
    rows = _missed(person.registrations.select_related("attendee"), letters, person.email)
    return list(rows)


def speaker_missed(person: Moderator) -> bool:
    """The same about somebody who runs a conference."""
    letters = Invitation.objects.filter(moderator=OuterRef("pk"))
    return _missed(Moderator.objects.filter(pk=person.pk), letters, person.email).exists()


def _missed(rows: QuerySet[Any], letters: QuerySet[Invitation], email: str) -> QuerySet[Any]:
    ahead = states.with_end(Conference.objects.filter(removed_at=None, gone_at=None))
    ahead = ahead.filter(Q(end=None) | Q(end__gt=clock.now()))
    letters = letters.exclude(state=State.DROPPED)
    # What waits goes to the new address by itself.
    reached = letters.filter(Q(to_email__iexact=email) | Q(state__in=[State.WAITING, State.HELD]))
    last = Subquery(letters.order_by("-id").values("purpose")[:1])
    found = rows.filter(removed_at=None, gone_at=None, conference__in=ahead.values("pk"))
    found = found.filter(Exists(letters), ~Exists(reached)).select_related("conference")
    return found.alias(last=last).exclude(last=Invitation.Purpose.CANCEL)
