"""Assign moderators, change their role, take them off."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from integrations.base.records import Kind
from portal.common.texts import shown
from portal.conferences.audience.forms.moderator import ModeratorForm
from portal.conferences.audience.services import moderators as service
from portal.conferences.models import Conference, Moderator
from portal.conferences.schedule import queries
from portal.conferences.schedule.services import series_people as over_dates
from portal.conferences.schedule.services.series import Extent
from portal.conferences.schedule.services.series_people import Speaking
from portal.identity.requests import SignedInRequest
from portal.staff.answers import asked, posted
from portal.staff.audience.presenters import series_people as of_series
from portal.staff.presenters import known_people, words
from portal.staff.presenters.send_card import typed_pairs
from portal.staff.refusals import saved
from portal.staff.webinars.presenters.buttons import reason_of_role
from portal.staff.webinars.presenters.extents import choices, read_extent

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def assign(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put a person on a conference, once it is said whether they get an invitation."""
    conference = get_object_or_404(queries.conferences(), pk=pk)
    post = posted(request)
    typed = post if post is not None and "refresh" not in post else None
    form = ModeratorForm(
        typed,
        roles=service.role_choices(conference.account),
        initial=post.dict() if post is not None else None,
    )
    known_people.offer([form])
    extent = read_extent(conference, request.POST if post is not None else request.GET)
    reason = reason_of_role(request.user)
    if extent is Extent.ONE:
        reason = reason or service.reason_against_assigning(conference)
    if saved(form, lambda v: _trial(conference, extent, v, request.user)):
        return _assign(request, conference, extent, form.cleaned_data)
    can = conference.account.capabilities.kind(Kind.MODERATOR)
    context = {
        "conference": conference,
        "form": form,
        "reason": reason,
        "note": shown(can.create.sentence),
        "extents": choices(conference, extent),
    }
    status = 422 if form.errors else 200
    return render(request, "conferences/moderator_form.html", context, status=status)


def _trial(
    conference: Conference, extent: Extent, values: dict[str, Any], by: User | None
) -> Speaking:
    """Find out whether it can be done. Raises NotPossible, NotAllowed."""
    with transaction.atomic():
        found = over_dates.assign(conference, extent, **values, by=by, notify=False)
        transaction.set_rollback(True)
    return found


def _assign(
    request: SignedInRequest, conference: Conference, extent: Extent, values: dict[str, Any]
) -> HttpResponse:
    hidden = typed_pairs(request.POST)
    question = of_series.assigning(
        conference, extent, values, request.user, posted(request), hidden
    )
    telling = question.card.telling
    return asked(
        request,
        question,
        lambda: over_dates.assign(conference, extent, **values, by=request.user, notify=telling),
        _("%(person)s is assigned.") % {"person": Moderator(**values)},
        *_people_page(conference, extent),
    )


def _people_page(conference: Conference, extent: Extent) -> tuple[str, int | None]:
    """Where an act leads: to the people of the date, or of the series that it was about."""
    if extent is Extent.ONE:
        return "staff:conference-people", conference.pk
    return "staff:series-people", conference.series_id


@require_http_methods(METHODS)
def change(request: SignedInRequest, pk: int, moderator: int) -> HttpResponse:
    """Give another name or role."""
    person = _moderator(pk, moderator)
    if person.removed_at:
        return _taken_off(request, pk)
    conference, held = person.conference, {"name": person.name, "role": person.role}
    form = ModeratorForm(
        request.POST if request.method == "POST" else None,
        roles=service.role_choices(conference.account),
        initial=held | {"email": person.email},
    )
    extent = read_extent(conference, request.POST if request.method == "POST" else request.GET)
    form.fields["email"].disabled = True
    form.fields["email"].help_text = _("Another address is another person: assign them instead.")

    def save(values: dict[str, Any]) -> Speaking:
        name, role = values["name"], values["role"]
        return over_dates.change(person, extent, name=name, role=role, by=request.user)

    if found := saved(form, save):
        said = words.sentences(_saved_at(found, extent), *of_series.left_out(found))
        messages.success(request, said)
        return redirect(*_people_page(conference, extent))
    reason = reason_of_role(request.user) or service.reason_against_change(conference)
    note = shown(conference.account.capabilities.kind(Kind.MODERATOR).update.sentence)
    context = {
        "conference": conference,
        "form": form,
        "reason": reason,
        "person": person,
        "note": note,
        "extents": choices(conference, extent),
    }
    status = 422 if form.errors else 200
    return render(request, "conferences/moderator_form.html", context, status=status)


def _saved_at(found: Speaking, extent: Extent) -> str:
    if extent is Extent.ONE:
        return _("Saved. Nobody has to be notified.")
    said = ngettext(
        "Saved for %(count)d date. Nobody has to be notified.",
        "Saved for %(count)d dates. Nobody has to be notified.",
        len(found.dates),
    )
    return said % {"count": len(found.dates)}


@require_http_methods(METHODS)
def unassign(request: SignedInRequest, pk: int, moderator: int) -> HttpResponse:
    """Ask, then take a person off."""
    person = _moderator(pk, moderator)
    if person.removed_at:
        return _taken_off(request, pk)
    extent = read_extent(person.conference, posted(request) or request.GET)
    question = of_series.unassigning(person, extent, request.user, posted(request))
    telling = question.card.telling
    done = _("%(person)s no longer runs this webinar.")
    if extent is not Extent.ONE:
        done = _("%(person)s no longer runs these dates.")
    return asked(
        request,
        question,
        lambda: over_dates.unassign(person, extent, request.user, telling),
        done % {"person": person},
        *_people_page(person.conference, extent),
    )


def _moderator(pk: int, moderator: int) -> Moderator:
    rows = Moderator.objects.select_related("conference__account", "conference__series")
    return get_object_or_404(rows, pk=moderator, conference=pk)


def _taken_off(request: SignedInRequest, pk: int) -> HttpResponse:
    """A second press of the button, or another tab: it is done, and that is no missing page."""
    messages.info(request, service.TAKEN_OFF)
    return redirect("staff:conference-people", pk)
