"""Which fields an account's platform takes, with which limits, and what it alone asks for."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _

from integrations.base.capabilities import FieldRule, OptionRule
from integrations.base.records import CONFERENCE_FIELDS, FLAG, WHOLE
from portal.common.texts import Words, shown
from portal.conferences import rules
from portal.conferences.models import Conference
from portal.platforms.models import PlatformAccount

# Canonical fields of the form; what stands in no section has a button of its own.
NAMES = tuple(field.name for field in CONFERENCE_FIELDS if field.section)
# Every page shows these, whatever the platform makes of them.
_ALWAYS = frozenset(f.name for f in CONFERENCE_FIELDS if f.section == "time" or f.ours)
# These say all in their labels; a second line would only push them out of their row.
PLAIN = frozenset(field.name for field in CONFERENCE_FIELDS if field.limited)
ON, OFF, UNSET = "on", "off", ""
LONGEST_TEXT = 2000
_KEPT_AT_MOST = 100


def follow(form: forms.Form, asked: str, name: str) -> None:
    """Put the platform's rule for the canonical field `name` on the form field `asked`."""
    field, account = form.fields[asked], form.the_account  # type: ignore[attr-defined]
    reason = rules.reason_off(account, name, on_update=form.on_update)  # type: ignore[attr-defined]
    rule = rules.field_rule(account, name)
    if reason:
        switch_off(field, reason)
        # Beside a value that stays as it is the reason is of use; nothing else is shown empty.
        if name not in _ALWAYS and (rule is None or not form.on_update):  # type: ignore[attr-defined]
            _leave_out(form, asked, reason, exists=rule is not None)
        return
    if name not in PLAIN:
        field.help_text = shown(rule.sentence) if rule else _kept_here(account, name)
    if rule is not None:
        _limit(field, rule)


def _leave_out(form: forms.Form, asked: str, reason: Words, *, exists: bool) -> None:
    """Show a field on no page: its reason is said once, together with those like it. What the
    platform has no place for at all has no reason of its own."""
    form.left_out[asked] = str(reason) if exists else ""  # type: ignore[attr-defined]


def _kept_here(account: PlatformAccount, name: str) -> str:
    return _("Kept in Lectern; %(platform)s has no place for it.") % {
        "platform": account.platform_name
    }


def _limit(field: forms.Field, rule: FieldRule) -> None:
    if rule.choices and isinstance(field, forms.ChoiceField):
        field.choices = shown_choices(rule)
    if isinstance(field, forms.IntegerField):
        low, high = rule.minimum or field.min_value or 0, rule.maximum or field.max_value
        field.widget.attrs |= {"min": low, "max": high}
        field.validators = [
            v for v in field.validators if not isinstance(v, MinValueValidator | MaxValueValidator)
        ]  # `rules.check_values` says it in one sentence


def shown_choices(rule: FieldRule) -> list[tuple[str, str]]:
    """A rule's choices, with their labels in the active language."""
    return [(value, shown(label)) for value, label in rule.choices]


def switch_off(field: forms.Field, reason: Words) -> None:
    """Grey a field out; the reason stands where its help stood."""
    field.disabled, field.required, field.help_text = True, False, reason


def copy_state(form: forms.Form, source: str, target: str) -> None:
    """A field that belongs to another is off together with it."""
    if form.fields[source].disabled:
        switch_off(form.fields[target], str(form.fields[source].help_text))


def add_further(form: forms.Form) -> list[str]:
    """Add the fields that this form does not ask for in words of its own, as the model has them;
    answers their names."""
    added = []
    for one in CONFERENCE_FIELDS:
        if one.section and one.section != "time" and one.name not in form.fields:
            column: Any = Conference._meta.get_field(one.name)
            form.fields[one.name] = column.formfield(label=shown(one.label), required=False)
            added.append(one.name)
    return added


def add_options(
    form: forms.Form, account: PlatformAccount, conference: Conference | None
) -> list[str]:
    """Add one field for each option of the platform; answers the names of the form fields."""
    held = conference.options if conference else {}
    added = []
    for option in account.capabilities.options:
        name = f"option_{option.name}"
        form.fields[name] = option_field(option, held.get(option.name, option.default))
        form.fields[name].help_text = shown(option.help)
        reason = rules.reason_off(
            account, f"options.{option.name}", on_update=bool(conference and not conference.draft)
        )
        if reason:
            switch_off(form.fields[name], reason)
            _leave_out(form, name, reason, exists=True)
        added.append(name)
    return added


def option_field(option: OptionRule, value: Any) -> forms.Field:
    """A field for an option. A flag that nobody set stays the platform's own choice."""
    label = shown(option.label)
    if option.type == FLAG:
        held = {True: ON, False: OFF}.get(value, UNSET)
        own = [] if held else [(UNSET, _("As the platform sets it"))]
        choices = [*own, (ON, _("Yes")), (OFF, _("No"))]
        return forms.ChoiceField(label=label, choices=choices, initial=held, required=bool(held))
    if option.rule.choices:
        choices = [(UNSET, _("As the platform sets it")), *shown_choices(option.rule)]
        return forms.ChoiceField(label=label, choices=choices, initial=value, required=False)
    if option.type == WHOLE:
        return forms.IntegerField(label=label, initial=value, required=False)
    return forms.CharField(
        label=label,
        initial=value,
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.TextInput(),
    )


def option_values(form: forms.Form, names: list[str]) -> dict[str, Any]:
    """What was chosen, as `options.<name>`; what was left to the platform is left out."""
    types = {o.name: o.type for o in form.the_account.capabilities.options}  # type: ignore[attr-defined]
    found: dict[str, Any] = {}
    for asked in names:
        name = asked.removeprefix("option_")
        if asked not in form.cleaned_data or form.fields[asked].disabled:
            continue
        value = form.cleaned_data[asked]
        untouched = value in (UNSET, None) and not form.fields[asked].initial
        if not untouched:
            found[f"options.{name}"] = _canonical(types[name], value)
    return found


def _canonical(type_name: str, value: Any) -> Any:
    if type_name == FLAG:
        return value == ON
    if type_name == WHOLE:
        return int(value) if value not in (UNSET, None) else None
    return value


def kept_values(form: forms.Form, typed: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Typed values of fields that are off, or that another account's platform asked for."""
    names = [n for n in typed if n.startswith("option_") or n in form.fields]
    off = [n for n in names if n not in form.fields or form.fields[n].disabled]
    return [(n, str(typed[n])[: 10 * LONGEST_TEXT]) for n in off[:_KEPT_AT_MOST]]
