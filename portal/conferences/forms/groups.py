"""One group, and the filters of the lists around it."""

from django import forms

from portal.conferences.forms.filters import Lenient
from portal.conferences.models import AttendeeGroup
from portal.conferences.services.addresses import check_text


class GroupForm(forms.ModelForm):  # type: ignore[type-arg]
    """Name and description."""

    class Meta:
        model = AttendeeGroup
        fields = ["name", "description"]
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def clean_name(self) -> str:
        try:
            return check_text(self.cleaned_data["name"], "Name")
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None

    def validate_unique(self) -> None:
        """Left to the service, which says it beside the field and cannot be overtaken."""


class GroupFilter(Lenient):
    """The list of groups, or the members of one."""

    q = forms.CharField(label="Search", required=False, max_length=200)
    sort = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)
