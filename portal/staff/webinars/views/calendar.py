"""A month of conferences, as a table and as a list of days, by the viewer's clock."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.conferences.schedule import queries
from portal.conferences.schedule.forms.filters import CalendarFilters
from portal.identity.requests import SignedInRequest
from portal.staff.webinars.presenters import month as present
from portal.staff.webinars.presenters.buttons import reason_of_role


@require_safe
def calendar(request: SignedInRequest) -> HttpResponse:
    """One month; an address that names none, or none that exists, shows this one."""
    form = CalendarFilters(request.GET)
    account = form.chosen.get("account")
    month = present.Month.read(request.GET.get("month", ""))
    rows = queries.between(*month.shown, account)
    found = present.by_day(queries.with_repeats(rows, *month.shown, account))
    agenda = request.GET.get("view") == "agenda"
    context = {
        "form": form,
        "month": month,
        "weeks": [] if agenda else month.weeks(found, account),
        "days": month.days(found, account) if agenda else [],
        "nothing": not month.busy(found),
        "weekdays": present.WEEKDAYS,
        "agenda": agenda,
        "nav": present.navigation(request.GET, month),
        "views": present.views(request.GET, agenda),
        "rooms": queries.permanent_rooms(account),
        "role_reason": reason_of_role(request.user),
    }
    return render(request, "calendar/calendar.html", context)
