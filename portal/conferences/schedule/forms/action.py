"""What an action of a platform asks for before it is done."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _

from integrations.base.capabilities import Action, OptionRule
from integrations.base.records import FLAG, WHOLE
from portal.common.texts import shown
from portal.conferences.schedule.forms.platform_fields import LONGEST_TEXT, OFF, ON, shown_choices

LARGEST_FILE = 100 * 1024 * 1024  # bytes


class ActionForm(forms.Form):
    """One field for each argument; `row` is the line of a table that the action is done to, `press`
    names this very form, so that it is carried out once however often it is sent."""

    press = forms.CharField(
        required=False, max_length=32, widget=forms.HiddenInput, initial=lambda: uuid4().hex
    )
    row = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        self.action = action
        super().__init__(*args, **kwargs)
        for asked in action.fields:
            self.fields[asked.name] = _field(asked)
        if action.upload:
            self.fields["file"] = forms.FileField(label=_("File"), max_length=200)

    def clean_file(self) -> Any:
        given = self.cleaned_data["file"]
        if given.size > LARGEST_FILE:
            most = LARGEST_FILE // 1024 // 1024
            raise forms.ValidationError(
                _("At most %(most)s MB can be uploaded here.") % {"most": most}
            )
        return given

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.action.target and not data.get("row"):
            raise forms.ValidationError(_("Choose a line of the table first."))
        return data

    @property
    def arguments(self) -> dict[str, Any]:
        """What was given, as the platform's room takes it; what was left empty is left out."""
        data = self.cleaned_data
        found = {asked.name: _value(asked, data[asked.name]) for asked in self.action.fields}
        found = {name: value for name, value in found.items() if value not in ("", None)}
        if self.action.target:
            found["id"] = data["row"]
        if self.action.upload:
            found |= {"name": data["file"].name, "content": data["file"].read()}
        return found


def _value(asked: OptionRule, given: Any) -> Any:
    """A yes or no that was chosen from a list, as a flag."""
    return given == ON if asked.type == FLAG and given in (ON, OFF) else given


def _field(asked: OptionRule) -> forms.Field:
    rule = asked.rule
    common: dict[str, Any] = {"label": shown(asked.label), "help_text": shown(asked.help)}
    if asked.type == FLAG and asked.default is None:
        choices = [("", _("As the platform sets it")), (ON, _("Yes")), (OFF, _("No"))]
        return forms.ChoiceField(choices=choices, required=False, **common)
    if asked.type == FLAG:
        return forms.BooleanField(required=False, initial=bool(asked.default), **common)
    common |= {"required": rule.required, "initial": asked.default}
    if rule.choices:
        blank = [] if rule.required or asked.default else [("", _("As the platform sets it"))]
        return forms.ChoiceField(choices=[*blank, *shown_choices(rule)], **common)
    if asked.type == WHOLE:
        return forms.IntegerField(min_value=rule.minimum, max_value=rule.maximum, **common)
    return forms.CharField(max_length=rule.maximum or LONGEST_TEXT, **common)
