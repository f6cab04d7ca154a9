"""Invite people to all dates of a series that lie ahead: choose them, see what happens, send."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from portal.common.errors import NotPossible
from portal.common.forms import put_refusal
from portal.common.htmx import render
from portal.conferences.audience.forms.invite import SeriesInviteForm
from portal.conferences.audience.services import invite as inviting
from portal.conferences.audience.services import invite_series as service
from portal.conferences.jobs import queries as queries_jobs
from portal.conferences.jobs import services as jobs
from portal.conferences.mails.forms import TellingForm
from portal.conferences.models import Job, Series
from portal.identity.requests import SignedInRequest
from portal.staff.answers import pressed
from portal.staff.audience.presenters.selection import (
    SelectionPreview,
    clashes_of_groups,
    invited_note,
    only_usable,
    preview_selection,
    with_everyone,
)
from portal.staff.jobs.presenters import invited_to_series
from portal.staff.presenters import send_card as present
from portal.staff.presenters import words
from portal.staff.refusals import for_staff


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def invite(request: SignedInRequest, pk: int) -> HttpResponse:
    """The box, the preview and the sending, by the button that was pressed."""
    series = get_object_or_404(Series, pk=pk)
    if request.method != "POST":
        return _box(request, series, SeriesInviteForm(request.GET))
    form = SeriesInviteForm(request.POST)
    action = request.POST.get("action")
    if action == "leave_out":
        usable = only_usable(request.POST, preview_selection(form))
        form, action = SeriesInviteForm(usable), "preview"
    if action == "send" and (job := queries_jobs.asked(pressed(request), request.user)):
        return redirect("staff:job", job.pk)  # pressed twice
    if action in ("preview", "send"):
        return _beyond_the_box(request, series, form, send=action == "send")
    return _box(request, series, form)


def _beyond_the_box(
    request: SignedInRequest, series: Series, form: SeriesInviteForm, *, send: bool
) -> HttpResponse:
    """Preview or send; back to the box where it is not clear who is meant."""
    if not form.is_valid():
        return _box(request, series, form, status=422)
    selection = _selection(series, form)
    if selection.problem or selection.unclear or (selection.nobody and not send):
        return _box(request, series, form, asked=True, status=422)
    if not service.dates(series):
        return _box(request, series, form)
    return _preview(request, series, form, selection, send=send)


def _selection(series: Series, form: SeriesInviteForm) -> SelectionPreview:
    found = preview_selection(form)
    if form.is_valid() and form.cleaned_data["everyone"]:
        with_everyone(found, service.everyone(series))
    return found


def _preview(
    request: SignedInRequest,
    series: Series,
    form: SeriesInviteForm,
    selection: SelectionPreview,
    *,
    send: bool,
) -> HttpResponse:
    """What will happen, or, once it is answered whether a mail goes to them, have it happen."""
    again, register = form.cleaned_data["again"], form.cleaned_data["register"]
    plan = service.plan(service.dates(series), selection.chosen)
    telling = TellingForm(request.POST if send else None)
    card = present.inviting_to_series(plan, telling, again=again, register=register)
    if send and card and telling.answered and not card.changed:
        how = inviting.How(
            request.user,
            telling.words,
            telling.yes,
            again,
            register,
            groups=selection.chosen.groups,
        )
        try:
            switch = form.cleaned_data["switch_on"]
            token = pressed(request)
            done = jobs.invite_to_series(series, plan, how, switch_on=switch, token=token)
        except NotPossible as error:
            put_refusal(form, error)
        else:
            return _done(request, series, plan, done)
    status = 422 if form.errors or (not telling.is_valid() and telling.is_bound) else 200
    context = _words(plan, register=register) | {
        "register": register,
        "series": series,
        "form": form if send else _as_first_shown(form),
        "hidden": form,
        "selection": selection,
        "plan": plan,
        "send": card,
        "clashes_shown": clashes_of_groups(plan.dates, selection.chosen.groups),
        "needs_switch": any(inviting.needs_switch(date) for date in plan.dates),
        "press": form["press"].value() or uuid4().hex,
    }
    return render(request, "series/invite_preview.html", context, partial="preview", status=status)


def _as_first_shown(form: SeriesInviteForm) -> SeriesInviteForm:
    """What was typed into the box, with what the next page asks for as it begins."""
    start = {name: field.initial for name, field in form.fields.items() if field.initial}
    return SeriesInviteForm(initial=form.cleaned_data | start)


def _done(
    request: SignedInRequest, series: Series, plan: service.SeriesPlan, done: inviting.Done | Job
) -> HttpResponse:
    if isinstance(done, Job):
        return redirect("staff:job", done.pk)
    messages.success(request, invited_to_series(plan.dates, done))
    return redirect("staff:series", series.pk)


def _words(plan: service.SeriesPlan, *, register: bool) -> dict[str, str]:
    """Words that depend on how many they are."""
    back, number = len(plan.withdrawn), len(plan.dates)
    again = ngettext(
        "Invite the %(count)d withdrawn person again",
        "Invite the %(count)d withdrawn people again",
        back,
    )
    dates = ngettext("for %(count)d date", "for %(count)d dates", number)
    return {
        "again_label": again % {"count": back},
        "fresh_label": _("Will be registered") if register else _("Will be asked"),
        "dates_note": dates % {"count": number},
        "invited_note": invited_note(register=register),
        "platform_sentence": words.sentences(
            *dict.fromkeys(
                inviting.platform_sentence(date, register=register) for date in plan.dates
            )
        ),
    }


def _box(
    request: SignedInRequest,
    series: Series,
    form: SeriesInviteForm,
    *,
    asked: bool = False,
    status: int = 200,
) -> HttpResponse:
    dates = service.dates(series)
    context = {
        "series": series,
        "form": form,
        "selection": _selection(series, form),
        "asked": asked,
        "dates": dates,
        "reason": "" if dates else _("No date of this series lies ahead."),
    }
    return render(request, "series/invite.html", context, partial="found", status=status)
