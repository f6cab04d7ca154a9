"""Somebody got another address on the platform: whether their invitation follows them there."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from integrations.base.records import Kind
from portal.common import clock
from portal.conferences import history
from portal.conferences.mails import queries as written_to
from portal.conferences.mails import services as mails
from portal.conferences.mails.services import Act, Telling
from portal.platforms.models import PlatformAccount
from portal.sync import sentences
from portal.sync.kinds import KINDS
from portal.sync.models import Conflict
from portal.sync.queries.attention import conflicts, moot

INVITE = "invite"  # the answer
ABOUT_ADDRESSES = (Conflict.Sort.ADDRESS, Conflict.Sort.REFUSED)


def person_of(conflict: Conflict) -> Any:
    """The person or speaker whom a question is about; None where they are no longer here."""
    return KINDS[Kind(conflict.kind)].mirror.row(conflict.local_id or 0)


def follow(conflict: Conflict, by: User | None, telling: Telling) -> None:
    """Invite them at the address of today, wherever they were written to at another."""
    person = person_of(conflict)
    if person is None:
        return
    if conflict.kind == Kind.ATTENDEE:
        mails.follow_address(person, telling, by)
    elif written_to.speaker_missed(person):
        mails.tell(person.conference, Act.ASSIGN, telling, by, moderators=[person])


def by_itself(account: PlatformAccount) -> None:
    """Answer what is open, where an account is set to tell people of changes there; what would
    send nothing any more ends without an answer."""
    asked = conflicts().filter(account=account, sort__in=ABOUT_ADDRESSES)
    if asked.exists():
        asked.filter(moot()).update(resolved_at=clock.now(), resolution="over")
    if account.changes_there != account.ChangesThere.TELL:
        return
    rows = Conflict.objects.filter(account=account, sort=Conflict.Sort.ADDRESS, resolved_at=None)
    for pk in list(rows.values_list("pk", flat=True)):
        with transaction.atomic():
            conflict = rows.select_for_update().filter(pk=pk).first()
            if conflict is None:
                continue
            follow(conflict, None, Telling())
            conflict.resolved_at, conflict.resolution = clock.now(), INVITE
            conflict.save(update_fields=["resolved_at", "resolution"])
            history.record(
                "people told",
                conflict.kind,
                conflict.local_id or 0,
                source=account.label,
                sentence=sentences.INVITATION_FOLLOWS,
            )
