"""What forms have in common: refusals beside their fields, and filters of a list."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from portal.common.errors import NotPossible


def _same(name: str) -> str:
    return name


def put_refusal(
    form: forms.BaseForm,
    refusal: NotPossible,
    field: str | None = None,
    *,
    named: Callable[[str], str] = _same,
) -> None:
    """Put what a service refused beside the fields that it names.

    Where no field of the form shows any of it, the sentence stands beside `field`, or on top of
    the form. `named` says what the form calls a field of the service. A field that has an error
    already keeps that one alone.
    """
    placed = False
    for name, texts in refusal.field_errors.items():
        shown = named(name)
        if shown in form.fields:
            if shown not in form.errors:
                form.add_error(shown, list(texts))
            placed = True
    if not placed:
        form.add_error(field, refusal.sentence)


class LongSelect(forms.Select):
    """One of hundreds, such as the time zones: written in one go.

    Django renders each option by two templates, which took two thirds of such a page's time.
    Choices are plain pairs, without groups.
    """

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """The element as Django would write it, without its blank lines."""
        shown = forms.Widget.get_context(self, name, value, attrs)["widget"]
        chosen = self.format_value(value)
        options = format_html_join(
            "\n",
            "<option{}>{}</option>",
            (
                (flatatt({"value": k, "selected": str(k) in chosen}), text)
                for k, text in self.choices
            ),
        )
        return format_html(
            '<select name="{}"{}>{}</select>', name, flatatt(shown["attrs"]), options
        )


class LenientForm(forms.Form):
    """A filter form of which only the usable part counts."""

    def __init__(self, data: Any) -> None:
        super().__init__(data or {}, use_required_attribute=False, auto_id="filter_%s")

    @property
    def chosen(self) -> dict[str, Any]:
        """Every filter that was set to something usable."""
        self.is_valid()
        return {k: v for k, v in self.cleaned_data.items() if v not in ("", None)}
