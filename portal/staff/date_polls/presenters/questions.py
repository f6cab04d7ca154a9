"""The pages that ask before those of a date poll are written to."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.conferences.mails.forms import TellingForm
from portal.conferences.mails.services import Act, polls
from portal.conferences.models import AskedPerson, DatePoll
from portal.conferences.schedule.services import date_polls
from portal.staff.presenters.send_card import Question, SendCard, poll_card
from portal.staff.presenters.words import number
from portal.staff.webinars.presenters.buttons import reason_of_role

Outcome = DatePoll.Outcome
_TELLING = {
    Outcome.DATE: gettext_lazy("Tell them which date was taken?"),
    Outcome.ROOM: gettext_lazy("Tell them that there is no fixed date?"),
    Outcome.CANCELLED: gettext_lazy("Tell them that the webinar does not take place?"),
}
_NO_DATE = gettext_lazy("Tell them that no date was found?")


def asking_again(poll: DatePoll, user: User, data: Any) -> Question:
    """Those who have not answered are asked once more."""
    people = list(date_polls.to_ask(poll))
    title = ngettext(
        "Ask the one person again who has not answered?",
        "Ask the %(people)s people again who have not answered?",
        len(people),
    )
    return Question(
        title % {"people": number(len(people))},
        _("Send the question"),
        _card(poll, people, Act.ASK_AGAIN, data),
        reverse("staff:date-poll-ask", args=[poll.pk]),
        back=_back(poll),
        icon="paper-airplane",
        reason=reason_of_role(user) or _closed(poll),
        mails_alone=True,
        hidden=[_seen(poll, data)],
        poll=poll,
        of_polls=True,
    )


def closing(poll: DatePoll, user: User, data: Any) -> Question:
    """It is closed without a date."""
    return Question(
        _("Close it without a date?"),
        _("Close"),
        _card(poll, date_polls.to_tell(poll), Act.OUTCOME, data),
        reverse("staff:date-poll-close", args=[poll.pk]),
        back=_back(poll),
        icon="lock-closed",
        confirms=True,
        danger=True,
        consequences=[
            _("Nobody can answer any more. The answers stay here."),
            _("To take one of the times, go back and choose “Schedule” beside it."),
        ],
        reason=reason_of_role(user) or _closed(poll),
        poll=poll,
        of_polls=True,
    )


def telling(poll: DatePoll, user: User, data: Any) -> Question:
    """Those who have not heard are told what came of it."""
    return Question(
        str(_TELLING.get(poll.outcome, _NO_DATE)),
        _("Send the outcome"),
        _card(poll, date_polls.to_tell(poll), Act.OUTCOME, data),
        reverse("staff:date-poll-tell", args=[poll.pk]),
        back=_back(poll),
        icon="paper-airplane",
        reason=reason_of_role(user) or _unknown(poll),
        mails_alone=True,
        consequences=[
            _("Those who run the webinar are not among them: they hear by its own invitation.")
        ]
        if poll.has_date
        else [],
        hidden=[_seen(poll, data)],
        poll=poll,
        of_polls=True,
    )


def _card(poll: DatePoll, people: Sequence[AskedPerson], act: Act, data: Any) -> SendCard:
    times = [one.starts_at for one in poll.times.all()]
    for one in people:
        one.poll = poll
    return poll_card(people, times, act, TellingForm(data))


def _seen(poll: DatePoll, data: Any) -> tuple[str, Any]:
    newest = polls.newest(poll)
    return "seen", data.get("seen", newest) if data else newest


def _unknown(poll: DatePoll) -> str:
    return str(date_polls.DELETED) if poll.outcome == Outcome.DELETED else ""


def _closed(poll: DatePoll) -> str:
    return str(date_polls.CLOSED) if poll.closed_at else ""


def _back(poll: DatePoll) -> str:
    return reverse("staff:date-poll", args=[poll.pk])
