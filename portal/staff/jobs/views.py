"""Long work: how far it is, what failed and why; cancel it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from portal.common.htmx import render
from portal.conferences.jobs import queries, services
from portal.identity.requests import SignedInRequest
from portal.staff.answers import ask_first
from portal.staff.jobs import presenters
from portal.staff.refusals import for_staff


@require_safe
def job(request: SignedInRequest, pk: int) -> HttpResponse:
    """How far it has come; the part that HTMX asks for polls only while it goes on."""
    row = get_object_or_404(queries.jobs(), pk=pk)
    context = {"shown": presenters.shown(row, request.user)}
    answer = render(request, "jobs/page.html", context, partial="progress")
    if getattr(request, "htmx", False) and not row.open:
        answer["HX-Refresh"] = "true"  # the page's heading and its links are others now
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask first, then do no more of it."""
    row = get_object_or_404(queries.jobs(), pk=pk)
    then = reverse("staff:job", args=[pk])
    question = presenters.cancelling(row) | {"back_url": then}
    done = presenters.cancelled(row)
    return ask_first(request, question, lambda: services.cancel(row, request.user), done, then)
