"""The demo's mailbox: every mail that would have left, to be read here. Nowhere else."""

from functools import wraps
from typing import Any

from csp.decorators import csp
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render as whole
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from portal.common.htmx import render
from portal.conferences.people.forms.groups import GroupFilter
from portal.identity import access
from portal.identity.access import ProtectedItem
from portal.staff import demo_mailbox
from portal.staff.refusals import View

PAGE = 50
# A mail is somebody else's page: it may show its own styles, and do nothing at all.
MAIL_POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "frame-ancestors": ["'self'"],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}


def in_the_demo(view: View) -> View:
    """Outside the demo there is no such page, and mails hold people's links."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.DEMO_MODE:
            raise Http404
        if not access.sees(request.user, ProtectedItem.MAIL):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@in_the_demo
def listing(request: HttpRequest) -> HttpResponse:
    """The mails, newest first, by subject or address."""
    form = GroupFilter(request.GET)
    found = demo_mailbox.mails(form.chosen.get("q", ""))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "filtered": "q" in form.chosen}
    return render(request, "mail/list.html", context, partial="results")


@require_safe
@in_the_demo
def message(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """One mail: as it looks, its text, its calendar entry."""
    mail = demo_mailbox.mail(name, number)
    if mail is None:
        raise Http404
    return whole(request, "mail/message.html", {"mail": mail})


@require_safe
@in_the_demo
@xframe_options_sameorigin
@csp(MAIL_POLICY)  # type: ignore[arg-type]
def html(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """The mail's own HTML, for the frame of the page above: it runs nothing and loads nothing."""
    mail = demo_mailbox.mail(name, number)
    if mail is None or not mail.html:
        raise Http404
    # Its links open beside it: most pages refuse to stand in a frame, ours among them.
    return HttpResponse(mail.html.replace("<head>", '<head><base target="_blank">', 1))
