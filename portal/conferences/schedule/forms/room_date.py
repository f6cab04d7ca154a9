"""When one date of a permanent room is: a new one, or another time for one that it has."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from portal.common import zones
from portal.conferences import walltime
from portal.conferences.models import Conference
from portal.conferences.models.conference import ASSUMED_MINUTES
from portal.conferences.schedule.forms.conference import HiddenNumber, zone_choices
from portal.conferences.schedule.forms.moment import LONGEST_MINUTES, Moment, MomentFields
from portal.conferences.schedule.services.schedule import IN_THE_PAST, lies_behind


class RoomDateForm(MomentFields):
    """Zone, date, clock and length; it begins as the date `at` (UTC) that is moved, or with the
    clock time of the date that the room has. `moment` holds the start once the form was cleaned;
    `version` is that of the room as it was shown."""

    duration_minutes = forms.IntegerField(
        label=gettext_lazy("Length in minutes"),
        min_value=1,
        max_value=LONGEST_MINUTES,
        help_text=gettext_lazy("All dates of the room have this length."),
    )
    version = HiddenNumber(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(
        self, data: Mapping[str, Any] | None, conference: Conference, at: datetime | None = None
    ) -> None:
        zone = zones.zone(conference.timezone).key
        initial: dict[str, Any] = {"timezone": zone, "version": conference.version}
        initial["duration_minutes"] = conference.duration_minutes or ASSUMED_MINUTES
        if held := at or conference.starts_at:
            initial["time"] = walltime.wall(held, zone).time()
        if at is not None:
            initial["date"] = walltime.wall(at, zone).date()
        super().__init__(data, initial=initial, use_required_attribute=False)
        self.fields["timezone"].choices = zone_choices(zone)  # type: ignore[attr-defined]
        self.moment: Moment | None = None

    def clean(self) -> dict[str, Any]:
        """Find the instant that is meant."""
        cleaned = super().clean() or self.cleaned_data
        self.moment = self.read_moment(cleaned, None)
        if self.moment is not None and lies_behind(self.moment.instant):
            self.add_error("date", str(IN_THE_PAST))
        return cleaned
