"""What a date poll says to those who are asked: its times by its own clock, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.common import zones
from portal.common.dates import CLOCK, DAY_AND_CLOCK, written
from portal.conferences import walltime
from portal.conferences.models import DatePoll


@dataclass(frozen=True, slots=True)
class Asking:
    """What a message about a poll says beside its title. `again` says that its reader was asked
    before, `answered` that they have answered since: then there are further times."""

    poll: DatePoll
    times: Sequence[datetime] = ()
    again: bool = False
    answered: bool = False

    @property
    def lines(self) -> list[str]:
        """The proposed times, one a line."""
        poll = self.poll
        return [span(one, poll.duration_minutes, poll.timezone) for one in self.times]

    @property
    def place(self) -> str:
        """Whose clock the times are by."""
        return place(self.poll.timezone)

    @property
    def until(self) -> str:
        """By when they are asked to answer; empty where no time is set."""
        return moment(self.poll.answer_until, self.poll.timezone)


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
