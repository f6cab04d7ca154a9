"""A list to import, and what to do with it."""

from typing import Any

from django import forms

from portal.conferences.models import AttendeeGroup
from portal.conferences.services.addresses import check_text
from portal.conferences.services.imports import Known
from portal.conferences.services.imports.reading import LARGEST_FILE


class ImportForm(forms.Form):
    """A file or pasted text, and perhaps a group for all of them."""

    file = forms.FileField(label="File", required=False, allow_empty_file=True)
    text = forms.CharField(
        label="Or paste the list", required=False, strip=False,
        help_text="With or without headings; columns by comma, semicolon or tab; or only addresses",
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )  # fmt: skip
    group = forms.ModelChoiceField(
        label="Put them into a group", required=False, empty_label="No group",
        queryset=AttendeeGroup.objects.all(),
    )  # fmt: skip
    new_group = forms.CharField(label="Or into a new group", required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A NUL belongs to one row, which the preview shows with its number; the form lets it pass.
        text = self.fields["text"]
        text.validators = []

    def clean_new_group(self) -> str:
        try:
            return check_text(self.cleaned_data["new_group"], "Name of the group")
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > LARGEST_FILE:
            raise forms.ValidationError("The file is larger than 10 MB. Divide it into parts.")
        if file and not file.size:
            raise forms.ValidationError("There is nothing in this file.")
        return file

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and not given.get("file") and not (given.get("text") or "").strip():
            self.add_error("text", "Choose a file, or paste a list.")
        if given.get("group") and given.get("new_group"):
            self.add_error("new_group", "Choose a group or name a new one, not both.")
        return given


class ConfirmForm(forms.Form):
    """What to do where the list knows somebody otherwise than we do."""

    known = forms.ChoiceField(
        label="People who are here already", widget=forms.RadioSelect, initial=Known.FILL,
        choices=[
            (Known.FILL, "Fill in what is empty here, change nothing else"),
            (Known.TAKE, "Take what the list says"),
            (Known.KEEP, "Leave them as they are"),
        ],
    )  # fmt: skip
