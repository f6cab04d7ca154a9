"""Import people: choose a list, look at what would happen, confirm; perhaps invite them."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.shortcuts import render as whole
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.common.errors import NotPossible
from portal.common.forms import put_refusal
from portal.common.htmx import render
from portal.common.reader.choices import Offered
from portal.conferences.audience.services import invite
from portal.conferences.jobs import queries as queries_jobs
from portal.conferences.jobs import services as jobs
from portal.conferences.models import AttendeeGroup, Conference, Job
from portal.conferences.people.forms.imports import ConfirmForm, ImportForm, ReadingForm, UploadForm
from portal.conferences.people.services import imports as service
from portal.conferences.schedule import queries
from portal.identity.requests import SignedInRequest
from portal.staff.jobs.presenters import after_import, imported
from portal.staff.refusals import for_staff, reject

PAGE = 50
MOST_WEBINARS = 100
TABS = (
    (service.Verdict.NEW, gettext_lazy("New")),
    (service.Verdict.KNOWN, gettext_lazy("Known")),
    (service.Verdict.DOUBLED, gettext_lazy("Twice in the list")),
    (service.Verdict.INVALID, gettext_lazy("Cannot be used")),
)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def start(request: SignedInRequest) -> HttpResponse:
    """Take a file or pasted text; nothing is saved before the preview was confirmed."""
    if request.method != "POST":
        form = ImportForm(initial={"group": request.GET.get("group")})
        return whole(request, "people/import.html", {"form": form})
    form = ImportForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            return redirect("staff:people-import-preview", _prepare(request, form))
        except NotPossible as error:
            put_refusal(form, error, "file" if form.cleaned_data["file"] else "text")
    return whole(request, "people/import.html", {"form": form}, status=422)


def _prepare(request: SignedInRequest, form: ImportForm) -> str:
    given = form.cleaned_data
    file = given["file"]
    return service.prepare(
        by=request.user,
        content=file.read() if file else b"",
        text=given["text"],
        name=file.name if file else "",
        group=given["group"],
        new_group=given["new_group"],
    )


@require_POST
@for_staff
def to_invite(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a list that was dropped on the page of an invitation; its preview leads back there."""
    conference = get_object_or_404(Conference, pk=pk)
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            token = service.prepare(
                by=request.user, content=file.read(), name=file.name, conference=conference
            )
            return redirect("staff:people-import-preview", token)
        except NotPossible as error:
            put_refusal(form, error, "file")
    context = {"form": form, "conference": conference}
    return whole(request, "people/import_to_invite.html", context, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def preview(request: SignedInRequest, token: str) -> HttpResponse:
    """What would become of each row; the confirmation; or throwing it away."""
    if job := queries_jobs.asked(token, request.user):
        return redirect("staff:job", job.pk)
    try:
        draft = service.load(token, request.user)
    except NotPossible as error:
        reject(request, error)
        return redirect("staff:people-import")
    form = ConfirmForm(request.POST or None)
    action = request.POST.get("action") if request.method == "POST" else None
    if action == "discard":
        service.forget(token)
        messages.info(request, _("Nothing was imported."))
        return redirect(*_back(draft))
    if action == "reread":
        return _reread(request, token, draft)
    if request.method == "POST" and form.is_valid():
        return _apply(request, token, draft, form)
    context = _table(request, draft) | {"draft": draft, "token": token, "form": form}
    context["how"] = ReadingForm(None, offered=Offered(draft.reading, draft.choices))
    context["conference"] = _conference(draft)
    context["import_label"] = _import_label(context["usable"], bool(draft.conference_id))
    return render(request, "people/import_preview.html", context, partial="rows")


def _import_label(count: int, to_invite: bool) -> str:
    if to_invite:
        said = ngettext(
            "Import and go on with %(count)d person",
            "Import and go on with %(count)d people",
            count,
        )
    else:
        said = ngettext("Import %(count)d person", "Import %(count)d people", count)
    return said % {"count": count}


def _back(draft: service.Draft) -> tuple[Any, ...]:
    return (
        ("staff:invite", draft.conference_id) if draft.conference_id else ("staff:people-import",)
    )


def _conference(draft: service.Draft) -> Conference | None:
    return Conference.objects.filter(pk=draft.conference_id or 0).first()


def _reread(request: SignedInRequest, token: str, draft: service.Draft) -> HttpResponse:
    """Read the same upload as staff say; where that cannot be, the preview stays as it was."""
    form = ReadingForm(request.POST, offered=Offered(draft.reading, draft.choices))
    try:
        if form.is_valid():
            service.reread(token, request.user, form.choices())
    except NotPossible as error:
        reject(request, error)
    return redirect("staff:people-import-preview", token)


def _table(request: SignedInRequest, draft: service.Draft) -> dict[str, Any]:
    """The rows of one verdict, in pages, and how many each verdict has."""
    rows = service.judge(draft.candidates)
    counts = {verdict: sum(row.verdict is verdict for row in rows) for verdict, label in TABS}
    wanted = request.GET.get("show")
    shown = next((verdict for verdict in counts if verdict == wanted), None)
    shown = shown or next((one for one, count in counts.items() if count), service.Verdict.NEW)
    page = Paginator([row for row in rows if row.verdict is shown], PAGE)
    usable = counts[service.Verdict.NEW] + counts[service.Verdict.KNOWN]
    group = AttendeeGroup.objects.filter(pk=draft.group_id or 0).first()
    return {
        "page": page.get_page(request.GET.get("page")),
        "shown": shown,
        "usable": usable,
        "tabs": [
            {
                "label": label,
                "url": f"{request.path}?show={verdict}",
                "count": counts[verdict],
                "active": verdict is shown,
            }
            for verdict, label in TABS
        ],
        "counts": {str(verdict): number for verdict, number in counts.items()},
        "differing": sum(bool(row.differences) for row in rows),
        "group": group.name if group else draft.new_group,
    }


def _apply(
    request: SignedInRequest, token: str, draft: service.Draft, form: ConfirmForm
) -> HttpResponse:
    try:
        known = service.Known(form.cleaned_data["known"])
        done = jobs.import_people(draft, token, request.user, known)
    except NotPossible as error:
        reject(request, error)
        return redirect("staff:people-import-preview", token)
    if isinstance(done, Job):
        return redirect("staff:job", done.pk)
    messages.success(request, imported(done))
    return redirect(after_import(done.group, draft.conference_id, token))


@require_safe
@for_staff
def choose_webinar(request: SignedInRequest) -> HttpResponse:
    """To which webinar a group, or the people of an import, are to be invited."""
    known = {name: request.GET[name] for name in ("group", "import") if request.GET.get(name)}
    group = None
    if known.get("group", "").isascii() and known.get("group", "").isdecimal():
        group = AttendeeGroup.objects.filter(pk=int(known["group"][:18])).first()
    rows = queries.listing({"range": queries.UPCOMING, "sort": "start"})[:MOST_WEBINARS]
    webinars = [(row, invite.reason_against_inviting(row)) for row in rows]
    context = {"webinars": webinars, "group": group, "known": known, "query": urlencode(known)}
    return whole(request, "people/invite.html", context)
