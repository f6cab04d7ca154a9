"""One view, two answers: the whole page, or the part of it that HTMX asked for."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.shortcuts import render as render_page
from django.utils.cache import patch_vary_headers


def render(
    request: HttpRequest,
    page: str,
    context: dict[str, Any] | None = None,
    *,
    partial: str,
    status: int = 200,
) -> HttpResponse:
    """``page``, or its partial ``page#partial`` for an HTMX request that is not boosted.

    A browser going back through history gets the whole page too. The answer varies by the
    headers that decide, so that no cache shows a fragment as a page.
    """
    htmx: Any = getattr(request, "htmx", None)
    part_only = bool(htmx) and not htmx.boosted and not htmx.history_restore_request
    name = f"{page}#{partial}" if part_only else page
    response = render_page(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Boosted", "HX-History-Restore-Request"])
    return response


View = Callable[..., HttpResponseBase]


def part_of(page: str) -> Callable[[View], View]:
    """A view that answers a part alone: whoever opens its address by itself is led to ``page``.

    ``page`` is named by its URL name and takes the same arguments.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not getattr(request, "htmx", None):
                answer: HttpResponseBase = redirect(page, *args, **kwargs)
                return answer
            return view(request, *args, **kwargs)

        return guarded

    return wrap
