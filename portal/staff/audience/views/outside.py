"""What all pages have that people outside open by a link of their own."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

# Twenty long answers fit, in whatever alphabet; what staff paste and upload is larger.
MOST_SENT = 1024 * 1024  # bytes


def unfollowed(response: HttpResponse) -> HttpResponse:
    """The address lets somebody in: it goes nowhere with whoever leaves, and into no index."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def bounded(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The whole internet may send something there: what is far too long is not even read."""

    @wraps(view)
    def within(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or len(length) > 12 or int(length) > MOST_SENT:
            raise RequestDataTooBig
        return view(request, *args, **named)

    return within
