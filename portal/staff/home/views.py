"""The start page: a queue of work. What runs now, what comes next, what needs a person."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from integrations.base.records import Kind
from portal.common import clock
from portal.conferences import states
from portal.conferences.mails import services as mails
from portal.conferences.models import Conference
from portal.conferences.schedule import queries as schedule
from portal.staff.attention.presenters import rows as presenter
from portal.sync import queries

DAYS_AHEAD = timedelta(days=7)
MOST_LIVE, MOST_NEXT, MOST_WAITING = 12, 25, 6


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Now, next, needs attention, and how the accounts are."""
    live = list(_having(Conference.State.LIVE)[:MOST_LIVE])
    upcoming = list(_upcoming()[:MOST_NEXT])
    cards = _cards([*live, *upcoming])
    views = queries.account_views()
    waiting = sum(one.wants for one in views)
    context = {
        "attention_count": waiting,
        "doubtful": [one for one in views if not one.fresh],
        "mail_trouble": mails.trouble(),
        "live": cards[: len(live)],
        "days": _days(cards[len(live) :]),
        "waiting": waiting,
        "rows": presenter.rows(queries.attention(limit=MOST_WAITING)) if waiting else [],
        "views": views,
    }
    return render(request, "home/home.html", context)


def _having(state: str) -> QuerySet[Conference]:
    rows = schedule.conferences().filter(gone_at=None).filter(states.having(state))
    return rows.annotate(registered=F("people")).order_by("starts_at", "id")


def _upcoming() -> QuerySet[Conference]:
    until = clock.now() + DAYS_AHEAD
    return _having(Conference.State.SCHEDULED).filter(starts_at__lt=until)


def _cards(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Each conference with its sync line, for all of them in a fixed number of queries. `counted`:
    where the platform's list of registrations is not read, nobody knows that there are none."""
    lines = queries.lines({Kind.CONFERENCE: rows})[Kind.CONFERENCE]
    return [
        {
            "conference": row,
            "sync": lines[row.pk],
            "counted": row.registered or _reads_registrations(row),
        }
        for row in rows
    ]


def _reads_registrations(row: Conference) -> bool:
    return row.account.capabilities.kind(Kind.REGISTRATION).list.offered


def _days(cards: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The cards by the viewer's own days."""

    def day(card: dict[str, Any]) -> datetime:
        start = timezone.localtime(card["conference"].starts_at)
        return start.replace(hour=0, minute=0, second=0, microsecond=0)

    today = timezone.localtime(clock.now()).date()
    return [
        {"date": at, "days_off": (at.date() - today).days, "cards": list(some)}
        for at, some in groupby(cards, key=day)
    ]
