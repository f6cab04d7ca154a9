"""Forms that filter a list."""

from typing import Any

from django import forms


class LenientForm(forms.Form):
    """A filter form of which only the usable part counts."""

    def __init__(self, data: Any) -> None:
        super().__init__(data or {}, use_required_attribute=False, auto_id="filter_%s")

    @property
    def chosen(self) -> dict[str, Any]:
        """Every filter that was set to something usable."""
        self.is_valid()
        return {k: v for k, v in self.cleaned_data.items() if v not in ("", None)}
