"""The mails of one conference: what became of each, and the few buttons that settle the rest."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from portal.conferences.audience.forms.invite import IdsField
from portal.conferences.mails.services import lost
from portal.conferences.models import Conference, Invitation
from portal.identity.requests import SignedInRequest
from portal.outbox.models import OutboxEntry
from portal.staff.answers import asked, attempt, back, posted
from portal.staff.mails import presenters as reminders
from portal.staff.refusals import for_staff
from portal.staff.webinars.presenters import confirmations
from portal.staff.webinars.presenters import mails as present
from portal.staff.webinars.views.pages import page_context

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def mails(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The list; what is posted settles mails that perhaps arrived."""
    context = page_context(request, pk, "mails")
    if request.method == "POST":
        return _settle(request, context["conference"])
    context |= present.table(context["conference"], request.GET)
    context |= reminders.tab(context["conference"])
    return render(request, "conferences/mails.html", context)


@for_staff
def _settle(request: SignedInRequest, conference: Conference) -> HttpResponse:
    here = reverse("staff:conference-mails", args=[conference.pk])
    rows = present.doubtful(conference)
    if request.POST.get("action") == "arrived":
        ids = list(rows.values_list("pk", flat=True))
        if request.POST.get("seen", "") not in ("", str(len(ids))):
            now = ngettext(
                "By now there is %(count)d. Check again; nothing was done.",
                "By now there are %(count)d. Check again; nothing was done.",
                len(ids),
            )
            messages.info(request, now % {"count": len(ids)})
            return redirect(here)
        noted = ngettext(
            "%(count)d mail is noted as arrived. Nothing was sent.",
            "%(count)d mails are noted as arrived. Nothing was sent.",
            len(ids),
        )
        said = noted % {"count": len(ids)}
        attempt(request, lambda: lost.settle_doubtful(ids, request.user, arrived=True), said)
        return redirect(here)
    ids = IdsField(required=False).clean(request.POST.getlist("letter"))
    chosen = [one for one in rows if one.pk in set(ids)]
    if not chosen:
        messages.info(request, _("No mail was ticked, so nothing was done."))
        return redirect(here)
    letters = lost.whole_messages(chosen)
    question = confirmations.sending_again(letters, request.user, posted(request), here, here)
    words = question.card.form

    def act() -> None:
        picked = [one.pk for one in chosen]
        if words.yes:
            lost.settle_doubtful(picked, request.user, arrived=False, note=words.words)

    return asked(request, question, act, "", here)


@require_http_methods(METHODS)
@for_staff
def again(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send one mail again that failed, or perhaps did not arrive."""
    rows = Invitation.objects.select_related(
        "conference__account", "registration__attendee", "moderator", "asked__poll__account"
    )
    row = get_object_or_404(rows, pk=pk)
    there = back(request, "staff:attention")
    if row.state not in (row.State.FAILED, row.State.UNKNOWN):
        messages.error(request, str(lost.SETTLED))
        return redirect(there)
    here = reverse("staff:mail-retry", args=[pk])
    letters = lost.whole_messages([row])
    question = confirmations.sending_again(letters, request.user, posted(request), here, there)
    words = question.card.form

    def act() -> None:
        if words.yes:
            lost.send_again(row, request.user, words.words)

    return asked(request, question, act, "", there)


@require_http_methods(METHODS)
@for_staff
def tell_anyway(request: SignedInRequest, pk: int) -> HttpResponse:
    """Tell people of something although the platform has not accepted it."""
    entry = get_object_or_404(OutboxEntry.objects.select_related("account"), pk=pk)
    waiting = lost.waiting_for(entry).select_related(
        "conference__account",
        "registration__attendee",
        "moderator",
        "asked__poll__account",
        "asked__poll__conference__account",
    )
    letters, there = list(waiting), back(request, "staff:attention")
    if not letters:
        messages.info(request, _("No mail waits for this any more."))
        return redirect(there)
    question = confirmations.telling_anyway(entry, letters, request.user, posted(request), there)
    words = question.card.form

    def act() -> None:
        if words.yes:
            lost.tell_anyway(entry, request.user, words.words)

    return asked(request, question, act, "", there)
