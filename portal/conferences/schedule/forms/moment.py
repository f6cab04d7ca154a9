"""When a conference starts: zone, date, clock and, once a year, which of two."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.common.dates import CLOCK, DAY, DAY_OF_YEAR, written
from portal.common.forms import LongSelect
from portal.conferences import walltime
from portal.conferences.models import Conference

FIRST, SECOND = "first", "second"
LONGEST_MINUTES = 31 * 24 * 60


@dataclass(frozen=True, slots=True)
class Moment:
    """The instant that was asked for (UTC), and whether its clock time comes twice that day."""

    instant: datetime
    zone: str
    choices: tuple[datetime, ...]

    @property
    def twice(self) -> bool:
        return len(self.choices) == 2


class MomentFields(forms.Form):
    """The time part of a form."""

    timezone = forms.ChoiceField(label=gettext_lazy("Time zone"), widget=LongSelect)
    date = forms.DateField(
        label=gettext_lazy("Date"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"],
        error_messages={"invalid": gettext_lazy("Please enter a date such as 2026-11-30.")},
    )
    time = forms.TimeField(
        label=gettext_lazy("Start"),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        input_formats=["%H:%M", "%H:%M:%S", "%H.%M"],
        error_messages={"invalid": gettext_lazy("Please enter a time such as 14:30.")},
    )
    fold = forms.ChoiceField(
        label=gettext_lazy("This time comes twice that day. Which one?"),
        choices=((FIRST, gettext_lazy("The first")), (SECOND, gettext_lazy("The second"))),
        widget=forms.RadioSelect,
        required=False,
        initial=FIRST,
    )
    duration_minutes = forms.IntegerField(
        label=gettext_lazy("Length in minutes"), min_value=1, max_value=LONGEST_MINUTES
    )

    @staticmethod
    def shown(conference: Conference) -> dict[str, Any]:
        """The start of a conference as these fields show it."""
        if conference.starts_at is None:
            return {"timezone": conference.timezone}
        at = walltime.wall(conference.starts_at, conference.timezone)
        second = walltime.is_second(conference.starts_at, conference.timezone)
        return {
            "timezone": conference.timezone,
            "date": at.date(),
            "time": at.time(),
            "fold": SECOND if second else FIRST,
        }

    def clean_date(self) -> Any:
        """A year that calendars and platforms can work with."""
        day = self.cleaned_data["date"]
        if day and not walltime.FIRST_YEAR <= day.year <= walltime.LAST_YEAR:
            low, high = walltime.FIRST_YEAR, walltime.LAST_YEAR
            raise forms.ValidationError(
                _("Please choose a year from %(low)s to %(high)s.") % {"low": low, "high": high}
            )
        return day

    def read_moment(
        self, cleaned: Mapping[str, Any], conference: Conference | None
    ) -> Moment | None:
        """The instant, with errors beside the fields where there is none, or a doubtful one."""
        day, clock, zone = cleaned.get("date"), cleaned.get("time"), cleaned.get("timezone")
        if cleaned.get("permanent") or not zone or self.fields["time"].disabled:
            return None
        if day is None or clock is None:
            if day and "time" not in self.errors:
                self.add_error("time", _("Please say at what time."))
            if clock and "date" not in self.errors:
                self.add_error("date", _("Please say on which day."))
            return None
        return self._found(datetime.combine(day, clock), zone, conference)

    def _found(self, wall: datetime, zone: str, conference: Conference | None) -> Moment | None:
        choices = walltime.instants(wall, zone)
        if not choices:
            self.add_error("time", gap_sentence(wall, zone))
            return None
        chosen = self.data.get("fold")
        if len(choices) == 2:
            self.fields["fold"].choices = fold_choices(choices, zone)  # type: ignore[attr-defined]
            if chosen not in (FIRST, SECOND):
                self.add_error("fold", _("Please choose, then save again."))
        moment = choices[-1] if chosen == SECOND else choices[0]
        return Moment(_kept_seconds(moment, conference), zone, tuple(choices))


def _kept_seconds(moment: datetime, conference: Conference | None) -> datetime:
    """The clock shows minutes: seconds that a platform set are not changed by saving the form."""
    held = conference.starts_at if conference else None
    same = held is not None and held.replace(second=0, microsecond=0) == moment
    return held if same and held is not None else moment


def day_of(text: str) -> date | None:
    """A day as an address names it ("2026-11-30"), where it is one that the form would take."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if walltime.FIRST_YEAR <= day.year <= walltime.LAST_YEAR else None


def clock_of(text: str) -> time | None:
    """A clock time as an address names it ("14:30")."""
    try:
        found = time.fromisoformat(text)
    except ValueError:
        return None
    return found.replace(second=0, microsecond=0, tzinfo=None)


def gap_sentence(wall: datetime, zone: str) -> str:
    """Why a clock time does not exist, and the next one that does."""
    following = walltime.after_gap(wall, zone)
    values = {
        "day": written(wall, DAY_OF_YEAR),
        "place": zone.rsplit("/", 1)[-1].replace("_", " "),
        "time": written(wall, CLOCK),
        "later": written(following, CLOCK),
        "later_day": written(following, DAY),
    }
    if following.date() == wall.date():
        return (
            _(
                "On %(day)s the clocks in %(place)s go forward, and %(time)s is left out. "
                "The next time that exists is %(later)s."
            )
            % values
        )
    return (
        _(
            "On %(day)s the clocks in %(place)s go forward, and %(time)s is left out. "
            "The next time that exists is %(later)s on %(later_day)s."
        )
        % values
    )


def fold_choices(choices: list[datetime], zone: str) -> list[tuple[str, str]]:
    """Both instants of a doubled clock time, by their distance from UTC."""
    words = ((FIRST, _("The first"), choices[0]), (SECOND, _("The second"), choices[1]))
    return [
        (value, f"{word}, {walltime.offset(at, zone)} ({at.astimezone(UTC):%H:%M} UTC)")
        for value, word, at in words
    ]
