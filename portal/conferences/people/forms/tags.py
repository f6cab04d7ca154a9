"""Tags: on people, and by themselves."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.common.errors import NotPossible
from portal.common.forms import LenientForm
from portal.conferences.models import Tag
from portal.conferences.models.tag import LONGEST_TAG
from portal.conferences.people.services import tags

LONGEST = 2000  # characters of some tags with commas between them


def _box(label: Any, **given: Any) -> Any:
    """A box that offers the tags that there are."""
    box = forms.TextInput(attrs={"list": "tag-names", "autocomplete": "off"})
    return forms.CharField(**{"label": label, "max_length": LONGEST, "widget": box} | given)


class TagsForm(forms.Form):
    """Some tags, with commas between them."""

    tags = _box(gettext_lazy("Tags"), help_text=gettext_lazy("Several with commas between them."))

    def clean_tags(self) -> list[str]:
        names = _read(lambda: tags.names_in(self.cleaned_data["tags"]))
        if not names:
            raise forms.ValidationError(_("Type a tag."))
        return list(names)


class ManyForm(TagsForm):
    """The same for many people, and which way."""

    PUT, TAKE = "put", "take"
    way = forms.ChoiceField(
        label=gettext_lazy("What to do"),
        widget=forms.RadioSelect,
        initial=PUT,
        choices=[
            (PUT, gettext_lazy("Put the tags on them; new tags are made")),
            (TAKE, gettext_lazy("Take the tags off them")),
        ],
    )


class RenameForm(forms.Form):
    """A tag's name."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST_TAG)

    def clean_name(self) -> str:
        given = self.cleaned_data["name"]
        if tags.APART.search(given):
            raise forms.ValidationError(_("A tag has no comma, semicolon or bar in it."))
        return str(_read(lambda: tags.checked(given)))


class MergeForm(forms.Form):
    """Into which other tag one is merged."""

    into = _box(gettext_lazy("Merge it into"), max_length=LONGEST_TAG)

    def clean_into(self) -> Tag:
        (found,) = _read(lambda: tags.known([self.cleaned_data["into"]]))
        return found  # type: ignore[no-any-return]  # what `known` answers


class TagFilter(LenientForm):
    """The list of tags."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False)
    sort = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)


def _read(act: Any) -> Any:
    try:
        return act()
    except NotPossible as error:
        raise forms.ValidationError(error.sentence) from None
