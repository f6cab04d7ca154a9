"""Groups: the list, one group with its members, make, rename, delete."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.common import htmx
from portal.common.errors import NotPossible
from portal.common.pages import Pages
from portal.conferences.audience.forms.invite import IdsField, SelectionForm
from portal.conferences.jobs import queries as queries_jobs
from portal.conferences.jobs import services as jobs
from portal.conferences.models import AttendeeGroup, Job
from portal.conferences.people import queries as queries_people
from portal.conferences.people.forms.groups import GroupFilter, GroupForm, NewGroupForm, RuleForm
from portal.conferences.people.queries import tags as queries_tags
from portal.conferences.people.services import clauses, selection
from portal.conferences.people.services import groups as service
from portal.identity.requests import SignedInRequest
from portal.platforms.models import PlatformAccount
from portal.staff.answers import ask_first, posted, pressed
from portal.staff.audience.presenters.selection import only_usable, preview_selection
from portal.staff.jobs.presenters import joined, line
from portal.staff.people.presenters import fits, rule_in_words
from portal.staff.presenters import words
from portal.staff.refusals import for_staff, reject, saved


@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """All groups with their sizes; or the results alone for HTMX."""
    form = GroupFilter(request.GET)
    rows = queries_people.groups(form.chosen.get("q", ""), form.chosen.get("sort", ""))
    page = Pages(rows, queries_people.PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "filtered": "q" in form.chosen}
    return htmx.render(request, "groups/list.html", context, partial="results")


@require_safe
def group(request: SignedInRequest, pk: int) -> HttpResponse:
    """One group and its members."""
    row = get_object_or_404(selection.with_sizes(), pk=pk)
    if row.rule is not None:
        return _by_rule(request, row)
    return _page(request, row, SelectionForm())


def _by_rule(request: SignedInRequest, row: AttendeeGroup) -> HttpResponse:
    """One group by rule: the rule in words, and who fits now."""
    search = GroupFilter(request.GET)
    rows = selection.members(row).filter(selection.matching(search.chosen.get("q", "")))
    context = {
        "group": row,
        "form": search,
        "page": Pages(rows, queries_people.PAGE).get_page(request.GET.get("page")),
        "filtered": "q" in search.chosen,
        "rule": rule_in_words(row.rule or {}),
        "delete_sentence": _delete_sentence(row),
    }
    return htmx.render(request, "groups/by_rule.html", context, partial="results")


def _page(
    request: SignedInRequest, row: AttendeeGroup, form: SelectionForm, *, asked: bool = False
) -> HttpResponse:
    search = GroupFilter(request.GET)
    rows = selection.members(row).filter(selection.matching(search.chosen.get("q", "")))
    pages = Pages(rows, queries_people.PAGE)
    context = {
        "group": row,
        "form": search,
        # What the box finds while somebody types is shown without the members.
        "page": SimpleLazyObject(lambda: pages.get_page(request.GET.get("page"))),
        "filtered": "q" in search.chosen,
        "selection_form": form,
        "group_text": str(row.pk),
        "selection": preview_selection(form),
        "asked": asked,
        "delete_sentence": SimpleLazyObject(lambda: _delete_sentence(row)),
        "press": uuid4().hex,
    }
    if request.method != "POST":
        context |= line(queries_jobs.running_into(row))
    part = "found" if request.method == "POST" else "results"
    status = 422 if asked else 200
    return htmx.render(request, "groups/group.html", context, partial=part, status=status)


def _delete_sentence(row: AttendeeGroup) -> str:
    if row.rule is not None:
        return _("The rule is forgotten. The people stay, and registered where they are.")
    size = selection.members(row).count()
    kept = ngettext(
        "Its %(count)d member stays in your people, and registered where they are.",
        "Its %(count)d members stay in your people, and registered where they are.",
        size,
    )
    where = _("The list is deleted here.")
    if row.account and service.goes_there(row):
        where = _("The list is deleted here and on %(platform)s.")
        where %= {"platform": row.account.platform_name}
    return words.sentences(where, kept % {"count": size})


@require_POST
@for_staff
def members(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put people in or take them out; or show what the box found."""
    row = get_object_or_404(selection.with_sizes(), pk=pk)
    try:
        service.require_list(row)
    except NotPossible as error:
        reject(request, error)
        return redirect("staff:group", pk)
    if request.POST.get("action") == "remove":
        ids = IdsField(required=False).clean(request.POST.getlist("member"))
        number = service.take_out(row, ids, request.user)
        out = ngettext(
            "%(count)d person was taken out of %(group)s.",
            "%(count)d people were taken out of %(group)s.",
            number,
        )
        messages.success(request, out % {"count": number, "group": row.name})
        return redirect("staff:group", pk)
    form = SelectionForm(request.POST)
    found = preview_selection(form)
    if request.POST.get("action") == "leave_out":
        return _page(request, row, SelectionForm(only_usable(request.POST, found)))
    unclear = found.problem or found.unclear or found.nobody or not form.is_valid()
    if request.POST.get("action") != "add" or unclear:
        return _page(request, row, form, asked=request.POST.get("action") == "add")
    done = jobs.put_into(row, found.chosen, request.user, pressed(request))
    if isinstance(done, Job):
        return redirect("staff:job", done.pk)
    messages.success(request, joined(row.name, *done))
    return redirect("staff:group", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def new(request: SignedInRequest) -> HttpResponse:
    """Make an empty group."""
    form = NewGroupForm(request.POST or None)
    if row := saved(form, lambda values: service.create(**values, by=request.user)):
        messages.success(
            request, _("%(group)s was created. Put people into it below.") % {"group": row.name}
        )
        return redirect("staff:group", row.pk)
    context = {"form": form, "back": reverse("staff:groups")}
    return render(request, "groups/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give a group another name or description."""
    row = get_object_or_404(AttendeeGroup.objects, pk=pk)
    if row.rule is not None:
        return redirect("staff:group-rule", pk)
    form = GroupForm(request.POST or None, instance=AttendeeGroup.objects.get(pk=pk))
    if saved(form, lambda values: service.rename(row, **values, by=request.user)):
        messages.success(request, _("%(group)s was saved.") % {"group": row.name})
        return redirect("staff:group", pk)
    context = {"form": form, "group": row, "back": reverse("staff:group", args=[pk])}
    return render(request, "groups/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def new_rule(request: SignedInRequest) -> HttpResponse:
    """Make a group of whoever fits a rule."""
    form = RuleForm(posted(request))
    if request.method == "POST" and request.POST.get("action") == "save":
        if row := saved(form, lambda values: service.create_by_rule(**_named(values, request))):
            messages.success(request, _("%(group)s was created.") % {"group": row.name})
            return redirect("staff:group", row.pk)
        return _rule_page(request, form, None, status=422)
    return _rule_page(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def rule(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change the rule of a group."""
    row = get_object_or_404(AttendeeGroup.objects.filter(rule__isnull=False), pk=pk)
    form = RuleForm(posted(request), instance=AttendeeGroup.objects.get(pk=pk))
    if request.method == "POST" and request.POST.get("action") == "save":
        if saved(form, lambda values: service.change_rule(row, **_named(values, request))):
            messages.success(request, _("%(group)s was saved.") % {"group": row.name})
            return redirect("staff:group", pk)
        return _rule_page(request, form, row, status=422)
    return _rule_page(request, form, row)


def _named(values: dict[str, Any], request: SignedInRequest) -> dict[str, Any]:
    names = ("name", "description", "rule")
    return {name: values[name] for name in names} | {"by": request.user}


def _rule_page(
    request: SignedInRequest, form: RuleForm, row: AttendeeGroup | None, status: int = 200
) -> HttpResponse:
    """The form as it stands, and who would fit; of a count, that alone."""
    counted = request.POST.get("action") == "count"
    asked = form.read_rule() if form.lines and status == 200 else None
    context = {
        "form": form,
        "group": row,
        "kinds": clauses.offered(),
        "accounts": PlatformAccount.objects.order_by("label"),
        "webinars": clauses.webinars_offered(),
        "series": clauses.series_offered(),
        "tag_names": queries_tags.names(),
        "fits": fits(asked) if asked else None,
        "back": reverse("staff:group", args=[row.pk]) if row else reverse("staff:groups"),
    }
    part = "fits" if counted else "rule"
    return htmx.render(request, "groups/rule.html", context, partial=part, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def delete(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask, then forget a group; its people stay."""
    row = get_object_or_404(AttendeeGroup.objects, pk=pk)
    question = {
        "title": _("Delete %(name)s?") % {"name": row.name},
        "consequence": _delete_sentence(row),
        "label": _("Delete"),
        "back_url": reverse("staff:group", args=[pk]),
    }
    said = _("%(group)s was deleted; its people stay.") % {"group": row.name}
    return ask_first(
        request, question, lambda: service.delete(row, request.user), said, "staff:groups"
    )
