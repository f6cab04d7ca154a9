"""One person, and the filters of the list."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.common import languages
from portal.common.forms import LenientForm
from portal.common.reader.characters import check_text
from portal.common.reader.saying import reason
from portal.common.texts import shown
from portal.conferences.models import Attendee, AttendeeGroup
from portal.conferences.models.tag import LONGEST_TAG
from portal.conferences.people.forms.address import AddressField
from portal.conferences.people.queries import NO_GROUP

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

    @property
    def filters(self) -> dict[str, str]:
        """What the people are chosen by, as `queries.found` takes it."""
        given = self.chosen
        return {
            "search": given.get("q", ""),
            "group": given.get("group", ""),
            "tag": given.get("tag", ""),
        }
