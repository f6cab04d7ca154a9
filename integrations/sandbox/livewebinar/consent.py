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
from integrations.sandbox.livewebinar import door

PATH = "/auth/oauth2/authorize"
_PLAIN_HOST = re.compile(r"[A-Za-z0-9.:\[\]-]+")


class NotAsked(Exception):
    """The request names no application that could be let in; nobody is redirected anywhere."""


@dataclass(frozen=True)
class Wish:
    """Which application asks, and where its user goes back to."""

    client_id: str
    name: str
    redirect_uri: str
    state: str | None


def answer(accounts: door.Accounts, call: Call) -> Response:
    try:
        wish = _wish(accounts, dict(call.fields if call.method == "POST" else call.query))
    except NotAsked as problem:
        body = Markup("<p class='lead'>{}</p>").format(problem)
        return page("This application cannot be let in", body, status=400)
    return _decided(accounts, wish, call.fields) if call.method == "POST" else _ask(accounts, wish)


def _wish(accounts: door.Accounts, sent: dict[str, str]) -> Wish:
    """A registered application comes back to its registered address alone."""
    client_id, redirect = sent.get("client_id", ""), sent.get("redirect_uri", "")
    known = door.client(accounts, client_id)
    if known is None:
        raise NotAsked("No application has this client_id.")
    if not door.redirect_allowed(redirect):
        raise NotAsked("The redirect_uri must be an HTTPS address.")
    if known["redirect_uri"] not in ("", redirect):
        raise NotAsked("The redirect_uri is not the one that the application was registered with.")
    if sent.get("response_type") != "code":
        raise NotAsked("The response_type must be code.")
    return Wish(client_id, known["name"], redirect, sent.get("state"))


def _ask(accounts: door.Accounts, wish: Wish) -> Response:
    kept = {
        "client_id": wish.client_id,
        "redirect_uri": wish.redirect_uri,
        "response_type": "code",
        **({"state": wish.state} if wish.state is not None else {}),
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
    ).format(wish.name, PATH, hidden, _choices(accounts, wish), urlsplit(wish.redirect_uri).netloc)
    shown = page("Let an application in?", body)
    # Browsers hold `form-action` against the redirect that answers the form, too.
    policy = HEADERS["Content-Security-Policy"]
    allowed = f"form-action 'self' {origin(wish.redirect_uri)}"
    shown.headers["Content-Security-Policy"] = policy.replace("form-action 'self'", allowed)
    return shown


def _choices(accounts: door.Accounts, wish: Wish) -> Markup:
    """All accounts, since the sandbox knows no sign-in; the application's own one first."""
    own = [one.label for one in accounts.values() if one.credentials["client_id"] == wish.client_id]
    labels = [*own, *(label for label in accounts if label not in own)]
    return Markup("").join(Markup("<option>{}</option>").format(label) for label in labels)


def _decided(accounts: door.Accounts, wish: Wish, fields: Pairs) -> Response:
    chosen = dict(fields)
    account = accounts.get(chosen.get("account", ""))
    if chosen.get("decision") != "allow" or account is None:
        return _back(wish, error="access_denied")
    return _back(wish, code=account.grant_code(wish.client_id, wish.redirect_uri))


def _back(wish: Wish, **parameters: str) -> Response:
    if wish.state is not None:
        parameters["state"] = wish.state
    joint = "&" if urlsplit(wish.redirect_uri).query else "?"
    place = f"{wish.redirect_uri}{joint}{urlencode(parameters)}"
    return Response(status=302, headers={"Location": place, "Cache-Control": "no-store"})


def origin(address: str) -> str:
    """Scheme and host for a page's policy; nothing for a host that could break it."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}" if _PLAIN_HOST.fullmatch(host) else ""
