"""Rows that need somebody: a conflict, an entry that failed, a brake."""

from integrations.base.records import Kind
from portal.common import clock
from portal.outbox.models import OutboxEntry
from portal.sync.models import Conflict, Hold, PlatformLink
from tests.factories import ConferenceFactory


def conflict(account, sort=Conflict.Sort.FIELD, title="Briefing", **values):
    """A conflict about a webinar of its own; of a field both sides hold a value."""
    row = ConferenceFactory(account=account, title=title)
    link = PlatformLink.objects.create(
        account=account, kind=Kind.CONFERENCE, local_id=row.pk, external_id=str(row.pk)
    )
    both = {
        "field": "title",
        "ours": "Our <i>title</i>",
        "theirs": "Their title",
        "base": "Old title",
        "winner": "theirs",
    }
    given = both if sort == Conflict.Sort.FIELD else {}
    given["sentence"] = f"{title}: look at it."
    return Conflict.objects.create(
        account=account,
        link=link,
        kind=Kind.CONFERENCE,
        local_id=row.pk,
        sort=sort,
        at=clock.now(),
        **(given | values),
    )


def entry(account, state="failed", **values):
    """An outbox entry about a webinar of its own, where none is given (`local_id`)."""
    given = {"kind": Kind.CONFERENCE, "problem": "No."} | values
    if "local_id" not in given:
        given["local_id"] = ConferenceFactory(account=account, title="Refused one").pk
    return OutboxEntry.objects.create(
        account=account, state=state, created_at=clock.now(), not_before=clock.now(), **given
    )


def held(account, lost="Lost", **values):
    """A brake with four webinars missing."""
    missing = [{"id": str(n), "local_id": None, "title": f"{lost} {n}"} for n in range(4)]
    given = {"kind": Kind.CONFERENCE, "reason": "Too much is missing.", "missing": missing}
    return Hold.objects.create(account=account, since=clock.now(), **(given | values))
