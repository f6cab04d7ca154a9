"""Each mail as it was sent. It holds a personal link: only those may see it who may have links."""

from typing import Any

from csp.decorators import csp
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from portal.common.pages import Pages
from portal.conferences.audience.queries import MAIL_APPEARANCES
from portal.conferences.mails import queries
from portal.conferences.mails.services import SentMail, sent_mail
from portal.conferences.models import Attendee, Invitation
from portal.identity import access
from portal.identity.access import ProtectedItem
from portal.identity.requests import SignedInRequest

PAGE = 50
# It may show its own styles, and do nothing at all; a link in it would enter as somebody else.
POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "frame-ancestors": ["'self'"],
    "sandbox": [""],
}
State = Invitation.State


def _letter(request: HttpRequest, pk: int) -> Invitation:
    if not access.sees(request.user, ProtectedItem.MAIL):
        raise PermissionDenied
    rows = Invitation.objects.select_related(
        "copy", "conference__account", "registration__attendee", "moderator", "asked__poll"
    )
    return get_object_or_404(rows, pk=pk)


def _kept(request: HttpRequest, pk: int) -> SentMail:
    found = sent_mail(_letter(request, pk))
    if found is None:
        raise Http404
    return found


@require_safe
def message(request: SignedInRequest, pk: int) -> HttpResponse:
    """One mail: from whom, to whom, how it looks, its text, its calendar entry."""
    letter = _letter(request, pk)
    mail = sent_mail(letter)
    sender, to = mail.addresses if mail else ("", letter.to_email)
    context = {
        "letter": letter,
        "look": MAIL_APPEARANCES[State(letter.state)],
        "conference": letter.conference,
        "poll": letter.poll,
        "mail": mail,
        "sender": sender,
        "to": to,
    }
    return render(request, "mailtemplates/sent.html", context)


@require_safe
@xframe_options_sameorigin
@csp(POLICY)  # type: ignore[arg-type]
def html(request: HttpRequest, pk: int) -> HttpResponse:
    """The mail's own HTML, for the frame of the page above: it runs and loads nothing."""
    return HttpResponse(_kept(request, pk).html)


@require_safe
def calendar(request: SignedInRequest, pk: int) -> HttpResponse:
    """The calendar file that was attached."""
    found = _kept(request, pk)
    if not found.calendar:
        raise Http404
    answer = HttpResponse(found.calendar, content_type="text/calendar; charset=utf-8")
    name = slugify(found.subject)[:60] or "invite"
    answer["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return answer


@require_safe
def of_person(request: SignedInRequest, pk: int) -> HttpResponse:
    """All mails to one person, newest first."""
    person: Any = get_object_or_404(Attendee, pk=pk)
    if person.merged_into_id:
        return redirect("staff:person-mails", person.merged_into_id)
    page = Pages(queries.mails_to(person), PAGE).get_page(request.GET.get("page"))
    context = {
        "person": person,
        "page": page,
        "mails": [(one, MAIL_APPEARANCES[State(one.state)]) for one in page],
        "sees_mails": access.sees(request.user, ProtectedItem.MAIL),
    }
    return render(request, "mailtemplates/of_person.html", context)
