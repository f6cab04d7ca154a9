"""All that waits for a person, from everywhere, in one list."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from integrations.base.records import Kind
from portal.common import clock
from portal.common.texts import Words
from portal.conferences.mails import queries as written_to
from portal.conferences.models import Conference, Invitation, Registration
from portal.conferences.schedule import date_poll_queries
from portal.conferences.schedule.services import platform_changes
from portal.outbox import queries as outbox
from portal.outbox.models import OutboxEntry
from portal.platforms.models import PlatformAccount
from portal.sync.models import Conflict, Hold
from portal.sync.queries.names import Named, Ref, names

GONE, UNKNOWN = Conflict.Sort.GONE, OutboxEntry.State.UNKNOWN


@dataclass(frozen=True, slots=True)
class Source:
    """One table of which some rows wait for a person; `at` and `account` say where to look."""

    label: Words
    rows: Callable[[], QuerySet[Any]]
    at: Any = "created_at"
    account: str = "account_id"
    related: tuple[str, ...] = ()
    about_row: bool = False  # it has kind and local_id


SOURCES: dict[str, Source] = {
    "conflict": Source(
        _("Changed on both sides"),
        lambda: conflicts().exclude(sort=GONE).exclude(moot()),
        "at",
        about_row=True,
    ),
    "changed": Source(
        _("Changed on the platform"),
        lambda: platform_changes.waiting(),
        "at",
        account="conference__account_id",
        related=("conference",),
    ),
    "gone": Source(_("Removed there"), lambda: gone(), "at", about_row=True),
    "failed": Source(
        _("Not accepted"),
        lambda: outbox.stuck().exclude(state=UNKNOWN),
        related=("created_by",),
        about_row=True,
    ),
    "unknown": Source(
        _("Perhaps done"),
        lambda: outbox.stuck().filter(state=UNKNOWN),
        related=("created_by",),
        about_row=True,
    ),
    "late": Source(
        _("Waits for long"), lambda: outbox.late(), related=("created_by",), about_row=True
    ),
    "held": Source(_("Held by the brake"), lambda: holds(), "since"),
    "refused": Source(
        _("Credentials refused"),
        lambda: PlatformAccount.objects.filter(state=PlatformAccount.State.REJECTED),
        Coalesce("runtime__synced_at", "runtime__checked_at", "created_at"),
        "pk",
    ),
    "paused": Source(
        _("Paused by Lectern"),
        lambda: PlatformAccount.objects.filter(paused=True).exclude(paused_why=""),
        Coalesce("runtime__synced_at", "runtime__checked_at", "created_at"),
        "pk",
    ),
    "mail": Source(
        _("Mails not sent"),
        lambda: mails(),
        account="owner_id",
        related=("conference", "asked__poll"),
    ),
    "approval": Source(
        _("Waiting for approval"),
        lambda: approvals(),
        Coalesce("answered_at", "created_at"),
        account="conference__account_id",
        related=("conference__series",),
    ),
    "poll": Source(_("Date polls"), lambda: date_poll_queries.waiting(), "created_at"),
}


class Row(NamedTuple):
    """One line of the list before its object is read."""

    sort: str
    pk: int
    at: datetime
    account_id: int


@dataclass(frozen=True, slots=True)
class Item:
    """Something that waits for a person; `thing` is the conflict, entry, hold, account, mail,
    registration or change on the platform."""

    sort: str
    at: datetime
    account: PlatformAccount
    thing: Any
    named: Named

    @property
    def key(self) -> str:
        """A name for the line that no other line of the page has."""
        return f"{self.sort}-{self.thing.pk}"


def conflicts() -> QuerySet[Conflict]:
    """Conflicts that nobody has decided yet."""
    return Conflict.objects.filter(resolved_at=None)


def moot() -> Q:
    """Questions about an address whose answer would send nothing any more: what the person takes
    part in is over, or they were written to at that address meanwhile."""
    whose = OuterRef("local_id")
    people = written_to.all_missed().filter(attendee=whose)
    speakers = written_to.speakers_missed().filter(pk=whose)
    places = Registration.objects.filter(pk=whose, removed_at=None, gone_at=None)
    places = places.filter(conference__in=written_to.ahead().values("pk"))
    Sort = Conflict.Sort
    return (
        Q(~Exists(people), sort=Sort.ADDRESS, kind=Kind.ATTENDEE)
        | Q(~Exists(speakers), sort=Sort.ADDRESS, kind=Kind.MODERATOR)
        | Q(~Exists(places), sort=Sort.REFUSED, kind=Kind.REGISTRATION)
    )


def gone() -> QuerySet[Conflict]:
    """What a platform lost and nobody has settled; a webinar may be cancelled on its own page."""
    cancelled = Conference.objects.filter(pk=OuterRef("local_id"), removed_at__isnull=False)
    settled = Q(Exists(cancelled), kind=Kind.CONFERENCE)
    return conflicts().filter(sort=GONE).exclude(settled)


def holds() -> QuerySet[Hold]:
    """Brakes that nobody has released."""
    return Hold.objects.filter(ended_at=None, released=False)


def mails() -> QuerySet[Invitation]:
    """Mails that were not sent, or perhaps not: of each webinar (or date poll) and state the
    newest, which stands for all of them; `alike` is how many they are."""
    lost = (Invitation.State.FAILED, Invitation.State.UNKNOWN)
    stopped = Invitation.objects.filter(state__in=lost).annotate(topic=_TOPIC)
    rows = stopped.order_by().values("topic", "state")
    same = rows.filter(topic=OuterRef("topic"), state=OuterRef("state"))
    alike = Subquery(same.annotate(n=Count("pk")).values("n"))
    newest = rows.annotate(last=Max("pk")).values("last")
    found = Invitation.objects.filter(pk__in=newest)
    return found.annotate(topic=_TOPIC, owner_id=_OWNER).annotate(alike=alike)


# What a mail is about, as one number: a webinar, or (below zero) a date poll; and whose account.
_TOPIC = Coalesce("conference_id", F("asked__poll_id") * Value(-1))
_OWNER = Coalesce("conference__account_id", "asked__poll__account_id")


def approvals() -> QuerySet[Registration]:
    """People who wait until staff let them in: of each webinar, or series of webinars, the newest
    registration, which stands for all; `alike` is how many people they are."""
    waiting = Registration.objects.filter(stage=Registration.Stage.APPROVAL, removed_at=None)
    # Who waits is found by an index of its own; their conferences are few.
    coming = waiting.filter(Exists(written_to.ahead().filter(pk=OuterRef("conference"))))
    rows = coming.annotate(topic=_LET_IN_AT).order_by().values("topic")
    same = rows.filter(topic=OuterRef("topic"))
    alike = Subquery(same.annotate(n=Count("attendee", distinct=True)).values("n"))
    newest = rows.annotate(last=Max("pk")).values("last")
    found = Registration.objects.filter(pk__in=newest)
    return found.annotate(topic=_LET_IN_AT).annotate(alike=alike)


# Where people are let in, as one number: a webinar, or (below zero) a series.
_LET_IN_AT = Coalesce(
    F("conference__series_id") * Value(-1), "conference_id", output_field=BigIntegerField()
)


def attention_count() -> int:
    """How many things wait for a person; one statement."""
    return attention_counts().total()


def attention_counts() -> Counter[tuple[str, int]]:
    """(Sort, account) -> how many such things of it wait for a person; one statement."""
    sql, params = _counting()
    given = [one.read(connection) if isinstance(one, clock.Present) else one for one in params]
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return Counter({(sort, owner): number for sort, owner, number in cursor.fetchall()})


def attention(
    *,
    account: int | None = None,
    sort: str = "",
    limit: int = 50,
    accounts: Iterable[PlatformAccount] = (),
) -> list[Item]:
    """The newest things that wait, in a fixed number of queries. Every role may see them."""
    return items(attention_rows(account=account, sort=sort)[:limit], accounts)


def attention_rows(*, account: int | None = None, sort: str = "") -> Any:
    """The whole list, newest first, as one union that can be counted and sliced."""
    return _all_rows().all() if account is None and not sort else _rows(account, sort)


@cache
def _all_rows() -> Any:
    """Made once in a process, since to make it costs far more than to run it. What it asks of the
    present is read when it runs."""
    return _rows(None, "")


@cache
def _counting() -> tuple[str, tuple[Any, ...]]:
    """The statement that counts the whole list, with its parameters: every page runs it, and to
    write it as SQL takes longer than all else on some pages."""
    with clock.unread():
        sql, params = _all_rows().order_by().query.sql_with_params()
    counted = f'SELECT "name", "owner", COUNT(*) FROM ({sql}) AS w GROUP BY 1, 2'  # noqa: S608 (our own SQL)
    return counted, params


def _rows(account: int | None, sort: str) -> Any:
    parts = [
        _columns(name, source, account)
        for name, source in SOURCES.items()
        if not sort or name == sort
    ]
    return parts[0].union(*parts[1:], all=True).order_by("-moment", "name", "-row")


def one(thing: Any, sort: str = "conflict") -> Item | None:
    """A single thing as an item, where it still waits; a conflict finds its own sort."""
    for name in ("conflict", "gone") if sort == "conflict" else (sort,):
        rows = _columns(name, SOURCES[name], None).filter(pk=thing.pk)
        if found := items(rows):
            return found[0]
    return None


def items(rows: Iterable[tuple[Any, ...]], accounts: Iterable[PlatformAccount] = ()) -> list[Item]:
    """What the rows of the list speak of: one query for each table and kind that is concerned.
    `accounts` are all that there are, where somebody has read them already."""
    lines = [Row(*row) for row in rows]
    things = {
        name: _things(name, [row.pk for row in lines if row.sort == name]) for name in SOURCES
    }
    known = {one.pk: one for one in accounts or PlatformAccount.objects.all()}
    # A row may have been settled since the list was read, or its account be newer.
    there = [
        (row, things[row.sort][row.pk])
        for row in lines
        if row.pk in things[row.sort] and row.account_id in known
    ]
    named = names(_ref(thing) for row, thing in there if SOURCES[row.sort].about_row)
    return [
        Item(row.sort, row.at, known[row.account_id], thing, _name(row.sort, thing, named))
        for row, thing in there
    ]


def _columns(name: str, source: Source, account: int | None) -> Any:
    rows = _waiting(name).order_by()
    if account is not None:
        rows = rows.filter(**{source.account: account})
    at = F(source.at) if isinstance(source.at, str) else source.at
    label = Value(name, output_field=CharField())
    columns = rows.annotate(name=label, row=F("pk"), moment=at, owner=F(source.account))
    return columns.values_list("name", "row", "moment", "owner")


@cache
def _waiting(name: str) -> QuerySet[Any]:
    """A source's rows, as a query that is made once in a process: see `_all_rows`."""
    return SOURCES[name].rows()


def _things(name: str, ids: list[int]) -> dict[int, Any]:
    source = SOURCES[name]
    if not ids:
        return {}
    return {
        thing.pk: thing
        for thing in _waiting(name).select_related(*source.related).filter(pk__in=ids)
    }


def _ref(thing: Any) -> Ref:
    return thing.kind, thing.local_id


def _name(name: str, thing: Any, named: dict[Ref, Named]) -> Named:
    if SOURCES[name].about_row:
        return named[_ref(thing)]
    if name == "poll":
        return Named(thing.title, poll_id=thing.pk)
    if name == "mail" and thing.poll is not None:
        return Named(thing.poll.title, poll_id=thing.poll.pk)
    if name == "approval" and (series := thing.conference.series) is not None:
        return Named(series.title, series_id=series.pk)
    if name in ("mail", "changed", "approval"):
        return Named(thing.conference.title, conference_id=thing.conference_id)
    return Named(str(thing))
