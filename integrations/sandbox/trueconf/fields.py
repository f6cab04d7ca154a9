"""Reading the fields of a request: JSON values, or the texts of a form; all errors at once."""

from __future__ import annotations

import re
from typing import Any

from integrations.sandbox.forms import listed
from integrations.sandbox.trueconf.refusal import Detail, Refusal, detail
from integrations.sandbox.trueconf.versions import NEWEST

_INTEGER = re.compile(r"-?\d{1,12}", re.ASCII)
TRUE, FALSE = (True, 1, "1", "true"), (False, 0, "0", "false", "")


class Fields:
    """The fields of one object, sent to version `minor`. Getters note what is wrong and answer
    None for it."""

    def __init__(
        self,
        values: Any,
        minor: int = NEWEST,
        prefix: str = "",
        errors: list[Detail] | None = None,
        *,
        strict: bool = False,
    ) -> None:
        self.values: dict[str, Any] = values if isinstance(values, dict) else {}
        self.minor = minor
        self._prefix = prefix
        self.errors: list[Detail] = [] if errors is None else errors
        self.strict = strict

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def inner(self, name: str, values: Any = None) -> Fields:
        """An object in a field, or a given one, which reports its errors here."""
        found = self.values.get(name) if values is None else values
        if not isinstance(found, dict):
            self.invalid(name, "an object is expected")
        place = self._place(name)
        return Fields(found, self.minor, place, self.errors, strict=self.strict)

    def wrong(self, reason: str, message: str, name: str) -> None:
        """Note what is wrong with a field; `check` raises it."""
        self.errors.append(detail(reason, message, self._place(name)))

    def invalid(self, name: str, why: str) -> None:
        """Note that a value is not valid."""
        self.wrong("invalidValue", f"The value of the field is not valid: {why}.", name)

    def missing(self, name: str) -> None:
        """Note that a required field is missing."""
        self.wrong("missingRequiredField", "Missing required field.", name)

    def only(self, known: set[str], read_only: set[str] | None = None) -> None:
        """Leave out fields that are not known or cannot be written; a strict server complains."""
        locked = read_only or set()
        extra = [name for name in self.values if name not in known or name in locked]
        for name in extra if self.strict else ():
            if name in locked:
                self.wrong("readOnlyField", "The field cannot be written.", name)
            else:
                self.wrong("unknownField", "There is no such field.", name)
        self.values = {name: self.values[name] for name in self.values if name not in extra}

    def check(self) -> None:
        """Raises Refusal 400 with everything that was wrong."""
        if self.errors:
            raise Refusal(400, *self.errors)

    def required(self, name: str) -> bool:
        """Whether the field is there; complains if not."""
        if self.values.get(name) in (None, ""):
            self.missing(name)
            return False
        return True

    def text(self, name: str, shortest: int = 0, longest: int = 100_000) -> str | None:
        """Trimmed text; numbers are taken as text, as PHP does."""
        value = self.values.get(name)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self.invalid(name, "a text is expected")
            return None
        text = str(value).strip()
        if not shortest <= len(text) <= longest or "\0" in text or not _encodable(text):
            self.invalid(name, f"{shortest} to {longest} characters are expected")
            return None
        return text

    def integer(self, name: str, lowest: int, highest: int) -> int | None:
        """A whole number within bounds; None, and noted, where it is none."""
        value = self.values.get(name)
        text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
        number = int(text) if _INTEGER.fullmatch(text) else None
        if number is None or not lowest <= number <= highest:
            self.invalid(name, f"a number from {lowest} to {highest} is expected")
            return None
        return number

    def one_of(self, name: str, *allowed: Any) -> Any:
        """One of the allowed values; None, and noted, where it is none."""
        value = self.values.get(name)
        if isinstance(value, bool):
            value = int(value)
        found = next((one for one in allowed if str(one) == str(value)), None)
        if found is None:
            self.invalid(name, f"one of {', '.join(map(str, allowed))} is expected")
        return found

    def boolean(self, name: str) -> bool | None:
        """Yes or no, however it is written; None, and noted, where it is neither."""
        value = self.values.get(name)
        value = value.lower() if isinstance(value, str) else value
        if isinstance(value, bool | int | str) and value in (*TRUE, *FALSE):
            return value in TRUE
        self.invalid(name, "true or false is expected")
        return None

    def items(self, name: str) -> list[Any]:
        """A list; a form's list comes as an object with numbers for keys."""
        value = self.values.get(name)
        if isinstance(value, list):
            return value
        if isinstance(value, dict) and all(key.isdigit() for key in value):
            return listed(value)
        self.invalid(name, "a list is expected")
        return []

    def texts(self, name: str, *allowed: str) -> list[str]:
        """A list of texts, each at most once, in the order given."""
        found = self.items(name)
        if not all(isinstance(one, str) and (not allowed or one in allowed) for one in found):
            self.invalid(name, f"a list of {', '.join(allowed) or 'texts'} is expected")
            return []
        return list(dict.fromkeys(one.strip() for one in found))

    def _place(self, name: str) -> str:
        return f"{self._prefix}.{name}" if self._prefix else name


def _encodable(text: str) -> bool:
    """JSON can hold half a surrogate pair, which is no text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
