"""What mails say: the templates, an editor with a preview beside it, and back to our own words."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.common import htmx
from portal.conferences.mails import queries
from portal.conferences.mails.forms import MailTemplateForm
from portal.conferences.mails.services import templates as service
from portal.conferences.models import MailTemplate
from portal.identity.requests import SignedInRequest
from portal.staff.answers import ask_first, attempt
from portal.staff.refusals import for_staff, saved

LIST = "staff:mail-templates"


@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """All templates, by what they are for."""
    return render(request, "mailtemplates/list.html", {"kinds": queries.templates_by_purpose()})


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def new(request: SignedInRequest) -> HttpResponse:
    """Write one, beginning with Lectern's own words."""
    begin = request.GET.get("purpose", "")
    form = MailTemplateForm(request.POST or None, begin=begin)
    return _edited(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change one."""
    row = get_object_or_404(MailTemplate.objects.select_related("account"), pk=pk)
    return _edited(request, MailTemplateForm(request.POST or None, row=row), row)


def _edited(
    request: SignedInRequest, form: MailTemplateForm, row: MailTemplate | None
) -> HttpResponse:
    """The editor: its buttons show the mail, send it to whoever writes it, or keep it."""
    if "preview" in request.POST:
        form.is_bound = False
        return _page(request, _typed(request, row), row)
    if "test" in request.POST:
        if form.is_valid() and (draft := form.draft):
            said = _("The test is on its way to %(email)s.") % {"email": request.user.email}
            attempt(request, lambda: service.send_test(draft, request.user), said)
        return _page(request, form, row)
    if saved(form, lambda values: service.save(values, request.user, row)):
        messages.success(request, _("Mails of this kind say this from now on."))
        return redirect(LIST)
    return _page(request, form, row)


def _typed(request: SignedInRequest, row: MailTemplate | None) -> MailTemplateForm:
    """What was typed, without a word on what is wrong: it is not finished yet."""
    form = MailTemplateForm(row=row)
    form.initial = {name: request.POST.get(name, "") for name in form.fields}
    return form


def _page(
    request: SignedInRequest, form: MailTemplateForm, row: MailTemplate | None
) -> HttpResponse:
    draft, by = form.draft, request.user
    context: dict[str, Any] = {
        "form": form,
        "template": row,
        "own_address": by.email,
        "sample": service.sample(draft, by.get_full_name(), by.email) if draft else None,
    }
    wrong = form.is_bound and bool(form.errors)
    return htmx.render(
        request, "mailtemplates/form.html", context, partial="form", status=422 if wrong else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask, then go back to Lectern's own words."""
    row = get_object_or_404(MailTemplate.objects.select_related("account"), pk=pk)
    question = {
        "title": _("Back to Lectern's own words?"),
        "consequence": _(
            "The template “%(template)s” is deleted. Mails that have not left yet are written "
            "without it."
        )
        % {"template": row},
        "label": _("Delete the template"),
        "back_url": reverse("staff:mail-template", args=[pk]),
    }
    done = _("The template was deleted.")
    return ask_first(request, question, lambda: service.remove(row, request.user), done, LIST)
