"""Getting a token: by client credentials, a user's password, or a person's consent.

A permanent secret key, made in the server's own panel, needs none of it.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from integrations.base.adapter import Connection
from integrations.base.errors import (
    CredentialsRejected,
    PlatformError,
    PlatformUnavailable,
    UnexpectedAnswer,
    restated,
)
from integrations.base.http import Answer, Effect, Http
from integrations.base.reading import Row
from integrations.base.texts import _, commas, quoting, say
from integrations.base.tokens import EXPIRES_AT, expiry
from integrations.trueconf.credentials import (
    CONSENT_WAY,
    CREDENTIALS_WAY,
    PASSWORD_WAY,
    login_way,
    secrets_of,
    server_root,
)
from integrations.trueconf.payloads import PLATFORM, Token

TOKEN_PATH = "/oauth2/v1/token"  # noqa: S105 - an address
SERVER_PATH = "/api/v4/server"
# The client of the document's own example for the password grant.
USERS_CLIENT = "trueconf_server_users"
# What the administrator must have given for each way of logging in but the secret key.
NEEDED = {
    CREDENTIALS_WAY: ("client_id", "client_secret"),
    PASSWORD_WAY: ("username", "password"),
    CONSENT_WAY: ("client_id",),
}
LABELS = {
    "client_id": _("client ID"),
    "client_secret": _("client secret"),
    "username": _("user name"),
    "password": _("password"),
}
LONGEST_LIFE = 10 * 365 * 86400


class Login(Http):
    """The token address of one server, which is asked without a token."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(
            PLATFORM,
            server_root(connection.base_url),
            headers={"Accept": "application/json"},
            secrets=secrets_of(connection),
            **connection.http_options(),
        )
        self._way = login_way(connection)
        self._given = connection.credentials

    def send_grant(self, fields: Mapping[str, str]) -> Any:
        """Send one grant [Generate Token]. Asking twice does no harm, so it counts as a read."""
        secret = ("client_secret", "password", "refresh_token", "code")
        hide = tuple(fields[name] for name in secret if fields.get(name))
        return self.json(
            Effect.READ, "POST", TOKEN_PATH, "generate token", json=dict(fields), hide=hide
        )

    def renew(self, stored: Mapping[str, Any]) -> dict[str, Any]:
        """A new token by the account's way of logging in, for `TokenKeeper`.

        Raises CredentialsRejected, RateLimited or PlatformUnavailable, which also stands for an
        answer that makes no sense: what the token was wanted for has not been sent.
        """
        return self.trade(self._grant(stored), str(stored.get("refresh_token") or ""))

    def trade(self, fields: Mapping[str, str], refresh_token: str = "") -> dict[str, Any]:
        """Send a grant and read the tokens; errors as in `renew`."""
        try:
            return tokens_in(self.send_grant(fields), refresh_token)
        except UnexpectedAnswer as error:
            text = say(
                "%(platform)s did not answer the login as its document says.", platform=PLATFORM
            )
            raise restated(error, PlatformUnavailable, text) from None

    def consent(self, code: str, redirect_uri: str) -> dict[str, Any]:
        """The tokens for a code that a person's consent gave; errors as in `renew`."""
        fields = {"grant_type": CONSENT_WAY, "code": code, "redirect_uri": redirect_uri}
        return self.trade(fields | self._client())

    def server_version(self) -> tuple[int, ...]:
        """The server's own version, such as (5, 5, 2), which it tells without a token; empty
        where it does not (older ones) [seen: README]."""
        try:
            return version_in(self.json(Effect.READ, "GET", SERVER_PATH, "get server"))
        except PlatformError:
            return ()

    def read_error(self, body: Any) -> tuple[str, dict[str, list[str]]]:
        """Errors of the login come in three shapes [seen: README]."""
        if not isinstance(body, dict):
            return "", {}
        error = body.get("error")
        if isinstance(error, dict):
            return str(error.get("message") or ""), {}
        words = body.get("error_description") or body.get("reason") or error
        return str(words or ""), {}

    def _grant(self, stored: Mapping[str, Any]) -> dict[str, str]:
        missing = [LABELS[n] for n in NEEDED.get(self._way, ()) if not self._given.get(n)]
        if missing:
            raise CredentialsRejected(
                say("This way of logging in needs: %(missing)s.", missing=commas(*missing)),
                platform=PLATFORM,
            )
        if self._way == PASSWORD_WAY:
            client = self._given.get("client_id") or USERS_CLIENT
            named = {n: self._given[n] for n in ("username", "password")}
            return {"grant_type": PASSWORD_WAY, "client_id": client, **named}
        if self._way != CONSENT_WAY:
            return {"grant_type": self._way, **self._client()}
        if not stored.get("refresh_token"):
            raise CredentialsRejected(
                say("%(platform)s waits for somebody's consent.", platform=PLATFORM),
                platform=PLATFORM,
            )
        refresh = {"refresh_token": str(stored["refresh_token"])}
        return {"grant_type": "refresh_token", **refresh, **self._client()}

    def _client(self) -> dict[str, str]:
        names = ("client_id", "client_secret")
        return {name: self._given[name] for name in names if self._given.get(name)}

    def refusal(self, answer: Answer, effect: Effect, operation: str) -> PlatformError:
        """A refused grant is CredentialsRejected; another 4xx says that there is no login here."""
        details = self.details(answer, operation)
        if answer.status in (400, 401, 403):
            sentence = quoting(
                _("%(platform)s refused the login."),
                _("%(platform)s refused the login: %(said)s"),
                self.words(answer)[0],
                platform=PLATFORM,
            )
            return CredentialsRejected(sentence, **details)
        if 400 <= answer.status < 500 and answer.status != 429:
            sentence = say("%(platform)s has no login at this address.", platform=PLATFORM)
            return UnexpectedAnswer(sentence, **details)
        return super().refusal(answer, effect, operation)


def tokens_in(answer: Annotated[Any, Token], refresh_token: str = "") -> dict[str, Any]:
    """What to store of a token answer; a renewal that names no new refresh token keeps the old.

    Raises UnexpectedAnswer.
    """
    row = Row(answer, "token", PLATFORM)
    access, seconds = row.text("access_token"), row.whole("expires_in")
    if not access:
        raise row.broken("access_token")
    lasts = None if seconds is None else max(0, min(seconds, LONGEST_LIFE))
    stored = {
        "access_token": access,
        EXPIRES_AT: expiry(lasts),
        "refresh_token": row.text("refresh_token") or refresh_token,
    }
    return {name: value for name, value in stored.items() if value}


def version_in(answer: Any) -> tuple[int, ...]:
    """The version in the answer of `SERVER_PATH`, whose shape is not documented."""
    holders = [answer, *answer.values()] if isinstance(answer, dict) else []
    for holder in holders:
        text = str(holder.get("version") or "") if isinstance(holder, dict) else ""
        if found := re.match(r"\d{1,4}(?:\.\d{1,6}){1,3}", text, re.ASCII):
            return tuple(int(part) for part in found[0].split("."))
    return ()
