"""When one more date of a series is."""

from collections.abc import Mapping
from typing import Any

from portal.common import zones
from portal.conferences import walltime
from portal.conferences.models import Conference, Series
from portal.conferences.schedule.forms.moment import Moment, MomentFields
from portal.conferences.schedule.services.schedule import IN_THE_PAST, lies_behind


class AddedDateForm(MomentFields):
    """Zone, date and clock, which begins as that of the last date. `moment` holds the start once
    the form was cleaned."""

    duration_minutes = None  # type: ignore[assignment]  # it is that of the last date

    def __init__(
        self, data: Mapping[str, Any] | None, *, series: Series, like: Conference | None
    ) -> None:
        zone, initial = series.timezone, {"timezone": series.timezone}
        if like is not None and like.starts_at is not None:
            zone = zones.zone(like.timezone).key
            at = walltime.wall(like.starts_at, zone)
            initial = {"timezone": zone, "time": at.time()}  # type: ignore[dict-item]
        super().__init__(data, initial=initial, use_required_attribute=False)
        choices = zones.choices()
        known = choices if zone in dict(choices) else [(zone, zone), *choices]
        self.fields["timezone"].choices = known  # type: ignore[attr-defined]
        self.moment: Moment | None = None

    def clean(self) -> dict[str, Any]:
        """Find the instant that is meant."""
        cleaned = super().clean() or self.cleaned_data
        self.moment = self.read_moment(cleaned, None)
        if self.moment is not None and lies_behind(self.moment.instant):
            self.add_error("date", str(IN_THE_PAST))
        return cleaned
