"""Give a conference another time: by the form, or where a block of the planner was dropped."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from portal.common import htmx
from portal.common.errors import NotPossible, Stale
from portal.conferences.models import Conference
from portal.conferences.schedule import queries
from portal.conferences.schedule.services import series
from portal.identity.requests import SignedInRequest
from portal.staff.answers import back
from portal.staff.presenters import words
from portal.staff.refusals import for_staff
from portal.staff.webinars.presenters.move import MovePage, reason_against_moving


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def reschedule(request: SignedInRequest, pk: int) -> HttpResponse:
    """One page for the choice, what comes of it, and the answer who hears of it."""
    conference = get_object_or_404(queries.conferences().select_related("series"), pk=pk)
    if reason := reason_against_moving(conference):
        messages.error(request, reason)
        return redirect("staff:conference", pk)
    page = MovePage(request, conference)
    if page.may_save() and (row := _move(page, request)):
        account = row.account
        moved = ngettext("Moved.", "%(count)d webinars are moved.", page.number)
        moved %= {"count": page.number}
        said = words.sentences(moved, words.delay(account), page.outcome)
        messages.success(request, said)
        return redirect(_back(request, pk))
    wrong = page.form.is_bound and bool(page.form.errors)
    context: dict[str, Any] = {"page": page, "form": page.form, "conference": page.conference}
    context |= {"next": _back(request, pk)}
    status = 422 if page.sent and (wrong or page.card is None or not page.card.open) else 200
    return htmx.render(
        request, "conferences/reschedule.html", context, partial="outcome", status=status
    )


def _back(request: SignedInRequest, pk: int) -> str:
    """The planner that it came from, where it came from there; else the webinar's page."""
    if request.POST.get("next") or request.GET.get("next"):
        return back(request, "staff:calendar")
    return reverse("staff:conference", args=[pk])


def _move(page: MovePage, request: SignedInRequest) -> Conference | None:
    version = page.form.cleaned_data.get("version")
    try:
        return series.change(
            page.conference,
            page.form.values,
            page.extent,
            request.user,
            -1 if version is None else version,
            notify=page.telling,
        )
    except Stale as stale:
        page.overtaken(stale)
    except NotPossible as no:
        page.form.add_error(None, no.sentence)
    return None
