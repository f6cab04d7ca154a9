"""What is done to a conference from its page. Each asks first where something cannot be undone."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from integrations.base.records import Kind
from portal.common.errors import NotPossible
from portal.conferences.mails.services import Telling
from portal.conferences.models import Conference
from portal.conferences.schedule import queries
from portal.conferences.schedule.services import cancel as calling_off
from portal.conferences.schedule.services import schedule as scheduling
from portal.conferences.schedule.services import series
from portal.conferences.schedule.services.series import Extent
from portal.identity.requests import SignedInRequest
from portal.staff.answers import asked, attempt, posted, safe_back
from portal.staff.presenters import words
from portal.staff.refusals import reject
from portal.staff.webinars.presenters import confirmations, extents, reminders, starting
from portal.staff.webinars.presenters import series as of_series
from portal.sync import queries as sync
from portal.sync import services as deciding
from portal.sync.models import Conflict
from portal.sync.services.gone_there import make_again

METHODS = ["GET", "HEAD", "POST"]


def _conference(pk: int) -> Conference:
    return get_object_or_404(queries.conferences(), pk=pk)


@require_http_methods(METHODS)
def cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say what will happen and who hears of it, then call it off."""
    conference = _conference(pk)
    given = posted(request) or request.GET
    extent = extents.read_extent(conference, given)
    question = of_series.cancelling(conference, extent, request.user, posted(request))
    there = reverse("staff:conference", args=[pk])
    if came_from := safe_back(given.get("next", ""), ""):
        there = question.back = came_from
        question.hidden = [*question.hidden, ("next", came_from)]
        question.extents = [one.coming_from(came_from) for one in question.extents]
    said = words.sentences(_("The webinar is cancelled."), words.delay(conference.account))
    if extent is not Extent.ONE:
        said = words.sentences(_("The webinars are cancelled."), words.delay(conference.account))
    if conference.draft:
        said = _("The draft is discarded.")

    def act() -> None:
        reason, telling = question.card.form.words, Telling(question.card.telling.tell)
        series.cancel(conference, extent, request.user, reason, telling)

    if extent is not Extent.ONE:
        return asked(request, question, act, said, "staff:series", conference.series_id)
    return asked(request, question, act, said, there)


@require_http_methods(METHODS)
def set_open(request: SignedInRequest, pk: int) -> HttpResponse:
    """Close the room, or open it again."""
    conference = _conference(pk)
    if request.method == "POST":
        wanted = request.POST.get("open") == "yes"
        done = _("The room is opened.") if wanted else _("The room is closed.")
        said = words.sentences(done, words.when_sent(conference.account))
        attempt(request, lambda: calling_off.set_open(conference, wanted, request.user), said)
        return redirect("staff:conference", pk)
    context = confirmations.opening(conference, request.user)
    return render(request, "conferences/open.html", context)


@require_POST
def publish(request: SignedInRequest, pk: int) -> HttpResponse:
    """Have a draft made on its platform; what is missing is asked for in the form."""
    conference = _conference(pk)
    try:
        with transaction.atomic():
            scheduling.publish(conference, request.user, notify=False)
            transaction.set_rollback(True)
    except NotPossible as refusal:
        reject(request, refusal)
        return redirect("staff:conference-edit" if conference.draft else "staff:conference", pk)
    question = confirmations.publishing(conference, request.user, posted(request))
    telling = question.card.telling
    return asked(
        request,
        question,
        lambda: scheduling.publish(conference, request.user, notify=telling),
        words.sentences(_("Scheduled."), words.when_sent(conference.account)),
        "staff:conference",
        pk,
    )


@require_POST
def duplicate(request: SignedInRequest, pk: int) -> HttpResponse:
    """A new draft like it, ready to be given a date."""
    conference = _conference(pk)
    made: list[Conference] = []

    def act() -> None:
        made.append(scheduling.duplicate(conference, request.user))

    said = words.sentences(
        _("This is the copy: a draft without a date. Nobody has been notified of it."),
        starting.copied(conference),
        _(
            "Not copied: the date, people who were invited and their answers, the registration "
            "page, sessions and recordings."
        ),
        reminders.copied(conference),
    )
    if attempt(request, act, said):
        return redirect("staff:conference-edit", made[0].pk)
    return redirect("staff:conference", pk)


@require_http_methods(METHODS)
def gone(request: SignedInRequest, pk: int) -> HttpResponse:
    """Settle what the platform no longer has: make it again, or let it go."""
    conference, user = _conference(pk), request.user
    if conference.removed_at or not conference.gone_at:
        messages.info(request, calling_off.not_gone(conference))
        return redirect("staff:conference", pk)
    again = (posted(request) or request.GET).get("choice") == "again"
    present = confirmations.making_again if again else confirmations.accepting_loss
    question = present(conference, user, posted(request))
    telling, form = question.card.telling, question.card.form

    def act() -> None:
        open_one = sync.line(Kind.CONFERENCE, pk).conflict_id or 0
        conflict = Conflict.objects.filter(pk=open_one, sort=Conflict.Sort.GONE).first()
        if conflict is not None:
            deciding.resolve(conflict, "recreate" if again else "accept_loss", user, telling)
        elif again:
            make_again(conference, user, telling)
        else:
            calling_off.accept_gone(conference, user, form.words, Telling(telling.tell))

    said = _("It is being created again.") if again else _("It is marked as cancelled.")
    return asked(request, question, act, said, "staff:conference", pk)
