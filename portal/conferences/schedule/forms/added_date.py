"""When one more date of a series is."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, ngettext

from portal.common import zones
from portal.conferences import walltime
from portal.conferences.models import Conference, Series
from portal.conferences.schedule.forms.moment import Moment, MomentFields
from portal.conferences.schedule.services.schedule import IN_THE_PAST, lies_behind
from portal.conferences.schedule.services.series import TAKEN


class AddedDateForm(MomentFields):
    """Zone, date and clock, which begins as that of the last date. `moment` holds the start once
    the form was cleaned. `every_date` is how many registered for all dates."""

    duration_minutes = None  # type: ignore[assignment]  # it is that of the last date
    register = forms.BooleanField(
        label=gettext_lazy("Register those who registered for all dates"), required=False
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        series: Series,
        like: Conference | None,
        every_date: int = 0,
    ) -> None:
        self.series = series
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
        if not every_date:
            del self.fields["register"]
            return
        said = ngettext(
            "%(count)d person registered for all dates on the series' registration page. "
            "Unticked, this date is not theirs.",
            "%(count)d people registered for all dates on the series' registration page. "
            "Unticked, this date is not theirs.",
            every_date,
        )
        self.fields["register"].help_text = said % {"count": every_date}

    @property
    def registers(self) -> bool:
        """Whether those who registered for all dates are registered for this one too."""
        return bool(self.cleaned_data.get("register"))

    def clean(self) -> dict[str, Any]:
        """Find the instant that is meant."""
        cleaned = super().clean() or self.cleaned_data
        self.moment = self.read_moment(cleaned, None)
        if self.moment is not None and lies_behind(self.moment.instant):
            self.add_error("date", str(IN_THE_PAST))
        elif self.moment is not None:
            there = self.series.conferences.filter(starts_at=self.moment.instant, removed_at=None)
            if there.exists():
                self.add_error("time", str(TAKEN))
        return cleaned
