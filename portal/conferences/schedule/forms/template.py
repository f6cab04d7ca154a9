"""The form of a template of webinars."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from portal.conferences.models.conference_template import LONGEST_NAME
from portal.conferences.schedule.queries import accounts
from portal.platforms.models import PlatformAccount


class TemplateForm(forms.Form):
    """Its name, and whether it is for one account."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    account = forms.ModelChoiceField(
        PlatformAccount.objects.none(),
        label=gettext_lazy("For"),
        required=False,
        empty_label=gettext_lazy("Any account"),
        help_text=gettext_lazy(
            "From a template for one account, webinars are scheduled there. For any account, each "
            "platform takes of it what it has a setting for."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["account"]
        field.queryset = accounts()
