"""The box for one e-mail address, the same everywhere."""

from typing import Any

from django import forms

from portal.common.reader.addresses import check_email
from portal.common.reader.characters import check_text, tidy
from portal.common.reader.saying import reason
from portal.common.texts import shown


class AddressField(forms.CharField):
    """One address, read as everywhere: signs that nobody sees, "mailto:" and brackets go.

    A box for text and not `type=email`: browsers refuse what was copied with such a sign before
    the portal can read it, and without saying why.
    """

    def __init__(self, **kwargs: Any) -> None:
        attributes = {
            "inputmode": "email",
            "autocomplete": "off",
            "autocapitalize": "none",
            "spellcheck": "false",
        }
        super().__init__(**{"widget": forms.TextInput(attrs=attributes)} | kwargs)

    def clean(self, value: Any) -> str:
        text = self.to_python(value) or ""
        if not tidy(text).strip():
            return str(super().clean(""))
        try:
            return check_email(text)
        except ValueError as error:
            raise forms.ValidationError(shown(reason(error))) from None


class NameField(forms.CharField):
    """A name or another short text: tidy, on one line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": forms.TextInput(attrs={"autocomplete": "off"})} | kwargs)
        self.validators = []  # `check_text` says what is wrong in one sentence

    def clean(self, value: Any) -> str:
        try:
            text = check_text(self.to_python(value) or "", str(self.label), 200)
        except ValueError as error:
            raise forms.ValidationError(shown(reason(error))) from None
        return str(super().clean(text))
