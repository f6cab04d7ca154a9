"""The registration page of a webinar, as staff set it up, and what people answered there."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from portal.common.errors import NotPossible
from portal.common.forms import put_refusal
from portal.conferences.audience import given, queries
from portal.conferences.audience.forms.registration_page import PageForm, question_rows
from portal.conferences.audience.services import registration_pages as service
from portal.conferences.models import Conference
from portal.identity.requests import SignedInRequest
from portal.staff.audience.presenters import registration_page as present
from portal.staff.refusals import for_staff
from portal.staff.webinars.presenters.buttons import reason_of_role


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Settings and questions, all in one form; a button keeps them and gives further rows."""
    conference = _conference(pk)
    page = service.of(conference)
    data = request.POST if request.method == "POST" else None
    there = present.there(conference.account)
    form, rows = PageForm(data, instance=page), question_rows(page, data, there.help)
    if data is not None and form.is_valid() & rows.is_valid():
        try:
            service.save(conference, form.cleaned_data, rows.questions, request.user)
        except NotPossible as no:
            put_refusal(form, no)
        else:
            messages.success(request, present.said(form.cleaned_data))
            return redirect("staff:registration-page", pk)
    counts = queries.counts(conference)
    context = {
        "conference": conference,
        "page": page,
        "form": form,
        "rows": rows,
        "address": service.address(page),
        "facts": present.facts(page, counts),
        "answers": given.answered(conference),
        "there": there,
        "fields_seen": given.fields_seen(conference),
        "reason": reason_of_role(request.user) or service.reason_against(conference),
        "wrong": data is not None,
    }
    return render(request, "register/edit.html", context, status=422 if data is not None else 200)


@require_safe
@for_staff
def answers(request: SignedInRequest, pk: int) -> HttpResponse:
    """What people answered, a page at a time."""
    conference = _conference(pk)
    context: dict[str, Any] = {"conference": conference}
    context |= given.page(conference, request.GET.get("page"))
    return render(request, "register/answers.html", context)


def _conference(pk: int) -> Conference:
    return get_object_or_404(Conference.objects.select_related("account"), pk=pk)
