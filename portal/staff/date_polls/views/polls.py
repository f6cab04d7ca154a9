"""The list of date polls, a new one, and the page of one."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.common import htmx
from portal.common.errors import NotPossible, Stale
from portal.common.pages import Pages
from portal.conferences.models import AskedPerson, DatePoll
from portal.conferences.schedule import date_poll_queries
from portal.conferences.schedule.services import date_polls
from portal.identity import roles
from portal.identity.requests import SignedInRequest
from portal.staff.answers import ask, ask_first, attempt
from portal.staff.date_polls.presenters import page as present
from portal.staff.date_polls.presenters.asking import Edited, MorePeople, MoreTimes, NewPoll
from portal.staff.refusals import for_staff, reject
from portal.staff.webinars.presenters.buttons import reason_of_role

METHODS = ["GET", "HEAD", "POST"]
PAGE = 50
MENDED = 422


def found(pk: int) -> DatePoll:
    """The poll of an address. Raises Http404."""
    poll = date_poll_queries.poll(pk)
    if poll is None:
        raise Http404
    return poll


@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """All polls: the open ones, or those that are closed, in pages."""
    closed = request.GET.get("state") == "closed"
    pages = Pages(date_poll_queries.polls(open_=not closed), PAGE)
    context = {
        "page": pages.get_page(request.GET.get("page")),
        "closed": closed,
        "tabs": [
            {"label": _("Open"), "url": "?state=open", "active": not closed},
            {"label": _("Closed"), "url": "?state=closed", "active": closed},
        ],
        "role_reason": reason_of_role(request.user),
    }
    return render(request, "date_polls/list.html", context)


@require_http_methods(METHODS)
def new(request: SignedInRequest) -> HttpResponse:
    """Propose times to some people; before they are written to, a page asks."""
    page = NewPoll(request)
    if not page.accounts:
        return render(request, "conferences/no_account.html")
    if page.is_valid():
        require_role(request)
        if page.card.open or "preview" in page.keys or not page.card.form.is_valid():
            return ask(request, page.question)
        if poll := _opened(request, page):
            messages.success(request, f"{_('The date poll is open.')} {page.card.outcome}")
            return redirect("staff:date-poll", poll.pk)
    context = {"page": page, "role_reason": reason_of_role(request.user)}
    status = MENDED if page.sent else 200
    return htmx.render(request, "date_polls/new.html", context, partial="form", status=status)


def _opened(request: SignedInRequest, page: NewPoll) -> DatePoll | None:
    try:
        return date_polls.open_poll(
            page.account,
            page.form.values,
            page.instants,
            page.who,
            page.card.telling,
            request.user,
            page.uid,
        )
    except NotPossible as no:
        page.form.add_error(None, no.sentence)
        return None


def require_role(request: HttpRequest) -> None:
    """Raise PermissionDenied for who may only read: the page that asks is no answer to them."""
    if not roles.may(request.user, roles.STAFF):
        raise PermissionDenied


@require_safe
def poll(request: SignedInRequest, pk: int) -> HttpResponse:
    """The times, best first, who said what, and what can be done next."""
    return render(request, "date_polls/page.html", present.page(found(pk), request.user))


@require_http_methods(METHODS)
@for_staff
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change what it says; whether those who were asked hear of it is asked first."""
    row = found(pk)
    page = Edited(request, row)
    if row.closed_at:
        messages.error(request, str(date_polls.CLOSED))
        return redirect("staff:date-poll", pk)
    if page.is_valid():
        if not page.changes:
            messages.info(request, _("Nothing was changed."))
            return redirect("staff:date-poll", pk)
        question = page.question
        if question.card.open or "preview" in page.keys or not question.card.form.is_valid():
            return ask(request, question)
        telling, seen = question.card.telling, page.form.cleaned_data["seen"]
        try:
            date_polls.edit(row, page.form.values, telling, request.user, seen)
        except Stale as stale:
            page.overtaken(stale)
        except NotPossible as no:
            reject(request, no)
            return redirect("staff:date-poll", pk)
        else:
            messages.success(request, f"{_('Saved.')} {question.card.outcome}")
            return redirect("staff:date-poll", pk)
    status = MENDED if page.sent else 200
    context = {"page": page, "poll": row}
    return htmx.render(request, "date_polls/edit.html", context, partial="form", status=status)


@require_http_methods(METHODS)
@for_staff
def times(request: SignedInRequest, pk: int) -> HttpResponse:
    """Propose further times."""
    row = found(pk)
    page = MoreTimes(request, row)
    if page.is_valid():
        question = page.question
        pressed = bool({"do", "tell"} & page.keys)
        if question.card.open or "preview" in page.keys or not pressed:
            return ask(request, question)
        telling = question.card.telling
        return _done(
            request,
            row,
            lambda: date_polls.propose(row, page.instants, telling, request.user),
            f"{_('Proposed.')} {question.card.outcome}",
        )
    context = {"page": page, "poll": row, "title": _("Propose further times")}
    status = MENDED if page.sent else 200
    return htmx.render(request, "date_polls/more.html", context, partial="form", status=status)


@require_http_methods(METHODS)
@for_staff
def people(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask further people."""
    row = found(pk)
    page = MorePeople(request, row)
    if page.is_valid():
        question = page.question
        if question.card.open or "preview" in page.keys:
            return ask(request, question)
        telling = question.card.telling
        return _done(
            request,
            row,
            lambda: date_polls.add_people(row, page.who, telling, request.user),
            f"{_('Added.')} {question.card.outcome}",
        )
    context = {"page": page, "poll": row, "title": _("Ask further people")}
    status = MENDED if page.sent else 200
    return htmx.render(request, "date_polls/more.html", context, partial="form", status=status)


def _done(
    request: SignedInRequest, row: DatePoll, act: Callable[[], object], said: str
) -> HttpResponse:
    attempt(request, act, said)
    return redirect("staff:date-poll", row.pk)


@require_http_methods(METHODS)
@for_staff
def take_off(request: SignedInRequest, pk: int, person: int) -> HttpResponse:
    """Ask, then ask somebody no more."""
    row = get_object_or_404(
        AskedPerson.objects.select_related("poll"), pk=person, poll=pk, removed_at=None
    )
    question = {
        "title": _("Ask %(person)s no more?") % {"person": row},
        "warning": _("Nobody is notified."),
        "consequence": _(
            "What they answered counts no longer, and their link says that they are not asked any "
            "more. You can add them again."
        ),
        "label": _("Take off"),
        "back_url": reverse("staff:date-poll", args=[pk]),
    }
    said = _("%(person)s is not asked any more.") % {"person": row}
    return ask_first(
        request,
        question,
        lambda: date_polls.take_off(row, request.user),
        said,
        question["back_url"],
    )


@require_http_methods(METHODS)
@for_staff
def delete(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask, then forget a poll."""
    row = found(pk)
    question = {
        "title": _("Delete the date poll %(title)s?") % {"title": row.title},
        "consequence": _(
            "Its answers and the copies of its mails go as well, and its links lead nowhere. "
            "Nobody is notified. A webinar that came of it stays."
        ),
        "label": _("Delete"),
        "back_url": reverse("staff:date-poll", args=[pk]),
    }
    if request.method != "POST":
        return render(request, "people/confirm.html", question | {"url": request.path})
    try:
        date_polls.delete(row, request.user)
    except NotPossible as no:
        reject(request, no)
        return redirect("staff:date-poll", pk)
    messages.success(request, _("The date poll was deleted."))
    return redirect("staff:date-polls")
