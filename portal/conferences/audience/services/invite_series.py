"""Invite people to all dates of a series that lie ahead: one registration for each date, and one
message about all of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from uuid import uuid4

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from portal.common import clock
from portal.common.batches import SLICE, slices
from portal.common.errors import NotPossible
from portal.common.reader.addresses import Person
from portal.conferences.audience.services import invite, invited_groups
from portal.conferences.audience.services.invite import Done, How
from portal.conferences.models import Attendee, Conference, Registration, Series
from portal.conferences.people.services import people
from portal.conferences.people.services.selection import MOST_PEOPLE, Selection
from portal.identity import roles


@dataclass(slots=True)
class SeriesPlan:
    """What an invitation to some dates would do.

    `known` are to be invited to a date at least; `withdrawn` were withdrawn from one and come
    back there only where staff say so (they may be among the known as well). `invited` miss no
    date, but are not registered for all: they come along where people are registered at once.
    `misses` holds the dates to which each is not invited yet, `asked` those to which they are
    invited and for which they are not registered.
    """

    dates: list[Conference]
    newcomers: list[Person] = field(default_factory=list)
    known: list[Attendee] = field(default_factory=list)
    invited: list[Attendee] = field(default_factory=list)
    registered: list[Attendee] = field(default_factory=list)
    withdrawn: list[Attendee] = field(default_factory=list)
    misses: dict[int, set[int]] = field(default_factory=dict)
    asked: dict[int, set[int]] = field(default_factory=dict)
    ended: dict[int, set[int]] = field(default_factory=dict)

    @property
    def fresh(self) -> int:
        """How many would be invited to a date for the first time."""
        return len(self.newcomers) + len(self.known)

    def dates_of(self, person: Attendee, *, again: bool, register: bool) -> list[Conference]:
        """The dates to which somebody would be invited; all for who is new."""
        if person.pk is None:
            return self.dates
        ids = set(self.misses.get(person.pk, ()))
        if register:
            ids |= self.asked.get(person.pk, set())
        if again:
            ids |= self.ended.get(person.pk, set())
        return [date for date in self.dates if date.pk in ids]


def dates(series: Series) -> list[Conference]:
    """The dates to which people can be invited: those that lie ahead."""
    rows = series.conferences.filter(removed_at=None, gone_at=None, draft=False)
    rows = rows.filter(starts_at__gt=clock.now()).select_related("account")
    return list(rows.order_by("starts_at", "pk"))


def everyone(series: Series) -> list[Attendee]:
    """Whoever is invited to, or registered for, a date of the series that was not cancelled."""
    standing = Registration.objects.filter(
        conference__series=series, conference__removed_at=None, removed_at=None, gone_at=None
    )
    rows = Attendee.objects.filter(pk__in=standing.values("attendee"))
    return list(rows.order_by("sort_key", "email")[: MOST_PEOPLE + 1])


def plan(some_dates: Sequence[Conference], audience: Selection) -> SeriesPlan:
    """Sort an audience by what stands already; changes nothing."""
    found = SeriesPlan(list(some_dates), list(audience.newcomers))
    ids = [date.pk for date in some_dates]
    standing, asked, ended = _standing(ids, [person.pk for person in audience.people])
    for person in audience.people:
        there, out = standing.get(person.pk, set()), ended.get(person.pk, set())
        missing = {pk for pk in ids if pk not in there and pk not in out}
        if missing:
            found.known.append(person)
            found.misses[person.pk] = missing
        if out:
            found.withdrawn.append(person)
            found.ended[person.pk] = out
        if person.pk in asked:
            found.asked[person.pk] = asked[person.pk]
            if not missing:
                found.invited.append(person)
        elif not missing and not out:
            found.registered.append(person)
    return found


def _standing(
    ids: list[int], persons: list[int]
) -> tuple[dict[int, set[int]], dict[int, set[int]], dict[int, set[int]]]:
    """Person -> the dates at which they stand, those of them for which they are only invited, and
    those from which they were withdrawn."""
    standing: dict[int, set[int]] = {}
    asked: dict[int, set[int]] = {}
    ended: dict[int, set[int]] = {}
    over = Q(removed_at__isnull=False) | Q(gone_at__isnull=False)
    only = ~over & ~Q(stage=Registration.Stage.REGISTERED)
    for some in slices(persons, SLICE - len(ids)):
        rows = Registration.objects.filter(conference__in=ids, attendee__in=some)
        for kept, where in ((standing, ~over), (asked, only), (ended, over)):
            for person, date in rows.filter(where).values_list("attendee_id", "conference_id"):
                kept.setdefault(person, set()).add(date)
    return standing, asked, ended


def wanted(found: SeriesPlan, how: How) -> Selection:
    """Whom a plan would invite to a date at least."""
    return Selection(
        people=known_to_invite(found, again=how.again, register=how.register),
        newcomers=found.newcomers,
    )


def known_to_invite(found: SeriesPlan, *, again: bool, register: bool) -> list[Attendee]:
    """The people who are known already and would be invited to a date at least, each once."""
    people = [*found.known, *(found.invited if register else [])]
    there = {one.pk for one in people}
    return people + [one for one in found.withdrawn if again and one.pk not in there]


def begin(some_dates: Iterable[Conference], by: User | None, switch_on: bool) -> None:
    """Make sure that people can be invited to all of them. Call it within a transaction. Raises
    NotPossible, NotAllowed."""
    roles.require(by)
    rows = sorted(some_dates, key=lambda row: row.pk)
    if not rows:
        raise NotPossible(reason_without_dates())
    for row in rows:
        invite.begin(row, by, switch_on)


def reason_without_dates() -> str:
    """Why nobody can be invited to a series whose dates are all over."""
    return _("No date of this series lies ahead.")


def send_part(
    some_dates: Iterable[Conference], audience: Selection, how: How
) -> tuple[Done, dict[int, int]]:
    """Invite some people to the dates that still take place; answers what it did, counted in
    people, and how many were registered at each date. Call it within a transaction."""
    ids = [row.pk for row in some_dates]
    rows = Conference.objects.select_for_update(of=("self",)).select_related("account")
    locked = list(rows.filter(pk__in=ids).order_by("pk"))
    able = [row for row in locked if not invite.reason_against_inviting(row)]
    if not able:
        raise NotPossible(reason_without_dates())
    known = {one.email for one in audience.people}
    added = [one for one in people.add_many(audience.newcomers, how.by) if one.email not in known]
    some = Selection(people=[*audience.people, *added])
    # All at once and in order, since a date may miss others than the one before.
    held = Attendee.objects.filter(pk__in=[one.pk for one in some.people])
    list(held.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    done = {row.pk: invite.send_part(row, some, how) for row in able}
    reached = {pk: one.number for pk, one in done.items()}
    number = len(some) if any(reached.values()) else 0
    mails = number if any(one.mails for one in done.values()) else 0
    registered, asked = (number, 0) if how.register else (0, number)
    return Done(registered, asked, created=len(added), mails=mails), reached


def record(some_dates: Iterable[Conference], reached: dict[int, int], how: How) -> None:
    """One line in the history of each date."""
    for row in some_dates:
        count = reached.get(row.pk, 0)
        invite.record(row, Done(registered=count, mails=count if how.mail else 0), how.by)


def send(
    some_dates: Sequence[Conference], audience: Selection, how: How, size: int, *, switch_on: bool
) -> Done:
    """Invite all of them now, so many in one transaction. Raises NotPossible, NotAllowed."""
    with transaction.atomic():
        begin(some_dates, how.by, switch_on)
        invited_groups.keep(some_dates, how.groups)
    done, reached = Done(), dict.fromkeys((row.pk for row in some_dates), 0)
    parts = [Selection(people=few) for few in slices(audience.people, size)]
    parts += [Selection(newcomers=few) for few in slices(audience.newcomers, size)]
    for part in parts:
        with transaction.atomic():
            told, there = send_part(some_dates, part, how)
        done += told
        reached = {pk: number + there.get(pk, 0) for pk, number in reached.items()}
    record(some_dates, reached, how)
    return done


def together(how: How) -> How:
    """The same, with all dates in one message to each person."""
    return replace(how, together=uuid4())
