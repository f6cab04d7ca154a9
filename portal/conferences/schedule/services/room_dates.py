"""The dates of a permanent room: one room and one link for all of them.

The platform has the room open all the time and hears of none of its dates. They are kept here
(`Conference.dates`), so that calendars, mails, reminders and what is live go by them; `starts_at`
is the one that is on or comes next, and the clock moves it on.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.base.records import Kind, instant
from portal.common import clock
from portal.common.errors import NotPossible
from portal.common.texts import Text, clocks
from portal.conferences import history, recurrence, repeating, rules, sentences, walltime
from portal.conferences.fields import OF_DATES, locked
from portal.conferences.mails import services as mails
from portal.conferences.mails.services import news
from portal.conferences.models import Conference
from portal.conferences.models.conference import ASSUMED_MINUTES
from portal.conferences.recurrence import MOST_DATES
from portal.conferences.schedule.services import answer_changes, platform_changes
from portal.conferences.schedule.services import schedule as scheduling
from portal.conferences.schedule.services.series import Extent
from portal.identity import roles

log = logging.getLogger(__name__)
NO_ROOM = gettext_lazy("Only a permanent room has dates that are kept here.")
GONE = gettext_lazy(
    "This date is over, or was moved or left out meanwhile. Look at the dates again."
)
TAKEN = gettext_lazy("A date of this room starts at that moment already.")
SAME = gettext_lazy("It starts at that time already, and takes as long.")
LAST = gettext_lazy(
    "No date would be left. Cancel the webinar instead, which takes the room off as well."
)
_HELD = {"removed_at": None, "draft": False, "permanent": True, "starts_at__isnull": False}


def room_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a webinar at one time as those of a room that is always there."""
    return {n: v for n, v in values.items() if n not in OF_DATES} | {"permanent": True}


# The clock --------------------------------------------------------------------------------------


def move_on() -> int:
    """Let the next date of each room follow the one that is over; answers how many rooms that were.
    Any number of workers may run it, as often as they like."""
    moment = clock.now()
    rows = Conference.objects.filter(**_HELD, starts_at__lte=moment)
    rows = rows.only("starts_at", "duration_minutes", "permanent", "dates").order_by("pk")
    return sum(_tried(row, moment) for row in rows)


def _tried(row: Conference, moment: datetime) -> bool:
    """Move one room on, whose trouble must hold up neither the others nor any mail."""
    try:
        return bool(_next(row, moment)) and _moved_on(row.pk)
    except Exception as error:
        log.warning("webinar %s was not moved on: %s", row.pk, type(error).__name__)
        return False


def _next(row: Conference, moment: datetime) -> datetime | None:
    """The date that is on now, comes next, or was the last; None where the row has that already."""
    dates = repeating.kept(row)
    coming = _current(dates, row.duration_minutes, moment) if dates else row.starts_at
    return coming if coming != row.starts_at else None


def _current(dates: Sequence[datetime], minutes: int | None, moment: datetime) -> datetime:
    length = timedelta(minutes=minutes or ASSUMED_MINUTES)
    return next((at for at in dates if at + length > moment), dates[-1])


@transaction.atomic
def _moved_on(pk: int) -> bool:
    row = Conference.objects.select_for_update().filter(pk=pk, **_HELD).first()
    coming = _next(row, clock.now()) if row else None
    if row is None or coming is None:
        return False
    row.starts_at = coming
    # Nobody edits this date: whoever edits the room meanwhile has lost nothing.
    row.save(update_fields=["starts_at", "updated_at"])
    return True


# What staff do ------------------------------------------------------------------------------------


def within(conference: Conference, at: datetime, extent: Extent) -> list[datetime]:
    """The dates that an act on one of them reaches, of those that lie ahead. Raises NotPossible
    where that one does not lie ahead any more."""
    ahead = repeating.ahead(conference)
    if at not in ahead:
        raise NotPossible(GONE)
    if extent is Extent.ONE:
        return [at]
    return [one for one in ahead if extent is Extent.AHEAD or one >= at]


def reasons_against(conference: Conference, at: datetime) -> dict[Extent, str]:
    """Why each extent cannot be chosen for a date; empty where it can."""
    found, ahead = dict.fromkeys(Extent, ""), repeating.ahead(conference)
    following = [one for one in ahead if one > at]
    if not following:
        found[Extent.FOLLOWING] = _("No later date of this room takes place.")
    if len(ahead) < 2:
        found[Extent.AHEAD] = _("No other date of this room lies ahead.")
    elif len(ahead) == len(following) + 1:
        found[Extent.AHEAD] = _("This is the next date: it is the same as the choice above.")
    return found


def without(conference: Conference, at: datetime, extent: Extent) -> list[datetime]:
    """All its dates but for those that an act on one of them would leave out."""
    gone = within(conference, at, extent)
    return [one for one in repeating.kept(conference) if one not in gone]


def moved(
    conference: Conference, at: datetime, extent: Extent, to: datetime, zone: str
) -> list[datetime]:
    """All its dates, with one of them at another instant, and those that the extent reaches as many
    days off, at the same clock time of a zone. Raises NotPossible where two would fall together,
    or one would lie behind."""
    reached = within(conference, at, extent)
    was, now = walltime.wall(at, zone), walltime.wall(to, zone)
    days, found = now.date() - was.date(), []
    for one in repeating.kept(conference):
        if one not in reached:
            found.append(one)
        elif one == at:
            found.append(to)
        else:
            day = walltime.wall(one, zone).date() + days
            found.append(recurrence.occurrence(datetime.combine(day, now.time()), zone).at)
    return checked(found, repeating.kept(conference))


def require_change(conference: Conference, dates: Sequence[datetime], minutes: int | None) -> None:
    """Raise NotPossible where these are its dates already, and of that length."""
    if list(dates) == repeating.kept(conference) and minutes in (None, conference.duration_minutes):
        raise NotPossible(SAME, {"time": [str(SAME)]})


def with_date(conference: Conference, to: datetime) -> list[datetime]:
    """All its dates and one more. Raises NotPossible as `moved` does."""
    held = repeating.kept(conference)
    return checked([*held, to], held)


def checked(dates: Sequence[datetime], held: Sequence[datetime] = ()) -> list[datetime]:
    """The dates in order. Raises NotPossible where one comes twice, where one lies behind that is
    not held already, and where there are too many."""
    found = sorted(dates)
    if len(set(found)) < len(found):
        raise NotPossible(TAKEN, {"time": [str(TAKEN)]})
    if any(scheduling.lies_behind(at) for at in set(found) - set(held)):
        raise NotPossible(scheduling.IN_THE_PAST, {"date": [str(scheduling.IN_THE_PAST)]})
    moment = clock.now()
    if sum(at > moment for at in found) > MOST_DATES:
        said = _("A room has at most %(most)d dates that lie ahead.") % {"most": MOST_DATES}
        raise NotPossible(said, {"date": [said]})
    return found


def reason_of(conference: Conference) -> str:
    """Why its dates cannot be changed; empty where they can."""
    if reason := rules.reason_frozen(conference):
        return reason
    return "" if conference.permanent else str(NO_ROOM)


def reason_against_skipping(conference: Conference, gone: Sequence[datetime]) -> str:
    """Why these dates cannot be left out; empty where they can."""
    stay = [at for at in repeating.ahead(conference) if at not in gone]
    on = conference.state == Conference.State.LIVE
    return "" if stay or on else str(LAST)


@transaction.atomic
def skip(
    conference: Conference,
    at: datetime,
    extent: Extent,
    by: User | None,
    version: int,
    notify: mails.Telling | bool = True,
) -> Conference:
    """Leave out a date, or several. Raises Stale, NotPossible, NotAllowed."""
    row = _held(conference, by, version)
    gone = within(row, at, extent)
    kept = without(row, at, extent)
    if reason := reason_against_skipping(row, gone):
        raise NotPossible(reason)
    said = sentences.ROOM_DATES_LEFT_OUT(count=len(gone), date=_clocks(row, gone[0]))
    return _put(row, kept, by, notify, said)


@transaction.atomic
def move(
    conference: Conference,
    at: datetime,
    extent: Extent,
    to: datetime,
    by: User | None,
    version: int,
    notify: mails.Telling | bool = True,
    *,
    zone: str = "",
    minutes: int | None = None,
) -> Conference:
    """Give a date, or several, another time, as `moved` does; with `minutes` all dates take that
    long. Raises Stale, NotPossible, NotAllowed."""
    row = _held(conference, by, version)
    dates = moved(row, at, extent, to, zone or news.zone_of(row).key)
    require_change(row, dates, minutes)
    said = sentences.ROOM_DATES_MOVED(
        count=len(within(row, at, extent)), date=_clocks(row, at), to=_clocks(row, to)
    )
    return _put(row, dates, by, notify, said, minutes)


@transaction.atomic
def add(
    conference: Conference,
    to: datetime,
    by: User | None,
    version: int,
    notify: mails.Telling | bool = True,
    *,
    minutes: int | None = None,
) -> Conference:
    """One more date; the first one of a room that had none begins to keep them. Raises Stale,
    NotPossible, NotAllowed."""
    row = _held(conference, by, version)
    dates = with_date(row, to)
    said = sentences.ROOM_DATE_ADDED(date=_clocks(row, to))
    return _put(row, dates, by, notify, said, minutes)


def _held(conference: Conference, by: User | None, version: int) -> Conference:
    roles.require(by)
    row = locked(conference, version)
    if reason := reason_of(row):
        raise NotPossible(reason)
    return row


def _put(
    row: Conference,
    dates: Sequence[datetime],
    by: User | None,
    notify: mails.Telling | bool,
    said: Text,
    minutes: int | None = None,
) -> Conference:
    """Keep these dates, and tell people what is different."""
    before, moment, took = list(row.dates), clock.now(), row.duration_minutes
    row.dates = [instant(at) for at in dates]
    row.duration_minutes = minutes or took or ASSUMED_MINUTES
    row.starts_at = _current(dates, row.duration_minutes, moment)
    row.version += 1
    row.sequence += int(not row.draft)
    row.save()
    history.record(
        "rescheduled",
        Kind.CONFERENCE,
        row.pk,
        actor=by,
        conference_id=row.pk,
        sentence=said,
    )
    changes = platform_changes.since(row, {})
    told: dict[str, Any] = {news.DATES: (before, row.dates)}
    if took != row.duration_minutes:
        told["duration_minutes"] = (took, row.duration_minutes)
    telling = mails.Telling.of(notify)
    mails.tell(row, mails.Act.RESCHEDULE, telling, by, changes=changes | told)
    if changes:
        answer_changes.settled(row, telling, by)
    return row


def _clocks(row: Conference, at: datetime) -> Text:
    return clocks(walltime.wall(at, news.zone_of(row).key))
