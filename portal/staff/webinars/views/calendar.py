"""The calendar by the viewer's clock: a month, its days as a list, a week of hours, a timeline."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from portal.common import htmx
from portal.conferences.schedule import queries
from portal.conferences.schedule.forms.filters import AGENDA, MONTH, TIMELINE, WEEK, CalendarFilters
from portal.identity.requests import SignedInRequest
from portal.staff.webinars.presenters import month as present
from portal.staff.webinars.presenters.buttons import reason_of_role
from portal.staff.webinars.presenters.planner import Planner
from portal.sync import queries as sync


@require_safe
def calendar(request: SignedInRequest) -> HttpResponse:
    """One month, week or day; an address that names none, or none that exists, shows this one."""
    form = CalendarFilters(request.GET)
    chosen = form.chosen
    view = chosen.get("view", MONTH)
    planned = view in (WEEK, TIMELINE)
    shown = _planner(request, view, chosen) if planned else _month(request, view, chosen)
    context = {
        "form": form,
        "view": view,
        "views": present.views(request.GET, view),
        "rooms": queries.permanent_rooms(chosen),
        "role_reason": reason_of_role(request.user),
    }
    return htmx.render(request, "calendar/calendar.html", context | shown, partial="planner")


def _month(request: SignedInRequest, view: str, chosen: dict[str, Any]) -> dict[str, Any]:
    account = chosen.get("account")
    month = present.Month.read(request.GET.get("month", ""))
    rows = queries.with_repeats(queries.between(*month.shown, chosen), *month.shown, chosen)
    rows = sync.with_listed_dates(rows, *queries.span_of(*month.shown), queries.meant(chosen))
    found = present.by_day(rows)
    agenda = view == AGENDA
    return {
        "title": month,
        "weeks": [] if agenda else month.weeks(found, account),
        "days": month.days(found, account) if agenda else [],
        "left_out": month.left_out(found) if agenda else {},
        "nothing": not month.busy(found),
        "weekdays": present.WEEKDAYS,
        "nav": present.navigation(request.GET, month),
    }


def _planner(request: SignedInRequest, view: str, chosen: dict[str, Any]) -> dict[str, Any]:
    planner = Planner(request.GET, view, chosen, request.user, request.get_full_path())
    return {
        "title": planner.days,
        "planner": planner,
        "days": planner.week() if view == WEEK else planner.days.days,
        "lines": planner.lines() if view == TIMELINE else [],
        "switches": planner.switches(request.GET) if view == TIMELINE else [],
        "nav": planner.days.navigation(request.GET),
        "nothing": not planner.found,
    }
