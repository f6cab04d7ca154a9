"""HTTP to MyOwnConference: one address, one form field, and errors inside a 200."""

import json
from typing import Any

from integrations.base.adapter import Connection
from integrations.base.errors import (
    CredentialsRejected,
    OutcomeUnknown,
    PlatformError,
    PlatformUnavailable,
    RecordNotFound,
    RequestRejected,
    UnexpectedAnswer,
)
from integrations.base.http import EXCERPT, Answer, Effect, Http
from integrations.base.texts import say
from integrations.myownconference.payloads import PLATFORM, Command

# What is asked where only the key can be wrong: it takes no argument that could be.
PROBE = "profileGet"


class MyOwnConferenceHttp(Http):
    """Commands to one MyOwnConference account.

    Every request is a POST to the same address with one form field `request`, JSON that holds
    the key, the command and its parameters [document, Request format].
    """

    def __init__(self, connection: Connection) -> None:
        self._api_key = connection.credentials["api_key"]
        super().__init__(
            PLATFORM,
            connection.base_url.strip(),
            headers={"Accept": "application/json"},
            secrets=(self._api_key,),
            **connection.http_options(),
        )

    def send_command(self, effect: Effect, action: str, params: Any = None) -> Any:
        """Send a command and return what stands under `response`.

        Errors are those of `Http.answer`. A refusal comes as `{"response": {"error": …}}` with
        status 200 and is told by this shape alone; no text is compared, since none is documented.
        It is RequestRejected, or CredentialsRejected where the key does not open the profile.
        """
        answer = self._send_request(effect, action, params)
        body = self.parse(answer, effect, action)
        if not isinstance(body, dict) or "response" not in body:
            error = UnexpectedAnswer if effect is Effect.READ else OutcomeUnknown
            text = say("%(platform)s answered without a response.", platform=PLATFORM)
            raise error(text, **self.details(answer, action))
        words = refusal_in(body["response"])
        if words is not None:
            raise self._refused_command(words, answer, action)
        return body["response"]

    def read_error(self, body: Any) -> tuple[str, dict[str, list[str]]]:
        """Their words, should an answer of another status hold them too."""
        return refusal_in(body.get("response")) or "", {}

    def _send_request(self, effect: Effect, action: str, params: Any) -> Answer:
        # An empty set of parameters is an empty array [Transmitted and received data].
        command: Command = {"key": self._api_key, "action": action, "params": params or []}
        try:
            return self.answer(effect, "POST", "/", action, data={"request": json.dumps(command)})
        except RecordNotFound as error:
            # There is one address for all commands: a 404 speaks of it, never of a record.
            unknown = PlatformUnavailable if effect is Effect.READ else OutcomeUnknown
            raise unknown(
                say("%(platform)s's API is not at this address.", platform=PLATFORM),
                platform=PLATFORM,
                operation=action,
                status=error.status,
                excerpt=error.excerpt,
            ) from None

    def _refused_command(self, words: str, answer: Answer, action: str) -> PlatformError:
        said = self.redact(words)[:EXCERPT]
        details = self.details(answer, action)
        if action == PROBE or not self._key_opens():
            sentence = say(
                "%(platform)s refused our API key: %(said)s", platform=PLATFORM, said=said
            )
            return CredentialsRejected(sentence, **details)
        sentence = say("%(platform)s refused it: %(said)s", platform=PLATFORM, said=said)
        return RequestRejected(sentence, **details)

    def _key_opens(self) -> bool:
        try:
            self.send_command(Effect.READ, PROBE, ["timezone"])
        except CredentialsRejected:
            return False
        return True


def refusal_in(response: Any) -> str | None:
    """The words of a refusal; None where the response is none."""
    if not isinstance(response, dict):
        return None
    error = response.get("error")
    if error in (None, "", False, [], {}):
        return None
    return error if isinstance(error, str) else json.dumps(error)
