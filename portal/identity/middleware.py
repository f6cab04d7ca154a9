"""Somebody whom nobody has given a role reads whom to ask."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.identity import roles

Handler = Callable[[HttpRequest], HttpResponse]
View = Callable[..., Any]


def without_role(view: View) -> View:
    """Mark a page that opens for everybody who has logged in."""
    view.without_role = True  # type: ignore[attr-defined]
    return view


class RoleMiddleware:
    """Somebody whom nobody has given a role reads whom to ask, whatever page was wanted."""

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
