"""The registration page of a webinar or a series, as staff set it up, and who answered what."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.common.errors import NotPossible, Stale
from portal.common.forms import put_refusal
from portal.conferences.audience import answer_queries, queries, series_page_queries
from portal.conferences.audience.forms.invite import IdsField
from portal.conferences.audience.forms.registration_page import PageForm, question_rows
from portal.conferences.audience.services import exports, series_registrations
from portal.conferences.audience.services import registration_pages as service
from portal.conferences.models import Conference, Series
from portal.identity.requests import SignedInRequest
from portal.staff.answers import asked, posted, safe_back
from portal.staff.audience.presenters import page_overtaken
from portal.staff.audience.presenters import registration_page as present
from portal.staff.refusals import for_staff
from portal.staff.webinars.presenters.buttons import reason_of_role


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Settings and questions, all in one form; a button keeps them and gives further rows."""
    conference = _conference(pk)
    page = service.of(conference)
    context = {
        "conference": conference,
        "facts": present.facts(page, queries.counts(conference)),
        "answers": answer_queries.answered(conference),
        "fields_seen": answer_queries.fields_seen(conference),
        "beside": service.beside(conference),
    }
    return _edit(request, conference, page, "register/edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def edit_of_series(request: SignedInRequest, pk: int) -> HttpResponse:
    """The same of a series; it says how full each date is, and which has a page of its own."""
    series = _series(pk)
    page = service.of(series)
    number = series_page_queries.people(page).count() if page.pk else 0
    context = {
        "series": series,
        "facts": present.facts_of_series(number, series_page_queries.awaited_people(series)),
        "answers": number,
        "dates": present.dates_of_series(series_page_queries.dates(series)),
    }
    return _edit(request, series, page, "register/edit_series.html", context)


def _edit(
    request: SignedInRequest,
    owner: Conference | Series,
    page: Any,
    template: str,
    context: dict[str, Any],
) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    there = present.there(owner.account) if isinstance(owner, Conference) else present.There("")
    form, rows = PageForm(data, instance=page), question_rows(page, data, there.help)
    dates = service.dates_of(owner)
    off_there = service.off_there(dates)
    if data is not None and form.is_valid() & rows.is_valid():
        version = form.cleaned_data["version"]
        try:
            service.save(
                owner,
                form.cleaned_data,
                rows.questions,
                request.user,
                rows.seen,
                -1 if version is None else version,
                switch_on=form.cleaned_data["switch_on"],
            )
        except Stale as stale:
            page_overtaken.show(form, rows, service.of(owner), stale)
        except NotPossible as no:
            put_refusal(form, no)
        else:
            messages.success(request, present.said(form.cleaned_data, off_there))
            return redirect(request.path)
    context |= {
        "page": page if data is None else service.of(owner),  # as it stands, not as it was typed
        "form": form,
        "rows": rows,
        "address": service.address(page),
        "there": there,
        "off_there": present.off_there(off_there),
        "limits": service.limits_there(dates),
        "reason": reason_of_role(request.user) or service.reason_against(owner),
        "wrong": data is not None,
    }
    return render(request, template, context, status=422 if data is not None else 200)


@require_safe
@for_staff
def answers(request: SignedInRequest, pk: int) -> HttpResponse:
    """What people answered, a page at a time."""
    conference = _conference(pk)
    context: dict[str, Any] = {"conference": conference}
    context |= answer_queries.page(conference, request.GET.get("page"))
    return render(request, "register/answers.html", context)


# Of a series -------------------------------------------------------------------------------------


@require_safe
@for_staff
def people_of_series(request: SignedInRequest, pk: int) -> HttpResponse:
    """Who registered on the page of a series: one row a person, with their dates and answers."""
    series = _series(pk)
    page = service.of(series)
    context: dict[str, Any] = {"series": series}
    if page.pk:
        found = series_page_queries.people_page(page, request.GET.get("page"))
        context |= present.people_of_series(found)
        context["awaited"] = series_page_queries.awaited_people(series)
    return render(request, "register/people_of_series.html", context)


@require_safe
@for_staff
def export_of_series(
    request: SignedInRequest, pk: int, form: str = exports.CSV
) -> HttpResponse | StreamingHttpResponse:
    """The same as a file, with a column for each date."""
    series = get_object_or_404(Series, pk=pk)
    name = slugify(series.title)[:60] or "series"
    lines = exports.people_of_series(series, service.of(series))
    return exports.saved_as(form, lines, f"registered-{name}")


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def approve(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let people in who wait for it, each for all of their dates: those who are named, or all."""
    series = _series(pk)
    named = IdsField(required=False).clean(
        request.POST.getlist("person") or request.GET.getlist("person")
    )
    given = request.POST if request.method == "POST" else request.GET
    here = safe_back(given.get("back", ""), reverse("staff:series-registered", args=[pk]))
    if "ticked" in given and not named:
        messages.info(request, _("Nobody was ticked, so nothing was done."))
        return redirect(here)
    rows = series_registrations.awaited(series, named)
    if not rows:
        messages.info(request, _("Nobody waits for an approval any more."))
        return redirect(here)
    question = present.approving(series, rows, named, request.user, posted(request), here)
    persons, telling = {row.attendee_id for row in rows}, question.card.telling
    return asked(
        request,
        question,
        lambda: series_registrations.approve(series, persons, request.user, telling),
        present.approved(len(persons)),
        here,
    )


def _conference(pk: int) -> Conference:
    return get_object_or_404(Conference.objects.select_related("account"), pk=pk)


def _series(pk: int) -> Series:
    return get_object_or_404(Series, pk=pk)
