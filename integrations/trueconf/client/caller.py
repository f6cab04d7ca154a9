"""How every operation is sent: version, path, parameters."""

from typing import Any

from integrations.base.errors import UnexpectedAnswer
from integrations.base.http import Effect, read_json
from integrations.base.ids import path_of
from integrations.base.texts import say
from integrations.trueconf.client.http import TrueConfHttp
from integrations.trueconf.payloads import PLATFORM, reaches

READ, CHANGE, CREATE, NOTIFY = Effect.READ, Effect.CHANGE, Effect.CREATE, Effect.NOTIFY
Params = dict[str, Any]


class Caller:
    """Sends operations to one server, in one version of the API.

    `url_type` ("fixed" or empty) travels with the operations that document it, since v3.1.
    """

    def __init__(self, http: TrueConfHttp, version: str, url_type: str = "") -> None:
        self.http = http
        self.version = version
        self.url_type = url_type if reaches(version, "v3.1") else ""

    def _call(self, effect: Effect, method: str, operation: str, *path: str, **send: Any) -> Any:
        return self.http.json(effect, method, self._path(*path), operation, **send)

    def _linked(self, effect: Effect, method: str, operation: str, *path: str, **send: Any) -> Any:
        """A call whose answer holds addresses of the server's pages."""
        params = dict(send.pop("params", None) or {})
        if self.url_type:
            params["url_type"] = self.url_type
        return self._call(effect, method, operation, *path, params=params, **send)

    def _accepted(self, operation: str, *path: str) -> None:
        """A change that is answered without a body (202)."""
        answer = self.http.answer(CHANGE, "POST", self._path(*path), operation)
        try:
            if answer.body.strip():
                read_json(answer.body)
        except (ValueError, RecursionError):
            raise UnexpectedAnswer(
                say("%(platform)s did not confirm it.", platform=PLATFORM),
                platform=PLATFORM,
                operation=operation,
                status=answer.status,
            ) from None

    def _path(self, *segments: str) -> str:
        """Every segment is encoded: ids hold `@`, `#` and `/`."""
        return f"/api/{self.version}{path_of(PLATFORM, *segments)}"
