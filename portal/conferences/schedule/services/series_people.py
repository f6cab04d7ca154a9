"""What is done to people over several dates of a series: withdraw those who are registered, assign,
change and take off those who run them.

Each date is changed by the same service as of one, in one transaction; whoever hears of several
dates hears of them in one message. A date at which it cannot be done is left out, with the reason.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from portal.common.dates import SHORT_OF_YEAR, written
from portal.common.errors import NotPossible
from portal.conferences.audience.services import moderators as running
from portal.conferences.audience.services import registrations
from portal.conferences.mails import services as mails
from portal.conferences.mails.services.news import zone_of
from portal.conferences.models import Conference, Moderator, Registration
from portal.conferences.schedule.services import clashes, series
from portal.conferences.schedule.services.clashes import Clashes
from portal.conferences.schedule.services.series import Extent
from portal.identity import roles


def reached(conference: Conference, extent: Extent) -> list[Conference]:
    """The dates that an act on people of this one reaches, in their order: this one first where it
    takes place, whatever the extent."""
    found = [conference, *series.others(conference, extent)]
    return sorted(found, key=lambda row: (row.starts_at is None, row.starts_at, row.pk))


def named(conference: Conference) -> str:
    """A date as a sentence names it."""
    if conference.starts_at is None:
        return str(conference.title)
    return written(conference.starts_at.astimezone(zone_of(conference)), SHORT_OF_YEAR)


def _held(conference: Conference, extent: Extent) -> Conference:
    """The date as it stands, with all of its series locked in one order. Raises NotPossible."""
    held = series.locked_dates(conference)
    series.require_extent(held, extent)
    return held


def _telling(extent: Extent, notify: mails.Telling | bool) -> mails.Telling:
    if extent is Extent.ONE:
        return mails.Telling.of(notify)
    return series.in_one_message(notify)


@contextmanager
def _dated(date: Conference, extent: Extent) -> Iterator[None]:
    """A refusal says which of several dates it is about; then nothing is done at any."""
    try:
        yield
    except NotPossible as no:
        if extent is Extent.ONE:
            raise
        raise NotPossible(series.of_date(date, no), no.field_errors) from no


# Those who are registered ------------------------------------------------------------------------


def registered(dates: Iterable[Conference], people: Iterable[int]) -> list[Registration]:
    """The registrations of some people (by their keys) that stand at some dates."""
    rows = Registration.objects.filter(
        Registration.LISTED,
        conference__in=[row.pk for row in dates],
        attendee__in=list(people),
    )
    return list(rows.select_related("attendee", "conference__account").order_by("attendee", "pk"))


@transaction.atomic
def withdraw(
    conference: Conference,
    extent: Extent,
    people: Sequence[int],
    by: User | None,
    notify: mails.Telling | bool = False,
) -> list[Registration]:
    """Withdraw people from this date and from those that the extent reaches; answers what ended.
    Where somebody takes no part they are passed over. Raises NotPossible, NotAllowed."""
    roles.require(by)
    held, telling = _held(conference, extent), _telling(extent, notify)
    dates = reached(held, extent)
    at: dict[int, list[int]] = {}
    for row in registered(dates, people):
        at.setdefault(row.conference_id, []).append(row.pk)
    done = []
    for date in sorted(dates, key=lambda row: row.pk):
        if date.pk in at:
            done += registrations.withdraw(date, at[date.pk], by, telling)
    return done


# Those who run them ------------------------------------------------------------------------------


@dataclass(slots=True)
class Speaking:
    """What an act on somebody who runs dates would do: at which of them, with the row where there
    is one, and at which it cannot be done, and why."""

    dates: list[Conference] = field(default_factory=list)
    rows: list[Moderator] = field(default_factory=list)
    against: list[tuple[Conference, str]] = field(default_factory=list)

    @property
    def reason(self) -> str:
        """Why nothing can be done at all; empty where something can."""
        if self.dates:
            return ""
        if self.against:
            return self.against[0][1]
        return _("They run all of these dates already.")


def assigning(conference: Conference, extent: Extent, email: str) -> Speaking:
    """The dates to which somebody would be assigned: those that they do not run yet."""
    dates = reached(conference, extent)
    there = _running(dates, email.strip().lower())
    found = Speaking()
    for date in dates:
        if date.pk in there:
            continue
        _sort(found, date, running.reason_against_assigning(date))
    return found


def of_speaker(speaker: Moderator, extent: Extent, against: Callable[[Moderator], str]) -> Speaking:
    """The dates at which an act on somebody who runs one would reach them."""
    dates = reached(speaker.conference, extent)
    there = _running(dates, speaker.email) if speaker.email else {}
    there[speaker.conference_id] = speaker
    found = Speaking()
    for date in dates:
        if row := there.get(date.pk):
            row.conference = date
            _sort(found, date, against(row), row)
    return found


def _sort(found: Speaking, date: Conference, reason: str, row: Moderator | None = None) -> None:
    if reason:
        found.against.append((date, reason))
        return
    found.dates.append(date)
    if row is not None:
        found.rows.append(row)


def _running(dates: Iterable[Conference], email: str) -> dict[int, Moderator]:
    rows = Moderator.objects.filter(
        conference__in=[date.pk for date in dates], email=email, removed_at=None
    )
    return {row.conference_id: row for row in rows}


def clashes_of(dates: Sequence[Conference], email: str) -> list[tuple[Conference, Clashes]]:
    """Where somebody who is to run some dates is at those times already: which date, and what."""
    timed = [(date, date.starts_at) for date in dates if date.starts_at]
    planned = [
        clashes.Planned(
            date.account,
            start,
            date.duration_minutes,
            speakers=[email],
            moving=[one.pk for one in dates],
        )
        for date, start in timed
    ]
    found = clashes.find_each(planned)
    pairs = zip(timed, found, strict=True)
    return [(date, Clashes(speakers=one.speakers)) for (date, _at), one in pairs if one.speakers]


@transaction.atomic
def assign(
    conference: Conference,
    extent: Extent,
    *,
    email: str,
    name: str,
    role: str,
    by: User | None,
    notify: mails.Telling | bool = True,
) -> Speaking:
    """Put somebody on this date and those that the extent reaches; where they are already, nothing
    is changed. Raises NotPossible (where it can be done at none of them), NotAllowed."""
    roles.require(by)
    held, telling = _held(conference, extent), _telling(extent, notify)
    found = assigning(held, extent, email)
    if extent is Extent.ONE:
        found = Speaking([held])  # its own service says what is wrong beside the field
    if reason := found.reason:
        raise NotPossible(reason)
    for date in sorted(found.dates, key=lambda row: row.pk):
        with _dated(date, extent):
            running.assign(date, email=email, name=name, role=role, by=by, notify=telling)
    return found


@transaction.atomic
def change(
    speaker: Moderator, extent: Extent, *, name: str, role: str, by: User | None
) -> Speaking:
    """Give somebody another name or role, also at the dates that the extent reaches; one at which
    they have a name or a role of their own keeps it. Raises NotPossible, NotAllowed."""
    roles.require(by)
    held = _held(speaker.conference, extent)
    speaker = Moderator.objects.get(pk=speaker.pk)
    speaker.conference = held
    if speaker.removed_at:
        raise NotPossible(running.TAKEN_OFF)
    found = of_speaker(speaker, extent, lambda row: running.reason_against_change(row.conference))
    if reason := found.reason:
        raise NotPossible(reason)
    was = (speaker.name, speaker.role)
    for row in sorted(found.rows, key=lambda one: one.conference_id):
        new_name = name if row.name == was[0] else row.name
        new_role = role if row.role == was[1] else row.role
        with _dated(row.conference, extent):
            running.change(row, name=new_name, role=new_role, by=by)
    return found


@transaction.atomic
def unassign(
    speaker: Moderator, extent: Extent, by: User | None, notify: mails.Telling | bool = True
) -> Speaking:
    """Take somebody off this date and those that the extent reaches. Raises NotPossible,
    NotAllowed."""
    roles.require(by)
    held, telling = _held(speaker.conference, extent), _telling(extent, notify)
    speaker = Moderator.objects.get(pk=speaker.pk)
    speaker.conference = held
    if speaker.removed_at:
        raise NotPossible(running.TAKEN_OFF)
    found = of_speaker(speaker, extent, running.reason_against_unassigning)
    if reason := found.reason:
        raise NotPossible(reason)
    for row in sorted(found.rows, key=lambda one: one.conference_id):
        with _dated(row.conference, extent):
            running.unassign(row, by, telling)
    return found
