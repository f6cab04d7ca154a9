"""A platform's room inside a page of ours, where the platform gives an address for that."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from integrations.base.records import Kind
from portal.conferences import queries
from portal.sync.queries.facts import facts


@require_safe
def room(request: HttpRequest, pk: int) -> HttpResponse:
    """The room in a frame. Only the origin of that very address may be framed, by this page."""
    conference = get_object_or_404(queries.conferences(), pk=pk)
    address = str(facts(Kind.CONFERENCE, pk).get("embed_room_url") or "")
    parts = urlsplit(address)
    if parts.scheme not in ("https", "http") or conference.removed_at:
        name = conference.account.platform_name
        messages.error(request, f"{name} gives no address of this room that a page can show.")
        return redirect("staff:conference", pk)
    context = {"conference": conference, "address": address}
    answer = render(request, "conferences/embed.html", context)
    answer._csp_update = {"frame-src": [f"{parts.scheme}://{parts.netloc}"]}  # type: ignore[attr-defined]
    return answer
