"""Reading the arguments of an action, and naming people in them."""

from collections.abc import Mapping
from typing import Any

from integrations.base.errors import refused
from integrations.base.texts import _, say
from integrations.trueconf.adapter.context import Context
from integrations.trueconf.mapping.answers import ident
from integrations.trueconf.payloads import PLATFORM

Arguments = Mapping[str, Any]


def needed(arguments: Arguments, name: str, sentence: str) -> str:
    """A text that must be there. Raises RequestRejected."""
    text = str(arguments.get(name) or "").strip()
    if not text:
        raise refused(PLATFORM, name, sentence)
    return text


def target(arguments: Arguments) -> str:
    """The row that an action is done to."""
    return needed(arguments, "id", _("Choose a row first."))


def user_named(context: Context, text: str, field: str) -> str:
    """A user's id from an e-mail address, or from a TrueConf ID as it is."""
    found = context.user_with(text) if "@" in text else None
    if found is not None:
        return ident(found)
    if "@" in text:
        raise refused(
            PLATFORM,
            field,
            say("TrueConf Server has no user with the address %(address)s.", address=text),
        )
    return text


def users_named(context: Context, text: str, field: str) -> list[str]:
    """Several, with commas or line ends between them."""
    words = [word for word in text.replace(",", " ").replace(";", " ").split() if word]
    if not words:
        raise refused(PLATFORM, field, _("Name at least one person."))
    return [user_named(context, word, field) for word in words]


def short(facts: Mapping[str, Any]) -> dict[str, str]:
    """Facts for a page: as text, without what is empty."""
    return {
        label: value if isinstance(value, str) else str(value)
        for label, value in facts.items()
        if value not in (None, "", [])
    }
