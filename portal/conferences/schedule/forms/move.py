"""Another time for a conference, and nothing else."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from portal.common.errors import NotPossible
from portal.common.forms import put_refusal
from portal.conferences import rules, walltime
from portal.conferences.fields import differing
from portal.conferences.models import Conference
from portal.conferences.schedule.forms import platform_fields
from portal.conferences.schedule.forms.conference import ASKED_AS, HiddenNumber, zone_choices
from portal.conferences.schedule.forms.moment import FIRST, SECOND, Moment, MomentFields
from portal.conferences.schedule.services import schedule as scheduling


class TimeForm(MomentFields):
    """Zone, day and clock; `version` is that of the row as it was shown."""

    duration_minutes = None  # type: ignore[assignment]  # how Django takes a field away
    version = HiddenNumber(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, data: Mapping[str, Any] | None, conference: Conference) -> None:
        initial = MomentFields.shown(conference) | {"version": conference.version}
        super().__init__(data, initial=initial, use_required_attribute=False)
        self.conference, self.the_account = conference, conference.account
        self.on_update = not conference.draft
        self.moment: Moment | None = None
        self.fields["timezone"].choices = zone_choices(conference.timezone)  # type: ignore[attr-defined]
        platform_fields.follow(self, "time", "starts_at")
        for name in ("date", "fold"):
            platform_fields.copy_state(self, "time", name)
        if reason := rules.reason_off(self.the_account, "timezone", on_update=self.on_update):
            platform_fields.switch_off(self.fields["timezone"], reason)

    def clean(self) -> dict[str, Any]:
        """Find the instant, and ask what stands against it."""
        cleaned = super().clean() or self.cleaned_data
        self.moment = self.read_moment(cleaned, self.conference)
        if self.moment is None:
            return cleaned
        found = {} if self.conference.draft else self._problems()
        if found:
            refusal = NotPossible(" ".join(text for some in found.values() for text in some), found)
            put_refusal(self, refusal, named=lambda name: ASKED_AS.get(name, name))
        return cleaned

    def _problems(self) -> dict[str, list[str]]:
        return scheduling.problems(self.the_account, self.values, self.conference)

    @property
    def values(self) -> dict[str, Any]:
        """Canonical values, as far as they could be read."""
        if self.moment is None:
            return {}
        found: dict[str, Any] = {"starts_at": self.moment.instant}
        if not self.fields["timezone"].disabled:
            found["timezone"] = self.moment.zone
        return found

    @property
    def changed(self) -> dict[str, Any]:
        """What of them is not as it is held."""
        return differing(self.conference, self.values)


def at(conference: Conference, day: date, clock: time | None) -> dict[str, str]:
    """What the form holds for a day and a clock time of the viewer's: the same moment by the
    conference's own zone. Without a clock time it stays what it is. A time that the viewer's clock
    leaves out is kept as it was asked for, so that the form says what is wrong with it."""
    here = timezone.get_current_timezone_name()
    start = conference.starts_at
    if clock is None:
        clock = timezone.localtime(start).time() if start else time(9)
    asked = datetime.combine(day, clock.replace(second=0, microsecond=0, tzinfo=None, fold=0))
    found = walltime.instants(asked, here)
    zone = conference.timezone if found else here
    shown = walltime.wall(found[0], zone) if found else asked
    second = bool(found) and walltime.is_second(found[0], zone)
    return {
        "timezone": zone,
        "date": f"{shown:%Y-%m-%d}",
        "time": f"{shown:%H:%M}",
        "fold": SECOND if second else FIRST,
        "version": str(conference.version),
    }
