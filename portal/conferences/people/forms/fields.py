"""A column of the house's own."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from portal.common.errors import NotPossible
from portal.conferences.models import PersonField
from portal.conferences.people.services import fields


class ColumnForm(forms.Form):
    """Its name, and what there is to choose."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    choices = forms.CharField(
        label=gettext_lazy("Choices"),
        required=False,
        max_length=fields.MOST_CHOICES * (fields.LONGEST_CHOICE + 2),
        help_text=gettext_lazy("Each on a line of its own. What people have already stays."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    listed = forms.BooleanField(label=gettext_lazy("Show it in the list of people"), required=False)

    def clean_name(self) -> str:
        return str(_read(lambda: fields.checked_name(self.cleaned_data["name"])))

    def clean_choices(self) -> list[str]:
        lines = self.cleaned_data["choices"].splitlines()
        return list(_read(lambda: fields.checked_choices(lines)))


class NewColumnForm(ColumnForm):
    """The same with its sort, which is chosen once."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What stands in it"),
        choices=PersonField.Kind.choices,
        help_text=gettext_lazy("It cannot be changed later."),
        widget=forms.RadioSelect,
        initial=PersonField.Kind.TEXT,
    )
    field_order = ("name", "kind", "choices", "listed")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["choices"].help_text = gettext_lazy(
            "For a choice alone: each on a line of its own."
        )


def _read(act: Any) -> Any:
    try:
        return act()
    except NotPossible as error:
        raise forms.ValidationError(error.sentence) from None
