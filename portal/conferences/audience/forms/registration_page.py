"""The forms of a registration page: what staff set, what they ask, and what people fill in."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.common.reader.characters import fold
from portal.conferences.audience import typed
from portal.conferences.audience.forms.answer_boxes import NumberField, bound, box, too_long
from portal.conferences.audience.services.registering import DATE_GONE, Given, Offer
from portal.conferences.audience.services.registration_pages import (
    MOST_OPTIONS,
    MOST_QUESTIONS,
    SETTINGS_OF_SERIES,
    Asked,
)
from portal.conferences.models import Question, RegistrationPage
from portal.conferences.people.forms.address import AddressField, NameField

INTRO_LENGTH, LABEL_LENGTH, OPTION_LENGTH = 5000, 500, 200
BOUND_LENGTH, FIELD_LENGTH = 40, 200
MOST_PLACES = 100_000
MOST_ORIGINS = 10
SPARE_ROWS = 2
LONGEST_OPEN = 24 * 3600  # seconds between showing the page and sending it
ORIGIN = re.compile(
    r"https://[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*(?::\d{1,5})?"
)


class PageForm(forms.ModelForm):  # type: ignore[type-arg]
    """How a registration page works. `version` is that of the page that is edited."""

    use_required_attribute = False
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    switch_on = forms.BooleanField(
        label=gettext_lazy("Switch registration on"), required=False, initial=True
    )
    limit = forms.IntegerField(
        label=gettext_lazy("Places"),
        required=False,
        min_value=1,
        max_value=MOST_PLACES,
        help_text=gettext_lazy("Leave it empty to let in as many as come."),
    )
    intro = forms.CharField(
        label=gettext_lazy("What stands above the form"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    opens_at = forms.DateTimeField(
        label=gettext_lazy("Opens"),
        required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )
    closes_at = forms.DateTimeField(
        label=gettext_lazy("Closes"),
        required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        help_text=gettext_lazy("By your clock. Left empty, it is open until the webinar ends."),
    )

    class Meta:
        model = RegistrationPage
        fields = SETTINGS_OF_SERIES
        labels = {
            "dates": gettext_lazy("For which dates people register"),
            "open": gettext_lazy("People can register on this page"),
            "reach": gettext_lazy("Who can open it"),
            "waitlist": gettext_lazy("When all places are taken, people wait for one"),
            "approval": gettext_lazy("Somebody of us approves each registration"),
            "frame_origins": gettext_lazy("Web sites that may show it inside a page of theirs"),
        }
        help_texts = {
            "open": "",
            "waitlist": gettext_lazy(
                "Whoever waits moves up by themselves when a place becomes free, and is told "
                "by mail."
            ),
            "approval": gettext_lazy("Whom you have invited yourselves is let in at once."),
            "frame_origins": gettext_lazy("One to a line, such as https://www.example.com."),
        }
        widgets = {
            "frame_origins": forms.Textarea(attrs={"rows": 2}),
            "dates": forms.RadioSelect,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version
        if self.instance.series_id is None:
            del self.fields["dates"]
            return
        self.fields["limit"].label = _("Places at each date")
        self.fields["waitlist"].help_text = _(
            "Each date has its own list. Whoever waits moves up by themselves when a place becomes "
            "free, and is told by mail."
        )
        self.fields["approval"].help_text = _(
            "Once for all dates of a person. Whom you have invited yourselves is let in at once."
        )
        self.fields["closes_at"].help_text = _(
            "By your clock. Left empty, each date is open until it begins."
        )

    def clean_intro(self) -> str:
        """Checked here and not by the browser, which would cut a long text off."""
        text = str(self.cleaned_data["intro"])
        if len(text) > INTRO_LENGTH:
            raise forms.ValidationError(too_long(INTRO_LENGTH, len(text)))
        return text

    def clean_frame_origins(self) -> str:
        """Origins alone: each becomes a part of the page's policy."""
        lines = str(self.cleaned_data["frame_origins"]).lower().split()
        if len(lines) > MOST_ORIGINS:
            said = _("At most %(count)d web sites.") % {"count": MOST_ORIGINS}
            raise forms.ValidationError(said)
        for line in lines:
            if len(line) > OPTION_LENGTH or not ORIGIN.fullmatch(line.rstrip("/")):
                said = _("%(line)s is no web site: it begins with https:// and has no path.")
                raise forms.ValidationError(said % {"line": line[:80]})
        return "\n".join(dict.fromkeys(line.rstrip("/") for line in lines))

    def clean(self) -> dict[str, Any]:
        """It cannot close before it opens."""
        given = super().clean() or self.cleaned_data
        opens, closes = given.get("opens_at"), given.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("It has to close after it opens."))
        return given


class QuestionForm(forms.Form):
    """One question; a row without words is none."""

    use_required_attribute = False
    pk = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    label = forms.CharField(label=gettext_lazy("Question"), required=False, max_length=LABEL_LENGTH)
    kind = forms.ChoiceField(label=gettext_lazy("Answer"), choices=Question.Kind.choices)
    options = forms.CharField(
        label=gettext_lazy("Choices, one to a line"),
        required=False,
        help_text=gettext_lazy("Only where something is chosen."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    least = forms.CharField(
        label=gettext_lazy("A number: at least"),
        required=False,
        max_length=BOUND_LENGTH,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    most = forms.CharField(
        label=gettext_lazy("A number: at most"),
        required=False,
        max_length=BOUND_LENGTH,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    field_there = forms.CharField(
        label=gettext_lazy("Field on the platform"),
        required=False,
        max_length=FIELD_LENGTH,
        widget=forms.TextInput(attrs={"list": "fields-there", "autocomplete": "off"}),
    )
    required = forms.BooleanField(label=gettext_lazy("Has to be answered"), required=False)
    position = forms.IntegerField(
        label=gettext_lazy("Its place in the form"), required=False, min_value=1, max_value=999
    )
    remove = forms.BooleanField(label=gettext_lazy("Ask this no more"), required=False)

    def __init__(self, *args: Any, about_field: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field_there"].help_text = about_field

    def clean(self) -> dict[str, Any]:
        """Choices where there is something to choose from, bounds where something is counted."""
        given = super().clean() or self.cleaned_data
        beside: dict[str, Any] = {"options": [], "least": None, "most": None}
        if (
            self.add_prefix("field_there") not in self.data
        ):  # the platform has none, nor is it asked
            beside["field_there"] = None
        if self.asks and given.get("kind") in typed.CHOSEN:
            beside["options"] = self._options(str(given.get("options") or ""))
        if self.asks and given.get("kind") == Question.Kind.NUMBER:
            beside |= self._bounds(given)
        return given | beside

    def _options(self, text: str) -> list[str]:
        lines = [" ".join(line.split()) for line in text.splitlines()]
        options = list(dict.fromkeys(line for line in lines if line))
        if len(options) < 2:
            self.add_error("options", _("Please give at least two, one to a line."))
        if len(options) > MOST_OPTIONS or any(len(line) > OPTION_LENGTH for line in options):
            said = _("At most %(count)d, of %(length)d characters each.")
            values = {"count": MOST_OPTIONS, "length": OPTION_LENGTH}
            self.add_error("options", said % values)
        return options

    def _bounds(self, given: dict[str, Any]) -> dict[str, float | None]:
        found: dict[str, float | None] = {"least": None, "most": None}
        for name in found:
            try:
                value = NumberField(required=False).clean(given.get(name))
            except forms.ValidationError as error:
                self.add_error(name, error)
            else:
                found[name] = None if value is None else float(value)
        least, most = found.values()
        if least is not None and most is not None and most < least:
            self.add_error("most", _("This has to be as much as the least, or more."))
        return found

    @property
    def asks(self) -> bool:
        """Whether it is a question at all."""
        given = self.cleaned_data
        return bool(str(given.get("label") or "").strip()) and not given.get("remove")


class QuestionRows(forms.BaseFormSet):  # type: ignore[type-arg]
    """The questions of a page, and a few spare rows."""

    @property
    def questions(self) -> list[Asked]:
        """What is asked, by the places that were typed; those without one come last."""
        rows = [form.cleaned_data for form in self.forms if form.asks]
        rows.sort(key=lambda row: row.get("position") or 1000)
        return [
            Asked(
                row["kind"],
                row["label"].strip(),
                row["options"],
                row["required"],
                row.get("pk"),
                row["least"],
                row["most"],
                row["field_there"],
            )
            for row in rows
        ]

    @property
    def seen(self) -> set[int]:
        """Which questions the page showed that was sent."""
        return {pk for form in self.forms if (pk := form.cleaned_data.get("pk"))}

    def clean(self) -> None:
        """A field of the platform holds the answers to one question."""
        taken: set[str] = set()
        for form in self.forms:
            name = fold(str(form.cleaned_data.get("field_there") or "")) if form.is_valid() else ""
            if not name or not form.asks:
                continue
            if name in taken:
                form.add_error("field_there", _("Another question is tied to this field."))
            taken.add(name)


_Rows: Any = forms.formset_factory(
    QuestionForm,
    formset=QuestionRows,
    extra=SPARE_ROWS,
    max_num=MOST_QUESTIONS,
    absolute_max=MOST_QUESTIONS + SPARE_ROWS,
    validate_max=True,
)


def question_rows(page: RegistrationPage, data: Any = None, about_field: str = "") -> QuestionRows:
    """The rows as they stand, or as they were sent; `about_field` says what a platform's field is
    for."""
    rows = page.questions.all() if page.pk else []
    initial = [
        {
            "pk": one.pk,
            "label": one.label,
            "kind": one.kind,
            "options": "\n".join(one.options),
            "least": bound(one.least),
            "most": bound(one.most),
            "field_there": one.field_there,
            "required": one.required,
            "position": number,
        }
        for number, one in enumerate(rows, 1)
    ]
    made: QuestionRows = _Rows(
        data, initial=initial, prefix="questions", form_kwargs={"about_field": about_field}
    )
    return made


class RegistrationForm(forms.Form):
    """What somebody outside fills in. `website` is for programs that fill in everything; `shown`
    says when the page was opened. `dates` are asked for where people choose them."""

    use_required_attribute = False
    email = AddressField(label=gettext_lazy("E-mail"))
    first_name = NameField(label=gettext_lazy("First name"))
    last_name = NameField(label=gettext_lazy("Last name"))
    company = NameField(label=gettext_lazy("Company"), required=False)
    website = forms.CharField(
        label=gettext_lazy("Please leave this empty"), required=False, max_length=200
    )
    shown = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(
        self, page: RegistrationPage, data: Any = None, offered: Sequence[Offer] = ()
    ) -> None:
        super().__init__(data, initial={"shown": signing.dumps(page.pk, salt="registration")})
        self.page = page
        if page.chooses:
            self.fields["dates"] = _dates(offered)
        self.questions = list(page.questions.all())
        for name, hint in _AUTOCOMPLETE.items():
            self.fields[name].widget.attrs["autocomplete"] = hint
        self.fields["website"].widget.attrs |= {"autocomplete": "off", "tabindex": "-1"}
        for one in self.questions:
            self.fields[f"q{one.pk}"] = box(one)

    @property
    def asked(self) -> list[Any]:
        """The boxes of the page's own questions."""
        return [self[f"q{one.pk}"] for one in self.questions]

    @property
    def by_program(self) -> bool:
        """Whether a program has filled in what nobody sees."""
        return bool(self.data.get("website"))

    def clean(self) -> dict[str, Any] | None:
        """The page was opened here, and not long ago; sent again as it is shown then, it is."""
        given = super().clean()
        try:
            stamp = str(self.cleaned_data.get("shown"))
            of = signing.loads(stamp, salt="registration", max_age=LONGEST_OPEN)
        except signing.BadSignature:  # too old, or not ours
            of = None
        if of != self.page.pk:
            sent: Any = self.data.copy()  # type: ignore[attr-defined]
            sent["shown"] = self.initial["shown"]
            self.data = sent
            self.add_error(None, _("This page was open for long. Please send it again."))
        return given

    @property
    def given(self) -> Given:
        """What was typed, ready to be kept."""
        values = self.cleaned_data
        answers = {one.pk: typed.kept(one.kind, values.get(f"q{one.pk}")) for one in self.questions}
        return Given(
            values["email"],
            values["first_name"],
            values["last_name"],
            values["company"],
            {pk: value for pk, value in answers.items() if value},
            [int(pk) for pk in values.get("dates", ())],
        )


_AUTOCOMPLETE = {
    "email": "email",
    "first_name": "given-name",
    "last_name": "family-name",
    "company": "organization",
}


def _dates(offered: Sequence[Offer]) -> forms.Field:
    """Those for which there is a place, or a line to wait in."""
    return forms.MultipleChoiceField(
        label=gettext_lazy("Dates"),
        choices=[(str(one.conference.pk), "") for one in offered if not one.full],
        error_messages={
            "required": gettext_lazy("Please choose one date at least."),
            "invalid_choice": DATE_GONE,
        },
    )
