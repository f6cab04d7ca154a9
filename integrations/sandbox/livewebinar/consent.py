"""The page on which a user lets an application in: `/auth/oauth2/authorize`, for browsers.

The document: "open a popup or redirect them to this page"; afterwards the browser is sent to the
redirect address "with parameters: code and state (with your value if passed)".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from markupsafe import Markup
from werkzeug.wrappers import Response

from integrations.sandbox.call import Call
from integrations.sandbox.forms import Pairs
from integrations.sandbox.layout import HEADERS, page
from integrations.sandbox.livewebinar import login

PATH = "/auth/oauth2/authorize"
_PLAIN_HOST = re.compile(r"[A-Za-z0-9.:\[\]-]+")


class NotAsked(Exception):
    """The request names no application that could be let in; nobody is redirected anywhere."""


@dataclass(frozen=True)
class Application:
    """Which application asks, and where its user goes back to."""

    client_id: str
    name: str
    redirect_uri: str
    state: str | None


def answer(accounts: login.Accounts, call: Call) -> Response:
    try:
        asking = _application(accounts, dict(call.fields if call.method == "POST" else call.query))
    except NotAsked as problem:
        body = Markup("<p class='lead'>{}</p>").format(problem)
        return page("This application cannot be let in", body, status=400)
    if call.method == "POST":
        return _decided(accounts, asking, call.fields)
    return _question(accounts, asking)


def _application(accounts: login.Accounts, sent: dict[str, str]) -> Application:
    """A registered application comes back to its registered address alone."""
    client_id, redirect = sent.get("client_id", ""), sent.get("redirect_uri", "")
    known = login.client(accounts, client_id)
    if known is None:
        raise NotAsked("No application has this client_id.")
    if not login.redirect_allowed(redirect):
        raise NotAsked("The redirect_uri must be an HTTPS address.")
    if known["redirect_uri"] not in ("", redirect):
        raise NotAsked("The redirect_uri is not the one that the application was registered with.")
    if sent.get("response_type") != "code":
        raise NotAsked("The response_type must be code.")
    return Application(client_id, known["name"], redirect, sent.get("state"))


def _question(accounts: login.Accounts, asking: Application) -> Response:
    kept = {
        "client_id": asking.client_id,
        "redirect_uri": asking.redirect_uri,
        "response_type": "code",
        **({"state": asking.state} if asking.state is not None else {}),
    }
    hidden = Markup("").join(
        Markup("<input type='hidden' name='{}' value='{}'>").format(*pair) for pair in kept.items()
    )
    body = Markup(
        "<p class='lead'><strong>{}</strong> asks to use a LiveWebinar account in your name.</p>"
        "<form method='post' action='/livewebinar{}'>{}<label><span>Account</span>"
        "<select name='account'>{}</select></label>"
        "<button class='strong' name='decision' value='allow'>Allow</button> "
        "<button name='decision' value='deny'>Deny</button></form>"
        "<p class='quiet'>You will be sent back to {}.</p>"
    ).format(
        asking.name, PATH, hidden, _choices(accounts, asking), urlsplit(asking.redirect_uri).netloc
    )
    shown = page("Let an application in?", body)
    # Browsers hold `form-action` against the redirect that answers the form, too.
    policy = HEADERS["Content-Security-Policy"]
    allowed = f"form-action 'self' {origin(asking.redirect_uri)}"
    shown.headers["Content-Security-Policy"] = policy.replace("form-action 'self'", allowed)
    return shown


def _choices(accounts: login.Accounts, asking: Application) -> Markup:
    """All accounts, since the sandbox knows no sign-in; the application's own one first."""
    own = [
        one.label for one in accounts.values() if one.credentials["client_id"] == asking.client_id
    ]
    labels = [*own, *(label for label in accounts if label not in own)]
    return Markup("").join(Markup("<option>{}</option>").format(label) for label in labels)


def _decided(accounts: login.Accounts, asking: Application, fields: Pairs) -> Response:
    chosen = dict(fields)
    account = accounts.get(chosen.get("account", ""))
    if chosen.get("decision") != "allow" or account is None:
        return _back(asking, error="access_denied")
    return _back(asking, code=account.grant_code(asking.client_id, asking.redirect_uri))


def _back(asking: Application, **parameters: str) -> Response:
    if asking.state is not None:
        parameters["state"] = asking.state
    joint = "&" if urlsplit(asking.redirect_uri).query else "?"
    place = f"{asking.redirect_uri}{joint}{urlencode(parameters)}"
    return Response(status=302, headers={"Location": place, "Cache-Control": "no-store"})


def origin(address: str) -> str:
    """Scheme and host for a page's policy; nothing for a host that could break it."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}" if _PLAIN_HOST.fullmatch(host) else ""
