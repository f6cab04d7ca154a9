"""Invite: choose people, see what will happen, send, watch it go."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from portal.common.errors import NotPossible
from portal.common.forms import put_refusal
from portal.common.htmx import render
from portal.conferences.audience import queries as queries_registrations
from portal.conferences.audience.forms.invite import InviteForm
from portal.conferences.audience.services import invite as service
from portal.conferences.audience.services import places
from portal.conferences.jobs import queries as queries_jobs
from portal.conferences.jobs import services as jobs
from portal.conferences.mails.forms import TellingForm
from portal.conferences.models import Conference, Job
from portal.conferences.people.forms.imports import UploadForm
from portal.conferences.people.services.imports import load
from portal.identity.requests import SignedInRequest
from portal.staff.answers import pressed
from portal.staff.audience.presenters.selection import (
    SelectionPreview,
    invited_note,
    only_usable,
    preview_selection,
    warning_of_groups,
)
from portal.staff.jobs.presenters import invited, line
from portal.staff.presenters import send_card as present
from portal.staff.refusals import for_staff, reject


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def invite(request: SignedInRequest, pk: int) -> HttpResponse:
    """The box, the preview and the sending, by the button that was pressed."""
    conference = _conference(pk)
    if request.method != "POST":
        start = {"group": request.GET.getlist("group"), "person": request.GET.getlist("person")}
        return _box(request, conference, InviteForm(start | {"who": _imported(request)}))
    form = InviteForm(request.POST)
    action = request.POST.get("action")
    if action == "leave_out":
        form, action = InviteForm(only_usable(request.POST, preview_selection(form))), "preview"
    if action == "send" and (job := queries_jobs.asked(pressed(request), request.user)):
        return redirect("staff:job", job.pk)  # pressed twice
    if action in ("preview", "send"):
        return _beyond_the_box(request, conference, form, send=action == "send")
    return _box(request, conference, form)


def _imported(request: SignedInRequest) -> str:
    """The addresses of a list that this person has just imported (`?import=`), one to a line."""
    token = request.GET.get("import", "")
    if not token:
        return ""
    try:
        return "\n".join(one.email for one in load(token, request.user, imported=True).candidates)
    except NotPossible as error:
        reject(request, error)
        return ""


def _beyond_the_box(
    request: SignedInRequest, conference: Conference, form: InviteForm, *, send: bool
) -> HttpResponse:
    """Preview or send; back to the box where it is not clear who is meant."""
    if not form.is_valid():
        back = _preview if send and "who" not in form.errors else _box
        return back(request, conference, form, status=422)
    selection = preview_selection(form)
    if selection.problem or selection.unclear or (selection.nobody and not send):
        return _box(request, conference, form, asked=True, status=422)
    if not send:
        start = {name: field.initial for name, field in form.fields.items() if field.initial}
        start["register"] = form.cleaned_data["register"] or service.starts_soon(conference)
        shown = InviteForm(initial=start | form.cleaned_data | start)
        return _preview(request, conference, shown, selection)
    return _send(request, conference, form, selection)


def _send(
    request: SignedInRequest, conference: Conference, form: InviteForm, selection: SelectionPreview
) -> HttpResponse:
    """Invite them, once it is said whether a mail goes to them."""
    telling = TellingForm(request.POST)
    plan = service.plan(conference, selection.chosen)
    given = form.cleaned_data
    again, register = given["again"], given["register"]
    card = present.inviting(conference, plan, telling, again=again, register=register)
    if not telling.answered or card.changed:
        status = 200 if telling.is_valid() else 422
        return _preview(request, conference, form, selection, status=status)
    groups = selection.chosen.groups
    how = service.How(request.user, telling.words, telling.yes, again, register, groups=groups)
    try:
        done = jobs.invite(
            conference,
            plan,
            how,
            switch_on=given["switch_on"],
            token=pressed(request),
        )
    except NotPossible as error:
        put_refusal(form, error)
        return _preview(request, conference, form, selection, status=422)
    if isinstance(done, Job):
        return redirect("staff:job", done.pk)
    messages.success(request, invited(conference, done))
    return redirect("staff:invite-progress", conference.pk)


def _box(
    request: SignedInRequest,
    conference: Conference,
    form: InviteForm,
    *,
    asked: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "conference": conference,
        "form": form,
        "selection": preview_selection(form),
        "asked": asked,
        "reason": service.reason_against_inviting(conference),
        "upload": UploadForm(),
        # What the box finds while somebody types is shown without it.
        "progress": SimpleLazyObject(lambda: queries_registrations.progress(conference)),
    }
    context |= line(queries_jobs.running(conference))
    return render(request, "invite/page.html", context, partial="found", status=status)


def _preview(
    request: SignedInRequest,
    conference: Conference,
    form: InviteForm,
    selection: SelectionPreview | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    bound = form if form.is_bound else InviteForm(form.initial)
    selection = selection or preview_selection(bound)
    plan = service.plan(conference, selection.chosen)
    given = bound.cleaned_data if bound.is_valid() else {}
    again, register = given.get("again", False), given.get("register", False)
    context = _labels(plan, register=register) | {
        "conference": conference,
        "form": form,
        "selection": selection,
        "plan": plan,
        "send": present.inviting(
            conference, plan, TellingForm(request.POST), again=again, register=register
        ),
        "register": register,
        "soon": service.starts_soon(conference),
        "places_sentence": places.outlook(conference, register=register),
        "platform_sentence": service.platform_sentence(conference, register=register),
        "warning": warning_of_groups(conference, selection.chosen.groups),
        "needs_switch": service.needs_switch(conference),
        "switch_reason": service.reason_against_switch(conference),
        "reason": service.reason_against_inviting(conference),
        "hidden": bound,
        "press": bound["press"].value() or uuid4().hex,
    }
    return render(request, "invite/preview.html", context, partial="preview", status=status)


def _labels(plan: service.Plan, *, register: bool) -> dict[str, str]:
    """Words that depend on how many they are, and on what becomes of them."""
    new, back = len(plan.newcomers), len(plan.withdrawn)
    known = _("All of them known here") if plan.fresh else ""
    note = ngettext("%(count)d of them new here", "%(count)d of them new here", new)
    again = ngettext(
        "Invite the %(count)d withdrawn person again",
        "Invite the %(count)d withdrawn people again",
        back,
    )
    return {
        "new_note": note % {"count": new} if new else known,
        "again_label": again % {"count": back},
        "invited_note": invited_note(register=register),
        "fresh_label": _("Will be registered") if register else _("Will be asked"),
    }


@require_safe
def progress(request: SignedInRequest, pk: int) -> HttpResponse:
    """How far it has come; the part that HTMX asks for polls only while something moves."""
    conference = _conference(pk)
    context = {"conference": conference, "progress": queries_registrations.progress(conference)}
    context |= line(queries_jobs.running(conference))
    return render(request, "invite/progress.html", context, partial="progress")


def _conference(pk: int) -> Conference:
    return get_object_or_404(Conference.objects.select_related("account"), pk=pk)
