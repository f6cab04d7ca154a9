"""How the arguments of an action are read, and what an action is."""

from collections.abc import Callable, Mapping
from typing import Any

from integrations.base.errors import refused
from integrations.myownconference.adapter.context import Context
from integrations.myownconference.mapping.answers import confirm
from integrations.myownconference.payloads import PLATFORM

Arguments = Mapping[str, Any]
Result = dict[str, Any]
Action = Callable[[Context, str, Arguments], Result]


def needed(arguments: Arguments, name: str, sentence: str) -> str:
    """An argument that must be there. Raises RequestRejected."""
    value = str(arguments.get(name) or "").strip()
    if not value:
        raise refused(PLATFORM, name, sentence)
    return value


def only_sends(method: str) -> Action:
    """The action that only tells a running webinar one thing; `method` is the client's."""

    def act(context: Context, alias: str, arguments: Arguments) -> Result:
        with context.owned.webinar(alias):
            confirm(getattr(context.client, method)(alias), "webinar")
        return {}

    return act
