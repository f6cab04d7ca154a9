"""What somebody types into the schedule form is kept while they type."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.common.dates import CLOCK, written
from portal.common.errors import NotPossible
from portal.conferences.models import Conference
from portal.conferences.schedule.services import unsaved
from portal.identity.requests import SignedInRequest
from portal.staff.refusals import for_staff

TEXT = "text/plain; charset=utf-8"


@require_POST
@for_staff
def keep(request: SignedInRequest, pk: int | None = None) -> HttpResponse:
    """Keep the form as it is; answers what to say of it."""
    conference = get_object_or_404(Conference, pk=pk) if pk else None
    try:
        row = unsaved.keep(request.user, pairs(request), conference)
    except NotPossible as no:
        return HttpResponse(str(no.sentence), content_type=TEXT, status=413)
    if row is None:
        return HttpResponse(status=204)
    return HttpResponse(
        _("Kept at %(time)s, not saved yet") % {"time": written(row.kept_at, CLOCK)},
        content_type=TEXT,
    )


@require_POST
@for_staff
def discard(request: SignedInRequest, uid: UUID, pk: int | None = None) -> HttpResponse:
    """Forget what was typed."""
    if unsaved.forget(request.user, uid):
        messages.success(request, _("What you had begun is discarded."))
    return redirect("staff:conference-edit", pk) if pk else redirect("staff:schedule")


def pairs(request: SignedInRequest) -> list[tuple[str, str]]:
    """The fields of a posted form, in their order."""
    return [(name, str(text)) for name, texts in request.POST.lists() for text in texts]
