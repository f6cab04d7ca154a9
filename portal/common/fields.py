"""Model fields of our own: values encrypted at rest, and decrypted only where somebody asks."""

import hashlib
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from integrations.base.texts import say

_MARK = 8  # characters; no text that Fernet writes has a full stop


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


UNREADABLE = say(
    "What is stored cannot be read with CREDENTIALS_KEYS. An administrator has to put the key that "
    "it was written with back into that list."
)


class Sealed:
    """What stands encrypted in the database, as it was written: `open` decrypts it.

    Before the text stands a mark of the key that wrote it (of the key's digest), so that whether
    it can be read is known without reading it.
    """

    __slots__ = ("_empty", "written")

    def __init__(self, written: str, empty: type[UnreadableMapping] | type[UnreadableText]) -> None:
        self.written, self._empty = written, empty

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and self.written == other.written

    def __hash__(self) -> int:
        return hash(self.written)

    def open(self) -> Any:
        """The value; an `Unreadable` where none of the keys can read it."""
        token = self.written.rpartition(".")[2]
        try:
            return json.loads(fernet().decrypt(token.encode()))
        except (InvalidToken, ValueError):
            empty = self._empty()
            empty.written = self.written
            return empty

    def has_key(self) -> bool:
        """Whether there is a key for it. Only a text from before there were marks is decrypted."""
        mark = self.written.rpartition(".")[0]
        return mark in _marks() if mark else not is_unreadable(self.open())


def _marks() -> list[str]:
    """The marks of the keys, in their order."""
    digests = (hashlib.sha256(str(key).encode()).hexdigest() for key in settings.CREDENTIALS_KEYS)
    return [digest[:_MARK] for digest in digests]


def is_unreadable(*values: Any) -> bool:
    """Whether one of these values could not be read with any of the keys."""
    opened = (value.open() if isinstance(value, Sealed) else value for value in values)
    return any(isinstance(value, Unreadable) for value in opened)


def lacks_key(row: models.Model, *names: str) -> bool:
    """Whether there is no key for one of these secrets of a row; for pages, which read none."""
    held = (row.__dict__[name] if name in row.__dict__ else getattr(row, name) for name in names)
    return any(
        not value.has_key() if isinstance(value, Sealed) else is_unreadable(value) for value in held
    )


class _Opened(DeferredAttribute):
    """Opens what the database gave when it is asked for, and remembers it.

    No way of loading a row has to leave secrets out for that, neither a list, nor a join.
    """

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            value = instance.__dict__[self.field.attname] = value.open()
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedJSONField(models.TextField):  # type: ignore[type-arg]
    """JSON that stands encrypted in the database; look-ups are refused. It is decrypted when the
    attribute is read (in `values` it is `Sealed`). What no key can read is `Unreadable`: whoever
    needs the value asks for that."""

    descriptor_class = _Opened
    # What a type checker needs to know: any JSON goes in and comes out.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def get_prep_value(self, value: Any) -> str | None:
        if value is None:
            return None
        if isinstance(value, Unreadable | Sealed):
            return value.written
        token = fernet().encrypt(json.dumps(value).encode()).decode()
        return f"{_marks()[0]}.{token}"

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """What nobody has asked for is written back as it was."""
        held = model_instance.__dict__.get(self.attname)
        return held if isinstance(held, Sealed) else super().pre_save(model_instance, add)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Sealed | None:
        if value is None:
            return None
        return Sealed(value, UnreadableText if self.default is str else UnreadableMapping)

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: Any) -> str:
        raise FieldError("an encrypted value is never exported")

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError("an encrypted value cannot be searched for")
