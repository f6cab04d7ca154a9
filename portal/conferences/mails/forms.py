"""The answer to "tell these people?": yes or no, with words of one's own."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.common import languages
from portal.conferences.mails.services import placeholders, reminders
from portal.conferences.models import MailTemplate, Reminder
from portal.platforms.models import PlatformAccount

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


class ReminderForm(forms.Form):
    """How long before the start people are reminded."""

    use_required_attribute = False
    OWN = "own"
    UNITS: ClassVar = {"minutes": 1, "hours": 60, "days": 1440}
    before = forms.ChoiceField(
        label=gettext_lazy("Remind people"),
        choices=[
            ("1440", gettext_lazy("1 day before")),
            ("60", gettext_lazy("1 hour before")),
            ("10080", gettext_lazy("1 week before")),
            (OWN, gettext_lazy("at another time")),
        ],
    )
    who = forms.ChoiceField(
        label=gettext_lazy("Who"),
        required=False,
        initial=Reminder.Segment.REGISTERED,
        choices=Reminder.Segment.choices,
    )
    number = forms.IntegerField(
        label=gettext_lazy("Other time"), required=False, min_value=1, max_value=999
    )
    unit = forms.ChoiceField(
        label=gettext_lazy("Unit"),
        required=False,
        initial="hours",
        choices=[
            ("minutes", gettext_lazy("minutes before")),
            ("hours", gettext_lazy("hours before")),
            ("days", gettext_lazy("days before")),
        ],
    )

    def clean(self) -> dict[str, Any]:
        """With `minutes`, within what the service takes."""
        given = super().clean() or {}
        if given.get("before") != self.OWN:
            return self._with(given, int(given.get("before") or 0))
        if "number" in self.errors:
            return given
        if not given.get("number"):
            self.add_error("number", _("Say how many."))
            return given
        minutes = given["number"] * self.UNITS.get(given.get("unit") or "hours", 60)
        if not reminders.SHORTEST <= minutes <= reminders.LONGEST:
            self.add_error("number", _("Choose between 10 minutes and 30 days."))
        return self._with(given, minutes)

    @staticmethod
    def _with(given: dict[str, Any], minutes: int) -> dict[str, Any]:
        segment = given.get("who") or Reminder.Segment.REGISTERED.value
        return given | {"minutes": minutes, "segment": segment}

    @property
    def segment(self) -> str:
        """To whom, where it can be used."""
        return str(self.cleaned_data["segment"])

    @property
    def key(self) -> str:
        """What names the choice in a form that asks once more."""
        return f"{self.minutes}-{self.segment}"

    @property
    def minutes(self) -> int:
        """What was chosen, where it can be used."""
        return int(self.cleaned_data["minutes"])


class MailTemplateForm(forms.Form):
    """What mails of one kind say; `row` is the template that is changed."""

    use_required_attribute = False
    purpose = forms.ChoiceField(
        label=gettext_lazy("What the mail is for"), choices=MailTemplate.Purpose.choices
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        help_text=gettext_lazy("People of this language get it."),
    )
    account = forms.ModelChoiceField(
        PlatformAccount.objects.all(),
        label=gettext_lazy("For webinars on"),
        required=False,
        empty_label=gettext_lazy("All accounts"),
    )
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=placeholders.SUBJECT_LENGTH)
    text = forms.CharField(
        label=gettext_lazy("Text"), strip=False, widget=forms.Textarea(attrs={"rows": 16})
    )
    button = forms.CharField(
        label=gettext_lazy("What stands on the button"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("Leave it empty for Lectern's own words."),
    )

    def __init__(self, data: Any = None, *, row: MailTemplate | None = None, begin: str = ""):
        self.row = row
        super().__init__(data, initial=_values(row) if row else _beginning(begin))
        self.fields["language"].choices = languages.choices()  # type: ignore[attr-defined]

    def clean_text(self) -> str:
        """Checked with what it is for, and by the one who keeps it as well."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n").strip("\n")

    def clean(self) -> dict[str, Any]:
        """All that is wrong, at once."""
        given = super().clean() or {}
        purpose, subject = given.get("purpose", ""), given.get("subject", "")
        for said in placeholders.subject_problems(purpose, subject):
            self.add_error("subject", said)
        if purpose and given.get("text"):
            for said in placeholders.text_problems(purpose, given["text"]):
                self.add_error("text", said)
        return given

    @property
    def draft(self) -> MailTemplate | None:
        """What was typed so far, for the preview and for a test; None where it says not even what
        it is for."""
        typed = {name: self[name].value() for name in self.fields}
        if typed["purpose"] not in MailTemplate.Purpose.values:
            return None
        account = str(typed["account"] or "")
        known = languages.code_of(str(typed["language"] or ""))
        return MailTemplate(
            purpose=typed["purpose"],
            language=known or settings.LANGUAGE_CODE,
            account=PlatformAccount.objects.filter(pk=account).first()
            if account.isdecimal() and len(account) < 10
            else None,
            subject=str(typed["subject"] or "")[: placeholders.SUBJECT_LENGTH],
            text=str(typed["text"] or "")[: placeholders.LONGEST_TEXT + 1],
            button=str(typed["button"] or "")[:60],
        )

    @property
    def has_entry(self) -> bool:
        """Whether a calendar entry comes with such a mail: of a date poll nothing is fixed."""
        of_polls = (MailTemplate.Purpose.ASK, MailTemplate.Purpose.OUTCOME)
        return self["purpose"].value() not in of_polls

    @property
    def meanings(self) -> list[tuple[str, Any]]:
        """The placeholders that its text may have, and what each stands for."""
        purpose = str(self["purpose"].value() or "")
        if purpose not in MailTemplate.Purpose.values:
            return []
        names = placeholders.in_text(purpose)
        return [(f"{{{name}}}", placeholders.MEANINGS[name]) for name in names]


def _values(row: MailTemplate) -> dict[str, Any]:
    names = ("purpose", "language", "account", "subject", "text", "button")
    return {name: getattr(row, name) for name in names}


def _beginning(purpose: str) -> dict[str, Any]:
    """Lectern's own words, to begin with."""
    known = purpose if purpose in MailTemplate.Purpose.values else MailTemplate.Purpose.INVITE
    subject, text = placeholders.BEGINNINGS[MailTemplate.Purpose(known)]
    return {
        "purpose": known,
        "language": settings.LANGUAGE_CODE,
        "subject": subject,
        "text": text,
    }
