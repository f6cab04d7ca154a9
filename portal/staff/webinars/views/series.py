"""A series: its dates, and one more of them."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from integrations.base.records import Kind
from portal.common import htmx
from portal.common.pages import Pages
from portal.conferences.audience import series_page_queries
from portal.conferences.audience import series_queries as of_people
from portal.conferences.mails.services.news import with_values
from portal.conferences.models import Attendee, Conference, Series
from portal.conferences.schedule import series_queries as queries
from portal.conferences.schedule.forms.added_date import AddedDateForm
from portal.conferences.schedule.services import series as service
from portal.identity.requests import SignedInRequest
from portal.staff.answers import asked, posted
from portal.staff.presenters import words
from portal.staff.presenters.send_card import typed_pairs
from portal.staff.refusals import for_staff
from portal.staff.webinars.presenters import extents
from portal.staff.webinars.presenters import series as present
from portal.staff.webinars.presenters.buttons import reason_of_role
from portal.sync import queries as sync

PAGE = 50
METHODS = ["GET", "HEAD", "POST"]


@require_safe
def series(request: SignedInRequest, pk: int) -> HttpResponse:
    """All its dates with their state and their people."""
    row = get_object_or_404(Series, pk=pk)
    page = Pages(queries.dates(row), PAGE).get_page(request.GET.get("page"))
    chips = sync.lines({Kind.CONFERENCE: page.object_list})[Kind.CONFERENCE]
    role = reason_of_role(request.user)
    dates = of_people.Dates(row)
    ahead = len(dates.ahead)
    context = {
        "series": row,
        "about": present.about(row),
        "dates": dates,
        "counters": of_people.counters(dates),
        "page": page,
        "rows": present.table(page.object_list, chips),
        "role_reason": role,
        "add_reason": role or service.reason_of_numbers(len(dates.rows), ahead),
        "next": _next(row, page),
        "extent": extents.whole(ahead),
        "invite_reason": role or ("" if ahead else _("No date of it lies ahead.")),
    }
    return render(request, "series/page.html", context)


def _next(row: Series, page: Any) -> Conference | None:
    """The next date; where all dates before it are on the page too, no statement asks for it."""
    if page.number == 1 and (found := service.first_ahead(page.object_list)):
        return found
    return service.ahead(row).first()


@require_http_methods(METHODS)
@for_staff
def add(request: SignedInRequest, pk: int) -> HttpResponse:
    """One more date, once it is said whether those who run it are invited."""
    row = get_object_or_404(Series, pk=pk)
    like, reason = service.model(row), service.reason_against_adding(row)
    every = series_page_queries.every_date(row)
    form = AddedDateForm(posted(request), series=row, like=like, every_date=every.count())
    if reason or like is None or not form.is_bound or not form.is_valid() or form.moment is None:
        return _added_date(request, {"series": row, "form": form, "like": like, "reason": reason})
    if "refresh" in request.POST:
        context = {"series": row, "form": form, "like": like}
        date = with_values(like, {"starts_at": form.moment.instant, "timezone": form.moment.zone})
        return _added_date(request, context | {"beside": present.beside(date)})
    return _add(request, row, like, form, list(every) if form.registers else [])


def _added_date(request: SignedInRequest, context: dict[str, Any]) -> HttpResponse:
    """The form, or what else takes place at the time that was typed into it."""
    wrong = context["form"].errors and "refresh" not in request.POST
    return htmx.render(
        request, "series/add.html", context, partial="beside", status=422 if wrong else 200
    )


def _add(
    request: SignedInRequest,
    row: Series,
    like: Conference,
    form: AddedDateForm,
    people: list[Attendee],
) -> HttpResponse:
    moment, made = form.moment, []
    assert moment is not None  # noqa: S101 - the form is in order
    planned = with_values(like, {"starts_at": moment.instant, "timezone": moment.zone})
    hidden = typed_pairs(request.POST)
    question = present.adding(row, planned, request.user, posted(request), hidden, people)
    telling = question.card.telling

    def act() -> None:
        date = service.add_date(
            row, moment.instant, moment.zone, request.user, telling, register=bool(people)
        )
        made.append(date)

    said = words.sentences(present.added(len(people)), words.when_sent(like.account))
    return asked(request, question, act, said, "staff:series", row.pk)
