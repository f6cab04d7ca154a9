"""What the groups of commands share."""

from collections.abc import Mapping, Sequence
from typing import Any

from integrations.base.http import Effect
from integrations.myownconference.line import Line

READ, CHANGE, CREATE, NOTIFY = Effect.READ, Effect.CHANGE, Effect.CREATE, Effect.NOTIFY

Params = Mapping[str, Any]
Addresses = Sequence[str]


class Caller:
    """Holds the line."""

    def __init__(self, http: Line) -> None:
        self.http = http

    def _ask(self, effect: Effect, action: str, params: Params | Addresses = ()) -> Any:
        return self.http.ask(effect, action, params)

    def _room(self, effect: Effect, action: str, alias: str, **more: Any) -> Any:
        """A command about one webinar."""
        return self.http.ask(effect, action, {"alias": alias, **more})
