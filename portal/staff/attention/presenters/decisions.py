"""The pages that ask who hears of an answer to something that needed attention."""

from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.conferences.mails.forms import TellingForm
from portal.conferences.mails.services import Act, Telling
from portal.conferences.models import Moderator, PlatformChange
from portal.conferences.schedule.services import answer_changes
from portal.staff.attention.presenters import corrected
from portal.staff.attention.presenters.differences import sentence
from portal.staff.presenters.send_card import Question, send_card
from portal.staff.webinars.presenters.buttons import reason_of_role
from portal.sync import addresses
from portal.sync.models import Conflict
from portal.sync.services.conflicts import Choice, choice_of


def deciding_question(conflict: Conflict, value: str, user: User, data: Any) -> Question | None:
    """Who hears of an answer to a conflict; None where nobody does. Raises NotPossible."""
    choice = choice_of(conflict, value)
    if conflict.sort == Conflict.Sort.ADDRESS and value == addresses.INVITE:
        return _inviting(conflict, choice, user, data)
    notice = choice.notifies(conflict) if choice.notifies else None
    if notice is None:
        return None
    card = send_card(
        notice.conference,
        notice.act,
        TellingForm(data),
        waits=notice.waits,
        **notice.concerned,
    )
    if not card.count:
        return None
    return Question(
        _asks(choice),
        choice.label,
        card,
        reverse("staff:conflict-resolve", args=[conflict.pk]),
        back=reverse("staff:attention"),
        consequences=[choice.sentence],
        hidden=[("choice", value)],
        icon="check",
        reason=reason_of_role(user),
    )


def _asks(choice: Choice) -> str:
    """The name of an answer as a question."""
    return _("%(act)s?") % {"act": choice.label}


def _inviting(conflict: Conflict, choice: Choice, user: User, data: Any) -> Question | None:
    """Who hears that the invitation follows somebody to the address of today."""
    person = addresses.person_of(conflict)
    if person is None:
        return None
    url, hidden = reverse("staff:conflict-resolve", args=[conflict.pk]), [("choice", choice.value)]
    if isinstance(person, Moderator):
        card = send_card(person.conference, Act.ASSIGN, TellingForm(data), moderators=[person])
        question = Question(_asks(choice), choice.label, card, url, hidden=hidden)
    else:
        asked = corrected.asking(
            person,
            lambda: addresses.follow(conflict, user, Telling()),
            (_asks(choice), choice.label),
            data,
            url,
            hidden,
        )
        if asked is None:
            return None
        question = asked
    question.back, question.reason = reverse("staff:attention"), reason_of_role(user)
    question.icon = "paper-airplane"
    return question


def change_question(change: PlatformChange, user: User, data: Any) -> Question:
    """Who hears of a change that was made on the platform: it stands already, whoever hears."""
    conference = change.conference
    card = send_card(
        conference,
        Act.RESCHEDULE,
        TellingForm(data),
        waits=False,
        **answer_changes.concerned(change),
    )
    ask = _("Notify %(people)s?") % {"people": card.people}
    return Question(
        ask if card.count else _("Nobody has to be notified"),
        "",
        card,
        reverse("staff:platform-change", args=[change.pk]),
        back=reverse("staff:attention"),
        consequences=[sentence(change)],
        reason=reason_of_role(user),
        icon="check",
    )
