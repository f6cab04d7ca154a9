"""One view, two answers: the whole page, or the part of it that HTMX asked for."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render as render_page
from django.utils.cache import patch_vary_headers


def render(
    request: HttpRequest, page: str, context: dict | None = None, *, partial: str, status: int = 200
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
