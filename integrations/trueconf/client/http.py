"""HTTP to one TrueConf Server: where it is, who we are, and how it words its errors."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Annotated, Any

from integrations.base.adapter import Connection
from integrations.base.errors import (
    CredentialsRejected,
    PlatformError,
    PlatformUnavailable,
    RecordNotFound,
    RequestRejected,
    UnexpectedAnswer,
)
from integrations.base.http import Answer, Effect, Http, read_json
from integrations.base.texts import Said, _, quoting
from integrations.base.tokens import TokenKeeper
from integrations.trueconf.client.login import Login
from integrations.trueconf.credentials import SECRET_KEY_WAY, login_way, secrets_of, server_root
from integrations.trueconf.payloads import PLATFORM, ErrorAnswer, ErrorDetail

TOKEN_INVALID = "accessTokenInvalid"  # noqa: S105 - a reason of theirs, not a secret
LIMIT_OF_RUNNING = "ongoingConferencesLimit"
# How the key travels. The header keeps it out of other people's logs, so it is tried first; not
# every server takes it there [seen: README].
HEADER, PARAMETER = "header", "parameter"
KEY_IN = "key_in"
ACCESS_TOKEN = "access_token"  # noqa: S105 - the parameter's name

# Their parameter -> our field, so that their words stand beside the right input.
FIELD_OF = {
    "topic": "title",
    "schedule": "starts_at",
    "start_time": "starts_at",
    "time": "starts_at",
    "duration": "duration_minutes",
    "days": "options.weekly_days",
    "allow_guests": "room_type",
    "pin": "password",
    "registration": "registration_enabled",
    "owner": "options.owner",
    "type": "options.mode",
    "allow_only_planned_participants": "options.only_invited",
    "mobile_phone": "phone",
    "login_name": "email",
    "display_name": "name",
}
# What a reason is about where the error names no parameter.
FIELD_OF_REASON = {
    "maxGuestsLimitReached": "options.max_guests",
    "conferenceMaxInvitationsLimit": "options.max_participants",
    "conferenceOwnerNotInInvitationsList": "options.owner",
    "joinOptionsNotAllowedByLicense": "options.join_options",
    "joinOptionsNotAllowedWhenMulticastIsEnabled": "options.join_options",
    "joinOptionsNotEditableInMcuMode": "options.join_options",
    "mcuModeUnavailableWhenMulticastIsEnabled": "options.mcu_mode",
}


class UserNotFound(RecordNotFound):
    """A user whom a request names is not on the server; what the request is about may well be."""


class TrueConfHttp(Http):
    """Requests to one TrueConf Server.

    `permanent` says that the account logs in by the secret key. How the key travels is found out
    by the first refusal, and remembered beside the account's tokens.
    """

    def __init__(self, connection: Connection) -> None:
        super().__init__(
            PLATFORM,
            server_root(connection.base_url),
            headers={"Accept": "application/json"},
            secrets=secrets_of(connection),
            **connection.http_options(),
        )
        self.login = Login(connection)
        self._store = connection.tokens
        self._keeper = TokenKeeper(self._store, self._renew)
        self.permanent = login_way(connection) == SECRET_KEY_WAY
        self._secret_key = connection.credentials.get("secret_key", "")
        self._issued = ""  # the token that this client was given
        self._way, self._proved = "", False

    def key(self) -> str:
        """The permanent key, or a token that is still good."""
        if not self.permanent:
            return self._keeper.token()
        if not self._secret_key:
            raise CredentialsRejected(_("The secret key is missing."), platform=PLATFORM)
        return self._secret_key

    def is_stale(self, answer: Answer) -> bool:
        """403 with `accessTokenInvalid` in v3, 401 in newer servers [seen: README]."""
        return answer.status == 401 or (answer.status == 403 and TOKEN_INVALID in _reasons(answer))

    def fresh_key(self, refused: str) -> str:
        """Another token than the refused one; a permanent key has no other."""
        return "" if self.permanent else self._keeper.replace(refused)

    @property
    def way(self) -> str:
        """How the key travels: HEADER or PARAMETER, as last remembered."""
        if not self._way:
            remembered = self._store.do(self._store.read).get(KEY_IN)
            self._way = PARAMETER if remembered == PARAMETER else HEADER
        return self._way

    def _send(self, method: str, path: str, *, key: str = "", **send: Any) -> Any:
        ours = path.startswith(("/", f"{self.base_url}/"))
        if key and ours and self.way == PARAMETER:
            send["params"] = {**(send.get("params") or {}), ACCESS_TOKEN: key}
            key = ""
        return super()._send(method, path, key=key, **send)

    def _ask(self, ask: Callable[[], Answer], effect: Effect, key: str) -> Answer:
        """A key that is refused may have travelled in the wrong way: a read is tried in the other.
        An old token has more likely run out, and is renewed first."""
        answer = ask()
        if 200 <= answer.status < 300:
            self._proved = True
        new = self.permanent or key == self._issued
        settled = self._proved or not key or not new or effect is not Effect.READ
        if settled or not self._refused_key(answer):
            return answer
        return self._in_the_other_way(ask) or answer

    def _in_the_other_way(self, ask: Callable[[], Answer]) -> Answer | None:
        """The answer to a key that travels otherwise; None where that is refused too.

        The first way is then tried once more: what a server refused by mistake must not bring keys
        into addresses for good.
        """
        first, other = self.way, HEADER if self.way == PARAMETER else PARAMETER
        try:
            self._way = other
            answer = ask()
            understood = answer.status < 500 and answer.status != 429
            if self._refused_key(answer):
                return None
            self._way = first
            if understood and self._refused_key(ask()):
                first = other
                self._remember(other)
            return answer
        finally:
            self._way = first

    def _refused_key(self, answer: Answer) -> bool:
        """Whether the server saw no good key. Of the permanent one it may say so as of a missing
        right or parameter; tokens are known to be taken in the header."""
        if not self.permanent:
            return self.is_stale(answer)
        if answer.status == 400:
            return any(d.get("location") == ACCESS_TOKEN for d in _details_in(answer))
        return answer.status in (401, 403)

    def _remember(self, way: str) -> None:
        """A help for the next time; where another worker renews just now, it is found out again."""

        def write() -> None:
            with self._store.locked():
                self._store.write({**self._store.read(), KEY_IN: way})

        with suppress(PlatformUnavailable):
            self._store.do(write)

    def _renew(self, stored: Mapping[str, Any]) -> dict[str, Any]:
        """Another token, beside what is remembered of the way."""
        new = self.login.renew(stored)
        self._issued = str(new["access_token"])
        return new | {name: stored[name] for name in (KEY_IN,) if name in stored}

    def read_error(self, body: Any) -> tuple[str, dict[str, list[str]]]:
        """Read the usual envelope; our field -> their words."""
        by_field: dict[str, list[str]] = {}
        details = _details_of(body)
        for detail in details:
            message = str(detail.get("message") or detail.get("reason") or "").strip()
            location = str(detail.get("location") or "")
            parameter = "" if detail.get("locationType") == "path" else location
            field = field_of(parameter, str(detail.get("reason") or ""))
            if field and message:
                by_field.setdefault(field, []).append(message)
        words = [str(d.get("message") or d.get("reason") or "").strip() for d in details]
        return " ".join(filter(None, words)) or _general_message(body), by_field

    def close(self) -> None:
        """Close the connections, those of the login too."""
        super().close()
        self.login.close()

    def refusal(self, answer: Answer, effect: Effect, operation: str) -> PlatformError:
        """What 403 and 404 mean here.

        403 `forbidden` is a right that is missing for this one thing: nothing is believed of such
        a read, and the account goes on. A 404 without one of the document's reasons (a proxy, an
        API version that the server does not have) does not say that a record is gone.
        """
        details, words = self.details(answer, operation), self.words(answer)[0]
        reasons, reading = _reasons(answer), effect is Effect.READ

        def told(plain: str, quoted: str) -> Said:
            return quoting(plain, quoted, words, platform=PLATFORM)

        if self.is_stale(answer):
            sentence = told(
                _("%(platform)s refused our credentials."),
                _("%(platform)s refused our credentials: %(said)s"),
            )
            return CredentialsRejected(sentence, **details)
        if answer.status == 403:
            error = UnexpectedAnswer if reading else RequestRejected
            sentence = told(
                _("%(platform)s does not give our key the right to this."),
                _("%(platform)s does not give our key the right to this: %(said)s"),
            )
            return error(sentence, **details)
        if answer.status in (404, 405, 410):
            if "userNotFound" in reasons:
                sentence = told(
                    _("%(platform)s does not know this user."),
                    _("%(platform)s does not know this user: %(said)s"),
                )
                return UserNotFound(sentence, **details)
            if not any(re.fullmatch("[A-Za-z]+NotFound", reason) for reason in reasons):
                missing = UnexpectedAnswer if reading else RequestRejected
                sentence = told(
                    _("%(platform)s has no such call at this address."),
                    _("%(platform)s has no such call at this address: %(said)s"),
                )
                return missing(sentence, **details)
        refused = super().refusal(answer, effect, operation)
        if isinstance(refused, RequestRejected):
            refused.concurrent_rooms = _most_running(answer)
        return refused


def _most_running(answer: Answer) -> int | None:
    """The number in "Maximum number of ongoing conferences ('5') has been reached" [Run
    Conference]; None where the refusal is another, or words it otherwise."""
    for detail in _details_in(answer):
        if detail.get("reason") == LIMIT_OF_RUNNING:
            numbers = re.findall(r"\d{1,6}", str(detail.get("message") or ""))
            return int(numbers[0]) if len(numbers) == 1 else None
    return None


def field_of(parameter: str, reason: str) -> str:
    """Our field for their parameter, else for their reason; empty where it is about none."""
    name = re.split(r"[.\[]", parameter)[0] if parameter else ""
    if name in FIELD_OF:
        return FIELD_OF[name]
    return FIELD_OF_REASON.get(reason, name)


def _details_of(body: Annotated[Any, ErrorAnswer]) -> list[Annotated[dict[str, Any], ErrorDetail]]:
    """What was wrong, one by one; empty where the body is no such answer."""
    error = body.get("error") if isinstance(body, dict) else None
    errors = error.get("errors") if isinstance(error, dict) else None
    return [e for e in errors if isinstance(e, dict)] if isinstance(errors, list) else []


def _general_message(body: Annotated[Any, ErrorAnswer]) -> str:
    error = body.get("error") if isinstance(body, dict) else None
    return str(error.get("message") or "") if isinstance(error, dict) else ""


def _body(answer: Answer) -> Any:
    try:
        return read_json(answer.body)
    except (ValueError, RecursionError):
        return None


def _details_in(answer: Answer) -> list[dict[str, Any]]:
    return _details_of(_body(answer))


def _reasons(answer: Answer) -> set[str]:
    body = _body(answer)
    reasons: set[Any] = {detail.get("reason") for detail in _details_of(body)}
    if isinstance(body, dict):
        reasons.add(body.get("reason"))
    return {reason for reason in reasons if isinstance(reason, str)}
