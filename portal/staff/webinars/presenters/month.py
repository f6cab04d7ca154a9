"""A calendar month as weeks of days, with links to the months around it."""

import calendar
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from portal.common import clock
from portal.common.dates import CLOCK, written
from portal.conferences.models import Conference
from portal.conferences.schedule.forms.filters import AGENDA, MONTH, TIMELINE, WEEK
from portal.conferences.schedule.forms.moment import day_of
from portal.conferences.walltime import FIRST_YEAR, LAST_YEAR

WEEKDAYS = tuple(WEEKDAYS_ABBR[day] for day in range(7))
SHOWN_IN_A_DAY = 4
MOST_IN_AGENDA = 120  # webinars of a month on one page
_WEEKS = calendar.Calendar(firstweekday=0)
ByDay = dict[date, list[Conference]]


def today() -> date:
    """The day by the viewer's clock."""
    return timezone.localtime(clock.now()).date()


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a year."""

    year: int
    number: int

    @classmethod
    def read(cls, text: str) -> "Month":
        """ "2026-11" -> that month; this month for anything else."""
        try:
            first = datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 (a month has no zone)
        except ValueError:
            first = today()
        if not FIRST_YEAR <= first.year <= LAST_YEAR:
            first = today()
        return cls(first.year, first.month)

    def __str__(self) -> str:
        named = {"month": MONTHS[self.number], "year": self.year}
        return _("%(month)s %(year)d") % named

    @property
    def address(self) -> str:
        """As the query string names it."""
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def grid(self) -> list[list[date]]:
        """Whole weeks from Monday, with the days of the neighbours."""
        return _WEEKS.monthdatescalendar(self.year, self.number)

    @property
    def shown(self) -> tuple[date, date]:
        """The first and the last day of the grid."""
        return self.grid[0][0], self.grid[-1][-1]

    def moved(self, months: int) -> "Month":
        """The month so many later (or earlier)."""
        count = self.year * 12 + self.number - 1 + months
        return Month(count // 12, count % 12 + 1)

    def weeks(self, found: ByDay, account: Any = None) -> list[list[dict[str, Any]]]:
        """Weeks of days as the calendar component wants them; `account` is the one looked at."""
        return [[self._day(day, found.get(day, []), account) for day in week] for week in self.grid]

    def _day(self, day: date, items: list[Conference], account: Any) -> dict[str, Any]:
        url = _list_of(day)
        outside = day.month != self.number
        classes = {
            "only-wide": outside or not items,
            "outside": outside,
            "today": day == today(),
        }
        return {
            "date": day,
            "today": classes["today"],
            "classes": " ".join(name for name, has in classes.items() if has),
            "url": url if items else "",
            "items": [_item(row) for row in items[:SHOWN_IN_A_DAY]],
            "more": max(0, len(items) - SHOWN_IN_A_DAY),
            "more_url": url,
            "schedule_url": _schedule_on(day, account),
        }

    def busy(self, found: ByDay) -> list[date]:
        """The days of this month on which something happens."""
        return [day for day in sorted(found) if day.month == self.number]

    def days(self, found: ByDay, account: Any = None) -> list[dict[str, Any]]:
        """The same as the agenda wants them, as far as a page holds them."""
        days, room = [], MOST_IN_AGENDA
        for day in self.busy(found):
            items = found[day][:room]
            if not items:
                break
            room -= len(items)
            days.append(
                {
                    "date": day,
                    "today": day == today(),
                    "items": [_item(row) for row in items],
                    "schedule_url": _schedule_on(day, account),
                }
            )
        return days

    def left_out(self, found: ByDay) -> dict[str, Any]:
        """How many the agenda has no room for, and the list that goes on from there; empty where it
        has room for all."""
        before = 0
        for day in self.busy(found):
            before += len(found[day])
            if before > MOST_IN_AGENDA:
                every = sum(len(found[day]) for day in self.busy(found))
                last = max(self.busy(found))
                return {"count": every - MOST_IN_AGENDA, "url": _list_of(day, last)}
        return {}


def by_day(rows: Iterable[Conference]) -> ByDay:
    """What starts on each of the viewer's days."""
    found: ByDay = defaultdict(list)
    for row in rows:
        if row.starts_at:
            found[timezone.localtime(row.starts_at).date()].append(row)
    return found


def _item(row: Conference) -> dict[str, Any]:
    return {
        "title": row.title,
        "url": reverse("staff:conference", args=[row.pk]),
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "until": written(timezone.localtime(row.ends_at), CLOCK) if row.ends_at else "",
        "state": row.state,
        "note": row.account.label,
    }


def _list_of(first: date, last: date | None = None) -> str:
    until = (last or first).isoformat()
    query = urlencode({"since": first.isoformat(), "until": until, "state": "any"})
    return f"{reverse('staff:conferences')}?{query}"


def _schedule_on(day: date, account: Any) -> str:
    """The form with that day filled in; nothing for a day that is over."""
    if day < today():
        return ""
    query = {"date": day.isoformat()} | ({"account": account.pk} if account else {})
    return f"{reverse('staff:schedule')}?{urlencode(query)}"


def with_query(query: QueryDict, **changes: str) -> str:
    link = query.copy()
    for key, value in changes.items():
        link[key] = value
    return f"?{link.urlencode()}"


def navigation(query: QueryDict, month: Month) -> dict[str, str]:
    """Links to the month before, the one after, and this one."""
    now = today()
    return {
        "earlier": with_query(query, month=month.moved(-1).address),
        "later": with_query(query, month=month.moved(1).address),
        "today": with_query(query, month=Month(now.year, now.month).address),
        "earlier_label": _("Earlier month"),
        "later_label": _("Later month"),
    }


def views(query: QueryDict, view: str) -> list[dict[str, Any]]:
    """The ways to look at the calendar; each keeps the filters and the place in time."""
    if view in (MONTH, AGENDA):
        month, now = Month.read(query.get("month", "")), today()
        here = (now.year, now.month) == (month.year, month.number)
        day = now if here else date(month.year, month.number, 1)
    else:
        day = day_of(query.get("day", "")) or today()
        month = Month(day.year, day.month)
    places = {"month": month.address, "day": day.isoformat()}
    labels = (
        (MONTH, _("Month"), "calendar-days"),
        (AGENDA, _("Agenda"), "list-bullet"),
        (WEEK, _("Week"), "calendar"),
        (TIMELINE, _("Timeline"), "queue-list"),
    )
    return [
        {
            "label": label,
            "url": with_query(query, view=name, **places),
            "active": name == view,
            "icon": icon,
        }
        for name, label, icon in labels
    ]
