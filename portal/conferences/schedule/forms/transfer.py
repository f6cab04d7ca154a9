"""Where a conference is copied or moved to, and who comes along."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.conferences.schedule.queries import accounts
from portal.platforms.models import PlatformAccount

COPY, MOVE = "copy", "move"


class MovingForm(forms.Form):
    """`how` is a copy (a draft; nobody is notified) or a move (people keep their links)."""

    account = forms.ModelChoiceField(
        PlatformAccount.objects.none(),
        label=_("Onto the account"),
        empty_label=_("Choose an account"),
    )
    how = forms.ChoiceField(
        label=_("What to do"),
        choices=(
            (COPY, _("Copy: a new draft there, this one stays")),
            (MOVE, _("Move: it takes place there instead")),
        ),
        widget=forms.RadioSelect,
        initial=COPY,
    )
    people = forms.BooleanField(
        label=_("Take the registered people into the copy"),
        required=False,
        initial=False,
        help_text=_("They are not notified; you invite them once the copy has a date."),
    )

    @property
    def chosen(self) -> str:
        """The choice as one word, as the page that showed its consequences sends it back."""
        data = self.cleaned_data
        return f"{data['account'].pk} {data['how']} {'people' if data['people'] else 'nobody'}"

    def clean(self) -> dict[str, Any]:
        """A move takes everybody along anyway."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("how") == MOVE:
            cleaned["people"] = False
        return cleaned

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["account"]
        field.queryset = accounts()
