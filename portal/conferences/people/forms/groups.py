"""One group, and the filters of the lists around it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.common.forms import LenientForm
from portal.common.reader.characters import check_text
from portal.common.reader.saying import reason
from portal.common.texts import shown
from portal.conferences.models import AttendeeGroup
from portal.conferences.people.services.groups import accounts_for_groups
from portal.platforms.models import PlatformAccount


class GroupForm(forms.ModelForm):  # type: ignore[type-arg]
    """Name and description."""

    class Meta:
        model = AttendeeGroup
        fields = ["name", "description"]
        labels = {"name": gettext_lazy("Name"), "description": gettext_lazy("Description")}
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def clean_name(self) -> str:
        try:
            return check_text(self.cleaned_data["name"], _("Name"))
        except ValueError as error:
            raise forms.ValidationError(shown(reason(error))) from None

    def validate_unique(self) -> None:
        """Left to the service, which says it beside the field and cannot be overtaken."""


class NewGroupForm(GroupForm):
    """A group to be made; it may stand on one account too, for good."""

    account = forms.ModelChoiceField(
        PlatformAccount.objects.none(),
        required=False,
        label=gettext_lazy("Sync it with"),
        empty_label=gettext_lazy("Lectern only"),
        help_text=gettext_lazy(
            "Then the group and its members stand on that platform too. It can be invited "
            "to webinars on any platform either way."
        ),
    )

    class Meta(GroupForm.Meta):
        fields = ["name", "description", "account"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ids = [account.pk for account in accounts_for_groups()]
        if ids:
            field: Any = self.fields["account"]
            field.queryset = PlatformAccount.objects.filter(pk__in=ids)
        else:
            del self.fields["account"]


class GroupFilter(LenientForm):
    """The list of groups, or the members of one."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False)
    sort = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)
