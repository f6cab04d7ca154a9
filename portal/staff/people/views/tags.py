"""Tags: on people, and the tags themselves."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.common import htmx
from portal.common.bulk import Among
from portal.common.pages import Pages
from portal.conferences.audience.forms.invite import IdsField
from portal.conferences.models import Attendee, Tag
from portal.conferences.people import queries as queries_people
from portal.conferences.people.forms.people import PeopleFilter
from portal.conferences.people.forms.tags import (
    ManyForm,
    MergeForm,
    RenameForm,
    TagFilter,
    TagsForm,
)
from portal.conferences.people.queries import tags as queries_tags
from portal.conferences.people.services import clauses
from portal.conferences.people.services import tags as service
from portal.conferences.people.services.selection import MOST_PEOPLE
from portal.identity.requests import SignedInRequest
from portal.staff.answers import ask_first
from portal.staff.people.presenters import left_without, timeline
from portal.staff.presenters import words
from portal.staff.refusals import for_staff, saved

LATEST = 30  # lines of history on a tag's page


@dataclass(frozen=True, slots=True)
class Meant:
    """Who is to be tagged: those who were ticked, or all that the list shows."""

    rows: QuerySet[Attendee]
    fields: list[tuple[str, str]]  # by which the form names them again
    back: str

    @property
    def count(self) -> int:
        return self.rows.count()


def _meant(given: Any) -> Meant:
    form = PeopleFilter(given)
    back = reverse("staff:people")
    asked = [(name, str(value)) for name, value in form.chosen.items()]
    if asked:
        back = f"{back}?{urlencode(asked)}"
    if given.get("which") == "all":
        rows = queries_people.found(**form.filters)
        return Meant(rows, [("which", "all"), *asked], back)
    ids = IdsField(required=False).clean(given.getlist("person"))[:MOST_PEOPLE]
    rows = Attendee.standing.filter(pk__in=Among(ids)) if ids else Attendee.objects.none()
    return Meant(rows, [("person", str(pk)) for pk in ids] + asked, back)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def put(request: SignedInRequest) -> HttpResponse:
    """Put tags on many people, or take them off."""
    given = request.POST if request.method == "POST" else request.GET
    meant = _meant(given)
    count = meant.count
    if not count:
        messages.info(request, _("Tick somebody in the list first."))
        return redirect(meant.back)
    form = ManyForm(request.POST if request.method == "POST" else None)
    done = saved(form, lambda values: _change(meant.rows, values, request))
    if done is not None:
        messages.success(request, done)
        return redirect(meant.back)
    context = {
        "form": form,
        "count": count,
        "everybody": given.get("which") == "all",
        "first": meant.rows[:5],
        "fields": meant.fields,
        "back": meant.back,
        "tag_names": queries_tags.names(),
    }
    return render(request, "people/tag_many.html", context, status=422 if form.errors else 200)


def _change(rows: QuerySet[Attendee], values: dict[str, Any], request: SignedInRequest) -> str:
    names = values["tags"]
    if values["way"] == ManyForm.TAKE:
        number = service.take_off(rows, names, request.user)
        said = ngettext(
            "%(tags)s: taken off %(count)s person.",
            "%(tags)s: taken off %(count)s people.",
            number,
        )
    else:
        number = service.put_on(rows, names, request.user)
        said = ngettext(
            "%(tags)s: put on %(count)s person. Who had it already keeps it.",
            "%(tags)s: put on %(count)s people. Who had it already keeps it.",
            number,
        )
    return said % {"tags": words.listed(names), "count": words.number(number)}


@require_POST
@for_staff
def of_person(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put tags on one person, or take one off."""
    row = get_object_or_404(Attendee.standing, pk=pk)
    form = TagsForm(request.POST)
    on = request.POST.get("way") != ManyForm.TAKE

    def act(values: dict[str, Any]) -> bool:
        service.change(row, values["tags"], request.user, on=on)
        return True

    if not saved(form, act):
        for error in [*form.errors.get("tags", []), *form.non_field_errors()]:
            messages.error(request, error)
    return redirect(f"{reverse('staff:person', args=[pk])}#tags")


@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """All tags with how many people have them; or the results alone for HTMX."""
    form = TagFilter(request.GET)
    rows = queries_tags.tags(form.chosen.get("q", ""), form.chosen.get("sort", ""))
    page = Pages(rows, queries_people.PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "filtered": "q" in form.chosen}
    return htmx.render(request, "people/tags.html", context, partial="results")


@require_safe
def tag(request: SignedInRequest, pk: int) -> HttpResponse:
    """One tag: on how many people, and what was done with it."""
    row = get_object_or_404(queries_tags.tags(), pk=pk)
    context = {
        "tag": row,
        "people_url": f"{reverse('staff:people')}?{urlencode({'tag': row.name})}",
        "entries": timeline(queries_tags.history_of(row, LATEST)),
        "consequence": _consequence(row),
    }
    return render(request, "people/tag.html", context)


def _consequence(row: Any) -> str:
    said = ngettext(
        "It is taken off %(count)s person, who stays in your people. This cannot be undone.",
        "It is taken off %(count)s people, who stay in your people. This cannot be undone.",
        row.size,
    )
    asking = clauses.groups_asking(clauses.of_tag(row.pk))
    return words.sentences(said % {"count": words.number(row.size)}, left_without(asking))


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def rename(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give a tag another name."""
    row = get_object_or_404(Tag, pk=pk)
    form = RenameForm(request.POST or None, initial={"name": row.name})
    if renamed := saved(form, lambda values: service.rename(row, values["name"], request.user)):
        messages.success(request, _("The tag is called %(name)s now.") % {"name": renamed.name})
        return redirect("staff:tag", pk)
    context = {"form": form, "tag": row, "title": _("Rename %(name)s") % {"name": row.name}}
    return render(request, "people/tag_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def merge(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make one tag of two, once it was said what that does."""
    row: Any = get_object_or_404(queries_tags.tags(), pk=pk)
    form = MergeForm(request.POST or None)

    def act(values: dict[str, Any]) -> Tag:
        service.merge(values["into"], row, request.user)
        return values["into"]  # type: ignore[no-any-return]  # what the form found

    if kept := saved(form, act):
        said = _("%(name)s is one tag with %(other)s now.")
        messages.success(request, said % {"name": kept.name, "other": row.name})
        return redirect("staff:tag", kept.pk)
    what = ngettext(
        "The other tag is put on the %(count)s person who has this one. This tag goes then, which "
        "cannot be undone.",
        "The other tag is put on the %(count)s people who have this one. This tag goes then, which "
        "cannot be undone.",
        row.size,
    )
    context = {
        "form": form,
        "tag": row,
        "title": _("Merge %(name)s into another tag") % {"name": row.name},
        "lead": what % {"count": words.number(row.size)},
        "label": _("Merge"),
        "tag_names": queries_tags.names(),
    }
    return render(request, "people/tag_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def delete(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask, then forget a tag; its people stay."""
    row = get_object_or_404(queries_tags.tags(), pk=pk)
    question = {
        "title": _("Delete the tag %(name)s?") % {"name": row.name},
        "consequence": _consequence(row),
        "label": _("Delete"),
        "back_url": reverse("staff:tag", args=[pk]),
    }
    said = _("The tag %(name)s was deleted; its people stay.") % {"name": row.name}
    return ask_first(
        request, question, lambda: service.delete(row, request.user), said, "staff:tags"
    )
