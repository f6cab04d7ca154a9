"""Copy a conference to another account, or move it there: preview first, then do."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from portal.common import htmx
from portal.common.errors import NotPossible
from portal.common.forms import put_refusal
from portal.conferences.mails.forms import TellingForm
from portal.conferences.mails.services import Telling
from portal.conferences.models import Conference
from portal.conferences.schedule import queries
from portal.conferences.schedule.forms.transfer import MOVE, MovingForm
from portal.identity.requests import SignedInRequest
from portal.staff.presenters import words
from portal.staff.presenters.send_card import SendCard
from portal.staff.refusals import for_staff
from portal.staff.webinars.presenters import transfer as present
from portal.sync.services import transfer

CHANGED = gettext_lazy(
    "The choice has changed since this was shown. Nothing was done: read what will happen now, "
    "then press the button again."
)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def copy_or_move(request: SignedInRequest, pk: int) -> HttpResponse:
    """One form for both; a preview (`preview`) shows what would happen and does nothing."""
    conference = get_object_or_404(queries.conferences(), pk=pk)
    post = request.POST if request.method == "POST" else None
    form = MovingForm(post)
    looks = post is None or "preview" in post
    changed, send = "", _card(request, form, conference)
    if not looks and form.is_valid():
        if post is not None and post.get("seen", form.chosen) != form.chosen:
            changed = str(CHANGED)
        elif (send is None or not send.open) and (made := _do(request, form, conference, send)):
            return redirect("staff:conference-edit" if made.draft else "staff:conference", made.pk)
    context = {
        "conference": conference,
        "form": form,
        "preview": _preview(form, conference),
        "changed": changed,
        "send": send,
    }
    unfit = bool(send and send.form.errors)
    status = 422 if (form.errors or changed or unfit) and not looks else 200
    return htmx.render(
        request, "conferences/moving.html", context, partial="preview", status=status
    )


def _preview(form: MovingForm, conference: Conference) -> dict[str, Any] | None:
    if not form.is_bound or not form.is_valid():
        return None
    data = form.cleaned_data
    shown = present.preview(conference, data["account"], data["how"], data["people"])
    return shown | {"chosen": form.chosen}


def _card(request: SignedInRequest, form: MovingForm, conference: Conference) -> SendCard | None:
    """Who hears of a move; of a copy hears nobody."""
    moves = form.is_bound and form.is_valid() and form.cleaned_data["how"] == MOVE
    if not moves or conference.draft:
        return None
    return present.moving_card(conference, form.cleaned_data["account"], TellingForm(request.POST))


def _do(
    request: SignedInRequest, form: MovingForm, conference: Conference, send: SendCard | None
) -> Conference | None:
    data = form.cleaned_data
    account, user = data["account"], request.user
    try:
        if data["how"] == MOVE:
            telling = send.telling if send else Telling(False)
            made = transfer.move(conference, account, user, notify=telling)
            outcome = send.outcome if send else _("Nobody has to be notified.")
            moved = _("Moved to %(account)s.") % {"account": account.label}
            said = words.sentences(moved, words.when_sent(account), outcome)
        else:
            made = transfer.copy(conference, account, user, people=data["people"])
            said = _(
                "This is the copy: a draft for %(account)s. Nobody has been notified of it."
            ) % {"account": account.label}
    except NotPossible as no:
        put_refusal(form, no)
        return None
    messages.success(request, said)
    return made
