"""Reminders that a schedule form takes over from a template, or from another webinar."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from portal.conferences.mails.services import carried
from portal.conferences.models import Reminder

CARRIED, TICKED = "carried_reminders", "with_reminders"


def carried_pairs(kept: Iterable[Any] | None) -> list[tuple[str, str]]:
    """What was kept as the form sends it, ticked; nothing where it is left to the account."""
    return [] if kept is None else [(CARRIED, carried.as_text(kept)), (TICKED, "on")]


class CarriedReminders(forms.Form):
    """They are named beside a tick, and kept hidden. What cannot be read is none."""

    carried_reminders = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    with_reminders = forms.BooleanField(
        label=gettext_lazy("With reminders of its own"), required=False
    )

    @property
    def offered(self) -> list[Reminder] | None:
        """What was taken over; None where nothing was."""
        text = self.data.get(CARRIED, "")
        try:
            return carried.from_text(text) if text else None
        except ValueError:
            return None

    @property
    def chosen(self) -> list[Reminder] | None:
        """The same, as far as it is ticked."""
        return self.offered if self.data.get(TICKED) == "on" else None
