"""Assign moderators, change their role, take them off."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from integrations.base.records import Kind
from portal.conferences import queries
from portal.conferences.forms.moderator import ModeratorForm
from portal.conferences.models import Moderator
from portal.conferences.services import moderators as service
from portal.staff.answers import attempt
from portal.staff.presenters.actions import reason_of_role
from portal.staff.refusals import saved

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a person on a conference."""
    conference = get_object_or_404(queries.conferences(), pk=pk)
    form = ModeratorForm(
        request.POST if request.method == "POST" else None,
        roles=service.role_choices(conference.account),
    )
    if person := saved(form, lambda v: service.assign(conference, **v, by=request.user)):
        messages.success(request, f"{person} is assigned.")
        return redirect("staff:conference-people", pk)
    reason = reason_of_role(request.user) or service.reason_against_assigning(conference)
    can = conference.account.capabilities.kind(Kind.MODERATOR)
    context = {
        "conference": conference,
        "form": form,
        "reason": reason,
        "note": can.create.sentence,
    }
    status = 422 if form.errors else 200
    return render(request, "conferences/moderator_form.html", context, status=status)


@require_http_methods(METHODS)
def change(request: HttpRequest, pk: int, moderator: int) -> HttpResponse:
    """Give another name or role."""
    person = _moderator(pk, moderator)
    conference, held = person.conference, {"name": person.name, "role": person.role}
    form = ModeratorForm(
        request.POST if request.method == "POST" else None,
        roles=service.role_choices(conference.account),
        initial=held | {"email": person.email},
    )
    form.fields["email"].disabled = True
    form.fields["email"].help_text = "Another address is another person: assign them instead."

    def save(values: dict[str, Any]) -> Moderator:
        name, role = values["name"], values["role"]
        return service.change(person, name=name, role=role, by=request.user)

    if saved(form, save):
        messages.success(request, "Saved.")
        return redirect("staff:conference-people", pk)
    reason = reason_of_role(request.user) or service.reason_against_change(conference)
    note = conference.account.capabilities.kind(Kind.MODERATOR).update.sentence
    context = {
        "conference": conference, "form": form, "reason": reason, "person": person, "note": note
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "conferences/moderator_form.html", context, status=status)


@require_http_methods(METHODS)
def unassign(request: HttpRequest, pk: int, moderator: int) -> HttpResponse:
    """Ask, then take a person off."""
    person = _moderator(pk, moderator)
    if request.method == "POST":
        said = f"{person} no longer runs this webinar."
        attempt(request, lambda: service.unassign(person, request.user), said)
        return redirect("staff:conference-people", pk)
    reason = reason_of_role(request.user) or service.reason_against_unassigning(person)
    context = {"conference": person.conference, "person": person, "reason": reason}
    return render(request, "conferences/moderator_remove.html", context)


def _moderator(pk: int, moderator: int) -> Moderator:
    rows = Moderator.objects.select_related("conference__account").filter(removed_at=None)
    return get_object_or_404(rows, pk=moderator, conference=pk)
