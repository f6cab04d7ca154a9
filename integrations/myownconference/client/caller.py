"""How every command is sent."""

from collections.abc import Mapping, Sequence
from typing import Any

from integrations.base.http import Effect
from integrations.myownconference.client.http import MyOwnConferenceHttp

READ, CHANGE, CREATE, NOTIFY = Effect.READ, Effect.CHANGE, Effect.CREATE, Effect.NOTIFY

Params = Mapping[str, Any]
Addresses = Sequence[str]


class Caller:
    """Sends the commands of one account."""

    def __init__(self, http: MyOwnConferenceHttp) -> None:
        self.http = http

    def _command(self, effect: Effect, action: str, params: Params | Addresses = ()) -> Any:
        return self.http.send_command(effect, action, params)

    def _on_webinar(self, effect: Effect, action: str, alias: str, **more: Any) -> Any:
        """A command about one webinar."""
        return self.http.send_command(effect, action, {"alias": alias, **more})
