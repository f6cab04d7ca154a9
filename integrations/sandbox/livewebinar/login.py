"""How one gets in: app clients, the server-to-server login, codes and refresh tokens for tokens.

Sources: the document's "Authorization flow"; `POST /auth/login` from both official plugins. A
client is a third party's: whichever account it was registered by, any account may let it in.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from werkzeug.wrappers import Response

from integrations.sandbox.livewebinar import tokens
from integrations.sandbox.livewebinar.account import LiveWebinarAccount
from integrations.sandbox.livewebinar.fields import Fields
from integrations.sandbox.livewebinar.refusal import Refusal
from integrations.sandbox.platform import json_answer
from integrations.sandbox.store import Row

Accounts = dict[str, LiveWebinarAccount]
# The vendor's own brand: the WordPress plugin names it for every account.
BRAND = "livewebinar"
# The document wants HTTPS; a portal on the same machine has none.
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def register_client(accounts: Accounts, fields: Fields) -> Response:
    """`POST /oauth/clients` asks for no authorisation. Twice the same name is "500 3rd party
    client already exists.", as the document has it."""
    name = fields.text("name", required=True, longest=255) or ""
    redirect = fields.text("redirect", required=True) or ""
    if redirect and not redirect_allowed(redirect):
        fields.wrong("redirect", "The redirect must be an HTTPS address.")
    fields.check()
    home = next(iter(accounts.values()))
    if any(row["name"].casefold() == name.casefold() for row in home.store.rows("clients")):
        raise Refusal(500, "3rd party client already exists.")
    secret = tokens.new_secret()
    facts = {"name": name, "redirect_uri": redirect, "fingerprint": tokens.fingerprint(secret)}
    row = home.store.add("clients", facts)
    answer = {"name": name, "client_id": row["id"], "client_secret": secret}
    return json_answer({**answer, "redirect_uri": redirect}, status=201)


def log_in(accounts: Accounts, fields: Fields) -> Any:
    """`POST /auth/login` with `identifier`, `client_id`, `client_secret`."""
    sent = {
        name: fields.text(name, required=True) or ""
        for name in ("identifier", "client_id", "client_secret")
    }
    fields.check()
    account = account_of_login(accounts, sent)
    if account is None:
        raise Refusal(401, "Invalid credentials.")
    return {"token": account.new_token(), "expires_in": account.login_seconds}


def exchange(accounts: Accounts, fields: Fields) -> Any:
    """`POST /oauth/access_token`: a code for tokens; refreshing is taken here as well, and a user's
    own name and password, by which public clients log in."""
    grant = fields.text("grant_type", required=True)
    if grant == "refresh_token":
        return refresh(accounts, fields)
    if grant == "password":
        return by_password(accounts, fields)
    code = fields.text("code", required=True) or ""
    redirect = fields.text("redirect_uri", required=True)
    if grant and grant != "authorization_code":
        fields.wrong("grant_type", "The selected grant_type is invalid.")
    client_id = _client(accounts, fields)
    account, row = _issued(accounts, tokens.CODE, code, client_id)
    if account is None or row is None or row["redirect_uri"] != redirect:
        raise Refusal(401, "The authorization code is not valid (any more).")
    return _new_pair(account, row, client_id)


def by_password(accounts: Accounts, fields: Fields) -> Any:
    """`grant_type=password` with `username` and `password`. Those clients read the answer under
    `accessToken`."""
    name = fields.text("username", required=True) or ""
    password = fields.text("password", required=True) or ""
    client_id = _client(accounts, fields)
    for account in accounts.values():
        known = account.user()["email"].casefold() == name.casefold()
        if known and tokens.same(account.login_word, password):
            return {"accessToken": account.token_pair(client_id)}
    raise Refusal(401, "The user credentials were incorrect.")


def refresh(accounts: Accounts, fields: Fields) -> Any:
    """`POST /oauth/access_token/refresh`: the sent token is spent, and a new pair is answered.

    The document lists no parameters here; those are OAuth's. Which status a spent token earns is
    not told either: 401, as for all that is not authorised.
    """
    grant = fields.text("grant_type") or "refresh_token"
    if grant != "refresh_token":
        fields.wrong("grant_type", "The selected grant_type is invalid.")
    token = fields.text("refresh_token", required=True) or ""
    client_id = _client(accounts, fields)
    account, row = _issued(accounts, tokens.REFRESH, token, client_id)
    if account is None or row is None:
        raise Refusal(401, "The refresh token is not valid (any more).")
    return _new_pair(account, row, client_id)


def account_of_token(accounts: Accounts, token: str) -> LiveWebinarAccount | None:
    """By an access token that has not run out."""
    return next((one for one in accounts.values() if tokens.find(one, tokens.ACCESS, token)), None)


def account_of_login(accounts: Accounts, sent: dict[str, str]) -> LiveWebinarAccount | None:
    for account in accounts.values():
        known = account.credentials
        right = all(tokens.same(known[n], sent[n]) for n in ("client_id", "client_secret"))
        if right and sent["identifier"] in (known["identifier"], BRAND):
            return account
    return None


def client(accounts: Accounts, client_id: str) -> Row | None:
    """An app client by its id: a registered one, or the one that an account owns from the start,
    which may name any redirect address."""
    for account in accounts.values():
        for row in account.store.rows("clients"):
            if str(row["id"]) == client_id:
                return row
        if account.credentials["client_id"] == client_id:
            secret = tokens.fingerprint(account.credentials["client_secret"])
            name = f"The application of account {account.label}"
            return {"id": client_id, "name": name, "redirect_uri": "", "fingerprint": secret}
    return None


def redirect_allowed(address: str) -> bool:
    """HTTPS, or plain HTTP on this very machine; nothing that could leave the header's line."""
    if any(ord(sign) < 33 for sign in address) or "#" in address:
        return False
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK))


def _client(accounts: Accounts, fields: Fields) -> str:
    """The id of the client that sends this. Raises Refusal: 422 with all that was wrong so far,
    401 for a stranger."""
    client_id = fields.text("client_id", required=True) or ""
    secret = fields.text("client_secret", required=True) or ""
    fields.check()
    known = client(accounts, client_id)
    if known is None or not tokens.same(known["fingerprint"], tokens.fingerprint(secret)):
        raise Refusal(401, "Client authentication failed.")
    return client_id


def _issued(
    accounts: Accounts, kind: str, token: str, client_id: str
) -> tuple[LiveWebinarAccount | None, Row | None]:
    """Whose it is and its row, where it was issued to that very client."""
    for account in accounts.values():
        row = tokens.find(account, kind, token)
        if row and row["client_id"] == client_id:
            return account, row
    return None, None


def _new_pair(account: LiveWebinarAccount, row: Row, client_id: str) -> dict[str, Any]:
    tokens.spend(account, row)
    pair = account.token_pair(client_id)
    return {"accessToken": pair} if account.wraps_tokens else pair
