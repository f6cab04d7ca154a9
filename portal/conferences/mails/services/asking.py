"""What a date poll says to those who are asked: its times by its own clock, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations.base.records import parse_instant
from portal.common import zones
from portal.common.dates import CLOCK, DAY_AND_CLOCK, written
from portal.conferences import walltime
from portal.conferences.fields import canonical
from portal.conferences.mails.services.news import NewsLine
from portal.conferences.models import DatePoll


@dataclass(frozen=True, slots=True)
class Asking:
    """What a message about a poll says beside its title. `again` says that its reader was asked
    before, `answered` that they have answered since: then there are further times, unless it is
    about a `change`. `told` is what they know of it (`facts`); empty where they know nothing."""

    poll: DatePoll
    times: Sequence[datetime] = ()
    again: bool = False
    answered: bool = False
    change: bool = False
    told: Mapping[str, Any] = field(default_factory=dict)

    @property
    def lines(self) -> list[str]:
        """The proposed times, one a line."""
        poll = self.poll
        return [span(one, poll.duration_minutes, poll.timezone) for one in self.times]

    @property
    def opening(self) -> str:
        """Why somebody is written to who was asked before; empty at the first time."""
        if not self.again:
            return ""
        if self.change:
            return _("Something has changed about a webinar for which we look for a date.")
        if self.answered:
            return _(
                "There are further times for a webinar that you were asked about. Please look "
                "whether your answer is complete."
            )
        return _("We look for a date for this webinar, and have no answer from you yet.")

    @property
    def changes(self) -> list[NewsLine]:
        """What is different from what its reader was told, old and new."""
        now = facts(self.poll)
        old = {n: value for n, value in self.told.items() if n in now and value != now[n]}
        found = []
        if "title" in old:
            found.append(NewsLine(_("Title"), str(old["title"]), self.poll.title))
        if "duration_minutes" in old:
            was, new = (_length(one["duration_minutes"]) for one in (old, now))
            found.append(NewsLine(_("Length"), was, new))
        if "answer_until" in old:
            was, zone = old["answer_until"], self.poll.timezone
            before = moment(parse_instant(was), zone) if was else ""
            found.append(
                NewsLine(_("Answer until"), before or _("(empty)"), self.until or _("(empty)"))
            )
        return found

    @property
    def length(self) -> str:
        """How long it takes."""
        return _length(self.poll.duration_minutes)

    @property
    def place(self) -> str:
        """Whose clock the times are by."""
        return place(self.poll.timezone)

    @property
    def until(self) -> str:
        """By when they are asked to answer; empty where no time is set."""
        return moment(self.poll.answer_until, self.poll.timezone)


def facts(poll: DatePoll) -> dict[str, Any]:
    """What somebody knows by a message about it, as JSON: of these it is said what they were."""
    return {
        "title": poll.title,
        "duration_minutes": poll.duration_minutes,
        "answer_until": canonical(poll.answer_until),
    }


def _length(minutes: int) -> str:
    said = ngettext("%(minutes)s minute", "%(minutes)s minutes", minutes)
    return said % {"minutes": minutes}


def span(start: datetime, minutes: int, zone: str) -> str:
    """From when to when, by the clock of a zone; with the distance from UTC where that clock shows
    the same twice that day."""
    there = zones.zone(zone)
    at, end = start.astimezone(there), (start + timedelta(minutes=minutes)).astimezone(there)
    last = written(end, CLOCK if end.date() == at.date() else DAY_AND_CLOCK)
    said = f"{written(at, DAY_AND_CLOCK)} – {last}"
    if len(walltime.instants(walltime.wall(start, there.key), there.key)) > 1:
        return f"{said} ({walltime.offset(start, there.key)})"
    return said


def moment(at: datetime | None, zone: str) -> str:
    """A moment by the clock of a zone."""
    return written(at.astimezone(zones.zone(zone)), DAY_AND_CLOCK) if at else ""


def place(zone: str) -> str:
    """A zone as people read it."""
    return zone.replace("_", " ")
