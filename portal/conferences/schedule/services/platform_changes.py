"""Keep what was changed on the platform itself until somebody decides whether people hear of it.

Written in the transaction of the news; so it must not know the outbox (news never echoes).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet

from integrations.base.records import Kind, parse_instant
from portal.common import clock
from portal.conferences import history, repeating, sentences, states
from portal.conferences.fields import NOTIFIED_FIELDS, canonical
from portal.conferences.models import Conference, Moderator, PlatformChange, Registration

Decision = PlatformChange.Decision
STARTS_AT = "starts_at"
CANCELLED = "cancelled"  # stands among the fields where people had been told of a cancellation


def keep(conference: Conference, before: Mapping[str, Any], source: str = "") -> None:
    """Note what of a conference is different now from `before` (canonical fields), as far as
    people hear of it. What is open already keeps its oldest values; changed back, it closes.

    Call it within the transaction of the change, after the row was saved. `source` names the
    account in the history.
    """
    told = {n: canonical(v) for n, v in before.items() if n in NOTIFIED_FIELDS or n == CANCELLED}
    start = told.get(STARTS_AT)
    if start and repeating.goes_on(conference, parse_instant(start)):
        del told[STARTS_AT]  # the next date of what repeats is no news to anybody
    if not told or conference.draft:
        return
    row = _open(conference) or PlatformChange(conference=conference)
    before_all = told | row.before
    now = {name: _value(conference, name) for name in before_all}
    changed = [name for name in now if now[name] != before_all[name]]
    if not changed:
        if row.pk:
            settle(row, Decision.UNDONE)
        return
    if not _anybody(conference):
        return
    row.before = {name: before_all[name] for name in changed}
    row.after = {name: now[name] for name in changed}
    row.at = clock.now()
    row.save()
    if conference.account.changes_there == conference.account.ChangesThere.NEVER:
        settle(row, Decision.UNTOLD)
        history.record(
            "people not told",
            Kind.CONFERENCE,
            conference.pk,
            source=source,
            sentence=sentences.NOBODY_TOLD_HERE,
            conference_id=conference.pk,
        )


def since(conference: Conference, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The changes to `values` as people must hear of them: field -> (old, new). What they were
    not told of so far counts in, so that the old value is the one that they know."""
    return _since(conference, values, undecided(conference))


def _since(
    conference: Conference, values: Mapping[str, Any], waits: PlatformChange | None
) -> dict[str, tuple[Any, Any]]:
    found = {n: (getattr(conference, n), v) for n, v in values.items() if n in NOTIFIED_FIELDS}
    for name, old in waits.before.items() if waits else ():
        if name in NOTIFIED_FIELDS:
            found[name] = (old, values.get(name, getattr(conference, name)))
    return found


def since_each(
    pairs: Iterable[tuple[Conference, Mapping[str, Any]]],
) -> list[dict[str, tuple[Any, Any]]]:
    """`since` of several conferences, in one statement."""
    some = list(pairs)
    rows = waiting().filter(conference__in=[conference.pk for conference, _values in some])
    waits = {row.conference_id: row for row in rows}
    return [_since(one, values, waits.get(one.pk)) for one, values in some]


def settle(row: PlatformChange, decision: str, by: User | None = None) -> None:
    """Close it with its answer."""
    row.decision, row.decided_at, row.decided_by = decision, clock.now(), by
    row.save(update_fields=["decision", "decided_at", "decided_by"])


def undecided(conference: Conference) -> PlatformChange | None:
    """What waits for a decision about this conference, as long as people can still hear of it."""
    return waiting().filter(conference=conference).first()


def marked(rows: QuerySet[Conference]) -> QuerySet[Conference]:
    """Conferences with `undecided`: whether a change of one waits for a decision."""
    return rows.annotate(undecided=Exists(waiting().filter(conference=OuterRef("pk"))))


def waiting() -> QuerySet[PlatformChange]:
    """All that waits: of conferences that still lie ahead, with somebody who takes part.

    One that is over, was cancelled, or is gone on its platform is no question any more (or one of
    its own).
    """
    stands: dict[str, Any] = {"conference": OuterRef("conference"), "removed_at": None}
    people = Q(Exists(Registration.objects.filter(gone_at=None, **stands))) | Q(
        Exists(Moderator.objects.filter(gone_at=None, **stands))
    )
    ahead = states.with_end(Conference.objects.filter(removed_at=None, gone_at=None))
    ahead = ahead.filter(Q(end=None) | Q(end__gt=clock.Present()))
    rows = PlatformChange.objects.filter(decided_at=None).filter(people)
    return rows.filter(conference__in=ahead.values("pk"))


def _open(conference: Conference) -> PlatformChange | None:
    rows = PlatformChange.objects.select_for_update()
    return rows.filter(conference=conference, decided_at=None).first()


def _value(conference: Conference, name: str) -> Any:
    if name == CANCELLED:
        return conference.removed_at is not None
    return canonical(getattr(conference, name))


def _anybody(conference: Conference) -> bool:
    stands = {"removed_at": None, "gone_at": None}
    return (
        conference.registrations.filter(**stands).exists()
        or conference.moderators.filter(**stands).exists()
    )
