"""Tokens: the token endpoint, and the page where a browser's user lets an application in.

Sources: [document, Authorization | Generate Token], which points at bshaffer's OAuth2 server.
Bodies are JSON or a form, and a client may name itself by HTTP Basic (both seen in public
clients). The address of the page, `/oauth2/v1/authorize`, is not in the document: a guess after
bshaffer's naming.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from typing import Any

from werkzeug.wrappers import Response

from integrations.sandbox.call import Call
from integrations.sandbox.forms import nest
from integrations.sandbox.platform import json_answer
from integrations.sandbox.store import Row
from integrations.sandbox.trueconf.account import ACCESS, CODE, REFRESH, TrueConfAccount
from integrations.sandbox.trueconf.account_people import secret_hash
from integrations.sandbox.trueconf.refusal import Refusal, bad, detail

Accounts = dict[str, TrueConfAccount]
Form = dict[str, Any]
# The application that every server has built in for its own users.
BUILT_IN = "trueconf_server_users"
OAUTH_NAMES = {
    "invalidRequest": "invalid_request",
    "invalidCredentials": "invalid_grant",
    "userIsBanned": "access_denied",
}
STORED_NOWHERE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def read_form(call: Call) -> Form:
    """The body as an object, whatever it is called: curl sends JSON under a form's type."""
    text = call.body.strip()
    if text[:1] in (b"{", b"["):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            raise bad("invalidRequest", "The body is not valid JSON.") from None
        if not isinstance(found, dict):
            raise bad("invalidRequest", "A JSON object is expected.")
        return found
    return nest(call.fields)


def same(one: str, other: str) -> bool:
    """Whether two secrets are the same; takes as long for any two."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def account_asking(accounts: Accounts, call: Call) -> TrueConfAccount | None:
    """The server that a token request is about: by client, user, code or refresh token."""
    try:
        form = _credentials(call)
    except Refusal:
        return None
    for account in accounts.values():
        if form.get("client_id") and form["client_id"] == account.credentials.get("client_id"):
            return account
        if _token_of(account, form) or _user(account, form):
            return account
    return None


def token(accounts: Accounts, call: Call) -> Response:
    """Generate Token [Authorization]."""
    account = account_asking(accounts, call)
    try:
        form = _credentials(call)
        grant = GRANTS.get(form.get("grant_type", ""))
        if grant is None:
            raise bad("invalidRequest", "Invalid request.", "grant_type")
        if account is None:
            raise _wrong_credentials()
        return grant(account, form)
    except Refusal as refusal:
        return _refused(account.refusal_style if account else "envelope", refusal)


def _by_client(account: TrueConfAccount, form: Form) -> Response:
    _need(form, "client_id", "client_secret")
    _check_client(account, form)
    return _issued(account, form, "", renewable=False)


def _by_password(account: TrueConfAccount, form: Form) -> Response:
    _need(form, "client_id", "username", "password")
    if form["client_id"] != BUILT_IN:
        _check_client(account, form, secret_needed=False)
    user = _user(account, form)
    if user is None:
        raise _wrong_credentials()
    _check_active(user)
    return _issued(account, form, user["login_name"])


def _by_code(account: TrueConfAccount, form: Form) -> Response:
    """A code opens once, for the application that it was made for."""
    _need(form, "code")
    row = account.token(CODE, form["code"])
    if row is not None:
        account.store.remove("tokens", row["id"])
    if row is None or not account.is_good(row):
        raise _wrong_credentials()
    _check_client(account, form, secret_needed=False)
    if form.get("redirect_uri", row["redirect_uri"]) != row["redirect_uri"]:
        raise bad("invalidRequest", "Invalid request.", "redirect_uri")
    return _issued(account, form, row["login"])


def _by_refresh_token(account: TrueConfAccount, form: Form) -> Response:
    """A refresh token is spent by its use."""
    _need(form, "refresh_token")
    row = account.token(REFRESH, form["refresh_token"])
    if row is None or not account.is_good(row):
        raise _wrong_credentials()
    _check_client(account, form, secret_needed=False)
    account.store.remove("tokens", row["id"])
    return _issued(account, form, row["login"])


GRANTS = {
    "client_credentials": _by_client,
    "password": _by_password,
    "authorization_code": _by_code,
    "refresh_token": _by_refresh_token,
}


def _issued(
    account: TrueConfAccount, form: Form, login: str, *, renewable: bool = True
) -> Response:
    """The server alone has no user and gets no refresh token: it can ask again at any time."""
    granted = _scope(account, form)
    about = {"login": login, "scope": granted, "application": not renewable}
    answer = {
        "access_token": account.issue(ACCESS, account.token_seconds, **about),
        "expires_in": account.token_seconds,
        "token_type": "Bearer",
        "scope": " ".join(granted),
    }
    if renewable:
        answer["refresh_token"] = account.issue(REFRESH, account.refresh_seconds, **about)
    return json_answer(answer, headers=STORED_NOWHERE)


def _scope(account: TrueConfAccount, form: Form) -> list[str]:
    wanted = form.get("scope", "").split()
    if set(wanted) - set(account.scopes):
        raise bad("invalidRequest", "An unsupported scope was requested.", "scope")
    return wanted or list(account.scopes)


def _credentials(call: Call) -> Form:
    """What was sent, as texts, with the client out of HTTP Basic."""
    if call.problem:
        raise Refusal(call.problem_status, detail("invalidRequest", call.problem))
    form = {name: value for name, value in read_form(call).items() if isinstance(value, str)}
    scheme, _, encoded = call.header("authorization").partition(" ")
    if scheme.lower() == "basic":
        try:
            text = base64.b64decode(encoded, validate=True).decode()
        except (binascii.Error, ValueError):
            return form
        form["client_id"], _, form["client_secret"] = text.partition(":")
    return form


def _token_of(account: TrueConfAccount, form: Form) -> Row | None:
    return account.token(CODE, form.get("code", "")) or account.token(
        REFRESH, form.get("refresh_token", "")
    )


def _user(account: TrueConfAccount, form: Form) -> Row | None:
    user = account.user(form.get("username", ""))
    password = form.get("password", "")
    if user and password and same(user["password"], secret_hash(password)):
        return user
    return None


def _check_client(account: TrueConfAccount, form: Form, *, secret_needed: bool = True) -> None:
    """A client that names itself must be the account's own; with the right secret, if any."""
    own = account.credentials
    for name, needed in (("client_id", secret_needed), ("client_secret", secret_needed)):
        if (needed or name in form) and not same(form.get(name, ""), own.get(name, "")):
            raise _wrong_credentials()


def _check_active(user: Row) -> None:
    if not user["is_active"]:
        raise Refusal(403, detail("userIsBanned", "User is banned."))


def _need(form: Form, *names: str) -> None:
    for name in names:
        if not form.get(name):
            raise bad("invalidRequest", "Invalid request.", name)


def _wrong_credentials() -> Refusal:
    return Refusal(401, detail("invalidCredentials", "Invalid credentials."))


def _refused(style: str, refusal: Refusal) -> Response:
    """In one of the three shapes that are seen."""
    first = refusal.errors[0]
    if style == "reason":
        reason = first["reason"]
        # With a capital letter, as the vendor's bot reads it.
        return json_answer({"reason": reason[:1].upper() + reason[1:]}, status=refusal.status)
    if style == "oauth":
        name = OAUTH_NAMES.get(first["reason"], "invalid_request")
        said = {"error": name, "error_description": first["message"]}
        return json_answer(said, status=refusal.status)
    return refusal.answer()
