"""Personal links, one at a time, for those who may have them."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from portal.conferences.audience.services import join_links
from portal.conferences.models import Moderator, Registration
from portal.identity.requests import SignedInRequest
from portal.staff.refusals import for_staff

ONES: dict[str, Any] = {"registration": Registration, "moderator": Moderator}


@require_GET
@for_staff
def personal(request: SignedInRequest, word: str, pk: int) -> HttpResponse:
    """Show one link, and write down who asked. HTMX gets the field alone."""
    if word not in ONES:
        raise Http404
    rows = ONES[word].objects.select_related("conference")
    person: Registration | Moderator = get_object_or_404(rows, pk=pk, removed_at=None)
    whose = person.attendee if isinstance(person, Registration) else person.name or person.email
    context = {
        "conference": person.conference,
        "whose": str(whose),
        "url": join_links.personal_link(person, request.user),
        "label": _("Personal link of %(person)s") % {"person": whose},
    }
    part = bool(getattr(request, "htmx", False))
    page = "components/copy_link.html" if part else "conferences/link.html"
    return render(request, page, context)
