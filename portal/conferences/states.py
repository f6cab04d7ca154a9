"""A conference's state in the database's terms; `Conference.state` says the same of one row."""

from datetime import datetime
from typing import Any

from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, Func, Q, QuerySet
from django.db.models.functions import Coalesce

from portal.common import clock
from portal.conferences.models import Conference
from portal.conferences.models.conference import ASSUMED_MINUTES

State = Conference.State


class _Minutes(Func):
    """A number of minutes as a duration; Django has no words for it that both databases take."""

    output_field = DurationField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """SQLite keeps durations as microseconds."""
        template = "(%(expressions)s * 60000000)"
        return super().as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """PostgreSQL has intervals."""
        template = "make_interval(mins => %(expressions)s)"
        return super().as_sql(compiler, connection, template=template, **context)


_END = ExpressionWrapper(
    F("starts_at") + _Minutes(Coalesce("duration_minutes", ASSUMED_MINUTES)),
    output_field=DateTimeField(),
)


def with_end(rows: QuerySet[Conference]) -> QuerySet[Conference]:
    """Add `end`, in UTC, as `Conference.over_at` says it; null where there is no start."""
    return rows.annotate(end=_END)


def having(state: str, moment: datetime | None = None) -> Q:
    """The condition for rows `with_end` to be in a state at a moment (now)."""
    moment = moment or clock.now()
    kept = Q(removed_at__isnull=True)
    told = kept & Q(draft=False)
    begun = Q(starts_at__lte=moment)
    over = begun & Q(end__lte=moment)
    conditions: dict[str, Q] = {
        State.CANCELLED: Q(removed_at__isnull=False),
        State.DRAFT: kept & Q(draft=True),
        State.SCHEDULED: told & (Q(starts_at__isnull=True) | Q(starts_at__gt=moment)),
        State.LIVE: told & begun & (Q(end__isnull=True) | Q(end__gt=moment)),
        State.ENDED: told & over,
    }
    return conditions[state]


def ahead(moment: datetime | None = None) -> Q:
    """What staff still have before them: not over yet, or a draft, whenever it was meant for."""
    moment = moment or clock.now()
    kept = Q(removed_at__isnull=True)
    to_come = Q(starts_at__isnull=True) | Q(starts_at__gt=moment) | Q(end__gt=moment)
    return to_come | (kept & (Q(end__isnull=True) | Q(draft=True)))


def past(moment: datetime | None = None) -> Q:
    """The rest: every row is either `ahead` or `past`."""
    moment = moment or clock.now()
    removed = Q(removed_at__isnull=False)
    over = Q(end__lte=moment) | (Q(end__isnull=True) & removed)
    return Q(starts_at__lte=moment) & over & (removed | Q(draft=False))


def overlapping(rows: QuerySet[Conference], start: datetime, end: datetime) -> QuerySet[Conference]:
    """Those of the rows that run at some time between two instants."""
    planned: QuerySet[Any] = with_end(rows).filter(removed_at__isnull=True)
    return planned.filter(starts_at__lt=end, end__gt=start)
