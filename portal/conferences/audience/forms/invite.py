"""Whom to invite, and what to write to them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.conferences.people.services.selection import LONGEST_TEXT

LARGEST_ID = 2**63 - 1
# With script, what will happen follows a tick at once.
FOLLOWS_THE_TICK = {
    "hx-post": "",
    "hx-trigger": "change",
    "hx-target": "closest form",
    "hx-swap": "outerHTML",
    "hx-vals": '{"preview": "yes"}',
}


class IdsField(forms.Field):
    """Ids of ticked rows; what is no id is left out, since nobody can have meant it."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[int]:
        digits = (str(v) for v in value or ())
        found = (int(v) for v in digits if v.isascii() and v.isdecimal() and len(v) < 20)
        return [number for number in dict.fromkeys(found) if 0 < number <= LARGEST_ID]


class SelectionForm(forms.Form):
    """One box for people, groups and pasted addresses, and the rows ticked below it."""

    who = forms.CharField(
        label=_("Who"),
        required=False,
        max_length=LONGEST_TEXT,
        help_text=_(
            "A name, a group, or addresses as you have them: one to a line, or with commas."
        ),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "max_length": _("That is too much text for this box. Import it as a file.")
        },
    )
    person = IdsField(required=False)
    group = IdsField(required=False)

    @property
    def chosen(self) -> dict[str, Any]:
        """The arguments of `selection.gather`, as far as they are usable."""
        self.is_valid()
        given = getattr(self, "cleaned_data", {})  # there is none while nothing was sent
        return {
            "text": given.get("who", ""),
            "person_ids": given.get("person", []),
            "group_ids": given.get("group", []),
        }


class InviteForm(SelectionForm):
    """The same, with what staff decide on the page that shows what will happen. `press` names this
    very form, so that it is carried out once however often it is sent."""

    press = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)

    again = forms.BooleanField(
        label=_("Invite them again"),
        required=False,
        widget=forms.CheckboxInput(attrs=FOLLOWS_THE_TICK),
    )
    register = forms.BooleanField(
        label=_("Register them at once, without asking"),
        required=False,
        widget=forms.CheckboxInput(attrs=FOLLOWS_THE_TICK),
    )
    switch_on = forms.BooleanField(label=_("Switch registration on"), required=False, initial=True)


class SeriesInviteForm(InviteForm):
    """The same for all dates of a series that lie ahead."""

    everyone = forms.BooleanField(
        label=_("Everybody who is invited to, or registered for, a date of this series"),
        required=False,
    )
