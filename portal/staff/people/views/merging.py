"""Duplicates: who may be one person twice, and making one of two."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.common.errors import NotPossible
from portal.conferences.audience.forms.invite import LARGEST_ID
from portal.conferences.mails.services import Telling
from portal.conferences.models import Attendee
from portal.conferences.people import queries as queries_people
from portal.conferences.people.services import fields
from portal.conferences.people.services import merging as service
from portal.identity.requests import SignedInRequest
from portal.staff.answers import ask
from portal.staff.attention.presenters import corrected
from portal.staff.people.presenters import side_by_side
from portal.staff.presenters import words
from portal.staff.presenters.send_card import typed_pairs
from portal.staff.refusals import for_staff, reject


@require_safe
@for_staff
def duplicates(request: SignedInRequest) -> HttpResponse:
    """Pairs that may be one person."""
    page = Paginator(queries_people.likely_duplicates(), 25).get_page(request.GET.get("page"))
    people = queries_people.by_id({pk for pair in page for pk in (pair.one, pair.other)})
    rows = [
        (people[pair.one], people[pair.other], pair.reason)
        for pair in page
        if pair.one in people and pair.other in people
    ]
    return render(request, "people/duplicates.html", {"page": page, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def pair(request: SignedInRequest, one: int, other: int) -> HttpResponse:
    """Two people side by side; the one that is chosen stays."""
    there = max(one, other) <= LARGEST_ID
    people = queries_people.by_id({one, other}) if there else {}
    if len(people) < 2:
        raise Http404
    if request.method == "POST" and request.POST.get("keep") in (str(one), str(other)):
        keep = int(request.POST["keep"])
        drop = other if keep == one else one
        return _merge(request, people[keep], people[drop])
    if request.method == "POST":
        messages.info(request, _("Choose which of the two to keep."))
    context = {
        "pair": [people[one], people[other]],
        "fields": side_by_side(people[one], people[other], fields.columns()),
        "shared": queries_people.shared_webinars(one, other),
    }
    return render(request, "people/merge.html", context)


def _merge(request: SignedInRequest, keep: Attendee, drop: Attendee) -> HttpResponse:
    """Do it, once it is said whether the one who stays is invited at their address."""
    try:
        question = corrected.asking(
            keep,
            lambda: service.merge(keep, drop, request.user, notify=True),
            (_("Merge and invite at the new address?"), _("Merge")),
            request.POST,
            request.path,
            typed_pairs(request.POST),
        )
        if question and question.card.open:
            return ask(request, question)
        telling = question.card.telling if question else Telling(False)
        outcome = service.merge(keep, drop, request.user, telling)
    except NotPossible as error:
        reject(request, error)
        return redirect("staff:people-merge")
    told = question.card.outcome if question else ""
    messages.success(request, words.sentences(_("One person now."), outcome.sentence, told))
    return redirect("staff:person", keep.pk)
