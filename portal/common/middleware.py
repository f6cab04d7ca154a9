"""What every request passes through."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils import timezone

from portal.common import zones

Handler = Callable[[HttpRequest], HttpResponse]
ZONE_COOKIE = "zone"


class CleanInputMiddleware:
    """Refuse NUL in addresses at once: no page has a use for it and PostgreSQL cannot store it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or any("\x00" in v for v in request.GET.values()):
            return HttpResponseBadRequest("The address holds a character that cannot be used.")
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
