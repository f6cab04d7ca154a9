"""The people of a series, each counted once: how they stand over the dates that take place.

A date that was cancelled does not count. What is to come, and what is over, is so now: an answer is
missing only for a date that has not begun, and nobody was absent from one that is not over, or of
which its platform has told nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy

from portal.common import clock
from portal.common.dates import CLOCK, SHORT_DAY, SHORT_OF_YEAR, written
from portal.common.pages import OfList, Pages
from portal.common.texts import Words
from portal.conferences.mails.services.news import zone_of
from portal.conferences.models import (
    Attendance,
    Attendee,
    Conference,
    Invitation,
    Moderator,
    Registration,
    Series,
    Session,
)
from portal.conferences.people.services.selection import matching

PAGE = 25
DATES_SHOWN = 10  # on one page; the others are a click away
Stage, Answer = Registration.Stage, Registration.Answer
# Whom a page counts and shows by a click; all but those in ALWAYS only where there is somebody.
COUNTERS: dict[str, Words] = {
    "": gettext_lazy("On the list"),
    "every": gettext_lazy("Registered for all dates"),
    "some": gettext_lazy("Registered for some dates"),
    "unanswered": gettext_lazy("An answer is missing"),
    "maybe": gettext_lazy("Perhaps"),
    "approval": gettext_lazy("Waiting for approval"),
    "waitlisted": gettext_lazy("On a waiting list"),
    "no": gettext_lazy("Declined all dates"),
    "withdrawn": gettext_lazy("Withdrawn from all dates"),
    "bounced": gettext_lazy("Mail came back"),
    "attended": gettext_lazy("Attended a date"),
    "absent": gettext_lazy("Absent so far"),
}
ALWAYS = frozenset({"", "every", "some"})
FURTHER: dict[str, Words] = {"all": gettext_lazy("All, withdrawn too")}
FILTERS = {**COUNTERS, **FURTHER}
_STANDS = Q(removed_at=None)
_HERE = Q(stands__gt=0)


class Mark(NamedTuple):
    """How somebody stands at one date: word, kind of badge, icon."""

    word: Words
    kind: str
    icon: str


MARKS: dict[str, Mark] = {
    "registered": Mark(gettext_lazy("Registered"), "success", "check"),
    "attended": Mark(gettext_lazy("Attended"), "success", "check-circle"),
    "absent": Mark(gettext_lazy("Absent"), "warning", "minus-circle"),
    "unanswered": Mark(gettext_lazy("No answer"), "info", "question-mark-circle"),
    "maybe": Mark(gettext_lazy("Perhaps"), "info", "hand-raised"),
    "approval": Mark(gettext_lazy("Waiting for approval"), "warning", "clock"),
    "waitlisted": Mark(gettext_lazy("On the waiting list"), "warning", "queue-list"),
    "no": Mark(gettext_lazy("Declined"), "neutral", "x-mark"),
    "withdrawn": Mark(gettext_lazy("Withdrawn"), "neutral", "user-minus"),
    "gone": Mark(gettext_lazy("Removed there"), "danger", "link-slash"),
    "": Mark(gettext_lazy("Not invited"), "", ""),
}


_OF_DATES = (
    "starts_at",
    "duration_minutes",
    "timezone",
    "title",
    "gone_at",
    "removed_at",
    "series",
)


class Dates:
    """The dates of a series that take place, in their order; how many were `cancelled`."""

    def __init__(self, series: Series) -> None:
        every = series.conferences.filter(draft=False).only(*_OF_DATES).order_by("starts_at", "pk")
        found = list(every)
        self.rows: list[Conference] = [row for row in found if row.removed_at is None]
        self.cancelled = len(found) - len(self.rows)

    @property
    def ids(self) -> list[int]:
        """The keys of all of them."""
        return [row.pk for row in self.rows]

    @cached_property
    def ahead(self) -> list[int]:
        """Those that have not begun, as far as anybody knows."""
        moment = clock.now()
        rows = (row for row in self.rows if row.starts_at and row.starts_at > moment)
        return [row.pk for row in rows if row.gone_at is None]

    @cached_property
    def over(self) -> list[int]:
        """Those that are over and of which it is known who was there."""
        moment = clock.now()
        past = [row.pk for row in self.rows if row.over_at and row.over_at <= moment]
        if not past:
            return []
        seen = Attendance.objects.filter(session=OuterRef("pk"), removed_at=None)
        met = Session.objects.filter(Exists(seen), conference__in=past, removed_at=None)
        known = set(met.values_list("conference", flat=True))
        return [pk for pk in past if pk in known]


def _persons(dates: Dates) -> QuerySet[Any, Any]:
    """The people of some dates, one row each: at how many of them they stand how."""
    here = Q(gone_at=None)
    waits = Q(stage=Stage.INVITED, answer="", conference__in=dates.ahead)
    found = {
        "stands": Registration.LISTED,
        "registered": _STANDS & Q(stage=Stage.REGISTERED),
        "open": _STANDS & here & waits,
        "perhaps": Registration.LISTED & Q(answer=Answer.MAYBE),
        "approvals": _STANDS & here & Q(stage=Stage.APPROVAL, conference__in=dates.ahead),
        "waiting": Registration.ON_WAITING_LIST,
        "declined": Q(removed_at__isnull=False, answer=Answer.NO),
        "due": _STANDS & Q(stage=Stage.REGISTERED, conference__in=dates.over),
    }
    rows = Registration.objects.filter(conference__in=dates.ids).order_by().values("attendee")
    return rows.annotate(**{name: Count("pk", filter=which) for name, which in found.items()})


def _conditions(dates: Dates) -> dict[str, Q]:
    """Which of `_persons` is in each of FILTERS."""
    every = len(dates.ids)
    came = Q(attendee__in=_visits(dates.over).values("attendee"))
    found = {
        "": _HERE,
        "all": Q(),
        "every": Q(registered=every, stands__gt=0),
        "some": Q(registered__gt=0, registered__lt=every),
        "unanswered": Q(open__gt=0),
        "maybe": Q(perhaps__gt=0),
        "approval": Q(approvals__gt=0),
        "waitlisted": Q(waiting__gt=0),
        "no": Q(stands=0, declined__gt=0),
        "withdrawn": Q(stands=0, declined=0),
        "bounced": _HERE & Q(attendee__in=_came_back(dates.ids).values("registration__attendee")),
    }
    none = Q(pk__in=[])
    met = bool(dates.over)
    return found | {
        "attended": _HERE & came if met else none,
        "absent": _HERE & Q(due__gt=0) & ~came if met else none,
    }


def _visits(ids: Iterable[int]) -> QuerySet[Attendance]:
    some = Attendance.objects.filter(session__conference__in=list(ids), removed_at=None)
    return some.filter(attendee__isnull=False, session__removed_at=None).order_by()


def _came_back(ids: Iterable[int]) -> QuerySet[Invitation]:
    """Messages of which the mail server said later that they did not arrive."""
    rows = Invitation.objects.filter(conference__in=list(ids), bounced_at__isnull=False)
    return rows.filter(registration__isnull=False).order_by()


def counts(dates: Dates) -> dict[str, int]:
    """How many people are in each of COUNTERS, in one statement."""
    if not dates.ids:
        return dict.fromkeys([*COUNTERS, "all"], 0)
    asked = {name: which for name, which in _conditions(dates).items() if _can_be(name, dates)}
    numbers = {
        f"n_{name}": Count("attendee", filter=which) if which else Count("attendee")
        for name, which in asked.items()
    }
    found = _persons(dates).aggregate(**numbers)
    return {name: found.get(f"n_{name}", 0) for name in FILTERS}


def _can_be(name: str, dates: Dates) -> bool:
    return bool(dates.over) or name not in ("attended", "absent")


def counters(dates: Dates) -> list[tuple[str, Words, int]]:
    """The same for a page that leads to the people: nothing where nobody was ever invited."""
    numbers = counts(dates)
    return _shown(numbers, "") if numbers["all"] else []


def _shown(numbers: Mapping[str, int], chosen: str) -> list[tuple[str, Words, int]]:
    return [
        (name, words, numbers[name])
        for name, words in COUNTERS.items()
        if numbers[name] or name in ALWAYS or name == chosen
    ]


def asked(params: Mapping[str, str]) -> tuple[str, str]:
    """Search and filter of an address; a filter that does not exist is none."""
    search, chosen = params.get("q", "").strip(), params.get("state", "")
    return search, chosen if chosen in FILTERS else ""


def selected(dates: Dates, params: Mapping[str, str]) -> QuerySet[Attendee]:
    """The people that were asked for, by name."""
    search, chosen = asked(params)
    found = _having(dates, chosen).filter(matching(search))
    return found.order_by("sort_key", "email")


def _having(dates: Dates, chosen: str) -> QuerySet[Attendee]:
    if not dates.ids or not _can_be(chosen, dates):
        return Attendee.objects.none()
    if chosen in ("", "all"):  # no person has to be counted for that
        rows = Registration.objects.filter(conference__in=dates.ids).order_by()
        rows = rows if chosen else rows.filter(_STANDS)
        return Attendee.objects.filter(pk__in=rows.values("attendee"))
    fits = _persons(dates).filter(_conditions(dates)[chosen])
    return Attendee.objects.filter(pk__in=fits.values("attendee"))


def unanswered(dates: Dates) -> QuerySet[Attendee]:
    """Who is invited to a date that lies ahead, and has not answered."""
    return _having(dates, "unanswered")


@dataclass(frozen=True, slots=True)
class Head:
    """One date above the rows: which of all it is, when, and where its own people are."""

    pk: int
    number: int
    day: str
    when: str
    ahead: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One person: how they stand at the dates that are shown, and over all of them."""

    person: Attendee
    marks: Sequence[tuple[int, Mark]]  # with the number of the date
    registered: int
    total: int
    ahead: bool  # whether they take part in a date that has not begun
    bounced: bool


@dataclass(frozen=True, slots=True)
class Table:
    """What the page of a series' people shows."""

    dates: Dates
    page: OfList
    counts: Mapping[str, int]
    search: str
    chosen: str
    begin: int  # how many dates are left out before those that are shown
    rows: list[Row] = field(default_factory=list)

    @property
    def counters(self) -> list[tuple[str, Words, int]]:
        """What is counted: its name in addresses, the words, how many. What is empty is left out,
        unless it says something by being so, or was asked for."""
        return _shown(self.counts, self.chosen)

    @property
    def further(self) -> list[tuple[str, Words]]:
        """What the menu offers beside the counters."""
        return list(FURTHER.items())

    @property
    def ever(self) -> bool:
        """Whether anybody was ever on the list."""
        return bool(self.counts["all"])

    @property
    def heads(self) -> list[Head]:
        """The dates that are shown."""
        shown = self.dates.rows[self.begin : self.begin + DATES_SHOWN]
        return [
            _head(row, number, ahead=row.pk in self.dates.ahead)
            for number, row in enumerate(shown, self.begin + 1)
        ]

    @property
    def query(self) -> str:
        """What was asked for, to stand in links to the same people."""
        wanted = {"q": self.search, "state": self.chosen}
        return urlencode({key: value for key, value in wanted.items() if value})

    @property
    def earlier(self) -> int:
        """The date at which a step back begins, counted from 1; 0 where there is none."""
        return max(1, self.begin + 1 - DATES_SHOWN) if self.begin else 0

    @property
    def later(self) -> int:
        """The same of a step on."""
        following = self.begin + DATES_SHOWN
        return following + 1 if following < len(self.dates.rows) else 0

    @property
    def legend(self) -> list[Mark]:
        """What the marks on this page mean."""
        met = {mark for row in self.rows for _number, mark in row.marks}
        return [mark for mark in MARKS.values() if mark in met and mark.icon]


def _head(row: Conference, number: int, *, ahead: bool) -> Head:
    if row.starts_at is None:
        return Head(row.pk, number, "–", str(row.title), ahead)
    at = row.starts_at.astimezone(zone_of(row))
    return Head(row.pk, number, written(at, SHORT_DAY), written(at, SHORT_OF_YEAR), ahead)


def table(dates: Dates, params: Mapping[str, str]) -> Table:
    """The page of people that an address asks for by `q` (search), `state` (one of FILTERS),
    `page`, and `from` (the first date that is shown)."""
    search, chosen = asked(params)
    numbers = counts(dates)
    counted = None if search else numbers[chosen]
    page = Pages(selected(dates, params), PAGE, counted=counted).get_page(params.get("page"))
    found = Table(dates, page, numbers, search, chosen, _begin(dates, params.get("from", "")))
    found.rows.extend(_rows(dates, list(page), found.begin))
    return found


def _begin(dates: Dates, wanted: str) -> int:
    """How many dates come before those that are shown: as asked, else with the next date among
    them."""
    last = max(0, len(dates.rows) - DATES_SHOWN)
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 6:
        return min(max(0, int(wanted) - 1), last)
    following = dates.ids.index(dates.ahead[0]) if dates.ahead else len(dates.rows)
    return min(max(0, following - 2), last)


def _rows(dates: Dates, people: Sequence[Attendee], begin: int) -> list[Row]:
    ids = [person.pk for person in people]
    states, shown = states_of(dates, ids), dates.ids[begin : begin + DATES_SHOWN]
    back = _came_back(dates.ids).filter(registration__attendee__in=ids)
    bounced = set(back.values_list("registration__attendee", flat=True))
    ahead = set(dates.ahead)
    return [
        Row(
            person,
            [(number, MARKS[theirs.get(pk, "")]) for number, pk in enumerate(shown, begin + 1)],
            registered(theirs),
            len(dates.rows),
            any(pk in ahead and state not in _OUT for pk, state in theirs.items()),
            person.pk in bounced,
        )
        for person in people
        for theirs in (states.get(person.pk, {}),)
    ]


_REGISTERED = frozenset({"registered", "attended", "absent", "gone"})
_OUT = frozenset({"", "no", "withdrawn", "gone"})


def registered(states: Mapping[int, str]) -> int:
    """For how many dates somebody is registered who stands so at each."""
    return sum(state in _REGISTERED for state in states.values())


def states_of(dates: Dates, people: Sequence[int]) -> dict[int, dict[int, str]]:
    """How each of some people stands at each date (both by their keys), in two statements."""
    over, found = set(dates.over), defaultdict[int, dict[int, str]](dict)
    came: set[tuple[int, int]] = set()
    if over:
        visits = _visits(over).filter(attendee__in=people)
        came = set(visits.values_list("attendee", "session__conference").distinct())
    rows = Registration.objects.filter(conference__in=dates.ids, attendee__in=people).order_by()
    left, standing = Registration.LEFT_AT, Registration.STANDING
    columns = ("attendee", "conference", left, "gone_at", standing, "answer")
    for person, date, removed, gone, stage, answer in rows.values_list(*columns):
        if removed:
            state = "no" if answer == Answer.NO else "withdrawn"
        elif (person, date) in came:
            state = "attended"
        elif gone:
            state = "gone"
        elif stage == Stage.REGISTERED:
            state = "absent" if date in over else "registered"
        elif stage == Stage.INVITED:
            state = "maybe" if answer == Answer.MAYBE else "unanswered"
        else:
            state = str(stage)
        found[person][date] = state
    for person, date in came:
        found[person].setdefault(date, "attended")
    return found


@dataclass(slots=True)
class Speaker:
    """Who runs dates of a series that lie ahead: at how many, and the row at the next of them."""

    person: Moderator
    number: int = 0


def speakers(dates: Dates) -> list[Speaker]:
    """Those who run dates that lie ahead, by their address (the platform's own by name)."""
    found: dict[str, Speaker] = {}
    rows = Moderator.objects.filter(conference__in=dates.ahead, removed_at=None, gone_at=None)
    for row in rows.order_by("conference__starts_at", "role", "name", "pk"):
        key = row.email.casefold() or row.name
        found.setdefault(key, Speaker(row)).number += 1
    return list(found.values())


def labels(dates: Dates) -> list[str]:
    """The dates as the columns of a file are called: by the clock of their zone."""
    return [
        f"{at:%Y-%m-%d} {written(at, CLOCK)}" if at else str(row.title)
        for row in dates.rows
        for at in (row.starts_at.astimezone(zone_of(row)) if row.starts_at else None,)
    ]
