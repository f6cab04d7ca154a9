"""Model fields of our own: values encrypted at rest."""

import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import models


def fernet() -> MultiFernet:
    """The first key encrypts, all of them decrypt: so a key is rotated by putting one in front."""
    try:
        return MultiFernet([Fernet(key) for key in settings.CREDENTIALS_KEYS])
    except ValueError as error:
        raise ImproperlyConfigured(
            "CREDENTIALS_KEYS must hold keys made by Fernet.generate_key()"
        ) from error


class Unreadable:
    """What none of the keys can read. It is empty to who looks, and is written back as it was, so
    that a wrong key costs nothing: with the right one everything is there again."""

    written: str


class UnreadableMapping(dict[str, Any], Unreadable):
    """In place of a mapping."""


class UnreadableText(str, Unreadable):
    """In place of a text."""


UNREADABLE = (
    "What is stored cannot be read with CREDENTIALS_KEYS. An administrator has to put the key that "
    "it was written with back into that list."
)


def is_unreadable(*values: Any) -> bool:
    """Whether one of these values could not be read with any of the keys."""
    return any(isinstance(value, Unreadable) for value in values)


class EncryptedJSONField(models.TextField):  # type: ignore[type-arg]
    """JSON that stands encrypted in the database; look-ups are refused. What no key can read is
    `Unreadable`: whoever needs the value asks for that."""

    # What a type checker needs to know: any JSON goes in and comes out.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def get_prep_value(self, value: Any) -> str | None:
        if value is None:
            return None
        if isinstance(value, Unreadable):
            return value.written
        return fernet().encrypt(json.dumps(value).encode()).decode()

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        if value is None:
            return None
        try:
            return json.loads(fernet().decrypt(value.encode()))
        except (InvalidToken, ValueError):
            empty = UnreadableText() if self.default is str else UnreadableMapping()
            empty.written = value
            return empty

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: Any) -> str:
        raise FieldError("an encrypted value is never exported")

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError("an encrypted value cannot be searched for")
