"""The start page: a queue of work. What runs now, what comes next, what needs a person."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet
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
from portal.platforms.models import PlatformAccount
from portal.staff.attention.presenters import rows as presenter
from portal.sync import queries

DAYS_AHEAD = timedelta(days=7)
MOST_LIVE, MOST_NEXT, MOST_WAITING = 12, 25, 6


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Now, next, needs attention, and how the accounts are."""
    moment = clock.now()
    rows = list(_running_and_next(moment))
    views = queries.account_views()
    accounts = [one.account for one in views]
    cards = _cards(rows, accounts)
    live = [card for card in cards if card["conference"].starts_at <= moment]
    waiting = sum(one.wants for one in views)
    context = {
        "attention_count": waiting,
        "doubtful": [one for one in views if not one.fresh],
        "mail_trouble": mails.trouble(),
        "live": live,
        "days": _days(cards[len(live) :]),
        "waiting": waiting,
        "rows": presenter.rows(queries.attention(limit=MOST_WAITING, accounts=accounts))
        if waiting
        else [],
        "views": views,
    }
    return render(request, "home/home.html", context)


def _running_and_next(moment: datetime) -> QuerySet[Conference]:
    """What runs now, and after it what comes next, in one statement."""
    runs = states.having(Conference.State.LIVE, moment)
    comes = states.having(Conference.State.SCHEDULED, moment)
    comes &= Q(starts_at__gt=moment, starts_at__lt=moment + DAYS_AHEAD)
    rows = states.with_end(Conference.objects.filter(gone_at=None)).order_by("starts_at", "id")
    live, upcoming = rows.filter(runs)[:MOST_LIVE], rows.filter(comes)[:MOST_NEXT]
    chosen = Q(pk__in=live.values("pk")) | Q(pk__in=upcoming.values("pk"))
    found = schedule.conferences().filter(chosen).order_by("starts_at", "id")
    # There are no more; said again, for a database that expects most of the table to be chosen.
    return found[: MOST_LIVE + MOST_NEXT]


def _cards(rows: Iterable[Any], accounts: Iterable[PlatformAccount]) -> list[dict[str, Any]]:
    """Each conference with its sync line, for all of them in a fixed number of queries. `counted`:
    where the platform's list of registrations is not read, nobody knows that there are none."""
    lines = queries.lines({Kind.CONFERENCE: rows}, accounts)[Kind.CONFERENCE]
    return [
        {
            "conference": row,
            "sync": lines[row.pk],
            "counted": row.people or _reads_registrations(row),
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
