"""One person, and the filters of the list."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.common import languages
from portal.common.forms import LenientForm
from portal.common.reader.characters import check_text
from portal.common.reader.own import (
    CHOICE,
    DATE,
    LONGEST_TEXT,
    NUMBER,
    YES_NO,
    OwnColumn,
    read_value,
    written_value,
)
from portal.common.reader.saying import reason
from portal.common.texts import shown
from portal.conferences.models import Attendee, AttendeeGroup
from portal.conferences.models.tag import LONGEST_TAG
from portal.conferences.people.forms.address import AddressField
from portal.conferences.people.queries import NO_GROUP
from portal.conferences.people.services import fields

LABELS = {
    "email": gettext_lazy("E-mail address"),
    "first_name": gettext_lazy("First name"),
    "last_name": gettext_lazy("Last name"),
    "company": gettext_lazy("Company"),
    "phone": gettext_lazy("Phone"),
    "country": gettext_lazy("Country"),
    "language": gettext_lazy("Language of mails"),
    "notes": gettext_lazy("Notes"),
}


def own_box(column: OwnColumn, held: Any = None) -> forms.Field:
    """The box for a value of an own column; `held` is offered, whatever there is to choose."""
    given: dict[str, Any] = {"label": column.label, "required": False}
    if held is not None:
        given["initial"] = written_value(held)
    if column.kind == YES_NO:
        choices = [("", "–"), ("yes", _("Yes")), ("no", _("No"))]
        return forms.ChoiceField(choices=choices, **given)
    if column.kind == CHOICE:
        names = list(dict.fromkeys([*column.choices, *([str(held)] if held is not None else [])]))
        return forms.ChoiceField(choices=[("", "–"), *((one, one) for one in names)], **given)
    attributes = {"autocomplete": "off"}
    if column.kind == DATE:
        widget: forms.Widget = forms.DateInput(attrs=attributes | {"type": "date"})
    elif column.kind == NUMBER:
        widget = forms.TextInput(attrs=attributes | {"inputmode": "decimal", "size": 12})
    else:
        widget = forms.TextInput(attrs=attributes)
    return forms.CharField(widget=widget, max_length=LONGEST_TEXT, **given)


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    """All of a person that staff may type."""

    email = AddressField(
        label=LABELS["email"],
        help_text=gettext_lazy("It says who somebody is; everyone has one of their own."),
    )

    language = forms.ChoiceField(label=LABELS["language"], required=False)

    class Meta:
        model = Attendee
        fields = [
            "email",
            "first_name",
            "last_name",
            "company",
            "phone",
            "country",
            "language",
            "notes",
        ]
        labels = LABELS
        widgets = {
            "country": forms.TextInput(attrs={"size": 4, "maxlength": 2}),
            "notes": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unknown = ("", _("Not known: that of the webinar's account"))
        self.fields["language"].choices = [unknown, *languages.choices()]  # type: ignore[attr-defined]
        self.columns = fields.columns()
        for column in self.columns:
            held = self.instance.own.get(column.key)
            self.fields[f"own_{column.key}"] = own_box(column, held)

    @property
    def own(self) -> list[Any]:
        """The boxes of own columns."""
        return [self[f"own_{column.key}"] for column in self.columns]

    def clean_country(self) -> str:
        country = str(self.cleaned_data["country"]).upper()
        if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
            raise forms.ValidationError(_("Two letters, such as DE or PL."))
        return country

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name in ("first_name", "last_name", "company", "phone"):
            try:
                given[name] = check_text(given.get(name) or "", str(self.fields[name].label))
            except ValueError as error:
                self.add_error(name, shown(reason(error)))
        given["own"] = {}
        for column in self.columns:
            text = (given.pop(f"own_{column.key}", None) or "").strip()
            held = self.instance.own.get(column.key)
            try:
                # What its column no longer offers may stay as long as nobody changes it.
                same = held is not None and written_value(held) == text
                value = held if same else read_value(column, text) if text else None
            except ValueError as error:
                self.add_error(f"own_{column.key}", shown(reason(error)))
            else:
                given["own"][column.key] = value
        return given

    def validate_unique(self) -> None:
        """Left to the service, which says it beside the field and cannot be overtaken."""


class PeopleFilter(LenientForm):
    """Search, one group, one tag, order."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False)
    group = forms.ChoiceField(label=gettext_lazy("Group"), required=False)
    tag = forms.CharField(
        label=gettext_lazy("Tag"),
        required=False,
        max_length=LONGEST_TAG,
        widget=forms.TextInput(attrs={"list": "tag-names", "autocomplete": "off", "size": 14}),
    )
    column = forms.ChoiceField(label=gettext_lazy("Own column"), required=False)
    value = forms.CharField(
        label=gettext_lazy("in it"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.TextInput(attrs={"autocomplete": "off", "size": 10}),
    )
    sort = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        names = AttendeeGroup.objects.order_by("sort_key", "name").values_list("pk", "name")
        groups = [(str(pk), name) for pk, name in names]
        self.fields["group"].choices = [  # type: ignore[attr-defined]
            ("", _("All")),
            (NO_GROUP, _("In no group")),
            *groups,
        ]
        self.columns = {column.key: column for column in fields.columns()}
        if self.columns:
            self.fields["column"].choices = [  # type: ignore[attr-defined]
                ("", _("Any")),
                *((column.key, column.label) for column in self.columns.values()),
            ]
            if any(column.has_ranges for column in self.columns.values()):
                self.fields["value"].widget.attrs["placeholder"] = _("or 10..20")
        else:
            del self.fields["column"], self.fields["value"]

    @property
    def filters(self) -> dict[str, Any]:
        """What the people are chosen by, as `queries.found` takes it."""
        given = self.chosen
        column = self.columns.get(given.get("column", ""))
        return {
            "search": given.get("q", ""),
            "group": given.get("group", ""),
            "tag": given.get("tag", ""),
            "own": fields.holding(column, given.get("value", "")) if column else None,
        }
