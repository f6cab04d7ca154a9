"""Consent in the browser, for accounts that log in by it (OAuth 2, authorization code)."""

from urllib.parse import urlencode

from integrations.base.adapter import Authorization, Connection
from integrations.trueconf.client.login import Login
from integrations.trueconf.credentials import CONSENT_WAY, login_way, server_root

AUTHORIZE_PATH = "/oauth2/v1/authorize"


class Consent(Authorization):
    """Consent in the browser: the account then acts as the person who gave it."""

    def wanted(self, connection: Connection) -> bool:
        """Whether the account's options choose this way."""
        return login_way(connection) == CONSENT_WAY

    def address(self, connection: Connection, redirect_uri: str, state: str) -> str:
        """The server's consent page.

        The document names the token's address alone and refers to the OAuth library whose
        authorize page takes these parameters [document, Generate Token].
        """
        asked = {
            "response_type": "code",
            "client_id": connection.credentials.get("client_id", ""),
            "redirect_uri": redirect_uri,
            "state": state,
        }
        return f"{server_root(connection.base_url)}{AUTHORIZE_PATH}?{urlencode(asked)}"

    def accept(self, connection: Connection, code: str, redirect_uri: str) -> None:
        """Trade the code and store the pair. Errors as in `Login.renew`."""
        login = Login(connection)
        try:
            connection.tokens.write(login.consent(code, redirect_uri))
        finally:
            login.close()
