"""People: the list, one person, add, mend, delete."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from integrations.base.records import Kind
from portal.common import htmx
from portal.common.pages import Pages
from portal.conferences.audience.services import exports
from portal.conferences.jobs import queries as queries_jobs
from portal.conferences.mails.services import Telling
from portal.conferences.models import Attendee
from portal.conferences.people import queries as queries_people
from portal.conferences.people.forms.people import PeopleFilter, PersonForm
from portal.conferences.people.queries import tags as queries_tags
from portal.conferences.people.services import fields
from portal.conferences.people.services import people as service
from portal.identity.requests import SignedInRequest
from portal.staff.answers import ask, ask_first, posted
from portal.staff.attention.presenters import corrected
from portal.staff.jobs.presenters import line
from portal.staff.people.presenters import own_values, timeline, with_listed
from portal.staff.platform_actions.presenters import places_of
from portal.staff.presenters import known_people, words
from portal.staff.presenters.send_card import Question, typed_pairs
from portal.staff.refusals import for_staff, saved
from portal.sync import queries as sync

LATEST = 30  # lines of history on a person's page
PLACES = 20  # webinars, and visits, on one page of it


@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """Everyone, by search, group and order, in pages; or the results alone for HTMX."""
    form = PeopleFilter(request.GET)
    rows = _chosen(form)
    page = Pages(queries_people.with_groups(rows), queries_people.PAGE).get_page(
        request.GET.get("page")
    )
    columns = [column for column in form.columns.values() if column.listed]
    with_listed(page, columns)
    context = {
        "form": form,
        "page": page,
        "columns": columns,
        "filtered": bool(form.chosen.keys() - {"sort"}),
        "group": form.chosen.get("group", ""),
        "tag_names": queries_tags.names(),
        "tag_all": _tag_all(page.paginator),
    }
    context |= line(queries_jobs.running_imports())
    return htmx.render(request, "people/list.html", context, partial="results")


def _tag_all(pages: Any) -> str:
    if not pages.exact:
        return _("Tag all of them")
    said = ngettext("Tag %(count)s person", "Tag all %(count)s", pages.count)
    return said % {"count": words.number(pages.count)}


def _chosen(form: PeopleFilter) -> QuerySet[Attendee]:
    given = form.chosen
    return queries_people.people(**form.filters, sort=given.get("sort", ""))


@require_POST
@for_staff
@htmx.part_of("staff:people")
def known(request: SignedInRequest) -> HttpResponse:
    """Whom the box that somebody types into offers. By POST, since names belong into no address."""
    typed = next((text for name, text in request.POST.items() if name != "csrfmiddlewaretoken"), "")
    context = {"known": known_people.fitting(str(typed))}
    return htmx.render(request, "people/_known.html", context, partial="options")


@require_safe
@for_staff
def export(request: SignedInRequest, form: str = exports.CSV) -> StreamingHttpResponse:
    """What the list shows, all pages of it, as a file."""
    rows = _chosen(PeopleFilter(request.GET))
    return exports.saved_as(form, exports.people(rows), "people")


@require_safe
def person(request: SignedInRequest, pk: int) -> HttpResponse:
    """One person: where registered, in which groups, when there, what was changed."""
    row: Any = get_object_or_404(queries_people.pages(), pk=pk)
    if row.merged_into_id:
        return redirect("staff:person", row.merged_into_id)
    places = Pages(queries_people.registrations_of(row), PLACES, counted=row.places)
    page = places.get_page(request.GET.get("page"))
    visits = Pages(queries_people.attendance_of(row), PLACES, counted=row.visits)
    marks = sync.lines({Kind.REGISTRATION: page})[Kind.REGISTRATION]
    tags, tag_names = queries_tags.of(row)
    columns = fields.columns() if row.own else []
    context = {
        "person": row,
        "page": page,
        "registrations": [(one, marks[one.pk]) for one in page],
        "groups": queries_people.groups_of(row, columns),
        "own": own_values(row, columns),
        "tags": tags,
        "tag_names": tag_names,
        "attendance": visits.get_page(request.GET.get("visits")),
        "entries": timeline(queries_people.history_of(row, LATEST)),
        "delete_reason": service.reason_against_deletion(row, row.places),
        "places": places_of(row.pk),
        "also": row.merged.values_list("email", flat=True) if row.merges else [],
    }
    return render(request, "people/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def new(request: SignedInRequest) -> HttpResponse:
    """Add one person."""
    form = PersonForm(request.POST or None)
    if row := saved(form, lambda values: service.create(values, request.user)):
        messages.success(request, _("%(person)s was added.") % {"person": row})
        return redirect("staff:person", row.pk)
    context = {"form": form, "back": reverse("staff:people")}
    return render(request, "people/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Mend one person, once it is said whether they are invited at an address that is new."""
    row = get_object_or_404(Attendee.standing, pk=pk)
    post = posted(request)
    back = post is not None and "refresh" in post
    form = PersonForm(
        None if back else post,
        instance=Attendee.objects.get(pk=pk),
        initial=post.dict() if back else None,
    )
    asked: list[Question] = []

    def save(values: dict[str, Any]) -> Attendee | None:
        question = corrected.asking(
            row,
            lambda: service.update(row, values, request.user, notify=True),
            (_("Save and invite at the new address?"), _("Save")),
            post,
            request.path,
            typed_pairs(request.POST),
        )
        asked.extend(filter(None, [question]))
        if question and question.card.open:
            return None
        telling = question.card.telling if question else Telling(False)
        return service.update(row, values, request.user, telling)

    if mended := saved(form, save):
        done = _("%(person)s was saved.") % {"person": mended}
        messages.success(request, words.sentences(done, asked[0].card.outcome if asked else ""))
        return redirect("staff:person", pk)
    if asked and not form.errors:
        return ask(request, asked[0])
    context = {"form": form, "person": row, "back": reverse("staff:person", args=[pk])}
    return render(request, "people/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def delete(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask, then forget a person on whom nothing depends."""
    row = get_object_or_404(Attendee.standing, pk=pk)
    question = {
        "title": _("Delete %(name)s?") % {"name": row},
        "consequence": _("The entry and its place in groups go."),
        "label": _("Delete"),
        "back_url": reverse("staff:person", args=[pk]),
        "reason": service.reason_against_deletion(row),
    }
    said = _("%(person)s was deleted.") % {"person": row}
    return ask_first(
        request, question, lambda: service.delete(row, request.user), said, "staff:people"
    )
