"""What a room asks the administrator for, and how the answers are checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from integrations.base.texts import _


@dataclass(frozen=True, slots=True)
class CredentialField:
    """One thing to ask for. Secret ones are typed into a password box and never shown again."""

    name: str
    label: str
    secret: bool = True
    required: bool = True
    help: str = ""
    default: str = ""
    choices: tuple[tuple[str, str], ...] = ()


def clean(
    fields: Sequence[CredentialField], given: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return (cleaned values, errors by field name); unknown names are errors as well."""
    values: dict[str, str] = {}
    errors: dict[str, str] = dict.fromkeys(given, _("This platform does not ask for it."))
    for wanted in fields:
        errors.pop(wanted.name, None)
        text = str(given.get(wanted.name) or wanted.default).strip()
        problem = _problem(wanted, text)
        if problem:
            errors[wanted.name] = problem
        elif text:
            values[wanted.name] = text
    return values, errors


def _problem(wanted: CredentialField, text: str) -> str:
    if not text:
        return _("This is required.") if wanted.required else ""
    if any(ord(c) < 32 or ord(c) == 127 for c in text):
        return _("This holds a control character; copy it again.")
    if wanted.choices and text not in dict(wanted.choices):
        return _("This is not one of the choices.")
    return ""
