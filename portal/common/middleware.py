"""What every request passes through."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from portal.common import clock, kept_forms, zones

Handler = Callable[[HttpRequest], HttpResponse]
ZONE_COOKIE = "zone"
LAST_SEEN, SEEN_EACH = "seen", 60  # seconds


class CleanInputMiddleware:
    """Refuse NUL in addresses at once: no page has a use for it and PostgreSQL cannot store it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or any("\x00" in v for v in request.GET.values()):
            return HttpResponseBadRequest(_("The address holds a character that cannot be used."))
        return self.get_response(request)


class PrivateMiddleware:
    """What somebody sees who has signed in is kept nowhere: not by a proxy, not by the browser
    that the next person sits down at."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            patch_cache_control(response, no_store=True, private=True)
            kept_forms.remember_sign_in(request, response)
        return response


class IdleMiddleware:
    """A session lives on while its person opens pages; what a page asks for by itself is no sign
    of anybody being there."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        by_itself = request.method == "GET" and bool(request.headers.get("HX-Request"))
        if request.user.is_authenticated and not by_itself:
            now = int(clock.now().timestamp())
            if now - request.session.get(LAST_SEEN, 0) > SEEN_EACH:
                request.session[LAST_SEEN] = now  # saving it moves the session's end
        return self.get_response(request)


class ViewerZoneMiddleware:
    """Show times in the viewer's zone: a cookie that the browser sets, else the portal's zone."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        wanted = request.COOKIES.get(ZONE_COOKIE, "")
        if wanted in zones.known():
            with timezone.override(ZoneInfo(wanted)):
                return self.get_response(request)
        return self.get_response(request)
