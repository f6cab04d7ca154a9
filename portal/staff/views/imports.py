"""Import people: choose a list, look at what would happen, confirm."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.shortcuts import render as whole
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from portal.common.errors import NotPossible
from portal.common.htmx import render
from portal.conferences.forms.imports import ConfirmForm, ImportForm
from portal.conferences.models import AttendeeGroup
from portal.conferences.services import imports as service
from portal.staff.refusals import for_staff, onto_form, say_no

PAGE = 50
TABS = (
    (service.Verdict.NEW, "New"), (service.Verdict.KNOWN, "Known"),
    (service.Verdict.DOUBLED, "Twice in the list"), (service.Verdict.INVALID, "Cannot be used"),
)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def start(request: HttpRequest) -> HttpResponse:
    """Take a file or pasted text; nothing is saved before the preview was confirmed."""
    if request.method != "POST":
        form = ImportForm(initial={"group": request.GET.get("group")})
        return whole(request, "people/import.html", {"form": form})
    form = ImportForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            return redirect("staff:people-import-preview", _prepare(request, form))
        except NotPossible as error:
            onto_form(form, error, "file" if form.cleaned_data["file"] else "text")
    return whole(request, "people/import.html", {"form": form}, status=422)


def _prepare(request: HttpRequest, form: ImportForm) -> str:
    given = form.cleaned_data
    file = given["file"]
    return service.prepare(
        by=request.user, content=file.read() if file else b"", text=given["text"],
        name=file.name if file else "", group=given["group"], new_group=given["new_group"],
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """What would become of each row; the confirmation; or throwing it away."""
    try:
        draft = service.load(token, request.user)
    except NotPossible as error:
        say_no(request, error)
        return redirect("staff:people-import")
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and request.POST.get("action") == "discard":
        service.forget(token)
        messages.info(request, "Nothing was imported.")
        return redirect("staff:people-import")
    if request.method == "POST" and form.is_valid():
        return _apply(request, token, draft, form)
    context = _table(request, draft) | {"draft": draft, "token": token, "form": form}
    return render(request, "people/import_preview.html", context, partial="rows")


def _table(request: HttpRequest, draft: service.Draft) -> dict[str, Any]:
    """The rows of one verdict, in pages, and how many each verdict has."""
    rows = service.judge(draft.candidates)
    counts = {verdict: sum(row.verdict is verdict for row in rows) for verdict, _ in TABS}
    fullest = next((verdict for verdict, _ in TABS if counts[verdict]), service.Verdict.NEW)
    asked = request.GET.get("show", "")
    shown = service.Verdict(asked) if asked in set(service.Verdict) else fullest
    chosen = [row for row in rows if row.verdict is shown]
    group = AttendeeGroup.objects.filter(pk=draft.group_id or 0).first()
    usable = counts[service.Verdict.NEW] + counts[service.Verdict.KNOWN]
    return {
        "page": Paginator(chosen, PAGE).get_page(request.GET.get("page")), "shown": shown,
        "tabs": [
            {"label": label, "url": f"{request.path}?show={verdict}", "count": counts[verdict],
             "active": verdict is shown}
            for verdict, label in TABS
        ],
        "usable": usable, "usable_text": f"{usable} {'person' if usable == 1 else 'people'}",
        "counts": {str(verdict): number for verdict, number in counts.items()},
        "differing": sum(bool(row.differences) for row in rows),
        "group": group.name if group else draft.new_group,
    }  # fmt: skip


def _apply(
    request: HttpRequest, token: str, draft: service.Draft, form: ConfirmForm
) -> HttpResponse:
    try:
        done = service.apply(draft, request.user, service.Known(form.cleaned_data["known"]))
    except NotPossible as error:
        say_no(request, error)
        return redirect("staff:people-import-preview", token)
    service.forget(token)
    messages.success(request, _outcome(done))
    if done.group:
        return redirect("staff:group", done.group.pk)
    return redirect(f"{reverse('staff:people')}?sort=-added")


def _outcome(done: service.Result) -> str:
    words = [f"{done.created} added", f"{done.updated} updated", f"{done.unchanged} unchanged"]
    words += [f"{done.left_out} left out"] if done.left_out else []
    text = f"Imported: {', '.join(words)}."
    return f"{text} {done.joined} put into {done.group.name}." if done.group else text
