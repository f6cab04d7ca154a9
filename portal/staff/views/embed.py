"""A platform's room inside a page of ours, where the platform gives an address for that."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from integrations.base.records import Kind
from portal.conferences import queries
from portal.sync.queries.facts import facts

HOST = re.compile(
    r"(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*"
)


def origin_of(address: str) -> str:
    """Scheme, host and port of a web address; empty for what is none, or is our own.

    It becomes a part of this page's policy, so nothing of it is taken as it was written.
    """
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except (ValueError, UnicodeError):
        return ""
    if parts.scheme not in ("https", "http") or parts.username is not None:
        return ""
    if not HOST.fullmatch(host) or not address.isprintable():
        return ""
    origin = f"{parts.scheme}://{host}" + (f":{port}" if port else "")
    # A frame of our own pages could reach out of its sandbox.
    ours = urlsplit(settings.PUBLIC_URL)
    return "" if (host, port) == (ours.hostname, ours.port) else origin


@require_safe
def room(request: HttpRequest, pk: int) -> HttpResponse:
    """The room in a frame. Only the origin of that very address may be framed, by this page."""
    conference = get_object_or_404(queries.conferences(), pk=pk)
    address = str(facts(Kind.CONFERENCE, pk).get("embed_room_url") or "")
    origin = origin_of(address)
    if not origin or conference.removed_at:
        name = conference.account.platform_name
        messages.error(request, f"{name} gives no address of this room that a page can show.")
        return redirect("staff:conference", pk)
    context = {"conference": conference, "address": address}
    answer = render(request, "conferences/embed.html", context)
    answer._csp_update = {"frame-src": [origin]}  # type: ignore[attr-defined]
    return answer
