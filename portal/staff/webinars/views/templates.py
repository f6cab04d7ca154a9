"""Templates of webinars: the list, save one, rename it, delete it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.conferences.models import ConferenceTemplate
from portal.conferences.schedule import queries
from portal.conferences.schedule.forms.template import TemplateForm
from portal.conferences.schedule.services import templates
from portal.identity import roles
from portal.identity.requests import SignedInRequest
from portal.staff.answers import ask_first
from portal.staff.refusals import for_staff, saved
from portal.staff.webinars.presenters.starting import COPIED, NOT_COPIED

METHODS = ["GET", "HEAD", "POST"]


@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """All templates; there are never many."""
    may = roles.may(request.user, roles.STAFF)
    context = {"templates": templates.templates(), "may_act": may}
    return render(request, "conferences/templates.html", context)


@require_http_methods(METHODS)
@for_staff
def save_as(request: SignedInRequest, pk: int) -> HttpResponse:
    """Save a webinar as a template."""
    conference = get_object_or_404(queries.conferences(), pk=pk)
    start = {"name": conference.title[:100], "account": conference.account_id}
    form = TemplateForm(request.POST or None, initial=start)

    def act(values: dict[str, Any]) -> ConferenceTemplate:
        return templates.save_as(conference, values["name"], values["account"], request.user)

    if made := saved(form, act):
        said = _("Saved as the template %(name)s. Choose it when you schedule the next webinar.")
        messages.success(request, said % {"name": made.name})
        return redirect("staff:conference", pk)
    context = {
        "form": form,
        "conference": conference,
        "title": _("Save as a template"),
        "copied": [COPIED, NOT_COPIED],
        "back_url": reverse("staff:conference", args=[pk]),
    }
    status = 422 if form.errors else 200
    return render(request, "conferences/template_form.html", context, status=status)


@require_http_methods(METHODS)
@for_staff
def rename(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give a template another name or account."""
    row = get_object_or_404(ConferenceTemplate, pk=pk)
    form = TemplateForm(request.POST or None, initial={"name": row.name, "account": row.account_id})

    def act(values: dict[str, Any]) -> ConferenceTemplate:
        return templates.change(row, values["name"], values["account"], request.user)

    if changed := saved(form, act):
        messages.success(request, _("Saved: %(name)s.") % {"name": changed.name})
        return redirect("staff:templates")
    context = {
        "form": form,
        "title": _("Rename %(name)s") % {"name": row.name},
        "back_url": reverse("staff:templates"),
    }
    status = 422 if form.errors else 200
    return render(request, "conferences/template_form.html", context, status=status)


@require_http_methods(METHODS)
@for_staff
def delete(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask, then forget a template."""
    row = get_object_or_404(ConferenceTemplate, pk=pk)
    question = {
        "title": _("Delete the template %(name)s?") % {"name": row.name},
        "consequence": _("Webinars that were scheduled from it stay as they are."),
        "label": _("Delete"),
        "back_url": reverse("staff:templates"),
    }
    said = _("The template %(name)s was deleted.") % {"name": row.name}
    act = templates.delete
    return ask_first(request, question, lambda: act(row, request.user), said, "staff:templates")
