"""When people are reminded: of one webinar, of all of a series or an account, or now."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.common.errors import NotPossible
from portal.conferences.mails.forms import ReminderForm
from portal.conferences.mails.services import reminders as service
from portal.conferences.models import Conference, Reminder, Series
from portal.identity.requests import SignedInRequest
from portal.platforms.models import PlatformAccount
from portal.staff.answers import asked, attempt, posted
from portal.staff.mails import presenters as present
from portal.staff.refusals import for_staff, saved

METHODS = ["GET", "HEAD", "POST"]
REMINDERS = "staff:conference-reminders"


def _conference(pk: int) -> Conference:
    return get_object_or_404(Conference.objects.select_related("account", "series"), pk=pk)


@require_http_methods(METHODS)
@for_staff
def of_conference(request: SignedInRequest, pk: int) -> HttpResponse:
    """The reminders of one webinar; what is posted chooses another, once its card was seen."""
    row = _conference(pk)
    form = ReminderForm(posted(request))
    if request.method == "POST" and form.is_valid():
        question = present.choosing(row, form, request.user, request.POST)
        words = question.card.form

        def act() -> None:
            note = words.words if words.answered else ""
            service.add(row, form.minutes, request.user, note, form.segment)

        return asked(request, question, act, _("The reminder is scheduled."), REMINDERS, pk)
    context = {
        "conference": row,
        "form": form,
        "reminders": present.lines(row),
        "owner": present.owner(row),
        "reason": service.reason_against(row),
        "platforms_own": present.platforms_own(row.account),
        "full": len(service.rules_of(row)) >= service.MOST,
    }
    status = 422 if form.is_bound else 200
    return render(request, "mailtemplates/reminders.html", context, status=status)


@require_POST
@for_staff
def drop(request: SignedInRequest, pk: int, rule: int) -> HttpResponse:
    """Have no such reminder any more, of this webinar alone."""
    row = _conference(pk)
    found = next((one for one in service.rules_of(row) if one.pk == rule), None)
    if found is None:
        messages.info(request, _("This reminder is gone already."))
    else:
        done = _("No longer reminded: %(before)s.") % {"before": present.whole(found)}
        attempt(request, lambda: service.remove(found, request.user, row), done)
    return redirect(REMINDERS, pk)


@require_POST
@for_staff
def follow(request: SignedInRequest, pk: int) -> HttpResponse:
    """Remind people of this webinar as its series says, or its account."""
    row = _conference(pk)
    done = _("People are reminded as %(owner)s says.") % {"owner": present.owner(row).above}
    attempt(request, lambda: service.follow(row, request.user), done)
    return redirect(REMINDERS, pk)


@require_http_methods(METHODS)
@for_staff
def now(request: SignedInRequest, pk: int) -> HttpResponse:
    """Remind those who are registered, or (`who`) have not answered, once the card was seen."""
    row = _conference(pk)
    who = request.POST.get("who") or request.GET.get("who", "")
    segment = who if who in Reminder.Segment.values else Reminder.Segment.REGISTERED
    question = present.reminding(row, request.user, posted(request), segment)
    card = question.card
    seen = request.POST.get("seen", "")

    def act() -> None:
        if question.reason:
            raise NotPossible(question.reason)
        known = int(seen) if seen.isdecimal() and len(seen) < 19 else None
        service.remind_now(row, card.telling, request.user, known, segment)

    return asked(request, question, act, "", "staff:conference-mails", pk)


# Of a series, or of an account -------------------------------------------------------------------


@require_http_methods(METHODS)
@for_staff
def of_series(request: SignedInRequest, pk: int) -> HttpResponse:
    """The reminders of all dates of a series that have none of their own."""
    row = get_object_or_404(Series, pk=pk)
    account = service.account_of(row)
    context = {
        "series": row,
        "account": account,
        "reminders": present.removable(service.of_series(row), "series-reminder-remove", pk),
        "platforms_own": present.platforms_own(account) if account else "",
        "full": len(service.of_series(row)) >= service.MOST,
    }
    here = reverse("staff:series-reminders", args=[pk])
    return _of_many(request, row, "mailtemplates/series_reminders.html", here, context)


@require_http_methods(METHODS)
@for_staff
def of_account(request: SignedInRequest, pk: int) -> HttpResponse:
    """The reminders of all webinars on an account of which neither they nor their series say it."""
    row = get_object_or_404(PlatformAccount, pk=pk)
    context = {
        "account": row,
        "reminders": present.removable(row.reminders.all(), "account-reminder-remove", pk),
        "platforms_own": present.platforms_own(row),
    }
    here = reverse("staff:account-reminders", args=[pk])
    return _of_many(request, row, "mailtemplates/account_reminders.html", here, context)


def _of_many(
    request: SignedInRequest,
    owner: Series | PlatformAccount,
    template: str,
    here: str,
    context: dict[str, Any],
) -> HttpResponse:
    """It asks before it keeps another reminder, and says how many people that is."""
    form, asks = ReminderForm(posted(request)), {}
    if request.method == "POST" and form.is_valid():
        if request.POST.get("sure") != "yes" or request.POST.get("of") != form.key:
            asks = present.concerned(owner, form)
        elif saved(form, lambda values: _add(owner, values, request)):
            messages.success(request, _("People are reminded so from now on."))
            return redirect(here)
    context |= {"form": form, "asks": asks}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, context, status=status)


def _add(
    owner: Series | PlatformAccount, values: dict[str, Any], request: SignedInRequest
) -> Reminder:
    return service.add(owner, values["minutes"], request.user, segment=values["segment"])


@require_POST
@for_staff
def drop_of_series(request: SignedInRequest, pk: int, rule: int) -> HttpResponse:
    """Have no such reminder any more, of the dates of this series alone."""
    row = get_object_or_404(Series, pk=pk)
    found = next((one for one in service.of_series(row) if one.pk == rule), None)
    if found is None:
        messages.info(request, _("This reminder is gone already."))
    else:
        done = _("No longer reminded: %(before)s.") % {"before": present.whole(found)}
        attempt(request, lambda: service.remove(found, request.user, row), done)
    return redirect("staff:series-reminders", pk)


@require_POST
@for_staff
def follow_of_series(request: SignedInRequest, pk: int) -> HttpResponse:
    """Remind people of the dates of this series as their account says."""
    row = get_object_or_404(Series, pk=pk)
    done = _("People are reminded as the account says.")
    attempt(request, lambda: service.follow(row, request.user), done)
    return redirect("staff:series-reminders", pk)


@require_POST
@for_staff
def drop_of_account(request: SignedInRequest, pk: int, rule: int) -> HttpResponse:
    """Have no such reminder any more."""
    found = Reminder.objects.filter(account=pk, pk=rule).first()
    if found is None:
        messages.info(request, _("This reminder is gone already."))
    else:
        done = _("No longer reminded: %(before)s.") % {"before": present.whole(found)}
        attempt(request, lambda: service.remove(found, request.user), done)
    return redirect("staff:account-reminders", pk)
