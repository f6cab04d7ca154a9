"""A platform's room inside a page of ours, where the platform gives an address for that."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.request import validate_host
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from integrations.base.records import Kind
from portal.conferences.schedule import queries
from portal.sync.queries.facts import facts

HOST = re.compile(
    r"(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*"
)

USUAL = {"https": 443, "http": 80}  # ports that an address leaves out


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
    return "" if _is_ours(host, port or USUAL[parts.scheme]) else origin


def _is_ours(host: str, port: int) -> bool:
    """Whether the portal answers there, under whichever of its names."""
    ours = urlsplit(settings.PUBLIC_URL)
    told = (ours.hostname, ours.port or USUAL.get(ours.scheme))
    usual = port in USUAL.values() and validate_host(host, settings.ALLOWED_HOSTS)
    return usual or (host, port) == told


@require_safe
def room(request: HttpRequest, pk: int) -> HttpResponse:
    """The room in a frame. Only the origin of that very address may be framed, by this page."""
    conference = get_object_or_404(queries.conferences(), pk=pk)
    address = str(facts(Kind.CONFERENCE, pk).get("embed_room_url") or "")
    origin = origin_of(address)
    if not origin or conference.removed_at:
        said = _("%(platform)s gives no address of this room that a page can show.")
        messages.error(request, said % {"platform": conference.account.platform_name})
        return redirect("staff:conference", pk)
    context = {"conference": conference, "address": address}
    answer = render(request, "conferences/embed.html", context)
    answer._csp_update = {"frame-src": [origin]}  # type: ignore[attr-defined]
    return answer
