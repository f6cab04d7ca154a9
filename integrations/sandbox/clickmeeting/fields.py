"""Reading form fields: everything arrives as text, and all that is wrong is said at once."""

from __future__ import annotations

import re
from typing import Any

from integrations.sandbox.clickmeeting.refusal import Refusal

_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\".]+(\.[^@\s,;<>\".]+)+")
# Python's official client sends "True" and "False"; PHP 1 and 0.
TRUE, FALSE = ("1", "true", "on", "yes"), ("0", "false", "off", "no", "")


def whole_number(text: str) -> int | None:
    """A number as PHP clients send them: plain digits, and not more of them than an id has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


class Fields:
    """Fields of one form, or of one array in it. Getters return None for what was not sent."""

    def __init__(self, form: Any, prefix: str = "", errors: list[Any] | None = None) -> None:
        self._form: dict[str, Any] = form if isinstance(form, dict) else {}
        self._prefix = prefix
        self.errors: list[tuple[str, str]] = [] if errors is None else errors

    def __contains__(self, name: str) -> bool:
        return name in self._form

    def inner(self, name: str) -> Fields:
        """The fields of an array, which report their errors here."""
        return Fields(self._form.get(name), name, self.errors)

    def raw(self, name: str) -> Any:
        return self._form.get(name)

    def wrong(self, name: str, message: str) -> None:
        shown = f"{self._prefix}[{name}]" if self._prefix else name
        self.errors.append((shown, message))

    def check(self) -> None:
        """Raises Refusal 422 with everything that was wrong."""
        if self.errors:
            raise Refusal(422, self.errors)

    def text(self, name: str, *, required: bool = False, longest: int = 0) -> str | None:
        """Trimmed text, as the platform stores it."""
        value = self._form.get(name)
        if isinstance(value, dict):
            self.wrong(name, "A text is expected, not an array.")
            return None
        value = value.strip() if value is not None else None
        if required and not value:
            self.wrong(name, "This value is required.")
        if longest and value and len(value) > longest:
            self.wrong(name, f"The text is longer than {longest} characters.")
        return value

    def boolean(self, name: str, *, required: bool = False) -> bool | None:
        value = self.text(name, required=required)
        if value is None or (required and not value):
            return None
        if value.lower() in TRUE:
            return True
        if value.lower() not in FALSE:
            self.wrong(name, "The value must be true or false.")
        return False

    def integer(
        self, name: str, lowest: int, highest: int, *, required: bool = False
    ) -> int | None:
        value = self.text(name, required=required)
        if not value:
            return None
        number = whole_number(value)
        if number is not None and lowest <= number <= highest:
            return number
        self.wrong(name, f"The value must be a number from {lowest} to {highest}.")
        return None

    def choice(self, name: str, choices: tuple[str, ...], *, required: bool = False) -> str | None:
        value = self.text(name, required=required)
        if value is None or (not value and required):
            return None
        if value not in choices:
            self.wrong(name, f"The value must be one of: {', '.join(choices)}.")
            return None
        return value

    def email(self, name: str, *, required: bool = False) -> str | None:
        value = self.text(name, required=required)
        if value and not _EMAIL.fullmatch(value):
            self.wrong(name, "This is not an e-mail address.")
        return value
