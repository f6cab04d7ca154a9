"""The people of a series: who they are, how they stand at each date, as a page and as a file."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.common.htmx import render
from portal.conferences.audience import series_queries as queries
from portal.conferences.audience.forms.invite import IdsField
from portal.conferences.audience.services import exports, registration_pages
from portal.conferences.mails.services import series_reminders
from portal.conferences.models import Series
from portal.conferences.schedule.services import series as dating
from portal.conferences.schedule.services import series_people as service
from portal.identity.requests import SignedInRequest
from portal.staff.answers import asked, posted, safe_back
from portal.staff.audience.presenters import series_people as present
from portal.staff.refusals import for_staff
from portal.staff.webinars.presenters.buttons import reason_of_role
from portal.staff.webinars.presenters.extents import read_extent, whole

METHODS = ["GET", "HEAD", "POST"]


@require_safe
def people(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Each person once, with their marks at the dates, filtered, searched, in pages."""
    series = get_object_or_404(Series, pk=pk)
    dates = queries.Dates(series)
    context = {
        "series": series,
        "t": queries.table(dates, request.GET),
        "role_reason": reason_of_role(request.user),
        "page_of_its_own": bool(registration_pages.of(series).pk),
        **present.speakers(dates),
    }
    return render(request, "series/people.html", context, partial="table")


@require_http_methods(METHODS)
@for_staff
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask, then withdraw people from a date of the series and from others; as far as nobody says,
    from all that lie ahead."""
    series = get_object_or_404(Series, pk=pk)
    given = request.POST if request.method == "POST" else request.GET
    ids = IdsField(required=False).clean(given.getlist("person"))
    back = safe_back(given.get("back", ""), reverse("staff:series-people", args=[pk]))
    dates = dating.ahead(series)
    date = get_object_or_404(series.conferences, pk=given["from"]) if _number(given) else None
    date = date or dates.select_related("account", "series").first()
    if not ids or date is None:
        nobody = _("Nobody was ticked, so nothing was done.")
        messages.info(request, nobody if date else _("No date of this series lies ahead."))
        return HttpResponseRedirect(back)
    extent = read_extent(date, given if "extent" in given else {"extent": whole(dates.count())})
    question = present.withdrawing(date, extent, ids, request.user, posted(request), back)
    telling = question.card.telling
    return asked(
        request,
        question,
        lambda: service.withdraw(date, extent, ids, request.user, telling),
        _("Withdrawn from the dates."),
        back,
    )


def _number(given: QueryDict) -> bool:
    wanted = given.get("from", "")
    return wanted.isascii() and wanted.isdigit() and len(wanted) < 16


@require_http_methods(METHODS)
@for_staff
def remind(request: SignedInRequest, pk: int) -> HttpResponse:
    """Remind whoever has not answered, once the card was seen."""
    series = get_object_or_404(Series, pk=pk)
    dates = list(series_reminders.dates(series))
    if not dates:
        messages.info(request, _("No date of this series lies ahead."))
        return redirect("staff:series-people", pk)
    question = present.reminding(series, dates, request.user, posted(request))
    seen = request.POST.get("seen", "")

    def act() -> None:
        known = int(seen) if seen.isdecimal() and len(seen) < 19 else None
        series_reminders.remind(series, question.card.telling, request.user, known)

    return asked(request, question, act, "", "staff:series-people", pk)


@require_safe
@for_staff
def export(
    request: SignedInRequest, pk: int, form: str = exports.CSV
) -> HttpResponse | StreamingHttpResponse:
    """The people that the page shows, all pages of it, as a file."""
    series = get_object_or_404(Series, pk=pk)
    lines = exports.series(queries.Dates(series), request.GET)
    name = slugify(series.title)[:60] or "series"
    return exports.saved_as(form, lines, f"people-{name}")
