"""Assign moderators, change their role, take them off."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from integrations.base.records import Kind
from portal.common.texts import shown
from portal.conferences.audience.forms.moderator import ModeratorForm
from portal.conferences.audience.services import moderators as service
from portal.conferences.models import Conference, Moderator
from portal.conferences.schedule import queries
from portal.identity.requests import SignedInRequest
from portal.staff.answers import asked, posted
from portal.staff.presenters.send_card import typed_pairs
from portal.staff.refusals import saved
from portal.staff.webinars.presenters import confirmations
from portal.staff.webinars.presenters.buttons import reason_of_role

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
    reason = reason_of_role(request.user) or service.reason_against_assigning(conference)
    if saved(form, lambda v: _trial(conference, v, request.user)):
        return _assign(request, conference, form.cleaned_data)
    can = conference.account.capabilities.kind(Kind.MODERATOR)
    context = {
        "conference": conference,
        "form": form,
        "reason": reason,
        "note": shown(can.create.sentence),
    }
    status = 422 if form.errors else 200
    return render(request, "conferences/moderator_form.html", context, status=status)


def _trial(conference: Conference, values: dict[str, Any], by: User | None) -> Moderator:
    """Find out whether it can be done. Raises NotPossible, NotAllowed."""
    with transaction.atomic():
        person = service.assign(conference, **values, by=by, notify=False)
        transaction.set_rollback(True)
    return person


def _assign(
    request: SignedInRequest, conference: Conference, values: dict[str, Any]
) -> HttpResponse:
    speaker = Moderator(conference=conference, **values)
    question = confirmations.assigning(
        conference, speaker, request.user, posted(request), typed_pairs(request.POST)
    )
    telling = question.card.telling
    return asked(
        request,
        question,
        lambda: service.assign(conference, **values, by=request.user, notify=telling),
        _("%(person)s is assigned.") % {"person": speaker},
        "staff:conference-people",
        conference.pk,
    )


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
    form.fields["email"].disabled = True
    form.fields["email"].help_text = _("Another address is another person: assign them instead.")

    def save(values: dict[str, Any]) -> Moderator:
        name, role = values["name"], values["role"]
        return service.change(person, name=name, role=role, by=request.user)

    if saved(form, save):
        messages.success(request, _("Saved. Nobody has to be notified."))
        return redirect("staff:conference-people", pk)
    reason = reason_of_role(request.user) or service.reason_against_change(conference)
    note = shown(conference.account.capabilities.kind(Kind.MODERATOR).update.sentence)
    context = {
        "conference": conference,
        "form": form,
        "reason": reason,
        "person": person,
        "note": note,
    }
    status = 422 if form.errors else 200
    return render(request, "conferences/moderator_form.html", context, status=status)


@require_http_methods(METHODS)
def unassign(request: SignedInRequest, pk: int, moderator: int) -> HttpResponse:
    """Ask, then take a person off."""
    person = _moderator(pk, moderator)
    if person.removed_at:
        return _taken_off(request, pk)
    question = confirmations.unassigning(person, request.user, posted(request))
    telling = question.card.telling
    return asked(
        request,
        question,
        lambda: service.unassign(person, request.user, telling),
        _("%(person)s no longer runs this webinar.") % {"person": person},
        "staff:conference-people",
        pk,
    )


def _moderator(pk: int, moderator: int) -> Moderator:
    rows = Moderator.objects.select_related("conference__account")
    return get_object_or_404(rows, pk=moderator, conference=pk)


def _taken_off(request: SignedInRequest, pk: int) -> HttpResponse:
    """A second press of the button, or another tab: it is done, and that is no missing page."""
    messages.info(request, service.TAKEN_OFF)
    return redirect("staff:conference-people", pk)
