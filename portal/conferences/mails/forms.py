"""The answer to "tell these people?": yes or no, with words of one's own."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

NOTE_LENGTH = 5000  # characters
YES, NO = "yes", "no"


class TellingForm(forms.Form):
    """`tell` is the button that was pressed; without it nobody has answered yet. `counted` is how
    many hear of it, as the page said that was answered.

    `kept` says that the words are kept beside the mail, so that they are asked for where nobody
    is told as well.
    """

    use_required_attribute = False
    note = forms.CharField(
        label=gettext_lazy("A few words of your own"),
        required=False,
        help_text=gettext_lazy("They stand in the mail."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    tell = forms.CharField(required=False, max_length=3)
    counted = forms.CharField(required=False, max_length=12)

    def __init__(
        self,
        data: Any = None,
        *,
        label: str = "",
        help_text: str = "",
        longest: int = NOTE_LENGTH,
        kept: bool = False,
    ) -> None:
        super().__init__(data)
        note = self.fields["note"]
        note.label, note.help_text = label or note.label, help_text or note.help_text
        self.longest, self.kept = longest, kept

    def clean_note(self) -> str:
        """Checked here and not by the browser, which would cut a long text off without a word."""
        note = str(self.cleaned_data["note"])
        if len(note) > self.longest:
            raise forms.ValidationError(
                _("At most %(longest)s characters; this has %(count)s.")
                % {"longest": self.longest, "count": len(note)}
            )
        return note

    @property
    def answered(self) -> bool:
        """Whether one of the two buttons was pressed, and the words can be sent."""
        return self.is_bound and self.is_valid() and self.cleaned_data["tell"] in (YES, NO)

    @property
    def yes(self) -> bool:
        """Whether people are to be told; ask `answered` first."""
        return bool(self.cleaned_data["tell"] == YES)

    def counts(self, number: int) -> bool:
        """Whether the answer was given for so many."""
        return not self.is_bound or self["counted"].value() in (None, "", str(number))

    @property
    def words(self) -> str:
        """What staff wrote."""
        return str(self.cleaned_data["note"])

    @property
    def typed(self) -> str:
        """What was typed so far, for the preview."""
        return str(self["note"].value() or "")[: self.longest]
