"""Columns of the house's own on people: which there are. An administrator changes them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.conferences.models import PersonField
from portal.conferences.people.forms.fields import ColumnForm, NewColumnForm
from portal.conferences.people.services import clauses
from portal.conferences.people.services import fields as service
from portal.identity import roles
from portal.identity.requests import SignedInRequest
from portal.staff.answers import ask_first
from portal.staff.people.presenters import left_without
from portal.staff.presenters import words
from portal.staff.refusals import saved


@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """All columns, in their order."""
    return render(request, "people/columns.html", {"columns": PersonField.objects.all()})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """Make a column."""
    roles.require(request.user, roles.ADMINISTRATOR)
    form = NewColumnForm(request.POST or None)
    if row := saved(form, lambda values: service.create(**values, by=request.user)):
        messages.success(request, _("The column %(name)s was added.") % {"name": row.name})
        return redirect("staff:columns")
    context = {"form": form, "title": _("New column")}
    return render(request, "people/column_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give a column another name or other choices."""
    roles.require(request.user, roles.ADMINISTRATOR)
    row = get_object_or_404(PersonField, pk=pk)
    start = {"name": row.name, "choices": "\n".join(row.choices), "listed": row.listed}
    form = ColumnForm(request.POST or None, initial=start)
    if row.kind != PersonField.Kind.CHOICE:
        del form.fields["choices"]

    def act(values: dict[str, Any]) -> PersonField:
        choices = values.get("choices", [])
        return service.change(row, values["name"], choices, request.user, listed=values["listed"])

    if changed := saved(form, act):
        messages.success(request, _("The column %(name)s was saved.") % {"name": changed.name})
        return redirect("staff:columns")
    context = {"form": form, "title": _("Change %(name)s") % {"name": row.name}, "column": row}
    return render(request, "people/column_form.html", context, status=422 if form.errors else 200)


@require_POST
def move(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put a column before or behind its neighbour."""
    row = get_object_or_404(PersonField, pk=pk)
    service.move(row, request.user, up=request.POST.get("way") == "up")
    return redirect("staff:columns")


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask, then forget a column with all that stands in it."""
    roles.require(request.user, roles.ADMINISTRATOR)
    row = get_object_or_404(PersonField, pk=pk)
    number = service.filled(row)
    what = ngettext(
        "What stands in it goes too: %(count)s person has something in it. This cannot be undone.",
        "What stands in it goes too: %(count)s people have something in it. This cannot be undone.",
        number,
    )
    question = {
        "title": _("Delete the column %(name)s?") % {"name": row.name},
        "consequence": words.sentences(
            what % {"count": words.number(number)},
            left_without(clauses.groups_asking(lambda one: one["what"] == row.column.meaning)),
        ),
        "label": _("Delete"),
        "back_url": reverse("staff:columns"),
    }
    said = _("The column %(name)s was deleted.") % {"name": row.name}
    return ask_first(
        request, question, lambda: service.delete(row, request.user), said, "staff:columns"
    )
