"""Decide whether people hear of a change that was made on the platform itself."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from integrations.base.records import Kind
from portal.common.errors import NotPossible
from portal.conferences import history, sentences
from portal.conferences.fields import canonical
from portal.conferences.mails import services as mails
from portal.conferences.mails.services import Act, Telling
from portal.conferences.models import Conference, PlatformChange
from portal.conferences.schedule.services import platform_changes
from portal.identity import roles

Decision = PlatformChange.Decision
SETTLED = _("This was settled meanwhile.")


@transaction.atomic
def answer(change: PlatformChange, telling: Telling, by: User | None) -> int:
    """Tell people of it, or leave it at that; answers how many are told. Raises NotPossible where
    it was settled meanwhile, NotAllowed."""
    roles.require(by)
    row = platform_changes.undecided(change.conference)
    if row is None or row.pk != change.pk:
        raise NotPossible(SETTLED)
    return carry_out(row, telling, by)


def concerned(change: PlatformChange) -> dict[str, Any]:
    """What `mails.must_hear` is asked with: of a return hear those who were told of the end."""
    if platform_changes.CANCELLED in change.after:
        return {"recalled": True}
    return {"changes": platform_changes.since(change.conference, {})}


def settled(conference: Conference, telling: Telling, by: User | None) -> None:
    """Close what is open after an answer about a newer change, of which it was a part; one that
    was undone by it was no question any more."""
    if change := platform_changes.undecided(conference):
        pairs = platform_changes.since(conference, {}).values()
        undone = all(canonical(old) == canonical(new) for old, new in pairs)
        told = Decision.TOLD if telling.tell else Decision.UNTOLD
        platform_changes.settle(change, Decision.UNDONE if undone else told, by)


def carry_out(change: PlatformChange, telling: Telling, by: User | None) -> int:
    """The answer itself; nobody (None) is the account's own setting. Within a transaction."""
    row = Conference.objects.select_for_update().get(pk=change.conference_id)
    if platform_changes.CANCELLED in change.after:
        told = mails.tell_after_all(row, by, telling)
    else:
        told = mails.tell(row, Act.RESCHEDULE, telling, by, **concerned(change))
    platform_changes.settle(change, Decision.TOLD if telling.tell else Decision.UNTOLD, by)
    platform = row.account.platform_name
    said = sentences.NOBODY_TOLD(platform=platform)
    if telling.tell:
        said = sentences.PEOPLE_TOLD(count=told, platform=platform)
    history.record(
        "people told" if telling.tell else "people not told",
        Kind.CONFERENCE,
        row.pk,
        actor=by,
        source="" if by else row.account.label,
        conference_id=row.pk,
        sentence=said,
    )
    return told
