"""A list to import, what to do with it, and how it is to be read."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.common.reader.characters import check_text
from portal.common.reader.choices import Offered, chosen
from portal.common.reader.reading import Choices
from portal.common.reader.saying import reason
from portal.common.reader.tables import LARGEST_FILE
from portal.common.texts import shown
from portal.conferences.models import AttendeeGroup
from portal.conferences.people.services.imports import Known


class ImportForm(forms.Form):
    """A file or pasted text, and perhaps a group for all of them."""

    file = forms.FileField(label=gettext_lazy("File"), required=False, allow_empty_file=True)
    text = forms.CharField(
        label=gettext_lazy("Or paste the list"),
        required=False,
        strip=False,
        help_text=gettext_lazy(
            "With or without headings; columns by comma, semicolon or tab; or only addresses"
        ),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )
    group = forms.ModelChoiceField(
        label=gettext_lazy("Put them into a group"),
        required=False,
        empty_label=gettext_lazy("No group"),
        queryset=AttendeeGroup.objects.filter(rule__isnull=True),
    )
    new_group = forms.CharField(
        label=gettext_lazy("Or into a new group"), required=False, max_length=200
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A NUL belongs to one row, which the preview shows with its number; the form lets it pass.
        text = self.fields["text"]
        text.validators = []

    def clean_new_group(self) -> str:
        try:
            return check_text(self.cleaned_data["new_group"], _("Name of the group"))
        except ValueError as error:
            raise forms.ValidationError(shown(reason(error))) from None

    def clean_file(self) -> Any:
        return clean_upload(self.cleaned_data["file"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and not given.get("file") and not (given.get("text") or "").strip():
            self.add_error("text", _("Choose a file, or paste a list."))
        if given.get("group") and given.get("new_group"):
            self.add_error("new_group", _("Choose a group or name a new one, not both."))
        return given


def clean_upload(file: Any) -> Any:
    """A file with something in it, and not too much. Raises ValidationError."""
    if file and file.size > LARGEST_FILE:
        raise forms.ValidationError(_("The file is larger than 10 MB. Divide it into parts."))
    if file and not file.size:
        raise forms.ValidationError(_("There is nothing in this file."))
    return file


class UploadForm(forms.Form):
    """A list that is dropped on the page of an invitation."""

    file = forms.FileField(
        label=gettext_lazy("Or a list as a file"), required=False, allow_empty_file=True
    )

    def clean_file(self) -> Any:
        file = clean_upload(self.cleaned_data["file"])
        if not file:
            raise forms.ValidationError(_("Choose a file."))
        return file


class ConfirmForm(forms.Form):
    """What to do where the list knows somebody otherwise than we do."""

    known = forms.ChoiceField(
        label=gettext_lazy("People who are here already"),
        widget=forms.RadioSelect,
        initial=Known.FILL,
        choices=[
            (Known.FILL, gettext_lazy("Fill in what is empty here, change nothing else")),
            (Known.TAKE, gettext_lazy("Take what the list says")),
            (Known.KEEP, gettext_lazy("Leave them as they are")),
        ],
    )


class ReadingForm(forms.Form):
    """How the upload is to be read: encoding, sheet, separator, headings, and each column."""

    def __init__(self, data: Any, *, offered: Offered) -> None:
        self.offered = offered
        super().__init__(data, auto_id="how_%s")
        for name, label, choices, initial in offered.selects():
            self.fields[name] = forms.ChoiceField(
                label=shown(label),
                choices=[(value, shown(words)) for value, words in choices],
                initial=initial,
                required=False,
            )
        if offered.reading.hidden:
            self.fields["hidden"] = forms.BooleanField(
                label=ngettext(
                    "Read the %(count)d hidden row too",
                    "Read the %(count)d hidden rows too",
                    offered.reading.hidden,
                )
                % {"count": offered.reading.hidden},
                required=False,
                initial=offered.choices.hidden,
            )

    @property
    def settings(self) -> list[Any]:
        """The fields that concern all of it."""
        return [self[name] for name in self.fields if not name.startswith("column_")]

    @property
    def columns(self) -> list[tuple[int, dict[str, Any], Any]]:
        """(number, heading and samples, field) of each column that holds something."""
        found = self.offered.columns()
        return [(n + 1, column, self[f"column_{n}"]) for n, column in found]

    def choices(self) -> Choices:
        """What was chosen; call `is_valid` first."""
        return chosen(self.offered, self.cleaned_data)
