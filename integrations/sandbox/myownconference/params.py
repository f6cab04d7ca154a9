"""Reading a command's parameters: the first thing that is wrong ends the command."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import datetime
from typing import Any

from integrations.sandbox.myownconference import zone

# "All characters are allowed except": the dot at the very end ends the sentence.
FORBIDDEN = set("^~!@#$%&*()+=[{}]\\|:;,<>/?")
YES_NO = ("YES", "NO")
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\".]+(\.[^@\s,;<>\".]+)+")
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


class Refusal(Exception):
    """The platform says no: HTTP 200, and the text under `response.error`."""


class Params:
    """`params` of one request: named values, or a list. Getters return None for what is absent."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    @property
    def named(self) -> dict[str, Any]:
        """PHP writes an empty array as a list."""
        if isinstance(self._raw, dict):
            return self._raw
        if self._raw:
            raise Refusal("Named parameters are expected")
        return {}

    def __contains__(self, name: str) -> bool:
        return name in self.named

    def known(self, *names: str) -> None:
        """Refuse parameters that the command does not have."""
        if unknown := sorted(set(self.named) - set(names)):
            raise Refusal(f"Unknown parameter: {unknown[0]}")

    def inner(self, name: str) -> Params:
        """The parameters inside one of these."""
        return Params(self.named.get(name))

    def text(
        self, name: str, *, required: bool = False, shortest: int = 0, longest: int = 0
    ) -> str | None:
        """Trimmed; numbers count as text, since PHP clients send both."""
        value = self.named.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, (str, int))):
            raise Refusal(f"Parameter {name} must be a text")
        text = None if value is None else str(value).strip()
        if required and not text:
            raise Refusal(f"Parameter {name} is required")
        if text and not shortest <= len(text) <= (longest or len(text)):
            raise Refusal(f"Parameter {name} must have {shortest} to {longest} characters")
        return text

    def plain(
        self, name: str, *, required: bool = False, shortest: int = 0, longest: int = 0
    ) -> str | None:
        """A text without the characters that names may not have."""
        text = self.text(name, required=required, shortest=shortest, longest=longest)
        if text and FORBIDDEN & set(text):
            raise Refusal(f"Parameter {name} has characters that are not allowed")
        return text

    def full_name(self, name: str = "name", *, required: bool = True) -> str | None:
        """2 to 64 characters."""
        text = self.plain(name, required=required, shortest=2, longest=64)
        if text == "":
            raise Refusal(f"Parameter {name} must have 2 to 64 characters")
        return text

    def email(self, name: str = "email", *, required: bool = True) -> str | None:
        """6 to 128 characters."""
        text = self.text(name, required=required)
        return _checked(text) if text else None

    def choice(self, name: str, choices: tuple[str, ...], *, required: bool = False) -> str | None:
        """One of the documented words; an empty text counts as absent."""
        text = self.text(name, required=required)
        if text and text not in choices:
            raise Refusal(f"Parameter {name} must be one of: {', '.join(choices)}")
        return text or None

    def flag(self, name: str) -> bool | None:
        """YES or NO; None where it is not given."""
        word = self.choice(name, YES_NO)
        return None if word is None else word == "YES"

    def number(self, name: str, lowest: int, highest: int, *, required: bool = False) -> int | None:
        """A whole number within bounds; None where it is not given. Raises Refusal."""
        text = self.text(name, required=required)
        if not text:
            return None
        if not re.fullmatch(r"-?\d{1,9}", text, re.ASCII) or not lowest <= int(text) <= highest:
            raise Refusal(f"Parameter {name} must be a number from {lowest} to {highest}")
        return int(text)

    def row_id(self, name: str) -> int:
        """A required identifier. Raises Refusal."""
        return self.number(name, 0, 999_999_999, required=True) or 0

    def stamp(self, name: str, *, required: bool = False) -> datetime | None:
        """`YYYY-MM-DD HH:MM:SS` by the clock on the wall."""
        text = self.text(name, required=required)
        try:
            return zone.parse_stamp(text) if text else None
        except ValueError:
            raise Refusal(f"Parameter {name} must look like YYYY-MM-DD HH:MM:SS") from None

    def date(self, name: str, *, required: bool = False) -> datetime | None:
        """A day as YYYY-MM-DD; None where it is not given. Raises Refusal."""
        text = self.text(name, required=required)
        try:
            return zone.parse_date(text) if text else None
        except ValueError:
            raise Refusal(f"Parameter {name} must look like YYYY-MM-DD") from None

    def picture(self, name: str) -> bool | None:
        """Base64 of a JPEG or PNG: whether there is one. An empty text takes it away."""
        text = self.text(name)
        if not text:
            return None if text is None else False
        try:
            content = base64.b64decode("".join(text.split()), validate=True)
        except (binascii.Error, ValueError):
            content = b""
        if not content.startswith(_PICTURES):
            raise Refusal(f"Parameter {name} must be a JPG, JPEG or PNG image in Base64 format")
        return True

    def words(self, name: str) -> list[str]:
        """The texts of an array, or of one bare text; empty where it is absent."""
        return _texts(self.named.get(name), name)

    def fields(self, choices: tuple[str, ...], default: tuple[str, ...]) -> tuple[str, ...]:
        """`fields`: which of a record's fields to answer."""
        return _known_fields(self.words("fields"), choices) or default

    def values(self, choices: tuple[str, ...]) -> tuple[str, ...]:
        """Parameters that are a list of field names."""
        return _known_fields(_texts(self._raw, "params"), choices)

    def emails(self, name: str) -> list[str]:
        """Addresses under a name: an array, or one bare text."""
        return _addresses(self.words(name), name)

    def listed_emails(self) -> list[str]:
        """Parameters that are a list of addresses, or hold one under `email`."""
        raw = self._raw
        if isinstance(raw, dict) and "email" in raw:
            raw = raw["email"]
        return _addresses(_texts(raw, "email"), "email")


def _texts(value: Any, name: str) -> list[str]:
    items = list(value.values()) if isinstance(value, dict) else value
    if items in (None, ""):
        return []
    if isinstance(items, str):
        items = [items]
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise Refusal(f"Parameter {name} must be an array of texts")
    return [item.strip() for item in items]


def _addresses(texts: list[str], name: str) -> list[str]:
    if not texts:
        raise Refusal(f"Parameter {name} is required")
    return [_checked(text) for text in texts]


def _checked(email: str) -> str:
    if not 6 <= len(email) <= 128 or not _EMAIL.fullmatch(email):
        raise Refusal(f'"{email[:128]}" is not a valid email')
    return email


def _known_fields(names: list[str], choices: tuple[str, ...]) -> tuple[str, ...]:
    if unknown := [name for name in names if name not in choices]:
        raise Refusal(f"Unknown field: {unknown[0]}")
    return tuple(dict.fromkeys(names))
