"""Write to those of a date poll: once more, or with what came of it."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.conferences.schedule.services import date_polls
from portal.identity.requests import SignedInRequest
from portal.staff.answers import asked, posted
from portal.staff.date_polls.presenters import questions
from portal.staff.date_polls.views.polls import METHODS, found
from portal.staff.presenters.send_card import Question
from portal.staff.refusals import for_staff


@require_http_methods(METHODS)
@for_staff
def ask_again(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask those again who have not answered."""
    poll = found(pk)
    question = questions.asking_again(poll, request.user, posted(request))
    telling, seen = question.card.telling, _seen(question)

    def act() -> None:
        date_polls.ask_again(poll, telling, request.user, seen)

    return asked(request, question, act, _("Asked again."), "staff:date-poll", pk)


@require_http_methods(METHODS)
@for_staff
def close(request: SignedInRequest, pk: int) -> HttpResponse:
    """Close it without a date."""
    poll = found(pk)
    question = questions.closing(poll, request.user, posted(request))
    telling = question.card.telling

    def act() -> None:
        date_polls.close(poll, telling, request.user)

    return asked(request, question, act, _("The date poll is closed."), "staff:date-poll", pk)


@require_http_methods(METHODS)
@for_staff
def tell(request: SignedInRequest, pk: int) -> HttpResponse:
    """Tell what came of it."""
    poll = found(pk)
    question = questions.telling(poll, request.user, posted(request))
    telling, seen = question.card.telling, _seen(question)

    def act() -> None:
        date_polls.tell_outcome(poll, telling, request.user, seen)

    return asked(request, question, act, _("Told."), "staff:date-poll", pk)


def _seen(question: Question) -> int:
    """What the page knew that asked; nonsense is nothing that it ever knew."""
    text = str(dict(question.hidden).get("seen", ""))
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else -1
