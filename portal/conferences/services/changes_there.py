"""Decide whether people hear of a change that was made on the platform itself."""

from typing import Any

from django.db import transaction

from integrations.base.records import Kind
from portal.common import roles
from portal.common.errors import NotPossible
from portal.conferences import history, platform_changes
from portal.conferences.models import Conference, PlatformChange
from portal.conferences.services import mails
from portal.conferences.services.mails import Act, Telling
from portal.platforms.models import PlatformAccount

Decision = PlatformChange.Decision
SETTLED = "This was settled meanwhile."


@transaction.atomic
def answer(change: PlatformChange, telling: Telling, by: Any) -> int:
    """Tell people of it, or leave it at that; answers how many are told. Raises NotPossible where
    it was settled meanwhile, NotAllowed."""
    roles.require(by)
    row = platform_changes.undecided(change.conference)
    if row is None or row.pk != change.pk:
        raise NotPossible(SETTLED)
    return _answer(row, telling, by)


def concerned(change: PlatformChange) -> dict[str, Any]:
    """What `mails.must_hear` is asked with: without changes, all hear that it takes place."""
    if platform_changes.CANCELLED in change.after:
        return {}
    return {"changes": platform_changes.since(change.conference, {})}


def settled(conference: Conference, telling: Telling, by: Any) -> None:
    """An answer about a newer change was one about what was open, too: it is part of it."""
    if change := platform_changes.undecided(conference):
        platform_changes.settle(change, Decision.TOLD if telling.tell else Decision.UNTOLD, by)


def tell_by_itself(account: PlatformAccount) -> None:
    """Answer what is open, where the account is set to tell people without asking."""
    if account.changes_there != account.ChangesThere.TELL:
        return
    for change in platform_changes.waiting().filter(conference__account=account):
        with transaction.atomic():
            _answer(change, Telling(), None)


def _answer(change: PlatformChange, telling: Telling, by: Any) -> int:
    row = Conference.objects.select_for_update().get(pk=change.conference_id)
    told = mails.tell(row, Act.RESCHEDULE, telling, by, **concerned(change))
    platform_changes.settle(change, Decision.TOLD if telling.tell else Decision.UNTOLD, by)
    platform = row.account.platform_name
    who = f"{told} people are told" if telling.tell else "Nobody is told"
    history.record(
        "people told" if telling.tell else "people not told", Kind.CONFERENCE, row.pk, actor=by,
        source="" if by else row.account.label, conference_id=row.pk,
        sentence=f"{who} of the change on {platform}.",
    )  # fmt: skip
    return told
