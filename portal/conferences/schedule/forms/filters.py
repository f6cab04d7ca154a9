"""Filters of the lists: what cannot be read is left out, so that no address ends in an error."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations import registry
from portal.common.forms import LenientForm
from portal.common.texts import Words
from portal.conferences.models import Conference
from portal.conferences.schedule import queries
from portal.conferences.walltime import FIRST_YEAR, LAST_YEAR
from portal.platforms.models import PlatformAccount

SYNC_CHOICES = (
    ("", gettext_lazy("Any")),
    ("synced", gettext_lazy("Synced")),
    ("stale", gettext_lazy("Not checked lately")),
    ("waiting", gettext_lazy("Waiting to send")),
    ("sending", gettext_lazy("Sending")),
    ("checking", gettext_lazy("Checking")),
    ("conflict", gettext_lazy("Changed on both sides")),
    ("failed", gettext_lazy("Not accepted")),
    ("held", gettext_lazy("Held")),
    ("gone_there", gettext_lazy("Removed there")),
    ("portal_only", gettext_lazy("In the portal only")),
)


# How the calendar is shown.
MONTH, AGENDA, WEEK, TIMELINE = VIEWS = ("month", "agenda", "week", "timeline")
DAY = "day"
ACCOUNTS, SPEAKERS = ROWS = ("accounts", "speakers")


def _day(label: Words) -> forms.DateField:
    """A day that calendars can work with."""
    first, last = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        validators=[MinValueValidator(first), MaxValueValidator(last)],
    )


class ListFilters(LenientForm):
    """The list of conferences. The time range stands in tabs above it; days typed here win."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False)
    account = forms.TypedChoiceField(label=gettext_lazy("Account"), required=False, coerce=int)
    platform = forms.ChoiceField(label=gettext_lazy("Platform"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    sync = forms.ChoiceField(label=gettext_lazy("Sync"), required=False, choices=SYNC_CHOICES)
    since = _day(gettext_lazy("From"))
    until = _day(gettext_lazy("To"))
    range = forms.ChoiceField(
        required=False,
        widget=forms.HiddenInput,
        choices=[
            (name, name) for name in (queries.UPCOMING, queries.PAST, queries.ALL, queries.CUSTOM)
        ],
    )
    sort = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, accounts: Iterable[PlatformAccount]) -> None:
        super().__init__(data)
        named = sorted(accounts, key=lambda one: one.label.casefold())
        self.fields["account"].choices = [  # type: ignore[attr-defined]
            ("", _("All")),
            *((one.pk, one.label) for one in named),
        ]
        if not {"since", "until"} & self.data.keys() and self.data.get("range") != queries.CUSTOM:
            for name in ("since", "until"):
                self.fields[name].widget = forms.HiddenInput()
        platforms = [(slug, registry.room(slug).name) for slug in registry.slugs()]
        self.fields["platform"].choices = [("", _("All")), *platforms]  # type: ignore[attr-defined]
        if len(platforms) < 2:
            self.fields["platform"].widget = forms.HiddenInput()
        self.fields["state"].choices = [  # type: ignore[attr-defined]
            (queries.NOT_CANCELLED, _("All but cancelled")),
            *Conference.State.choices,
            (queries.ANY_STATE, _("All")),
        ]

    @property
    def chosen(self) -> dict[str, Any]:
        """Days of one's own make a range of one's own."""
        found = super().chosen
        return found | {"range": queries.CUSTOM} if found.keys() & {"since", "until"} else found


class CalendarFilters(LenientForm):
    """The calendar of one account or of all; where in time, and how it is shown, come along."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False)
    account = forms.ModelChoiceField(
        label=gettext_lazy("Account"),
        queryset=PlatformAccount.objects.none(),
        required=False,
        empty_label=gettext_lazy("All"),
    )
    platform = forms.ChoiceField(label=gettext_lazy("Platform"), required=False)
    month = forms.CharField(required=False, widget=forms.HiddenInput)
    day = forms.CharField(required=False, widget=forms.HiddenInput)
    view = forms.ChoiceField(
        required=False, widget=forms.HiddenInput, choices=[(one, one) for one in VIEWS]
    )
    span = forms.ChoiceField(
        required=False, widget=forms.HiddenInput, choices=[(one, one) for one in (DAY, WEEK)]
    )
    rows = forms.ChoiceField(
        required=False, widget=forms.HiddenInput, choices=[(one, one) for one in ROWS]
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        for name in ("month", "day", "span", "rows"):
            if not self.data.get(name):
                del self.fields[name]  # nothing to come along
        self.fields["account"].queryset = queries.accounts()  # type: ignore[attr-defined]
        platforms = [(slug, registry.room(slug).name) for slug in registry.slugs()]
        self.fields["platform"].choices = [("", _("All")), *platforms]  # type: ignore[attr-defined]
