"""The table of registrations: look, write again, withdraw, take out as CSV."""

from django.contrib import messages
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.shortcuts import render as whole
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.common.errors import NotPossible
from portal.common.htmx import render
from portal.conferences import exports
from portal.conferences.forms.invite import IdsField
from portal.conferences.models import Conference, Registration
from portal.conferences.services import registrations as service
from portal.conferences.services import ways_in
from portal.staff.presenters.conferences import registrations as table_of
from portal.staff.refusals import for_staff, say_no


@require_http_methods(["GET", "HEAD", "POST"])
def registrations(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The table; what is posted concerns the ticked rows."""
    conference = get_object_or_404(Conference.objects.select_related("account"), pk=pk)
    if request.method == "POST":
        return _act(request, conference)
    context = table_of(conference, request)
    return render(request, "registrations/page.html", context, partial="table")


@for_staff
def _act(request: HttpRequest, conference: Conference) -> HttpResponse:
    ids = IdsField(required=False).clean(request.POST.getlist("registration"))
    action = request.POST.get("action")
    if not ids:
        messages.info(request, "Nobody was ticked, so nothing was done.")
    elif action == "resend":
        _resend(request, conference, ids)
    elif action == "withdraw":
        return _ask(request, conference, ids)
    elif action == "withdraw-now":
        _withdraw(request, conference, ids)
    return HttpResponseRedirect(_back(request, conference))


def _resend(request: HttpRequest, conference: Conference, ids: list[int]) -> None:
    try:
        queued = service.resend(conference, ids, request.user)
    except NotPossible as error:
        say_no(request, error)
        return
    waited = "For all of them a mail waits already." if not queued else ""
    messages.success(request, waited or f"{_mails(queued)} sent again as soon as possible.")


def _mails(number: int) -> str:
    return "1 mail is" if number == 1 else f"{number} mails are"


def _withdraw(request: HttpRequest, conference: Conference, ids: list[int]) -> None:
    notify = request.POST.get("notify") == "on"
    try:
        rows = service.withdraw(conference, ids, request.user, notify=notify)
    except NotPossible as error:
        say_no(request, error)
        return
    who = str(rows[0].attendee) if len(rows) == 1 else f"{len(rows)} people"
    messages.success(request, f"{who} withdrawn." if rows else "They were withdrawn before.")


def _ask(request: HttpRequest, conference: Conference, ids: list[int]) -> HttpResponse:
    """Name the people and the consequence before anybody is withdrawn."""
    rows = conference.registrations.select_related("attendee").filter(
        pk__in=ids[:1000], removed_at=None
    )
    if not rows:
        messages.info(request, "They were withdrawn before.")
        return HttpResponseRedirect(_back(request, conference))
    context = {
        "conference": conference, "rows": rows, "back": _back(request, conference),
        "consequence": service.withdraw_sentence(conference),
    }  # fmt: skip
    return whole(request, "registrations/withdraw.html", context)


@require_safe
@for_staff
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The same question about one person."""
    row = get_object_or_404(Registration.objects.select_related("conference__account"), pk=pk)
    return _ask(request, row.conference, [row.pk])


@require_POST
@for_staff
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue one invitation again."""
    row = get_object_or_404(Registration.objects.select_related("conference__account"), pk=pk)
    _resend(request, row.conference, [row.pk])
    return HttpResponseRedirect(_back(request, row.conference))


@require_safe
@for_staff
def export(request: HttpRequest, pk: int) -> HttpResponse | StreamingHttpResponse:
    """What the table shows, all pages of it, as CSV."""
    conference = get_object_or_404(Conference, pk=pk)
    ways_in.list_with_links(conference, request.user)
    name = slugify(conference.title)[:60] or "webinar"
    lines = exports.registrations(conference, request.GET)
    return exports.as_file(lines, f"registrations-{name}.csv")


def _back(request: HttpRequest, conference: Conference) -> str:
    wanted = request.POST.get("back") or request.GET.get("back", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return reverse("staff:registrations", args=[conference.pk])
