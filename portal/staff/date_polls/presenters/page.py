"""The page of one date poll: its times with what was said of them, its people, what to do next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations.base.records import Kind
from portal.common import clock, zones
from portal.common.dates import CLOCK, DAY_OF_WEEK, written
from portal.conferences.audience.queries import Mailed
from portal.conferences.mails.services.asking import moment, place, span
from portal.conferences.mails.services.news import when
from portal.conferences.models import AskedPerson, DatePoll, ProposedTime
from portal.conferences.schedule import date_poll_queries
from portal.conferences.schedule.services import date_polls, tally
from portal.conferences.schedule.services.tally import Tally
from portal.staff.date_polls.presenters.asking import clashes_of
from portal.staff.people.presenters import timeline
from portal.staff.presenters.words import minutes, number
from portal.staff.webinars.presenters import mails
from portal.staff.webinars.presenters.buttons import reason_of_role
from portal.staff.webinars.presenters.clashes import ClashWarning
from portal.staff.webinars.presenters.mails import Blocked

LATEST = 20  # lines of history
_LOOKS = {"yes": "kind-success", "maybe": "kind-warning", "no": "kind-danger"}


@dataclass(frozen=True, slots=True)
class TimeLine:
    """One proposed time: `short` heads its column, `said` is what stands for it in words."""

    found: Tally
    when: str
    short: str
    best: bool
    past: bool
    warning: ClashWarning | None
    schedule_url: str

    @property
    def said(self) -> str:
        """ "3 can, 1 if need be, 1 cannot, 2 have not said"."""
        found = self.found
        parts = [
            ngettext("%(count)d can", "%(count)d can", len(found.yes)) % {"count": len(found.yes)},
        ]
        if found.maybe:
            parts.append(_("%(count)d if need be") % {"count": len(found.maybe)})
        if found.no:
            parts.append(_("%(count)d cannot") % {"count": len(found.no)})
        if found.silent:
            parts.append(_("%(count)d not answered") % {"count": len(found.silent)})
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person: what they said of each time, as cells in the order of the columns. They are
    written here: a page may have hundreds of them."""

    person: AskedPerson
    cells: SafeString
    mailed: Mailed


def page(poll: DatePoll, user: User) -> dict[str, Any]:
    """All that the page shows."""
    now = clock.now()
    times, people = list(poll.times.all()), list(date_polls.standing(poll))
    found = tally.tallies(times, people, now)
    warnings: Mapping[datetime, ClashWarning] = {}
    if poll.closed_at is None:
        emails = [one.email for one in people]
        ahead = [one.starts_at for one in times if one.starts_at > now]
        warnings = clashes_of(poll.account, ahead, poll.duration_minutes, emails)
    best = tally.best(found, now)
    lines = [_line(poll, one, best, warnings, now) for one in found]
    silent = [one for one in people if one.answered_at is None]
    rows = _people(poll, people, sorted(times, key=_at))
    role = reason_of_role(user)
    closed = str(date_polls.CLOSED) if poll.closed_at else ""
    return {
        "poll": poll,
        "length": minutes(poll.duration_minutes),
        "place": place(poll.timezone),
        "until": moment(poll.answer_until, poll.timezone),
        "found": when(poll.conference) if poll.conference and poll.has_date else "",
        "overdue": bool(not closed and poll.answer_until and poll.answer_until < now),
        "lines": lines,
        "columns": sorted(lines, key=_start),
        "people": rows,
        "answered": len(people) - len(silent),
        "silent": silent,
        "blocked": _blocked(poll, rows),
        "to_tell": date_polls.to_tell(poll) if poll.closed_at else [],
        "all_answered": bool(people) and not silent and not closed,
        # Further times were proposed since, or somebody left some out.
        "in_part": any(one.found.silent for one in lines if not one.past),
        "role_reason": role,
        "change_reason": role or closed,
        "times_reason": role or closed or _full(times, date_polls.MOST_TIMES),
        "people_reason": role or closed or _full(people, date_polls.MOST_PEOPLE),
        "entries": timeline(date_poll_queries.history_of(poll, LATEST)),
    }


def _blocked(poll: DatePoll, rows: Sequence[PersonLine]) -> Sequence[Blocked]:
    """What the platform refused and the outcome waits for."""
    letters = (one.mailed.letter for one in rows)
    held = any(one is not None and one.state == one.State.HELD for one in letters)
    found = mails.blocked(poll.conference) if held and poll.conference else []
    return [one for one in found if one.entry.kind == Kind.CONFERENCE]


def _full(rows: Sequence[Any], most: int) -> str:
    said = _("There are %(most)s already, and no more are possible.")
    return said % {"most": number(most)} if len(rows) >= most else ""


def _start(line: TimeLine) -> datetime:
    return line.found.time.starts_at


def _at(time: ProposedTime) -> datetime:
    return time.starts_at


def _line(
    poll: DatePoll,
    found: Tally,
    best: set[int],
    warnings: Mapping[datetime, ClashWarning],
    now: datetime,
) -> TimeLine:
    start = found.time.starts_at
    return TimeLine(
        found,
        span(start, poll.duration_minutes, poll.timezone),
        short(start, poll.timezone),
        found.time.pk in best,
        tally.is_past(found.time, now),
        warnings.get(start),
        f"{reverse('staff:schedule')}?poll={poll.pk}&time={found.time.pk}",
    )


def short(start: datetime, zone: str) -> str:
    """A time as it heads a column."""
    at = start.astimezone(zones.zone(zone))
    return f"{written(at, DAY_OF_WEEK)} {written(at, CLOCK)}"


def _people(
    poll: DatePoll, people: Sequence[AskedPerson], times: Sequence[ProposedTime]
) -> list[PersonLine]:
    letters = date_poll_queries.last_mails(poll)
    heads = [short(one.starts_at, poll.timezone) for one in times]
    words = {str(value): str(label) for value, label in AskedPerson.Answer.choices}
    return [
        PersonLine(
            one,
            format_html_join(
                "",
                '<td class="answer {}" data-label="{}">{}</td>',
                (
                    (_LOOKS.get(said, ""), head, words.get(said, "–"))
                    for head, said in zip(heads, map(one.said, times), strict=True)
                ),
            ),
            Mailed(letters.get(one.pk), one.email),
        )
        for one in people
    ]
