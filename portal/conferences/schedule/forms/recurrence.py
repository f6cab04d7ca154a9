"""Whether and how a webinar repeats: the folded part of the schedule form."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.common import clock
from portal.common.dates import SHORT_OF_YEAR, written
from portal.conferences import recurrence, repeating, rules
from portal.conferences.recurrence import DAILY, LAST, MONTHLY, MOST_DATES, WEEKLY, Occurrence, Rule
from portal.conferences.schedule.forms.moment import Moment
from portal.conferences.walltime import wall
from portal.platforms.models import PlatformAccount

NEVER = ""
# One webinar for each date; one room that the platform repeats by itself, every week; or one that
# is always there, of which Lectern keeps the dates.
EACH, ROOM, PERMANENT = "each", "room", "permanent"
SAME_DAY, LAST_DAY, NTH, LAST_WEEKDAY = "day", "last day", "weekday", "last weekday"
PREFIX = "repeat"
# What says on which days it takes place, whenever it ends.
_OF_DATES = {"repeats", "interval", "days", "monthly"}


class RecurrenceForm(forms.Form):
    """The rule as people say it. Its first date, the zone and the clock are the form's it is in."""

    repeats = forms.ChoiceField(
        label=gettext_lazy("How often"),
        choices=(
            (NEVER, gettext_lazy("It takes place once")),
            (DAILY, gettext_lazy("Daily")),
            (WEEKLY, gettext_lazy("Weekly")),
            (MONTHLY, gettext_lazy("Monthly")),
        ),
        required=False,
    )
    interval = forms.IntegerField(
        label=gettext_lazy("Every so many days, weeks or months"),
        min_value=1,
        max_value=recurrence.MOST_INTERVAL,
        initial=1,
        required=False,
    )
    days = forms.MultipleChoiceField(
        label=gettext_lazy("Weekly: on these days"),
        choices=[(str(number), name) for number, name in WEEKDAYS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Without a tick, on the day of the first date."),
    )
    monthly = forms.ChoiceField(
        label=gettext_lazy("Monthly: on"),
        choices=(
            (SAME_DAY, gettext_lazy("the same day of the month, such as the 15th")),
            (NTH, gettext_lazy("the same weekday, such as the second Tuesday")),
            (LAST_WEEKDAY, gettext_lazy("the last of this weekday, such as the last Friday")),
            (LAST_DAY, gettext_lazy("the last day of the month")),
        ),
        required=False,
    )
    count = forms.IntegerField(
        label=gettext_lazy("How many dates"), min_value=2, max_value=MOST_DATES, required=False
    )
    until = forms.DateField(
        label=gettext_lazy("or until"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"],
        error_messages={"invalid": gettext_lazy("Please enter a date such as 2026-11-30.")},
        required=False,
    )

    shape = forms.ChoiceField(
        label=gettext_lazy("As"), widget=forms.RadioSelect, required=False, initial=EACH
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        account: PlatformAccount,
        typed: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, prefix=PREFIX, use_required_attribute=False)
        self.dates: list[Occurrence] = []
        self.rule: Rule | None = None
        # What one room that the platform repeats by itself is made with.
        self.room: dict[str, Any] = {}
        self.account = account
        self._offer_shapes()
        if typed is not None:
            self.initial = {
                name: field.widget.value_from_datadict(typed, {}, self.add_prefix(name))
                for name, field in self.fields.items()
                if self.add_prefix(name) in typed
            }

    def _offer_shapes(self) -> None:
        """One room for all dates, where the account's platform has such rooms."""
        platform = {"platform": self.account.platform_name}
        offered = [(EACH, _("One webinar for each date"))]
        if self.account.capabilities.weekly is not None:
            said = _("One weekly room on %(platform)s, with one link for all dates")
            offered.append((ROOM, said % platform))
        if not rules.reason_off(self.account, "permanent", on_update=False):
            said = _("One permanent room on %(platform)s, with one link for all dates")
            offered.append((PERMANENT, said % platform))
        if len(offered) == 1:
            del self.fields["shape"]
            return
        self.fields["shape"].choices = offered  # type: ignore[attr-defined]
        if offered[-1][0] == PERMANENT:
            self.fields["shape"].help_text = (
                _("%(platform)s knows no dates of a permanent room: Lectern keeps them.") % platform
            )

    @property
    def chosen(self) -> bool:
        """Whether it repeats at all, as far as it was typed."""
        return self["repeats"].value() in (DAILY, WEEKLY, MONTHLY)

    @property
    def permanent(self) -> bool:
        """Whether one permanent room is to be there for all dates."""
        return getattr(self, "cleaned_data", {}).get("shape") == PERMANENT and self.ends

    @property
    def ends(self) -> bool:
        """Whether the rule has an end."""
        return self.rule is not None and bool(self.rule.count or self.rule.until)

    def clean(self) -> dict[str, Any]:
        """It ends after so many dates or on a day."""
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("repeats"):
            # What was typed into the rest says nothing.
            for name in [name for name in self.errors if name != "repeats"]:
                del self.errors[name]
            return cleaned
        if self.errors.keys() & {"count", "until"}:
            return cleaned
        if cleaned.get("shape") == ROOM:
            self._check_room(cleaned)
            return cleaned
        if cleaned.get("count") and cleaned.get("until"):
            self.add_error("until", _("Say how many dates or until when, not both."))
        elif not cleaned.get("count") and not cleaned.get("until"):
            self.add_error("count", _("Say how many dates, or until when it goes on."))
        return cleaned

    def _check_room(self, cleaned: Mapping[str, Any]) -> None:
        """A platform repeats every week, without an end, by the clock of its server."""
        platform = {"platform": self.account.platform_name}
        if cleaned["repeats"] != WEEKLY or cleaned.get("interval") not in (1, None):
            said = _("Only what takes place every week can be one room on %(platform)s.")
            self.add_error("shape", said % platform)
        elif cleaned.get("count") or cleaned.get("until"):
            said = _(
                "%(platform)s repeats its room every week until it is cancelled: leave this empty."
            )
            self.add_error("count" if cleaned.get("count") else "until", said % platform)
        elif not repeating.server_zone(self.account):
            self.add_error(
                "shape",
                _(
                    "The time zone of the server is not known. An administrator can set it for "
                    "the account; until then, choose one webinar for each date."
                ),
            )

    def find(self, moment: Moment | None) -> list[Occurrence]:
        """The dates from a first moment on, with errors where there are none, or too many. Call
        `is_valid` before."""
        given = getattr(self, "cleaned_data", {})
        if not given.get("repeats") or moment is None or self.errors.keys() & _OF_DATES:
            return []
        first = wall(moment.instant, moment.zone)
        rule = _rule(given, first)
        second = moment.twice and moment.instant == moment.choices[-1]
        found = recurrence.expand(rule, first, moment.zone, second=second)
        self.dates = found[:MOST_DATES]
        if given.get("shape") == ROOM:
            if not self.errors and found:
                self._find_room(rule, found, moment.zone)
            return self.dates
        if not self.errors:
            self._check(rule, found)
        self.rule = rule
        return self.dates

    def _find_room(self, rule: Rule, found: list[Occurrence], zone: str) -> None:
        """A platform begins a weekly room with the next of its days, whatever date is given."""
        today = datetime.combine(wall(clock.now(), zone).date(), found[0].wall.time())
        coming = (one for one in recurrence.expand(rule, today, zone) if one.at > clock.now())
        soonest = next(coming, found[0])
        if soonest.at < found[0].at:
            said = _(
                "%(platform)s begins a weekly room with the next of its days, %(date)s. Choose "
                "that date, or one webinar for each date."
            )
            date = written(soonest.wall, SHORT_OF_YEAR)
            values = {"platform": self.account.platform_name, "date": date}
            self.add_error("shape", said % values)
            return
        starts = [one.at for one in found[: max(1, len(rule.days))]]
        self.room = repeating.room_of(self.account, starts)

    def _check(self, rule: Rule, found: list[Occurrence]) -> None:
        named = "count" if rule.count else "until"
        if len(found) > MOST_DATES:
            said = _("That is more than %(most)s dates. Let it end earlier.")
            self.add_error(named, said % {"most": MOST_DATES})
        elif rule.count and len(found) < rule.count:
            said = ngettext(
                "Within three years there is %(count)d such date. Choose other days.",
                "Within three years there are %(count)d such dates. Let it end earlier.",
                len(found),
            )
            self.add_error(named, said % {"count": len(found)})
        elif rule.until and found and rule.until - found[0].wall.date() > recurrence.LONGEST:
            self.add_error(named, _("A series can go on for three years. Let it end earlier."))
        elif len(found) < 2:
            self.add_error(named, _("Until then it would take place once at most."))

    def refuse(self, why: str) -> None:
        """Say why it cannot repeat."""
        if self.chosen:
            self.add_error("repeats", why)


def _rule(given: Mapping[str, Any], first: datetime) -> Rule:
    """The rule that was chosen; one without an end goes on as long as one may."""
    count, until = given.get("count"), given.get("until")
    end: dict[str, Any] = {"count": count} if count else {"until": until}
    every, interval = given["repeats"], given.get("interval") or 1
    if every == WEEKLY:
        days = tuple(sorted({int(day) for day in given.get("days") or [first.weekday()]}))
        return Rule(every, interval, days, **end)
    if every == MONTHLY:
        return Rule(every, interval, **_in_month(given.get("monthly"), first), **end)
    return Rule(every, interval, **end)


def _in_month(chosen: str | None, first: datetime) -> dict[str, Any]:
    if chosen == LAST_DAY:
        return {"month_day": LAST}
    if chosen == NTH:
        return {"days": (first.weekday(),), "nth": recurrence.week_of_month(first)}
    if chosen == LAST_WEEKDAY:
        return {"days": (first.weekday(),), "nth": LAST}
    return {"month_day": first.day}
