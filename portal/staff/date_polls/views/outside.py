"""The page on which somebody outside says when they can."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from portal.common.errors import NotPossible
from portal.conferences.models import AskedPerson
from portal.conferences.schedule.forms.date_poll import AnswerForm
from portal.conferences.schedule.services import date_polls
from portal.staff.audience.views.outside import bounded, unfollowed
from portal.staff.date_polls.presenters import outside as present

NOT_FOUND, OK, CONFLICT, MENDED = 404, 200, 409, 422


@csrf_exempt  # who has the link may; and a browser that tells no referrer tells no origin either
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True, private=True)
@bounded
def dates(request: HttpRequest, token: UUID) -> HttpResponse:
    """Show the times, and take the answer. Only a button answers: programs that look at the links
    in a mail before its reader does must not."""
    person = date_polls.find(token)
    if person is None:
        return unfollowed(render(request, "date_polls/outside.html", status=NOT_FOUND))
    form = AnswerForm(
        person, present.ahead(person), request.POST if request.method == "POST" else None
    )
    reason, status = date_polls.reason_against(person), OK
    if request.method == "POST" and not reason:
        status = MENDED
        if form.is_valid() and not (reason := _refusal(request, person, form)):
            return unfollowed(redirect(f"{request.path}?thanks=1"))
    if reason and request.method == "POST":
        status = CONFLICT
    context = present.page(person, form, reason, thanks="thanks" in request.GET)
    return unfollowed(render(request, "date_polls/outside.html", context, status=status))


def _refusal(request: HttpRequest, person: AskedPerson, form: AnswerForm) -> str:
    """Why an answer was not taken; empty where it was."""
    answers = form.none_suits() if "none" in request.POST else form.answers
    try:
        date_polls.answer(person.token, answers, form.cleaned_data["remark"])
    except NotPossible as no:
        return str(no.sentence)
    return ""
