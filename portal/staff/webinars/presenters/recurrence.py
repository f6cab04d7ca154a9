"""A rule that repeats, and its dates, in words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from portal.common import zones
from portal.common.dates import CLOCK, DAY_OF_YEAR, FULL_DAY, SHORT_OF_YEAR, written
from portal.conferences import recurrence, repeating, walltime
from portal.conferences.models import Conference
from portal.conferences.recurrence import DAILY, LAST, WEEKLY, Occurrence, Rule
from portal.staff.presenters import words

SHOWN = 5
SHORTEST_MONTH, FIFTH = 28, 5
_NTH = {
    1: pgettext_lazy("weekday of a month", "first"),
    2: pgettext_lazy("weekday of a month", "second"),
    3: pgettext_lazy("weekday of a month", "third"),
    4: pgettext_lazy("weekday of a month", "fourth"),
    5: pgettext_lazy("weekday of a month", "fifth"),
    LAST: pgettext_lazy("weekday of a month", "last"),
}
UNKNOWN = gettext_lazy("On several dates.")


def rule_in_words(text: str, zone: str) -> str:
    """A stored rule as people say it: "Every week on Tuesday. 6 dates"."""
    try:
        rule = recurrence.parse(text, zone)
    except recurrence.UnknownRule:
        return str(UNKNOWN)
    return words.sentences(_how_often(rule), _end(rule))


def _how_often(rule: Rule) -> str:
    n, values = rule.interval, {"count": rule.interval, "days": _days(rule), "day": rule.month_day}
    if rule.every == DAILY:
        said = ngettext("Every day.", "Every %(count)d days.", n)
    elif rule.every == WEEKLY and not rule.days:
        said = ngettext("Every week.", "Every %(count)d weeks.", n)
    elif rule.every == WEEKLY:
        said = ngettext("Every week on %(days)s.", "Every %(count)d weeks on %(days)s.", n)
    elif rule.month_day == LAST:
        said = ngettext(
            "Every month on the last day.", "Every %(count)d months on the last day.", n
        )
    elif rule.month_day:
        said = ngettext("Every month on day %(day)d.", "Every %(count)d months on day %(day)d.", n)
    elif not rule.days or rule.nth not in _NTH:
        said = ngettext("Every month.", "Every %(count)d months.", n)
    else:
        values["nth"] = str(_NTH[rule.nth])
        said = ngettext(
            "Every month on the %(nth)s %(days)s.",
            "Every %(count)d months on the %(nth)s %(days)s.",
            n,
        )
    return said % values


def _days(rule: Rule) -> str:
    return words.listed(str(WEEKDAYS[day]) for day in rule.days)


def _end(rule: Rule) -> str:
    if rule.count:
        return ngettext("%(count)d date.", "%(count)d dates.", rule.count) % {"count": rule.count}
    return _("Until %(day)s.") % {"day": written(rule.until, DAY_OF_YEAR)} if rule.until else ""


def dates(found: Sequence[Occurrence], zone: str, more: int) -> dict[str, Any]:
    """The next dates as the form shows them, with what is odd about one, and how many follow;
    `more` is how many there are in all, where they have an end."""
    some = list(found[: SHOWN + 1])
    changes = recurrence.offset_changes(some, zone)
    items = [
        {"when": moment(one, zone), "note": _note(one, zone, change)}
        for one, change in zip(some[:SHOWN], changes, strict=False)
    ]
    return {"items_of": items, "more": max(0, more - SHOWN), "last": last(found, zone)}


def remarks(rule: Rule | None, found: Sequence[Occurrence], asked: datetime) -> list[str]:
    """What somebody may not expect of the dates of a rule that begins on a day (by the clock)."""
    if rule is None or not found:
        return []
    said = []
    if found[0].wall.date() != asked.date():
        text = _("%(day)s is none of these days: it begins on %(first)s.")
        days = {"day": asked, "first": found[0].wall}
        said.append(text % {name: written(day, FULL_DAY) for name, day in days.items()})
    if rule.month_day > SHORTEST_MONTH:
        text = _("Months without a day %(day)d are left out. The last day is a choice of its own.")
        said.append(text % {"day": rule.month_day})
    elif rule.nth == FIFTH:
        text = _("Months without a fifth %(weekday)s are left out. The last one is a choice too.")
        said.append(text % {"weekday": str(WEEKDAYS[rule.days[0]])})
    return said


def last(found: Sequence[Occurrence], zone: str) -> str:
    """The last of them; empty where there is none."""
    return moment(found[-1], zone) if found else ""


def moment(one: Occurrence, zone: str) -> str:
    """A date by the clock of its zone."""
    return written(at_clock(one.at, zone), SHORT_OF_YEAR)


def _note(one: Occurrence, zone: str, change: bool) -> str:
    values = {
        "time": written(one.wall, CLOCK),
        "later": written(at_clock(one.at, zone), CLOCK),
        "distance": walltime.offset(one.at, zone),
    }
    said = ""
    if one.left_out:
        said = _("The clocks go forward and leave %(time)s out: it starts at %(later)s that day.")
    elif one.twice:
        said = _("The clocks go back and %(time)s comes twice: this is the one at %(distance)s.")
    elif change:
        said = _("The clocks have changed: from here on %(distance)s.")
    return said % values


def weekly_dates(conference: Conference) -> dict[str, Any]:
    """What the page of one that repeats shows of that; empty for any other."""
    if repeating.kept(conference):
        zone = zones.zone(conference.timezone).key
        coming = repeating.ahead(conference)
        return {
            "said": repeating.in_words(conference),
            "zone": zone,
            "note": "",
            "dates": [written(at_clock(at, zone), SHORT_OF_YEAR) for at in coming[:SHOWN]],
            "kept": True,
        }
    if not (said := repeating.in_words(conference)):
        return {}
    zone, sure = repeating.clock_of(conference)
    note = ""
    if not sure:
        note = _(
            "The time zone of the server is not known here: after a change of clocks, dates may "
            "lie an hour off. An administrator can set it for the account."
        )
    return {
        "said": said,
        "zone": zone,
        "note": note,
        "dates": [
            written(at_clock(at, zone), SHORT_OF_YEAR)
            for at in repeating.next_starts(conference, SHOWN)
        ],
    }


def listed_dates(conference: Conference, dates: Sequence[datetime]) -> dict[str, Any]:
    """The same of one of which its platform lists several dates; empty for any other."""
    if len(dates) < 2:
        return {}
    zone = zones.zone(conference.timezone).key
    said = ngettext("It has %(count)d coming date", "It has %(count)d coming dates", len(dates)) % {
        "count": len(dates)
    }
    shown = [written(at_clock(at, zone), SHORT_OF_YEAR) for at in dates[:SHOWN]]
    return {"said": said, "zone": zone, "note": "", "dates": shown, "listed": True}


def at_clock(at: datetime, zone: str) -> datetime:
    """An instant by the clock of a zone."""
    return at.astimezone(ZoneInfo(zone))
