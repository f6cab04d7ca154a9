"""One group, and the filters of the lists around it."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.common.errors import NotPossible
from portal.common.forms import LenientForm
from portal.common.reader.characters import check_text
from portal.common.reader.own import OwnColumn
from portal.common.reader.saying import reason
from portal.common.texts import shown
from portal.conferences.models import AttendeeGroup
from portal.conferences.people.services import clauses, fields
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


@dataclass(slots=True)
class Line:
    """One line of a rule in the form: its sort, what was typed, and what is wrong with it."""

    what: str
    value: str
    number: int
    error: str = ""
    column: OwnColumn | None = None

    @property
    def label(self) -> str:
        kind = clauses.KINDS.get(self.what)
        if kind is not None:
            return str(kind.label)
        return self.column.label if self.column else _("A column that was deleted")

    @property
    def takes(self) -> str:
        return clauses.takes(self.what)

    @property
    def offers(self) -> str:
        """The list on the page from which its value may be chosen; empty where there is none."""
        return {"webinar": "webinars", "series": "series", "tag": "tag-names"}.get(self.takes, "")


class RuleForm(GroupForm):
    """A group by rule: its name, and the lines of its rule.

    Lines are added and removed by buttons of the form; each has one `what` and one `value`, in
    their order.
    """

    join = forms.ChoiceField(
        label=gettext_lazy("Who fits"),
        widget=forms.RadioSelect,
        initial=clauses.ALL,
        choices=[
            (clauses.ALL, gettext_lazy("Whoever fits all lines")),
            (clauses.ANY, gettext_lazy("Whoever fits any of them")),
        ],
    )

    def __init__(self, data: Any = None, *, instance: AttendeeGroup | None = None) -> None:
        """Bound only where it is to be saved: who adds a line is not told what is missing."""
        rule = instance.rule if instance is not None else None
        start = {"join": rule["join"]} if rule else {}
        if data is not None:
            start |= {name: data.get(name, "") for name in ("name", "description", "join")}
        saving = data is not None and data.get("action") == "save"
        super().__init__(data if saving else None, instance=instance, initial=start)
        self.way = start.get("join", clauses.ALL)
        self.own = {column.meaning: column for column in fields.columns()}
        if data is not None:
            pairs = list(zip(data.getlist("what"), data.getlist("value"), strict=False))
            pairs = self._asked(data, pairs[: clauses.MOST_CLAUSES])
        else:
            pairs = clauses.typed(rule) if rule else []
        self.lines = [
            Line(what, value, number, column=self.own.get(what))
            for number, (what, value) in enumerate(pair for pair in pairs if clauses.takes(pair[0]))
        ]
        self.problem = ""

    def _asked(self, data: Any, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """The lines after the button that was pressed."""
        removed = data.get("without", "")  # "remove" would hide the form's own method
        if removed.isascii() and removed.isdecimal() and int(removed[:4]) < len(pairs):
            del pairs[int(removed[:4])]
        if data.get("action") == "add" and len(pairs) < clauses.MOST_CLAUSES:
            pairs.append((data.get("more", ""), ""))
        return pairs

    @property
    def full(self) -> bool:
        return len(self.lines) >= clauses.MOST_CLAUSES

    def read_rule(self, *, quiet: bool = True) -> clauses.Rule | None:
        """The rule that the lines mean; None where one of them is wrong, and then it says so
        unless it is to be quiet."""
        found = []
        wrong = False
        for line in self.lines:
            try:
                found.append(clauses.checked(line.what, line.value, self.own))
            except ValueError as error:
                wrong = True
                line.error = "" if quiet else clauses.problem(error)
        if wrong:
            self.problem = _("Look at the lines of the rule.")
            return None
        try:
            return clauses.rule_of(self.way, found)
        except NotPossible as error:
            self.problem = error.sentence
        return None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        rule = self.read_rule(quiet=False)
        if rule is None:
            self.add_error(None, self.problem)
        return given | {"rule": rule}


class GroupFilter(LenientForm):
    """The list of groups, or the members of one."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False)
    sort = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)
