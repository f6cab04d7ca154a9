"""The dates of a permanent room: all of them, one more, another time for one, one left out."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from portal.common import htmx
from portal.common.errors import NotPossible
from portal.conferences import repeating
from portal.conferences.models import Conference
from portal.conferences.schedule import queries
from portal.conferences.schedule.forms import move as of_move
from portal.conferences.schedule.forms.moment import clock_of, day_of
from portal.conferences.schedule.forms.room_date import RoomDateForm
from portal.conferences.schedule.services import room_dates as service
from portal.conferences.schedule.services.series import Extent
from portal.identity.requests import SignedInRequest
from portal.staff.answers import asked, posted
from portal.staff.presenters.send_card import typed_pairs
from portal.staff.refusals import for_staff
from portal.staff.webinars.presenters import room_dates as present
from portal.staff.webinars.presenters.buttons import reason_of_role

PAGE = 50
METHODS = ["GET", "HEAD", "POST"]


@require_safe
def dates(request: SignedInRequest, pk: int) -> HttpResponse:
    """All dates of a room."""
    conference = _room(pk)
    rows = present.rows(conference)
    behind = sum(not (row.ahead or row.on) for row in rows)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page") or behind // PAGE + 1)
    role = reason_of_role(request.user)
    context = {
        "conference": conference,
        "page": page,
        "ahead": len(repeating.ahead(conference)),
        "role_reason": role,
        "add_reason": role or service.reason_of(conference),
    }
    return render(request, "room_dates/page.html", context)


@require_http_methods(METHODS)
@for_staff
def add(request: SignedInRequest, pk: int) -> HttpResponse:
    """One more date, once it is said who hears of it."""
    conference = _room(pk)
    form = RoomDateForm(posted(request), conference)
    context = {"conference": conference, "form": form, "reason": service.reason_of(conference)}
    if not form.is_bound or not form.is_valid() or form.moment is None or context["reason"]:
        return _form(request, context)
    try:
        found = service.with_date(conference, form.moment.instant)
    except NotPossible as no:
        return _refused(request, context, no)
    to, minutes = form.moment.instant, form.cleaned_data["duration_minutes"]
    if "refresh" in request.POST:
        return _form(request, context | {"beside": present.beside(conference, found, minutes)})
    question = present.changing(
        conference,
        found,
        request.user,
        posted(request),
        title=_("Add this date?"),
        act=_("Add the date"),
        url=request.path,
        minutes=minutes,
        icon="plus",
        hidden=typed_pairs(request.POST),
    )

    def act() -> None:
        service.add(
            conference, to, request.user, _version(form), question.card.telling, minutes=minutes
        )

    return asked(request, question, act, _("The date is added."), "staff:room-dates", pk)


@require_http_methods(METHODS)
@for_staff
def move(request: SignedInRequest, pk: int, stamp: str) -> HttpResponse:
    """Another time for a date, or for several."""
    conference, at = _room(pk), _date(stamp)
    if gone := _no_date(request, conference, at):
        return gone
    form = RoomDateForm(posted(request) or _dropped(request, conference, at), conference, at)
    extent = present.read_extent(request.POST or request.GET)
    context = {
        "conference": conference,
        "form": form,
        "at": at,
        "reason": service.reason_of(conference),
        "extents": present.choices(conference, at, extent),
    }
    sent = request.method == "POST" and form.is_valid() and not context["reason"]
    if not sent or form.moment is None:
        return _form(request, context)
    to, zone = form.moment.instant, form.moment.zone
    minutes = form.cleaned_data["duration_minutes"]
    try:
        found = service.moved(conference, at, extent, to, zone)
        service.require_change(conference, found, minutes)
    except NotPossible as no:
        return _refused(request, context, no)
    if "refresh" in request.POST:
        return _form(request, context | {"beside": present.beside(conference, found, minutes)})
    number = len(service.within(conference, at, extent))
    question = present.changing(
        conference,
        found,
        request.user,
        posted(request),
        title=ngettext("Move this date?", "Move %(count)d dates?", number) % {"count": number},
        act=ngettext("Move the date", "Move %(count)d dates", number) % {"count": number},
        url=request.path,
        minutes=minutes,
        hidden=typed_pairs(request.POST),
    )

    def act() -> None:
        service.move(
            conference,
            at,
            extent,
            to,
            request.user,
            _version(form),
            question.card.telling,
            zone=zone,
            minutes=minutes,
        )

    said = ngettext("The date is moved.", "%(count)d dates are moved.", number)
    return asked(request, question, act, said % {"count": number}, "staff:room-dates", pk)


@require_http_methods(METHODS)
@for_staff
def skip(request: SignedInRequest, pk: int, stamp: str) -> HttpResponse:
    """Leave out a date, or several."""
    conference, at = _room(pk), _date(stamp)
    if gone := _no_date(request, conference, at):
        return gone
    extent = present.read_extent(request.POST or request.GET)
    if service.reasons_against(conference, at)[extent]:
        extent = Extent.ONE
    reached = service.within(conference, at, extent)
    number = {"count": len(reached)}
    ask = ngettext("Leave out this date?", "Leave out %(count)d dates?", len(reached))
    do = ngettext("Leave out the date", "Leave out %(count)d dates", len(reached))
    version = request.POST.get("version", "")
    question = present.changing(
        conference,
        service.without(conference, at, extent),
        request.user,
        posted(request),
        title=ask % number,
        act=do % number,
        url=request.path,
        danger=True,
        icon="no-symbol",
        hidden=[("extent", extent.value), ("version", version or conference.version)],
        extents=present.choices(conference, at, extent, request.path),
    )
    question.reason = question.reason or service.reason_against_skipping(conference, reached)

    def act() -> None:
        given = int(version) if version.isdecimal() and len(version) < 10 else -1
        service.skip(conference, at, extent, request.user, given, question.card.telling)

    said = ngettext("The date is left out.", "%(count)d dates are left out.", len(reached))
    return asked(request, question, act, said % number, "staff:room-dates", pk)


def _room(pk: int) -> Conference:
    conference: Conference = get_object_or_404(queries.conferences(), pk=pk)
    if not conference.permanent:
        raise Http404
    return conference


def _date(stamp: str) -> datetime:
    found = present.read_stamp(stamp)
    if found is None:
        raise Http404
    return found


def _no_date(request: SignedInRequest, conference: Conference, at: datetime) -> HttpResponse | None:
    """Where an address leads whose date is not ahead any more."""
    if at in repeating.ahead(conference):
        return None
    messages.error(request, str(service.GONE))
    return redirect("staff:room-dates", conference.pk)


def _dropped(request: SignedInRequest, conference: Conference, at: datetime) -> Any:
    """The time where a block of the planner was dropped, by the clock of the room."""
    day, clock = day_of(request.GET.get("date", "")), clock_of(request.GET.get("time", ""))
    if day is None or request.method == "POST":
        return None
    conference.starts_at = at
    typed = of_move.at(conference, day, clock)
    return typed | {
        "version": str(conference.version),
        "duration_minutes": str(conference.duration_minutes),
    }


def _version(form: RoomDateForm) -> int:
    version = form.cleaned_data.get("version")
    return -1 if version is None else int(version)


def _refused(request: SignedInRequest, context: dict[str, Any], no: NotPossible) -> HttpResponse:
    form: RoomDateForm = context["form"]
    for name, texts in (no.field_errors or {"date": [no.sentence]}).items():
        form.add_error(name, texts)
    return _form(request, context)


def _form(request: SignedInRequest, context: dict[str, Any]) -> HttpResponse:
    conference, form = context["conference"], context["form"]
    context["back"] = reverse("staff:room-dates", args=[conference.pk])
    wrong = request.method == "POST" and form.errors and "refresh" not in request.POST
    return htmx.render(
        request, "room_dates/form.html", context, partial="beside", status=422 if wrong else 200
    )
