"""The pages on which people register by themselves; nobody is logged in there."""

from ipaddress import ip_address, ip_network
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from portal.common.client_address import client_address
from portal.common.errors import NotPossible
from portal.conferences.audience.forms.registration_page import RegistrationForm
from portal.conferences.audience.services import confirming, registering
from portal.conferences.models import RegistrationPage, UnconfirmedRegistration
from portal.staff.audience.presenters import registration_page as present
from portal.staff.audience.views.outside import bounded, unfollowed

METHODS = ["GET", "HEAD", "POST"]
NOT_FOUND, OK, CONFLICT, MENDED = 404, 200, 409, 422


# Nothing is done here in the name of who is logged in, and a page inside another web site's has no
# cookie of ours: what is sent counts by itself, and only once it is confirmed.
@csrf_exempt
@xframe_options_exempt
@login_not_required
@require_http_methods(METHODS)
@cache_control(no_store=True, private=True)
@bounded
def register(request: HttpRequest, slug: str) -> HttpResponse:
    """Fill in the page; whoever sends it is asked by mail to confirm."""
    page = registering.find(slug)
    if page is None or not _reaches(request, page):
        return _answer(render(request, "register/unknown.html", status=NOT_FOUND), page)
    offered = registering.offered(page)
    reason = registering.reason_closed(page, offered) or registering.reason_full(offered)
    form = RegistrationForm(page, request.POST if request.method == "POST" else None, offered)
    problem, status = reason, OK
    if request.method == "POST" and not reason:
        status = MENDED
        if form.by_program:
            return _answer(redirect("staff:register-sent", slug), page)
        if form.is_valid():
            try:
                registering.ask(page, form.given, registering.sender_key(client_address(request)))
            except NotPossible as no:
                problem, status = str(no.sentence), CONFLICT
            except ObjectDoesNotExist:  # it was deleted in this very moment
                return _answer(render(request, "register/unknown.html", status=NOT_FOUND))
            else:
                return _answer(redirect("staff:register-sent", slug), page)
    context = present.filling_in(page, offered, form) | {
        "problem": problem,
        "closed": bool(reason),
    }
    return _answer(render(request, "register/page.html", context, status=status), page)


@xframe_options_exempt
@login_not_required
@require_safe
@cache_control(no_store=True, private=True)
def sent(request: HttpRequest, slug: str) -> HttpResponse:
    """What to do next; it says the same to everybody, known here or not."""
    page = registering.find(slug)
    if page is None or not _reaches(request, page):
        return _answer(render(request, "register/unknown.html", status=NOT_FOUND), page)
    context = {"page": page, "conference": page.conference, "series": page.series}
    return _answer(render(request, "register/sent.html", context), page)


@csrf_exempt  # who has the link may; and a browser that tells no referrer tells no origin either
@login_not_required
@require_http_methods(METHODS)
@cache_control(no_store=True, private=True)
@bounded
def confirm(request: HttpRequest, token: UUID) -> HttpResponse:
    """Confirm by a button: programs that look at the links in a mail must not."""
    unconfirmed = confirming.of_token(token)
    problem = ""
    if unconfirmed is not None and request.method == "POST":
        try:
            confirming.confirm(token)
        except NotPossible as no:
            problem = str(no.sentence)
        except ObjectDoesNotExist:  # it was deleted in this very moment
            unconfirmed = None
        else:
            return _answer(redirect("staff:confirm", token))
    context = present.to_confirm(unconfirmed) | {"problem": problem or _stale(unconfirmed)}
    status = CONFLICT if problem else OK if unconfirmed else NOT_FOUND
    return _answer(render(request, "register/confirm.html", context, status=status))


def _stale(unconfirmed: UnconfirmedRegistration | None) -> str:
    return confirming.reason_stale(unconfirmed) if unconfirmed else ""


def _reaches(request: HttpRequest, page: RegistrationPage) -> bool:
    """Whether a page may be opened from where somebody is."""
    if page.reach == RegistrationPage.Reach.PUBLIC:
        return True
    try:
        address = ip_address(client_address(request) or "")
    except ValueError:
        return False
    # Of an IPv6 client the network of /64 is known, which it owns.
    theirs = ip_network((address, 64 if address.version == 6 else 32))
    return any(
        theirs.version == network.version and theirs.overlaps(network)
        for network in settings.INTRANET_NETWORKS
    )


def _answer(response: HttpResponse, page: RegistrationPage | None = None) -> HttpResponse:
    unfollowed(response)
    if page is not None and page.frame_origins:
        response._csp_replace = {"frame-ancestors": page.frame_origins.split()}  # type: ignore[attr-defined]
    return response
