"""Date polls: rows, and one in each of the states that their pages show."""

from datetime import timedelta
from uuid import UUID

from portal.common import clock
from portal.conferences.mails.services import Telling
from portal.conferences.models import AskedPerson, DatePoll
from portal.conferences.schedule.services import date_polls
from portal.conferences.schedule.services.date_polls import Who
from tests.factories import ConferenceFactory

SILENT = Telling(False)


def date_poll(
    account,
    *,
    title="Briefing for dealers",
    people=3,
    times=3,
    by=None,
    telling=SILENT,
    called="Speaker",
    **values,
):
    """An open poll at whole hours of days that lie ahead; nobody is written to unless `telling`
    says so."""
    first = (clock.now() + timedelta(days=10)).replace(minute=0, second=0, microsecond=0)
    given = {"title": title, "duration_minutes": 60, "timezone": "Europe/Berlin", "note": ""}
    return date_polls.open_poll(
        account,
        given | values,
        [first + timedelta(days=n) for n in range(times)],
        [Who(f"speaker{n}@example.org", f"{called} {n}") for n in range(people)],
        telling,
        by,
        UUID(int=DatePoll.objects.count() + 1000),
    )


def says(poll, number, *said, remark=""):
    """Have the person of that number answer: of each time in its order, "" of none."""
    person = poll.people.order_by("pk")[number]
    times = list(poll.times.all())
    answers = {one.pk: word for one, word in zip(times, said, strict=False) if word}
    return date_polls.answer(person.token, answers, remark)


def led_to(poll, conference):
    """Have a conference that stands there have come of the poll."""
    values = {"conference": conference, "found": True, "closed_at": clock.now()}
    DatePoll.objects.filter(pk=poll.pk).update(**values)
    poll.refresh_from_db()


def poll_rows(account, title, called="Speaker"):
    """Name of a row -> what its address takes, as tests/browser/pages.py names them."""
    open_ = date_poll(account, title=title, called=called, people=3, note=title)
    says(open_, 0, "yes", "maybe", "no", remark=title)
    says(open_, 1, "yes", "no", "")
    closed = date_poll(account, title=title, called=called, telling=Telling(True))
    date_polls.close(closed, SILENT, None)
    found = date_poll(account, title=title, called=called)
    conference = ConferenceFactory(account=account, title=title)
    led_to(found, conference)
    tokens = {poll.pk: AskedPerson.objects.filter(poll=poll).first() for poll in (open_, closed)}
    return {
        "open poll": (open_.pk,),
        "closed poll": (closed.pk,),
        "poll with a date": (found.pk,),
        "person of a poll": (open_.pk, tokens[open_.pk].pk),
        "dates link": (tokens[open_.pk].token,),
        "dates link of a closed poll": (found.people.first().token,),
    }
