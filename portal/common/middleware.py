"""What every request passes through."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils import timezone

from portal.common import roles, zones

Handler = Callable[[HttpRequest], HttpResponse]
View = Callable[..., Any]
ZONE_COOKIE = "zone"


class CleanInputMiddleware:
    """Refuse NUL in addresses at once: no page has a use for it and PostgreSQL cannot store it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or any("\x00" in v for v in request.GET.values()):
            return HttpResponseBadRequest("The address holds a character that cannot be used.")
        return self.get_response(request)


def without_role(view: View) -> View:
    """Mark a page that opens for everybody who has logged in."""
    view.without_role = True  # type: ignore[attr-defined]
    return view


class RoleMiddleware:
    """Whom nobody has given a role reads whom to ask, whatever page was wanted."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        user = request.user
        open_to_all = not getattr(view, "login_required", True) or hasattr(view, "without_role")
        if open_to_all or not user.is_authenticated or roles.role_of(user) != roles.NONE:
            return None
        context = {"administrators": roles.administrators()}
        return render(request, "registration/no_role.html", context, status=403)


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
