"""Reading what was sent: JSON, query or form. All that is wrong is said at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from integrations.sandbox.forms import listed
from integrations.sandbox.webinarfuel import moments
from integrations.sandbox.webinarfuel.refusal import Errors, Refusal, bad_request

_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\".]+(\.[^@\s,;<>\".]+)+")
_TRUE, _FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off", "")
_REQUIRED = "is required"


class Fields:
    """Getters return None for what was not sent; `check` refuses with everything wrong."""

    def __init__(self, values: Any, errors: Errors | None = None) -> None:
        self._values: dict[str, Any] = values if isinstance(values, dict) else {}
        self.errors: Errors = {} if errors is None else errors

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def wrong(self, name: str, message: str) -> None:
        self.errors.setdefault(name, []).append(message)

    def refusal(self, name: str, message: str) -> Refusal:
        """A Refusal 400 of this and of everything that was wrong before."""
        self.wrong(name, message)
        return bad_request(self.errors)

    def check(self) -> None:
        """Raises Refusal 400."""
        if self.errors:
            raise bad_request(self.errors)

    def text(self, name: str, *, required: bool = False) -> str | None:
        """Trimmed text; a number is taken as text, since clients send phones and ids so."""
        value = self._plain(name, self._values.get(name))
        if required and not value and name not in self.errors:
            self.wrong(name, _REQUIRED)
        return value

    def first_of(self, *names: str) -> str | None:
        """The first that is not empty of several spellings: `time_zone` and `timezone`."""
        return next(filter(None, map(self.text, names)), None)

    def whole(
        self, name: str, lowest: int = 1, highest: int = 10**18, *, required: bool = False
    ) -> int | None:
        """A whole number, as number or as text."""
        value = self.text(name, required=required)
        if not value:
            return None
        number = int(value) if value.isascii() and value.isdigit() and len(value) < 19 else -1
        if lowest <= number <= highest:
            return number
        upto = f" to {highest}" if highest < 10**18 else ""
        self.wrong(name, f"must be a number from {lowest}{upto}")
        return None

    def flag(self, name: str) -> bool:
        value = (self.text(name) or "").lower()
        if value not in (*_TRUE, *_FALSE):
            self.wrong(name, "must be true or false")
        return value in _TRUE

    def email(self, name: str, *, required: bool = False) -> str | None:
        value = self.text(name, required=required)
        if value and not _EMAIL.fullmatch(value):
            self.wrong(name, "is not an e-mail address")
        return value

    def zone(self, *names: str) -> str | None:
        """The name of a time zone in the tz database."""
        value = self.first_of(*names)
        if value and value not in moments.known_zones():
            self.wrong(names[0], "is not the name of a time zone")
            return None
        return value

    def moment(
        self, name: str, parse: Callable[[str], datetime] = moments.parse
    ) -> datetime | None:
        value = self.text(name)
        if not value:
            return None
        try:
            return parse(value)
        except ValueError:
            self.wrong(name, "must be a time in ISO 8601 format")
            return None

    def texts(self, name: str, *, required: bool = False) -> list[str] | None:
        """A list of texts, each once; a form's `tags[]=a&tags[]=b` is one as well."""
        value = self._values.get(name)
        items = listed(value) if isinstance(value, dict) else value
        if items is not None and not isinstance(items, list):
            self.wrong(name, "must be an array")
            return None
        found = [self._plain(name, item) for item in items or ()]
        if required and not any(found):
            self.wrong(name, _REQUIRED)
        return None if items is None else list(dict.fromkeys(filter(None, found)))

    def pairs(self, name: str) -> dict[str, str] | None:
        """An object of plain values, such as `custom_fields`."""
        value = self._values.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.wrong(name, "must be an object")
            return None
        return {
            self._plain(name, key) or "": self._plain(name, item) or ""
            for key, item in value.items()
        }

    def _plain(self, name: str, value: Any) -> str | None:
        if value is None:
            return None
        if isinstance(value, bool):
            return str(value).lower()
        if not isinstance(value, str | int | float):
            self.wrong(name, "must be plain text")
            return None
        if isinstance(value, int) and abs(value) > 10**18:
            self.wrong(name, "is too large a number")
            return None
        text = str(value).strip()
        # JSON can escape what no database keeps: a NUL, and half of a surrogate pair.
        if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
            self.wrong(name, "holds characters that are not valid")
            return None
        return text
