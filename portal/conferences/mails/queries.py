"""Who was written to at an address that is no longer theirs. It must not know the outbox."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from portal.common import clock
from portal.conferences import states
from portal.conferences.models import (
    AskedPerson,
    Attendee,
    Conference,
    Invitation,
    MailTemplate,
    Moderator,
    Registration,
)

State = Invitation.State


def missed(person: Attendee) -> list[Registration]:
    """Where somebody takes part, in what lies ahead, and was written to, but never at the address
    of today."""
    rows = all_missed().filter(attendee=person)
    return list(rows.select_related("attendee", "conference"))


def all_missed() -> QuerySet[Registration]:
    """The same of everybody."""
    letters = Invitation.objects.filter(registration=OuterRef("pk"))
    return _missed(Registration.objects.all(), letters, "attendee__email")


def speaker_missed(person: Moderator) -> bool:
    """The same about somebody who runs a conference."""
    return speakers_missed().filter(pk=person.pk).exists()


def speakers_missed() -> QuerySet[Moderator]:
    """All those who run a conference."""
    letters = Invitation.objects.filter(moderator=OuterRef("pk"))
    return _missed(Moderator.objects.all(), letters, "email")


def ahead() -> QuerySet[Conference]:
    """What has not ended, and neither was cancelled nor is gone."""
    rows = states.with_end(Conference.objects.filter(removed_at=None, gone_at=None))
    return rows.filter(Q(end=None) | Q(end__gt=clock.Present()))


def _missed(rows: QuerySet[Any], letters: QuerySet[Invitation], email: str) -> QuerySet[Any]:
    """`email` leads to the address of today from the rows."""
    letters = letters.exclude(state=State.DROPPED)
    # What waits goes to the new address by itself.
    reached = letters.filter(
        Q(to_email__iexact=OuterRef(email)) | Q(state__in=[State.WAITING, State.HELD])
    )
    last = Subquery(letters.order_by("-id").values("purpose")[:1])
    found = rows.filter(removed_at=None, gone_at=None, conference__in=ahead().values("pk"))
    found = found.filter(Exists(letters), ~Exists(reached))
    missed: QuerySet[Any] = found.alias(last=last).exclude(last=Invitation.Purpose.CANCEL)
    return missed


def templates_by_purpose() -> list[tuple[MailTemplate.Purpose, list[MailTemplate]]]:
    """What staff wrote for each kind of mail."""
    rows = list(MailTemplate.objects.select_related("account", "changed_by"))
    return [
        (purpose, [row for row in rows if row.purpose == purpose])
        for purpose in MailTemplate.Purpose
    ]


def mails_to(person: Attendee) -> QuerySet[Invitation]:
    """What one person was sent, or is to be sent, as an attendee, as a speaker, and as somebody who
    is asked for a date; newest first."""
    registered = Registration.objects.filter(attendee=person)
    speaking = Moderator.objects.filter(email__iexact=person.email)
    rows = Invitation.objects.filter(
        Q(registration__in=registered.values("pk"))
        | Q(moderator__in=speaking.values("pk"))
        | Q(asked__in=AskedPerson.objects.filter(email=person.email.lower()).values("pk"))
    )
    return rows.select_related("conference", "asked__poll").order_by("-id")
