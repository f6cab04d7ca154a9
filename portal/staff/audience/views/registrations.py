"""The table of registrations: look, write again, withdraw, take out as CSV."""

from django.contrib import messages
from django.http import (
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from integrations.base.records import Kind
from portal.common.htmx import render
from portal.conferences.audience import queries
from portal.conferences.audience.forms.invite import IdsField
from portal.conferences.audience.services import exports, join_links
from portal.conferences.audience.services import registrations as service
from portal.conferences.models import Conference, Registration
from portal.conferences.schedule.services.series import Extent
from portal.identity.requests import SignedInRequest
from portal.staff.answers import asked, posted
from portal.staff.audience.presenters import series_people as of_series
from portal.staff.refusals import for_staff
from portal.staff.webinars.presenters import confirmations
from portal.staff.webinars.presenters.pages import registrations as table_of
from portal.sync import queries as sync


@require_http_methods(["GET", "HEAD", "POST"])
def registrations(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The table; what is posted concerns the ticked rows."""
    conference = get_object_or_404(Conference.objects.select_related("account"), pk=pk)
    if request.method == "POST":
        return _act(request, conference)
    counts = queries.counts(conference)
    page = queries.page(conference, request.GET, counts)
    lines = sync.lines({Kind.REGISTRATION: page})[Kind.REGISTRATION]
    context = table_of(request, conference, page, counts, lines)
    return render(request, "registrations/page.html", context, partial="table")


@for_staff
def _act(request: SignedInRequest, conference: Conference) -> HttpResponse:
    ids = IdsField(required=False).clean(request.POST.getlist("registration"))
    action = request.POST.get("action")
    # Only rows of this very conference, and such as still stand.
    rows = service.chosen(conference, ids)
    if not rows:
        nobody = _("Nobody was ticked, so nothing was done.")
        messages.info(request, _("They were withdrawn before.") if ids else nobody)
    elif action == "resend":
        return _resend(request, conference, rows)
    elif action == "withdraw":
        return _withdraw(request, conference, rows)
    elif action == "register":
        return _let_in(request, conference, rows)
    return HttpResponseRedirect(_back(request, conference))


def _resend(
    request: SignedInRequest, conference: Conference, rows: list[Registration]
) -> HttpResponse:
    question = confirmations.resending(
        conference, rows, request.user, posted(request), _back(request, conference)
    )
    ids, words = [row.pk for row in rows], question.card.form
    seen = request.POST.get("seen", "")

    def act() -> None:
        if words.yes:
            known = int(seen) if seen.isdecimal() and len(seen) < 20 else None
            service.resend(conference, ids, request.user, words.words, known)

    return asked(request, question, act, "", question.back)


def _let_in(
    request: SignedInRequest, conference: Conference, rows: list[Registration]
) -> HttpResponse:
    question = confirmations.letting_in(
        conference, rows, request.user, posted(request), _back(request, conference)
    )
    new = [row for row in rows if row.standing != Registration.Stage.REGISTERED]
    telling = question.card.telling
    done = ngettext("%(count)d person registered.", "%(count)d people registered.", len(new))
    return asked(
        request,
        question,
        lambda: service.let_in(conference, [row.pk for row in new], request.user, telling),
        done % {"count": len(new)},
        question.back,
    )


def _withdraw(
    request: SignedInRequest, conference: Conference, rows: list[Registration]
) -> HttpResponse:
    question = confirmations.withdrawing(
        conference, rows, request.user, posted(request), _back(request, conference)
    )
    people = [row.attendee_id for row in rows]
    back = _back(request, conference)
    question.extents = of_series.withdraw_choices(conference, people, Extent.ONE, back)
    ids = [row.pk for row in rows]
    telling = question.card.telling
    if len(rows) == 1:
        done = _("%(person)s withdrawn.") % {"person": rows[0].attendee}
    else:
        done = ngettext("%(count)d person withdrawn.", "%(count)d people withdrawn.", len(rows))
        done %= {"count": len(rows)}
    return asked(
        request,
        question,
        lambda: service.withdraw(conference, ids, request.user, telling),
        done,
        question.back,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """The same about one person."""
    row = _registration(pk)
    if not row.listed:
        messages.info(request, _("They were withdrawn before."))
        return HttpResponseRedirect(_back(request, row.conference))
    return _withdraw(request, row.conference, [row])


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def resend(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send one invitation again."""
    row = _registration(pk)
    return _resend(request, row.conference, [row])


def _registration(pk: int) -> Registration:
    rows = Registration.objects.select_related("conference__account", "attendee")
    return get_object_or_404(rows, pk=pk)


@require_safe
@for_staff
def export(
    request: SignedInRequest, pk: int, form: str = exports.CSV
) -> HttpResponse | StreamingHttpResponse:
    """What the table shows, all pages of it, as a file."""
    conference = get_object_or_404(Conference, pk=pk)
    join_links.list_with_links(conference, request.user)
    name = slugify(conference.title)[:60] or "webinar"
    lines = exports.registrations(conference, request.GET)
    return exports.saved_as(form, lines, f"registrations-{name}")


def _back(request: SignedInRequest, conference: Conference) -> str:
    wanted = request.POST.get("back") or request.GET.get("back", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return reverse("staff:registrations", args=[conference.pk])
