"""The page of somebody who is asked when they can."""

from typing import Any

from portal.common import clock
from portal.conferences.mails.services.asking import moment, place, span
from portal.conferences.mails.services.news import when
from portal.conferences.models import AskedPerson, ProposedTime
from portal.conferences.schedule.forms.date_poll import AnswerForm
from portal.conferences.schedule.services import date_polls


def ahead(person: AskedPerson) -> list[ProposedTime]:
    """The times of which something can be said."""
    now = clock.now()
    return [one for one in person.poll.times.all() if one.starts_at > now]


def page(person: AskedPerson, form: AnswerForm, reason: str, *, thanks: bool) -> dict[str, Any]:
    """What the page says: the times by the poll's clock, or what came of it."""
    poll = person.poll
    found = poll.conference if poll.has_date and not person.removed_at else None
    open_ = not date_polls.reason_against(person)
    return {
        "person": person,
        "poll": poll,
        "form": form,
        "place": place(poll.timezone),
        "until": moment(poll.answer_until, poll.timezone),
        "times": [
            (span(one.starts_at, poll.duration_minutes, poll.timezone), one, field)
            for one, field in form.asked
        ],
        "open": open_,
        "reason": reason,
        "found": when(found) if found else "",
        "thanks": thanks and open_ and person.answered_at is not None,
    }
