"""How an account gets its tokens: from server to server, or by an administrator's consent.

A refresh token is spent by its use. So the new pair is stored before anything else is done
(`TokenKeeper`), one worker renews at a time, and where an answer was lost for good the only way
back is to consent again: then `CredentialsRejected` says so in a sentence.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from integrations.base.adapter import Authorization, Connection
from integrations.base.errors import (
    CredentialsRejected,
    OutcomeUnknown,
    PlatformUnavailable,
    RecordNotFound,
    RequestRejected,
    UnexpectedAnswer,
    restated,
)
from integrations.base.texts import _, together
from integrations.base.tokens import TokenKeeper, Tokens, TokenStore
from integrations.livewebinar.client import Client
from integrations.livewebinar.client.http import TokenlessHttp, places
from integrations.livewebinar.client.undocumented import Undocumented
from integrations.livewebinar.credentials import BRAND, CONSENT, SERVER
from integrations.livewebinar.mapping.tokens import tokens_in
from integrations.livewebinar.payloads import PLATFORM

OWNER = "owner"
T = TypeVar("T")
REFUSED = (RequestRejected, CredentialsRejected, RecordNotFound)
NOT_YET = _(
    "LiveWebinar has not been connected yet. An administrator connects it once, by consent."
)
NOT_COMPLETED = _("The consent could not be completed. Please connect again.")
AGAIN = _(
    "LiveWebinar no longer takes the stored consent. An administrator has to connect the account "
    "again."
)


def by_consent(options: Mapping[str, Any]) -> bool:
    """Whether the account's option says that a person consents in the browser."""
    return options.get("login") == CONSENT


class OwnTokens:
    """An account's tokens, as far as they belong to its present client and way of logging in."""

    def __init__(self, connection: Connection) -> None:
        self._store: TokenStore = connection.tokens
        way = CONSENT if by_consent(connection.options) else SERVER
        self._owner = f"{way} {connection.credentials['client_id']}"

    def read(self) -> dict[str, Any]:
        """What is stored now; nothing where it is another's."""
        stored = self._store.read()
        return stored if stored.get(OWNER) == self._owner else {}

    def write(self, tokens: Tokens) -> None:
        """Replace what is stored."""
        self._store.write({**tokens, OWNER: self._owner})

    def locked(self) -> AbstractContextManager[None]:
        """One worker at a time."""
        return self._store.locked()

    def do(self, act: Callable[[], T]) -> T:
        """By the thread that may use them."""
        return self._store.do(act)


class Login:
    """One account's way to a token; `http` carries none."""

    def __init__(self, connection: Connection, http: TokenlessHttp) -> None:
        self._credentials = connection.credentials
        self._store = OwnTokens(connection)
        self._http = http
        renew = self._refreshed if by_consent(connection.options) else self._logged_in
        self.keeper = TokenKeeper(self._store, renew)

    def accept(self, code: str, redirect_uri: str) -> None:
        """Trade an authorization code for the first pair. Raises CredentialsRejected."""
        try:
            answer = Client(self._http).exchange_code(*self._client(), code, redirect_uri)
            pair = tokens_in(answer)
        except (*REFUSED, OutcomeUnknown, UnexpectedAnswer) as error:
            # A code is good once: after a lost answer too, only another consent helps.
            text = together(NOT_COMPLETED, error.message)
            raise restated(error, CredentialsRejected, text) from None
        with self._store.locked():
            self._store.write(pair)

    def _logged_in(self, stored: dict[str, Any]) -> Tokens:
        identifier = self._credentials.get("identifier") or BRAND
        try:
            return tokens_in(Undocumented(self._http).login(identifier, *self._client()))
        except REFUSED as error:
            raise restated(error, CredentialsRejected) from None
        except UnexpectedAnswer as error:
            # Of the request that wanted the token nothing has been sent.
            raise restated(error, PlatformUnavailable) from None

    def _refreshed(self, stored: dict[str, Any]) -> Tokens:
        spent = stored.get("refresh_token")
        if not spent:
            raise CredentialsRejected(NOT_YET, platform=PLATFORM, operation="refresh token")
        try:
            return {"refresh_token": spent, **self._trade_twice(str(spent))}
        except OutcomeUnknown as error:
            raise restated(error, PlatformUnavailable) from None
        except REFUSED as error:
            # Somebody may have stored a new pair although the lock was ours for too long.
            now = self._store.read()
            if now.get("refresh_token") not in (None, spent):
                return now
            raise restated(error, CredentialsRejected, AGAIN) from None

    def _trade_twice(self, refresh_token: str) -> dict[str, Any]:
        """After a lost answer only a second try tells whether the token was spent by the first."""
        try:
            return self._trade(refresh_token)
        except OutcomeUnknown:
            return self._trade(refresh_token)

    def _trade(self, refresh_token: str) -> dict[str, Any]:
        answer = Client(self._http).refresh(*self._client(), refresh_token)
        try:
            return tokens_in(answer)
        except UnexpectedAnswer as error:
            raise restated(error, OutcomeUnknown) from None

    def _client(self) -> tuple[str, str]:
        return self._credentials["client_id"], self._credentials["client_secret"]


class Consent(Authorization):
    """The document's authorization flow, as the portal walks an administrator through it."""

    def wanted(self, connection: Connection) -> bool:
        """Whether the account's option says so."""
        return by_consent(connection.options)

    def address(self, connection: Connection, redirect_uri: str, state: str) -> str:
        """The page on which the user consents [document, AUTHORIZATION FLOW, step 2]."""
        client_id = connection.credentials["client_id"]
        http = TokenlessHttp(connection)
        return Client(http).authorize(places(connection).app, client_id, redirect_uri, state)

    def accept(self, connection: Connection, code: str, redirect_uri: str) -> None:
        """Trade the code for tokens and store them [the same, step 3]."""
        http = TokenlessHttp(connection)
        try:
            Login(connection, http).accept(code, redirect_uri)
        finally:
            http.close()
