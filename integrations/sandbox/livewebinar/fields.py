"""Reading what was sent, form or JSON: as text, and all that is wrong is said at once."""

from __future__ import annotations

import json
import re
from typing import Any

from integrations.sandbox.call import Call
from integrations.sandbox.forms import listed, nest
from integrations.sandbox.livewebinar.refusal import Errors, Refusal, invalid

_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\".]+(\.[^@\s,;<>\".]+)+")
TRUE, FALSE = ("1", "true", "on", "yes"), ("0", "false", "off", "no", "")


def sent(call: Call) -> dict[str, Any]:
    """The parameters of a call: the query (a public client logs in by it), below the body.

    Raises Refusal 400 for a JSON body that cannot be read.
    """
    return {**nest(call.query), **nest(call.fields), **_json(call)}


def whole_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


class Fields:
    """Parameters of one request, trimmed. Getters return None for what was not sent."""

    def __init__(self, form: Any) -> None:
        self._form: dict[str, Any] = form if isinstance(form, dict) else {}
        self.errors: Errors = {}

    def __contains__(self, name: str) -> bool:
        return name in self._form

    def raw(self, name: str) -> Any:
        return self._form.get(name)

    def wrong(self, name: str, message: str) -> None:
        self.errors.setdefault(name, []).append(message)

    def check(self) -> None:
        """Raises Refusal 422 with everything that was wrong."""
        if self.errors:
            raise invalid(self.errors)

    def text(self, name: str, *, required: bool = False, longest: int = 0) -> str | None:
        value = self._form.get(name)
        if isinstance(value, dict):
            self.wrong(name, f"The {name} must be a text.")
            return None
        value = value.strip() if value is not None else None
        if required and not value:
            self.wrong(name, f"The {name} field is required.")
        if longest and value and len(value) > longest:
            self.wrong(name, f"The {name} may not be longer than {longest} characters.")
        return value

    def boolean(self, name: str) -> bool | None:
        value = self.text(name)
        if value is None:
            return None
        if value.lower() not in TRUE + FALSE:
            self.wrong(name, f"The {name} field must be true or false.")
        return value.lower() in TRUE

    def integer(
        self, name: str, lowest: int, highest: int, *, required: bool = False
    ) -> int | None:
        value = self.text(name, required=required)
        if not value:
            return None
        number = whole_number(value)
        if number is not None and lowest <= number <= highest:
            return number
        self.wrong(name, f"The {name} must be a number from {lowest} to {highest}.")
        return None

    def choice(self, name: str, choices: tuple[str, ...], *, required: bool = False) -> str | None:
        """An empty value counts as none: the Moodle plugin sends `status` so."""
        value = self.text(name, required=required)
        if not value:
            return None
        if value not in choices:
            self.wrong(name, f"The selected {name} is invalid.")
            return None
        return value

    def email(self, name: str, *, required: bool = False) -> str | None:
        value = self.text(name, required=required)
        if value and not _EMAIL.fullmatch(value):
            self.wrong(name, f"The {name} must be a valid email address.")
        return value

    def ids(self, name: str) -> list[int]:
        """Ids of an array such as `presenters[0]=5`; what is no id is an error."""
        texts = [str(one).strip() for one in listed(self._form.get(name))]
        numbers = [whole_number(text) for text in texts if text]
        if None in numbers:
            self.wrong(name, f"The {name} must be a list of ids.")
        return [number for number in numbers if number is not None]


def _json(call: Call) -> dict[str, Any]:
    if not call.header("content-type").lower().startswith("application/json") or not call.body:
        return {}
    try:
        body = json.loads(call.body.decode("utf-8"))
        plain = _as_form(body)
    except (ValueError, RecursionError):
        raise Refusal(400, "The body is not valid JSON.") from None
    if not isinstance(body, dict):
        raise Refusal(400, "The body must be a JSON object.")
    found: dict[str, Any] = plain
    return found


def _as_form(value: Any) -> Any:
    """A JSON value in the form that a nested form has: text at the leaves, dicts above."""
    if isinstance(value, dict):
        return {str(key): _as_form(one) for key, one in value.items()}
    if isinstance(value, list):
        return {str(place): _as_form(one) for place, one in enumerate(value)}
    if isinstance(value, bool):
        return str(int(value))
    text = "" if value is None else str(value)
    if "\0" in text:
        raise ValueError("NUL")
    text.encode("utf-8")  # a lone surrogate raises UnicodeEncodeError, a ValueError
    return text
