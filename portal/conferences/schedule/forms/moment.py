"""When a conference starts: zone, date, clock and, once a year, which of two."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.utils.formats import date_format

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

    timezone = forms.ChoiceField(label="Time zone")
    date = forms.DateField(
        label="Date",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"],
        error_messages={"invalid": "Please enter a date such as 2026-11-30."},
    )
    time = forms.TimeField(
        label="Start",
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        input_formats=["%H:%M", "%H:%M:%S", "%H.%M"],
        error_messages={"invalid": "Please enter a time such as 14:30."},
    )
    fold = forms.ChoiceField(
        label="This time comes twice that day. Which one?",
        choices=((FIRST, "The first"), (SECOND, "The second")),
        widget=forms.RadioSelect,
        required=False,
        initial=FIRST,
    )
    duration_minutes = forms.IntegerField(
        label="Length in minutes", min_value=1, max_value=LONGEST_MINUTES
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
            raise forms.ValidationError(f"Please choose a year from {low} to {high}.")
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
                self.add_error("time", "Please say at what time.")
            if clock and "date" not in self.errors:
                self.add_error("date", "Please say on which day.")
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
                self.add_error("fold", "Please choose, then save again.")
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


def gap_sentence(wall: datetime, zone: str) -> str:
    """Why a clock time does not exist, and the next one that does."""
    following = walltime.after_gap(wall, zone)
    day = date_format(wall, "j F Y", use_l10n=False)
    place = zone.rsplit("/", 1)[-1].replace("_", " ")
    later = f"{following:%H:%M}"
    if following.date() != wall.date():
        later += date_format(following, " \\o\\n j F", use_l10n=False)
    return (
        f"On {day} the clocks in {place} go forward, and {wall:%H:%M} is left out. "
        f"The next time that exists is {later}."
    )


def fold_choices(choices: list[datetime], zone: str) -> list[tuple[str, str]]:
    """Both instants of a doubled clock time, by their distance from UTC."""
    words = ((FIRST, "The first", choices[0]), (SECOND, "The second", choices[1]))
    return [
        (value, f"{word}, {walltime.offset(at, zone)} ({at.astimezone(UTC):%H:%M} UTC)")
        for value, word, at in words
    ]
