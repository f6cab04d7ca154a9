"""The page on which a user of the server lets an application in (authorization code).

It stands at `/oauth2/v1/authorize` and takes `response_type=code`, `client_id`, `redirect_uri`
and `state`; after the answer the browser goes back to the application with `code` and `state`,
or with `error`. Source: the names of bshaffer's OAuth2 server, at which the document points.
"""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from markupsafe import Markup
from werkzeug.wrappers import Response

from integrations.sandbox.call import Call
from integrations.sandbox.layout import HEADERS, page
from integrations.sandbox.trueconf.account import CODE, TrueConfAccount
from integrations.sandbox.trueconf.account_people import secret_hash
from integrations.sandbox.trueconf.oauth import Accounts

CARRIED = ("response_type", "client_id", "redirect_uri", "state", "scope")


def answer(accounts: Accounts, call: Call) -> Response:
    """The consent page, and what it sends back to the application."""
    asked = dict(call.query)
    account = _account(accounts, asked.get("client_id", ""))
    back = asked.get("redirect_uri", "")
    if account is None or asked.get("response_type") != "code" or not _is_address(back):
        return _page("This application is not known here, or its request is not complete.", 400)
    if call.method != "POST":
        return _form(account, asked)
    return _decided(account, asked, dict(call.fields))


def _decided(account: TrueConfAccount, asked: dict[str, str], form: dict[str, str]) -> Response:
    if "deny" in form:
        return _return(asked, error="access_denied")
    user = account.user(form.get("username", ""))
    if user is None or user["password"] != secret_hash(form.get("password", "")):
        return _form(account, asked, "The name or the password is not right.")
    if not user["is_active"]:
        return _form(account, asked, "This user is banned.")
    code = account.issue(
        CODE,
        account.code_seconds,
        login=user["login_name"],
        redirect_uri=asked["redirect_uri"],
    )
    return _return(asked, code=code)


def _return(asked: dict[str, str], **said: str) -> Response:
    if asked.get("state"):
        said["state"] = asked["state"]
    back = asked["redirect_uri"]
    joined = f"{back}{'&' if '?' in back else '?'}{urlencode(said)}"
    return Response(status=303, headers={"Location": joined})


def _form(account: TrueConfAccount, asked: dict[str, str], note: str = "") -> Response:
    """The demo's own name and password stand in the fields: nothing here is secret."""
    sent_on = {name: asked[name] for name in CARRIED if name in asked}
    body = Markup(
        "<p class='lead'><strong>{}</strong> asks to work on {} in your name.</p>"
        "<p role='alert'>{}</p><form method='post' action='?{}'>"
        "<label><span>User name</span><input name='username' value='{}'></label>"
        "<label><span>Password</span><input type='password' name='password' value='{}'></label>"
        "<button class='strong' name='allow' value='1'>Allow</button>"
        "<button name='deny' value='1'>Deny</button></form>"
    ).format(
        asked["client_id"],
        account.server_name,
        note,
        urlencode(sent_on),
        account.administrator,
        account.credentials.get("password", ""),
    )
    shown = page("Sign in to TrueConf Server", body, status=403 if note else 200)
    # Browsers hold a form's redirect against form-action: the way back must be named.
    back = urlsplit(asked["redirect_uri"])
    allowed = f"form-action 'self' {back.scheme}://{back.netloc}"
    policy = HEADERS["Content-Security-Policy"].replace("form-action 'self'", allowed)
    shown.headers["Content-Security-Policy"] = policy
    return shown


def _page(sentence: str, status: int) -> Response:
    body = Markup("<p class='lead'>{}</p>").format(sentence)
    return page("Sign in to TrueConf Server", body, status=status)


def _account(accounts: Accounts, client_id: str) -> TrueConfAccount | None:
    for account in accounts.values():
        if client_id and account.credentials.get("client_id") == client_id:
            return account
    return None


def _is_address(text: str) -> bool:
    """An http address without anything that could break out of a header."""
    if not text.isascii() or not text.isprintable() or any(sign in text for sign in " ;,'\"<>"):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)
