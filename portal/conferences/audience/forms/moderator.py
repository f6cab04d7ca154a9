"""The people who run a conference: one form each, and the few rows of the schedule form."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.conferences.models import Moderator
from portal.conferences.people.forms.address import AddressField, NameField
from portal.conferences.people.forms.beside import NameBesideAddress

MOST_ROWS = 30
SPARE_ROWS = 1


class ModeratorForm(NameBesideAddress):
    """A person and a role; left empty as a whole where it is a spare row."""

    name = NameField(label=gettext_lazy("Name"))
    email = AddressField(label=gettext_lazy("E-mail"))
    role = forms.ChoiceField(label=gettext_lazy("Role"))

    def __init__(
        self, *args: Any, roles: Sequence[tuple[str, str]], spare: bool = False, **kwargs: Any
    ) -> None:
        given = {"use_required_attribute": False, "empty_permitted": spare}
        super().__init__(*args, **(given | kwargs))
        self.fields["role"].choices = list(roles)  # type: ignore[attr-defined]
        self.fields["role"].initial = roles[0][0] if roles else ""
        if spare:
            for name in ("name", "email", "role"):
                self.fields[name].required = False

    def has_changed(self) -> bool:
        """A role alone says nothing: every row has one chosen."""
        return bool(set(self.changed_data) & {"name", "email"})

    def clean(self) -> dict[str, Any]:
        """A row that was begun must be finished."""
        cleaned = super().clean()
        for name, text in (
            ("name", _("Please add the name.")),
            ("email", _("Please add the address.")),
        ):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, text)
        return cleaned


class ModeratorRows:
    """The moderators of a conference that is being scheduled: filled rows and a spare one.

    `data` is what was posted, if anything; `checked` shows what is wrong with it.
    """

    def __init__(
        self,
        roles: Sequence[tuple[str, str]],
        data: Mapping[str, Any] | None = None,
        *,
        checked: bool = False,
        more: bool = False,
    ) -> None:
        self.count = min(_number(data) + (1 if more else 0), MOST_ROWS)
        self.full = self.count >= MOST_ROWS
        self.forms = [self._row(i, roles, data, checked) for i in range(self.count)]

    @staticmethod
    def _row(
        index: int, roles: Sequence[tuple[str, str]], data: Mapping[str, Any] | None, checked: bool
    ) -> ModeratorForm:
        prefix = f"moderators-{index}"
        if data is None or checked:
            return ModeratorForm(data, prefix=prefix, roles=roles, spare=True)
        typed = {name: data.get(f"{prefix}-{name}") for name in ("name", "email", "role")}
        initial = {name: value for name, value in typed.items() if value is not None}
        return ModeratorForm(prefix=prefix, roles=roles, spare=True, initial=initial)

    def is_valid(self) -> bool:
        """Whether every row that was begun can be used, and no address comes twice."""
        good, seen = True, set[str]()
        for form in self.forms:
            good = form.is_valid() and good
            email = str(form.cleaned_data.get("email") or "").lower() if form.is_valid() else ""
            if email and email in seen:
                form.add_error("email", _("This address stands above already."))
                good = False
            seen.add(email)
        return good

    @property
    def addresses(self) -> list[str]:
        """The addresses as they were typed so far, whether they can be used or not."""
        return [str(form["email"].value() or "").strip() for form in self.forms]

    @property
    def people(self) -> list[dict[str, str]]:
        """The filled rows as the service takes them; call `is_valid` first."""
        rows = [form.cleaned_data for form in self.forms if form.has_changed()]
        fallback = Moderator.Role.PRESENTER.value
        return [
            {"name": r["name"], "email": r["email"], "role": r.get("role") or fallback}
            for r in rows
        ]


def _number(data: Mapping[str, Any] | None) -> int:
    """How many rows were posted, whatever was put in that field."""
    text = str((data or {}).get("moderators-count") or "")
    return min(int(text[:9]), MOST_ROWS) if text.isascii() and text.isdigit() else SPARE_ROWS
