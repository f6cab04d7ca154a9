"""Who is not signed in is asked to sign in; who was in the middle of something loses nothing."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from portal.staff.home import sign_in

View = Callable[..., Any]


class SignedInMiddleware(LoginRequiredMiddleware):
    """Django's own, but a sent form and a part of a page are not simply led away.

    A redirect would put the sign-in page into the part, or drop what was typed into the form.
    """

    # It answers a page of its own where it must not lead away.
    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: View
    ) -> HttpResponseBase:
        if request.path in (reverse("logout"), reverse("admin:logout")):
            return redirect("login")  # it has come about already
        in_part = bool(request.headers.get("HX-Request"))
        if in_part or request.method == "POST":
            return sign_in.ended(request)
        return super().handle_no_permission(request, view_func)
