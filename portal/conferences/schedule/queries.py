"""What the pages ask about conferences; every list costs a fixed number of SQL queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone

from portal.conferences import repeating, states, tallies
from portal.conferences.models import (
    Conference,
    Invitation,
    Job,
    Moderator,
    Recording,
    Registration,
    Session,
)
from portal.conferences.models.folded import occurs
from portal.conferences.models.job import OPEN
from portal.conferences.schedule.forms.moment import LONGEST_MINUTES
from portal.platforms.models import PlatformAccount

# No webinar is longer; what says so begins with nothing that could still run.
LONGEST = timedelta(minutes=LONGEST_MINUTES)
# Columns that no list shows.
WIDE = ("search_key", "description", "options", "planned_clock", "password", "cancel_reason")
UPCOMING, PAST, ALL, CUSTOM = "upcoming", "past", "all", "custom"
NOT_CANCELLED, ANY_STATE = "", "any"
SORTS: dict[str, Any] = {
    "start": F("starts_at"),
    "title": F("title_key"),
    "account": Lower("account__label"),
    "people": F("people_counted"),
    "changed": F("updated_at"),
}


def conferences() -> QuerySet[Conference]:
    """All of them with account, end and how many are registered."""
    rows = states.with_end(Conference.objects.select_related("account__runtime"))
    return rows.annotate(people=tallies.standing("conference"))


def accounts() -> QuerySet[PlatformAccount]:
    """The accounts that staff choose from."""
    return PlatformAccount.objects.order_by(Lower("label"))


def listing(chosen: Mapping[str, Any], *, span: bool = True) -> QuerySet[Conference]:
    """The conferences that a list's filters leave, sorted; `span=False` leaves out the time range.

    `chosen` may hold q, account, platform, state, range, since, until (the viewer's days) and sort.
    """
    rows = conferences().defer("search_key")
    if words := str(chosen.get("q") or "").strip():
        rows = rows.filter(_found(words))
    if account := chosen.get("account"):
        rows = rows.filter(account=account)
    if platform := chosen.get("platform"):
        rows = rows.filter(account__platform=platform)
    rows = rows.filter(_in_state(str(chosen.get("state") or "")))
    if span:
        rows = rows.filter(in_span(chosen))
    return rows.order_by(*_order(chosen))


def _found(words: str) -> Q:
    people = Moderator.objects.filter(conference=OuterRef("pk"), removed_at=None)
    wanted = occurs(words, "search_key")
    return wanted | Q(Exists(people.filter(wanted)))


def _in_state(state: str) -> Q:
    if state == NOT_CANCELLED:
        return Q(removed_at__isnull=True)
    return Q() if state == ANY_STATE else states.having(state)


def in_span(chosen: Mapping[str, Any]) -> Q:
    """What the time range of a list leaves."""
    span = chosen.get("range") or UPCOMING
    if span == CUSTOM:
        first, last = chosen.get("since"), chosen.get("until")
        since = Q(starts_at__gte=midnight(first)) if first else Q()
        until = Q(starts_at__lt=midnight(last + timedelta(days=1))) if last else Q()
        return since & until
    return {PAST: states.past(), ALL: Q()}.get(span, states.ahead())


def _order(chosen: Mapping[str, Any]) -> list[Any]:
    asked = str(chosen.get("sort") or "")
    if asked.removeprefix("-") not in SORTS:
        asked = "-start" if chosen.get("range") == PAST else "start"
    by = SORTS[asked.removeprefix("-")]
    if asked.startswith("-"):
        return [by.desc(nulls_last=True), "-pk"]
    return [by.asc(nulls_last=True), "pk"]


def spans(rows: QuerySet[Conference]) -> dict[str, int]:
    """How many of a `listing` without its time range each time range holds, in one query."""
    return rows.order_by().aggregate(
        upcoming=Count("pk", filter=states.ahead()),
        past=Count("pk", filter=states.past()),
        all=Count("pk"),
    )


def midnight(day: date) -> datetime:
    """The first moment of a day by the viewer's clock."""
    return timezone.make_aware(datetime.combine(day, time()))


def span_of(first: date, last: date) -> tuple[datetime, datetime]:
    """From the first moment of the viewer's first day to that after the last one."""
    return midnight(first), midnight(last + timedelta(days=1))


def between(first: date, last: date, chosen: Mapping[str, Any]) -> QuerySet[Conference]:
    """What starts on the viewer's days from first to last, cancelled ones too, in time's order.
    `chosen` may hold q, account and platform."""
    rows = states.with_end(Conference.objects.select_related("account"))
    rows = rows.defer(*WIDE).filter(starts_at__gte=midnight(first))
    rows = rows.filter(starts_at__lt=midnight(last + timedelta(days=1)))
    return rows.filter(meant(chosen)).order_by("starts_at", "pk")


def with_repeats(
    rows: Iterable[Conference], first: date, last: date, chosen: Mapping[str, Any]
) -> list[Conference]:
    """What starts between two days, and beside it the further dates of what a platform repeats by
    itself, as copies of their row; in time's order."""
    start, end = span_of(first, last)
    again = repeating.on_each_date(repeating.repeated(meant(chosen)), start, end)
    found = [row for row in (*rows, *again) if row.starts_at is not None]
    return sorted(found, key=lambda row: (row.starts_at, row.pk))


def running(first: date, last: date, chosen: Mapping[str, Any]) -> QuerySet[Conference]:
    """What takes place at some time of these days, begun before them or not; whole rows without
    their accounts, as the sync lines of many are asked for."""
    since, until = midnight(first), midnight(last + timedelta(days=1))
    rows = states.with_end(Conference.objects.defer("search_key"))
    rows = rows.filter(starts_at__gt=since - LONGEST, starts_at__lt=until)
    begun = Q(starts_at__gte=since) | Q(end__gt=since)
    return rows.filter(begun, meant(chosen)).order_by("starts_at", "pk")


def speakers(rows: Iterable[Conference]) -> dict[int, list[tuple[str, str]]]:
    """Who runs these conferences: row -> (address in small letters, name)."""
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    wanted = Moderator.objects.filter(conference__in=[row.pk for row in rows], removed_at=None)
    columns = ("conference_id", "email", "name")
    for pk, email, name in wanted.order_by("name", "pk").values_list(*columns):
        found[pk].append((email.casefold(), name or email))
    return found


def permanent_rooms(chosen: Mapping[str, Any]) -> QuerySet[Conference]:
    """Rooms that stand in no calendar because they are always there."""
    rows = conferences().filter(removed_at=None, draft=False, starts_at=None)
    return rows.filter(meant(chosen)).order_by("title_key")


def meant(chosen: Mapping[str, Any]) -> Q:
    """What the filters of the calendar leave."""
    words = str(chosen.get("q") or "").strip()
    found = _found(words) if words else Q()
    if account := chosen.get("account"):
        found &= Q(account=account)
    if platform := chosen.get("platform"):
        found &= Q(account__platform=platform)
    return found


# What the page of a conference counts beside its registrations.
_STANDING: dict[str, Any] = {"removed_at": None}
_COUNTED: dict[str, tuple[Any, dict[str, Any]]] = {
    "moderators": (Moderator, _STANDING),
    "listed": (Registration, _STANDING),  # those who are only invited, too
    "sessions": (Session, _STANDING),
    "recordings": (Recording, _STANDING),
    "held": (Invitation, {"state": Invitation.State.HELD}),
}


def pages() -> QuerySet[Conference]:
    """Conferences with all that the page of one counts; `job_now`: whether long work goes on with
    their people."""
    # A name of its own for each: the relations have theirs.
    numbers = {f"{name}_now": _number(model, where) for name, (model, where) in _COUNTED.items()}
    running = Job.objects.filter(conference=OuterRef("pk"), state__in=OPEN)
    return conferences().annotate(**numbers, job_now=Exists(running))


def counts(conference: Any) -> dict[str, int]:
    """What the tabs of a conference's page hold, and how many of its mails are held back; of one
    that was read by `pages`."""
    found = {name: getattr(conference, f"{name}_now") for name in _COUNTED}
    found["registrations"] = found["listed"]
    return found | {"people": found["registrations"] + found["moderators"]}


def _number(model: Any, where: Mapping[str, Any]) -> Coalesce:
    rows = model.objects.filter(conference=OuterRef("pk"), **where).order_by()
    counted = rows.values("conference").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
