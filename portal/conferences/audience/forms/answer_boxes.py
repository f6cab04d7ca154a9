"""The boxes in which people outside answer a question: each bounded, refused beside itself."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from portal.common.reader.characters import check_text, tidy
from portal.common.reader.own import Value, written_value
from portal.common.reader.saying import reason
from portal.common.texts import shown
from portal.conferences.audience import typed
from portal.conferences.models import Question

ANSWER_LENGTH = 2000
Kind = Question.Kind


def box(question: Question) -> forms.Field:
    """The box of a question."""
    about: dict[str, Any] = {"label": question.label, "required": question.required}
    if question.kind == Kind.CONSENT:
        needed = {"required": _("Without this you cannot register.")}
        return forms.BooleanField(**about, error_messages=needed)
    if question.kind == Kind.CHOICE:
        choices = [("", _("Please choose")), *((one, one) for one in question.options)]
        return forms.ChoiceField(**about, choices=choices)
    if question.kind == Kind.SEVERAL:
        return SeveralField(**about, choices=[(one, one) for one in question.options])
    if question.kind == Kind.NUMBER:
        return NumberField(question.least, question.most, **about)
    if question.kind == Kind.DATE:
        return DayField(**about)
    widget = forms.Textarea(attrs={"rows": 4}) if question.kind == Kind.LONG else forms.TextInput()
    return AnswerField(**about, widget=widget)


def too_long(longest: int, count: int) -> str:
    """What is said of a text that does not fit."""
    said = _("At most %(longest)s characters; this has %(count)s.")
    return said % {"longest": longest, "count": count}


def readable(text: str, longest: int) -> str:
    """A text of several lines from outside, without what turns or hides letters, or ends a line
    nowhere but in files. Raises ValidationError for what no page can show."""
    lines = [tidy(line) for line in text.splitlines()]
    try:
        for line in lines:
            check_text(line, _("This answer"), longest)
    except ValueError as error:
        raise forms.ValidationError(shown(reason(error))) from None
    return "\n".join(lines).strip()


class AnswerField(forms.CharField):
    """A text of somebody outside: bounded, and without what no page can show."""

    def clean(self, value: Any) -> str:
        text = str(super().clean(value) or "")
        if len(text) > ANSWER_LENGTH:
            raise forms.ValidationError(too_long(ANSWER_LENGTH, len(text)))
        return readable(text, ANSWER_LENGTH)


class SeveralField(forms.MultipleChoiceField):
    """Any of several choices, each once and in the order in which they are asked."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> list[str]:
        ticked = set(super().clean(value))
        choices: Any = self.choices
        return [one for one, _label in choices if one in ticked]


class ReadField(forms.CharField):
    """A text that means something: a number, or a day."""

    kind: Kind

    def clean(self, value: Any) -> Value | None:
        """What is meant, or None where nothing was typed."""
        text = str(super().clean(value) or "").strip()
        if not text:
            return None
        try:
            return self.accept(typed.read(self.kind, text))
        except ValueError as error:
            raise forms.ValidationError(shown(reason(error))) from None

    def accept(self, value: Value) -> Value:
        """What was read, unless it cannot be taken. Raises ValidationError."""
        return value


class DayField(ReadField):
    """A day; a browser that has no calendar sends what was typed."""

    kind = Kind.DATE
    widget = forms.DateInput(attrs={"type": "date"})


class NumberField(ReadField):
    """A number within its bounds; typed as people write one, and not as the browser would."""

    kind = Kind.NUMBER
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, least: float | None = None, most: float | None = None, **about: Any) -> None:
        self.least, self.most = least, most
        super().__init__(**about)
        self.help_text = self._bounds()

    def accept(self, value: Value) -> Value:
        number = float(value)
        too_little = self.least is not None and number < self.least
        if too_little or (self.most is not None and number > self.most):
            raise forms.ValidationError(self._bounds())
        return value

    def _bounds(self) -> str:
        """The bounds in words; empty where there are none."""
        values = {"least": bound(self.least), "most": bound(self.most)}
        if values["least"] and values["most"]:
            return _("A number from %(least)s to %(most)s.") % values
        if values["least"]:
            return _("A number, %(least)s at least.") % values
        return _("A number, %(most)s at most.") % values if values["most"] else ""


def bound(number: float | None) -> str:
    """A bound as it is typed and read: 5 and not 5.0."""
    if number is None:
        return ""
    return written_value(int(number) if number.is_integer() else number)
