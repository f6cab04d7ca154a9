"""How a page answers an action: done, or the service's own sentence why not."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from portal.common.errors import NotAllowed, NotPossible


def attempt(request: HttpRequest, act: Callable[[], Any], done: str) -> bool:
    """Do it and say so in a message; a refusal becomes a message too and answers False.

    What the person's role does not include is no message but a refusal of the page (403).
    """
    try:
        act()
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.sentence) from None
    except NotPossible as refusal:
        messages.error(request, refusal.sentence)
        return False
    messages.success(request, done)
    return True


def back(request: HttpRequest, page: str = "staff:home") -> str:
    """Where the person came from (`next`), as long as that is one of our own pages; else `page`."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    plain = wanted.startswith("/") and wanted.isprintable()
    return wanted if ours and plain else reverse(page)
