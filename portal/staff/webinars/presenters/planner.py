"""The planner: a week of hours, and a timeline of accounts or of those who speak."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from integrations.base.records import Kind
from portal.common.dates import CLOCK, DAY_OF_WEEK, FULL_DAY, SHORT_DAY_OF_YEAR, written
from portal.common.templatetags._show import appearance
from portal.conferences import rules
from portal.conferences.models import Conference
from portal.conferences.schedule import queries
from portal.conferences.schedule.forms.filters import ACCOUNTS, DAY, SPEAKERS, TIMELINE, WEEK
from portal.conferences.schedule.forms.moment import day_of
from portal.conferences.schedule.services.clashes import most_at_once
from portal.identity import roles
from portal.platforms import queries as platforms
from portal.platforms.models import PlatformAccount
from portal.staff.webinars.presenters import layout
from portal.staff.webinars.presenters.layout import Block
from portal.staff.webinars.presenters.month import today, with_query
from portal.staff.webinars.presenters.move import reason_against_moving
from portal.staff.webinars.presenters.room_dates import stamp
from portal.sync import queries as sync

A_WEEK = timedelta(days=7)  # what repeats each week is over before it begins again
MOST_SHOWN = 100  # webinars on one page; a page of more could not be read
MOST_LINES = 40  # accounts or speakers below each other
FEW_LINES = 12  # up to so many, each cell of a week has its own plus
MOST_LANES = 8  # of a line: there is room below
STATE = Conference.State
# What of a webinar's copy on its platform somebody has to look at.
TROUBLE = frozenset({"conflict", "failed", "held", "gone_there"})


@dataclass(frozen=True, slots=True)
class Days:
    """The days that are shown."""

    first: date
    number: int

    @classmethod
    def read(cls, query: Mapping[str, str], view: str, span: str) -> "Days":
        """The week, or the one day, of the day that the address names; else of today."""
        day = day_of(query.get("day", "")) or today()
        if view == TIMELINE and span == DAY:
            return cls(day, 1)
        return cls(day - timedelta(days=day.weekday()), 7)

    @property
    def last(self) -> date:
        return self.first + timedelta(days=self.number - 1)

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range(self.number)]

    def __str__(self) -> str:
        if self.number == 1:
            return written(self.first, FULL_DAY)
        days = {
            "first": written(self.first, DAY_OF_WEEK),
            "last": written(self.last, SHORT_DAY_OF_YEAR),
        }
        return _("%(first)s to %(last)s") % days

    def navigation(self, query: QueryDict) -> dict[str, str]:
        """Links to the days before, those after, and to today."""
        step = timedelta(days=self.number)
        week = self.number > 1
        return {
            "earlier": with_query(query, day=(self.first - step).isoformat()),
            "later": with_query(query, day=(self.first + step).isoformat()),
            "today": with_query(query, day=today().isoformat()),
            "earlier_label": _("Earlier week") if week else _("Earlier day"),
            "later_label": _("Later week") if week else _("Later day"),
        }


class Planner:
    """All that a week or a timeline shows; reads the rows once, in a fixed number of queries."""

    def __init__(
        self, query: QueryDict, view: str, chosen: Mapping[str, Any], user: User, address: str
    ) -> None:
        self.view, self.chosen, self.address = view, chosen, address
        self.span = chosen.get("span") or WEEK
        self.by = chosen.get("rows") or ACCOUNTS
        self.days = Days.read(query, view, self.span)
        self.may_act = roles.may(user, roles.STAFF)
        self.accounts = {one.pk: one for one in sync.all_accounts()}
        found = list(queries.running(self.days.first, self.days.last, chosen)[: MOST_SHOWN + 1])
        repeating = self._add_repeats(found)
        self.more, self.found = len(found) > MOST_SHOWN, found[:MOST_SHOWN]
        for row in self.found:
            row.account = self.accounts[row.account_id]
        lines = sync.lines({Kind.CONFERENCE: self.found}, self.accounts.values())
        self.marks = lines[Kind.CONFERENCE]
        self.closed = {
            one.pk
            for one in self.accounts.values()
            if rules.reason_against(one, Kind.CONFERENCE, "create")
        }
        self.repeating = repeating
        self.blocks = [block for row in self.found for block in self._cut(row)]
        self.from_hour, self.to_hour = layout.hours(self.blocks)

    def _add_repeats(self, found: list[Any]) -> set[int]:
        """Add the further dates of what repeats; answers whose those are. One that a platform
        repeats cannot be moved: it knows the rule alone. Those that began on a day before and still
        run on the first one belong to it as well."""
        first, last = self.days.first - A_WEEK, self.days.last
        again = queries.with_repeats((), first, last, self.chosen)
        span, wanted = queries.span_of(first, last), queries.meant(self.chosen)
        begin, added = queries.midnight(self.days.first), []
        dated: list[Any] = sync.with_listed_dates(again, *span, wanted)
        for row in dated:
            row.end = row.over_at
            if row.starts_at >= begin or row.end > begin:
                added.append(row)
        found.extend(added)
        found.sort(key=lambda row: (row.starts_at, row.pk))
        return {row.pk for row in added}

    def _cut(self, row: Any) -> Iterable[Block]:
        start, end = timezone.localtime(row.starts_at), timezone.localtime(row.end)
        return layout.blocks(row, start, end, self.days.first, self.days.last)

    def _move_url(self, row: Conference) -> str:
        """Where it is moved; empty where it cannot be, or is over and done with."""
        over = row.state in (STATE.ENDED, STATE.LIVE, STATE.CANCELLED)
        if not self.may_act or over:
            return ""
        if row.permanent and row.starts_at and not rules.reason_frozen(row):
            return reverse("staff:room-date-move", args=[row.pk, stamp(row.starts_at)])
        if row.pk in self.repeating or reason_against_moving(row):
            return ""
        return reverse("staff:conference-reschedule", args=[row.pk])

    @property
    def back(self) -> str:
        """What a move's address carries, so that it leads back here."""
        return urlencode({"next": self.address})

    @property
    def by_speaker(self) -> bool:
        return self.by == SPEAKERS

    @property
    def hours(self) -> list[str]:
        """The hours at the side, or on top."""
        return [f"{hour:02d}:00" for hour in range(self.from_hour, self.to_hour)]

    @property
    def hour_count(self) -> int:
        return self.to_hour - self.from_hour

    def week(self) -> list[dict[str, Any]]:
        """Days with their blocks side by side."""
        on: dict[date, list[Block]] = defaultdict(list)
        for block in self.blocks:
            on[block.day].append(block)
        account = self.chosen.get("account")
        chosen = account.pk if account else None
        return [
            {"more": layout.side_by_side(on[day]), "schedule_url": self.schedule_on(day, chosen)}
            | self._day(day, on[day])
            for day in self.days.days
        ]

    def _day(self, day: date, some: Sequence[Block]) -> dict[str, Any]:
        """A day with its blocks. An empty one is left out on narrow screens."""
        names = {"today": day == today(), "only-wide": not some}
        return {
            "date": day,
            "today": names["today"],
            "name": written(day, DAY_OF_WEEK),
            "classes": " ".join(name for name, has in names.items() if has),
            "items": [self.item(one) for one in _in_order(some)],
            "more_url": _list_of(day),
        }

    def lines(self) -> list[dict[str, Any]]:
        """Accounts, or speakers, below each other, each with its days."""
        named = self._by_speaker() if self.by == SPEAKERS else self._by_account()
        self.lines_left_out = max(0, len(named) - MOST_LINES)
        plus = self.span == DAY or len(named) <= FEW_LINES
        return [self._line(*one, plus=plus) for one in named[:MOST_LINES]]

    def _by_account(self) -> list[tuple[str, str, int | None, list[Block]]]:
        on: dict[int, list[Block]] = defaultdict(list)
        for block in self.blocks:
            on[block.row.account_id].append(block)
        return [
            (one.label, self._capacity(one, on[one.pk]), one.pk, on[one.pk])
            for one in sorted(self.accounts.values(), key=lambda one: one.label.casefold())
            if self._is_meant(one)
        ]

    def _is_meant(self, account: PlatformAccount) -> bool:
        chosen, platform = self.chosen.get("account"), self.chosen.get("platform")
        return (not chosen or chosen.pk == account.pk) and platform in (None, account.platform)

    def _capacity(self, account: PlatformAccount, some: Sequence[Block]) -> str:
        """How many it can run at once, as a note; empty where nobody knows."""
        known = platforms.capacity(account)
        return known.words if known.rooms is not None else ""

    def _by_speaker(self) -> list[tuple[str, str, int | None, list[Block]]]:
        speaking = queries.speakers(self.found)
        on: dict[str, list[Block]] = defaultdict(list)
        names: dict[str, str] = {}
        for block in self.blocks:
            for email, name in speaking.get(block.row.pk) or [("", "")]:
                # Each line lays out blocks of its own.
                on[email].append(Block(block.row, block.day, block.at, block.quarters, block.begun))
                names.setdefault(email, name)
        ordered = sorted(on, key=lambda email: (not email, names[email].casefold(), email))
        return [
            (names[one] or _("Nobody yet"), one if names[one] != one else "", None, on[one])
            for one in ordered
        ]

    def _line(
        self, name: str, note: str, account: int | None, some: list[Block], *, plus: bool
    ) -> dict[str, Any]:
        at: dict[date, list[Block]] = defaultdict(list)
        for block in some:
            at[block.day].append(block)
        cells = []
        for day in self.days.days:
            left_out = layout.side_by_side(at[day], MOST_LANES) if self.span == DAY else 0
            url = self.schedule_on(day, account) if account and plus else ""
            cells.append({"more": left_out, "schedule_url": url} | self._day(day, at[day]))
        over = self._too_many(account, some)
        return {"name": name, "note": note, "cells": cells, "over": over}

    def _too_many(self, account: int | None, some: Sequence[Block]) -> str:
        """Where more would run at once than an account can."""
        rooms = platforms.capacity(self.accounts[account]).rooms if account else None
        if rooms is None:
            return ""
        rows = {one.row.pk: one.row for one in some}.values()
        most = most_at_once(
            (row.starts_at, row.end)
            for row in rows
            if not (row.draft or row.removed_at or row.gone_at) and row.end > row.starts_at
        )
        return _("%(count)d at the same time") % {"count": most} if most > rooms else ""

    def item(self, block: Block) -> dict[str, Any]:
        """One block as its template wants it; `place` and `look` are classes."""
        row, mark, move = block.row, self.marks[block.row.pk], self._move_url(block.row)
        start, end = timezone.localtime(row.starts_at), timezone.localtime(row.end)
        troubled = mark.state in TROUBLE and not row.removed_at
        state, at = appearance(row.state), block.at - self.from_hour * 4
        place = [f"at-{at}", f"for-{block.quarters}", f"lane-{block.lane}", f"of-{block.lanes}"]
        # Where there is no room for it, it stands in the list of narrow screens alone.
        if not block.lane and (self.view == WEEK or self.span == DAY):
            place.append("only-narrow")
        note = [] if self.view == TIMELINE and not self.by_speaker else [row.account.label]
        if row.state != STATE.SCHEDULED:
            note.append(f"({state.word})")
        return {
            "title": row.title,
            "url": reverse("staff:conference", args=[row.pk]),
            "move": move,
            "lifts": move and not block.begun,
            "start": written(start, CLOCK),
            "until": written(end, CLOCK),
            "look": f"kind-{state.kind} {row.state}",
            "trouble": appearance(mark.state, "sync").word if troubled else "",
            "note": " ".join(note),
            "live": row.state == STATE.LIVE,
            "at": at,
            "place": " ".join(place),
        }

    def schedule_on(self, day: date, account: int | None) -> str:
        """The form with that day and account filled in; nothing for a day that is over, or where
        the platform takes no webinar."""
        if day < today() or not self.may_act or account in self.closed:
            return ""
        query = {"date": day.isoformat()} | ({"account": account} if account else {})
        return f"{reverse('staff:schedule')}?{urlencode(query)}"

    def switches(self, query: QueryDict) -> list[dict[str, Any]]:
        """One day or a week; accounts or speakers."""

        def link(label: str, active: bool, **changes: str) -> dict[str, Any]:
            return {"label": label, "url": with_query(query, **changes), "active": active}

        day = today() if self.days.first <= today() <= self.days.last else self.days.first
        spans = [
            link(_("Day"), self.span == DAY, span=DAY, day=day.isoformat()),
            link(_("Week"), self.span == WEEK, span=WEEK),
        ]
        rows = [
            link(_("Accounts"), self.by == ACCOUNTS, rows=ACCOUNTS),
            link(_("Speakers"), self.by == SPEAKERS, rows=SPEAKERS),
        ]
        return [{"label": _("Length of time"), "items": spans}, {"label": _("Rows"), "items": rows}]


def _in_order(some: Sequence[Block]) -> list[Block]:
    """As they are read, one after the other."""
    return sorted(some, key=lambda one: (one.at, one.lane, one.row.pk))


def _list_of(day: date) -> str:
    query = urlencode({"since": day.isoformat(), "until": day.isoformat(), "state": "any"})
    return f"{reverse('staff:conferences')}?{query}"
